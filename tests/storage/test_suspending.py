"""Alarms that are suspended and rooms that are disarmed: nobody is called, nothing is lost, and it ends by itself."""

import json
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

import pytest
import sqlalchemy as sa

from camera.events import Box, Kind
from storage.database import Database
from storage.people.person import Person, Role, add_person
from storage.places import add_camera, add_room, add_site
from storage.rules.refusal import Refusal
from storage.rules.suspending import LONGEST
from storage.schema.record import record
from storage.schema.suspending import alarm_suspension, room_disarm, room_unlocking, room_witness, suspension_end
from storage.stock.witnesses import Institution, Witness
from storage.watch.alarms import Alarm, list_alarms
from storage.watch.hours import room_states
from storage.watch.journal import WatchJournal
from storage.watch.recorder_events import open_recorder_event
from storage.watch.suspending import arm_room, disarm_room, end_suspension, suspend_alarms, suspensions
from storage.watch.unlocking import lock_room, unlock_room, unlockings
from tests.storage.scene import SIGNATURE

NIGHT = datetime(2026, 11, 21, 15, 0, tzinfo=UTC)  # 22:00 in Jakarta; the room has no hours, so it is armed
BOX = Box(0.1, 0.2, 0.3, 0.4)
WHY = "Pengukuran ulang lensa"


def after(minutes: float) -> datetime:
    return NIGHT + timedelta(minutes=minutes)


@dataclass
class Watch:
    """A room that is always armed, with two cameras, two guards and a recorder."""

    database: Database
    sari: Person
    wati: Person
    journal: WatchJournal
    clock: datetime = NIGHT

    def suspend(self, minutes: float, at: float = 0, camera_id: int = 1) -> int:
        until_at = after(at + minutes)
        return suspend_alarms(self.database, camera_id, until_at, WHY, by=self.sari, now=after(at), second=self.wati)

    def disarm(self, minutes: float, at: float = 0) -> int:
        return disarm_room(self.database, 1, after(at + minutes), WHY, by=self.sari, now=after(at), second=self.wati)

    def visit(self, start: float, end: float | None, kind: Kind = Kind.MOTION, camera_id: int = 1) -> Alarm:
        """Somebody is there between these minutes; end: None while it goes on."""
        self.clock = after(start)
        event = self.journal.event_opened(camera_id, kind, after(start), 3.0, [BOX], at=after(start))
        if end is not None:
            self.journal.event_closed(event, after(end), 3.0)
        return max(list_alarms(self.database), key=lambda alarm: alarm.id)

    def told(self, act: str) -> list[dict[str, object]]:
        """What the records of this kind say, with both persons."""
        own = record.c
        columns = sa.select(own.body, own.person_id, own.second_id).where(own.act == act).order_by(own.event_id)
        with self.database.read() as connection:
            rows = connection.execute(columns).all()
        said = [{**json.loads(row.body), "by": row.person_id, "second": row.second_id} for row in rows]
        return [{name: value for name, value in one.items() if name != "rows"} for one in said]


@pytest.fixture
def watch(database: Database) -> Watch:
    site = add_site(database, "31.75", "Gudang", "Asia/Jakarta", now=NIGHT)
    room = add_room(database, site.id, "B", now=NIGHT)
    for number in (1, 2):
        add_camera(database, room.id, f"Kamera {number}", f"rtsp://127.0.0.1/{number}", "", now=NIGHT)
    sari, wati = (add_person(database, name, Role.GUARD, now=NIGHT) for name in ("Sari", "Wati"))
    made = Watch(database, sari, wati, WatchJournal(database, lambda _table, _row: None, computer=lambda: made.clock))
    return made


SILENCES: list[Callable[[Watch, float], int]] = [Watch.suspend, Watch.disarm]


@pytest.fixture(params=SILENCES, ids=["camera", "room"])
def silence(request: pytest.FixtureRequest) -> Callable[[Watch, float], int]:
    """Either way in which nobody is called for so many minutes."""
    found: Callable[[Watch, float], int] = request.param
    return found


def test_a_visit_within_it_is_kept_and_calls_nobody(watch: Watch, silence: Callable[[Watch, float], int]) -> None:
    silence(watch, 60)
    alarm = watch.visit(10, 11)
    assert alarm.quiet(after(12)) and alarm.quiet(after(600))
    assert (alarm.suspended_until, alarm.acknowledged_at, alarm.ended_at) == (after(60), None, after(11))


