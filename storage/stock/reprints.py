"""Reprints: asked for what is damaged or short, never for more, and received never above what was asked."""

from dataclasses import dataclass
from datetime import datetime

import sqlalchemy as sa

from storage.chain import lock_sites
from storage.database import Database
from storage.ledger.journal import Draft, Entry, at, check_site, moved, once, post
from storage.ledger.standing import stands
from storage.people.person import Person
from storage.people.right import right
from storage.rules.movement import EventKind, Movement, State
from storage.rules.quantity import checked_sheets
from storage.rules.refusal import Refusal
from storage.rules.rights import Act
from storage.schema.ledger import movement, stock_event
from storage.schema.stock import delivery_line, reprint_receipt, reprint_request
from storage.stock.classes import class_of


@dataclass(frozen=True)
class Claims:
    """Sheets of one class at one site for which a reprint may still be requested; damaged and short are different facts.

    Below zero where a count has since found fewer damaged sheets than were requested for.
    """

    damaged: int
    short: int


@dataclass(frozen=True)
class Reprint:
    """A request and what has come of it, in sheets. open: requested and not yet received."""

    id: int
    class_id: int
    for_damaged: int
    for_short: int
    requested_at: datetime
    received: int
    open: int


def reprint_claims(connection: sa.Connection, site_id: int, class_id: int) -> Claims:
    """What was found damaged, and what deliveries were short of, less all that has been requested; reversed entries do not count.

    Damaged sheets stay in the books as damaged until they are destroyed, and a destroyed one was found damaged all the same.
    """
    requested = (
        sa.select(
            sa.func.coalesce(sa.func.sum(reprint_request.c.for_damaged), 0), sa.func.coalesce(sa.func.sum(reprint_request.c.for_short), 0)
        )
        .join(stock_event, stock_event.c.id == reprint_request.c.event_id)
        .where(stock_event.c.site_id == site_id, reprint_request.c.class_id == class_id, stands(stock_event.c.id))
    )
    for_damaged, for_short = connection.execute(requested).one()
    found, lost = (
        sa.select(sa.func.coalesce(sa.func.sum(movement.c.quantity), 0)).where(
            site == site_id, movement.c.class_id == class_id, state == State.DAMAGED.value
        )
        for site, state in ((movement.c.to_site_id, movement.c.to_state), (movement.c.from_site_id, movement.c.from_state))
    )
    lost = lost.where(movement.c.to_state != State.DESTROYED.value)
    lacking = delivery_line.c.declared - delivery_line.c.received
    short = (
        sa.select(sa.func.coalesce(sa.func.sum(lacking), 0))
        .join(stock_event, stock_event.c.id == delivery_line.c.event_id)
        .where(stock_event.c.site_id == site_id, delivery_line.c.class_id == class_id, lacking > 0, stands(stock_event.c.id))
    )
    damaged = int(connection.execute(found).scalar_one()) - int(connection.execute(lost).scalar_one())
    return Claims(damaged - int(for_damaged), int(connection.execute(short).scalar_one()) - int(for_short))


def check_claims(connection: sa.Connection, site_id: int, class_id: int, moves: list[Movement]) -> None:
    """Raises Refusal where movements would take away what reprints have been requested for.

    Below zero a claim may be already: where a count has found fewer damaged sheets.
    """
    claims = reprint_claims(connection, site_id, class_id)
    damaged = sum(move.quantity for move in moves if move.source.state is State.DAMAGED)
    damaged -= sum(move.quantity for move in moves if move.target.state is State.DAMAGED)
    short = sum(move.quantity for move in moves if (move.source.state, move.target.state) == (State.SHORT_CLAIM, State.PRINTER))
    if (damaged > 0 and claims.damaged < damaged) or (short > 0 and claims.short < short):
        raise Refusal(
            "Reprints of {ballot} have been requested for what this entry found damaged or short. Reverse the request first.",
            ballot=class_of(connection, class_id).name,
        )


@right(Act.SEE_STOCK)
def open_claims(database: Database, site_id: int, class_id: int) -> Claims:
    """What may still be requested. Raises Refusal for an unknown warehouse or class."""
    with database.read() as connection:
        check_site(connection, site_id)
        class_of(connection, class_id)
        claims = reprint_claims(connection, site_id, class_id)
        return Claims(max(0, claims.damaged), max(0, claims.short))


@right(Act.SEE_STOCK)
def reprint_ceiling(database: Database, site_id: int, class_id: int) -> int:
    """The most sheets that may still be requested, for damaged and short together. Raises as open_claims."""
    claims = open_claims(database, site_id, class_id)
    return claims.damaged + claims.short


@right(Act.BOOK)
def request_reprint(
    database: Database, site_id: int, class_id: int, *, for_damaged: int, for_short: int, by: Person, now: datetime, key: str
) -> int:
    """Authorises a reprint; no sheets move yet. The request's id.

    Raises Refusal for an unknown class, figures that are no numbers of sheets, or more than is damaged or short.
    """
    entry = Entry(by, now, now, key)

    def write(connection: sa.Connection) -> int:
        return enter_request(connection, site_id, class_id, for_damaged=for_damaged, for_short=for_short, entry=entry)

    return once(database, key, write)


