"""A guarded warehouse with something of everything that records tell of, for the tests of what attackers do to it."""

import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path

from camera.events import Kind
from camera.journal import Beat, Cause, EndReason, WrittenSegment
from storage.database import Database, open_database
from storage.evidence.signing import own_key
from storage.people.confirmation import confirm
from storage.people.person import Grant, Person, Role, add_person, end_role, grant_role
from storage.people.sign_in import WrongSecret, enter, enter_first, give_secret, leave
from storage.places import add_camera, add_room, add_site, confirm_site, set_sub_address
from storage.rules.hours import Opening, WeekHours
from storage.rules.rights import Act
from storage.stock.witnesses import Institution, Witness
from storage.watch.alarms import Verdict, acknowledge, give_verdict
from storage.watch.hours import set_hours
from storage.watch.journal import WatchJournal
from storage.watch.locks import lock_footage, release
from storage.watch.recorders import settle_clock
from storage.watch.recordings_check import Depth, check
from storage.watch.removal import remove
from storage.watch.retention import Limits, due, set_retention
from storage.watch.suspending import arm_room, disarm_room, end_suspension, suspend_alarms
from storage.watch.switching import switch_off, switch_on
from storage.watch.unlocking import lock_room, unlock_room
from storage.watch.views import CameraView, WatchZone, set_view
from tests.storage.footage import PLENTY

# A Monday, 09:00 in Jakarta.
BEGIN = datetime(2026, 11, 23, 2, 0, tzinfo=UTC)
SECRETS = {"Rahmat": "kunci-pertama-5", "Agus": "gerbang-besi-9", "Joko": "pagar-tinggi-3", "Siti": "lampu-kuning-7"}
CORNERS = ((0.0, 0.0), (0.5, 0.0), (0.5, 0.5))
SEAL = "0" * 64


def after(minutes: float) -> datetime:
    return BEGIN + timedelta(minutes=minutes)


@dataclass(frozen=True)
class Guarded:
    """One warehouse, a room with hours, cameras 1 and 2. alarms: of the night, in the order in which they came."""

    database: Database
    recordings: Path
    site_id: int
    room_id: int
    rahmat: Person
    agus: Person
    joko: Person
    siti: Person
    alarms: tuple[int, ...]


@contextmanager
def a_copy(first: Path, folder: Path) -> Iterator[Guarded]:
    """The warehouse that build made, in a folder of its own."""
    shutil.copytree(first, folder)
    database = open_database(folder)
    rahmat, agus, joko, siti = (Person(number, name, frozenset()) for number, name in enumerate(SECRETS, start=1))
    try:
        yield Guarded(database, folder / "recordings", 1, 1, rahmat, agus, joko, siti, (1, 2))
    finally:
        database.close()


def build(folder: Path) -> None:
    """Writes all of it, by the operations that the program has for it."""
    database = open_database(folder)
    rahmat = enter_first(database, "Rahmat", SECRETS["Rahmat"], now=BEGIN)
    site = add_site(database, "31.75", "Gudang", "Asia/Jakarta", now=BEGIN, confirmed=False)
    confirm_site(database, site.id, now=BEGIN)
    agus, joko = (add_person(database, name, Role.SUPERVISOR, now=BEGIN) for name in ("Agus", "Joko"))
    siti = add_person(database, "Siti", Role.GUARD, now=BEGIN, site_id=site.id)
    for person in (agus, joko, siti):
        give_secret(database, person.id, SECRETS[person.name], now=BEGIN, by=rahmat)
    room = add_room(database, site.id, "Ruang kotak suara", now=BEGIN)
    for number in (1, 2):
        add_camera(database, room.id, f"Kamera {number}", f"rtsp://127.0.0.1/{number}", "petugas", now=BEGIN)
    set_sub_address(database, 1, "rtsp://127.0.0.1/1/small", now=BEGIN)
    _people(database, rahmat, agus, joko, siti)
    _watch(database, folder / "recordings", agus, siti, room.id)
    _quiet(database, agus, joko, siti, room.id)
    own_key(database, now=after(50))
    database.close()


