"""The recordings against their rows: what is found at each depth, that it is kept once, and that a check called off keeps what it found."""

import hashlib
import os
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
import sqlalchemy as sa

from camera.journal import CameraReport, Cause, EndReason, State, WrittenSegment
from storage.database import Database
from storage.places import add_camera, add_room, add_site
from storage.rules.refusal import Refusal
from storage.schema.footage import footage_finding, footage_removal, segment, set_aside
from storage.watch import recordings_check
from storage.watch.gaps import Gap, gaps_between
from storage.watch.journal import WatchJournal
from storage.watch.recordings_check import Depth, FileFinding, check, check_presence

BEGUN = datetime(2026, 11, 22, 14, 0, tzinfo=UTC)
LATER = BEGUN + timedelta(days=1)


@dataclass
class Recordings:
    """A camera's segments of a minute each, with their files."""

    database: Database
    journal: WatchJournal
    folder: Path

    def name(self, number: int) -> str:
        return f"s/camera-1/{number}.mp4"

    def file(self, number: int) -> Path:
        return self.folder / self.name(number)

    def write(self, number: int, *, path: str = "") -> None:
        content = f"what was seen in minute {number}".encode() * 1000
        self.file(number).parent.mkdir(parents=True, exist_ok=True)
        self.file(number).write_bytes(content)
        begins = BEGUN + timedelta(minutes=number)
        written = WrittenSegment(
            *(path or self.name(number), begins, begins + timedelta(seconds=59), 9, len(content), hashlib.sha256(content).hexdigest()),
            EndReason.FULL,
        )
        self.journal.segment_written(1, written)

    def check(self, depth: Depth = Depth.PRESENCE) -> list[tuple[str, str]]:
        report = check(self.database, self.folder, depth, now=lambda: LATER)
        assert all(one.path in str(one.said) for one in report.findings)
        return [(one.kind, one.path) for one in report.findings]

    def kept(self) -> list[tuple[int, str]]:
        with self.database.read() as connection:
            own = footage_finding.c
            return [(row.segment_id, row.kind) for row in connection.execute(sa.select(own.segment_id, own.kind).order_by(own.id))]

    def gaps(self) -> list[Gap]:
        return gaps_between(self.database, BEGUN, LATER)


@pytest.fixture
def recordings(database: Database, tmp_path: Path) -> Recordings:
    site = add_site(database, "31.75", "Gudang", "Asia/Jakarta", now=BEGUN)
    add_camera(database, add_room(database, site.id, "B", now=BEGUN).id, "Kamera 1", "rtsp://127.0.0.1/1", "", now=BEGUN)
    made = Recordings(database, WatchJournal(database, lambda _table, _row: None), tmp_path / "recordings")
    for number in range(1, 6):
        made.write(number)
    return made


@pytest.mark.parametrize("depth", list(Depth))
def test_what_is_as_it_was_has_no_findings(recordings: Recordings, depth: Depth) -> None:
    shares: list[float] = []
    report = check(recordings.database, recordings.folder, depth, now=lambda: LATER, progress=shares.append)
    assert (report.segments, report.findings) == (5, ())
    assert shares == sorted(shares) and shares[-1] == 1.0
    assert (recordings.kept(), recordings.gaps()) == ([], [])


def test_a_missing_file_is_found_at_once_and_kept_once_with_a_gap(recordings: Recordings) -> None:
    recordings.journal.gap_opened(1, BEGUN + timedelta(minutes=6), Cause.CAMERA_LOST)
    recordings.file(2).unlink()
    for _again in range(2):
        assert recordings.check() == [("missing", "s/camera-1/2.mp4")]
    assert recordings.kept() == [(2, "missing")]
    begins = BEGUN + timedelta(minutes=2)
    missing, lost = recordings.gaps()
    assert missing == Gap(2, 1, begins, begins + timedelta(seconds=59), "missing", "s/camera-1/2.mp4")
    assert (lost.cause, lost.ended_at) == ("camera_lost", None)


def test_a_changed_length_is_found_by_size_and_a_changed_byte_by_hash_alone(recordings: Recordings) -> None:
    with recordings.file(3).open("ab") as file:
        file.write(b"x")
    content = bytearray(recordings.file(4).read_bytes())
    content[100] ^= 1
    recordings.file(4).write_bytes(content)
    assert recordings.check(Depth.PRESENCE) == []
    assert recordings.check(Depth.SIZE) == [("size", "s/camera-1/3.mp4")]
    assert recordings.check(Depth.HASH) == [("size", "s/camera-1/3.mp4"), ("hash", "s/camera-1/4.mp4")]
    assert recordings.kept() == [(3, "size"), (4, "hash")]
    assert recordings.gaps() == []


