"""Fault 36: somebody sets the computer's clock. An alarm; the room stays armed; the order of recording stays; both times are kept."""

from datetime import timedelta
from itertools import pairwise
from pathlib import Path

import pytest

from storage.people.person import Role, add_person
from storage.watch.alarms import list_alarms
from storage.watch.recorders import clock_steps, settle_clock
from storage.watch.segments import footage_between
from tests.faults.simulated_day import BEGIN, SEGMENT_S, Day

EVENING_S = 6 * 3600.0  # by then it is 17:00, an hour after the rooms were closed


@pytest.fixture
def evening(tmp_path: Path) -> Day:
    day = Day(tmp_path / "data", 2, 1)
    day.computer.run(EVENING_S)
    live(day, 70)
    return day


def live(day: Day, seconds: int) -> None:
    for _ in range(seconds):
        day.second()


@pytest.mark.parametrize("step_s", [-3 * 3600.0, 16 * 3600.0, -86_400.0 - 3 * 3600.0], ids=["back", "ahead", "a day back"])
def test_into_the_opening_hours_the_room_stays_armed_and_the_order_stays(evening: Day, step_s: float) -> None:
    evening.computer.set_clock(step_s)
    live(evening, 2 * round(SEGMENT_S) + 5)
    raised = [alarm for alarm in list_alarms(evening.database) if alarm.kind == "clock_jump"]
    assert [(alarm.camera_id, alarm.camera) for alarm in raised] == [(None, "")]
    [step] = clock_steps(evening.database)
    assert abs((step.computer_at - step.at).total_seconds() - step_s) < 1
    now = evening.recorder._clock.now()
    assert all(plan.armed for plan in evening._plans(now))
    event_id = evening.journal.event_opened(1, "motion", now, 5.0, [], at=now)
    assert [alarm.kind for alarm in list_alarms(evening.database) if alarm.event_id == event_id] == ["motion"]
    parts = footage_between(evening.database, 1, BEGIN, BEGIN + timedelta(days=3))
    assert len(parts) >= 2
    assert [part.started_at for part in parts] == sorted(part.started_at for part in parts)
    assert parts[-1].ended_at <= now
    evening.close()
    evening.database.close()


def test_once_it_is_confirmed_the_skipped_time_is_a_gap_and_the_next_segment_goes_by_it(evening: Day) -> None:
    evening.computer.set_clock(3600.0)
    live(evening, 10)
    by = add_person(evening.database, "Sari", Role.SUPERVISOR, now=BEGIN)
    settle_clock(evening.database, by=by, now=evening.computer.clocks.computer_at)
    live(evening, round(SEGMENT_S) + 10)
    assert clock_steps(evening.database) == []
    assert abs((evening.recorder._clock.now() - evening.computer.clocks.computer_at).total_seconds()) < 1
    parts = footage_between(evening.database, 1, BEGIN, BEGIN + timedelta(days=3))
    holes = [later.started_at - earlier.ended_at for earlier, later in pairwise(parts)]
    leap = next(hole for hole in holes if hole > timedelta(minutes=1))
    assert abs(leap.total_seconds() - 3600) < 5
    evening.close()
    evening.database.close()
