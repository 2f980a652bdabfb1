"""The rules of the books without a database: movements, numbers of sheets, delivery lines, entitlement."""

from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from storage.rules.delivery import DeliveryLine
from storage.rules.entitlement import check_sheets, entitled_sheets, sheet_bounds, station_sheets
from storage.rules.movement import EventKind, Movement, Place, State, check_movements
from storage.rules.quantity import checked_sheets
from storage.rules.refusal import Refusal

sheets = st.integers(min_value=0, max_value=10**9)


UNSORTED, GOOD, PRINTER = (Place(1, state) for state in (State.UNSORTED, State.GOOD, State.PRINTER))
BOX = Place(1, State.GOOD, 7)


@pytest.mark.parametrize(
    ("kind", "movement"),
    [
        (EventKind.SORTING, Movement(1, 0, UNSORTED, GOOD)),
        (EventKind.SORTING, Movement(1, -5, UNSORTED, GOOD)),
        (EventKind.SORTING, Movement(1, True, UNSORTED, GOOD)),
        (EventKind.SORTING, Movement(1, 5, UNSORTED, UNSORTED)),
        (EventKind.SORTING, Movement(1, 5, GOOD, UNSORTED)),
        (EventKind.DELIVERY, Movement(1, 5, PRINTER, GOOD)),
        (EventKind.COUNT, Movement(1, 5, UNSORTED, GOOD)),
        (EventKind.SORTING, Movement(1, 5, UNSORTED, Place(2, State.GOOD))),
        (EventKind.ARRIVAL, Movement(1, 5, Place(1, State.IN_TRANSIT), Place(3, State.GOOD))),
        (EventKind.REVERSAL, Movement(1, 5, Place(1, State.VARIANCE, 7), GOOD)),
    ],
)
def test_what_a_kind_does_not_move_is_a_bug(kind: EventKind, movement: Movement) -> None:
    with pytest.raises(ValueError, match=r"[Mm]ove"):
        check_movements(kind, 2 if kind is EventKind.ARRIVAL else 1, [movement])


def test_what_a_kind_moves_passes() -> None:
    check_movements(EventKind.SORTING, 1, [Movement(1, 3, UNSORTED, GOOD), Movement(1, 2, UNSORTED, Place(1, State.DAMAGED))])
    check_movements(EventKind.REPACK, 1, [Movement(1, 3, GOOD, BOX)])
    check_movements(EventKind.ARRIVAL, 2, [Movement(1, 5, Place(1, State.IN_TRANSIT, 7), Place(2, State.PACKED, 7))])
    check_movements(EventKind.REVERSAL, 1, [Movement(1, 3, UNSORTED, GOOD).opposite])


@pytest.mark.parametrize("wrong", [-1, 10_000_000_001, True, 2.0, "7", None])
def test_what_is_no_number_of_sheets_is_refused(wrong: int) -> None:
    with pytest.raises(Refusal, match="sheets"):
        checked_sheets(wrong)


@given(declared=sheets, received=sheets)
def test_declared_is_received_and_short_less_over(declared: int, received: int) -> None:
    line = DeliveryLine(1, declared, received)
    assert declared == received + line.short - line.over
    assert min(line.short, line.over) == 0
    assert line.short >= 0
    assert line.over >= 0


@pytest.mark.parametrize(("voters", "expected"), [(0, 0), (1, 2), (49, 50), (50, 51), (51, 53), (100, 102), (241, 246), (300, 306)])
def test_two_percent_are_rounded_up_at_each_station(voters: int, expected: int) -> None:
    assert station_sheets(voters) == expected


def test_the_rate_is_exact() -> None:
    # 1.1 % of 1,000 is 11; in floats 1000 * 0.011 is above it and would be rounded up to 12.
    assert station_sheets(1_000, Fraction(11, 1_000)) == 1_011


@given(st.lists(st.integers(0, 600), min_size=1, max_size=60), st.sampled_from([Fraction(2, 100), Fraction(25, 1_000), Fraction(0)]))
def test_every_spread_of_voters_lies_within_the_bounds(stations: list[int], rate: Fraction) -> None:
    least, most = sheet_bounds(sum(stations), len(stations), rate)
    assert least <= entitled_sheets(stations, rate) <= most


def test_the_bounds_are_reached_and_beyond_them_is_refused() -> None:
    assert sheet_bounds(100, 2) == (102, 103)
    assert entitled_sheets([50, 50]) == 102
    assert entitled_sheets([49, 51]) == 103
    check_sheets(102, 100, 2)
    check_sheets(103, 100, 2)
    for impossible in (101, 104):
        with pytest.raises(Refusal, match="it must be 102 to 103"):
            check_sheets(impossible, 100, 2)
