"""How long footage is kept, what there is of it, what is locked, and a disk that is nearly full, as the window shows it."""

from datetime import datetime, timedelta

import pytest
from PySide6.QtWidgets import QTreeWidgetItem
from pytestqt.qtbot import QtBot

from camera.journal import EndReason, WrittenSegment
from storage.people.person import Role
from storage.rules.disk_space import Space
from storage.watch.alarms import Verdict, list_alarms
from storage.watch.locks import alarm_time, locks_between
from storage.watch.recorder_events import close_recorder_event, open_recorder_event
from storage.watch.removal import remove
from storage.watch.retention import Limits, due, outlooks, retention_now
from storage.watch.states import CameraState
from tests.ui.officer import second_agrees, when_asked
from tests.ui.warehouse import House
from ui.forms.dialog import Question
from ui.frame.window import Window
from ui.look.mark import Mark, Tone
from ui.pages.alarms_page import AlarmsPage
from ui.pages.places_page import PlacesPage
from ui.watch.kept import said_kept
from ui.watch.tile import face_of
from ui.words.sizes import GB, size
from ui.words.speech import set_language


def places_page(window: Window) -> PlacesPage:
    window.open_page("places")
    page = window.pages["places"]
    assert isinstance(page, PlacesPage)
    page.tree.setCurrentItem(room_item(page))
    return page


def room_item(page: PlacesPage) -> QTreeWidgetItem:
    site = page.tree.topLevelItem(0)
    assert site is not None
    room = site.child(0)
    assert room is not None
    return room


def alarms_page(window: Window) -> AlarmsPage:
    window.open_page("alarms")
    page = window.pages["alarms"]
    assert isinstance(page, AlarmsPage)
    return page


def record(house: House, minutes: int, *, bytes_: int) -> None:
    """Ends now."""
    for number in range(minutes):
        at = house.clock() - timedelta(minutes=number + 1)
        written = WrittenSegment(f"{number}.mp4", at, at + timedelta(minutes=1), 1, bytes_, "0" * 64, EndReason.FULL)
        house.recorder.journal.segment_written(house.camera.id, written)


@pytest.mark.parametrize(
    ("bytes_", "said", "in_indonesian"),
    [
        (412 * GB, "412 GB", "412 GB"),
        (1234 * GB, "1,234 GB", "1.234 GB"),
        (3_210_000_000, "3.2 GB", "3,2 GB"),
        (56 * 10**6, "56 MB", "56 MB"),
    ],
)
def test_a_size_is_as_exact_as_anybody_needs(bytes_: int, said: str, in_indonesian: str) -> None:
    assert size(bytes_) == said
    set_language("id")
    assert size(bytes_) == in_indonesian


def test_what_there_is_of_a_room_and_how_long_the_disk_lasts(house: House) -> None:
    record(house, 60, bytes_=GB)
    (outlook,) = outlooks(house.database, house.clock(), 38 * 24 * 60 * GB)
    assert said_kept(outlook) == "60 GB, about 38 days left"
    page = places_page(house.open(Role.SUPERVISOR))
    assert "Ruang B   ·   1 camera   ·   Footage: 60 GB" in room_item(page).text(0)
    assert page.retention.where.text().startswith("Footage of Ruang B: 60 GB")


def test_a_supervisor_says_how_long(house: House) -> None:
    page = places_page(house.open(Role.SUPERVISOR))
    form = page.retention
    form.days.setText("30")
    form.gigabytes.setText("500")
    second_agrees(house, house.people[Role.ADMINISTRATOR])
    form.submit()
    assert retention_now(house.database, house.room.id) == Limits(30, 500 * GB)
    assert form.success.text() == "How long the footage of Ruang B is kept holds from now on."
    assert (form.days.text(), form.gigabytes.text()) == ("30", "500")
    form.days.clear()
    second_agrees(house, house.people[Role.ADMINISTRATOR])
    form.submit()
    assert retention_now(house.database, house.room.id) == Limits(None, 500 * GB)


