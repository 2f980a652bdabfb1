"""Consignments: sealed containers on their way, from whose hand into whose, and what became of them: arrived, came back, or lost."""

from collections.abc import Callable, Sequence
from dataclasses import asdict, dataclass, replace
from datetime import datetime

import sqlalchemy as sa

from storage.chain import lock_sites
from storage.ledger.journal import Draft, Entry, Facts, at, post
from storage.ledger.sides import moves_of
from storage.ledger.standing import stands
from storage.people.right import right
from storage.rules.movement import EventKind, Movement, Place, State
from storage.rules.refusal import Refusal
from storage.rules.rights import Act
from storage.schema.goods import consignment, consignment_end, container, packing
from storage.schema.ledger import content, movement, stock_event
from storage.schema.places import site
from storage.stock.containers import contents, find_containers, is_sealed, whole_containers
from storage.stock.witnesses import Witness, witness_facts

SENT = (State.GOOD, State.SURPLUS, State.PACKED)


@dataclass(frozen=True)
class Consignment:
    """The paper that travels along. number: of the minutes of handing over; persons by name; the rest may be empty."""

    number: str
    to_site_id: int
    from_person: str
    to_person: str
    vehicle: str = ""
    route: str = ""
    escort: str = ""


@dataclass(frozen=True)
class Outcome:
    """What became of the sheets of a consignment. dispatched = delivered + returned + lost + under_way, always."""

    dispatched: int
    delivered: int
    returned: int
    lost: int

    @property
    def under_way(self) -> int:
        return self.dispatched - self.delivered - self.returned - self.lost


@right(Act.BOOK)
def enter_dispatch(connection: sa.Connection, site_id: int, paper: Consignment, container_ids: Sequence[int], entry: Entry) -> int:
    """Sends containers with all that stands in them; the consignment's id. To a polling station go the boxes that are packed for it.

    Raises Refusal for a paper without number or persons, or used before, a site that is the same or not confirmed, a container that is
    not here, empty, not sealed, or holds what is not sent (unsorted or damaged sheets) or sheets of several states.
    """
    lock_sites(connection, [site_id])
    row = _checked_paper(connection, site_id, paper)
    _check_whole(connection, container_ids)
    _check_station(connection, container_ids, paper.to_site_id)
    for this in find_containers(connection, container_ids):
        if not is_sealed(connection, this.id):
            raise Refusal("Container {code} is not sealed.", code=this.code)
        if len({inside.state for inside in contents(connection, whole_containers(connection, [this.id]))}) > 1:
            raise Refusal("Container {code} holds sheets of more than one state; sort them apart first.", code=this.code)
    movements = []
    for inside in contents(connection, whole_containers(connection, container_ids)):
        if inside.site_id != site_id or inside.state not in SENT:
            [this] = find_containers(connection, [inside.container_id])
            raise Refusal(
                "Container {code} holds {state} sheets or is elsewhere; it is not sent.", code=this.code, state=inside.state.value
            )
        here = at(site_id, inside.state, inside.container_id)
        movements.append(Movement(inside.class_id, inside.sheets, here, at(site_id, State.IN_TRANSIT, inside.container_id)))
    if not movements:
        raise Refusal("These containers are empty.")
    return post(connection, Draft(EventKind.DISPATCH, site_id, entry, tuple(movements), {"consignment": [row]}))


def _check_whole(connection: sa.Connection, container_ids: Sequence[int]) -> None:
    """What stands in a sealed container goes with it or stays with it."""
    for this in find_containers(connection, container_ids):
        if this.parent_id is not None and this.parent_id not in container_ids and is_sealed(connection, this.parent_id):
            [outer] = find_containers(connection, [this.parent_id])
            raise Refusal("Container {code} stands in {outer}, which is sealed and moves whole.", code=this.code, outer=outer.code)


def _check_station(connection: sa.Connection, container_ids: Sequence[int], to_site_id: int) -> None:
    """A box that is packed for one polling station does not go to another."""
    query = (
        sa.select(container.c.code)
        .join(packing, packing.c.container_id == container.c.id)
        .join(content, content.c.container_id == container.c.id)
        .where(container.c.id.in_(whole_containers(connection, container_ids)), packing.c.station_id != to_site_id)
        .where(content.c.state == State.PACKED.value, content.c.quantity > 0)
    )
    code = connection.scalar(query) if connection.scalar(sa.select(site.c.kind).where(site.c.id == to_site_id)) == "tps" else None
    if code is not None:
        raise Refusal("Box {code} is packed for another polling station.", code=code)


def _checked_paper(connection: sa.Connection, site_id: int, paper: Consignment) -> dict[str, object]:
    row = {name: value.strip() if isinstance(value, str) else value for name, value in asdict(paper).items()}
    if not (row["number"] and row["from_person"] and row["to_person"]):
        raise Refusal("A consignment needs a number, who hands over and who takes over.")
    if str(row["from_person"]).lower() == str(row["to_person"]).lower():
        raise Refusal("Who hands over and who takes over are two persons.")
    if connection.scalar(sa.select(consignment.c.event_id).where(consignment.c.number == row["number"])) is not None:
        raise Refusal("There is a consignment {number} already.", number=row["number"])
    target = connection.execute(sa.select(site).where(site.c.id == paper.to_site_id)).one_or_none()
    if target is None or target.id == site_id:
        raise Refusal("Choose the site that the consignment goes to.")
    if target.status != "confirmed":
        raise Refusal("{site} is not confirmed yet; nothing is sent there.", site=target.name)
    return row