def test_a_visit_that_outlasts_it_calls(watch: Watch, silence: Callable[[Watch, float], int]) -> None:
    silence(watch, 60)
    alarm = watch.visit(59, None)
    assert alarm.quiet(after(60)) and not alarm.quiet(after(60.1))


def test_what_began_before_it_or_comes_after_it_calls(watch: Watch, silence: Callable[[Watch, float], int]) -> None:
    before = watch.visit(-1, None)
    silence(watch, 60)
    assert not before.quiet(after(1))
    [before] = list_alarms(watch.database)
    assert not before.quiet(after(1))
    assert not watch.visit(61, 62, camera_id=2).quiet(after(63))


@pytest.mark.parametrize("kind", [kind for kind in Kind if kind not in (Kind.MOTION, Kind.LIGHTS_CHANGED)])
def test_it_never_silences_tampering_or_a_lost_picture(watch: Watch, kind: Kind) -> None:
    watch.suspend(60)
    watch.disarm(60)
    assert not watch.visit(10, 11, kind).quiet(after(10.5))


def test_it_never_silences_the_recorder(watch: Watch) -> None:
    watch.suspend(60)
    watch.disarm(60)
    open_recorder_event(watch.database, "recorder_stopped", 0.0, now=after(10))
    [alarm] = list_alarms(watch.database)
    assert not alarm.quiet(after(11))


def test_a_clock_that_was_set_back_silences_nothing(watch: Watch) -> None:
    watch.suspend(60)
    event = watch.journal.event_opened(1, Kind.MOTION, after(30), 3.0, [BOX], at=after(90))  # the picture says 30, the recorder 90
    watch.journal.event_closed(event, after(31), 3.0)
    [alarm] = list_alarms(watch.database)
    assert not alarm.quiet(after(91))


def test_one_camera_suspended_leaves_the_other_on_watch(watch: Watch) -> None:
    watch.suspend(60)
    assert not watch.visit(10, 11, camera_id=2).quiet(after(12))


def test_it_ends_by_itself_and_can_be_ended_before(watch: Watch) -> None:
    watch.suspend(60)
    watch.disarm(30)
    assert [(one.camera_id, one.room_id, one.ends_at) for one in suspensions(watch.database, after(1))] == [
        (None, 1, after(30)),
        (1, 1, after(60)),
    ]
    [state] = room_states(watch.database, after(1))
    assert (state.armed, state.disarmed_until, state.suspended_until) == (True, after(30), after(60))
    end_suspension(watch.database, 1, by=watch.wati, now=after(20))
    assert [one.camera_id for one in suspensions(watch.database, after(20))] == [None]
    assert suspensions(watch.database, after(30)) == []
    with pytest.raises(Refusal, match="not suspended"):
        end_suspension(watch.database, 1, by=watch.wati, now=after(21))
    with pytest.raises(Refusal, match="not disarmed"):
        arm_room(watch.database, 1, by=watch.wati, now=after(31))


def test_what_was_ended_before_calls_from_then_on(watch: Watch) -> None:
    watch.disarm(60)
    during = watch.visit(10, None)
    arm_room(watch.database, 1, by=watch.sari, now=after(20))
    during = next(alarm for alarm in list_alarms(watch.database) if alarm.id == during.id)
    assert during.suspended_until == after(20) and not during.quiet(after(20.1))
    assert not watch.visit(25, 26, camera_id=2).quiet(after(27))


def test_quiet_alarms_never_crowd_out_one_that_calls(watch: Watch) -> None:
    loud = watch.visit(-5, -4)
    watch.suspend(300)
    for minute in range(3, 9):
        watch.visit(minute, minute + 0.1)
    assert list_alarms(watch.database, limit=2)[0].id == loud.id


@pytest.mark.parametrize("minutes", [-1, 0, LONGEST.total_seconds() / 60 + 0.1])
def test_it_lasts_no_longer_than_a_shift(watch: Watch, silence: Callable[[Watch, float], int], minutes: float) -> None:
    with pytest.raises(Refusal, match="at most 8 hours"):
        silence(watch, minutes)
    assert suspensions(watch.database, NIGHT) == []


