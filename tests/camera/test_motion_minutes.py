"""The motion grid, from looks to packed minutes."""

from datetime import timedelta

import numpy as np

from camera.motion_minutes import COLUMNS, ROWS, SECONDS, MotionMinutes
from tests.conftest import NOW

NONE = np.zeros((ROWS, COLUMNS), np.bool_)


def one(row: int, column: int) -> np.ndarray[tuple[int, int], np.dtype[np.bool_]]:
    cells = NONE.copy()
    cells[row, column] = True
    return cells


def test_a_minute_holds_what_moved_in_each_of_its_seconds() -> None:
    minutes = MotionMinutes()
    assert minutes.add(NOW + timedelta(seconds=5.2), one(0, 0)) == []
    assert minutes.add(NOW + timedelta(seconds=5.9), one(17, 31)) == []
    assert minutes.add(NOW + timedelta(seconds=59), one(3, 9)) == []
    ((minute_at, packed),) = minutes.add(NOW + timedelta(seconds=60), NONE)
    assert (minute_at, len(packed)) == (NOW, 4320)
    grid = np.unpackbits(np.frombuffer(packed, np.uint8)).reshape(SECONDS, ROWS, COLUMNS)
    assert [tuple(map(int, place)) for place in np.argwhere(grid)] == [(5, 0, 0), (5, 17, 31), (59, 3, 9)]


def test_a_minute_in_which_nothing_moved_is_not_given_out() -> None:
    minutes = MotionMinutes()
    for second in range(0, 180, 7):
        assert minutes.add(NOW + timedelta(seconds=second), NONE) == []
    assert minutes.finish() == []


def test_a_minute_that_ends_early_is_given_out_as_far_as_it_goes() -> None:
    minutes = MotionMinutes()
    minutes.add(NOW, one(1, 1))
    assert [minute_at for minute_at, _ in minutes.finish()] == [NOW]
    assert minutes.finish() == []
