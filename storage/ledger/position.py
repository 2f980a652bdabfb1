"""Where the stock stands: one line per warehouse and ballot class, and the totals."""

from dataclasses import dataclass
from typing import Any

import sqlalchemy as sa

from storage.database import Database
from storage.ledger.journal import reversed_events
from storage.rules.movement import PHYSICAL, State
from storage.schema.ledger import balance, movement, stock_event
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


def stock_lines(database: Database, site_id: int | None = None) -> list[StockLine]:
    """One line for each warehouse and class that has a need or has ever moved, by warehouse and class; of one warehouse or all."""
    figures: dict[tuple[int, int], dict[str, int]] = {}
    with database.read() as connection:
        for query in (needs(), _balances(), _deliveries(), _requests(), _receipts(), _sent()):
            columns = query.selected_columns
            rows = connection.execute(query if site_id is None else query.where(columns.site_id == site_id)).mappings()
            for row in rows:
                line = figures.setdefault((row["site_id"], row["class_id"]), {})
                line.update({name: int(value) for name, value in row.items() if name not in ("site_id", "class_id")})
    lines = []
    for (site, class_id), line in sorted(figures.items()):
        reprint_open = line.pop("requested", 0) - line.get("reprinted", 0)
        lines.append(StockLine(site, class_id, reprint_open=reprint_open, **line))
    return lines


def totals(database: Database, site_id: int | None = None) -> StockTotals:
    """The sums over one warehouse or all."""
    lines = stock_lines(database, site_id)
    names: tuple[str, ...] = ("need", "declared", "received", "short", "over", "reprinted", "reprint_open", "unsorted", "good", "damaged")
    names = (*names, "packed", "sent", "missing")
    sums = {name: sum(getattr(line, name) for line in lines) for name in names}
    sums["received"] += sums["reprinted"]
    return StockTotals(**sums)


def needs() -> sa.Select[Any]:
    """The newest need of each site and class that was not taken back: site_id, class_id, need."""
    newest = (
        sa.select(stock_event.c.site_id, need_line.c.class_id, sa.func.max(need_line.c.event_id).label("event_id"))
        .join(stock_event, stock_event.c.id == need_line.c.event_id)
        .where(stock_event.c.id.not_in(reversed_events()))
        .group_by(stock_event.c.site_id, need_line.c.class_id)
        .subquery()
    )
    return sa.select(newest.c.site_id, newest.c.class_id, need_line.c.sheets.label("need")).join(
        need_line, sa.and_(need_line.c.event_id == newest.c.event_id, need_line.c.class_id == newest.c.class_id)
    )


def _balances() -> sa.Select[Any]:
    sheets = [sa.func.sum(sa.case((balance.c.state == state.value, balance.c.quantity), else_=0)).label(state.value) for state in PHYSICAL]
    return sa.select(balance.c.site_id, balance.c.class_id, *sheets).group_by(balance.c.site_id, balance.c.class_id)


def _deliveries() -> sa.Select[Any]:
    declared, received = delivery_line.c.declared, delivery_line.c.received
    return (
        sa.select(
            stock_event.c.site_id,
            delivery_line.c.class_id,
            sa.func.sum(declared).label("declared"),
            sa.func.sum(received).label("received"),
            sa.func.sum(sa.case((declared > received, declared - received), else_=0)).label("short"),
            sa.func.sum(sa.case((received > declared, received - declared), else_=0)).label("over"),
        )
        .join(stock_event, stock_event.c.id == delivery_line.c.event_id)
        .where(stock_event.c.id.not_in(reversed_events()))
        .group_by(stock_event.c.site_id, delivery_line.c.class_id)
    )


def _requests() -> sa.Select[Any]:
    asked = sa.func.sum(reprint_request.c.for_damaged + reprint_request.c.for_short)
    return (
        sa.select(stock_event.c.site_id, reprint_request.c.class_id, asked.label("requested"))
        .join(stock_event, stock_event.c.id == reprint_request.c.event_id)
        .where(stock_event.c.id.not_in(reversed_events()))
        .group_by(stock_event.c.site_id, reprint_request.c.class_id)
    )


def _receipts() -> sa.Select[Any]:
    return (
        sa.select(stock_event.c.site_id, reprint_request.c.class_id, sa.func.sum(reprint_receipt.c.sheets).label("reprinted"))
        .join(stock_event, stock_event.c.id == reprint_receipt.c.event_id)
        .join(reprint_request, reprint_request.c.event_id == reprint_receipt.c.request_id)
        .where(stock_event.c.id.not_in(reversed_events()))
        .group_by(stock_event.c.site_id, reprint_request.c.class_id)
    )


def _sent() -> sa.Select[Any]:
    packed = movement.c.to_state.in_([State.PACKED.value, State.DELIVERED.value])
    return (
        sa.select(movement.c.from_site_id.label("site_id"), movement.c.class_id, sa.func.sum(movement.c.quantity).label("sent"))
        .where(movement.c.from_state == State.IN_TRANSIT.value, movement.c.to_site_id != movement.c.from_site_id, packed)
        .where(movement.c.event_id.not_in(reversed_events()))
        .group_by(movement.c.from_site_id, movement.c.class_id)
    )
