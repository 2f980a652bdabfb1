"""Sorting and folding, and inspections: sheets turn out good or damaged, and what is wrong with the damaged ones."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

import sqlalchemy as sa

from storage.database import Database
from storage.ledger.journal import Draft, Entry, Facts, at, moved, once, post
from storage.ledger.standing import is_reversed
from storage.people.person import Person
from storage.people.right import right
from storage.rules.movement import EventKind, State
from storage.rules.quantity import checked_sheets
from storage.rules.refusal import Refusal
from storage.rules.rights import Act
from storage.schema.ledger import movement, stock_event
from storage.schema.places import person
from storage.schema.stock import sorting_run
from storage.stock.classes import class_of
from storage.stock.containers import check_not_sealed


class Criterion(StrEnum):
    """Why a ballot is damaged."""

    UNCLEAR = "unclear"
    DISCOLOURED = "discoloured"
    STAINED = "stained"
    TORN = "torn"
    CREASED = "creased"
    MISCUT = "miscut"
    HOLED = "holed"
    INCOMPLETE = "incomplete"


Criteria = Mapping[Criterion, int]


@dataclass(frozen=True)
class Sorting:
    """The result of sorting some sheets of one class. person: the name of who entered it; reversed: it no longer counts.

    team: who sorted; empty where it was not said.
    """

    event_id: int
    happened_at: datetime
    class_id: int
    good: int
    damaged: int
    person: str
    reversed: bool
    team: str


@right(Act.BOOK)
def sort_ballots(
    database: Database,
    site_id: int,
    class_id: int,
    *,
    good: int,
    damaged: int,
    by: Person,
    now: datetime,
    happened_at: datetime,
    key: str,
    second: Person | None = None,
    reason: str = "",
) -> int:
    """Books what sorting found among the unsorted sheets. The event's id.

    Raises Refusal for an unknown class, figures that are no numbers of sheets, or more sheets than are unsorted.
    """
    entry = Entry(by, now, happened_at, key, second, reason)
    return once(database, key, lambda connection: enter_sorting(connection, site_id, class_id, good=good, damaged=damaged, entry=entry))


@right(Act.BOOK)
def enter_sorting(
    connection: sa.Connection,
    site_id: int,
    class_id: int,
    *,
    good: int,
    damaged: int,
    entry: Entry,
    criteria: Criteria | None = None,
    team: str = "",
) -> int:
    """As sort_ballots, within a transaction. criteria: what is wrong with the damaged sheets, all of them or not said at all."""
    checked_sheets(good)
    checked_sheets(damaged)
    class_of(connection, class_id)
    if good == damaged == 0:
        raise Refusal("Enter how many sheets were good or damaged.")
    source = at(site_id, State.UNSORTED)
    movements = moved(class_id, good, source, at(site_id, State.GOOD)) + moved(class_id, damaged, source, at(site_id, State.DAMAGED))
    facts: Facts = {"sorting_run": [{"team": team.strip()}], "damage_line": _damage(class_id, damaged, criteria)}
    return post(connection, Draft(EventKind.SORTING, site_id, entry, movements, facts))


@right(Act.BOOK)
def enter_inspection(
    connection: sa.Connection,
    site_id: int,
    class_id: int,
    *,
    source: State,
    criteria: Criteria,
    entry: Entry,
    container_id: int | None = None,
) -> int:
    """Books sheets that an inspection found damaged among those in a state; by criterion, each counted once. The event's id.

    Raises Refusal where nothing was found, for an unknown class, a sealed container, or more sheets than are there; ValueError for a
    state that is not inspected (unsorted, good and surplus sheets are).
    """
    class_of(connection, class_id)
    damaged = sum(checked_sheets(sheets) for sheets in criteria.values())
    if damaged == 0:
        raise Refusal("Enter how many sheets are damaged, and how.")
    if container_id is not None:
        check_not_sealed(connection, container_id)
    movements = moved(class_id, damaged, at(site_id, source, container_id), at(site_id, State.DAMAGED, container_id))
    facts = {"damage_line": _damage(class_id, damaged, criteria)}
    return post(connection, Draft(EventKind.INSPECTION, site_id, entry, movements, facts))


def _damage(class_id: int, damaged: int, criteria: Criteria | None) -> list[dict[str, object]]:
    found = {criterion: checked_sheets(sheets) for criterion, sheets in (criteria or {}).items() if sheets}
    if found and sum(found.values()) != damaged:
        raise Refusal(
            "{sum} sheets are named by what is wrong with them, but {damaged} are damaged.", sum=sum(found.values()), damaged=damaged
        )
    return [{"class_id": class_id, "criterion": criterion.value, "sheets": sheets} for criterion, sheets in found.items()]


@right(Act.SEE_STOCK)
def list_sortings(database: Database, site_id: int, limit: int = 200) -> list[Sorting]:
    """The newest sortings of a warehouse, newest first, reversed ones among them."""
    event = stock_event

    def sheets(state: State) -> sa.ColumnElement[int]:
        return sa.func.sum(sa.case((movement.c.to_state == state.value, movement.c.quantity), else_=0)).label(state.value)

    newest = (
        sa.select(event.c.id, event.c.happened_at, event.c.person_id)
        .where(event.c.site_id == site_id, event.c.kind == EventKind.SORTING.value)
        .order_by(event.c.happened_at.desc(), event.c.id.desc())
        .limit(limit)
        .subquery()
    )
    keys = (newest.c.id, newest.c.happened_at, movement.c.class_id, person.c.name, sorting_run.c.team)
    query = (
        sa.select(*keys, sheets(State.GOOD), sheets(State.DAMAGED), is_reversed(newest.c.id).label("reversed"))
        .join(movement, movement.c.event_id == newest.c.id)
        .join(person, person.c.id == newest.c.person_id)
        .join(sorting_run, sorting_run.c.event_id == newest.c.id, isouter=True)
        .group_by(*keys)
        .order_by(newest.c.happened_at.desc(), newest.c.id.desc())
    )
    with database.read() as connection:
        rows = connection.execute(query).all()
    return [
        Sorting(row.id, row.happened_at, row.class_id, int(row.good), int(row.damaged), row.name, bool(row.reversed), row.team or "")
        for row in rows
    ]
