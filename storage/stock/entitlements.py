"""What each warehouse needs of each ballot class: entered by hand, or from the voters of its polling stations."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from fractions import Fraction

import sqlalchemy as sa

from storage.database import Database
from storage.ledger.journal import Draft, Entry, check_site, once, post
from storage.people.person import Person
from storage.people.right import right
from storage.rules.entitlement import RESERVE, check_sheets
from storage.rules.movement import EventKind
from storage.rules.quantity import checked_sheets
from storage.rules.refusal import Refusal
from storage.rules.rights import Act
from storage.schema.stock import ballot_class, election
from storage.stock.classes import BallotClass, BallotType, Purpose, class_of, enter_class, find_class


@dataclass(frozen=True)
class Electorate:
    """Whom the sheets are for: registered voters, their polling stations, and the reserve's rate."""

    voters: int
    stations: int
    rate: Fraction = RESERVE


@dataclass(frozen=True)
class Need:
    """Sheets of a class; electorate: None where the need does not follow from voters, as with re-vote sheets."""

    class_id: int
    sheets: int
    electorate: Electorate | None = None


@right(Act.BOOK)
def enter_need(
    database: Database,
    site_id: int,
    *,
    election: str,
    type_: BallotType,
    district: str,
    purpose: Purpose,
    sheets: int,
    by: Person,
    now: datetime,
    key: str,
) -> BallotClass:
    """Enters what a warehouse needs of a class, and the class with it where it is new; the class.

    Raises Refusal for an empty election, no number of sheets, or an unknown warehouse; nothing is entered then.
    """
    election, district = election.strip(), district.strip()
    classes: list[BallotClass] = []

    def write(connection: sa.Connection) -> int:
        ballot = find_class(connection, election, type_, district, purpose) or enter_class(connection, election, type_, district, purpose)
        classes.append(ballot)
        return enter_needs(connection, site_id, [Need(ballot.id, sheets)], Entry(by, now, now, key))

    once(database, key, write)
    if not classes:  # the form had been sent before
        with database.read() as connection:
            classes += [find_class(connection, election, type_, district, purpose) or BallotClass(0, election, type_, district, purpose)]
    return classes[-1]


@right(Act.BOOK)
def set_entitlement(
    database: Database,
    site_id: int,
    class_id: int,
    sheets: int,
    *,
    electorate: Electorate | None = None,
    by: Person,
    now: datetime,
    key: str,
) -> int:
    """Enters the need of a warehouse for a class, in sheets, which takes the place of an earlier one; the event's id.

    electorate: None where the need does not follow from voters, as with re-vote sheets.

    Raises Refusal for no number of sheets, an unknown warehouse or class, or a figure the electorate makes impossible.
    """
    entry = Entry(by, now, now, key)
    return once(database, key, lambda connection: enter_needs(connection, site_id, [Need(class_id, sheets, electorate)], entry))


@right(Act.BOOK)
def enter_needs(connection: sa.Connection, site_id: int, needs: Sequence[Need], entry: Entry) -> int:
    """As set_entitlement for several classes, within a transaction."""
    check_site(connection, site_id)
    if not needs or len({need.class_id for need in needs}) < len(needs):
        raise Refusal("Each ballot class is needed once.")
    rows = []
    for need in needs:
        checked_sheets(need.sheets)
        class_of(connection, need.class_id)
        row: dict[str, object] = {"class_id": need.class_id, "sheets": need.sheets}
        if need.electorate is not None:
            people = need.electorate
            _check_reserve(connection, need.class_id, people.rate)
            check_sheets(need.sheets, people.voters, people.stations, people.rate)
            row |= {"voters": people.voters, "stations": people.stations}
            row |= {"reserve_num": people.rate.numerator, "reserve_den": people.rate.denominator}
        rows.append(row)
    return post(connection, Draft(EventKind.NEED, site_id, entry, facts={"need_line": rows}))


def _check_reserve(connection: sa.Connection, class_id: int, rate: Fraction) -> None:
    query = sa.select(election).join(ballot_class, ballot_class.c.election == election.c.name).where(ballot_class.c.id == class_id)
    known = connection.execute(query).one()
    if Fraction(known.reserve_num, known.reserve_den) != rate:
        raise Refusal(
            "The reserve of {election} is {known} of the voters, not {rate}.",
            election=known.name,
            known=f"{known.reserve_num}/{known.reserve_den}",
            rate=f"{rate.numerator}/{rate.denominator}",
        )
