"""Footage goes by days, by bytes and for a full disk; never what is locked, goes on, was an incident or may explain missing sheets."""

from datetime import datetime, timedelta
from pathlib import Path

import pytest
import sqlalchemy as sa

from storage.database import Database
from storage.people.person import Role, add_person
from storage.places import add_camera, add_room
from storage.rules.disk_space import Space
from storage.rules.refusal import Refusal
from storage.rules.retention import Reason
from storage.schema.footage import retention
from storage.schema.watch import motion_grid
from storage.stock.differences import Unexplained, unexplained
from storage.watch import retention as retention_module
from storage.watch.alarms import Verdict, get_alarm
from storage.watch.locks import alarm_time, lock_footage, locks_between, release
from storage.watch.removal import forget_old_motion, remove, undeleted
from storage.watch.retention import Limits, outlooks, retention_now, set_retention
from storage.watch.segments import footage_between
from tests.storage.footage import SIZE, Archive, open_archive
from tests.storage.store import Store

DAY = 24 * 60.0


@pytest.fixture
def archive(database: Database, tmp_path: Path, now: datetime) -> Archive:
    return open_archive(database, tmp_path / "recordings", now)


def test_limits_hold_until_they_are_changed_and_stay_known(archive: Archive) -> None:
    room_id = archive.rooms[0]
    assert retention_now(archive.database, room_id) == Limits()
    for minute, limits in enumerate((Limits(30), Limits(30), Limits(14, 10**12), Limits())):
        set_retention(archive.database, room_id, limits, by=archive.supervisor, now=archive.after(minute))
        assert retention_now(archive.database, room_id) == limits
    with archive.database.read() as connection:
        rows = connection.execute(sa.select(retention).order_by(retention.c.id)).all()
    assert [(row.days, row.bytes, row.valid_from, row.valid_until) for row in rows] == [
        (30, None, archive.after(0), archive.after(2)),
        (14, 10**12, archive.after(2), archive.after(3)),
        (None, None, archive.after(3), None),
    ]


@pytest.mark.parametrize("limits", [Limits(0), Limits(-1), Limits(None, 0)])
def test_no_limits_are_refused(archive: Archive, limits: Limits) -> None:
    with pytest.raises(Refusal, match="at least one day"):
        set_retention(archive.database, 1, limits, by=archive.supervisor, now=archive.begun)


def test_who_may_say_how_long_and_of_what(archive: Archive) -> None:
    with pytest.raises(Refusal, match="Siti may not do this: change_retention"):
        set_retention(archive.database, 1, Limits(3), by=archive.guard, now=archive.begun)
    with pytest.raises(Refusal, match="no room with the number 99"):
        set_retention(archive.database, 99, Limits(3), by=archive.supervisor, now=archive.begun)


def test_what_ended_more_than_its_rooms_days_ago_goes_flagged_last(archive: Archive) -> None:
    set_retention(archive.database, archive.rooms[0], Limits(1), by=archive.supervisor, now=archive.begun)
    flagged, false, plain, young = (archive.record(1, minute) for minute in (0, 5, 10, 20))
    other_room = archive.record(2, 0)
    archive.event(1, 0)
    archive.event(1, 5, Verdict.FALSE_ALARM)
    at = archive.after(DAY + 11)  # to the second: the plain one ended a day ago
    found = archive.due(at)
    assert [(one.segment.id, one.reason) for one in found] == [(row, Reason.DAYS) for row in (plain, false, flagged)]
    assert archive.due(at - timedelta(seconds=1))[0].segment.id == false
    assert not {young, other_room} & {one.segment.id for one in found}


def test_what_is_more_than_its_rooms_bytes_goes_and_no_more(archive: Archive) -> None:
    rows = [archive.record(1, minute) for minute in range(10)]
    archive.event(1, 0)  # the first one, and by its roll nothing else
    set_retention(archive.database, archive.rooms[0], Limits(None, 6 * SIZE + 1), by=archive.supervisor, now=archive.begun)
    found = archive.due(archive.after(20))
    assert [(one.segment.id, one.reason) for one in found] == [(row, Reason.BYTES) for row in rows[1:5]]
    remove(archive.database, archive.recordings, found, archive.after(20))
    assert archive.due(archive.after(20)) == []


