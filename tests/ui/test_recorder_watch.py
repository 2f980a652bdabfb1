"""While the window is open a recorder that ended is started again, not too often, and the window says so."""

from pytestqt.qtbot import QtBot

from storage.people.person import Role
from storage.rules.refusal import Refusal
from tests.ui.warehouse import House, sign_in
from ui.frame.window import RECORDER_MS, Window

GONE = "No recorder runs: nothing is recorded and nothing is watched."


class Starter:
    """Counts how often a recorder was to be started; refuses if told to."""

    def __init__(self) -> None:
        self.times = 0
        self.fails: Exception | None = None

    def __call__(self) -> None:
        self.times += 1
        if self.fails:
            raise self.fails


def looks(window: Window, house: House, seconds: int) -> None:
    """So many seconds pass, and the window looks at each."""
    for _second in range(seconds):
        house.clock.advance(1)
        window.watch_recorder()


def test_the_window_looks_by_itself(house: House, qtbot: QtBot) -> None:
    house.recorder.starter = starter = Starter()
    window = house.open(Role.GUARD)
    house.clock.advance(60)
    qtbot.waitUntil(lambda: starter.times == 1, timeout=10 * RECORDER_MS)
    assert window.no_recorder.isVisible()


def test_a_recorder_that_is_lost_is_started_again_once_every_fifteen_seconds(house: House) -> None:
    house.recorder.starter = starter = Starter()
    window = house.open(Role.GUARD)
    for _minute in range(2):
        house.recorder.beat()
        looks(window, house, 10)
        assert not window.no_recorder.isVisible()
    looks(window, house, 1)
    assert (starter.times, window.no_recorder.text()) == (1, f"{GONE} It is being started.")
    assert window.no_recorder.isVisible()
    looks(window, house, 14)
    assert starter.times == 1
    looks(window, house, 1)
    assert starter.times == 2
    house.recorder.beat()
    looks(window, house, 1)
    assert not window.no_recorder.isVisible()
    assert starter.times == 2


def test_one_that_was_told_to_end_is_started_again_at_once(house: House) -> None:
    house.recorder.starter = starter = Starter()
    window = house.open(Role.SUPERVISOR)
    house.clock.advance(20)
    house.recorder.end()
    window.watch_recorder()
    assert starter.times == 1


def test_what_was_started_with_the_window_is_given_its_time(house: House) -> None:
    house.recorder.end()
    house.recorder.starter = starter = Starter()
    window = house.open(Role.GUARD)
    looks(window, house, 14)
    assert starter.times == 0 and window.no_recorder.isVisible()
    looks(window, house, 1)
    assert starter.times == 1


def test_a_clock_that_was_set_back_does_not_put_it_off(house: House) -> None:
    house.recorder.starter = starter = Starter()
    window = house.open(Role.GUARD)
    house.recorder.end()
    house.clock.advance(-3600)
    window.watch_recorder()
    assert starter.times == 1


def test_why_none_can_be_started_is_said_until_one_beats(house: House) -> None:
    house.recorder.starter = starter = Starter()
    starter.fails = Refusal("The recorder on {host} does not answer. Look after it there.", host="gudang-2")
    window = house.open(Role.GUARD)
    looks(window, house, 20)
    assert window.no_recorder.text() == f"{GONE} The recorder on gudang-2 does not answer. Look after it there."
    starter.fails = OSError(28, "No space left on device", "recorder.log")
    looks(window, house, 15)
    assert window.no_recorder.text() == f"{GONE} The computer refused: No space left on device (recorder.log)."
    starter.fails = None
    looks(window, house, 15)
    assert window.no_recorder.text() == f"{GONE} It is being started."


def test_a_window_without_the_right_only_says_so(house: House) -> None:
    window = house.open(Role.AUDITOR)
    looks(window, house, 30)
    assert window.no_recorder.isVisible() and window.no_recorder.text() == GONE
    sign_in(window, house.people[Role.OFFICER])
    window.watch_recorder()
    assert not window.no_recorder.isHidden() and window.no_recorder.text() == GONE
