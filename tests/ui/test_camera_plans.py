"""What the recorder is told of the cameras in the books."""

from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from camera.recording.worker_process import CameraPlan
from camera.view import EVERYTHING, View, Zone
from storage.database import Database
from storage.passwords import CameraPasswords
from storage.people.person import Role, add_person
from storage.places import add_camera, add_room, add_site
from storage.rules.hours import Opening, WeekHours
from storage.watch.hours import set_hours
from storage.watch.switching import switch_off, switch_on
from storage.watch.views import CameraView, WatchZone, set_view
from ui.terminal.camera_logins import CameraLogins
from ui.terminal.camera_plans import camera_plans

NINE = datetime(2026, 11, 23, 2, 0, tzinfo=UTC)  # Monday, 09:00 in Jakarta
DOOR = ((0.1, 0.1), (0.4, 0.1), (0.4, 0.9))


@pytest.fixture
def folder(database: Database, tmp_path: Path) -> Path:
    """A data folder, and a room in the database that is open on Mondays from eight to four."""
    room = add_room(database, add_site(database, "31.75", "Gudang", "Asia/Jakarta", now=NINE).id, "B", now=NINE)
    set_hours(database, room.id, WeekHours((Opening(0, 8 * 60, 16 * 60),)), now=NINE - timedelta(days=1))
    return tmp_path


def plans(database: Database, folder: Path, now: datetime = NINE, model: Path | None = None) -> list[CameraPlan]:
    return camera_plans(database, CameraLogins(CameraPasswords(folder)), files_below=None, person_model=model, times=(now,))


def test_a_camera_is_planned_with_all_that_is_known_of_it(database: Database, folder: Path) -> None:
    add_camera(database, 1, "Kamera 1", "rtsp://127.0.0.1/1", "jaga", now=NINE, sub_address="rtsp://127.0.0.1/1/sub")
    add_camera(database, 1, "Kamera 2", "rtsp://127.0.0.1/2", "", now=NINE)
    CameraPasswords(folder).keep(1, "kenari")
    agus = add_person(database, "Agus", Role.SUPERVISOR, now=NINE)
    set_view(database, 1, CameraView((WatchZone(DOOR, 5, 10),), (DOOR,), 70), by=agus, now=NINE)
    view = View((Zone(DOOR, 5, 10),), (DOOR,), 70)
    names = ("rtsp://127.0.0.1/1", "jaga", "kenari", "rtsp://127.0.0.1/1/sub")
    model = folder / "person.onnx"
    assert plans(database, folder, model=model) == [
        CameraPlan(1, "31-75/camera-1", *names, view=view, armed=False, person_model=str(model)),
        CameraPlan(2, "31-75/camera-2", "rtsp://127.0.0.1/2", view=EVERYTHING, armed=False, person_model=str(model)),
    ]


def test_a_camera_is_armed_a_minute_before_its_room_closes(database: Database, folder: Path) -> None:
    add_camera(database, 1, "Kamera 1", "rtsp://127.0.0.1/1", "", now=NINE)
    closing = NINE + timedelta(hours=7)
    armed = [plans(database, folder, closing - timedelta(seconds=before_s))[0].armed for before_s in (61, 60, 0)]
    assert armed == [False, True, True]


def test_a_camera_that_is_switched_off_is_left_out(database: Database, folder: Path) -> None:
    for number in (1, 2):
        add_camera(database, 1, f"Kamera {number}", f"rtsp://127.0.0.1/{number}", "", now=NINE)
    agus = add_person(database, "Agus", Role.SUPERVISOR, now=NINE)
    switch_off(database, 1, "Lensa dibersihkan", by=agus, now=NINE)
    assert [plan.camera_id for plan in plans(database, folder)] == [2]
    switch_on(database, 1, by=agus, now=NINE)
    assert [plan.camera_id for plan in plans(database, folder)] == [1, 2]


def test_what_is_not_allowed_is_left_out(database: Database, folder: Path) -> None:
    add_camera(database, 1, "Kamera 1", "exec:id", "", now=NINE)
    add_camera(database, 1, "Kamera 2", "file:///etc/passwd", "", now=NINE)
    add_camera(database, 1, "Kamera 3", "rtsp://127.0.0.1/3", "", now=NINE, sub_address="file:///etc/passwd")
    assert [(plan.camera_id, plan.sub_address) for plan in plans(database, folder)] == [(3, "")]