def test_without_reason_second_person_or_twice_it_is_refused(watch: Watch, silence: Callable[[Watch, float], int]) -> None:
    until_at, database = after(60), watch.database
    with pytest.raises(Refusal, match="Say why"):
        suspend_alarms(database, 1, until_at, " ", by=watch.sari, now=NIGHT, second=watch.wati)
    with pytest.raises(Refusal, match="longer than 200"):
        disarm_room(database, 1, until_at, "x" * 201, by=watch.sari, now=NIGHT, second=watch.wati)
    with pytest.raises(Refusal, match="two persons"):
        disarm_room(database, 1, until_at, WHY, by=watch.sari, now=NIGHT)
    with pytest.raises(Refusal, match="no camera"):
        suspend_alarms(database, 99, until_at, WHY, by=watch.sari, now=NIGHT, second=watch.wati)
    with pytest.raises(Refusal, match="no room"):
        disarm_room(database, 99, until_at, WHY, by=watch.sari, now=NIGHT, second=watch.wati)
    silence(watch, 60)
    with pytest.raises(Refusal, match="already"):
        silence(watch, 60)


def test_each_is_told_to_the_chain_with_both_persons(watch: Watch) -> None:
    suspension, disarm = watch.suspend(60), watch.disarm(30)
    arm_room(watch.database, 1, by=watch.wati, now=after(5))
    both = {"by": watch.sari.id, "second": watch.wati.id, "reason": WHY}
    assert watch.told("alarms_suspended") == [{"suspension": suspension, "camera": 1, "until": "2026-11-21T16:00:00.000000Z", **both}]
    assert watch.told("room_disarmed") == [{"disarm": disarm, "room": 1, "until": "2026-11-21T15:30:00.000000Z", **both}]
    assert watch.told("room_armed") == [{"disarm": disarm, "room": 1, "by": watch.wati.id, "second": None}]


WITNESSES = [Witness("Rahmat", Institution.BAWASLU, SIGNATURE), Witness("Tono", Institution.POLRI)]


def test_a_room_is_unlocked_before_witnesses_and_locked_again(watch: Watch) -> None:
    number = unlock_room(watch.database, 1, WHY, WITNESSES, by=watch.sari, now=NIGHT, second=watch.wati)
    [kept] = unlockings(watch.database)
    assert (kept.id, kept.room_id, kept.person, kept.second, kept.locked_at) == (number, 1, "Sari", "Wati", None)
    assert list(kept.witnesses) == WITNESSES
    [told] = watch.told("room_unlocked")
    assert [one["name"] for one in told["witnesses"]] == ["Rahmat", "Tono"] and told["second"] == watch.wati.id  # type: ignore[attr-defined]
    assert not watch.visit(1, 2).quiet(after(3))  # it is no disarming
    with pytest.raises(Refusal, match="already"):
        unlock_room(watch.database, 1, WHY, WITNESSES, by=watch.sari, now=after(4), second=watch.wati)
    lock_room(watch.database, 1, by=watch.wati, now=after(5))
    [kept] = unlockings(watch.database)
    assert (kept.locked_at, kept.locked_by) == (after(5), "Wati")
    with pytest.raises(Refusal, match="not unlocked"):
        lock_room(watch.database, 1, by=watch.wati, now=after(6))


def test_an_unlocking_that_lacks_something_is_refused_and_keeps_nothing(watch: Watch) -> None:
    refused = {
        "before two witnesses": WITNESSES[:1],
        "Name each witness once": [WITNESSES[0], WITNESSES[0]],
        "cannot be a witness": [Witness("wati", Institution.POLRI), WITNESSES[0]],
        "no PNG picture": [Witness("Tono", Institution.POLRI, b"GIF89a"), WITNESSES[0]],
    }
    for said, witnesses in refused.items():
        with pytest.raises(Refusal, match=said):
            unlock_room(watch.database, 1, WHY, witnesses, by=watch.sari, now=NIGHT, second=watch.wati)
    assert unlockings(watch.database) == [] and watch.told("room_unlocked") == []


def test_rows_of_them_cannot_be_changed(watch: Watch) -> None:
    watch.disarm(60)
    arm_room(watch.database, 1, by=watch.wati, now=after(5))
    unlock_room(watch.database, 1, WHY, WITNESSES, by=watch.sari, now=NIGHT, second=watch.wati)
    watch.suspend(60)
    for change in (
        suspension_end.delete(),
        room_witness.update().values(name="Other"),
        room_disarm.update().values(until_at=after(600)),
        room_unlocking.delete(),
        alarm_suspension.update().values(reason="x"),
    ):
        with pytest.raises((sa.exc.DBAPIError, Refusal)), watch.database.write() as connection:
            connection.execute(change)
