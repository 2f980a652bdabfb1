"""A camera's own clock: what is a jump, and what is only a network that holds packets up."""

from collections.abc import Iterable

import pytest

from camera.streams.clock_jump import AHEAD_S, BACK_S, LATE_S, QUIET_S, ClockJumps

YEAR_S = 365 * 86_400.0
Packets = Iterable[tuple[float | None, float]]


def steady(seconds: float, *, stamp_s: float = 0.0, arrived_s: float = 1000.0) -> list[tuple[float | None, float]]:
    """Ten packets a second: their timestamps, and when they arrive."""
    return [(stamp_s + number / 10, arrived_s + number / 10) for number in range(round(seconds * 10))]


def jumps(packets: Packets, follower: ClockJumps | None = None) -> list[float]:
    """When a jump is told."""
    follower = follower or ClockJumps()
    return [arrived_s for stamp_s, arrived_s in packets if follower.jumped(stamp_s, arrived_s)]


def test_a_clock_that_goes_is_no_jump_wherever_it_stands() -> None:
    assert jumps(steady(60)) == []
    assert jumps(steady(60, stamp_s=YEAR_S * 56)) == []


@pytest.mark.parametrize("step_s", [YEAR_S, -YEAR_S, 3600, -60, AHEAD_S + 0.2, -BACK_S - 0.2])
def test_a_clock_that_is_set_is_told_once_at_its_first_packet(step_s: float) -> None:
    after = steady(30, stamp_s=10 + step_s, arrived_s=1010)
    assert jumps([*steady(10), *after]) == [1010.0]


@pytest.mark.parametrize("step_s", [AHEAD_S - 0.2, -BACK_S + 0.2])
def test_a_small_step_is_none(step_s: float) -> None:
    assert jumps([*steady(10), *steady(30, stamp_s=10 + step_s, arrived_s=1010)]) == []


def test_pictures_in_the_order_of_decoding_are_no_jump() -> None:
    stamps = [0.0, 0.4, 0.1, 0.2, 0.3, 0.8, 0.5, 0.6, 0.7]
    assert jumps((stamp_s, 1000 + number / 10) for number, stamp_s in enumerate(stamps)) == []


def test_packets_held_up_on_their_way_are_no_jump() -> None:
    burst = [(10 + number / 10, 1018.0) for number in range(80)]
    assert jumps([*steady(10), *burst, *steady(10, stamp_s=18, arrived_s=1018.1)]) == []


def test_packets_lost_while_others_were_held_up_are_no_jump() -> None:
    late = [(10.0, 1018.0), (18.0, 1018.1)]
    assert jumps([*steady(10), *late, *steady(10, stamp_s=18.1, arrived_s=1018.2)]) == []


def test_a_long_silence_excuses_no_more_than_it_may() -> None:
    silence = [(10.0, 1600.0)]
    assert jumps([*steady(10), *silence, (10 + AHEAD_S + LATE_S - 0.2, 1600.1)]) == []
    assert jumps([*steady(10), *silence, (10 + AHEAD_S + LATE_S + 0.4, 1600.1)]) == [1600.1]


def test_an_excuse_is_used_up() -> None:
    late = [(10.0, 1018.0), (18.0, 1018.1), (26.0, 1018.2)]
    assert jumps([*steady(10), *late]) == [1018.2]


def test_a_new_connection_begins_where_it_likes() -> None:
    follower = ClockJumps()
    jumps(steady(10), follower)
    follower.begin()
    assert jumps(steady(10, stamp_s=YEAR_S, arrived_s=1020), follower) == []


def test_a_clock_that_jumps_all_the_time_is_told_once_a_minute() -> None:
    wild = [(number * 100.0, 1000.0 + number) for number in range(150)]
    told = jumps(wild)
    assert told == [1001.0, 1001.0 + QUIET_S, 1001.0 + 2 * QUIET_S]


def test_quiet_lasts_over_connections() -> None:
    follower = ClockJumps()
    assert len(jumps([(0.0, 1000.0), (100.0, 1000.1)], follower)) == 1
    follower.begin()
    assert jumps([(0.0, 1005.0), (100.0, 1005.1)], follower) == []


def test_packets_without_a_timestamp_tell_nothing() -> None:
    assert jumps([(None, 1000 + number / 10) for number in range(100)]) == []
    assert jumps([(0.0, 1000.0), (None, 1000.1), (0.2, 1000.2)]) == []
