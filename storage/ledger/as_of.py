"""Balances at a past instant: by when things happened, and by when they were known."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

import sqlalchemy as sa

from storage.database import Database
from storage.ledger.sides import Condition, sides
from storage.people.right import right
from storage.rules.movement import EventKind, State
from storage.rules.rights import Act
from storage.schema.ledger import balance, stock_event
from storage.schema.stock import count_acceptance, stock_count


@dataclass(frozen=True)
class Balance:
    """Sheets of a class in a state at a site; virtual states among them."""

    site_id: int
    class_id: int
    state: State
    sheets: int


@right(Act.SEE_STOCK)
def balances(
    database: Database, *, site_id: int | None = None, as_of: datetime | None = None, known_at: datetime | None = None
) -> list[Balance]:
    """Every balance that is not zero, of one site or all.

    as_of: what lay there at that instant. A reversal belongs to when the reversed thing happened, an accepted count to when it began.
    known_at: only what had been entered by then. None of both: what the books say now.
    """
    with database.read() as connection:
        if as_of is None and known_at is None:
            query: sa.Select[Any] = sa.select(balance.c.site_id, balance.c.class_id, balance.c.state, balance.c.quantity.label("sheets"))
            query = query if site_id is None else query.where(balance.c.site_id == site_id)
        else:
            query = _past(site_id, as_of, known_at)
        rows = connection.execute(query).all()
    found = [Balance(row.site_id, row.class_id, State(row.state), int(row.sheets)) for row in rows if row.sheets]
    return sorted(found, key=lambda row: (row.site_id, row.class_id, list(State).index(row.state)))


def _past(site_id: int | None, as_of: datetime | None, known_at: datetime | None) -> sa.Select[Any]:
    here: Condition | None = None if site_id is None else lambda site, _state: site == site_id
    both = sides(here)
    query = (
        sa.select(both.c.site_id, both.c.class_id, both.c.state, sa.func.sum(both.c.quantity).label("sheets"))
        .join(stock_event, stock_event.c.id == both.c.event_id)
        .group_by(both.c.site_id, both.c.class_id, both.c.state)
    )
    if known_at is not None:
        query = query.where(stock_event.c.recorded_at <= known_at)
    return query if as_of is None else query.where(happened_at() <= as_of)


def happened_at() -> sa.ColumnElement[datetime]:
    """When what an event says took hold of the sheets, for a query over stock_event."""
    undone, began, accepted = stock_event.alias(), stock_count.alias(), count_acceptance.alias()

    def began_at(acceptance_id: sa.ColumnElement[int]) -> sa.ScalarSelect[datetime]:
        begun = sa.select(began.c.began_at).join(accepted, accepted.c.count_id == began.c.event_id)
        return begun.where(accepted.c.event_id == acceptance_id).correlate(stock_event).scalar_subquery()

    reversed_at = sa.select(undone.c.happened_at).where(undone.c.id == stock_event.c.reverses_id).correlate(stock_event).scalar_subquery()
    return sa.case(
        (stock_event.c.kind == EventKind.COUNT_ACCEPTANCE.value, began_at(stock_event.c.id)),
        (stock_event.c.kind == EventKind.REVERSAL.value, sa.func.coalesce(began_at(stock_event.c.reverses_id), reversed_at)),
        else_=stock_event.c.happened_at,
    )