def test_days_and_bytes_of_one_room_do_not_count_twice(archive: Archive) -> None:
    rows = [archive.record(1, minute) for minute in (0, 1, 2 * DAY, 2 * DAY + 1)]
    set_retention(archive.database, archive.rooms[0], Limits(1, SIZE), by=archive.supervisor, now=archive.begun)
    found = archive.due(archive.after(2 * DAY + 2))
    assert [(one.segment.id, one.reason.value) for one in found] == [*zip(rows[:3], ("days", "days", "bytes"), strict=True)]


def test_a_full_disk_takes_from_all_rooms_in_order_until_there_is_enough(archive: Archive) -> None:
    first, second, third = archive.record(1, 2), archive.record(2, 0), archive.record(1, 1)
    kept = archive.record(2, 5)
    archive.event(2, 5)
    low = Space(5000 - 1, 100_000)
    assert archive.due(archive.after(9), Space(5000, 100_000)) == []
    assert [(one.segment.id, one.reason.value) for one in archive.due(archive.after(9), low)] == [
        (row, "disk_low") for row in (second, third, first, kept)
    ]
    assert archive.due_ids(archive.after(9), Space(50, 5001)) == [second, third, first]  # 300 bytes are wanted


def test_never_what_is_locked_open_or_an_incident(archive: Archive) -> None:
    rows = [archive.record(1, minute) for minute in range(0, 50, 10)]
    full = Space(0, 10**9)
    lock = lock_footage(
        archive.database, 1, archive.after(0.5), archive.after(0.6), "asked for by Bawaslu", by=archive.guard, now=archive.begun
    )
    archive.event(1, 10, Verdict.REAL_INCIDENT)
    judged_again = archive.event(1, 20, Verdict.REAL_INCIDENT)
    archive.judge(judged_again, Verdict.FALSE_ALARM)
    archive.event(1, 40, is_open=True)
    assert archive.due_ids(archive.after(100), full) == [rows[3]]
    release(archive.database, lock, by=archive.supervisor, now=archive.after(100))
    assert archive.due_ids(archive.after(100), full) == [rows[0], rows[3]]


def test_what_is_locked_between_choosing_and_removing_stays(archive: Archive) -> None:
    stays, goes = archive.record(1, 0), archive.record(1, 1)
    chosen = archive.due(archive.after(5), Space(0, 10**6))
    assert [one.segment.id for one in chosen] == [stays, goes]
    lock_footage(archive.database, 1, archive.after(0.1), archive.after(0.2), "evidence", by=archive.guard, now=archive.begun)
    remove(archive.database, archive.recordings, chosen, archive.after(5))
    assert [*archive.removed()] == [goes]
    assert len(archive.files()) == 1


def test_who_locks_and_who_releases(archive: Archive) -> None:
    officer = add_person(archive.database, "Budi", Role.OFFICER, now=archive.begun)
    times = archive.after(0), archive.after(1)
    for refused, by, why in (
        ("Budi may not do this: keep_footage", officer, "x"),
        ("Write why", archive.guard, "  "),
        ("201 characters", archive.guard, "x" * 201),
    ):
        with pytest.raises(Refusal, match=refused):
            lock_footage(archive.database, 1, *times, why, by=by, now=archive.begun)
    with pytest.raises(Refusal, match="ends before it begins"):
        lock_footage(archive.database, 1, times[0], times[0], "x", by=archive.guard, now=archive.begun)
    with pytest.raises(Refusal, match="no camera with the number 99"):
        lock_footage(archive.database, 99, *times, "x", by=archive.guard, now=archive.begun)
    lock = lock_footage(archive.database, 1, *times, " theft ", by=archive.guard, now=archive.begun)
    (held,) = locks_between(archive.database, 1, archive.after(0.5), archive.after(5))
    assert (held.id, held.reason, held.locked_by) == (lock, "theft", "Siti")
    assert locks_between(archive.database, 2, *times) == []
    with pytest.raises(Refusal, match="Siti may not do this: release_footage"):
        release(archive.database, lock, by=archive.guard, now=archive.begun)
    with pytest.raises(Refusal, match="no such lock"):
        release(archive.database, 99, by=archive.supervisor, now=archive.begun)
    release(archive.database, lock, by=archive.supervisor, now=archive.begun)
    assert locks_between(archive.database, 1, *times) == []


def test_the_footage_of_an_alarm_is_its_clip(archive: Archive) -> None:
    alarm_id = archive.event(1, 3)
    from_at, until_at = alarm_time(get_alarm(archive.database, alarm_id), archive.after(99))
    assert (from_at, until_at) == (archive.after(3) + timedelta(seconds=20), archive.after(3) + timedelta(seconds=41))


