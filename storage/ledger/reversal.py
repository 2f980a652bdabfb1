"""Putting right what was posted wrongly: nothing is edited, an event is reversed by another and both stay in the books."""

from datetime import datetime

import sqlalchemy as sa

from storage.chain import lock_sites
from storage.database import Database
from storage.ledger.journal import Draft, Entry, once, post
from storage.ledger.sides import moves_of
from storage.ledger.standing import stands
from storage.ledger.stores import Stores, accepted_counts, refuse_counted
from storage.people.person import Person
from storage.people.right import right
from storage.rules.movement import FINAL, EventKind, Movement
from storage.rules.refusal import Refusal
from storage.rules.rights import Act
from storage.schema.goods import consignment_end, packing, seal
from storage.schema.ledger import movement, stock_event
from storage.schema.stock import count_acceptance, count_sheet, reprint_receipt, stock_count
from storage.stock.containers import check_none_sealed
from storage.stock.reprints import check_claims

# What two persons said is not taken back by one.
_BY_TWO = (EventKind.COUNT_ACCEPTANCE.value, EventKind.ADJUSTMENT.value)


@right(Act.BOOK, event_id="stock_event_id")
def reverse_event(
    database: Database, event_id: int, reason: str, *, by: Person, now: datetime, key: str, second: Person | None = None
) -> int:
    """Reverses an event: the same movements the other way, linked to it. The reversing event's id.

    second: who answers for it besides; asked for where an accepted count or an adjustment is taken back.

    Raises Refusal without a reason, for an unknown event, one reversed before, itself a reversal or of a kind that cannot be taken
    back, one before a close, one that others have been built on (sheets moved on, reprints requested or received, a count accepted,
    a consignment arrived), and says which.
    """
    entry = Entry(by, now, now, key, second)
    return once(database, key, lambda connection: enter_reversal(connection, event_id, reason, entry))


@right(Act.BOOK, event_id="stock_event_id")
def enter_reversal(connection: sa.Connection, event_id: int, reason: str, entry: Entry) -> int:
    """As reverse_event, within a transaction."""
    reason = reason.strip()
    if not reason:
        raise Refusal("Give the reason for the reversal.")
    event = connection.execute(sa.select(stock_event).where(stock_event.c.id == event_id)).one_or_none()
    if event is None:
        raise Refusal("There is no entry with the number {number}.", number=event_id)
    if event.kind == EventKind.REVERSAL.value:
        raise Refusal("A reversal cannot be reversed. Enter what is right as a new entry.")
    if EventKind(event.kind) in FINAL:
        raise Refusal("This entry cannot be reversed: what it says is answered by a newer entry.")
    sites = sa.select(movement.c.from_site_id).where(movement.c.event_id == event_id)
    lock_sites(connection, {event.site_id, *connection.scalars(sites)})
    if connection.scalar(sa.select(stock_event.c.id).where(stock_event.c.reverses_id == event_id)) is not None:
        raise Refusal("Entry {number} has been reversed already.", number=event_id)
    opposite = tuple(move.opposite for move in moves_of(connection, event_id))
    site_ids = {event.site_id, *(place.site_id for move in opposite for place in (move.source, move.target))}
    stores = Stores(connection, site_ids)
    for site_id in site_ids:
        stores.check_open(site_id, event.happened_at)
    _check_not_built_on(connection, event_id)
    holds_from = event_id if event.holds_from is None else event.holds_from
    moved_out = {box for move in opposite if move.source.container_id != move.target.container_id for box in _boxes(move)}
    check_none_sealed(connection, sorted(moved_out))
    class_ids = {move.class_id for move in opposite}
    _check_not_counted_since(connection, event, class_ids, holds_from)
    for class_id in class_ids:
        check_claims(connection, event.site_id, class_id, [move for move in opposite if move.class_id == class_id])
    if event.kind in _BY_TWO and entry.second is None:
        raise Refusal("An accepted count and an adjustment are taken back by two persons.")
    told = Entry(entry.by, entry.now, entry.happened_at, entry.key, entry.second, reason)
    at = event.happened_at if event.holds_from is None else None  # an acceptance that is taken back was a count, not an act of then
    draft = Draft(EventKind.REVERSAL, event.site_id, told, opposite, reverses_id=event_id, holds_from=holds_from, takes_hold_at=at)
    return post(connection, draft)


def _boxes(move: Movement) -> set[int]:
    return {box for box in (move.source.container_id, move.target.container_id) if box is not None}


def _check_not_counted_since(connection: sa.Connection, event: sa.Row[tuple[object, ...]], class_ids: set[int], holds_from: int) -> None:
    counts = accepted_counts().where(
        stock_count.c.class_id.in_(class_ids),
        sa.or_(stock_count.c.began_at > event.happened_at, stock_count.c.position >= holds_from),
        count_acceptance.c.event_id > event.id,
    )
    counted = connection.execute(counts, {"site_id": event.site_id}).first()
    if counted is not None:
        refuse_counted(connection, counted.class_id)


def _check_not_built_on(connection: sa.Connection, event_id: int) -> None:
    def standing(column: sa.Column[int], of: sa.ColumnElement[bool]) -> bool:
        return connection.execute(sa.select(column).where(of, stands(column))).first() is not None

    if standing(reprint_receipt.c.event_id, reprint_receipt.c.request_id == event_id):
        raise Refusal("Reprinted sheets of this request have been received. Reverse the receipt first.")
    sheets = sa.select(count_sheet.c.count_id).where(count_sheet.c.event_id == event_id)
    if standing(count_acceptance.c.event_id, sa.or_(count_acceptance.c.count_id == event_id, count_acceptance.c.count_id.in_(sheets))):
        raise Refusal("This count has been accepted. Reverse the acceptance first.")
    if standing(consignment_end.c.event_id, consignment_end.c.consignment_id == event_id):
        raise Refusal("Sheets of this consignment have arrived, come back or been lost. Reverse that first.")
    box = sa.select(packing.c.container_id).where(packing.c.event_id == event_id)
    if connection.execute(sa.select(seal.c.number).where(seal.c.container_id.in_(box))).first() is not None:
        raise Refusal("This box has been sealed. Open it before witnesses and unpack it instead.")
