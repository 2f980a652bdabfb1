"""Stock counts: counted without seeing the books, compared with where the books stood when the counting began."""

from dataclasses import dataclass
from datetime import datetime

import sqlalchemy as sa

from storage.database import Database
from storage.people import Person
from storage.rules.posting import PHYSICAL, State
from storage.rules.quantity import checked_sheets
from storage.rules.refusal import Refusal
from storage.schema.places import person
from storage.schema.stock import count_acceptance, posting, stock_count, stock_event
from storage.stock.classes import class_of
from storage.stock.journal import Draft, Entry, EventKind, drafted, once, post, reversed_events


@dataclass(frozen=True)
class Count:
    """One count of one class. counted and variance (counted less books): sheets per physical state.

    person: the counter's name. accepted: the variance has been posted. reversed: the count was withdrawn.
    """

    id: int
    class_id: int
    counted_at: datetime
    person: str
    counted: dict[State, int]
    variance: dict[State, int]
    accepted: bool
    reversed: bool


@dataclass(frozen=True)
class Beginning:
    """Where the books stood when a counting began. position: the newest event's id, 0 before the first."""

    position: int
    at: datetime


def begin_count(database: Database, *, now: datetime) -> Beginning:
    """To be called when the counting begins and kept until it is recorded; nothing is written."""
    with database.read() as connection:
        return Beginning(books_position(connection), now)


def books_position(connection: sa.Connection) -> int:
    """The newest event's id, 0 before the first."""
    return connection.scalar(sa.select(sa.func.max(stock_event.c.id))) or 0


def record_count(
    database: Database,
    site_id: int,
    class_id: int,
    *,
    beginning: Beginning,
    unsorted: int,
    good: int,
    damaged: int,
    by: Person,
    now: datetime,
    key: str,
) -> int:
    """Keeps what was counted; the books do not move yet. The count's id.

    Raises Refusal for an unknown warehouse or class or figures that are no numbers of sheets; ValueError for a beginning that
    begin_count cannot have given.
    """
    entry = Entry(by, now, now, key)
    counted = {State.UNSORTED: unsorted, State.GOOD: good, State.DAMAGED: damaged}
    return once(
        database, key, lambda connection: enter_count(connection, site_id, class_id, beginning=beginning, counted=counted, entry=entry)
    )


def enter_count(
    connection: sa.Connection, site_id: int, class_id: int, *, beginning: Beginning, counted: dict[State, int], entry: Entry
) -> int:
    """As record_count, within a transaction; counted: sheets of each physical state."""
    for sheets in counted.values():
        checked_sheets(sheets)
    class_of(connection, class_id)
    newest = books_position(connection)
    if not 0 <= beginning.position <= newest or beginning.at > entry.now:
        raise ValueError(f"no count can have begun at {beginning}; the books stand at {newest}")
    event_id = post(connection, Draft(EventKind.COUNT, site_id, entry))
    sheets_by_column = {state.value: counted[state] for state in PHYSICAL}
    began = {"position": beginning.position, "began_at": beginning.at}
    connection.execute(stock_count.insert().values(event_id=event_id, class_id=class_id, **began, **sheets_by_column))
    return event_id


def accept_count(database: Database, count_id: int, reason: str, *, by: Person, now: datetime, key: str) -> int:
    """Posts a count's variance, so that the books say what was counted plus what has moved since it began. The event's id.

    Raises Refusal for an unknown, withdrawn or accepted count, the counter as acceptor, a variance without a reason, a later count
    accepted before, or where a balance would become negative.
    """
    entry = Entry(by, now, now, key)
    return once(database, key, lambda connection: enter_acceptance(connection, count_id, reason, entry))


def enter_acceptance(connection: sa.Connection, count_id: int, reason: str, entry: Entry) -> int:
    """As accept_count, within a transaction."""
    count = connection.execute(
        sa.select(stock_count, stock_event.c.site_id, stock_event.c.person_id)
        .join(stock_event, stock_event.c.id == stock_count.c.event_id)
        .where(stock_event.c.id == count_id, stock_event.c.id.not_in(reversed_events()))
    ).one_or_none()
    if count is None:
        raise Refusal("There is no count with the number {number}.", number=count_id)
    if count.person_id == entry.by.id:
        raise Refusal("A count is accepted by somebody else than {person}, who counted.", person=entry.by.name)
    _check_newest_accepted(connection, count_id, count.site_id, count.class_id, count.position)
    expected = _expected(connection, [count_id])[count_id]
    variance = {state: getattr(count, state.value) - expected[state] for state in PHYSICAL}
    reason = reason.strip()
    if any(variance.values()) and not reason:
        raise Refusal("Give the reason for the variance.")
    postings = drafted(count.site_id, count.class_id, {**variance, State.VARIANCE: -sum(variance.values())})
    kind = EventKind.COUNT_ACCEPTANCE
    event_id = post(connection, Draft(kind, count.site_id, entry, postings, reason, holds_from=count.position))
    connection.execute(count_acceptance.insert().values(event_id=event_id, count_id=count_id))
    return event_id


