"""The ballot classes: what may never be exchanged for another."""

from dataclasses import dataclass
from enum import StrEnum

import sqlalchemy as sa

from storage.database import Database
from storage.rules.refusal import Refusal
from storage.schema.stock import ballot_class


class BallotType(StrEnum):
    """Who is elected with the ballot."""

    PPWP = "ppwp"
    DPR = "dpr"
    DPD = "dpd"
    DPRD_PROVINSI = "dprd_provinsi"
    DPRD_KABKO = "dprd_kabko"

    @property
    def label(self) -> str:
        """As it is printed on cartons and minutes."""
        return {"dprd_provinsi": "DPRD Provinsi", "dprd_kabko": "DPRD Kab/Kota"}.get(self.value, self.value.upper())


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


def add_class(database: Database, election: str, type_: BallotType, district: str, purpose: Purpose) -> BallotClass:
    """Enters a ballot class. Raises Refusal for an empty election or a class that exists."""
    with database.write() as connection:
        return enter_class(connection, election, type_, district, purpose)


def enter_class(connection: sa.Connection, election: str, type_: BallotType, district: str, purpose: Purpose) -> BallotClass:
    """As add_class, within a transaction."""
    election, district = election.strip(), district.strip()
    if not election:
        raise Refusal("Enter the election's name.")
    if existing := find_class(connection, election, type_, district, purpose):
        raise Refusal("There is a ballot class {ballot} already.", ballot=existing.name)
    values = {"election": election, "type": type_.value, "district": district, "purpose": purpose.value}
    row = connection.execute(ballot_class.insert().values(values).returning(ballot_class.c.id))
    return BallotClass(row.scalar_one(), election, type_, district, purpose)


def find_class(connection: sa.Connection, election: str, type_: BallotType, district: str, purpose: Purpose) -> BallotClass | None:
    """The class with exactly these; None if there is none."""
    values = {"election": election, "type": type_.value, "district": district, "purpose": purpose.value}
    found = connection.scalar(sa.select(ballot_class.c.id).filter_by(**values))
    return None if found is None else BallotClass(found, election, type_, district, purpose)


def list_classes(database: Database) -> list[BallotClass]:
    """All classes in the order in which they were entered."""
    with database.read() as connection:
        return [_ballot_class(row) for row in connection.execute(sa.select(ballot_class).order_by(ballot_class.c.id))]


def class_of(connection: sa.Connection, class_id: int) -> BallotClass:
    """The class with this id. Raises Refusal if there is none."""
    row = connection.execute(sa.select(ballot_class).where(ballot_class.c.id == class_id)).one_or_none()
    if row is None:
        raise Refusal("There is no ballot class with the number {number}.", number=class_id)
    return _ballot_class(row)


def _ballot_class(row: sa.Row[tuple[int, str, str, str, str]]) -> BallotClass:
    return BallotClass(row.id, row.election, BallotType(row.type), row.district, Purpose(row.purpose))
