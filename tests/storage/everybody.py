"""A warehouse in which everything is there to be worked on, and somebody of every role at every place: for the tests of rights."""

import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from enum import StrEnum
from pathlib import Path

from argon2 import PasswordHasher

from camera.events import Kind
from camera.journal import Beat
from storage.database import Database, open_database
from storage.people.confirmation import Confirmed, confirm
from storage.people.person import Grant, Person, Role, add_person, end_role
from storage.places import add_camera, add_room
from storage.rules.rights import Act, seconds
from storage.schema.people import secret
from storage.stock.consignments import Consignment, enter_dispatch
from storage.stock.counts import enter_count
from storage.stock.disposal import enter_surplus
from storage.watch.alarms import Verdict, give_verdict
from storage.watch.journal import WatchJournal
from storage.watch.locks import lock_footage
from storage.watch.suspending import disarm_room, suspend_alarms
from storage.watch.switching import switch_off
from storage.watch.unlocking import unlock_room
from tests.storage.scene import WITNESSES, Scene, play

SECRET = "gerbang-besi-9"
# Of the least cost: a kept hash says its own. Everybody has the same secret.
HASH = PasswordHasher(time_cost=1, memory_cost=8, parallelism=1).hash(SECRET)


class Place(StrEnum):
    """Where somebody has their role."""

    HERE = "here"
    EVERYWHERE = "everywhere"
    ELSEWHERE = "elsewhere"
    NOWHERE_NOW = "nowhere any more"


@dataclass
class World:
    """folder: a data folder, closed. people: by role and place; nobody: has never had a role but one that was taken back."""

    folder: Path
    scene: Scene
    now: datetime
    people: dict[tuple[Role, Place], Person] = field(default_factory=dict)
    ids: dict[str, int] = field(default_factory=dict)

    @property
    def here(self) -> int:
        return self.scene.depot.here

    @property
    def other(self) -> int:
        return self.scene.depot.other

    @contextmanager
    def copied(self, folder: Path) -> Iterator[Database]:
        """A database of its own with all that is in this one."""
        shutil.copytree(self.folder, folder)
        opened = open_database(folder)
        try:
            yield opened
        finally:
            opened.close()
            shutil.rmtree(folder)

    def second_of(self, act: Act, first: Person) -> Person:
        """Somebody who may answer for an act of another one."""
        roles = [role for role in Role if role in seconds(act)]
        return next(person for role in roles if (person := self.people[role, Place.EVERYWHERE]).id != first.id)

    def confirmed(self, database: Database, act: Act, first: Person, site_id: int | None, now: datetime) -> Confirmed:
        """An answer given with that person's secret."""
        second = self.second_of(act, first)
        return confirm(database, act, "As it is said", by=first, second_id=second.id, given=SECRET, now=now, site_id=site_id)


def open_world(folder: Path) -> World:
    """It takes a second; tests work on copies."""
    database = open_database(folder)
    scene = play(database)
    now = scene.depot.clock
    world = World(folder, scene, now, ids=scene.ids)
    _people(database, world)
    _stock(world)
    _watch(database, world)
    world.now = scene.depot.clock + timedelta(minutes=1)
    database.close()
    return world


def _people(database: Database, world: World) -> None:
    for role in Role:
        for place in Place:
            site_id = {Place.HERE: world.here, Place.ELSEWHERE: world.other}.get(place)
            person = add_person(database, f"{role.value} {place.value}", role, site_id=site_id, now=world.now)
            if place is Place.NOWHERE_NOW:
                end_role(database, person.id, Grant(role), now=world.now)
            world.people[role, place] = person
    with database.write() as connection:
        for person in world.people.values():
            connection.execute(secret.insert().values(person_id=person.id, hash=HASH, set_at=world.now, set_by=person.id))


def _stock(world: World) -> None:
    """What the scene has used up or left out."""
    scene, ids = world.scene, world.ids
    depot = scene.depot
    ids["begun"] = depot.do(lambda c: enter_count(c, world.here, scene.other, scene.entry()))
    ids["one more"] = depot.carton("one more", 50)
    ids["ready"] = depot.carton("ready", 50)
    depot.seal(ids["ready"])
    ids["on its way"] = depot.carton("on its way", 50)
    depot.seal(ids["on its way"])
    paper = Consignment("BA-JALAN", world.other, "Budi", "Joko", vehicle="B 1 A")
    ids["consignment"] = depot.do(lambda c: enter_dispatch(c, world.here, paper, [ids["on its way"]], scene.entry()))
    ids["to be reversed"] = depot.do(lambda c: enter_surplus(c, world.here, depot.ballot, 1, entry=scene.entry()))


def _watch(database: Database, world: World) -> None:
    ids, now = world.ids, world.scene.depot.clock
    guard, supervisor = (world.people[role, Place.EVERYWHERE] for role in (Role.GUARD, Role.SUPERVISOR))
    ids["room"] = add_room(database, world.here, "Ruang A", now=now).id
    for name in ("on", "off"):
        ids[f"camera {name}"] = add_camera(database, ids["room"], name, "rtsp://127.0.0.1/1", "", now=now).id
    switch_off(database, ids["camera off"], "broken", by=supervisor, now=now)
    journal = WatchJournal(database, lambda _table, _row: None)
    for alarm_id, minutes in enumerate((1, 90), start=1):
        at = now + timedelta(minutes=minutes)
        event_id = journal.event_opened(ids["camera on"], Kind.MOTION, at, 3.0, (), at=at)
        journal.event_closed(event_id, at + timedelta(seconds=5), 3.0)
        ids[f"watch event {alarm_id}"] = event_id
    give_verdict(database, 1, Verdict.REAL_INCIDENT, "seen", by=guard, now=now + timedelta(minutes=2))
    later = now + timedelta(minutes=120)
    ids["lock"] = lock_footage(
        database, ids["camera on"], now, now + timedelta(minutes=5), "kept", by=guard, now=now + timedelta(minutes=3)
    )
    journal.recorder_started("tcp://127.0.0.1:1", "k" * 40, "w" * 40, Beat(later, later, "boot", 1.0))
    journal.clock_stepped(later, later + timedelta(hours=2))
    _not_guarded(database, world, later)
    world.scene.depot.clock = later


def _not_guarded(database: Database, world: World, now: datetime) -> None:
    """Another room that is disarmed and unlocked, with a camera that does not ring."""
    ids, (guard, supervisor) = world.ids, (world.people[role, Place.EVERYWHERE] for role in (Role.GUARD, Role.SUPERVISOR))
    ids["room open"] = add_room(database, world.here, "Ruang B", now=now).id
    ids["camera quiet"] = add_camera(database, ids["room open"], "quiet", "rtsp://127.0.0.1/1", "", now=now).id
    until = now + timedelta(hours=4)
    suspend_alarms(database, ids["camera quiet"], until, "fumigation", by=guard, second=supervisor, now=now)
    disarm_room(database, ids["room open"], until, "stocktaking", by=guard, second=supervisor, now=now)
    unlock_room(database, ids["room open"], "stocktaking", WITNESSES, by=guard, second=supervisor, now=now)
