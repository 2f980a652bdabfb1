"""Recordings that somebody deletes or changes outside the program: the check names the file, and what was recorded stays known."""

import json
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
import sqlalchemy as sa

from camera.recording.worker_process import CameraPlan
from storage.database import Database, open_database
from storage.places import add_camera, add_room, add_site
from storage.schema.footage import footage_finding, segment
from storage.watch.gaps import gaps_between
from tests.camera.rig import recorder, wait_until, write_video
from tests.test_main import run, running_recorder

Rows = list[tuple[str, int, str]]


@pytest.fixture
def data(tmp_path: Path) -> Path:
    """A data folder with the recordings of a camera, recorded just now: three segments or more."""
    folder = tmp_path / "data"
    write_video(tmp_path / "scene.mp4", seconds=12)
    database = open_database(folder)
    begun = datetime.now(UTC)
    room = add_room(database, add_site(database, "31.75", "Gudang", "Asia/Jakarta", now=begun).id, "B", now=begun)
    camera = add_camera(database, room.id, "Kamera 1", (tmp_path / "scene.mp4").as_uri(), "", now=begun)
    plan = CameraPlan(camera.id, "31-75/camera-1", camera.address)
    with recorder(database, folder / "recordings", [plan], segment_s=2.0):
        wait_until(lambda: len(rows(database)) >= 3, "three segments")
    database.close()
    return folder


def rows(database: Database) -> Rows:
    with database.read() as connection:
        own = segment.c
        return [
            (row.path, row.bytes, row.sha256) for row in connection.execute(sa.select(own.path, own.bytes, own.sha256).order_by(own.id))
        ]


def asked(data: Path, work: Callable[[Database], object]) -> object:
    database = open_database(data)
    try:
        return work(database)
    finally:
        database.close()


def findings(database: Database) -> list[tuple[int, str]]:
    with database.read() as connection:
        return [(row.segment_id, row.kind) for row in connection.execute(sa.select(footage_finding))]


def missing(database: Database) -> list[str]:
    now = datetime.now(UTC)
    return [gap.note for gap in gaps_between(database, now - timedelta(hours=1), now) if gap.cause == "missing"]


def test_26_a_clip_deleted_outside_the_program_is_missing_at_the_check_and_its_row_and_hash_stay(data: Path) -> None:
    before = asked(data, rows)
    assert isinstance(before, list)
    name = before[1][0]
    assert run("--data", data, "check", "--recordings", "hash").returncode == 0
    (data / "recordings" / name).unlink()
    for depth in ("presence", "size", "hash"):
        checked = run("--data", data, "check", "--recordings", depth)
        assert checked.returncode == 1
        assert [line for line in checked.stdout.splitlines() if name in line] == [f"MISSING: the file {name} is not there any more."]
    assert asked(data, rows) == before
    assert (asked(data, findings), asked(data, missing)) == ([(2, "missing")], [name])


def test_27_a_flipped_byte_fails_the_verification_which_names_the_file_and_keeps_the_first_hash(data: Path) -> None:
    before = asked(data, rows)
    assert isinstance(before, list)
    name = before[1][0]
    file = data / "recordings" / name
    content = bytearray(file.read_bytes())
    content[len(content) // 2] ^= 0x01
    file.write_bytes(content)
    assert run("--data", data, "check", "--recordings", "size").returncode == 0, "its length tells nothing"
    checked = run("--data", data, "check", "--recordings", "hash", "--json")
    assert checked.returncode == 1
    told = json.loads(checked.stdout)
    assert (told["ok"], told["segments"]) == (False, len(before))
    assert [(one["kind"], one["path"], one["segment_id"]) for one in told["findings"]] == [("hash", name, 2)]
    assert (asked(data, rows), asked(data, findings), asked(data, missing)) == (before, [(2, "hash")], [])


def test_26_arunning_recorder_that_begins_notices_what_is_missing(data: Path) -> None:
    before = asked(data, rows)
    assert isinstance(before, list)
    name = before[0][0]
    (data / "recordings" / name).unlink()
    (data / "demo").touch()  # its camera is a file, which only the demo may play
    with running_recorder(data, data / "log") as process:
        wait_until(lambda: asked(data, findings) == [(1, "missing")], "the finding")
        wait_until(lambda: name in (data / "log").read_text(), "the line of the log")
    assert process.returncode == 0
    assert asked(data, missing) == [name]
