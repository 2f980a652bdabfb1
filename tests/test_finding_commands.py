"""Finding and entering cameras from a terminal."""

import json
from pathlib import Path

import pytest

from storage.database import open_database
from storage.passwords import CameraPasswords
from storage.places import add_room, add_site
from tests.camera.onvif_server import PASSWORD, USER, OnvifCamera
from tests.conftest import NOW
from tests.test_main import run


def place(camera: OnvifCamera) -> str:
    return f"127.0.0.1:{camera.discovery[1]}"


def test_find() -> None:
    with OnvifCamera() as camera:
        found = run("cameras", "find", "--to", place(camera), "--seconds", "1", "--json")
        assert (found.returncode, found.stderr) == (0, "")
        assert json.loads(found.stdout)["cameras"] == [
            {"endpoint": "urn:uuid:kamera-1", "address": camera.address, "name": "Kamera Pintu", "hardware": "KJ-200"}
        ]
        assert f"{camera.address}  Kamera Pintu  KJ-200" in run("cameras", "find", "--to", place(camera), "--seconds", "1").stdout
        camera.manners.matches = []
        assert "No camera answered." in run("cameras", "find", "--to", place(camera), "--seconds", "0.2").stdout
    refused = run("cameras", "find", "--to", "127.0.0.1:port")
    assert refused.returncode == 1 and "HOST:PORT" in refused.stderr


def test_ask() -> None:
    with OnvifCamera() as camera:
        asked = run("cameras", "ask", camera.address, "--user", USER, "--json", JAGA_CAMERA_PASSWORD=PASSWORD)
        assert (asked.returncode, asked.stderr) == (0, "")
        facts = json.loads(asked.stdout)
        assert (facts["maker"], facts["main"]["address"], facts["can_turn"]) == ("Kamera Jaya", "rtsp://127.0.0.1:554/main", True)
        said = run("cameras", "ask", camera.address, "--user", USER, JAGA_CAMERA_PASSWORD=PASSWORD).stdout
        assert "Kamera Jaya KJ-200" in said and "Its clock is right." in said and "rtsp://127.0.0.1:554/third (H.264, 320 x 180)" in said
        refused = run("cameras", "ask", camera.address, "--user", USER, JAGA_CAMERA_PASSWORD="salah-sekali")
        assert refused.returncode == 1 and "refused the login" in refused.stderr and "salah-sekali" not in refused.stderr
    assert run("cameras", "ask", camera.address, JAGA_LANG="id").stderr == "Kamera tidak menjawab.\n"


def test_turn() -> None:
    with OnvifCamera() as camera:
        arguments = ("cameras", "turn", camera.address, "--user", USER)
        assert run(*arguments, JAGA_CAMERA_PASSWORD=PASSWORD).stdout == "1  Pintu utama\n2  2\n"
        assert run(*arguments, "--place", "Pintu utama", JAGA_CAMERA_PASSWORD=PASSWORD).returncode == 0
        assert run(*arguments, "--pan", "-0.5", "--seconds", "0.1", JAGA_CAMERA_PASSWORD=PASSWORD).returncode == 0
        assert camera.moves == ["to 1", "move main PanTilt -0.5 0.0 PT1.1S", "stop true true"]
        assert "no place named Atap" in run(*arguments, "--place", "Atap", JAGA_CAMERA_PASSWORD=PASSWORD).stderr
        camera.manners.can_turn = False
        assert "cannot turn" in run(*arguments, JAGA_CAMERA_PASSWORD=PASSWORD).stderr


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A data folder with one room."""
    database = open_database(tmp_path / "data")
    add_room(database, add_site(database, "31.75", "Gudang", "Asia/Jakarta", now=NOW).id, "Ruang B", now=NOW)
    database.close()
    return tmp_path / "data"


def test_import_and_list(folder: Path, tmp_path: Path) -> None:
    assert "No camera is entered yet." in run("--data", folder, "cameras", "list").stdout
    table = tmp_path / "kamera.csv"
    head = "site code,room,name,address,sub address,user,password\n"
    good = "31.75,Ruang B,K1,rtsp://10.0.0.1/1,rtsp://10.0.0.1/2,sari,rahasia-1\n"
    table.write_text(head + good + "31.75,Ruang B,K2,file:///etc/passwd,,sari,rahasia-2\n", encoding="utf-8")
    refused = run("--data", folder, "cameras", "import", table)
    assert refused.returncode == 1 and "Line 3: Files may be played as cameras in the demo only." in refused.stderr
    assert "rahasia" not in refused.stderr + refused.stdout
    table.write_text(head + good, encoding="utf-8")
    assert "kamera.csv: 1 cameras are entered." in run("--data", folder, "cameras", "import", table).stdout
    [camera] = json.loads(run("--data", folder, "cameras", "list", "--json").stdout)["cameras"]
    assert (camera["name"], camera["address"], camera["sub_address"]) == ("K1", "rtsp://10.0.0.1/1", "rtsp://10.0.0.1/2")
    assert "password" not in camera
    assert CameraPasswords(folder).get(camera["id"]) == "rahasia-1"
    assert "31.75  Ruang B  K1  rtsp://10.0.0.1/1" in run("--data", folder, "cameras", "list").stdout