@right(Act.BOOK, consignment_id="arriving_id")
def enter_arrival(connection: sa.Connection, consignment_id: int, entry: Entry, *, container_ids: Sequence[int] | None = None) -> int:
    """Takes over what arrived where it was sent to: at a polling station it is delivered, elsewhere as it was sent; surplus as good.

    container_ids: None for all that is still under way. The event's id. Raises Refusal where nothing of it is under way.
    """
    to_site, kind = connection.execute(
        sa.select(site.c.id, site.c.kind)
        .join(consignment, consignment.c.to_site_id == site.c.id)
        .where(consignment.c.event_id == consignment_id)
    ).one_or_none() or (0, "")

    def target(was: State, container_id: int) -> Place:
        if was is not State.PACKED:
            return at(to_site, State.GOOD, container_id)
        return at(to_site, State.DELIVERED if kind == "tps" else State.PACKED, container_id)

    return _end(connection, Draft(EventKind.ARRIVAL, to_site, entry), consignment_id, container_ids, target)


@right(Act.BOOK)
def enter_return(connection: sa.Connection, consignment_id: int, entry: Entry, *, container_ids: Sequence[int] | None = None) -> int:
    """Takes back what came back, as it was before it was sent. Otherwise as enter_arrival."""
    origin = _origin(connection, consignment_id)
    draft = Draft(EventKind.RETURN, origin, entry)
    return _end(connection, draft, consignment_id, container_ids, lambda was, box: at(origin, was, box))


@right(Act.BOOK)
def enter_loss(
    connection: sa.Connection,
    consignment_id: int,
    minutes: str,
    entry: Entry,
    *,
    container_ids: Sequence[int] | None = None,
    witnesses: Sequence[Witness] = (),
) -> int:
    """Books what was lost on the way, with the number of the minutes. Otherwise as enter_arrival."""
    if not minutes.strip():
        raise Refusal("Enter the number of the minutes.")
    origin = _origin(connection, consignment_id)
    facts: Facts = {"minutes": [{"number": minutes.strip()}], **witness_facts(connection, witnesses, entry)}
    draft = Draft(EventKind.LOSS, origin, entry, facts=facts)
    return _end(connection, draft, consignment_id, container_ids, lambda _was, box: at(origin, State.LOST, box))


def outcome(connection: sa.Connection, consignment_id: int) -> Outcome:
    """What became of a consignment so far."""
    sheets = sa.func.coalesce(sa.func.sum(movement.c.quantity), 0)
    dispatched = int(connection.execute(sa.select(sheets).where(movement.c.event_id == consignment_id)).scalar_one())
    query = (
        sa.select(stock_event.c.kind, sheets)
        .join(consignment_end, consignment_end.c.event_id == stock_event.c.id)
        .join(movement, movement.c.event_id == stock_event.c.id)
        .where(consignment_end.c.consignment_id == consignment_id, stands(stock_event.c.id))
        .group_by(stock_event.c.kind)
    )
    ends = {kind: int(total) for kind, total in connection.execute(query)}
    return Outcome(dispatched, ends.get("arrival", 0), ends.get("return", 0), ends.get("loss", 0))


def _end(
    connection: sa.Connection, draft: Draft, consignment_id: int, container_ids: Sequence[int] | None, target: Callable[[State, int], Place]
) -> int:
    """draft: what the end says; its movements are found here. target: where sheets of a container go that were sent in a state."""
    standing = sa.select(consignment.c.event_id).where(consignment.c.event_id == consignment_id)
    if connection.scalar(standing.where(stands(consignment.c.event_id))) is None:
        raise Refusal("There is no consignment with the number {number}.", number=consignment_id)
    origin = _origin(connection, consignment_id)
    lock_sites(connection, {origin, draft.site_id})
    if draft.entry.happened_at < _sent_at(connection, consignment_id):
        raise Refusal("This cannot have happened before the consignment was sent. Check the date and time.")
    if container_ids is not None:
        _check_whole(connection, container_ids)
    wanted = None if container_ids is None else set(whole_containers(connection, container_ids))
    ended = _ended(connection, consignment_id)
    movements = []
    for sent in moves_of(connection, consignment_id):
        box = sent.source.container_id
        if box is None or (wanted is not None and box not in wanted) or (box, sent.class_id) in ended:
            continue
        way = at(origin, State.IN_TRANSIT, box)
        movements.append(Movement(sent.class_id, sent.quantity, way, target(sent.source.state, box)))
    if not movements:
        raise Refusal("Nothing of this consignment is still under way.")
    facts = {**draft.facts, "consignment_end": [{"consignment_id": consignment_id}]}
    return post(connection, replace(draft, movements=tuple(movements), facts=facts))


def _ended(connection: sa.Connection, consignment_id: int) -> set[tuple[int | None, int]]:
    """The containers and classes of a consignment that have arrived, come back or been lost; always with all that was in them."""
    query = (
        sa.select(movement.c.from_container_id, movement.c.class_id)
        .join(consignment_end, consignment_end.c.event_id == movement.c.event_id)
        .where(consignment_end.c.consignment_id == consignment_id, stands(movement.c.event_id))
    )
    return {(row.from_container_id, row.class_id) for row in connection.execute(query)}


def _sent_at(connection: sa.Connection, consignment_id: int) -> datetime:
    sent_at: datetime = connection.execute(sa.select(stock_event.c.happened_at).where(stock_event.c.id == consignment_id)).scalar_one()
    return sent_at


def _origin(connection: sa.Connection, consignment_id: int) -> int:
    found: int | None = connection.scalar(
        sa.select(stock_event.c.site_id).where(stock_event.c.id == consignment_id, stock_event.c.kind == "dispatch")
    )
    if found is None:
        raise Refusal("There is no consignment with the number {number}.", number=consignment_id)
    return found
