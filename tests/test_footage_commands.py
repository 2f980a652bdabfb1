"""Footage from a terminal: clips, stills and time-lapses, by the site's clock and only out of the recordings."""

import contextlib
import getpass
import hashlib
import json
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from typing import Any

import av
import pytest

from storage.audit.trail import Filter, log_entries
from storage.database import open_database
from storage.places import add_camera, add_room
from storage.watch.seen import SEEN
from storage.watch.segments import put_segment
from tests.camera.footage import BEGIN, after, encode, record, shown
from tests.camera.rig import enter_camera
from tests.conftest import NOW
from tests.test_main import run


@pytest.fixture(scope="module")
def data(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A data folder with a camera, and 9 s of its footage from 21:03:20 in Jakarta on, then 3 s from 21:04:20 on."""
    folder = tmp_path_factory.mktemp("footage")
    with contextlib.closing(open_database(folder)) as database:
        enter_camera(database, "rtsp://127.0.0.1/camera")
        recordings = folder / "recordings"
        segments = record(recordings, encode(folder / "a.mp4", "libx264", 9), segment_s=3.0)
        segments += record(recordings, encode(folder / "b.mp4", "libx264", 3, first=600), BEGIN + timedelta(seconds=60))
        with database.write() as connection:
            for segment in segments:
                put_segment(connection, 1, segment)
    return folder


@pytest.fixture
def out(tmp_path: Path) -> Path:
    (tmp_path / "out").mkdir()
    return tmp_path / "out"


def said(*arguments: str | Path) -> dict[str, Any]:
    """The JSON object that a command prints."""
    result = run(*arguments, "--json")
    assert result.returncode == 0, result.stderr
    found = json.loads(result.stdout)
    assert isinstance(found, dict)
    return found


def test_a_clip_by_the_sites_clock_tells_its_facts(data: Path, out: Path) -> None:
    span = ("--from", "2026-11-22T21:03:21.500", "--until", "2026-11-22T14:04:21+00:00")
    facts = said("--data", data, "clip", "--camera", "1", *span, "--to", out / "clip.mp4")
    (file,) = facts.pop("files")
    assert facts == {
        "camera": 1,
        "asked_at": "2026-11-22T14:03:21.500000+00:00",
        "until_at": "2026-11-22T14:04:21+00:00",
        "starts_at": "2026-11-22T14:03:21+00:00",
        "skip_s": 0.5,
        "gaps": [{"from_at": after(8.9).isoformat(), "until_at": after(60).isoformat()}],
        "missing": [],
        "damaged": [],
    }
    assert file["file"] == str(out / "clip.mp4")
    assert file["sha256"] == hashlib.sha256((out / "clip.mp4").read_bytes()).hexdigest()
    pictures = shown(out / "clip.mp4")
    assert (pictures[0], pictures[75]) == ((0.0, 15), (58.5, 600))


def test_the_log_says_who_took_it_and_of_what(data: Path, out: Path) -> None:
    span = ("--from", "2026-11-22T21:03:22", "--until", "2026-11-22T21:03:25")
    said("--data", data, "clip", "--camera", "1", *span, "--to", out / "taken.mp4")
    with contextlib.closing(open_database(data)) as database:
        newest = log_entries(database, filters=Filter(act=SEEN))[0]
    assert newest.said["login"] == getpass.getuser() and newest.person == "" and "Kamera 1" in newest.about[-1]
    assert (newest.said["from"], newest.said["until"]) == ("2026-11-22T14:03:22.000000Z", "2026-11-22T14:03:25.000000Z")


def test_a_clip_is_told_in_words(data: Path, out: Path) -> None:
    span = ("--from", "2026-11-22T21:03:21.500", "--until", "2026-11-22T21:04:21")
    told = run("--data", data, "clip", "--camera", "kamera 1", *span, "--to", out / "clip.mp4").stdout.splitlines()
    assert told == [
        f"{out / 'clip.mp4'}: from 2026-11-22 21:03:21.0 WIB to 2026-11-22 21:04:21.0 WIB, 91 packets.",
        "It begins with a key frame 0.5 s before the asked instant; players that know edit lists leave that out.",
        "No picture from 2026-11-22 21:03:28.9 WIB to 2026-11-22 21:04:20.0 WIB.",
    ]


def test_a_still_says_when_it_was_taken(data: Path, out: Path) -> None:
    facts = said("--data", data, "still", "--camera", "1", "--at", "2026-11-22T21:03:24.650", "--to", out / "a.png")
    assert facts["taken_at"] == after(4.6).isoformat()
    assert facts["size"] == [320, 180]
    assert facts["files"][0]["sha256"] == hashlib.sha256((out / "a.png").read_bytes()).hexdigest()
    late = run("--data", data, "still", "--camera", "1", "--at", "2026-11-22T22:03:24", "--to", out / "b.png")
    assert late.returncode == 1 and "There is no footage of that time" in late.stderr
    assert [path.name for path in out.iterdir()] == ["a.png"]


def test_a_time_lapse_goes_from_noon_to_noon(data: Path, out: Path) -> None:
    arguments = ("--data", data, "time-lapse", "--camera", "1", "--night", "2026-11-22", "--every", "20", "--to", out / "night.mp4")
    facts = said(*arguments)
    assert (facts["from_at"], facts["until_at"]) == ("2026-11-22T05:00:00+00:00", "2026-11-23T05:00:00+00:00")
    assert (facts["pictures"], facts["hatched"]) == (2, 24 * 180 - 2)
    with av.open(str(out / "night.mp4")) as container:
        assert container.streams.video[0].frames == 24 * 180
    again = run(*arguments)
    assert again.returncode == 1 and "is there already" in again.stderr


def test_refusals_are_one_sentence(data: Path, out: Path) -> None:
    good = {"--camera": "1", "--from": "2026-11-22T21:03:21", "--until": "2026-11-22T21:03:25", "--to": str(out / "clip.mp4")}
    for wrong, words in (
        ({"--camera": "7"}, "There is no camera 7. There are: 1 Kamera 1."),
        ({"--from": "yesterday"}, "yesterday is no instant. Write it like 2026-11-22T21:03:20."),
        ({"--from": "2026-11-22T21:03:25"}, "The end must come after the beginning."),
        ({"--to": str(data / "recordings" / "clip.mp4")}, "lies in the recordings folder"),
        ({"--from": "2025-11-22T21:03:21", "--until": "2025-11-22T21:03:25"}, "There is no footage of that time that could be read."),
    ):
        refused = run("--data", data, "clip", *(word for option in (good | wrong).items() for word in option))
        assert refused.returncode == 1 and refused.stderr.count("\n") == 1
        assert words in refused.stderr
    assert list(out.iterdir()) == []


def test_of_two_cameras_with_one_name_the_number_is_asked_for(tmp_path: Path) -> None:
    with contextlib.closing(open_database(tmp_path / "data")) as database:
        enter_camera(database, "rtsp://127.0.0.1/camera")
        room = add_room(database, 1, "Gudang bilik", now=NOW)
        add_camera(database, room.id, "Kamera 1", "rtsp://127.0.0.1/2", "", now=NOW)
    refused = run("--data", tmp_path / "data", "still", "--camera", "Kamera 1", "--at", "2026-11-22", "--to", tmp_path / "a.png")
    assert refused.stderr == "Several cameras are named Kamera 1. Say its number: 1, 2.\n"


def test_a_row_that_points_out_of_the_recordings_gives_nothing_out(tmp_path: Path, out: Path) -> None:
    data = tmp_path / "data"
    with contextlib.closing(open_database(data)) as database:
        enter_camera(database, "rtsp://127.0.0.1/camera")
        (segment,) = record(tmp_path / "elsewhere", encode(tmp_path / "a.mp4", "libx264", 3))
        with database.write() as connection:
            put_segment(connection, 1, replace(segment, path=f"../../elsewhere/{segment.path}"))
    at = "2026-11-22T21:03:22"
    commands = (
        ("clip", "--from", at, "--until", "2026-11-22T21:03:25", "--to", str(out / "a.mp4")),
        ("still", "--at", at, "--to", str(out / "a.png")),
        ("time-lapse", "--night", "2026-11-22", "--to", str(out / "b.mp4")),
    )
    for command in commands:
        refused = run("--data", data, *command, "--camera", "1")
        assert refused.returncode == 1 and "lies outside the recordings folder" in refused.stderr
    assert list(out.iterdir()) == []
