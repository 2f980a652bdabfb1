"""A part of a simulated day with everything that may happen in one; the whole is `python -m tests.faults.simulated_day`."""

from pathlib import Path

import pytest

from tests.faults.simulated_day import USUAL, Day, broken_numbers, coverage_faults, play, unexplained


@pytest.mark.parametrize("seed", [1])
def test_no_time_is_left_unexplained_whatever_happens(tmp_path: Path, seed: int) -> None:
    day = Day(tmp_path / "data", 3, seed)
    day.computer.run(4.9 * 3600)  # six minutes before the rooms close
    play(day, 0.2)
    assert day.happened.keys() == USUAL.keys()
    assert {camera_id: unexplained(day.database, camera_id) for camera_id in day.camera_ids} == {1: [], 2: [], 3: []}
    assert [broken_numbers(day.database, camera_id) for camera_id in day.camera_ids] == [0, 0, 0]
    minutes, wrong = coverage_faults(day)
    assert minutes > 1000
    assert wrong == []
    day.database.close()
