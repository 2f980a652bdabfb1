"""What the postings of one event must fulfil."""

from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum


class State(StrEnum):
    """Where sheets are in the books.

    The physical ones lie in a warehouse and are never negative. The virtual ones are the other side of a movement: what the printer
    has sent, what it still owes because a delivery was short, and what counts have found missing or too many.
    """

    UNSORTED = "unsorted"
    GOOD = "good"
    DAMAGED = "damaged"
    PRINTER = "printer"
    SHORT_CLAIM = "short_claim"
    VARIANCE = "variance"

    @property
    def physical(self) -> bool:
        return self in PHYSICAL


PHYSICAL = (State.UNSORTED, State.GOOD, State.DAMAGED)


@dataclass(frozen=True)
class Posting:
    """A change of one balance: quantity sheets (positive: more) of a class in a state at a site."""

    site_id: int
    class_id: int
    state: State
    quantity: int


def check_postings(postings: Sequence[Posting]) -> None:
    """Raises ValueError, for it is a bug of ours, where the postings of one event are not what double entry asks for:

    whole numbers other than zero, one posting per balance, and a sum of zero per class, so that a class never turns into another.
    """
    sums: dict[int, int] = {}
    seen: set[tuple[int, int, State]] = set()
    for posting in postings:
        if type(posting.quantity) is not int or posting.quantity == 0:
            raise ValueError(f"a posting needs a whole number other than zero: {posting}")
        place = (posting.site_id, posting.class_id, posting.state)
        if place in seen:
            raise ValueError(f"two postings of one event to the same balance: {posting}")
        seen.add(place)
        sums[posting.class_id] = sums.get(posting.class_id, 0) + posting.quantity
    wrong = {class_id: total for class_id, total in sums.items() if total != 0}
    if wrong:
        raise ValueError(f"the postings of an event must sum to zero per class: {wrong}")
