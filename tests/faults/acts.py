"""An endless row of acts in a depot, each known by its number alone: what it posts, under which keys, and what lies there afterwards."""

import functools
import random
from datetime import timedelta

import sqlalchemy as sa

from storage.ledger.journal import Entry
from storage.rules.delivery import DeliveryLine
from storage.rules.entitlement import station_sheets
from storage.rules.movement import State
from storage.stock.containers import ContainerKind, enter_containers, enter_filling
from storage.stock.deliveries import enter_delivery
from storage.stock.packing import Box, enter_packings, enter_unpacking, packed_boxes
from storage.stock.sorting import enter_sorting
from tests.storage.depot import VOTERS, Depot

KINDS = ("delivery", "sorting", "carton", "packing", "unpacking")
# Two stations get their boxes, and lose them again, in each turn of the kinds.
STATIONS = 2
BOXES = sum(station_sheets(voters) for voters in VOTERS[:STATIONS])
# Good sheets that must lie loose before the first act.
SPARE = 2 * BOXES


def kind_of(number: int) -> str:
    """What kind of act has this number; the first is 0."""
    return KINDS[number % len(KINDS)]


def keys_of(number: int, key: str) -> list[str]:
    """The keys of the events of an act, in the order in which they are posted; all in one transaction."""
    more = {
        "carton": ["filling"],
        "packing": ["filling", "packed", *(f"packed/BOX-{number}-{place}" for place in range(1, STATIONS))],
        "unpacking": ["second"],
    }
    return [key, *(f"{key}/{part}" for part in more.get(kind_of(number), []))]


def post_act(connection: sa.Connection, depot: Depot, number: int, key: str) -> list[int]:
    """Posts an act; the ids of its events. All acts before it must have been posted, each once."""
    declared, received, damaged, carton = _figures(number // len(KINDS))
    keys = keys_of(number, key)
    here, ballot = depot.here, depot.ballot
    kind = kind_of(number)
    if kind == "delivery":
        lines = [DeliveryLine(ballot, declared, received)]
        return [enter_delivery(connection, here, f"SJ-{number}", lines, _entry(depot, number, keys[0]))]
    if kind == "sorting":
        good, entry = received - damaged, _entry(depot, number, keys[0])
        return [enter_sorting(connection, here, ballot, good=good, damaged=damaged, entry=entry)]
    if kind == "unpacking":
        boxes = packed_boxes(connection, here, ballot)
        pairs = zip(boxes, keys, strict=True)
        return [enter_unpacking(connection, box.event_id, _entry(depot, number, part)) for box, part in pairs]
    return _fill_and_pack(connection, depot, number, keys, BOXES if kind == "packing" else carton)


def balances_after(acts: int) -> dict[State, int]:
    """The balances of the ballot class at the depot after so many acts, counted without the books."""
    sheets = dict.fromkeys(State, 0)
    sheets[State.GOOD], sheets[State.PRINTER] = SPARE, -SPARE
    for number in range(acts):
        declared, received, damaged, _carton = _figures(number // len(KINDS))
        kind = kind_of(number)
        if kind == "delivery":
            _move(sheets, received, State.PRINTER, State.UNSORTED)
            _move(sheets, declared - received, State.PRINTER, State.SHORT_CLAIM)
        elif kind == "sorting":
            _move(sheets, received - damaged, State.UNSORTED, State.GOOD)
            _move(sheets, damaged, State.UNSORTED, State.DAMAGED)
        elif kind == "packing":
            _move(sheets, BOXES, State.GOOD, State.PACKED)
        elif kind == "unpacking":
            _move(sheets, BOXES, State.PACKED, State.GOOD)
    return {state: left for state, left in sheets.items() if left}


def _move(sheets: dict[State, int], quantity: int, source: State, target: State) -> None:
    sheets[source] -= quantity
    sheets[target] += quantity


@functools.cache
def _figures(turn: int) -> tuple[int, int, int, int]:
    """In this turn of the kinds: declared and received sheets, the damaged among them, and a carton of some of the good ones."""
    chance = random.Random(turn)
    declared = chance.randint(50, 400)
    received = declared - chance.choice((0, 0, chance.randint(1, 20)))
    damaged = chance.randint(0, 9)
    return declared, received, damaged, chance.randint(1, received - damaged)


def _entry(depot: Depot, number: int, key: str) -> Entry:
    at = depot.clock + timedelta(minutes=number)
    return Entry(depot.officer, at, at, key)


def _fill_and_pack(connection: sa.Connection, depot: Depot, number: int, keys: list[str], sheets: int) -> list[int]:
    """A new carton with good sheets in it; and the boxes packed from it, where the keys say so."""
    placing, filling = (_entry(depot, number, key) for key in keys[:2])
    [carton] = enter_containers(connection, depot.here, ContainerKind.CARTON, [f"K-{number}"], placing)
    placed = connection.scalars(sa.text("SELECT id FROM stock_event WHERE key = :key"), {"key": placing.key}).one()
    good, ballot = State.GOOD, depot.ballot
    filled = enter_filling(connection, depot.here, carton, class_id=ballot, state=good, sheets=sheets, entry=filling)
    if len(keys) == 2:
        return [placed, filled]
    boxes = [Box(depot.stations[place], depot.ballot, f"BOX-{number}-{place}") for place in range(STATIONS)]
    packed = _entry(depot, number, keys[2])
    return [placed, filled, *enter_packings(connection, depot.here, boxes, packed, cartons=[carton])]
