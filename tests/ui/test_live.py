"""The wall and the night below it: what each tile says, that a lost picture is taken down, and what the bars show."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import numpy as np
import pytest
from PySide6.QtGui import QColor
from pytestqt.qtbot import QtBot

from camera.journal import Beat, CameraReport, Cause, State, WatchedHow
from camera.live.pictures import Picture
from storage.people.person import Role
from storage.places import add_camera
from storage.rules.hours import Opening, WeekHours
from storage.watch.states import CameraState
from tests.ui.warehouse import House
from ui.frame.window import Window
from ui.look.mark import Tone
from ui.pages.live_page import LivePage
from ui.watch.night import Stretch, armed_stretches, room_nights
from ui.watch.tile import face_of
from ui.watch.wall import grid_columns
from ui.watch.watched import watched_states

NOW = datetime(2026, 11, 21, 19, 51, 7, tzinfo=UTC)


def state(word: str, since_s: float, *, moved_s: float | None = None, reason: str = "") -> CameraState:
    moved_at = None if moved_s is None else NOW - timedelta(seconds=moved_s)
    return CameraState(1, word, NOW - timedelta(seconds=since_s), NOW, moved_at, 10, reason)


@pytest.mark.parametrize(
    ("reported", "picture_age_s", "tone", "lost"),
    [
        (state("live", 60), 0.2, Tone.CALM, ""),
        (state("live", 60, moved_s=1), 0.2, Tone.INFO, ""),
        (state("live", 60), 9, Tone.BLIND, "Waiting for a picture for 0:09"),
        (state("lost", 42, reason="camera_lost"), 42, Tone.BLIND, "No picture for 0:42\nCamera lost"),
        (state("connecting", 3), None, Tone.WARNING, "Connecting for 0:03"),
        (None, None, Tone.BLIND, "Not being watched: the recorder has not begun with this camera"),
    ],
)
def test_a_tile_says_how_its_camera_is_doing(reported: CameraState | None, picture_age_s: float | None, tone: Tone, lost: str) -> None:
    picture_at = None if picture_age_s is None else NOW - timedelta(seconds=picture_age_s)
    face = face_of("Ruang B", reported, None, picture_at, NOW)
    assert (face.mark.tone, face.lost) == (tone, lost)


@pytest.mark.parametrize(("count", "columns"), [(1, 1), (4, 2), (6, 3), (9, 3)])
def test_tiles_are_as_large_as_they_can_be(count: int, columns: int) -> None:
    assert grid_columns(count, 1200, 700) == columns


def test_a_tile_says_which_pictures_are_looked_at_as_long_as_there_are_any() -> None:
    watched = replace(state("live", 60), watched_how="packets")
    assert face_of("Ruang B", watched, None, NOW, NOW).how == "watched by packet sizes"
    assert face_of("Ruang B", watched, None, NOW - timedelta(seconds=9), NOW).how == ""
    assert face_of("Ruang B", state("live", 60), None, NOW, NOW).how == ""


def test_the_wall_says_it_where_there_is_room(house: House) -> None:
    for number in (2, 3, 4):
        add_camera(house.database, house.room.id, f"Kamera {number}", f"rtsp://192.168.1.20/{number}", "", now=house.clock())
    report(house, State.LIVE, WatchedHow.SUB_STREAM)
    page = live_page(house.open(Role.GUARD))
    house.recorder.pictures[house.camera.id] = Picture(1, house.clock(), np.zeros((90, 160, 4), np.uint8))
    page.poll()
    page.tick(house.clock())
    assert page.wall.accessibleName().startswith("Ruang B  ·  Kamera 1: Quiet (watched by sub-stream);")
    said = page.wall.grab().toImage()
    report(house, State.LIVE)
    page.tick(house.clock())
    assert page.wall.grab().toImage() != said
    page.wall.resize(320, 220)
    short = page.wall.grab().toImage()
    report(house, State.LIVE, WatchedHow.SUB_STREAM)
    page.tick(house.clock())
    assert page.wall.grab().toImage() == short


def live_page(window: Window) -> LivePage:
    page = window.pages["live"]
    assert isinstance(page, LivePage)
    return page


def report(house: House, word: State, how: WatchedHow | None = None) -> None:
    house.recorder.journal.recorder_beat(
        [CameraReport(house.camera.id, word, house.clock(), None, None, 10, "", "", None, how)],
        Beat(house.clock(), house.clock(), "boot", 60.0),
    )


def test_the_newest_picture_is_painted_and_an_old_one_taken_down(house: House, qtbot: QtBot) -> None:
    report(house, State.LIVE)
    page = live_page(house.open(Role.GUARD))
    red = np.zeros((90, 160, 4), np.uint8)
    red[..., 2], red[..., 3] = 200, 255
    house.recorder.pictures[house.camera.id] = Picture(1, house.clock(), red)
    page.poll()
    page.tick(house.clock())
    middle = page.wall.rect().center()
    assert page.wall.grab().toImage().pixelColor(middle) == QColor(200, 0, 0)
    house.clock.advance(6)
    page.tick(house.clock())
    assert page.wall.grab().toImage().pixelColor(middle).red() < 200
    assert "No picture" in page.wall.accessibleName()


def test_a_tile_with_an_alarm_gets_a_border_and_leads_to_it(house: House) -> None:
    report(house, State.LIVE)
    window = house.open(Role.GUARD)
    house.recorder.somebody_moves(house.camera.id, house.clock())
    window.poll()
    assert "Movement" in live_page(window).wall.accessibleName()
    live_page(window).wall.opened.emit(house.camera.id)
    assert window.page_name == "alarms"


def test_boxes_fade_within_a_second(house: House) -> None:
    window = house.open(Role.GUARD)
    house.recorder.somebody_moves(house.camera.id, house.clock(), length_s=0)
    window.poll()
    tile = live_page(window).wall.tile(house.camera.id)
    assert len(tile.boxes) == 1 and tile.strength == 1
    house.clock.advance(0.5)
    window.poll()
    assert tile.strength == 0.5
    house.clock.advance(0.6)
    window.poll()
    assert not tile.boxes


def test_a_recorder_that_does_not_beat_is_not_believed(house: House) -> None:
    report(house, State.LIVE)
    assert watched_states(house.database, house.clock())[house.camera.id].state == "live"
    house.clock.advance(11)
    lost = watched_states(house.database, house.clock())[house.camera.id]
    assert (lost.state, lost.reason) == ("lost", "recorder_lost")
    window = house.open(Role.GUARD)
    assert (window.bar.recording.mark.word, window.bar.recording.mark.tone) == ("REC 0/1", Tone.BLIND)


def test_the_night_shows_when_it_was_armed_what_happened_and_what_nobody_saw(house: House) -> None:
    now = house.clock()
    house.recorder.somebody_moves(house.camera.id, now - timedelta(hours=2))
    house.recorder.journal.gap_opened(house.camera.id, now - timedelta(hours=1), Cause.CAMERA_LOST)
    (night,) = room_nights(house.database, house.site, now)
    assert night.armed == (Stretch(now - timedelta(hours=12), now),)
    assert [event.flagged for event in night.events] == [True]
    assert night.blind == (Stretch(now - timedelta(hours=1), now),)


def test_armed_stretches_follow_hours_over_midnight() -> None:
    hours = WeekHours((Opening(5, 20 * 60, 2 * 60),))  # Saturday 20:00 to Sunday 02:00
    jakarta = ZoneInfo("Asia/Jakarta")
    armed = armed_stretches(hours, jakarta, NOW - timedelta(hours=12), NOW)  # Saturday 14:51 to Sunday 02:51
    assert [(one.from_at.astimezone(jakarta).hour, one.until_at.astimezone(jakarta).hour) for one in armed] == [(14, 20), (2, 2)]
