"""The one place where the books are written: events, their postings, and the balances that follow from them."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

import sqlalchemy as sa

from storage.database import Database
from storage.people import Person
from storage.rules.posting import Posting, State, check_postings
from storage.rules.refusal import Refusal
from storage.schema.places import site
from storage.schema.stock import balance, count_acceptance, posting, stock_count, stock_event
from storage.stock.classes import class_of


class EventKind(StrEnum):
    """What an event of the books says. Requests and counts say something without moving sheets."""

    DELIVERY = "delivery"
    SORTING = "sorting"
    REPRINT_REQUEST = "reprint_request"
    REPRINT_RECEIPT = "reprint_receipt"
    COUNT = "count"
    COUNT_ACCEPTANCE = "count_acceptance"
    REVERSAL = "reversal"


@dataclass(frozen=True)
class Entry:
    """Who enters something (by), when it was entered (now) and had happened, and the idempotency key of the form."""

    by: Person
    now: datetime
    happened_at: datetime
    key: str


@dataclass(frozen=True)
class Draft:
    """An event that is about to be posted.

    holds_from: the id of the earlier event from which on it holds; None for the usual case, from its own place in the books on.
    """

    kind: EventKind
    site_id: int
    entry: Entry
    postings: tuple[Posting, ...] = ()
    reason: str = ""
    reverses_id: int | None = None
    holds_from: int | None = None


def once(database: Database, key: str, write: Callable[[sa.Connection], int]) -> int:
    """Writes an event in a transaction of its own, unless its idempotency key has been used: then nothing, and the first event's id.

    A double click, a retry and two windows racing with one form all end as one event. Raises what `write` raises.
    """
    if not key:
        raise ValueError("an event needs an idempotency key")
    try:
        with database.write() as connection:
            first = _event_with_key(connection, key)
            return write(connection) if first is None else first
    except sa.exc.IntegrityError:
        # Another process may have written the same key between our look and our write.
        with database.read() as connection:
            first = _event_with_key(connection, key)
        if first is None:
            raise
        return first


def post(connection: sa.Connection, draft: Draft) -> int:
    """Writes an event with its postings and moves the balances, all in the caller's transaction; the event's id.

    Raises Refusal for an unknown warehouse, an instant in the future, or where a physical balance would become negative; ValueError
    where the postings break double entry.
    """
    check_postings(draft.postings)
    check_site(connection, draft.site_id)
    entry = draft.entry
    if entry.happened_at > entry.now:
        raise Refusal("This cannot have happened in the future. Check the date and time.")
    if draft.holds_from is None:
        check_not_counted_since(connection, draft.site_id, {line.class_id for line in draft.postings}, happened_at=entry.happened_at)
    values = {
        "site_id": draft.site_id,
        "kind": draft.kind.value,
        "happened_at": entry.happened_at,
        "recorded_at": entry.now,
        "person_id": entry.by.id,
        "reason": draft.reason,
        "reverses_id": draft.reverses_id,
        "holds_from": draft.holds_from,
        "key": entry.key,
    }
    event_id: int = connection.execute(stock_event.insert().values(values).returning(stock_event.c.id)).scalar_one()
    if draft.postings:
        _move_balances(connection, draft.postings)
        columns = ("site_id", "class_id", "state", "quantity")
        rows = [{"event_id": event_id, **{name: getattr(line, name) for name in columns}} for line in draft.postings]
        connection.execute(posting.insert(), rows)
    return event_id


def drafted(site_id: int, class_id: int, changes: dict[State, int]) -> tuple[Posting, ...]:
    """Postings of one class at one site, those of zero sheets left out."""
    return tuple(Posting(site_id, class_id, state, sheets) for state, sheets in changes.items() if sheets)


def check_site(connection: sa.Connection, site_id: int) -> None:
    """Raises Refusal if there is no such warehouse."""
    if connection.scalar(sa.select(site.c.id).where(site.c.id == site_id)) is None:
        raise Refusal("There is no warehouse with the number {number}.", number=site_id)


def reversed_events() -> sa.Select[tuple[int]]:
    """The ids of the events that have been reversed, for use in a query."""
    return sa.select(stock_event.c.reverses_id).where(stock_event.c.reverses_id.is_not(None))


def check_not_counted_since(
    connection: sa.Connection,
    site_id: int,
    class_ids: set[int],
    *,
    happened_at: datetime,
    after_event: int = 0,
    holds_from: int | None = None,
) -> None:
    """An accepted count has already put right what was wrong before it began; what comes late would put it right twice.

    after_event: acceptances up to this event do not matter. holds_from: the place in the books from which on the change holds, if known.

    Raises Refusal, naming the ballots.
    """
    count_event = stock_event.alias()
    before = stock_count.c.began_at > happened_at
    query = (
        sa.select(stock_count.c.class_id)
        .join(count_acceptance, count_acceptance.c.count_id == stock_count.c.event_id)
        .join(count_event, count_event.c.id == stock_count.c.event_id)
        .where(
            count_event.c.site_id == site_id,
            stock_count.c.class_id.in_(class_ids),
            before if holds_from is None else sa.or_(before, stock_count.c.position >= holds_from),
            count_acceptance.c.event_id > after_event,
            count_acceptance.c.event_id.not_in(reversed_events()),
        )
    )
    class_id = connection.scalar(query)
    if class_id is not None:
        raise Refusal(
            "{ballot} has been counted since, and the count accepted. Reverse the acceptance first, or count again.",
            ballot=class_of(connection, class_id).name,
        )


def _move_balances(connection: sa.Connection, lines: Sequence[Posting]) -> None:
    # The row is made first and changed then: CHECK looks at an inserted row before any conflict, so that a decrease could
    # not be written as one upsert.
    places = [{"site_id": line.site_id, "class_id": line.class_id, "state": line.state.value} for line in lines]
    connection.execute(_BALANCE_ROW, places)
    for line in lines:
        place = (balance.c.site_id == line.site_id, balance.c.class_id == line.class_id, balance.c.state == line.state.value)
        have: int = connection.execute(sa.select(balance.c.quantity).where(*place).with_for_update()).scalar_one()
        if line.state.physical and have + line.quantity < 0:
            raise Refusal(
                "Only {have} sheets of {ballot} are {state}; {wanted} are needed.",
                have=have,
                ballot=class_of(connection, line.class_id).name,
                state=line.state.value,
                wanted=-line.quantity,
            )
        connection.execute(balance.update().where(*place).values(quantity=have + line.quantity))


_BALANCE_ROW = sa.text(
    "INSERT INTO balance (site_id, class_id, state, quantity) VALUES (:site_id, :class_id, :state, 0) "
    "ON CONFLICT (site_id, class_id, state) DO NOTHING"
)


def _event_with_key(connection: sa.Connection, key: str) -> int | None:
    return connection.scalar(sa.select(stock_event.c.id).where(stock_event.c.key == key))
