"""What the books hold and how it may move: the states of sheets, the kinds of events, and which kind moves from where to where."""

from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum


class State(StrEnum):
    """Where sheets are in the books.

    The physical ones can be touched and are never negative. The virtual ones are the other side of a movement: what the printer has
    sent, what it still owes because a delivery was short, and what counts and adjustments have found missing or too many.
    """

    UNSORTED = "unsorted"
    GOOD = "good"
    DAMAGED = "damaged"
    SURPLUS = "surplus"
    PACKED = "packed"
    IN_TRANSIT = "in_transit"
    DELIVERED = "delivered"
    LOST = "lost"
    DESTROYED = "destroyed"
    PRINTER = "printer"
    SHORT_CLAIM = "short_claim"
    VARIANCE = "variance"

    @property
    def physical(self) -> bool:
        return self not in VIRTUAL


VIRTUAL = (State.PRINTER, State.SHORT_CLAIM, State.VARIANCE)
PHYSICAL = tuple(state for state in State if state not in VIRTUAL)
# What lies in a store and can be counted.
COUNTED = (State.UNSORTED, State.GOOD, State.DAMAGED, State.SURPLUS, State.PACKED)


class EventKind(StrEnum):
    """What an event of the books says. Many say something without moving sheets.

    schema: from here on the rules of a newer version of the books hold.
    """

    SCHEMA = "schema"
    NEED = "need"
    VOTERS = "voters"
    PRINT_ORDER = "print_order"
    DELIVERY = "delivery"
    SORTING = "sorting"
    INSPECTION = "inspection"
    REPRINT_REQUEST = "reprint_request"
    REPRINT_RECEIPT = "reprint_receipt"
    REPACK = "repack"
    PLACEMENT = "placement"
    SEALING = "sealing"
    OPENING = "opening"
    PACKING = "packing"
    UNPACKING = "unpacking"
    SURPLUS = "surplus"
    DISPATCH = "dispatch"
    ARRIVAL = "arrival"
    RETURN = "return"
    LOSS = "loss"
    COUNT = "count"
    COUNT_SHEET = "count_sheet"
    COUNT_ACCEPTANCE = "count_acceptance"
    ADJUSTMENT = "adjustment"
    DESTRUCTION = "destruction"
    CLOSE = "close"
    REVERSAL = "reversal"


# What these say cannot be taken back by a reversal, only answered by a newer event: a seal stays numbered, a close stays signed.
FINAL = (
    EventKind.SCHEMA,
    EventKind.VOTERS,
    EventKind.PLACEMENT,
    EventKind.SEALING,
    EventKind.OPENING,
    EventKind.UNPACKING,
    EventKind.DESTRUCTION,
    EventKind.CLOSE,
    EventKind.REVERSAL,
)

_VARIABLE = [(State.VARIANCE, state) for state in COUNTED] + [(state, State.VARIANCE) for state in COUNTED]

# A kind that is not named moves nothing. A reversal moves what it reverses, the other way.
LEGAL: dict[EventKind, list[tuple[State, State]]] = {
    EventKind.DELIVERY: [(State.PRINTER, State.UNSORTED), (State.PRINTER, State.SHORT_CLAIM)],
    EventKind.SORTING: [(State.UNSORTED, State.GOOD), (State.UNSORTED, State.DAMAGED)],
    EventKind.INSPECTION: [(State.UNSORTED, State.DAMAGED), (State.GOOD, State.DAMAGED), (State.SURPLUS, State.DAMAGED)],
    EventKind.REPRINT_RECEIPT: [(State.PRINTER, State.UNSORTED), (State.SHORT_CLAIM, State.UNSORTED)],
    EventKind.REPACK: [(state, state) for state in (State.UNSORTED, State.GOOD, State.DAMAGED, State.SURPLUS)],
    EventKind.PACKING: [(State.GOOD, State.PACKED)],
    EventKind.UNPACKING: [(State.PACKED, State.GOOD)],
    EventKind.SURPLUS: [(State.GOOD, State.SURPLUS), (State.SURPLUS, State.GOOD)],
    EventKind.DISPATCH: [(state, State.IN_TRANSIT) for state in (State.GOOD, State.SURPLUS, State.PACKED)],
    EventKind.ARRIVAL: [(State.IN_TRANSIT, state) for state in (State.GOOD, State.PACKED, State.DELIVERED)],
    EventKind.RETURN: [(State.IN_TRANSIT, state) for state in (State.GOOD, State.SURPLUS, State.PACKED)],
    EventKind.LOSS: [(State.IN_TRANSIT, State.LOST)],
    EventKind.COUNT_ACCEPTANCE: _VARIABLE,
    EventKind.ADJUSTMENT: _VARIABLE,
    EventKind.DESTRUCTION: [(State.DAMAGED, State.DESTROYED), (State.SURPLUS, State.DESTROYED)],
}


@dataclass(frozen=True, slots=True)
class Place:
    """Where sheets are: a site, a state, and a container; None for loose sheets."""

    site_id: int
    state: State
    container_id: int | None = None


@dataclass(frozen=True, slots=True)
class Movement:
    """quantity sheets of one class that leave one place and come to another.

    What leaves arrives, in the same class: that is double entry by form, and no sum needs to be trusted.
    """

    class_id: int
    quantity: int
    source: Place
    target: Place

    @property
    def opposite(self) -> "Movement":
        return Movement(self.class_id, self.quantity, self.target, self.source)


def check_movements(kind: EventKind, site_id: int, movements: Sequence[Movement]) -> None:
    """Raises ValueError, for it is a bug of ours, where an event of this kind at this site cannot move sheets so.

    Whole numbers above zero; from somewhere to somewhere else; between states that the kind allows; within the event's site, but for
    an arrival, which takes from the site that sent. A reversal is compared with what it reverses by whoever posts it.
    """
    legal = LEGAL.get(kind, [])
    for movement in movements:
        source, target = movement.source, movement.target
        if type(movement.quantity) is not int or movement.quantity <= 0:
            raise ValueError(f"a movement needs a whole number above zero: {movement}")
        if source == target:
            raise ValueError(f"a movement needs two places: {movement}")
        if (source.container_id is not None and not source.state.physical) or (
            target.container_id is not None and not target.state.physical
        ):
            raise ValueError(f"only sheets that can be touched lie in a container: {movement}")
        if kind is EventKind.REVERSAL:
            continue
        if (source.state, target.state) not in legal:
            raise ValueError(f"a {kind} does not move from {source.state} to {target.state}: {movement}")
        if target.site_id != site_id or (source.site_id != site_id and kind is not EventKind.ARRIVAL):
            raise ValueError(f"a {kind} at site {site_id} does not move so: {movement}")