def test_what_was_removed_by_right_is_not_missed(recordings: Recordings, monkeypatch: pytest.MonkeyPatch) -> None:
    def remove(number: int) -> None:
        with recordings.database.write() as connection:
            connection.execute(footage_removal.insert().values(segment_id=number, at=LATER, reason="days"))
        recordings.file(number).unlink()

    remove(1)
    looked = recordings_check._look

    def remove_meanwhile(*arguments: object) -> object:
        if recordings.file(2).exists():
            remove(2)
        return looked(*arguments)  # type: ignore[arg-type]

    monkeypatch.setattr(recordings_check, "_look", remove_meanwhile)
    assert recordings.check() == []
    assert (recordings.kept(), recordings.gaps()) == ([], [])


def test_a_row_that_was_taken_out_is_named_by_its_number_and_its_file(recordings: Recordings) -> None:
    old = (BEGUN - timedelta(days=1)).timestamp()
    os.utime(recordings.file(3), (old, old))
    with recordings.database.write() as connection:
        connection.execute(segment.delete().where(segment.c.number == 3))
    report = check(recordings.database, recordings.folder, Depth.PRESENCE, now=lambda: LATER)
    assert [(one.kind, one.path) for one in report.findings] == [("number", ""), ("orphan", "s/camera-1/3.mp4")]
    assert "segment 3 of camera 1" in str(report.findings[0].said)


def test_files_that_no_row_names_are_told_when_they_are_old_enough(recordings: Recordings) -> None:
    names = ("9.mp4", "growing.mp4.part", "told.mp4.part", "aside.mp4", "fresh.mp4", "notes.txt")
    at = (LATER - timedelta(minutes=6)).timestamp()
    for name in names:
        (recordings.folder / "s/camera-1" / name).write_bytes(b"x")
        os.utime(recordings.folder / "s/camera-1" / name, (at, at))
    fresh = (LATER - timedelta(minutes=4)).timestamp()
    os.utime(recordings.folder / "s/camera-1/fresh.mp4", (fresh, fresh))
    report = CameraReport(1, State.LIVE, BEGUN, BEGUN, None, 10.0, "", "s/camera-1/told.mp4.part", BEGUN)
    recordings.journal.camera_reported(report)
    with recordings.database.write() as connection:
        values = {"camera_id": 1, "path": "s/camera-1/aside.mp4", "found_at": LATER, "bytes": 1, "reason": "torn"}
        connection.execute(set_aside.insert().values(values))
        connection.execute(footage_removal.insert().values(segment_id=5, at=LATER, reason="days"))
    assert recordings.check() == [("orphan", "s/camera-1/9.mp4"), ("orphan", "s/camera-1/growing.mp4.part")]


def test_a_path_that_leads_out_of_the_recordings_is_not_followed(recordings: Recordings, tmp_path: Path) -> None:
    (tmp_path / "outside.mp4").write_bytes(b"x")
    recordings.write(6, path="../outside.mp4")
    recordings.file(1).unlink()
    recordings.file(1).symlink_to(tmp_path / "outside.mp4")
    found = recordings.check(Depth.HASH)
    assert found[:2] == [("missing", "s/camera-1/1.mp4"), ("missing", "../outside.mp4")]


def test_a_file_that_cannot_be_read_is_named_and_not_taken_for_changed(recordings: Recordings, monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(_file: Path) -> str:
        raise OSError(5, "Input/output error")

    monkeypatch.setattr(recordings_check, "_sha256", refuse)
    assert recordings.check(Depth.HASH)[0] == ("unreadable", "s/camera-1/1.mp4")
    assert recordings.kept() == []


@pytest.mark.parametrize("depth", [Depth.PRESENCE, Depth.HASH])
def test_a_check_that_is_called_off_keeps_what_it_found(recordings: Recordings, depth: Depth) -> None:
    for number in (1, 4):
        recordings.file(number).unlink()

    def call_off(share: float) -> None:
        if share > 0.5:
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        check(recordings.database, recordings.folder, depth, now=lambda: LATER, progress=call_off)
    assert recordings.kept() == [(1, "missing")]


def test_without_the_folder_nothing_is_said_to_be_missing(recordings: Recordings) -> None:
    recordings.folder.rename(recordings.folder.with_name("elsewhere"))
    with pytest.raises(Refusal, match="disk"):
        recordings.check()
    assert recordings.kept() == []


def test_a_recorder_that_begins_looks_whether_the_files_are_there_until_it_is_stopped(
    recordings: Recordings, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(recordings_check, "BATCH", 2)
    for number in (1, 2, 5):
        recordings.file(number).unlink()
    batches = iter((False, True))
    found: list[FileFinding] = list(check_presence(recordings.database, recordings.folder, LATER, lambda: next(batches)))
    assert [one.segment_id for one in found] == [1, 2]
    assert recordings.kept() == [(1, "missing"), (2, "missing")]
    list(check_presence(recordings.database, recordings.folder, LATER, lambda: False))
    assert recordings.kept() == [(1, "missing"), (2, "missing"), (5, "missing")]
    assert [gap.cause for gap in recordings.gaps()] == ["missing"] * 3