@pytest.mark.parametrize("typed", ["0", "-3", "1.5", "many"])
def test_what_is_no_number_of_days_is_named_and_changes_nothing(house: House, typed: str) -> None:
    form = places_page(house.open(Role.SUPERVISOR)).retention
    form.days.setText(typed)
    form.submit()
    assert form.error.text() == "Enter a whole number above 0, or nothing for no limit."
    assert form.days.property("wrong")
    assert retention_now(house.database, house.room.id) == Limits()


def test_a_guard_keeps_the_footage_of_an_alarm_and_a_supervisor_lets_it_go(house: House, qtbot: QtBot) -> None:
    house.recorder.somebody_moves(house.camera.id, house.clock())
    (alarm,) = list_alarms(house.database)
    page = alarms_page(house.open(Role.GUARD))
    assert page.keeping.chip.isHidden() and not page.keeping.keep.isHidden()

    def answer(question: Question) -> None:
        question.reason.setText("asked for by Bawaslu")
        question.accept()

    when_asked(answer)
    page.keeping.keep.click()
    (lock,) = locks_between(house.database, house.camera.id, *alarm_time(alarm, house.clock()))
    assert (lock.reason, lock.locked_by) == ("asked for by Bawaslu", "Sari")
    assert not page.keeping.chip.isHidden()
    assert page.keeping.keep.isHidden() and page.keeping.let_go.isHidden()  # not hers to let go
    supervised = alarms_page(house.open(Role.SUPERVISOR))
    second_agrees(house, house.people[Role.ADMINISTRATOR])
    supervised.keeping.let_go.click()
    assert locks_between(house.database, house.camera.id, *alarm_time(alarm, house.clock())) == []
    assert supervised.keeping.chip.isHidden() and not supervised.keeping.keep.isHidden()


def test_an_alarm_whose_footage_has_gone_says_so(house: House) -> None:
    record(house, 3, bytes_=100)
    for number in range(3):
        (house.recordings / f"{number}.mp4").parent.mkdir(exist_ok=True)
        (house.recordings / f"{number}.mp4").write_bytes(b"")
    house.recorder.somebody_moves(house.camera.id, house.clock() - timedelta(minutes=1))
    going = due(house.database, house.recordings, house.clock(), Space(0, 10**9))
    remove(house.database, house.recordings, going, house.clock())
    page = alarms_page(house.open(Role.SUPERVISOR))
    assert page.keeping.chip.mark.word == "footage no longer kept"
    assert page.keeping.keep.isHidden() and page.keeping.let_go.isHidden()


def test_a_camera_that_is_seen_and_not_recorded_says_why(now: datetime) -> None:
    state = CameraState(1, "live", now, now, now, 10.0, "disk_full")
    assert face_of("Kamera 1", state, None, now, now).mark == Mark(Tone.WARNING, "Disk full")


def test_an_alarm_about_the_recorder_has_no_footage_to_keep(house: House) -> None:
    open_recorder_event(house.database, "disk_low", 86.4, now=house.clock())
    page = alarms_page(house.open(Role.GUARD))
    assert page.keeping.isHidden()
    assert page.facts.text().endswith("86 % of the disk was full.")


def test_the_warning_stands_as_long_as_the_disk_is_low_whatever_was_answered(house: House) -> None:
    window = house.open(Role.OFFICER)
    assert window.disk.isHidden()
    low = open_recorder_event(house.database, "disk_low", 93.4, now=house.clock())
    window.tick()
    assert "93 % full" in window.disk.text()
    guard = house.open(Role.GUARD)
    alarms_page(guard).judge(Verdict.AUTHORISED)
    guard.tick()
    assert not guard.disk.isHidden() and guard.disk.objectName() == "warning"
    stopped = open_recorder_event(house.database, "recorder_stopped", 99.0, now=house.clock())
    guard.tick()
    assert guard.disk.text().startswith("Recording has stopped") and guard.disk.objectName() == "error"
    for event in (low, stopped):
        close_recorder_event(house.database, event, now=house.clock())
    guard.tick()
    assert guard.disk.isHidden()
