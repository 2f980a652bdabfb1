"""The reconciliation report: what each class should be, is, and has become, and the events that each of its figures is made of."""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Any

import sqlalchemy as sa

from storage.database import Database
from storage.ledger.position import needs, stock_lines
from storage.ledger.sides import Condition, sides
from storage.ledger.standing import site_of, stands
from storage.people.right import right
from storage.rules.movement import PHYSICAL, State
from storage.rules.rights import Act
from storage.schema.goods import consignment_end
from storage.schema.ledger import balance, movement, stock_event
from storage.schema.places import person, site
from storage.schema.stock import delivery_line, print_order_line, reprint_receipt, reprint_request


class Figure(StrEnum):
    """A column of the report, in sheets.

    What should be: need, ordered, declared. What came: received, short, over, reprinted, and arrived, from another site. What it is now: a
    state of the books. What has left for good: sent, packed sheets that have arrived elsewhere; transferred, others that have. variance:
    found too many by counts and adjustments; below zero, missing.
    """

    NEED = "need"
    ORDERED = "ordered"
    DECLARED = "declared"
    RECEIVED = "received"
    SHORT = "short"
    OVER = "over"
    REPRINTED = "reprinted"
    ARRIVED = "arrived"
    VARIANCE = "variance"
    UNSORTED = "unsorted"
    GOOD = "good"
    DAMAGED = "damaged"
    SURPLUS = "surplus"
    PACKED = "packed"
    IN_TRANSIT = "in_transit"
    DELIVERED = "delivered"
    LOST = "lost"
    DESTROYED = "destroyed"
    SENT = "sent"
    TRANSFERRED = "transferred"


@dataclass(frozen=True)
class Reconciliation:
    """One class at one site."""

    site_id: int
    class_id: int
    sheets: dict[Figure, int]

    @property
    def unexplained(self) -> int:
        """What came less what is there and what has left: zero in books that are whole."""
        came = (Figure.RECEIVED, Figure.REPRINTED, Figure.ARRIVED, Figure.VARIANCE)
        left = (*(Figure(state.value) for state in PHYSICAL), Figure.SENT, Figure.TRANSFERRED)
        return sum(self.sheets[figure] for figure in came) - sum(self.sheets[figure] for figure in left)


@dataclass(frozen=True)
class Part:
    """What one event adds to a figure, or takes from it if below zero. person: the name of who entered it."""

    event_id: int
    kind: str
    happened_at: datetime
    recorded_at: datetime
    person: str
    reason: str
    sheets: int


@right(Act.SEE_STOCK)
def reconcile(database: Database, site_id: int | None = None) -> list[Reconciliation]:
    """A line for each site and class with a need or sheets, by site and class; of one site, or of all but polling stations."""
    found: dict[tuple[int, int], dict[Figure, int]] = {}
    lines = stock_lines(database, site_id)
    with database.read() as connection:
        stations = set() if site_id else set(connection.scalars(sa.select(site.c.id).where(site.c.kind == "tps")))
        for line in lines:
            figures = {figure: getattr(line, figure.value, 0) for figure in Figure}
            found[line.site_id, line.class_id] = figures
        for figure in (Figure.ORDERED, Figure.ARRIVED, Figure.TRANSFERRED):
            parts = _PARTS[figure]().subquery()
            query = sa.select(parts.c.site_id, parts.c.class_id, sa.func.sum(parts.c.sheets).label("sheets"))
            query = query.group_by(parts.c.site_id, parts.c.class_id)
            _add(found, figure, connection.execute(query if site_id is None else query.where(parts.c.site_id == site_id)))
        varied = sa.select(balance.c.site_id, balance.c.class_id, (-balance.c.quantity).label("sheets"))
        varied = varied.where(balance.c.state == State.VARIANCE.value)
        _add(found, Figure.VARIANCE, connection.execute(varied if site_id is None else varied.where(balance.c.site_id == site_id)))
    return [Reconciliation(place, ballot, figures) for (place, ballot), figures in sorted(found.items()) if place not in stations]


def _add(found: dict[tuple[int, int], dict[Figure, int]], figure: Figure, rows: Iterable[Any]) -> None:
    for row in rows:
        figures = found.setdefault((row.site_id, row.class_id), dict.fromkeys(Figure, 0))
        figures[figure] += int(row.sheets)


@right(Act.SEE_STOCK)
def parts_of(database: Database, site_id: int, class_id: int, figure: Figure, *, limit: int | None = None) -> list[Part]:
    """The events that a figure is made of, newest first; their sheets add up to it. limit: only so many of them."""
    with database.read() as connection:
        parts = _PARTS[figure]().subquery()
        here = [parts.c.site_id == site_id, parts.c.class_id == class_id]
        return [_part(row) for row in connection.execute(_parts(parts, here).limit(limit))]


