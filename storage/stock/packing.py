"""Packing the boxes of polling stations: exactly what a station is entitled to, or another figure in the name of two persons."""

from collections import deque
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from fractions import Fraction

import sqlalchemy as sa

from storage.chain import lock_sites, new_ids
from storage.ledger.journal import Draft, Entry, Facts, at, moved, post, post_many
from storage.ledger.standing import stands
from storage.people.right import right
from storage.rules.entitlement import station_sheets
from storage.rules.movement import EventKind, Movement, State
from storage.rules.quantity import checked_sheets
from storage.rules.refusal import Refusal
from storage.rules.rights import Act
from storage.schema.goods import container, packing, unpacking
from storage.schema.ledger import content
from storage.schema.places import site
from storage.schema.stock import class_area, election, polling_station
from storage.stock.classes import class_of
from storage.stock.containers import ContainerKind, check_none_sealed, check_not_sealed, checked_code, seal_rows

# How many boxes are looked up and written at a time.
PAGE_BOXES = 2_000


@dataclass(frozen=True)
class Box:
    """A box to be packed for one polling station with one class. code: its QR label; seals: put on at once, or later.

    sheets: None for the entitlement; another figure needs a reason and a second person.
    """

    station_id: int
    class_id: int
    code: str
    seals: tuple[str, ...] = ()
    sheets: int | None = None


@dataclass(frozen=True)
class Packed:
    """A box as it was packed. sheets may differ from what the station is entitled to, if two persons said so."""

    event_id: int
    station_id: int
    class_id: int
    container_id: int
    entitled: int
    sheets: int


@right(Act.BOOK)
def enter_packing(connection: sa.Connection, site_id: int, box: Box, entry: Entry, *, cartons: Sequence[int] = ()) -> int:
    """Packs one box; cartons: those that the sheets are taken from in this order, loose sheets if none are named. The event's id.

    Raises as enter_packings.
    """
    return enter_packings(connection, site_id, [box], entry, cartons=cartons)[0]


@right(Act.BOOK)
def enter_packings(
    connection: sa.Connection, site_id: int, boxes: Sequence[Box], entry: Entry, *, cartons: Sequence[int] = ()
) -> list[int]:
    """Packs many boxes, each as an event of its own; their ids. The first has the entry's key, each other one that and its box's code.

    Raises Refusal for a station without voters or that does not vote on the class, one packed before, a code or seal that is taken, a
    sealed carton, another figure than the entitlement without reason and second person, or too few good sheets.
    """
    lock_sites(connection, [site_id])
    source = _Source(connection, site_id, cartons)
    ids = []
    for first in range(0, len(boxes), PAGE_BOXES):
        page = boxes[first : first + PAGE_BOXES]
        ids += post_many(connection, list(_drafts(connection, site_id, page, entry, source, first=first == 0)))
    return ids


def _drafts(
    connection: sa.Connection, site_id: int, boxes: Sequence[Box], entry: Entry, source: "_Source", *, first: bool
) -> Iterator[Draft]:
    """first: the first of these boxes is the first of all."""
    codes = [checked_code(box.code) for box in boxes]
    _check_codes(connection, codes)
    _check_not_packed(connection, boxes)
    entitled = _entitlements(connection, boxes)
    seals: dict[int, list[dict[str, object]]] = {}
    container_ids = new_ids(connection, container, len(boxes))
    numbered = [(number, text) for number, box in zip(container_ids, boxes, strict=True) for text in box.seals]
    for row in seal_rows(connection, numbered) if numbered else ():
        seals.setdefault(int(str(row["container_id"])), []).append(row)
    for box, code, container_id, due in zip(boxes, codes, container_ids, entitled, strict=True):
        sheets = due if box.sheets is None else checked_sheets(box.sheets, least=1)
        if sheets != due and (entry.second is None or not entry.reason):
            raise Refusal(
                "The station of box {code} is entitled to {entitled} sheets, not {sheets}; another figure needs a reason and two persons.",
                code=code,
                entitled=due,
                sheets=sheets,
            )
        facts: Facts = {
            "container": [{"id": container_id, "code": code, "kind": ContainerKind.BOX.value}],
            "packing": [
                {
                    "station_id": box.station_id, "class_id": box.class_id, "container_id": container_id,
                    "entitled": due, "sheets": sheets,
                }
            ],
            "seal": seals.get(container_id, ()),
        }  # fmt: skip
        movements = source.take(box.class_id, sheets, container_id)
        key = entry.key if box is boxes[0] and first else f"{entry.key}/{code}"
        told = Entry(entry.by, entry.now, entry.happened_at, key, entry.second, entry.reason)
        yield Draft(EventKind.PACKING, site_id, told, movements, facts)


