"""Cartons, boxes and pallets: what lies in them, where they stand, their seals, and opening them before witnesses."""

from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum

import sqlalchemy as sa

from storage.chain import lock_sites, new_ids
from storage.ledger.journal import Draft, Entry, Facts, at, check_site, moved, post
from storage.people.right import right
from storage.rules.movement import EventKind, State
from storage.rules.quantity import checked_sheets
from storage.rules.refusal import Refusal
from storage.rules.rights import Act
from storage.schema.goods import container, placement, seal, seal_break
from storage.schema.ledger import content
from storage.schema.places import room
from storage.stock.classes import class_of
from storage.stock.witnesses import Witness, witness_facts


class ContainerKind(StrEnum):
    """A carton stands in a box or on a pallet, a box on a pallet."""

    CARTON = "carton"
    BOX = "box"
    PALLET = "pallet"


@dataclass(frozen=True)
class Container:
    """code: what its QR label says. parent_id, room_id: where it stands. seals: the unbroken ones."""

    id: int
    code: str
    kind: ContainerKind
    parent_id: int | None
    room_id: int | None
    seals: tuple[str, ...]


@dataclass(frozen=True)
class Content:
    """Sheets of a class in a container that is at a site."""

    container_id: int
    class_id: int
    site_id: int
    state: State
    sheets: int


_RANK = {ContainerKind.CARTON: 1, ContainerKind.BOX: 2, ContainerKind.PALLET: 3}


@right(Act.BOOK)
def enter_containers(
    connection: sa.Connection, site_id: int, kind: ContainerKind, codes: Sequence[str], entry: Entry, *, room_id: int | None = None
) -> list[int]:
    """Labels new, empty containers and places them; their ids in the order of the codes.

    Raises Refusal for an empty or taken code, one named twice, or a room of another site.
    """
    check_site(connection, site_id)
    lock_sites(connection, [site_id])
    codes = [checked_code(code) for code in codes]
    if not codes or len(set(codes)) < len(codes):
        raise Refusal("Name each new container once.")
    taken = connection.scalar(sa.select(container.c.code).where(container.c.code.in_(codes)))
    if taken is not None:
        raise Refusal("There is a container with the code {code} already.", code=taken)
    _check_room(connection, site_id, room_id)
    ids = new_ids(connection, container, len(codes))
    facts: Facts = {
        "container": [{"id": number, "code": code, "kind": kind.value} for number, code in zip(ids, codes, strict=True)],
        "placement": [{"container_id": number, "parent_id": None, "room_id": room_id} for number in ids],
    }
    post(connection, Draft(EventKind.PLACEMENT, site_id, entry, facts=facts))
    return ids


@right(Act.BOOK)
def enter_placement(
    connection: sa.Connection,
    site_id: int,
    container_ids: Sequence[int],
    entry: Entry,
    *,
    parent_id: int | None = None,
    room_id: int | None = None,
) -> int:
    """Puts containers into a larger one, or alone into a room; out of where they stood. The event's id.

    Raises Refusal for a container that is not here or on its way, a smaller one as parent, or a sealed one on either side.
    """
    lock_sites(connection, [site_id])
    _check_room(connection, site_id, room_id)
    found = find_containers(connection, container_ids)
    outer = [find_containers(connection, [parent_id])[0]] if parent_id is not None else []
    for this in found:
        if outer and _RANK[this.kind] >= _RANK[outer[0].kind]:
            raise Refusal("Container {code} does not fit into {outer}.", code=this.code, outer=outer[0].code)
        _check_here(connection, site_id, this)
    if outer and any(held.state is State.PACKED for held in contents(connection, [outer[0].id])):
        raise Refusal("Container {code} is packed for a polling station; nothing else goes into it.", code=outer[0].code)
    for holder in outer + [find_containers(connection, [this.parent_id])[0] for this in found if this.parent_id is not None]:
        check_not_sealed(connection, holder.id)
    rows = [{"container_id": this.id, "parent_id": parent_id, "room_id": room_id} for this in found]
    return post(connection, Draft(EventKind.PLACEMENT, site_id, entry, facts={"placement": rows}))


