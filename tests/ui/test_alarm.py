"""The guard's night: an alarm comes, is heard and seen, acknowledged, played and judged."""

from datetime import datetime, timedelta

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from pytestqt.qtbot import QtBot

from storage.people.person import Role
from storage.rules.haste import MOST_SEEN
from storage.watch.alarms import Verdict, alarm_log, get_alarm, list_alarms
from storage.watch.recorders import clock_steps
from tests.ui.officer import second_agrees
from tests.ui.warehouse import House, film
from ui.frame.window import SOUND_AGAIN_S, Window
from ui.pages.alarms_page import AlarmsPage
from ui.watch.footage import clip_of


def alarms_page(window: Window) -> AlarmsPage:
    window.open_page("alarms")
    page = window.pages["alarms"]
    assert isinstance(page, AlarmsPage)
    return page


def test_an_alarm_is_heard_and_stands_in_list_banner_and_bar(house: House, qtbot: QtBot) -> None:
    window = house.open(Role.GUARD)
    page = alarms_page(window)
    assert window.banner.isHidden() and page.model.rowCount() == 0
    house.recorder.somebody_moves(house.camera.id, house.clock())
    qtbot.waitUntil(window.banner.isVisible, timeout=1000)
    assert page.model.rowCount() == 1
    assert "Ruang B, Kamera 1: Movement, 0:00 ago" in window.banner.said.text()
    assert window.bar.alarms.mark.word == "1 alarm, oldest 0:00"
    assert house.sound.times == 1


def test_an_alarm_is_found_even_when_its_notice_was_lost(house: House) -> None:
    window = house.open(Role.GUARD)
    house.recorder.somebody_moves(house.camera.id, house.clock())
    house.recorder.drain()
    window.tick()
    assert window.banner.isVisible() and house.sound.times == 1


def test_an_alarm_that_nobody_acknowledges_is_heard_again(house: House) -> None:
    window = house.open(Role.GUARD)
    house.recorder.somebody_moves(house.camera.id, house.clock())
    for _second in range(SOUND_AGAIN_S + 1):
        window.tick()
    assert house.sound.times == 2


def test_the_facts_say_how_sure_a_detector_of_persons_is(house: House) -> None:
    house.recorder.somebody_moves(house.camera.id, house.clock())
    window = house.open(Role.GUARD)
    page = alarms_page(window)
    assert page.facts.text().endswith("at most 4 % of the picture moved.")
    house.recorder.journal.event_verified(list_alarms(house.database)[0].event_id, 87.6)
    window.poll()
    assert page.facts.text().endswith("at most 4 % of the picture moved; the detector of persons is 88 % sure.")


def test_space_acknowledges_the_newest_alarm(house: House, qtbot: QtBot) -> None:
    window = house.open(Role.GUARD)
    house.recorder.somebody_moves(house.camera.id, house.clock())
    window.tick()
    qtbot.waitUntil(window.isActiveWindow)
    QTest.keyClick(window, Qt.Key.Key_Space)
    (alarm,) = list_alarms(house.database)
    assert alarm.acknowledged_by == "Sari" and alarm.acknowledged_at == house.clock()
    assert window.banner.isHidden()
    assert window.bar.alarms.mark.word == "no alarms"


def test_on_the_alarms_page_space_acknowledges_the_one_that_is_looked_at(house: House, qtbot: QtBot) -> None:
    window = house.open(Role.GUARD)
    page = alarms_page(window)
    for minutes in (0, 5):
        house.recorder.somebody_moves(house.camera.id, house.clock() + timedelta(minutes=minutes))
    window.tick()
    newest, older = list_alarms(house.database)
    page.list.setCurrentIndex(page.model.index(1))
    qtbot.waitUntil(window.isActiveWindow)
    QTest.keyClick(window, Qt.Key.Key_Space)
    acknowledged = {alarm.id: alarm.acknowledged_by for alarm in list_alarms(house.database)}
    assert acknowledged == {newest.id: None, older.id: "Sari"}


def test_answers_in_haste_are_an_alarm_that_names_who_and_that_somebody_else_judges(house: House) -> None:
    window = house.open(Role.GUARD)
    for number in range(MOST_SEEN + 1):
        house.recorder.somebody_moves(house.camera.id, house.clock() + timedelta(minutes=5 * number))
    window.tick()
    page = alarms_page(window)
    for _number in range(MOST_SEEN + 1):
        page.list.setCurrentIndex(page.model.index(0))
        QTest.keyClick(page.list, Qt.Key.Key_Space)
        window.tick()
    [hasty] = [alarm for alarm in list_alarms(house.database) if alarm.acknowledged_at is None]
    assert window.banner.said.text() == "Sari: Alarms answered in haste, 0:00 ago"
    row = next(number for number, alarm in enumerate(page.model.alarms) if alarm.id == hasty.id)
    page.list.setCurrentIndex(page.model.index(row))
    assert page.facts.text().endswith("; by Sari; somebody else judges it.")
    assert page.model.index(row).data().startswith("Sari, Alarms answered in haste")
    page.list.setFocus()
    QTest.keyClick(page.list, Qt.Key.Key_3)
    assert page.said.text() == "These alarms were answered by yourself: somebody else must judge how."
    assert get_alarm(house.database, hasty.id).verdict is None