@right(Act.BOOK)
def enter_request(connection: sa.Connection, site_id: int, class_id: int, *, for_damaged: int, for_short: int, entry: Entry) -> int:
    """As request_reprint, within a transaction."""
    checked_sheets(for_damaged)
    checked_sheets(for_short)
    ballot = class_of(connection, class_id)
    lock_sites(connection, [site_id])
    if for_damaged == for_short == 0:
        raise Refusal("Enter how many sheets are to be reprinted.")
    claims = reprint_claims(connection, site_id, class_id)
    if for_damaged > max(0, claims.damaged):
        raise Refusal(
            "Reprints for at most {most} damaged sheets of {ballot} can still be requested, not {asked}.",
            most=max(0, claims.damaged),
            ballot=ballot.name,
            asked=for_damaged,
        )
    if for_short > max(0, claims.short):
        raise Refusal(
            "Reprints for at most {most} short sheets of {ballot} can still be requested, not {asked}.",
            most=max(0, claims.short),
            ballot=ballot.name,
            asked=for_short,
        )
    facts = {"reprint_request": [{"class_id": class_id, "for_damaged": for_damaged, "for_short": for_short}]}
    return post(connection, Draft(EventKind.REPRINT_REQUEST, site_id, entry, facts=facts))


@right(Act.BOOK)
def receive_reprint(
    database: Database,
    request_id: int,
    sheets: int,
    *,
    by: Person,
    now: datetime,
    happened_at: datetime,
    key: str,
    second: Person | None = None,
    reason: str = "",
) -> int:
    """Books reprinted sheets as unsorted; they settle the short claim first, then stand for damaged sheets. The event's id.

    Raises Refusal for an unknown or reversed request, no number of sheets, or more than the request has open.
    """
    entry = Entry(by, now, happened_at, key, second, reason)
    return once(database, key, lambda connection: enter_receipt(connection, request_id, sheets, entry))


@right(Act.BOOK)
def enter_receipt(connection: sa.Connection, request_id: int, sheets: int, entry: Entry) -> int:
    """As receive_reprint, within a transaction."""
    checked_sheets(sheets, least=1)
    request = connection.execute(
        sa.select(reprint_request, stock_event.c.site_id)
        .join(stock_event, stock_event.c.id == reprint_request.c.event_id)
        .where(stock_event.c.id == request_id, stands(stock_event.c.id))
    ).one_or_none()
    if request is not None:
        lock_sites(connection, [request.site_id])
    if request is None:
        raise Refusal("There is no open reprint request with the number {number}.", number=request_id)
    total = sa.func.coalesce(sa.func.sum(reprint_receipt.c.sheets), 0)
    settled = sa.func.coalesce(sa.func.sum(reprint_receipt.c.for_short), 0)
    received, short_received = connection.execute(
        sa.select(total, settled).where(reprint_receipt.c.request_id == request_id, stands(reprint_receipt.c.event_id))
    ).one()
    received, short_received = int(received), int(short_received)
    still_open = request.for_damaged + request.for_short - received
    if sheets > still_open:
        raise Refusal("Only {open} sheets of this request are still to come, not {sheets}.", open=still_open, sheets=sheets)
    for_short = min(sheets, request.for_short - short_received)
    unsorted = at(request.site_id, State.UNSORTED)
    movements = moved(request.class_id, for_short, at(request.site_id, State.SHORT_CLAIM), unsorted)
    movements += moved(request.class_id, sheets - for_short, at(request.site_id, State.PRINTER), unsorted)
    facts = {"reprint_receipt": [{"request_id": request_id, "sheets": sheets, "for_short": for_short}]}
    return post(connection, Draft(EventKind.REPRINT_RECEIPT, request.site_id, entry, movements, facts))


@right(Act.SEE_STOCK)
def list_reprints(database: Database, site_id: int) -> list[Reprint]:
    """The requests of a warehouse that have not been reversed, newest first."""
    received = sa.func.coalesce(sa.func.sum(reprint_receipt.c.sheets), 0)
    query = (
        sa.select(reprint_request, stock_event.c.happened_at, received.label("received"))
        .join(stock_event, stock_event.c.id == reprint_request.c.event_id)
        .join(
            reprint_receipt,
            sa.and_(reprint_receipt.c.request_id == reprint_request.c.event_id, stands(reprint_receipt.c.event_id)),
            isouter=True,
        )
        .where(stock_event.c.site_id == site_id, stands(stock_event.c.id))
        .group_by(reprint_request.c.event_id, stock_event.c.happened_at)
        .order_by(reprint_request.c.event_id.desc())
    )
    with database.read() as connection:
        return [
            Reprint(
                row.event_id, row.class_id, row.for_damaged, row.for_short, row.happened_at, row.received,
                row.for_damaged + row.for_short - row.received,
            )
            for row in connection.execute(query)
        ]  # fmt: skip
