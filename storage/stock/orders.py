"""Print orders: what a printer is to print for a warehouse."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

import sqlalchemy as sa

from storage.database import Database
from storage.ledger.journal import Draft, Entry, Facts, post
from storage.ledger.standing import stands
from storage.people.right import right
from storage.rules.movement import EventKind
from storage.rules.quantity import checked_sheets
from storage.rules.refusal import Refusal
from storage.rules.rights import Act
from storage.schema.ledger import stock_event
from storage.schema.places import site
from storage.schema.stock import print_order, print_order_line
from storage.stock.classes import class_of


@dataclass(frozen=True)
class PrintOrder:
    """An order that stands. printer: its name; sheets: by class."""

    id: int
    number: str
    printer: str
    ordered_at: datetime
    sheets: dict[int, int]


@right(Act.BOOK)
def enter_order(connection: sa.Connection, site_id: int, printer_id: int, number: str, sheets: Mapping[int, int], *, entry: Entry) -> int:
    """Orders sheets, by class, for a warehouse; no sheets move yet. The order's id.

    Raises Refusal for a number that is empty or used, a site that is no printer, an unknown class, or no sheets at all.
    """
    number = number.strip()
    if not number or not sheets:
        raise Refusal("A print order needs a number and at least one class.")
    if connection.scalar(sa.select(site.c.kind).where(site.c.id == printer_id)) != "printer":
        raise Refusal("Choose the printer.")
    for class_id, ordered in sheets.items():
        class_of(connection, class_id)
        checked_sheets(ordered, least=1)
    same = sa.select(print_order.c.event_id).where(print_order.c.number == number, stands(print_order.c.event_id))
    if connection.scalar(same) is not None:
        raise Refusal("There is a print order {number} already.", number=number)
    facts: Facts = {
        "print_order": [{"number": number, "printer_id": printer_id}],
        "print_order_line": [{"class_id": class_id, "sheets": ordered} for class_id, ordered in sheets.items()],
    }
    return post(connection, Draft(EventKind.PRINT_ORDER, site_id, entry, facts=facts))


@right(Act.SEE_STOCK)
def list_orders(database: Database, site_id: int) -> list[PrintOrder]:
    """The orders for a warehouse that were not taken back, newest first."""
    query = (
        sa.select(print_order, stock_event.c.happened_at, site.c.name)
        .join(stock_event, stock_event.c.id == print_order.c.event_id)
        .join(site, site.c.id == print_order.c.printer_id)
        .where(stock_event.c.site_id == site_id, stands(stock_event.c.id))
        .order_by(stock_event.c.id.desc())
    )
    with database.read() as connection:
        heads = connection.execute(query).all()
        lines: dict[int, dict[int, int]] = {head.event_id: {} for head in heads}
        for row in connection.execute(sa.select(print_order_line).where(print_order_line.c.event_id.in_(lines))):
            lines[row.event_id][row.class_id] = row.sheets
    return [PrintOrder(head.event_id, head.number, head.name, head.happened_at, lines[head.event_id]) for head in heads]
