"""The disk watch: warnings that are events, what it frees, when it says stop, and the space that it keeps for the books."""

import errno
import threading
from datetime import datetime, timedelta
from pathlib import Path

import pytest
import sqlalchemy as sa

from storage.database import Database
from storage.reserve import FILE_NAME, RESERVE_BYTES, keep_reserve, release_reserve
from storage.rules.disk_space import Space
from storage.rules.refusal import Refusal
from storage.schema.guards import SQLITE
from storage.schema.watch import watch_event
from storage.watch.alarms import Verdict, list_alarms
from storage.watch.disk import IN_VAIN_S, LOOK_CLOSER_S, LOOK_S, DiskWatch, space_of
from storage.watch.haste import HASTY
from storage.watch.locks import lock_footage
from storage.watch.retention import Limits, set_retention
from tests.storage.footage import Archive, open_archive


class Disk:
    """A disk of 10 000 bytes that other things fill too; footage that goes frees its bytes."""

    def __init__(self, archive: Archive, now: datetime) -> None:
        self.archive = archive
        self.free = 9_000
        self.now = now
        self.watch = DiskWatch(archive.database, archive.recordings, lambda: self.now, space=self.space)
        self.footage = self._footage()

    def _footage(self) -> int:
        return sum(file.stat().st_size for file in self.archive.recordings.rglob("*.mp4"))

    def space(self, _folder: Path) -> Space:
        freed, self.footage = self.footage - self._footage(), self._footage()
        self.free += freed
        return Space(self.free, 10_000)

    def look(self, free: int, *, later_s: float = 0) -> float:
        self.free = free
        self.now += timedelta(seconds=later_s)
        return self.watch.look()

    def events(self) -> list[tuple[str, float, bool]]:
        """Kind, percent used, whether it is over."""
        own = watch_event.c
        with self.archive.database.read() as connection:
            rows = connection.execute(sa.select(own.kind, own.peak_pct, own.ended_at).where(own.camera_id.is_(None)).order_by(own.id))
            return [(row.kind, row.peak_pct, row.ended_at is not None) for row in rows]


@pytest.fixture
def archive(database: Database, tmp_path: Path, now: datetime) -> Archive:
    (tmp_path / "recordings").mkdir()
    return open_archive(database, tmp_path / "recordings", now)


@pytest.fixture
def disk(archive: Archive, now: datetime) -> Disk:
    for minute in range(10):
        archive.record(1, minute)
    return Disk(archive, now + timedelta(hours=1))


def test_it_warns_at_15_10_and_5_percent_in_one_alarm(disk: Disk) -> None:
    assert disk.look(2000) == LOOK_S
    assert disk.look(1501) == LOOK_CLOSER_S
    assert disk.events() == []
    disk.look(1500)
    disk.look(1400)
    assert disk.events() == [("disk_low", 86.0, False)]
    disk.look(1000)
    disk.look(500)
    assert disk.events() == [("disk_low", 86.0, True), ("disk_low", 90.0, True), ("disk_low", 95.0, False)]
    (alarm,) = list_alarms(disk.archive.database)
    assert (alarm.kind, alarm.camera_id, alarm.room, alarm.ended_at) == ("disk_low", None, "", None)
    disk.look(1801)
    (alarm,) = list_alarms(disk.archive.database)
    assert alarm.ended_at == disk.now


def test_a_warning_that_somebody_has_judged_comes_again_when_it_gets_worse(disk: Disk) -> None:
    disk.look(1400)
    disk.archive.judge(list_alarms(disk.archive.database)[0].id, Verdict.AUTHORISED)
    disk.look(1300, later_s=60)
    assert len(list_alarms(disk.archive.database)) == 1
    disk.look(900)
    assert [alarm.verdict for alarm in list_alarms(disk.archive.database)] == [None, Verdict.AUTHORISED]


def test_below_5_percent_footage_goes_until_7_are_free(disk: Disk) -> None:
    disk.look(500)
    assert disk.archive.removed() == {}
    disk.look(450)
    assert disk.archive.removed() == dict.fromkeys((1, 2, 3), "disk_low")
    assert disk.free == 750
    # Nearly nothing was free, and all is well again before anybody is told that recording stops.
    disk.look(10)
    assert disk.free == 710
    assert disk.watch.may_record
    assert {event[0] for event in disk.events()} == {"disk_low"}


def test_when_nothing_may_go_recording_stops_and_begins_again_with_more_space(disk: Disk) -> None:
    for minute in range(10):
        disk.archive.event(1, minute, Verdict.REAL_INCIDENT)
    disk.look(400)
    assert disk.watch.may_record
    disk.look(399)
    assert not disk.watch.may_record
    assert disk.archive.removed() == {}
    # That the guard judged ten alarms in no time is an event of its own.
    assert [event[0] for event in disk.events() if event[0] != HASTY] == ["disk_low", "recorder_stopped"]
    stopped = next(alarm for alarm in list_alarms(disk.archive.database) if alarm.kind == "recorder_stopped")
    assert (stopped.camera_id, stopped.ended_at) == (None, None)
    disk.look(599)
    assert not disk.watch.may_record
    disk.look(600, later_s=5)
    assert disk.watch.may_record
    assert next(alarm for alarm in list_alarms(disk.archive.database) if alarm.kind == "recorder_stopped").ended_at == disk.now


