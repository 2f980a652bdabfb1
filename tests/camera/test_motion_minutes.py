"""The motion grid: each bit where the format says, each minute once, and quiet minutes never."""

from datetime import UTC, datetime, timedelta, timezone

import numpy as np
from numpy.typing import NDArray

from camera.looking.motion_minutes import COLUMNS, ROWS, SECONDS, MotionMinutes
from tests.conftest import NOW

BYTES_PER_SECOND = ROWS * COLUMNS // 8


def cell(row: int, column: int) -> NDArray[np.bool_]:
    cells = np.zeros((ROWS, COLUMNS), np.bool_)
    cells[row, column] = True
    return cells


NOTHING = np.zeros((ROWS, COLUMNS), np.bool_)


def after(seconds: float) -> datetime:
    return NOW + timedelta(seconds=seconds)


def test_a_cells_bit_stands_where_the_format_says() -> None:
    minutes = MotionMinutes()
    assert minutes.add(after(7.9), cell(2, 9)) == []
    ((minute_at, packed),) = minutes.finish()
    assert minute_at == NOW
    assert len(packed) == SECONDS * BYTES_PER_SECOND == 4320
    expected = bytearray(4320)
    expected[7 * 72 + 2 * 4 + 1] = 0b01000000  # second 7, third row of four bytes, tenth column
    assert packed == bytes(expected)


def test_the_looks_of_a_second_add_up_and_seconds_stay_apart() -> None:
    minutes = MotionMinutes()
    for at_s, cells in ((0.1, cell(0, 0)), (0.6, cell(0, 1)), (0.9, NOTHING), (59.9, cell(17, 31))):
        minutes.add(after(at_s), cells)
    ((_, packed),) = minutes.finish()
    bits = np.unpackbits(np.frombuffer(packed, np.uint8)).reshape(SECONDS, ROWS, COLUMNS)
    assert np.argwhere(bits).tolist() == [[0, 0, 0], [0, 0, 1], [59, 17, 31]]


def test_a_minute_is_given_out_with_the_first_look_of_the_next_and_leaves_nothing_behind() -> None:
    minutes = MotionMinutes()
    minutes.add(after(59.9), cell(1, 1))
    ((first_at, first),) = minutes.add(after(60), cell(5, 5))
    ((second_at, second),) = minutes.finish()
    assert (first_at, second_at) == (NOW, after(60))
    assert [np.unpackbits(np.frombuffer(packed, np.uint8)).sum() for packed in (first, second)] == [1, 1]
    assert minutes.finish() == []


def test_minutes_without_motion_are_never_given_out() -> None:
    minutes = MotionMinutes()
    assert [minute for second in range(300) for minute in minutes.add(after(second), NOTHING)] == []
    assert minutes.finish() == []


def test_a_quiet_minute_between_two_is_left_out() -> None:
    minutes = MotionMinutes()
    looks = [(5.0, cell(0, 0)), (65.0, NOTHING), (125.0, cell(0, 0))]
    given = [minute_at for at_s, cells in looks for minute_at, _ in minutes.add(after(at_s), cells)]
    assert [*given, *(minute_at for minute_at, _ in minutes.finish())] == [NOW, after(120)]


def test_a_clock_that_is_set_back_gives_the_same_minute_twice_and_no_bit_is_lost() -> None:
    minutes = MotionMinutes()
    minutes.add(after(10), cell(0, 0))
    ((first_at, _),) = minutes.add(after(70), cell(1, 0))
    ((second_at, _),) = minutes.add(after(20), cell(2, 0))
    ((third_at, _),) = minutes.finish()
    assert [first_at, second_at, third_at] == [NOW, after(60), NOW]


def test_a_minute_is_told_in_utc_wherever_the_look_was() -> None:
    minutes = MotionMinutes()
    minutes.add(NOW.astimezone(timezone(timedelta(hours=9))), cell(0, 0))
    ((minute_at, _),) = minutes.finish()
    assert (minute_at, minute_at.tzinfo) == (NOW, UTC)
