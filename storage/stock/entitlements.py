"""What each warehouse needs of each ballot class."""

from dataclasses import dataclass
from fractions import Fraction

import sqlalchemy as sa

from storage.database import Database
from storage.rules.entitlement import RESERVE, check_sheets
from storage.rules.quantity import checked_sheets
from storage.schema.stock import entitlement
from storage.stock.classes import BallotClass, BallotType, Purpose, class_of, enter_class, find_class
from storage.stock.journal import check_site


@dataclass(frozen=True)
class Electorate:
    """Whom the sheets are for: registered voters, their polling stations, and the reserve's rate."""

    voters: int
    stations: int
    rate: Fraction = RESERVE


def enter_need(
    database: Database, site_id: int, *, election: str, type_: BallotType, district: str, purpose: Purpose, sheets: int
) -> BallotClass:
    """Enters what a warehouse needs of a class, and the class with it where it is new; the class.

    Raises Refusal for an empty election, no number of sheets, or an unknown warehouse; nothing is entered then.
    """
    election, district = election.strip(), district.strip()
    with database.write() as connection:
        ballot = find_class(connection, election, type_, district, purpose) or enter_class(connection, election, type_, district, purpose)
        enter_entitlement(connection, site_id, ballot.id, sheets)
        return ballot


def set_entitlement(database: Database, site_id: int, class_id: int, sheets: int, *, electorate: Electorate | None = None) -> None:
    """Enters or replaces the need of a warehouse for a class, in sheets.

    electorate: None where the need does not follow from voters, as with re-vote sheets.

    Raises Refusal for no number of sheets, an unknown warehouse or class, or a figure the electorate makes impossible.
    """
    with database.write() as connection:
        enter_entitlement(connection, site_id, class_id, sheets, electorate=electorate)


def enter_entitlement(connection: sa.Connection, site_id: int, class_id: int, sheets: int, *, electorate: Electorate | None = None) -> None:
    """As set_entitlement, within a transaction."""
    checked_sheets(sheets)
    check_site(connection, site_id)
    class_of(connection, class_id)
    if electorate is not None:
        check_sheets(sheets, electorate.voters, electorate.stations, electorate.rate)
    place = (entitlement.c.site_id == site_id, entitlement.c.class_id == class_id)
    if connection.execute(entitlement.update().where(*place).values(sheets=sheets)).rowcount == 0:
        connection.execute(entitlement.insert().values(site_id=site_id, class_id=class_id, sheets=sheets))