def test_what_was_found_in_vain_is_not_looked_for_at_once_again(disk: Disk, monkeypatch: pytest.MonkeyPatch) -> None:
    clock_s = [1000.0]
    monkeypatch.setattr("storage.watch.disk.time.monotonic", lambda: clock_s[0])
    archive = disk.archive
    lock_footage(archive.database, 1, archive.after(4.1), archive.after(9.9), "evidence", by=archive.guard, now=archive.begun)
    disk.look(0)  # all that may go is not enough
    assert [*archive.removed()] == [1, 2, 3, 4]
    archive.record(1, 30)
    disk.footage += 100
    disk.look(500 - 1)
    assert len(archive.removed()) == 4
    clock_s[0] += IN_VAIN_S
    disk.look(500 - 1)
    assert len(archive.removed()) == 5


def test_limits_hold_while_there_is_plenty_of_space(disk: Disk) -> None:
    set_retention(disk.archive.database, disk.archive.rooms[0], Limits(None, 400), by=disk.archive.supervisor, now=disk.now)
    disk.look(9000)
    assert len(disk.archive.removed()) == 6
    assert set(disk.archive.removed().values()) == {"bytes"}


def test_a_file_whose_row_says_that_it_is_gone_goes_after_the_next_start(disk: Disk, monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(_self: Path, **_how: bool) -> None:
        raise OSError(errno.EROFS, "Read-only file system")

    with monkeypatch.context() as patch:
        patch.setattr(Path, "unlink", refuse)
        disk.look(499)
    assert len(disk.archive.files()) == 10
    assert len(disk.archive.removed()) == 3
    again = Disk(disk.archive, disk.now)
    again.look(9000)
    assert len(disk.archive.files()) == 7


def test_where_nothing_can_be_deleted_the_books_do_not_say_that_everything_has_gone(disk: Disk, monkeypatch: pytest.MonkeyPatch) -> None:
    clock_s = [1000.0]
    monkeypatch.setattr("storage.watch.disk.time.monotonic", lambda: clock_s[0])

    def refuse(_self: Path, **_how: bool) -> None:
        raise OSError(errno.EROFS, "Read-only file system")

    with monkeypatch.context() as patch:
        patch.setattr(Path, "unlink", refuse)
        for looks in range(3):
            disk.look(499)
            assert len(disk.archive.removed()) == 3 + looks
            clock_s[0] += IN_VAIN_S
    disk.look(499)
    # All that was to go has gone, and no more than one beside.
    assert len(disk.archive.files()) == 10 - len(disk.archive.removed())
    assert len(disk.archive.removed()) <= 6


def test_an_event_that_the_last_recorder_left_open_is_over(disk: Disk) -> None:
    disk.look(1400)
    Disk(disk.archive, disk.now + timedelta(minutes=5)).look(9000)
    assert [event[2] for event in disk.events()] == [True]


def test_an_event_that_another_recorders_start_has_ended_goes_on_while_it_holds(disk: Disk) -> None:
    disk.look(1400)
    with disk.archive.database.write() as connection:
        connection.execute(watch_event.update().values(ended_at=disk.now))
    disk.look(1300)
    assert disk.events() == [("disk_low", 87.0, False)]


def test_its_thread_looks_and_closes_what_it_opened(disk: Disk) -> None:
    seen = threading.Event()
    measure = disk.watch._space

    def space(folder: Path) -> Space:
        if disk.events():
            seen.set()
        return measure(folder)

    disk.watch._space = space
    disk.free = 1200
    with disk.watch.running():
        assert seen.wait(60)
    assert [(event[0], event[2]) for event in disk.events()] == [("disk_low", True)]


@pytest.mark.parametrize("product", [SQLITE])
def test_space_is_kept_for_the_books_while_there_is_plenty(archive: Archive) -> None:
    reserve = archive.database.path.with_name(FILE_NAME)
    little, plenty = Space(RESERVE_BYTES * 4, 1 << 26), Space(1 << 29, 1 << 30)
    DiskWatch(archive.database, archive.recordings, lambda: archive.begun, space=lambda _folder: little).look()
    assert not reserve.exists()
    DiskWatch(archive.database, archive.recordings, lambda: archive.begun, space=lambda _folder: plenty).look()
    assert reserve.stat().st_size == RESERVE_BYTES
    assert reserve.stat().st_blocks * 512 >= RESERVE_BYTES


@pytest.mark.parametrize("product", [SQLITE])
@pytest.mark.parametrize("anew", [True, False], ids=["work that is done anew", "a plain write"])
def test_a_full_disk_costs_the_reserve_and_then_is_said(database: Database, anew: bool) -> None:
    keep_reserve(database.path.parent)
    sizes = []

    def write(connection: sa.Connection) -> None:
        sizes.append((database.path.parent / FILE_NAME).exists())
        connection.exec_driver_sql("PRAGMA max_page_count = 1")  # as many pages as there are: the disk is full
        connection.exec_driver_sql("CREATE TABLE more (bytes BLOB)")
        connection.exec_driver_sql("INSERT INTO more VALUES (zeroblob(1000000))")

    if anew:
        with pytest.raises(Refusal, match="is full; nothing was changed"):
            database.run(write)
        assert sizes == [True, False]
        return
    for said in ("was full; the space kept for this was given up", "is full; nothing was changed"):
        with pytest.raises(Refusal, match=said), database.write() as connection:
            write(connection)


def test_the_reserve_is_given_up_once(tmp_path: Path) -> None:
    assert not release_reserve(tmp_path)
    keep_reserve(tmp_path)
    before = (tmp_path / FILE_NAME).stat()
    keep_reserve(tmp_path)
    assert (tmp_path / FILE_NAME).stat() == before
    assert release_reserve(tmp_path)
    assert [*tmp_path.iterdir()] == []


def test_the_space_of_a_real_disk(tmp_path: Path) -> None:
    space = space_of(tmp_path)
    assert 0 < space.free < space.total
    assert space.free_pct + space.used_pct == 100
