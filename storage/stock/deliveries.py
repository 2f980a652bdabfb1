"""Deliveries from the printer: what the note declares and what was counted in."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

import sqlalchemy as sa

from storage.database import Database
from storage.ledger.journal import Draft, Entry, Facts, at, moved, once, post
from storage.ledger.standing import is_reversed, stands
from storage.people.person import Person
from storage.people.right import right
from storage.rules.delivery import DeliveryLine
from storage.rules.movement import EventKind, Movement, State
from storage.rules.quantity import checked_sheets
from storage.rules.refusal import Refusal
from storage.rules.rights import Act
from storage.schema.ledger import stock_event
from storage.schema.places import person
from storage.schema.stock import delivery, delivery_line
from storage.stock.classes import class_of

__all__ = ["Delivery", "DeliveryLine", "enter_delivery", "list_deliveries", "receive_delivery"]


@dataclass(frozen=True)
class Delivery:
    """A delivery note as it was received. person: the name of who entered it; reversed: it no longer counts."""

    event_id: int
    note_number: str
    happened_at: datetime
    recorded_at: datetime
    person: str
    lines: tuple[DeliveryLine, ...]
    reversed: bool


@right(Act.BOOK)
def receive_delivery(
    database: Database,
    site_id: int,
    note_number: str,
    lines: Sequence[DeliveryLine],
    *,
    by: Person,
    now: datetime,
    happened_at: datetime,
    key: str,
    second: Person | None = None,
    reason: str = "",
) -> int:
    """Books a delivery: what was received is unsorted stock, what is short becomes a claim against the printer. The event's id.

    Raises Refusal for a note without number or lines, one that has been entered already, a class named twice or unknown, or
    figures that are no numbers of sheets.
    """
    entry = Entry(by, now, happened_at, key, second, reason)
    return once(database, key, lambda connection: enter_delivery(connection, site_id, note_number, lines, entry))


@right(Act.BOOK)
def enter_delivery(
    connection: sa.Connection, site_id: int, note_number: str, lines: Sequence[DeliveryLine], entry: Entry, *, order_id: int | None = None
) -> int:
    """As receive_delivery, within a transaction. order_id: the print order that it answers, if it is known."""
    note_number = note_number.strip()
    if not note_number:
        raise Refusal("Enter the number of the delivery note.")
    if not lines:
        raise Refusal("Enter at least one line of the delivery note.")
    if len({line.class_id for line in lines}) < len(lines):
        raise Refusal("Each ballot class may stand only once on a delivery note; add its lines together.")
    for line in lines:
        checked_sheets(line.declared)
        checked_sheets(line.received)
        ballot = class_of(connection, line.class_id)
        if line.misrouted > line.received:
            raise Refusal("More misrouted sheets of {ballot} than were received.", ballot=ballot.name)
        checked_sheets(line.misrouted)
        if line.declared == line.received == 0:
            raise Refusal("Enter how many sheets of {ballot} were declared or received.", ballot=ballot.name)
    _check_new(connection, site_id, note_number)
    printer = at(site_id, State.PRINTER)
    movements: list[Movement] = []
    for line in lines:
        movements += moved(line.class_id, line.received, printer, at(site_id, State.UNSORTED))
        movements += moved(line.class_id, line.short, printer, at(site_id, State.SHORT_CLAIM))
    facts: Facts = {
        "delivery": [{"note_number": note_number, "order_id": order_id}],
        "delivery_line": [
            {"class_id": line.class_id, "declared": line.declared, "received": line.received, "misrouted": line.misrouted} for line in lines
        ],
    }
    return post(connection, Draft(EventKind.DELIVERY, site_id, entry, tuple(movements), facts))


@right(Act.SEE_STOCK)
def list_deliveries(database: Database, site_id: int, limit: int = 200) -> list[Delivery]:
    """The newest deliveries of a warehouse, newest first, reversed ones among them."""
    event = stock_event
    columns = (event.c.id, delivery.c.note_number, event.c.happened_at, event.c.recorded_at, person.c.name)
    query = (
        sa.select(*columns, is_reversed(event.c.id).label("reversed"))
        .join(delivery, delivery.c.event_id == event.c.id)
        .join(person, person.c.id == event.c.person_id)
        .where(event.c.site_id == site_id)
        .order_by(event.c.happened_at.desc(), event.c.id.desc())
        .limit(limit)
    )
    with database.read() as connection:
        heads = connection.execute(query).all()
        ids = [head.id for head in heads]
        rows = connection.execute(
            sa.select(delivery_line).where(delivery_line.c.event_id.in_(ids)).order_by(delivery_line.c.event_id, delivery_line.c.class_id)
        )
        lines: dict[int, list[DeliveryLine]] = {event_id: [] for event_id in ids}
        for row in rows:
            lines[row.event_id].append(DeliveryLine(row.class_id, row.declared, row.received, row.misrouted))
    return [
        Delivery(
            head.id, head.note_number, head.happened_at, head.recorded_at, head.name, tuple(lines[head.id]), bool(head.reversed)
        )
        for head in heads
    ]  # fmt: skip


def _check_new(connection: sa.Connection, site_id: int, note_number: str) -> None:
    same = (
        sa.select(stock_event.c.id)
        .join(delivery, delivery.c.event_id == stock_event.c.id)
        .where(delivery.c.note_number == note_number, stock_event.c.site_id == site_id, stands(stock_event.c.id))
    )
    if connection.scalar(same) is not None:
        raise Refusal("Delivery note {number} has been entered already. Reverse it first if it was wrong.", number=note_number)