class _Source:
    """Where good sheets are taken from: the named cartons in their order, or loose."""

    def __init__(self, connection: sa.Connection, site_id: int, cartons: Sequence[int]) -> None:
        self._connection = connection
        self._site_id = site_id
        self._loose = not cartons
        self._waiting = [cartons[first : first + PAGE_BOXES] for first in range(0, len(cartons), PAGE_BOXES)]
        self._waiting.reverse()
        self._inside: dict[int, deque[list[int]]] = {}

    def _open_page(self) -> None:
        """Looks into the next cartons; those before it have been emptied, so that a long list is not read to its end for each bulk."""
        page = self._waiting.pop()
        good = (content.c.site_id == self._site_id, content.c.state == State.GOOD.value, content.c.quantity > 0)
        rows = self._connection.execute(sa.select(content).where(content.c.container_id.in_(page), *good)).all()
        check_none_sealed(self._connection, sorted({row.container_id for row in rows}))
        order = {container_id: place for place, container_id in enumerate(page)}
        for row in sorted(rows, key=lambda row: order[row.container_id]):
            self._inside.setdefault(row.class_id, deque()).append([row.container_id, row.quantity])

    def take(self, class_id: int, sheets: int, box_id: int) -> tuple[Movement, ...]:
        """The movements that bring so many sheets into a box."""
        target = at(self._site_id, State.PACKED, box_id)
        if self._loose:
            return moved(class_id, sheets, at(self._site_id, State.GOOD), target)
        movements: tuple[Movement, ...] = ()
        while sheets:
            while not self._inside.get(class_id) and self._waiting:
                self._open_page()
            stacks = self._inside.get(class_id)
            if not stacks:
                raise Refusal("The cartons hold {lacking} good sheets of {ballot} too few.", lacking=sheets, ballot=self._name(class_id))
            carton = stacks[0]
            taken = min(sheets, carton[1])
            movements += moved(class_id, taken, at(self._site_id, State.GOOD, carton[0]), target)
            sheets -= taken
            carton[1] -= taken
            if carton[1] == 0:
                stacks.popleft()
        return movements

    def _name(self, class_id: int) -> str:
        return class_of(self._connection, class_id).name


@right(Act.BOOK)
def enter_unpacking(connection: sa.Connection, packing_id: int, entry: Entry) -> int:
    """Takes what was packed out of its box again; the box must have been opened. The event's id.

    Raises Refusal for an unknown packing, one that was taken back, or a sealed box.
    """
    row = connection.execute(sa.select(packing).where(packing.c.event_id == packing_id, *_standing())).one_or_none()
    if row is None:
        raise Refusal("There is no packed box with the number {number}.", number=packing_id)
    check_not_sealed(connection, row.container_id)
    here = sa.select(content.c.site_id, content.c.state).where(content.c.container_id == row.container_id, content.c.quantity > 0)
    place = connection.execute(here).one_or_none()
    if place is None or place.state != State.PACKED.value:
        raise Refusal("The box with the number {number} is on its way or has arrived.", number=packing_id)
    lock_sites(connection, [place.site_id])
    source, target = at(place.site_id, State.PACKED, row.container_id), at(place.site_id, State.GOOD)
    facts = {"unpacking": [{"packing_id": packing_id}]}
    return post(connection, Draft(EventKind.UNPACKING, place.site_id, entry, moved(row.class_id, row.sheets, source, target), facts))


