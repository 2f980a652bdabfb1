"""The clock of the recordings on a computer whose clocks drift, are set, stand still and begin anew."""

from dataclasses import dataclass
from datetime import datetime, timedelta

import pytest

from camera.recording.clock import MOST_PPM, Leap, RecordingClock, Sleep, Step
from camera.streams.timeline import Timeline
from tests.camera.clocks import Computer
from tests.conftest import NOW


@dataclass(frozen=True)
class Last:
    """What the recorder before said last."""

    beat_at: datetime
    boot_id: str
    uptime_s: float


@pytest.fixture
def computer() -> Computer:
    return Computer()


def last_of(computer: Computer, clock: RecordingClock) -> Last:
    return Last(clock.now(), computer.boot_id, computer.clocks.uptime_s)


def away_s(computer: Computer, clock: RecordingClock) -> float:
    return (computer.clocks.computer_at - clock.now()).total_seconds()


def test_drift_is_corrected_slowly_and_instants_never_run_back(computer: Computer) -> None:
    clock = computer.clock()
    before, most = clock.now(), 0.0
    for _ in range(3600):
        computer.run(2.0, drift_ppm=300)
        assert clock.follow() is None
        now = clock.now()
        assert abs((now - before).total_seconds() / 2.0 - 1) * 1_000_000 <= MOST_PPM + 1
        before, most = now, max(most, abs(away_s(computer, clock)))
    assert most < 0.05


def test_a_clock_a_second_off_is_caught_up_with_at_the_most_rate(computer: Computer) -> None:
    clock = computer.clock()
    computer.set_clock(1.0)
    assert clock.follow() is None
    computer.run(1000.0)
    assert clock.follow() is None
    assert away_s(computer, clock) == pytest.approx(0.5, abs=0.01)
    for _ in range(1000):
        computer.run(2.0)
        clock.follow()
    assert abs(away_s(computer, clock)) < 0.01


@pytest.mark.parametrize("step_s", [7200.0, -86_400.0, 3.0, -3.0])
def test_a_clock_that_is_set_is_told_once_and_not_followed(computer: Computer, step_s: float) -> None:
    clock = computer.clock()
    computer.run(10.0)
    computer.set_clock(step_s)
    assert clock.follow() == Step(NOW + timedelta(seconds=10), NOW + timedelta(seconds=10 + step_s))
    for _ in range(100):
        computer.run(2.0)
        assert clock.follow() is None
    assert clock.now() == NOW + timedelta(seconds=210)
    assert clock.held


def test_a_clock_that_is_set_back_to_what_it_was_is_followed_again(computer: Computer) -> None:
    clock = computer.clock()
    computer.set_clock(3600.0)
    assert isinstance(clock.follow(), Step)
    computer.set_clock(-3599.0)
    assert clock.follow() is None
    assert not clock.held
    computer.run(1000.0)
    clock.follow()
    assert 0 < away_s(computer, clock) < 1.0


def test_a_clock_that_is_set_again_is_told_again(computer: Computer) -> None:
    clock = computer.clock()
    for _ in range(2):
        computer.set_clock(3600.0)
        assert isinstance(clock.follow(), Step)
    computer.set_clock(-7200.0)
    assert clock.follow() is None


def test_what_somebody_has_confirmed_is_taken_over(computer: Computer) -> None:
    clock = computer.clock()
    computer.set_clock(3600.0)
    clock.follow()
    assert clock.take_over() == Leap(NOW, NOW + timedelta(hours=1))
    computer.run(2.0)
    assert clock.follow() is None
    assert (clock.now(), clock.held) == (computer.clocks.computer_at, False)


def test_the_computers_sleep_is_time_that_passed(computer: Computer) -> None:
    clock = computer.clock()
    computer.run(10.0)
    computer.sleep(600.0)
    assert clock.follow() == Sleep(NOW + timedelta(seconds=10), NOW + timedelta(seconds=610))
    assert clock.now() == computer.clocks.computer_at
    assert clock.follow() is None


@pytest.mark.parametrize("step_s", [7200.0, -86_400.0])
def test_a_clock_that_was_set_while_no_recorder_ran_is_found_out(computer: Computer, step_s: float) -> None:
    last = last_of(computer, computer.clock())
    computer.run(30.0)
    computer.set_clock(step_s)
    clock = RecordingClock(computer.read, computer.boot_id, last)
    assert clock.now() == NOW + timedelta(seconds=30)
    assert isinstance(clock.follow(), Step)


def test_after_a_restart_of_the_computer_its_clock_counts_but_never_back(computer: Computer) -> None:
    last = last_of(computer, computer.clock())
    computer.restart(100.0)
    assert RecordingClock(computer.read, computer.boot_id, last).now() == NOW + timedelta(seconds=100)
    computer.set_clock(-1000.0)
    behind = RecordingClock(computer.read, computer.boot_id, last)
    assert behind.now() == NOW
    assert isinstance(behind.follow(), Step)


def test_a_computer_that_woke_up_behind_is_followed_when_it_is_put_right(computer: Computer) -> None:
    last = last_of(computer, computer.clock())
    computer.restart(0.0)
    computer.set_clock(-1_000_000.0)
    clock = RecordingClock(computer.read, computer.boot_id, last)
    assert isinstance(clock.follow(), Step)
    computer.run(60.0)
    computer.set_clock(1_000_000.0 + 28_800.0)
    assert clock.follow() == Leap(NOW + timedelta(seconds=60), NOW + timedelta(seconds=28_860))
    assert not clock.held
    computer.set_clock(3600.0)
    assert isinstance(clock.follow(), Step), "once"


def test_a_small_difference_at_a_restart_of_the_recorder_is_drift(computer: Computer) -> None:
    last = last_of(computer, computer.clock())
    computer.run(10.0)
    computer.set_clock(1.0)
    clock = RecordingClock(computer.read, computer.boot_id, last)
    assert (clock.now(), clock.follow()) == (NOW + timedelta(seconds=11), None)


def test_a_timeline_reaches_another_process_as_it_was() -> None:
    line = Timeline(NOW, 1000.0, 250.0)
    assert Timeline.from_plain(line.plain()) == line
    assert line.utc(5000.0) == NOW + timedelta(seconds=4001)
