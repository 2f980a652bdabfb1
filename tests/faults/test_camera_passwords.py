"""A password that would be recognised anywhere is looked for wherever somebody without it may look."""

import signal
import subprocess
import sys
from pathlib import Path

import pytest

from camera.streams.address import checked_address
from camera.streams.stream import Source, Stream, StreamError
from storage.database import open_database
from storage.passwords import CameraPasswords
from storage.places import add_camera, add_room, add_site
from storage.watch.states import camera_states
from tests.camera.rig import free_port, rtsp_server, wait_until, write_video
from tests.conftest import NOW

ROOT = Path(__file__).parents[2]
CANARY = "kenari-7f3a9e"

pytestmark = pytest.mark.skipif(sys.platform != "linux", reason="reads /proc")


def family(pid: int) -> list[Path]:
    """The process and its children, as folders of /proc."""
    children = (Path("/proc") / str(pid) / "task" / str(pid) / "children").read_text().split()
    return [Path("/proc") / number for number in (str(pid), *children)]


def test_a_password_is_in_no_database_log_list_of_processes_or_recording(tmp_path: Path) -> None:
    data, log = tmp_path / "data", tmp_path / "log"
    write_video(tmp_path / "scene.mp4", seconds=20)
    with rtsp_server(tmp_path / "scene.mp4", "sari", CANARY) as server:
        database = open_database(data)
        room = add_room(database, add_site(database, "31.75", "Gudang", "Asia/Jakarta", now=NOW).id, "B", now=NOW)
        add_camera(database, room.id, "Let in", server.address, "sari", now=NOW)
        # As earlier versions kept it; this server takes no login there and refuses.
        add_camera(database, room.id, "Refused", f"{server.address}?user=sari&password={CANARY}", "", now=NOW)
        add_camera(database, room.id, "Away", f"rtsp://127.0.0.1:{free_port()}/a/user=sari_password={CANARY}_channel=1", "", now=NOW)
        CameraPasswords(data).keep(1, CANARY)
        with log.open("wb") as said:
            command = [sys.executable, str(ROOT / "main.py"), "--data", str(data), "record"]
            recorder = subprocess.Popen(command, stdout=said, stderr=said)
        try:
            wanted = {(1, "live", ""), (2, "lost", "login_refused"), (3, "lost", "not_answering")}
            wait_until(lambda: {(one.camera_id, one.state, one.reason) for one in camera_states(database)} == wanted, "the cameras")
            processes = family(recorder.pid)
            assert len(processes) == 4
            seen = [(process / name).read_bytes() for process in processes for name in ("cmdline", "environ")]
        finally:
            recorder.send_signal(signal.SIGTERM)
            recorder.wait(60)
    database.close()
    assert all(b"camera.recording.worker" in cmdline for cmdline in seen[2::2]), "these are the workers"
    assert not any(CANARY.encode() in text for text in seen)
    assert b"login taken out" in log.read_bytes()
    assert CANARY.encode() not in log.read_bytes()
    files = [file for file in data.rglob("*") if file.is_file()]
    assert {".db", ".mp4", ".json"} <= {file.suffix for file in files}
    assert [file for file in files if CANARY.encode() in file.read_bytes()] == []


@pytest.mark.parametrize("address", ["rtsp://127.0.0.1:{port}/1?user=sari&password={canary}", "http://sari:{canary}@127.0.0.1:{port}/1"])
def test_no_text_of_an_exception_holds_it(address: str) -> None:
    source = Source(*checked_address(address.format(port=free_port(), canary=CANARY)))
    assert source.password == CANARY
    with pytest.raises(StreamError) as failed:
        Stream(source)
    chain: BaseException | None = failed.value
    said = [repr(source)]
    while chain is not None:
        said += [repr(chain), str(chain), str(chain.args)]
        chain = chain.__cause__
    assert CANARY not in "".join(said)