def parts_between(connection: sa.Connection, site_id: int, class_id: int, state: State, *, after: int, until: int) -> list[Part]:
    """What the events after one and until another did to a state, newest first."""
    parts = _of_state(state)().subquery()
    here = [parts.c.site_id == site_id, parts.c.class_id == class_id, parts.c.event_id > after, parts.c.event_id <= until]
    return [_part(row) for row in connection.execute(_parts(parts, here))]


def _part(row: sa.Row[Any]) -> Part:
    return Part(row.id, row.kind, row.happened_at, row.recorded_at, row.name, row.reason, int(row.sheets))


def _parts(parts: sa.Subquery, where: Sequence[sa.ColumnElement[bool]]) -> sa.Select[Any]:
    sheets = sa.func.sum(parts.c.sheets)
    head = (stock_event.c.id, stock_event.c.kind, stock_event.c.happened_at, stock_event.c.recorded_at, person.c.name, stock_event.c.reason)
    return (
        sa.select(*head, sheets.label("sheets"))
        .join(stock_event, stock_event.c.id == parts.c.event_id)
        .join(person, person.c.id == stock_event.c.person_id)
        .where(*where)
        .group_by(*head)
        .having(sheets != 0)
        .order_by(stock_event.c.id.desc())
    )


# --- the parts of each figure: event_id, site_id, class_id, sheets


def _standing(event_id: sa.ColumnElement[int], class_id: sa.ColumnElement[int], sheets: sa.ColumnElement[int]) -> sa.Select[Any]:
    """Of facts of events that were not taken back."""
    place = site_of(event_id).label("site_id")
    columns: list[sa.ColumnElement[Any]] = [event_id.label("event_id"), place, class_id.label("class_id"), sheets.label("sheets")]
    return sa.select(*columns).where(stands(event_id))


def _need() -> sa.Select[Any]:
    newest = needs().subquery()
    return sa.select(newest.c.event_id, newest.c.site_id, newest.c.class_id, newest.c.need.label("sheets"))


def _delivered(sheets: sa.ColumnElement[int]) -> sa.Select[Any]:
    return _standing(delivery_line.c.event_id, delivery_line.c.class_id, sheets)


def _reprinted() -> sa.Select[Any]:
    query = _standing(reprint_receipt.c.event_id, reprint_request.c.class_id, reprint_receipt.c.sheets)
    return query.join(reprint_request, reprint_request.c.event_id == reprint_receipt.c.request_id)


def _travelled(site_id: sa.ColumnElement[int], *where: sa.ColumnElement[bool]) -> sa.Select[Any]:
    """Sheets that arrived at another site than the one they left, seen from one of both."""
    query = sa.select(movement.c.event_id, site_id.label("site_id"), movement.c.class_id, movement.c.quantity.label("sheets"))
    query = query.where(movement.c.event_id.in_(sa.select(consignment_end.c.event_id)))  # they are few beside all that moves
    arrived = (movement.c.from_state == State.IN_TRANSIT.value, movement.c.to_site_id != movement.c.from_site_id)
    return query.where(*arrived, *where, stands(movement.c.event_id))


def _of_state(state: State, sign: int = 1) -> Callable[[], sa.Select[Any]]:
    def parts() -> sa.Select[Any]:
        of: Condition = lambda _site, here: here == state.value  # noqa: E731 - a condition in one line
        both = sides(of)
        return sa.select(both.c.event_id, both.c.site_id, both.c.class_id, (sign * both.c.quantity).label("sheets"))

    return parts


_DECLARED, _RECEIVED = delivery_line.c.declared, delivery_line.c.received
_BOXES = movement.c.to_state.in_([State.PACKED.value, State.DELIVERED.value])
_PARTS = {
    Figure.NEED: _need,
    Figure.ORDERED: lambda: _standing(print_order_line.c.event_id, print_order_line.c.class_id, print_order_line.c.sheets),
    Figure.DECLARED: lambda: _delivered(_DECLARED),
    Figure.RECEIVED: lambda: _delivered(_RECEIVED),
    Figure.SHORT: lambda: _delivered(sa.case((_DECLARED > _RECEIVED, _DECLARED - _RECEIVED), else_=0)),
    Figure.OVER: lambda: _delivered(sa.case((_RECEIVED > _DECLARED, _RECEIVED - _DECLARED), else_=0)),
    Figure.REPRINTED: _reprinted,
    Figure.ARRIVED: lambda: _travelled(movement.c.to_site_id),
    Figure.SENT: lambda: _travelled(movement.c.from_site_id, _BOXES),
    Figure.TRANSFERRED: lambda: _travelled(movement.c.from_site_id, sa.not_(_BOXES)),
    Figure.VARIANCE: _of_state(State.VARIANCE, -1),
    **{Figure(state.value): _of_state(state) for state in PHYSICAL},
}
