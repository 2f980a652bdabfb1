"""The stock card: every movement of one class in one warehouse, with the balances after it."""

from dataclasses import dataclass
from datetime import datetime

import sqlalchemy as sa

from storage.database import Database
from storage.ledger.sides import at_site, sides
from storage.people.right import right
from storage.rules.movement import EventKind, State
from storage.rules.rights import Act
from storage.schema.ledger import balance, movement, stock_event
from storage.schema.places import person


@dataclass(frozen=True)
class CardRow:
    """One event. changes: sheets per state, zero left out; balance_after: sheets per state that has ever moved.

    person, second: the names of who entered it and of who answers for it besides. reverses_id and reversed_by_id link a reversal and
    what it reverses.
    """

    event_id: int
    kind: EventKind
    happened_at: datetime
    recorded_at: datetime
    person: str
    second: str | None
    reason: str
    reverses_id: int | None
    reversed_by_id: int | None
    changes: dict[State, int]
    balance_after: dict[State, int]


@right(Act.SEE_STOCK)
def stock_card(database: Database, site_id: int, class_id: int, *, limit: int = 200, before: int | None = None) -> list[CardRow]:
    """Events in the order of the books, newest first.

    before: only events with a smaller id, to go on where the last page ended.
    """
    with database.read() as connection:
        changes = _newest_changes(connection, site_id, class_id, limit, before)
        after = _balances_before(connection, site_id, class_id, before)
        rows = connection.execute(_heads(sorted(changes))).all()
    card = []
    for row in rows:
        moves = {state: sheets for state, sheets in changes[row.id].items() if sheets}
        card.append(
            CardRow(
                *(row.id, EventKind(row.kind), row.happened_at, row.recorded_at, row.name, row.second, row.reason),
                *(row.reverses_id, row.reversed_by_id, moves, dict(after)),
            )
        )  # fmt: skip
        after = {state: sheets - moves.get(state, 0) for state, sheets in after.items()}
    return card


Changes = dict[int, dict[State, int]]


def _newest_changes(connection: sa.Connection, site_id: int, class_id: int, limit: int, before: int | None) -> Changes:
    """The changes of the newest events that moved the class here. The index of each side and state gives its newest."""
    event_ids: set[int] = set()
    for site in (movement.c.from_site_id, movement.c.to_site_id):
        here = [site == site_id, movement.c.class_id == class_id]
        if before is not None:
            here.append(movement.c.event_id < before)
        for state in connection.scalars(sa.select(balance.c.state).where(balance.c.site_id == site_id, balance.c.class_id == class_id)):
            of_state = movement.c.from_state if site is movement.c.from_site_id else movement.c.to_state
            newest = (
                sa.select(movement.c.event_id).distinct().where(*here, of_state == state).order_by(movement.c.event_id.desc()).limit(limit)
            )
            event_ids |= set(connection.scalars(newest))
    newest_ids = sorted(event_ids, reverse=True)[:limit]
    changes: dict[int, dict[State, int]] = {event_id: {} for event_id in newest_ids}
    # By the index of events alone: the sides are told apart here, for the index of a side would be read to its end.
    for row in connection.execute(sa.select(movement).where(movement.c.event_id.in_(newest_ids))):
        if row.class_id == class_id:
            change = changes[row.event_id]
            for place, state, sheets in ((row.from_site_id, row.from_state, -row.quantity), (row.to_site_id, row.to_state, row.quantity)):
                if place == site_id:
                    change[State(state)] = change.get(State(state), 0) + sheets
    return changes


def _balances_before(connection: sa.Connection, site_id: int, class_id: int, before: int | None) -> dict[State, int]:
    """What the books said just before an event, or say now: the balance less what has moved since."""
    kept = sa.select(balance.c.state, balance.c.quantity).where(balance.c.site_id == site_id, balance.c.class_id == class_id)
    after = {State(state): sheets for state, sheets in connection.execute(kept)}
    if before is not None:
        here = at_site(site_id, class_id)
        since = sides(lambda site, state: sa.and_(here(site, state), movement.c.event_id >= before))
        moved = sa.select(since.c.state, sa.func.sum(since.c.quantity)).group_by(since.c.state)
        for state, sheets in connection.execute(moved):
            after[State(state)] -= int(sheets)
    return after


def _heads(event_ids: list[int]) -> sa.Select[tuple[object, ...]]:
    reversal, other = stock_event.alias(), person.alias()
    return (
        sa.select(stock_event, person.c.name, other.c.name.label("second"), reversal.c.id.label("reversed_by_id"))
        .join(person, person.c.id == stock_event.c.person_id)
        .join(other, other.c.id == stock_event.c.second_id, isouter=True)
        .join(reversal, reversal.c.reverses_id == stock_event.c.id, isouter=True)
        .where(stock_event.c.id.in_(event_ids))
        .order_by(stock_event.c.id.desc())
    )
