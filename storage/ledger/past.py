"""What is entered late must have been possible then: sheets that lay there at the time, and were not needed since."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

import sqlalchemy as sa

from storage.ledger.as_of import happened_at
from storage.ledger.sides import sides
from storage.ledger.stores import Stores
from storage.rules.movement import Movement, Place, State
from storage.rules.refusal import Refusal
from storage.schema.ledger import balance, chain_link, movement, stock_event
from storage.stock.classes import class_of

Store = tuple[int, int, State]


def check_then(connection: sa.Connection, stores: Stores, movements: Sequence[Movement], at: datetime) -> None:
    """To be asked before the movements are posted, of all that one transaction says to have happened at one instant.

    Raises Refusal, naming what was lacking, where less lay in a store then, or at any time since, than is taken from it. Nothing is
    asked where nothing was entered later than that instant: the books as they stand are what they were.
    """
    changes: dict[Store, int] = {}
    for move in movements:
        for place, sheets in ((move.source, -move.quantity), (move.target, move.quantity)):
            key = _store(place, move.class_id)
            changes[key] = changes.get(key, 0) + sheets
    for (site_id, class_id, state), change in changes.items():
        last = stores.last_recorded(site_id)
        if change < 0 and state.physical and last is not None and at < last:
            least = _least_since(connection, site_id, class_id, state, at)
            if least + change < 0:
                raise Refusal(
                    "At that time, or later, only {have} sheets of {ballot} were {state}; {wanted} are needed.",
                    have=max(0, least),
                    ballot=class_of(connection, class_id).name,
                    state=state.value,
                    wanted=-change,
                )


def _store(place: Place, class_id: int) -> Store:
    return place.site_id, class_id, place.state


def _least_since(connection: sa.Connection, site_id: int, class_id: int, state: State, at: datetime) -> int:
    """The least that lay there from an instant on until now; back from what the books say now, by what was entered since."""
    known = sa.select(stock_event.c.id).join(chain_link, chain_link.c.event_id == stock_event.c.id)
    known = known.where(chain_link.c.site_id == site_id, stock_event.c.recorded_at <= at).order_by(chain_link.c.number.desc())
    last_known = connection.scalar(known.limit(1)) or 0
    here = (balance.c.site_id == site_id, balance.c.class_id == class_id, balance.c.state == state.value)
    sheets = connection.scalar(sa.select(balance.c.quantity).where(*here)) or 0
    moved = (movement.c.class_id == class_id, movement.c.event_id > last_known)
    both = sides(lambda site, of: sa.and_(site == site_id, *moved, of == state.value))
    happened = happened_at().label("happened")
    columns: list[sa.ColumnElement[Any]] = [happened, sa.func.sum(both.c.quantity)]
    since = sa.select(*columns).join(stock_event, stock_event.c.id == both.c.event_id)
    least = sheets
    for _when, change in connection.execute(since.where(happened > at).group_by(happened).order_by(happened.desc())):
        sheets -= int(change)
        least = min(least, sheets)
    return least
