"""The ballot classes: what may never be exchanged for another."""

from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from fractions import Fraction

import sqlalchemy as sa

from storage.database import Database
from storage.people.right import right
from storage.rules.entitlement import RESERVE
from storage.rules.refusal import Refusal
from storage.rules.rights import Act
from storage.schema.stock import ballot_class, election


class BallotType(StrEnum):
    """Who is elected with the ballot."""

    PPWP = "ppwp"
    DPR = "dpr"
    DPD = "dpd"
    DPRD_PROVINSI = "dprd_provinsi"
    DPRD_KABKO = "dprd_kabko"
    GUBERNUR = "gubernur"
    BUPATI_WALIKOTA = "bupati_walikota"

    @property
    def label(self) -> str:
        """As it is printed on cartons and minutes."""
        return _LABELS.get(self.value, self.value.upper())


_LABELS = {
    "dprd_provinsi": "DPRD Provinsi",
    "dprd_kabko": "DPRD Kab/Kota",
    "gubernur": "Gubernur",
    "bupati_walikota": "Bupati/Walikota",
}


class Purpose(StrEnum):
    """regular: for election day; re_vote: marked PSU, for a repeated vote, kept apart."""

    REGULAR = "regular"
    RE_VOTE = "re_vote"


@dataclass(frozen=True)
class BallotClass:
    """One kind of ballot: election x type x electoral district x purpose. district is empty where the whole country is one."""

    id: int
    election: str
    type: BallotType
    district: str
    purpose: Purpose

    @property
    def name(self) -> str:
        """For people: "DPR DKI JAKARTA II", "PPWP (PSU)"."""
        parts = [self.type.label, self.district, "(PSU)" if self.purpose is Purpose.RE_VOTE else ""]
        return " ".join(part for part in parts if part)


@right(Act.SET_UP_GOODS)
def add_class(database: Database, election: str, type_: BallotType, district: str, purpose: Purpose) -> BallotClass:
    """Enters a ballot class. Raises Refusal for an empty election or a class that exists."""
    with database.write() as connection:
        return enter_class(connection, election, type_, district, purpose)


def enter_class(connection: sa.Connection, name: str, type_: BallotType, district: str, purpose: Purpose) -> BallotClass:
    """As add_class, within a transaction. An election that is not known is entered with the reserve of 2 %."""
    name, district = name.strip(), district.strip()
    if not name:
        raise Refusal("Enter the election's name.")
    if existing := find_class(connection, name, type_, district, purpose):
        raise Refusal("There is a ballot class {ballot} already.", ballot=existing.name)
    if connection.scalar(sa.select(election.c.name).where(election.c.name == name)) is None:
        enter_election(connection, name)
    values = {"election": name, "type": type_.value, "district": district, "purpose": purpose.value}
    row = connection.execute(ballot_class.insert().values(values).returning(ballot_class.c.id))
    return BallotClass(row.scalar_one(), name, type_, district, purpose)


def enter_election(connection: sa.Connection, name: str, reserve: Fraction = RESERVE, polling_day: date | None = None) -> None:
    """Enters an election. reserve: the part of each station's voters that is printed besides, 1/50 or 1/40.

    Raises Refusal for an empty name, one that is known with another reserve, or a reserve that is no part.
    """
    name = name.strip()
    if not name:
        raise Refusal("Enter the election's name.")
    if not 0 <= reserve <= 1:
        raise Refusal("The reserve is a part of the voters, such as 2 %, not {reserve}.", reserve=reserve)
    known = connection.execute(sa.select(election).where(election.c.name == name)).one_or_none()
    if known is None:
        day = None if polling_day is None else polling_day.isoformat()
        values = {"name": name, "reserve_num": reserve.numerator, "reserve_den": reserve.denominator, "polling_day": day}
        connection.execute(election.insert().values(values))
    elif Fraction(known.reserve_num, known.reserve_den) != reserve:
        raise Refusal("{election} is known with another reserve.", election=name)


def reserve_of(connection: sa.Connection, name: str) -> Fraction:
    """The reserve of an election. Raises Refusal if there is no such election."""
    row = connection.execute(sa.select(election.c.reserve_num, election.c.reserve_den).where(election.c.name == name)).one_or_none()
    if row is None:
        raise Refusal("There is no election named {name}.", name=name)
    return Fraction(row.reserve_num, row.reserve_den)


def find_class(connection: sa.Connection, election: str, type_: BallotType, district: str, purpose: Purpose) -> BallotClass | None:
    """The class with exactly these; None if there is none."""
    values = {"election": election, "type": type_.value, "district": district, "purpose": purpose.value}
    found = connection.scalar(sa.select(ballot_class.c.id).filter_by(**values))
    return None if found is None else BallotClass(found, election, type_, district, purpose)


@right(Act.SEE_STOCK)
def list_classes(database: Database) -> list[BallotClass]:
    """All classes in the order in which they were entered."""
    with database.read() as connection:
        return list_all_classes(connection)


def list_all_classes(connection: sa.Connection) -> list[BallotClass]:
    """As list_classes, within a transaction."""
    return [_ballot_class(row) for row in connection.execute(sa.select(ballot_class).order_by(ballot_class.c.id))]


def class_of(connection: sa.Connection, class_id: int) -> BallotClass:
    """The class with this id. Raises Refusal if there is none."""
    row = connection.execute(sa.select(ballot_class).where(ballot_class.c.id == class_id)).one_or_none()
    if row is None:
        raise Refusal("There is no ballot class with the number {number}.", number=class_id)
    return _ballot_class(row)


def _ballot_class(row: sa.Row[tuple[int, str, str, str, str]]) -> BallotClass:
    return BallotClass(row.id, row.election, BallotType(row.type), row.district, Purpose(row.purpose))