def test_a_row_comes_first_then_the_gap_then_the_file_goes(archive: Archive) -> None:
    rows = [archive.record(1, minute) for minute in (0, 1, 2, 5)]
    remove(archive.database, archive.recordings, archive.due(archive.after(9), Space(49, 3572)), archive.after(9))
    assert archive.removed() == dict.fromkeys(rows[:3], "disk_low")
    assert archive.gaps() == [(0, 3, "retention")]
    assert len(archive.files()) == 1
    assert [one.started_at for one in footage_between(archive.database, 1, archive.begun, archive.after(99))] == [archive.after(5)]


def test_gaps_that_touch_become_one_and_the_open_one_stays_open(archive: Archive) -> None:
    for minute in (0, 1, 1.5 + 1 / 30, 4):  # the third begins 2 s after the end of the second
        archive.record(1, minute, length_s=30 if minute == 1 else 60)
    archive.record(2, 0)
    archive.journal.gap_opened(1, archive.after(6), "camera_lost")
    for minute in range(10, 15):
        chosen = archive.due(archive.after(minute), Space(49, 1000))[:1]
        remove(archive.database, archive.recordings, chosen, archive.after(minute))
    assert archive.gaps() == [(0, pytest.approx(2.5 + 1 / 30), "retention"), (4, 5, "retention"), (6, None, "camera_lost")]
    assert archive.gaps(2) == [(0, 1, "retention")]
    archive.journal.gap_closed(1, archive.after(20))
    assert archive.gaps()[-1] == (6, 20, "camera_lost")


def test_a_removal_that_is_interrupted_between_row_and_file_is_finished_later(archive: Archive, monkeypatch: pytest.MonkeyPatch) -> None:
    archive.record(1, 0)
    chosen = archive.due(archive.after(5), Space(0, 10**6))

    def killed(_self: Path, **_how: bool) -> None:
        raise KeyboardInterrupt

    with monkeypatch.context() as patch:
        patch.setattr(Path, "unlink", killed)
        with pytest.raises(KeyboardInterrupt):
            remove(archive.database, archive.recordings, chosen, archive.after(5))
    assert len(archive.removed()) == len(archive.files()) == 1
    left = undeleted(archive.database, archive.recordings)
    assert left == [chosen[0].segment.path]
    file = archive.recordings / left[0]
    kept = file.read_bytes()
    file.write_bytes(kept + b"another recording of that name")
    assert undeleted(archive.database, archive.recordings) == []
    file.write_bytes(kept)
    # It is neither shown nor removed a second time.
    assert footage_between(archive.database, 1, archive.begun, archive.after(9)) == []
    assert archive.due(archive.after(6), Space(0, 10**6)) == []
    from storage.watch.removal import delete_files

    assert delete_files(archive.recordings, left, archive.after(6)) == []
    assert archive.files() == []
    assert undeleted(archive.database, archive.recordings) == []


def test_a_file_that_cannot_be_deleted_is_named(archive: Archive) -> None:
    archive.record(1, 0)
    chosen = archive.due(archive.after(5), Space(0, 10**6))
    file = archive.recordings / chosen[0].segment.path
    file.unlink()
    (file / "not empty").mkdir(parents=True)
    assert remove(archive.database, archive.recordings, chosen, archive.after(5)) == [chosen[0].segment.path]


def test_folders_of_days_long_past_go_with_their_last_file_and_todays_stay(archive: Archive) -> None:
    archive.record(1, 0)
    archive.record(1, 40 * DAY)
    at = archive.after(40 * DAY + 5)
    remove(archive.database, archive.recordings, archive.due(at, Space(0, 10**6)), at)
    below = archive.recordings / "31-75/camera-1"
    assert sorted(str(folder.relative_to(below)) for folder in below.rglob("*")) == ["2026", "2026/12", "2026/12/31"]


@pytest.mark.parametrize("how", ["path", "link", "folder"])
def test_nothing_outside_the_recordings_is_ever_deleted(archive: Archive, tmp_path: Path, how: str) -> None:
    outside = tmp_path / "outside"
    outside.mkdir()
    (outside / "books.mp4").write_bytes(b"precious")
    archive.record(1, 0)
    (chosen,) = archive.due(archive.after(5), Space(0, 10**6))
    file = archive.recordings / chosen.segment.path
    file.unlink()
    if how == "link":
        file.symlink_to(outside / "books.mp4")
    elif how == "folder":
        file.parent.rmdir()
        file.parent.symlink_to(outside)
        (outside / "books.mp4").rename(outside / file.name)
    else:
        with archive.database.write() as connection:
            connection.execute(sa.text("UPDATE segment SET path = '../outside/books.mp4'"))
        (chosen,) = archive.due(archive.after(5), Space(0, 10**6))
    remove(archive.database, archive.recordings, [chosen], archive.after(5))
    assert [file.read_bytes() for file in outside.iterdir()] == [b"precious"]


