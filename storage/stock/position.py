"""Where the stock stands: one line per warehouse and ballot class, and the totals."""

from dataclasses import dataclass
from typing import Any

import sqlalchemy as sa

from storage.database import Database
from storage.rules.posting import PHYSICAL
from storage.schema.stock import balance, delivery_line, entitlement, reprint_receipt, reprint_request, stock_event
from storage.stock.journal import reversed_events


@dataclass(frozen=True)
class StockLine:
    """Sheets of one class at one warehouse.

    need: the entitlement. declared, received, short, over: sums of the delivery lines. reprinted: reprints received;
    reprint_open: requested and not yet received. unsorted, good, damaged: what lies there now.
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

    @property
    def missing(self) -> int:
        """Good sheets that are lacking for the need."""
        return max(0, self.need - self.good)


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
    missing: int


def stock_lines(database: Database, site_id: int | None = None) -> list[StockLine]:
    """One line for each warehouse and class that has a need or has ever moved, by warehouse and class; of one warehouse or all."""
    figures: dict[tuple[int, int], dict[str, int]] = {}
    with database.read() as connection:
        for query in (_needs(), _balances(), _deliveries(), _requests(), _receipts()):
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
    names = ("need", "declared", "received", "short", "over", "reprinted", "reprint_open", "unsorted", "good", "damaged", "missing")
    sums = {name: sum(getattr(line, name) for line in lines) for name in names}
    sums["received"] += sums["reprinted"]
    return StockTotals(**sums)


def _needs() -> sa.Select[Any]:
    return sa.select(entitlement.c.site_id, entitlement.c.class_id, entitlement.c.sheets.label("need"))


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
