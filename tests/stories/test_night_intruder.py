"""A night in the box store: somebody comes in after hours, is flagged at once, and the guard deals with it. By day it is only kept."""

from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from camera.footage.playback import File, pictures
from camera.recording.worker_process import CameraPlan
from camera.scenes.render import SCENES, render_scene
from storage.database import Database
from storage.people.person import Role, add_person
from storage.rules.hours import Opening, WeekHours
from storage.watch.alarms import Alarm, Verdict, acknowledge, alarm_log, get_alarm, give_verdict, list_alarms
from storage.watch.events import WatchEvent, alarm_boxes, events_between
from storage.watch.hours import room_states, set_hours
from storage.watch.segments import footage_between
from tests.camera.rig import enter_camera, recorder, wait_until

# The scene is cut to where the person comes through the door about five seconds after its beginning.
BEGIN_S, LENGTH_S = 9.0, 26
ALWAYS_OPEN = WeekHours(tuple(Opening(day, 0, 1440) for day in range(7)))


@pytest.fixture
def store_camera(database: Database, tmp_path: Path) -> CameraPlan:
    scene = next(scene for scene in SCENES if scene.file_name == "store_night.mp4")
    render_scene(scene, tmp_path / "store.mp4", start_s=BEGIN_S, seconds=LENGTH_S, size=(480, 270))
    return enter_camera(database, (tmp_path / "store.mp4").as_uri())


def motions(database: Database) -> list[WatchEvent]:
    now = datetime.now(UTC)
    return [event for event in events_between(database, now - timedelta(hours=1), now) if event.kind == "motion"]


def test_after_hours_an_intruder_is_flagged_watched_and_judged(database: Database, store_camera: CameraPlan, tmp_path: Path) -> None:
    sari = add_person(database, "Sari", Role.GUARD, now=datetime.now(UTC))
    recordings = tmp_path / "recordings"
    assert [room.armed for room in room_states(database, datetime.now(UTC))] == [True]

    with recorder(database, recordings, [store_camera], segment_s=60.0):
        wait_until(lambda: bool(list_alarms(database)), "the alarm")
        (alarm,) = list_alarms(database)
        assert alarm.kind == "motion"
        assert alarm.ended_at is None, "told when it begins, not when it ends"
        acknowledge(database, alarm.id, by=sari, now=datetime.now(UTC))

        # The clip plays while the segment is still being written and the visit still goes on.
        wait_until(lambda: len(_clip(database, recordings, alarm)) >= 12, "the clip")
        assert _clip(database, recordings, alarm)[0] < alarm.started_at
        wait_until(lambda: _length(get_alarm(database, alarm.id)) > timedelta(seconds=5), "the end of the visit")
        give_verdict(database, alarm.id, Verdict.REAL_INCIDENT, "Satu dus dibawa keluar", by=sari, now=datetime.now(UTC))

    judged = get_alarm(database, alarm.id)
    assert (judged.acknowledged_by, judged.verdict, judged.note) == ("Sari", Verdict.REAL_INCIDENT, "Satu dus dibawa keluar")
    assert [step.step for step in alarm_log(database, alarm.id)] == ["acknowledged", "verdict"]
    seen = alarm_boxes(database, alarm.id)
    assert len(seen) >= 5
    assert all(min(box.x, box.y) >= 0 and max(box.x + box.width, box.y + box.height) <= 1.001 for box in seen)


def test_in_hours_the_same_person_is_kept_and_not_flagged(database: Database, store_camera: CameraPlan, tmp_path: Path) -> None:
    set_hours(database, 1, ALWAYS_OPEN, now=datetime.now(UTC) - timedelta(minutes=5))
    with recorder(database, tmp_path / "recordings", [store_camera]):
        wait_until(lambda: any(event.ended_at for event in motions(database)), "the visit")
    assert {event.verdict for event in motions(database)} == {"in_hours"}
    assert list_alarms(database) == []


def _length(alarm: Alarm) -> timedelta:
    """How long the visit was; nothing while it goes on."""
    return alarm.ended_at - alarm.started_at if alarm.ended_at else timedelta(0)


def _clip(database: Database, recordings: Path, alarm: Alarm) -> list[datetime]:
    """The instants of the pictures from 10 s before the alarm to 10 s after."""
    assert alarm.camera_id is not None
    begin, end = alarm.started_at - timedelta(seconds=10), alarm.started_at + timedelta(seconds=10)
    files = [File(recordings / file.path, file.started_at) for file in footage_between(database, alarm.camera_id, begin, end)]
    return [picture.at for picture in pictures(files, begin, end, (320, 180))]
