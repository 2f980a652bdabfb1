"""The backup of every day: when it is made, what a failure leaves behind, which old ones go, and the alarm."""

import dataclasses
import json
import shutil
from collections.abc import Iterator
from contextlib import closing
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
import sqlalchemy as sa

from storage.backup.daily import LATE, LEAST_KEPT, DailyBackups
from storage.backup.form import BOOK, own_backups, whose
from storage.backup.last import last_backup
from storage.people.right import NotAllowed
from storage.schema.record import record
from storage.settings import Settings, load_settings
from storage.watch.alarms import list_alarms
from tests.storage.store import Store

BEGIN = datetime(2026, 11, 26, 1, 0, tzinfo=UTC)
pytestmark = pytest.mark.parametrize("product", ["sqlite"], indirect=True)


class Days:
    """A recorder's daily backups, with a clock that is moved by hand."""

    def __init__(self, store: Store, place: Path) -> None:
        self.store, self.place, self.now = store, place, BEGIN
        self.settings: Settings = dataclasses.replace(load_settings(store.database.path.parent), backups=place)
        self.daily = DailyBackups(store.database, lambda: self.settings, lambda: self.now)

    def after(self, **time: float) -> None:
        self.now += timedelta(**time)
        self.daily.look()

    @property
    def made(self) -> list[datetime]:
        return [backup.made_at for backup in own_backups(self.place, whose(self.store.database.path.parent))]

    @property
    def alarms(self) -> list[bool]:
        """Whether each alarm of backups goes on."""
        return [alarm.ended_at is None for alarm in list_alarms(self.store.database) if alarm.kind == LATE]

    def records(self, act: str) -> list[dict[str, object]]:
        with self.store.database.read() as connection:
            return [json.loads(body) for body in connection.scalars(sa.select(record.c.body).where(record.c.act == act))]


@pytest.fixture
def days(store: Store, tmp_path: Path) -> Iterator[Days]:
    place = tmp_path / "stick"
    place.mkdir()
    yield Days(store, place)


def test_one_is_made_each_day(days: Days) -> None:
    days.after()
    days.after(hours=23)
    assert days.made == [BEGIN]
    days.after(hours=1)
    assert days.made == [BEGIN + timedelta(days=1), BEGIN]
    assert days.alarms == []


def test_without_a_place_in_the_settings_there_is_nothing_to_do(days: Days) -> None:
    days.settings = dataclasses.replace(days.settings, backups=None)
    days.after(days=5)
    assert (days.made, days.alarms, days.records("backup_failed")) == ([], [], [])


def test_a_place_that_is_away_is_recorded_once_a_day_and_tried_each_hour(days: Days) -> None:
    days.after()
    away = days.place.with_name("away")
    days.place.rename(away)
    for _hour in range(24):
        days.after(hours=1)
    (failed,) = days.records("backup_failed")
    assert "connected" in str(failed["why"])
    for _hour in range(23):
        days.after(hours=1)
    assert days.alarms == []
    days.after(hours=1)
    assert days.alarms == [True]
    assert len(days.records("backup_failed")) == 2
    away.rename(days.place)
    days.after(hours=1)
    assert days.alarms == [False]
    assert days.made[0] == days.now


def test_a_first_one_that_fails_is_an_alarm_at_once(days: Days) -> None:
    shutil.rmtree(days.place)
    days.after()
    assert days.alarms == [True]


def test_an_alarm_that_an_earlier_recorder_left_is_taken_over(days: Days) -> None:
    shutil.rmtree(days.place)
    days.after()
    days.daily = DailyBackups(days.store.database, lambda: days.settings, lambda: days.now)
    days.place.mkdir()
    days.after(hours=1)
    assert days.alarms == [False]


def test_old_ones_go_when_enough_newer_ones_are_whole(days: Days) -> None:
    days.settings = dataclasses.replace(days.settings, backups_days=10)
    for _day in range(15):
        days.after(days=1)
    assert len(days.made) == 11
    assert days.now - days.made[-1] == timedelta(days=10)
    assert len(days.records("backup_removed")) == 4
    assert not list(days.place.glob("*.unfinished"))


def test_none_goes_while_newer_ones_are_damaged(days: Days) -> None:
    days.settings = dataclasses.replace(days.settings, backups_days=LEAST_KEPT)
    for _day in range(LEAST_KEPT + 1):
        days.after(days=1)
    newest, *_others = own_backups(days.place, whose(days.store.database.path.parent))
    raw = bytearray((newest.folder / BOOK).read_bytes())
    raw[5000] ^= 1
    (newest.folder / BOOK).write_bytes(raw)
    count = len(days.made)
    days.after(days=1)
    assert len(days.made) == count + 1


def test_a_clock_that_is_set_far_ahead_costs_no_backup(days: Days) -> None:
    for _day in range(9):
        days.after(days=1)
    days.after(days=3650)
    assert len(days.made) == 10
    # And back again: what lies in the future does not count as one of today.
    days.after(days=-3650)
    assert len(days.made) == 10
    days.after(days=1)
    assert len(days.made) == 11


def test_a_book_with_faults_takes_no_earlier_backup_and_is_no_good_one(days: Days) -> None:
    days.settings = dataclasses.replace(days.settings, backups_days=LEAST_KEPT)
    for _day in range(LEAST_KEPT):
        days.after(days=1)
    with closing(sa.create_engine(f"sqlite:///{days.store.database.path}").connect()) as connection:
        connection.execute(sa.text("DROP TRIGGER record_no_update"))
        connection.execute(sa.text("UPDATE record SET body = '{}' WHERE event_id = (SELECT min(event_id) FROM record)"))
        connection.commit()
        connection.engine.dispose()
    good = days.made
    for _day in range(3):
        days.after(days=1)
    assert set(good) < set(days.made)
    assert days.alarms == [True]


def test_the_newest_good_one_is_known_to_who_may(days: Days) -> None:
    assert last_backup(days.store.database) is None
    days.after()
    last = last_backup(days.store.database.used_by(days.store.supervisor.id))
    assert last is not None and (last.at, last.faults) == (BEGIN, 0)
    assert not last.is_late(BEGIN + timedelta(hours=47)) and last.is_late(BEGIN + timedelta(hours=49))
    assert last.is_late(BEGIN - timedelta(days=1))
    with pytest.raises(NotAllowed):
        last_backup(days.store.database.used_by(days.store.officer.id))


def test_a_recorder_that_ends_calls_off_the_one_that_is_being_made(days: Days) -> None:
    days.daily._stop.set()
    days.daily.look()
    assert list(days.place.iterdir()) == []
    with days.daily.running():
        pass
    assert list(days.place.iterdir()) == []
