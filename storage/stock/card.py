"""The stock card: every movement of one class in one warehouse, with the balances after it."""

from dataclasses import dataclass
from datetime import datetime

import sqlalchemy as sa

from storage.database import Database
from storage.rules.posting import State
from storage.schema.places import person
from storage.schema.stock import posting, stock_event
from storage.stock.journal import EventKind


@dataclass(frozen=True)
class CardRow:
    """One movement. changes: sheets per state, zero left out; balance_after: sheets per state that has ever moved.

    person: the name of who entered it. reverses_id and reversed_by_id link a reversal and what it reverses.
    """

    event_id: int
    kind: EventKind
    happened_at: datetime
    recorded_at: datetime
    person: str
    reason: str
    reverses_id: int | None
    reversed_by_id: int | None
    changes: dict[State, int]
    balance_after: dict[State, int]


def stock_card(database: Database, site_id: int, class_id: int, *, limit: int = 200, before: int | None = None) -> list[CardRow]:
    """Movements in the order of the books, newest first.

    before: only events with a smaller id, to go on where the last page ended.
    """
    here = [posting.c.site_id == site_id, posting.c.class_id == class_id]
    if before is not None:
        here.append(posting.c.event_id < before)
    newest = sa.select(posting.c.event_id).where(*here).distinct().order_by(posting.c.event_id.desc()).limit(limit).subquery()
    reversal = stock_event.alias()
    heads = (
        sa.select(stock_event, person.c.name, reversal.c.id.label("reversed_by_id"))
        .join(newest, newest.c.event_id == stock_event.c.id)
        .join(person, person.c.id == stock_event.c.person_id)
        .join(reversal, reversal.c.reverses_id == stock_event.c.id, isouter=True)
        .order_by(stock_event.c.id.desc())
    )
    moved = (
        sa.select(posting.c.event_id, posting.c.state, posting.c.quantity)
        .join(newest, newest.c.event_id == posting.c.event_id)
        .where(posting.c.site_id == site_id, posting.c.class_id == class_id)
    )
    sums = sa.select(posting.c.state, sa.func.sum(posting.c.quantity)).where(*here).group_by(posting.c.state)
    changes: dict[int, dict[State, int]] = {}
    with database.read() as connection:
        rows = connection.execute(heads).all()
        for event_id, state, sheets in connection.execute(moved):
            changes.setdefault(event_id, {})[State(state)] = sheets
        after = {State(state): int(sheets) for state, sheets in connection.execute(sums)}
    card = []
    for row in rows:
        moves = changes[row.id]
        links = (row.reverses_id, row.reversed_by_id)
        card.append(
            CardRow(row.id, EventKind(row.kind), row.happened_at, row.recorded_at, row.name, row.reason, *links, moves, dict(after))
        )
        after = {state: sheets - moves.get(state, 0) for state, sheets in after.items()}
    return card