def test_space_in_a_note_is_a_space(house: House) -> None:
    window = house.open(Role.GUARD)
    house.recorder.somebody_moves(house.camera.id, house.clock())
    window.tick()
    page = alarms_page(window)
    page.note.setFocus()
    QTest.keyClicks(page.note, "two people")
    assert page.note.text() == "two people"
    assert list_alarms(house.database)[0].acknowledged_at is None


def test_its_clip_plays_from_ten_seconds_before_to_ten_after(house: House, qtbot: QtBot) -> None:
    started_at = house.clock()
    house.recorder.somebody_moves(house.camera.id, started_at, length_s=1)
    film(house, started_at - timedelta(seconds=15), length_s=40)
    house.clock.advance(30)
    window = house.open(Role.GUARD)
    page = alarms_page(window)
    seen: list[datetime] = []
    page.clip.moved.connect(lambda: seen.extend([page.clip.picture_at] if page.clip.picture_at else []))
    qtbot.waitUntil(lambda: len(seen) > 5, timeout=10_000)
    assert seen[0] == started_at - timedelta(seconds=10)
    assert seen == sorted(seen)
    window.open_page("live")
    assert not page.clip.playing


def test_a_clip_ends_ten_seconds_after_its_event_however_late_it_is_watched(house: House) -> None:
    started_at = house.clock()
    house.recorder.somebody_moves(house.camera.id, started_at, length_s=7)
    (alarm,) = list_alarms(house.database)
    clip = clip_of(house.database, house.recordings, alarm, started_at + timedelta(hours=2))
    assert (clip.from_at, clip.until_at) == (started_at - timedelta(seconds=10), started_at + timedelta(seconds=17))


def test_a_clip_that_is_not_on_the_disk_yet_comes_by_itself(house: House, qtbot: QtBot) -> None:
    started_at = house.clock()
    house.recorder.somebody_moves(house.camera.id, started_at, length_s=1)
    page = alarms_page(house.open(Role.GUARD))
    assert not page.has_clip()
    film(house, started_at - timedelta(seconds=2), length_s=10)
    qtbot.waitUntil(page.has_clip, timeout=10_000)


def test_the_list_shows_a_still_of_each_alarm(house: House, qtbot: QtBot) -> None:
    started_at = house.clock()
    house.recorder.somebody_moves(house.camera.id, started_at, length_s=1)
    film(house, started_at - timedelta(seconds=2), length_s=10)
    house.clock.advance(20)
    page = alarms_page(house.open(Role.GUARD))
    (alarm,) = page.model.alarms
    qtbot.waitUntil(lambda: page.rows.has_still(alarm.id), timeout=10_000)


@pytest.mark.parametrize(("key", "verdict"), [("2", Verdict.AUTHORISED), ("3", Verdict.FALSE_ALARM), ("4", Verdict.TEST)])
def test_a_key_gives_the_verdict_with_the_note(house: House, qtbot: QtBot, key: str, verdict: Verdict) -> None:
    window = house.open(Role.GUARD)
    house.recorder.somebody_moves(house.camera.id, house.clock())
    window.tick()
    page = alarms_page(window)
    page.note.setText("a cat on the shelf")
    page.list.setFocus()
    qtbot.waitUntil(window.isActiveWindow)
    QTest.keyClicks(page.list, key)
    (alarm,) = list_alarms(house.database)
    assert (alarm.verdict, alarm.note, alarm.verdict_by) == (verdict, "a cat on the shelf", "Sari")
    assert (
        [step.step for step in page.log.rows] == [step.step for step in alarm_log(house.database, alarm.id)] == ["acknowledged", "verdict"]
    )


def test_a_real_incident_without_a_note_is_refused_in_words(house: House) -> None:
    window = house.open(Role.GUARD)
    house.recorder.somebody_moves(house.camera.id, house.clock())
    window.tick()
    page = alarms_page(window)
    page.judge(Verdict.REAL_INCIDENT)
    assert page.said.text() == "Write in the note what happened before you call it a real incident."
    assert list_alarms(house.database)[0].verdict is None


def test_the_filter_is_found_again_after_the_language_was_switched(house: House) -> None:
    window = house.open(Role.GUARD)
    house.recorder.somebody_moves(house.camera.id, house.clock())
    window.tick()
    page = alarms_page(window)
    page.judge(Verdict.TEST)
    page.filter.setCurrentIndex(1)
    assert page.model.rowCount() == 0
    window.choose_language("id")
    again = alarms_page(window)
    assert again is not page
    assert again.model.rowCount() == 0 and again.filter.currentIndex() == 1


@pytest.mark.parametrize("role", [Role.GUARD, Role.SUPERVISOR])
def test_a_clock_that_was_set_is_an_alarm_about_the_recorder_and_confirmed_by_who_may(house: House, role: Role) -> None:
    at = house.clock()
    house.recorder.journal.clock_stepped(at, at - timedelta(hours=3))
    window = house.open(role)
    page = alarms_page(window)
    window.tick()
    assert page.facts.text().startswith("Clock jumped at the recorder, on ")
    if role is Role.GUARD:
        assert window.banner.said.text() == "Recorder: Clock jumped, 0:00 ago"
        assert page.confirm.isHidden()
        return
    assert page.confirm.isVisible()
    second_agrees(house, house.people[Role.ADMINISTRATOR if role is Role.SUPERVISOR else Role.SUPERVISOR])
    page.confirm.click()
    assert clock_steps(house.database) == []
    assert page.confirm.isHidden()
    assert house.recorder.journal.clock_settled()
