"""When the timestamps of a camera tell that its clock was set, and when packets were only held up."""

import pytest

from camera.clock_jump import ClockJumps


def told(steps: list[tuple[float, float]]) -> list[int]:
    """The packets at which a jump is told. steps: by how much the timestamp and the arrival go on."""
    jumps, stamp_s, at_s, found = ClockJumps(), 1000.0, 50.0, []
    for number, (stamp_step_s, step_s) in enumerate([(0.0, 0.0), *steps]):
        stamp_s, at_s = stamp_s + stamp_step_s, at_s + step_s
        if jumps.jumped(stamp_s, at_s):
            found.append(number)
    return found


EVEN = [(0.1, 0.1)] * 20


@pytest.mark.parametrize("step_s", [-60.0, 3.0, 31_536_000.0])
def test_a_jump_is_told_once(step_s: float) -> None:
    assert told([*EVEN, (step_s, 0.1), *EVEN]) == [21]


def test_jumps_all_the_time_are_told_once_a_minute() -> None:
    assert told([(-5.0, 1.0)] * 130) == [1, 61, 121]


def test_packets_that_were_held_up_are_no_jump() -> None:
    held_up = [(0.1, 4.0)] + [(0.1, 0.0)] * 40
    assert told([*EVEN, *held_up, *EVEN]) == []
    lost_meanwhile = [(0.1, 4.0), (3.5, 0.0)]
    assert told([*EVEN, *lost_meanwhile, *EVEN]) == []


def test_pictures_in_the_order_of_decoding_and_packets_without_timestamps_are_no_jump() -> None:
    assert told([(0.3, 0.1), (-0.2, 0.1), (0.1, 0.1)] * 5) == []
    assert not ClockJumps().jumped(None, 1.0)
