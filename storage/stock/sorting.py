"""Sorting and folding: unsorted sheets turn out good or damaged."""

from dataclasses import dataclass
from datetime import datetime

import sqlalchemy as sa

from storage.database import Database
from storage.people import Person
from storage.rules.posting import State
from storage.rules.quantity import checked_sheets
from storage.rules.refusal import Refusal
from storage.schema.places import person
from storage.schema.stock import posting, stock_event
from storage.stock.classes import class_of
from storage.stock.journal import Draft, Entry, EventKind, drafted, once, post, reversed_events


@dataclass(frozen=True)
class Sorting:
    """The result of sorting some sheets of one class. person: the name of who entered it; reversed: it no longer counts."""

    event_id: int
    happened_at: datetime
    class_id: int
    good: int
    damaged: int
    person: str
    reversed: bool


def sort_ballots(
    database: Database, site_id: int, class_id: int, *, good: int, damaged: int, by: Person, now: datetime, happened_at: datetime, key: str
) -> int:
    """Books what sorting found among the unsorted sheets. The event's id.

    Raises Refusal for an unknown class, figures that are no numbers of sheets, or more sheets than are unsorted.
    """
    entry = Entry(by, now, happened_at, key)
    return once(database, key, lambda connection: enter_sorting(connection, site_id, class_id, good=good, damaged=damaged, entry=entry))


def enter_sorting(connection: sa.Connection, site_id: int, class_id: int, *, good: int, damaged: int, entry: Entry) -> int:
    """As sort_ballots, within a transaction."""
    checked_sheets(good)
    checked_sheets(damaged)
    class_of(connection, class_id)
    if good == damaged == 0:
        raise Refusal("Enter how many sheets were good or damaged.")
    changes = {State.UNSORTED: -(good + damaged), State.GOOD: good, State.DAMAGED: damaged}
    return post(connection, Draft(EventKind.SORTING, site_id, entry, drafted(site_id, class_id, changes)))


def list_sortings(database: Database, site_id: int, limit: int = 200) -> list[Sorting]:
    """The newest sortings of a warehouse, newest first, reversed ones among them."""
    event = stock_event

    def sheets(state: State) -> sa.ColumnElement[int]:
        return sa.func.sum(sa.case((posting.c.state == state.value, posting.c.quantity), else_=0)).label(state.value)

    newest = (
        sa.select(event.c.id, event.c.happened_at, event.c.person_id)
        .where(event.c.site_id == site_id, event.c.kind == EventKind.SORTING.value)
        .order_by(event.c.happened_at.desc(), event.c.id.desc())
        .limit(limit)
        .subquery()
    )
    query = (
        sa.select(newest.c.id, newest.c.happened_at, posting.c.class_id, sheets(State.GOOD), sheets(State.DAMAGED), person.c.name)
        .add_columns(newest.c.id.in_(reversed_events()).label("reversed"))
        .join(posting, posting.c.event_id == newest.c.id)
        .join(person, person.c.id == newest.c.person_id)
        .group_by(newest.c.id, newest.c.happened_at, posting.c.class_id, person.c.name)
        .order_by(newest.c.happened_at.desc(), newest.c.id.desc())
    )
    with database.read() as connection:
        rows = connection.execute(query).all()
    return [Sorting(row.id, row.happened_at, row.class_id, row.good, row.damaged, row.name, bool(row.reversed)) for row in rows]