@right(Act.BOOK)
def enter_filling(
    connection: sa.Connection,
    site_id: int,
    container_id: int,
    *,
    class_id: int,
    state: State,
    sheets: int,
    entry: Entry,
    out: bool = False,
) -> int:
    """Puts loose sheets of a state into a container, or takes them out of it; the event's id.

    Raises Refusal for a sealed container, one that is not here, a packed box, or more sheets than there are.
    """
    checked_sheets(sheets, least=1)
    class_of(connection, class_id)
    lock_sites(connection, [site_id])
    [this] = find_containers(connection, [container_id])
    _check_here(connection, site_id, this)
    check_not_sealed(connection, container_id)
    if not out and any(held.state is State.PACKED for held in contents(connection, [container_id])):
        raise Refusal("Container {code} is packed for a polling station; nothing else goes into it.", code=this.code)
    loose, inside = at(site_id, state), at(site_id, state, container_id)
    movements = moved(class_id, sheets, *((inside, loose) if out else (loose, inside)))
    return post(connection, Draft(EventKind.REPACK, site_id, entry, movements))


@right(Act.BOOK)
def enter_sealing(connection: sa.Connection, site_id: int, seals: Sequence[tuple[int, str]], entry: Entry) -> int:
    """Puts numbered seals on containers; seals: pairs of container id and seal number. The event's id.

    Raises Refusal for a number that is empty, named twice or was used before, or a container that is not here.
    """
    lock_sites(connection, [site_id])
    for this in find_containers(connection, sorted({container_id for container_id, _number in seals})):
        _check_here(connection, site_id, this)
    rows = seal_rows(connection, seals)
    return post(connection, Draft(EventKind.SEALING, site_id, entry, facts={"seal": rows}))


@right(Act.BREAK_SEAL)
def enter_opening(
    connection: sa.Connection, site_id: int, container_id: int, witnesses: Sequence[Witness], entry: Entry, *, minutes: str = ""
) -> int:
    """Breaks every seal of a container before at least two witnesses, none of whom acts, be it on its way. The event's id."""
    lock_sites(connection, [site_id])
    [this] = find_containers(connection, [container_id])
    _check_here(connection, site_id, this, under_way=True)
    if not this.seals:
        raise Refusal("Container {code} is not sealed.", code=this.code)
    if len(witnesses) < 2:
        raise Refusal("A seal is broken before two witnesses.")
    facts: Facts = {
        "seal_break": [{"seal_number": number} for number in this.seals],
        **witness_facts(connection, witnesses, entry),
        "minutes": [{"number": minutes.strip()}] if minutes.strip() else [],
    }
    return post(connection, Draft(EventKind.OPENING, site_id, entry, facts=facts))


def find_containers(connection: sa.Connection, container_ids: Sequence[int]) -> list[Container]:
    """These containers in this order. Raises Refusal if one is unknown."""
    newest = (
        sa.select(placement.c.container_id, sa.func.max(placement.c.event_id).label("event_id"))
        .where(placement.c.container_id.in_(container_ids))
        .group_by(placement.c.container_id)
        .subquery()
    )
    query = (
        sa.select(container, placement.c.parent_id, placement.c.room_id)
        .join(newest, newest.c.container_id == container.c.id, isouter=True)
        .join(
            placement,
            sa.and_(placement.c.container_id == container.c.id, placement.c.event_id == newest.c.event_id),
            isouter=True,
        )
        .where(container.c.id.in_(container_ids))
    )
    seals: dict[int, tuple[str, ...]] = {}
    for row in connection.execute(open_seals().where(seal.c.container_id.in_(container_ids))):
        seals[row.container_id] = (*seals.get(row.container_id, ()), row.number)
    found = {
        row.id: Container(row.id, row.code, ContainerKind(row.kind), row.parent_id, row.room_id, seals.get(row.id, ()))
        for row in connection.execute(query)
    }
    for container_id in container_ids:
        if container_id not in found:
            raise Refusal("There is no container with the number {number}.", number=container_id)
    return [found[container_id] for container_id in container_ids]


