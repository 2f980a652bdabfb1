"""What systemd is told, on a real datagram socket; and that a recorder tells it."""

import socket
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from camera.recording.service_watch import Watchdog
from storage.database import Database
from tests.camera.rig import PATIENCE_S, enter_camera, recorder, write_video

pytestmark = pytest.mark.skipif(sys.platform == "win32", reason="there is no systemd")


@pytest.fixture(params=["file", "abstract"])
def manager(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[tuple[socket.socket, str]]:
    """A service manager's socket, and how NOTIFY_SOCKET names it."""
    if request.param == "abstract" and sys.platform != "linux":
        pytest.skip("only Linux has sockets without a file")
    name = str(tmp_path / "notify") if request.param == "file" else f"@jaga-gudang-{tmp_path.name}-{id(tmp_path)}"
    with socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM) as listening:
        listening.bind("\0" + name[1:] if name.startswith("@") else name)
        listening.settimeout(PATIENCE_S)
        yield listening, name


def test_each_state_is_one_datagram(manager: tuple[socket.socket, str], monkeypatch: pytest.MonkeyPatch) -> None:
    listening, name = manager
    monkeypatch.setenv("NOTIFY_SOCKET", name)
    watchdog = Watchdog()
    watchdog.ready()
    watchdog.beat()
    watchdog.stopping()
    assert [listening.recv(100) for _each in range(3)] == [b"READY=1", b"WATCHDOG=1", b"STOPPING=1"]


def test_a_manager_that_does_not_listen_holds_up_nothing(tmp_path: Path) -> None:
    name = str(tmp_path / "notify")
    with socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM) as listening:
        listening.bind(name)
        for _each in range(5_000):  # more than any queue of the system takes
            Watchdog(name).beat()
    Watchdog(name).beat()  # nobody is there now
    Watchdog(str(tmp_path / "nowhere")).beat()
    Watchdog("x" * 1000).beat()


def test_without_a_manager_nothing_is_told(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("NOTIFY_SOCKET", raising=False)
    monkeypatch.setattr(socket, "socket", None)
    Watchdog().beat()


def test_a_recorder_says_that_it_is_ready_alive_and_ends(database: Database, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    write_video(tmp_path / "scene.mp4", seconds=2)
    with socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM) as listening:
        listening.bind(str(tmp_path / "notify"))
        listening.settimeout(PATIENCE_S)
        monkeypatch.setenv("NOTIFY_SOCKET", str(tmp_path / "notify"))
        with recorder(database, tmp_path / "recordings", [enter_camera(database, (tmp_path / "scene.mp4").as_uri())]):
            assert [listening.recv(100) for _each in range(3)] == [b"READY=1", b"WATCHDOG=1", b"WATCHDOG=1"]
        said = b"WATCHDOG=1"
        while said == b"WATCHDOG=1":
            said = listening.recv(100)
        assert said == b"STOPPING=1"
