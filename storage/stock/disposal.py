"""What is not needed: set apart as surplus, adjusted, destroyed before witnesses; and closing the books over what is done."""

from collections.abc import Mapping, Sequence
from datetime import datetime

import sqlalchemy as sa

from storage.chain import lock_sites
from storage.ledger.journal import Draft, Entry, Facts, at, moved, post
from storage.ledger.stores import Stores
from storage.people.right import right
from storage.rules.movement import COUNTED, EventKind, Movement, State
from storage.rules.quantity import checked_sheets
from storage.rules.refusal import Refusal
from storage.rules.rights import Act
from storage.schema.ledger import balance, stock_event
from storage.schema.stock import ballot_class
from storage.stock.classes import class_of
from storage.stock.containers import check_not_sealed, contents, whole_containers
from storage.stock.reprints import check_claims
from storage.stock.witnesses import Institution, Witness, witness_facts

# By the day before polling nothing is left of these but for a re-vote.
GONE = (State.UNSORTED, State.DAMAGED, State.SURPLUS)
DESTROYED = (State.DAMAGED, State.SURPLUS)


@right(Act.BOOK)
def enter_surplus(
    connection: sa.Connection,
    site_id: int,
    class_id: int,
    sheets: int,
    *,
    entry: Entry,
    container_id: int | None = None,
    back: bool = False,
) -> int:
    """Sets good sheets apart as surplus, or takes them back; loose, or in a container. The event's id.

    Raises Refusal for a sealed container, or more sheets than are there.
    """
    checked_sheets(sheets, least=1)
    class_of(connection, class_id)
    if container_id is not None:
        check_not_sealed(connection, container_id)
    good, surplus = at(site_id, State.GOOD, container_id), at(site_id, State.SURPLUS, container_id)
    return post(
        connection, Draft(EventKind.SURPLUS, site_id, entry, moved(class_id, sheets, *((surplus, good) if back else (good, surplus))))
    )


@right(Act.ADJUST)
def enter_adjustment(
    connection: sa.Connection, site_id: int, class_id: int, changes: Mapping[State, int], *, minutes: str, entry: Entry
) -> int:
    """Sets the books right by so many sheets of each state (below zero: fewer), outside a count; by two persons, with minutes.

    Raises Refusal without a reason, a second person, minutes or a change, or where sheets would be missing.
    """
    _check_two(entry)
    class_of(connection, class_id)
    if not minutes.strip():
        raise Refusal("Enter the number of the minutes.")
    variance = at(site_id, State.VARIANCE)
    movements: tuple[Movement, ...] = ()
    for state, change in changes.items():
        if state not in COUNTED:
            raise ValueError(f"{state} sheets are not adjusted")
        sheets = checked_sheets(abs(change))
        movements += moved(class_id, sheets, *((variance, at(site_id, state)) if change > 0 else (at(site_id, state), variance)))
    if not movements:
        raise Refusal("Enter by how many sheets the books are wrong.")
    check_claims(connection, site_id, class_id, list(movements))
    return post(connection, Draft(EventKind.ADJUSTMENT, site_id, entry, movements, {"minutes": [{"number": minutes.strip()}]}))


@right(Act.DESTROY)
def enter_destruction(
    connection: sa.Connection,
    site_id: int,
    sheets: Mapping[tuple[int, State], int],
    *,
    minutes: str,
    witnesses: Sequence[Witness],
    entry: Entry,
    container_ids: Sequence[int] = (),
) -> int:
    """Destroys loose damaged or surplus sheets, by class and state, and all that lies in the named containers. The event's id.

    Raises Refusal without a second person, a reason, minutes, witnesses of Polri and Bawaslu, or where sheets would be missing.
    """
    _check_two(entry)
    if not minutes.strip():
        raise Refusal("Enter the number of the minutes.")
    if not {Institution.POLRI, Institution.BAWASLU} <= {witness.institution for witness in witnesses}:
        raise Refusal("A destruction is witnessed by Polri and by Bawaslu.")
    lock_sites(connection, [site_id])
    movements: tuple[Movement, ...] = ()
    for (class_id, state), quantity in sheets.items():
        class_of(connection, class_id)
        if state not in DESTROYED:
            raise Refusal("Only damaged and surplus sheets are destroyed.")
        movements += moved(class_id, checked_sheets(quantity), at(site_id, state), at(site_id, State.DESTROYED))
    for inside in contents(connection, whole_containers(connection, container_ids)):
        if inside.site_id != site_id or inside.state not in DESTROYED:
            raise Refusal("Only damaged and surplus sheets are destroyed.")
        box = inside.container_id
        movements += moved(inside.class_id, inside.sheets, at(site_id, inside.state, box), at(site_id, State.DESTROYED, box))
    if not movements:
        raise Refusal("Enter what is destroyed.")
    facts: Facts = {"minutes": [{"number": minutes.strip()}], **witness_facts(connection, witnesses, entry)}
    return post(connection, Draft(EventKind.DESTRUCTION, site_id, entry, movements, facts))


@right(Act.CLOSE)
def enter_close(connection: sa.Connection, site_id: int, closed_until: datetime, entry: Entry, *, final: bool = False) -> int:
    """Closes the books of a site: what happened before closed_until can no longer be entered. The event's id.

    final: all is gone that must be gone the day before polling. Raises Refusal without a reason or a second person, for a close that
    does not reach further than the last one, and a final one while unsorted, damaged or surplus sheets are left, re-vote stock apart.
    """
    _check_two(entry)
    lock_sites(connection, [site_id])
    before = Stores(connection, {site_id}).closed_until(site_id)
    if closed_until > entry.now or (before is not None and closed_until <= before):
        raise Refusal("A close reaches further than the one before it, and not into the future.")
    if final:
        newest = sa.select(sa.func.max(stock_event.c.happened_at)).where(stock_event.c.site_id == site_id)
        if closed_until < (connection.execute(newest).scalar_one() or closed_until):
            raise Refusal("A final close reaches to the last entry.")
        left = (
            sa.select(balance.c.class_id, balance.c.state, balance.c.quantity)
            .join(ballot_class, ballot_class.c.id == balance.c.class_id)
            .where(balance.c.site_id == site_id, balance.c.state.in_([state.value for state in GONE]), balance.c.quantity > 0)
        )
        row = connection.execute(left.where(ballot_class.c.purpose == "regular").order_by(balance.c.class_id)).first()
        if row is not None:
            raise Refusal(
                "{sheets} sheets of {ballot} are still {state}; by the day before polling they must be gone.",
                sheets=row.quantity,
                ballot=class_of(connection, row.class_id).name,
                state=row.state,
            )
    facts: Facts = {"stock_close": [{"closed_until": closed_until, "final": int(final)}]}
    return post(connection, Draft(EventKind.CLOSE, site_id, entry, facts=facts))


def _check_two(entry: Entry) -> None:
    if entry.second is None or not entry.reason:
        raise Refusal("This needs a reason and two persons.")
