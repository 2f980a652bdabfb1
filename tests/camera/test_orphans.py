"""What a killed recorder left without a row is taken in or set aside; nothing is deleted."""

from datetime import datetime, timedelta
from pathlib import Path

import pytest

from camera.recording.orphans import Orphans, Search
from storage.database import Database
from storage.watch.journal import WatchJournal
from storage.watch.segments import footage_between
from tests.camera.rig import enter_camera, write_video
from tests.conftest import NOW

FOLDER = "31-75/camera-1"


@pytest.fixture
def journal(database: Database) -> WatchJournal:
    enter_camera(database, "rtsp://127.0.0.1/1")
    return WatchJournal(database, lambda _table, _row: None)


@pytest.fixture
def recordings(tmp_path: Path) -> Path:
    day = tmp_path / "recordings" / FOLDER / f"{NOW:%Y/%m/%d}"
    day.mkdir(parents=True)
    return tmp_path / "recordings"


def place(recordings: Path, at: datetime, suffix: str = ".mp4") -> Path:
    return recordings / FOLDER / f"{at:%Y/%m/%d}" / f"{at:%Y-%m-%dT%H-%M-%SZ}{suffix}"


def take_in(journal: WatchJournal, recordings: Path, growing: tuple[str, datetime] | None = None) -> None:
    orphans = Orphans(recordings, journal, OSError, lambda: NOW, young_s=0)
    assert orphans.take_in(Search(1, FOLDER, NOW + timedelta(hours=1), growing))


def files(recordings: Path) -> set[str]:
    return {path.relative_to(recordings / FOLDER / f"{NOW:%Y/%m/%d}").as_posix() for path in recordings.rglob("*.mp4*")}


def test_a_file_that_can_be_played_becomes_a_segment(database: Database, journal: WatchJournal, recordings: Path) -> None:
    write_video(place(recordings, NOW), seconds=2)
    cut = place(recordings, NOW + timedelta(minutes=1), ".mp4.part")
    write_video(cut.with_suffix(""), seconds=3)
    cut.with_suffix("").rename(cut)
    exactly = NOW + timedelta(minutes=1, milliseconds=250)
    take_in(journal, recordings, (cut.relative_to(recordings).as_posix(), exactly))
    kept = footage_between(database, 1, NOW - timedelta(hours=1), NOW + timedelta(hours=1))
    assert [(part.started_at, (recordings / part.path).exists()) for part in kept] == [(NOW, True), (exactly, True)]
    assert not cut.exists()
    take_in(journal, recordings)
    assert len(footage_between(database, 1, NOW - timedelta(hours=1), NOW + timedelta(hours=1))) == 2


def test_a_file_that_cannot_is_set_aside_with_a_row(database: Database, journal: WatchJournal, recordings: Path) -> None:
    place(recordings, NOW).write_bytes(b"no video at all" * 1000)
    take_in(journal, recordings)
    name = f"{NOW:%Y-%m-%dT%H-%M-%SZ}.mp4"
    assert files(recordings) == {f"set-aside/{name}"}
    assert footage_between(database, 1, NOW - timedelta(hours=1), NOW + timedelta(hours=1)) == []
    assert journal.strangers(1, [f"{FOLDER}/{NOW:%Y/%m/%d}/set-aside/{name}"]) == []


def test_one_that_was_set_aside_without_a_row_is_told_of_next_time(
    journal: WatchJournal, recordings: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    place(recordings, NOW).write_bytes(b"no video at all" * 1000)

    def away(*_: object, **__: object) -> None:
        raise OSError("away")

    with monkeypatch.context() as while_away, pytest.raises(OSError, match="away"):
        while_away.setattr(WatchJournal, "file_set_aside", away)
        take_in(journal, recordings)
    [aside] = files(recordings)
    path = f"{FOLDER}/{NOW:%Y/%m/%d}/{aside}"
    assert journal.strangers(1, [path]) == [path]
    take_in(journal, recordings)
    assert journal.strangers(1, [path]) == []


def test_this_recorders_own_files_and_those_of_others_are_left_alone(journal: WatchJournal, recordings: Path) -> None:
    place(recordings, NOW + timedelta(hours=2), ".mp4.part").write_bytes(b"growing" * 1000)
    (place(recordings, NOW).parent / "holiday.mp4").write_bytes(b"not ours" * 1000)
    before = files(recordings)
    take_in(journal, recordings)
    assert files(recordings) == before


def test_a_file_that_somebody_still_writes_to_is_looked_at_later(database: Database, journal: WatchJournal, recordings: Path) -> None:
    write_video(place(recordings, NOW), seconds=2)
    orphans = Orphans(recordings, journal, OSError, lambda: NOW, young_s=3600)
    assert not orphans.take_in(Search(1, FOLDER, NOW + timedelta(hours=1), None))
    assert footage_between(database, 1, NOW - timedelta(hours=1), NOW + timedelta(hours=1)) == []


def test_a_second_file_of_the_same_name_is_set_aside_beside_the_first(journal: WatchJournal, recordings: Path) -> None:
    for content in (b"no video at all" * 1000, b"nor is this one" * 1000):
        place(recordings, NOW).write_bytes(content)
        take_in(journal, recordings)
    name = f"{NOW:%Y-%m-%dT%H-%M-%SZ}.mp4"
    assert files(recordings) == {f"set-aside/{name}", f"set-aside/2-{name}"}