def container_with_code(connection: sa.Connection, code: str) -> Container:
    """The container whose label says this. Raises Refusal if there is none."""
    found = connection.scalar(sa.select(container.c.id).where(container.c.code == code.strip()))
    if found is None:
        raise Refusal("There is no container with the code {code}.", code=code)
    return find_containers(connection, [found])[0]


def whole_containers(connection: sa.Connection, container_ids: Sequence[int]) -> list[int]:
    """These containers and all that stand in them, at most two deep."""
    inside = list(dict.fromkeys(container_ids))
    outer = inside
    for _depth in range(2):
        newer = placement.alias()
        later = sa.exists().where(newer.c.container_id == placement.c.container_id, newer.c.event_id > placement.c.event_id)
        outer = list(connection.scalars(sa.select(placement.c.container_id).where(placement.c.parent_id.in_(outer), ~later)))
        inside += [number for number in outer if number not in inside]
    return inside


def contents(connection: sa.Connection, container_ids: Sequence[int]) -> list[Content]:
    """What lies in these containers, without what stands in them."""
    query = sa.select(content).where(content.c.container_id.in_(container_ids), content.c.quantity > 0)
    rows = connection.execute(query.order_by(content.c.container_id, content.c.class_id, content.c.site_id, content.c.state))
    return [Content(row.container_id, row.class_id, row.site_id, State(row.state), row.quantity) for row in rows]


def open_seals() -> sa.Select[tuple[str, int]]:
    """number and container_id of the seals that are not broken."""
    return sa.select(seal.c.number, seal.c.container_id).where(seal.c.number.not_in(sa.select(seal_break.c.seal_number)))


def seal_rows(connection: sa.Connection, seals: Sequence[tuple[int, str]]) -> list[dict[str, object]]:
    """Rows for seals that are put on. Raises Refusal for a number that is empty, named twice or was used before."""
    rows: list[dict[str, object]] = [{"number": number.strip(), "container_id": container_id} for container_id, number in seals]
    numbers = [str(row["number"]) for row in rows]
    if not rows or "" in numbers or len(set(numbers)) < len(numbers):
        raise Refusal("Name each seal once, by its number.")
    used = connection.scalar(sa.select(seal.c.number).where(seal.c.number.in_(numbers)))
    if used is not None:
        raise Refusal("Seal {number} has been used already.", number=used)
    return rows


def checked_code(code: str) -> str:
    """A container's code without what stands around it. Raises Refusal if nothing is left or it is too long for a label."""
    code = code.strip()
    if not code or len(code) > 60:
        raise Refusal("A container's code has 1 to 60 signs.")
    return code


def check_not_sealed(connection: sa.Connection, container_id: int) -> None:
    """Raises Refusal if the container, or one that it stands in, is sealed."""
    check_none_sealed(connection, [container_id])


def check_none_sealed(connection: sa.Connection, container_ids: Sequence[int]) -> None:
    """As check_not_sealed for many."""
    outer = list(container_ids)
    while outer:
        found = find_containers(connection, outer)
        for this in found:
            if this.seals:
                raise Refusal("Container {code} is sealed. Open it before two witnesses first.", code=this.code)
        outer = list({this.parent_id for this in found if this.parent_id is not None})


def is_sealed(connection: sa.Connection, container_id: int) -> bool:
    """Whether the container, or one that it stands in, is sealed."""
    try:
        check_not_sealed(connection, container_id)
    except Refusal:
        return True
    return False


def _check_here(connection: sa.Connection, site_id: int, this: Container, *, under_way: bool = False) -> None:
    """An empty container is wherever somebody holds it. under_way: it may have been sent from here and not have arrived."""
    for inside in contents(connection, whole_containers(connection, [this.id])):
        if inside.site_id != site_id:
            raise Refusal("Container {code} is not in this warehouse.", code=this.code)
        if inside.state in (State.IN_TRANSIT, State.LOST) and not under_way:
            raise Refusal("Container {code} is on its way or was lost.", code=this.code)


def _check_room(connection: sa.Connection, site_id: int, room_id: int | None) -> None:
    if room_id is not None and connection.scalar(sa.select(room.c.site_id).where(room.c.id == room_id)) != site_id:
        raise Refusal("There is no such room in this warehouse.")