def packed_boxes(connection: sa.Connection, site_id: int, class_id: int | None = None) -> list[Packed]:
    """The boxes that lie packed at a site, by their events."""
    query = (
        sa.select(packing)
        .join(content, sa.and_(content.c.container_id == packing.c.container_id, content.c.quantity > 0))
        .where(content.c.site_id == site_id, content.c.state == State.PACKED.value, *_standing())
        .order_by(packing.c.event_id)
    )
    rows = connection.execute(query if class_id is None else query.where(packing.c.class_id == class_id))
    return [Packed(*row) for row in rows]


def _standing() -> tuple[sa.ColumnElement[bool], sa.ColumnElement[bool]]:
    """Packings that were neither reversed nor taken out again."""
    undone = sa.exists().where(unpacking.c.packing_id == packing.c.event_id, stands(unpacking.c.event_id))
    return stands(packing.c.event_id), sa.not_(undone)


# Made once: every box asks for them.
_PACKED = sa.select(packing).where(packing.c.station_id.in_(sa.bindparam("stations", expanding=True)), *_standing())
_VOTERS = (
    sa.select(polling_station.c.election, polling_station.c.site_id, polling_station.c.voters, site.c.region_code)
    .join(site, site.c.id == polling_station.c.site_id)
    .where(polling_station.c.site_id.in_(sa.bindparam("stations", expanding=True)))
)


def _entitlements(connection: sa.Connection, boxes: Sequence[Box]) -> list[int]:
    """What the station of each box is entitled to of its class."""
    rates: dict[int, tuple[str, Fraction, tuple[str, ...]]] = {}
    for class_id in {box.class_id for box in boxes}:
        ballot = class_of(connection, class_id)
        row = connection.execute(sa.select(election.c.reserve_num, election.c.reserve_den).where(election.c.name == ballot.election)).one()
        areas = tuple(connection.scalars(sa.select(class_area.c.region_code).where(class_area.c.class_id == class_id)))
        rates[class_id] = (ballot.election, Fraction(row.reserve_num, row.reserve_den), areas)
    voters = {}
    for station in connection.execute(_VOTERS, {"stations": list({box.station_id for box in boxes})}):
        voters[station.election, station.site_id] = (station.voters, station.region_code or "")
    found = []
    for box in boxes:
        name, rate, areas = rates[box.class_id]
        people, region = voters.get((name, box.station_id), (0, ""))
        if people == 0 or not any(region.startswith(area) for area in areas):
            raise Refusal(
                "The station of box {code} does not vote on {ballot}.", code=box.code, ballot=class_of(connection, box.class_id).name
            )
        found.append(station_sheets(people, rate))
    return found


def _check_codes(connection: sa.Connection, codes: Sequence[str]) -> None:
    if len(set(codes)) < len(codes):
        raise Refusal("Name each new container once.")
    taken = connection.scalar(sa.select(container.c.code).where(container.c.code.in_(codes)))
    if taken is not None:
        raise Refusal("There is a container with the code {code} already.", code=taken)


def _check_not_packed(connection: sa.Connection, boxes: Sequence[Box]) -> None:
    pairs = {(box.station_id, box.class_id): box.code for box in boxes}
    if len(pairs) < len(boxes):
        raise Refusal("Each station gets one box of each class.")
    stations = list({box.station_id for box in boxes})
    for row in connection.execute(_PACKED, {"stations": stations}):
        code = pairs.get((row.station_id, row.class_id))
        if code is not None:
            raise Refusal(
                "{ballot} has been packed for the station of box {code} already.",
                ballot=class_of(connection, row.class_id).name,
                code=code,
            )
