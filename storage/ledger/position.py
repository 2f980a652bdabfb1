"""Where the stock stands: one line per warehouse and ballot class, and the totals."""

from dataclasses import dataclass
from typing import Any

import sqlalchemy as sa

from storage.database import Database
from storage.ledger.standing import site_of, stands
from storage.people.right import right
from storage.rules.movement import PHYSICAL, State
from storage.rules.rights import Act
from storage.schema.goods import consignment_end
from storage.schema.ledger import balance, movement
from storage.schema.stock import delivery_line, need_line, reprint_receipt, reprint_request


@dataclass(frozen=True)
class StockLine:
    """Sheets of one class at one warehouse.

    need: the entitlement. declared, received, short, over: sums of the delivery lines. reprinted: reprints received;
    reprint_open: requested and not yet received. unsorted to destroyed: what the books hold there now. sent: sheets packed here that
    have arrived elsewhere.
    """

    site_id: int
    class_id: int
    need: int = 0
    declared: int = 0
    received: int = 0
    short: int = 0
    over: int = 0
    reprinted: int = 0
    reprint_open: int = 0
    unsorted: int = 0
    good: int = 0
    damaged: int = 0
    surplus: int = 0
    packed: int = 0
    in_transit: int = 0
    delivered: int = 0
    lost: int = 0
    destroyed: int = 0
    sent: int = 0

    @property
    def missing(self) -> int:
        """Good sheets that are lacking for the need; those that are packed or on their way are there."""
        return max(0, self.need - self.good - self.packed - self.in_transit - self.delivered - self.sent)


@dataclass(frozen=True)
class StockTotals:
    """Sums over all lines, in sheets. received includes reprints; missing is summed line by line, for no class helps another."""

    need: int
    declared: int
    received: int
    short: int
    over: int
    reprinted: int
    reprint_open: int
    unsorted: int
    good: int
    damaged: int
    packed: int
    sent: int
    missing: int


# The first two of each query, and what a need comes from.
_KEYS = ("site_id", "class_id", "event_id")


@right(Act.SEE_STOCK)
def stock_lines(database: Database, site_id: int | None = None) -> list[StockLine]:
    """One line for each warehouse and class that has a need or has ever moved, by warehouse and class; of one warehouse or all."""
    figures: dict[tuple[int, int], dict[str, int]] = {}
    with database.read() as connection:
        for query in (needs(), _balances(), _deliveries(), _requests(), _receipts(), _sent()):
            columns = query.selected_columns
            result = connection.execute(query if site_id is None else query.where(columns.site_id == site_id))
            names = [(place, name) for place, name in enumerate(result.keys()) if name not in _KEYS]
            for row in result:
                line = figures.setdefault((row[0], row[1]), {})
                for place, name in names:
                    line[name] = int(row[place])
    lines = []
    for (site, class_id), line in sorted(figures.items()):
        reprint_open = line.pop("requested", 0) - line.get("reprinted", 0)
        lines.append(StockLine(site, class_id, reprint_open=reprint_open, **line))
    return lines


@right(Act.SEE_STOCK)
def totals(database: Database, site_id: int | None = None) -> StockTotals:
    """The sums over one warehouse or all."""
    lines = stock_lines(database, site_id)
    names: tuple[str, ...] = ("need", "declared", "received", "short", "over", "reprinted", "reprint_open", "unsorted", "good", "damaged")
    names = (*names, "packed", "sent", "missing")
    sums = {name: sum(getattr(line, name) for line in lines) for name in names}
    sums["received"] += sums["reprinted"]
    return StockTotals(**sums)


def needs() -> sa.Select[Any]:
    """The newest need of each site and class that was not taken back: site_id, class_id, need, event_id."""
    place = site_of(need_line.c.event_id).label("site_id")
    newest = (
        sa.select(place, need_line.c.class_id, sa.func.max(need_line.c.event_id).label("event_id"))
        .where(stands(need_line.c.event_id))
        .group_by(place, need_line.c.class_id)
        .subquery()
    )
    return sa.select(newest.c.site_id, newest.c.class_id, need_line.c.sheets.label("need"), newest.c.event_id).join(
        need_line, sa.and_(need_line.c.event_id == newest.c.event_id, need_line.c.class_id == newest.c.class_id)
    )


def _balances() -> sa.Select[Any]:
    sheets = [sa.func.sum(sa.case((balance.c.state == state.value, balance.c.quantity), else_=0)).label(state.value) for state in PHYSICAL]
    return sa.select(balance.c.site_id, balance.c.class_id, *sheets).group_by(balance.c.site_id, balance.c.class_id)


def _deliveries() -> sa.Select[Any]:
    declared, received = delivery_line.c.declared, delivery_line.c.received
    return _summed(
        *(delivery_line.c.event_id, delivery_line.c.class_id),
        declared=declared,
        received=received,
        short=sa.case((declared > received, declared - received), else_=0),
        over=sa.case((received > declared, received - declared), else_=0),
    )


def _requests() -> sa.Select[Any]:
    asked = reprint_request.c.for_damaged + reprint_request.c.for_short
    return _summed(reprint_request.c.event_id, reprint_request.c.class_id, requested=asked)


def _receipts() -> sa.Select[Any]:
    summed = _summed(reprint_receipt.c.event_id, reprint_request.c.class_id, reprinted=reprint_receipt.c.sheets)
    return summed.join(reprint_request, reprint_request.c.event_id == reprint_receipt.c.request_id)


def _summed(event_id: sa.ColumnElement[int], class_id: sa.ColumnElement[int], **sheets: sa.ColumnElement[int]) -> sa.Select[Any]:
    """Sums by site and class of what the standing events of one kind say."""
    place = site_of(event_id).label("site_id")
    sums = [sa.func.sum(count).label(name) for name, count in sheets.items()]
    columns: list[sa.ColumnElement[Any]] = [place, class_id, *sums]
    return sa.select(*columns).where(stands(event_id)).group_by(place, class_id)


def _sent() -> sa.Select[Any]:
    """By what ended the journeys: the arrivals are few beside all that moves."""
    packed = movement.c.to_state.in_([State.PACKED.value, State.DELIVERED.value])
    return (
        sa.select(movement.c.from_site_id.label("site_id"), movement.c.class_id, sa.func.sum(movement.c.quantity).label("sent"))
        .where(movement.c.event_id.in_(sa.select(consignment_end.c.event_id)))
        .where(movement.c.from_state == State.IN_TRANSIT.value, movement.c.to_site_id != movement.c.from_site_id, packed)
        .where(stands(movement.c.event_id))
        .group_by(movement.c.from_site_id, movement.c.class_id)
    )