def test_footage_on_another_recorders_disk_is_left_to_it(archive: Archive) -> None:
    here, elsewhere = archive.record(1, 1), archive.record(2, 0)
    file = next(archive.recordings.glob("31-75/camera-2/**/*.mp4"))
    file.unlink()
    assert archive.due_ids(archive.after(5), Space(0, 10**6)) == [here]
    assert elsewhere not in archive.removed()


def test_many_segments_go_in_portions(archive: Archive, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(retention_module, "MOST_AT_ONCE", 7)
    monkeypatch.setattr(retention_module, "_PAGE", 3)
    rows = [archive.record(1 + minute % 2, minute) for minute in range(20)]
    gone: list[int] = []
    while found := archive.due(archive.after(60), Space(0, 10**6)):
        remove(archive.database, archive.recordings, found, archive.after(60))
        assert len(found) <= 7
        gone += [one.segment.id for one in found]
    assert gone == rows


def test_the_outlook_of_each_room(archive: Archive) -> None:
    for minute in range(60):
        archive.record(1, minute, bytes_=1000)
    set_retention(archive.database, archive.rooms[0], Limits(30), by=archive.supervisor, now=archive.begun)
    first, second = outlooks(archive.database, archive.after(70), 24 * 60_000 * 10)
    assert (first.room, first.kept_bytes, first.limits, first.a_day) == ("A", 60_000, Limits(30), 24 * 60_000)
    assert first.days_left == pytest.approx(10)
    assert (second.kept_bytes, second.limits, second.a_day, second.days_left) == (0, Limits(), 0, first.days_left)
    assert outlooks(archive.database, archive.after(70), None)[0].days_left is None
    remove(archive.database, archive.recordings, archive.due(archive.after(70), Space(0, 71_429)), archive.after(70))
    assert outlooks(archive.database, archive.after(70), 1)[0].kept_bytes == 55_000


def test_motion_grids_are_forgotten_after_400_days(archive: Archive) -> None:
    cells = bytes(60 * 72)
    start = archive.begun.replace(second=0)
    for minute in (0, 1):
        archive.journal.motion_kept(1, start + timedelta(minutes=minute), cells)
    forget_old_motion(archive.database, start + timedelta(days=400, minutes=1))
    with archive.database.read() as connection:
        assert connection.scalars(sa.select(motion_grid.c.minute_at)).all() == [start + timedelta(minutes=1)]


def test_missing_sheets_keep_the_footage_of_their_site_until_they_are_explained(store: Store, tmp_path: Path) -> None:
    room = add_room(store.database, store.site_id, "A", now=store.clock)
    add_camera(store.database, room.id, "Kamera", "rtsp://127.0.0.1/1", "", now=store.clock)
    archive = Archive(
        store.database, tmp_path / "recordings", store.clock - timedelta(days=40), store.supervisor, store.officer, (room.id, 0)
    )
    days = (0, 15, 39)
    rows = [archive.record(1, day * DAY) for day in days]
    full = Space(0, 10**9)
    store.deliver(100, 100)
    begun = store.begin()
    assert archive.due_ids(store.clock, full) == rows  # nobody has found anything yet
    began_at = store.clock
    counted = store.count(begun, (99, 0, 0))
    assert unexplained(store.database) == [Unexplained(store.site_id, began_at - timedelta(days=30), began_at)]
    assert archive.due_ids(store.clock, full) == rows[:1]
    store.accept(counted)
    assert unexplained(store.database) == []
    assert archive.due_ids(store.clock, full) == rows
    again = store.begin()
    found_at = store.clock
    store.count(again, (98, 0, 0))
    # Since the last accepted count of the class, and no longer than that.
    assert unexplained(store.database) == [Unexplained(store.site_id, began_at, found_at)]
    assert archive.due_ids(store.clock, full) == rows


def test_a_count_that_a_later_one_has_settled_keeps_no_footage(store: Store) -> None:
    store.deliver(100, 100)
    store.count(store.begin(), (99, 0, 0))
    later = store.count(store.begin(), (99, 0, 0))
    assert len(unexplained(store.database)) == 2
    store.accept(later)
    assert unexplained(store.database) == []