def _people(database: Database, rahmat: Person, agus: Person, joko: Person, siti: Person) -> None:
    grant_role(database, siti.id, Grant(Role.OFFICER, 1), now=after(1), by=rahmat)
    end_role(database, siti.id, Grant(Role.OFFICER, 1), now=after(2), by=rahmat)
    try:
        enter(database, siti.id, "not hers", now=after(2))
    except WrongSecret:
        enter(database, siti.id, SECRETS["Siti"], now=after(3))
    leave(database, siti.id, now=after(4))
    secret = SECRETS["Joko"]
    confirm(database, Act.CHANGE_HOURS, "Ruang kotak suara", by=agus, second_id=joko.id, given=secret, now=after(4), site_id=1)


def _watch(database: Database, recordings: Path, agus: Person, siti: Person, room_id: int) -> None:
    set_hours(database, room_id, WeekHours((Opening(0, 540, 600),)), now=after(5), by=agus)
    set_hours(database, room_id, WeekHours((Opening(0, 480, 960),)), now=after(6), by=agus)
    set_view(database, 1, CameraView(sensitivity=40), by=agus, now=after(6))
    set_view(database, 1, CameraView((WatchZone(CORNERS, 5.0, 9.0),), (CORNERS,), 60), by=agus, now=after(7))
    journal = WatchJournal(database, lambda _table, _row: None, computer=lambda: after(20))
    journal.recorder_started("tcp://127.0.0.1:1", "public", "secret", Beat(after(8), after(8), "boot", 60.0))
    _record(recordings, journal)
    night = 16 * 60
    for minute in (0.0, 5.0):
        at = after(night + minute)
        event_id = journal.event_opened(1, Kind.MOTION, at, 3.0, (), at=at)
        journal.event_closed(event_id, at + timedelta(seconds=5), 4.0)
    acknowledge(database, 1, by=siti, now=after(night + 10))
    give_verdict(database, 1, Verdict.REAL_INCIDENT, "Seseorang membuka rak", by=siti, now=after(night + 11))
    journal.gap_opened(2, after(30), Cause.CAMERA_LOST)
    journal.gap_closed(2, after(31))
    switch_off(database, 2, "Lensa dibersihkan", by=agus, now=after(32))
    switch_on(database, 2, by=agus, now=after(33))
    journal.clock_stepped(after(34), after(94))
    settle_clock(database, by=agus, now=after(35))
    lock_id = lock_footage(database, 1, after(12), after(13), "diminta Bawaslu", by=siti, now=after(36))
    release(database, lock_id, by=agus, now=after(37))
    set_retention(database, room_id, Limits(days=30), by=agus, now=after(38))
    set_retention(database, room_id, Limits(days=60), by=agus, now=after(39))
    journal.recorder_beat([], Beat(after(40), after(40), "boot", 60.0))
    _lose(database, recordings)
    journal.recorder_stopped("SIGTERM, sari", Beat(after(49), after(49), "boot", 60.0))


def _quiet(database: Database, agus: Person, joko: Person, siti: Person, room_id: int) -> None:
    """What two persons allow, and its end by one."""
    until = after(90)
    for camera_id in (1, 2):
        suspend_alarms(database, camera_id, until, "Lampu dipasang", by=agus, second=joko, now=after(45))
    disarm_room(database, room_id, until, "Lembur sortir lipat", by=agus, second=joko, now=after(45))
    witnesses = [Witness("Bawa", Institution.BAWASLU), Witness("Poltak", Institution.POLRI)]
    unlock_room(database, room_id, "Kotak dipindahkan", witnesses, by=agus, second=joko, now=after(45))
    end_suspension(database, 1, by=siti, now=after(46))
    arm_room(database, room_id, by=siti, now=after(46))
    lock_room(database, room_id, by=siti, now=after(47))


def _record(recordings: Path, journal: WatchJournal) -> None:
    """Five minutes of camera 1."""
    for minute in range(10, 15):
        path = f"31-75/camera-1/2026/11/23/{after(minute):%Y-%m-%dT%H-%M-%S}.mp4"
        file = recordings / path
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_bytes(b"x" * 100)
        journal.segment_written(1, WrittenSegment(path, after(minute), after(minute + 1), 1, 100, SEAL, EndReason.FULL))


def _lose(database: Database, recordings: Path) -> None:
    """The oldest minute goes by right, the newest by hand."""
    later = after(61 * 24 * 60)
    remove(database, recordings, due(database, recordings, later, PLENTY)[:1], later)
    sorted(recordings.rglob("*.mp4"))[-1].unlink()
    check(database, recordings, Depth.PRESENCE, now=lambda: after(48))