def list_counts(database: Database, site_id: int) -> list[Count]:
    """The counts of a warehouse, newest first, withdrawn ones among them."""
    accepted = (
        sa.select(count_acceptance.c.count_id, count_acceptance.c.event_id)
        .where(count_acceptance.c.event_id.not_in(reversed_events()))
        .subquery()
    )
    query = (
        sa.select(stock_count, stock_event.c.happened_at, person.c.name, accepted.c.event_id.label("acceptance_id"))
        .add_columns(stock_event.c.id.in_(reversed_events()).label("reversed"))
        .join(stock_event, stock_event.c.id == stock_count.c.event_id)
        .join(person, person.c.id == stock_event.c.person_id)
        .join(accepted, accepted.c.count_id == stock_count.c.event_id, isouter=True)
        .where(stock_event.c.site_id == site_id)
        .order_by(stock_count.c.event_id.desc())
    )
    with database.read() as connection:
        rows = connection.execute(query).all()
        expected = _expected(connection, [row.event_id for row in rows if row.acceptance_id is None])
        posted = _posted(connection, [row.acceptance_id for row in rows if row.acceptance_id is not None])
    counts = []
    for row in rows:
        counted = {state: getattr(row, state.value) for state in PHYSICAL}
        if row.acceptance_id is None:
            variance = {state: counted[state] - expected[row.event_id][state] for state in PHYSICAL}
        else:
            variance = posted[row.acceptance_id]
        is_accepted = row.acceptance_id is not None
        counts.append(Count(row.event_id, row.class_id, row.happened_at, row.name, counted, variance, is_accepted, bool(row.reversed)))
    return counts


def _expected(connection: sa.Connection, count_ids: list[int]) -> dict[int, dict[State, int]]:
    """What the books say was there when each count began, by what is known now.

    A reversal holds from what it reverses and an accepted count from its own beginning, however late they were posted: otherwise
    the same mistake would be put right twice. What had happened before the counting began was counted with the rest, however late it
    was entered; the reversal of such an entry goes with it.
    """
    count_event, undone = stock_event.alias(), stock_event.alias()
    query = (
        sa.select(stock_count.c.event_id, posting.c.state, sa.func.sum(posting.c.quantity))
        .join(count_event, count_event.c.id == stock_count.c.event_id)
        .join(posting, sa.and_(posting.c.site_id == count_event.c.site_id, posting.c.class_id == stock_count.c.class_id))
        .join(stock_event, stock_event.c.id == posting.c.event_id)
        .outerjoin(undone, undone.c.id == stock_event.c.reverses_id)
        .where(
            stock_count.c.event_id.in_(count_ids),
            sa.or_(
                sa.func.coalesce(stock_event.c.holds_from, stock_event.c.id) <= stock_count.c.position,
                sa.func.coalesce(undone.c.happened_at, stock_event.c.happened_at) < stock_count.c.began_at,
            ),
            posting.c.state.in_([state.value for state in PHYSICAL]),
        )
        .group_by(stock_count.c.event_id, posting.c.state)
    )
    sums = {count_id: dict.fromkeys(PHYSICAL, 0) for count_id in count_ids}
    for count_id, state, sheets in connection.execute(query):
        sums[count_id][State(state)] = sheets
    return sums


def _posted(connection: sa.Connection, acceptance_ids: list[int]) -> dict[int, dict[State, int]]:
    variances = {event_id: dict.fromkeys(PHYSICAL, 0) for event_id in acceptance_ids}
    query = sa.select(posting.c.event_id, posting.c.state, posting.c.quantity).where(posting.c.event_id.in_(acceptance_ids))
    for event_id, state, sheets in connection.execute(query):
        if State(state).physical:
            variances[event_id][State(state)] = sheets
    return variances


def _check_newest_accepted(connection: sa.Connection, count_id: int, site_id: int, class_id: int, position: int) -> None:
    count_event = stock_event.alias()
    accepted = (
        sa.select(stock_count.c.event_id)
        .join(count_acceptance, count_acceptance.c.count_id == stock_count.c.event_id)
        .join(count_event, count_event.c.id == stock_count.c.event_id)
        .where(
            count_event.c.site_id == site_id,
            stock_count.c.class_id == class_id,
            count_acceptance.c.event_id.not_in(reversed_events()),
            sa.or_(stock_count.c.event_id == count_id, stock_count.c.position > position),
        )
    )
    for accepted_id in connection.scalars(accepted):
        if accepted_id == count_id:
            raise Refusal("Count {number} has been accepted already.", number=count_id)
        raise Refusal(
            "A later count of the same ballots, {number}, has been accepted; this one no longer says anything.", number=accepted_id
        )
