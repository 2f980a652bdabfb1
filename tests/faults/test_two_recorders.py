"""Two recorders on one PostgreSQL: one is killed, and the other has its cameras; no camera is recorded twice."""

import itertools
import subprocess
import sys
from collections import Counter
from collections.abc import Iterator
from contextlib import closing
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from storage.database import Database, open_database
from storage.places import add_camera, add_room, add_site
from storage.watch.gaps import gaps_between
from storage.watch.segments import footage_between
from storage.watch.states import camera_states, recorder_states
from tests.camera.rig import rtsp_server, wait_until, write_video
from tests.storage.postgres import Postgres, running

MAIN = Path(__file__).parents[2] / "main.py"
CAMERAS = 4


@pytest.fixture
def postgres() -> Iterator[Postgres]:
    with running() as server:
        yield server


class Computer:
    """One of two that record into the same folder."""

    def __init__(self, folder: Path, url: str, recordings: Path) -> None:
        folder.mkdir()
        (folder / "settings.toml").write_text(f'database = "{url}"\nrecordings = "{recordings.as_posix()}"\n', encoding="utf-8")
        self._log = (folder / "recorder.log").open("wb")
        command = [sys.executable, str(MAIN), "--data", str(folder), "record"]
        self.process = subprocess.Popen(command, stdout=self._log, stderr=self._log)

    def end(self) -> None:
        self.process.terminate()
        self.process.wait(60)
        self._log.close()


def holders(database: Database) -> dict[int, int | None]:
    """Which recorder has each camera that is live."""
    return {state.camera_id: state.recorder_id for state in camera_states(database) if state.state == "live"}


def enter_cameras(database: Database, address: str) -> None:
    now = datetime.now(UTC)
    room = add_room(database, add_site(database, "31.75", "Gudang", "Asia/Jakarta", now=now).id, "B", now=now)
    for number in range(CAMERAS):
        add_camera(database, room.id, f"Kamera {number}", address, "", now=now)


def test_the_cameras_of_a_killed_recorder_move_to_the_other(postgres: Postgres, tmp_path: Path) -> None:
    write_video(tmp_path / "scene.mp4", seconds=20)
    url = postgres.url(postgres.create())
    with rtsp_server(tmp_path / "scene.mp4") as server, closing(open_database(tmp_path / "reader", url=url)) as database:
        enter_cameras(database, server.address)
        computers = [Computer(tmp_path / name, url, tmp_path / "recordings") for name in ("first", "second")]
        try:
            wait_until(lambda: len(holders(database)) == CAMERAS and len(set(holders(database).values())) == 2, "both to record")
            wait_until(lambda: sorted(Counter(holders(database).values()).values()) == [2, 2], "two each")
            killed = next(state for state in recorder_states(database) if state.pid == computers[0].process.pid)
            lost = {camera_id for camera_id, holder in holders(database).items() if holder == killed.id}
            computers[0].process.kill()
            killed_at = datetime.now(UTC)
            wait_until(lambda: len(holders(database)) == CAMERAS and killed.id not in holders(database).values(), "the other to take over")
            assert len(lost) == 2
            wait_until(lambda: all(gap.ended_at for gap in gaps_between(database, killed_at, datetime.now(UTC))), "the gaps' ends")
        finally:
            for computer in computers:
                computer.end()
        gaps = [gap for gap in gaps_between(database, killed_at, datetime.now(UTC)) if gap.cause == "recorder_lost"]
        assert {gap.camera_id for gap in gaps} == lost
        print("longest gap:", max((gap.ended_at or gap.started_at) - gap.started_at for gap in gaps))
        for camera_id in range(1, CAMERAS + 1):
            parts = footage_between(database, camera_id, killed_at - timedelta(minutes=5), datetime.now(UTC))
            overlaps = [later.path for earlier, later in itertools.pairwise(parts) if later.started_at < earlier.ended_at]
            assert parts
            assert overlaps == [], "recorded twice"
