"""What the recorder knows of logins while they cannot be read, and how they get out of the addresses that still hold them."""

import sqlite3
from pathlib import Path

import pytest
from structlog.testing import capture_logs

from storage.database import Database, open_database
from storage.passwords import CameraPasswords
from storage.places import Camera, add_camera, add_room, add_site, list_cameras
from tests.conftest import NOW
from ui.terminal.camera_logins import CameraLogins, take_logins_out
from ui.terminal.camera_plans import camera_plans

CANARY = "kenari-7f3a"


@pytest.fixture
def room_id(database: Database) -> int:
    return add_room(database, add_site(database, "31.75", "Gudang", "Asia/Jakarta", now=NOW).id, "B", now=NOW).id


def logins(database: Database, known: CameraLogins) -> list[tuple[str, str]]:
    plans = camera_plans(database, known, files_below=None, person_model=None, times=(NOW,))
    return [(plan.username, plan.password) for plan in plans]


def only(database: Database) -> Camera:
    (camera,) = list_cameras(database)
    return camera


def test_a_broken_password_file_keeps_no_camera_from_a_starting_recorder(database: Database, room_id: int, tmp_path: Path) -> None:
    add_camera(database, room_id, "Kamera 1", "rtsp://127.0.0.1/1", "sari", now=NOW)
    add_camera(database, room_id, "Kamera 2", "rtsp://127.0.0.1/2", "", now=NOW)
    (tmp_path / "camera-passwords.enc").write_bytes(b"broken")
    known = CameraLogins(CameraPasswords(tmp_path))
    with capture_logs() as said:
        assert [logins(database, known) for _again in range(3)] == [[("", ""), ("", "")]] * 3
    assert [(line["event"], "camera-passwords.enc" in line["reason"]) for line in said] == [("camera passwords not read", True)]


def test_a_running_recorder_goes_on_with_the_passwords_it_knows(database: Database, room_id: int, tmp_path: Path) -> None:
    add_camera(database, room_id, "Kamera 1", "rtsp://127.0.0.1/1", "sari", now=NOW)
    CameraPasswords(tmp_path).keep(1, CANARY)
    known = CameraLogins(CameraPasswords(tmp_path))
    assert logins(database, known) == [("sari", CANARY)]
    whole = (tmp_path / "camera-passwords.enc").read_bytes()
    (tmp_path / "camera-passwords.enc").write_bytes(b"broken")
    assert logins(database, known) == [("sari", CANARY)]
    (tmp_path / "camera-passwords.enc").write_bytes(whole)
    CameraPasswords(tmp_path).keep(1, "merpati")
    assert logins(database, known) == [("sari", "merpati")]


def test_a_password_whose_place_is_in_the_address_is_read(database: Database, room_id: int, tmp_path: Path) -> None:
    add_camera(database, room_id, "Kamera 1", "rtsp://127.0.0.1/1?pwd=***", "", now=NOW)
    CameraPasswords(tmp_path).keep(1, CANARY)
    assert logins(database, CameraLogins(CameraPasswords(tmp_path))) == [("", CANARY)]


def test_a_login_in_the_table_is_moved_and_its_bytes_are_overwritten(tmp_path: Path) -> None:
    database = open_database(tmp_path)
    room = add_room(database, add_site(database, "31.75", "Gudang", "Asia/Jakarta", now=NOW).id, "B", now=NOW)
    address = f"rtsp://127.0.0.1/1?user=sari&password={CANARY}"
    add_camera(database, room.id, "Kamera 1", address, "", now=NOW, sub_address=f"{address}&subtype=1")
    add_camera(database, room.id, "Kamera 2", "file:///scenes/a.mp4", "", now=NOW)
    passwords = CameraPasswords(tmp_path)
    with capture_logs() as said:
        take_logins_out(database, passwords, NOW)
        take_logins_out(database, passwords, NOW)
    assert [line["event"] for line in said] == ["login taken out of the camera's address"]
    camera = list_cameras(database)[0]
    assert (camera.address, camera.username) == ("rtsp://127.0.0.1/1?user=***&password=***", "sari")
    assert camera.sub_address == "rtsp://127.0.0.1/1?user=***&password=***&subtype=1"
    assert passwords.get(camera.id) == CANARY
    database.close()
    assert [file.name for file in tmp_path.iterdir() if CANARY.encode() in file.read_bytes()] == []


def test_a_login_that_cannot_be_moved_is_named_left_and_used(database: Database, room_id: int, tmp_path: Path) -> None:
    address = f"rtsp://127.0.0.1/1?user=sari&password={CANARY}"
    add_camera(database, room_id, "Kamera 1", address, "", now=NOW)
    CameraPasswords(tmp_path).keep(1, "another")
    (tmp_path / "broken").mkdir()
    (tmp_path / "broken" / "camera-passwords.enc").write_bytes(b"broken")
    for folder in (tmp_path, tmp_path / "broken"):
        with capture_logs() as said:
            take_logins_out(database, CameraPasswords(folder), NOW)
        assert [line["event"] for line in said] == ["login stays in the camera's address"]
        assert CANARY not in str(said) and "another" not in str(said)
        assert only(database).address == address
        assert logins(database, CameraLogins(CameraPasswords(folder))) == [("sari", CANARY)]


def test_a_database_that_cannot_be_read_stops_no_start(tmp_path: Path) -> None:
    database = open_database(tmp_path, busy_s=0.1)
    other = sqlite3.connect(database.path, isolation_level=None)
    other.execute("BEGIN EXCLUSIVE")
    with capture_logs() as said:
        take_logins_out(database, CameraPasswords(tmp_path), NOW)
    assert [line["event"] for line in said] == ["cameras not read"]
    other.close()
    database.close()
