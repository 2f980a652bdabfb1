"""Putting right what was posted wrongly: nothing is edited, an event is reversed by another and both stay in the books."""

from datetime import datetime

import sqlalchemy as sa

from storage.database import Database
from storage.people import Person
from storage.rules.posting import Posting, State
from storage.rules.refusal import Refusal
from storage.schema.stock import count_acceptance, posting, reprint_receipt, stock_event
from storage.stock.classes import class_of
from storage.stock.journal import Draft, Entry, EventKind, check_not_counted_since, once, post, reversed_events
from storage.stock.reprints import reprint_claims

__all__ = ["State", "enter_reversal", "post", "reverse_event"]


def reverse_event(database: Database, event_id: int, reason: str, *, by: Person, now: datetime, key: str) -> int:
    """Reverses an event: the same postings with the opposite sign, linked to it. The reversing event's id.

    Raises Refusal without a reason, for an unknown event, one reversed before or itself a reversal, one that others have been
    built on (sheets moved on, reprints requested or received, a count accepted), and says which.
    """
    entry = Entry(by, now, now, key)
    return once(database, key, lambda connection: enter_reversal(connection, event_id, reason, entry))


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
    if connection.scalar(sa.select(stock_event.c.id).where(stock_event.c.reverses_id == event_id)) is not None:
        raise Refusal("Entry {number} has been reversed already.", number=event_id)
    _check_not_built_on(connection, event_id)
    holds_from = event_id if event.holds_from is None else event.holds_from
    rows = connection.execute(sa.select(posting).where(posting.c.event_id == event_id)).all()
    check_not_counted_since(
        connection,
        event.site_id,
        {row.class_id for row in rows},
        happened_at=event.happened_at,
        after_event=event_id,
        holds_from=holds_from,
    )
    claims = {row.class_id: reprint_claims(connection, event.site_id, row.class_id) for row in rows}
    opposite = tuple(Posting(row.site_id, row.class_id, State(row.state), -row.quantity) for row in rows)
    kind = EventKind.REVERSAL
    reversal_id = post(connection, Draft(kind, event.site_id, entry, opposite, reason, reverses_id=event_id, holds_from=holds_from))
    for class_id, before in claims.items():
        after = reprint_claims(connection, event.site_id, class_id)
        if after.damaged < min(0, before.damaged) or after.short < min(0, before.short):
            raise Refusal(
                "Reprints of {ballot} have been requested for what this entry found damaged or short. Reverse the request first.",
                ballot=class_of(connection, class_id).name,
            )
    return reversal_id


def _check_not_built_on(connection: sa.Connection, event_id: int) -> None:
    receipt = sa.select(reprint_receipt.c.event_id).where(
        reprint_receipt.c.request_id == event_id, reprint_receipt.c.event_id.not_in(reversed_events())
    )
    if connection.scalar(receipt) is not None:
        raise Refusal("Reprinted sheets of this request have been received. Reverse the receipt first.")
    acceptance = sa.select(count_acceptance.c.event_id).where(
        count_acceptance.c.count_id == event_id, count_acceptance.c.event_id.not_in(reversed_events())
    )
    if connection.scalar(acceptance) is not None:
        raise Refusal("This count has been accepted. Reverse the acceptance first.")
