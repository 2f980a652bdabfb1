"""How each operation of storage is called: with what is there in the world of tests/storage/everybody.py, so that it can do its work."""

import inspect
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from fractions import Fraction
from pathlib import Path
from typing import Any

import sqlalchemy as sa

from camera.events import Box as SeenBox
from storage.database import Database
from storage.evidence.checkpoints import Purpose as Reason
from storage.exchange.election import Plan
from storage.exchange.imports import Import
from storage.exchange.reading import Kind as TableKind
from storage.ledger.journal import Entry
from storage.ledger.reconciliation import Figure
from storage.people.person import Grant, Person, Role
from storage.people.right import Operation
from storage.places import find_site
from storage.rules.delivery import DeliveryLine
from storage.rules.hours import WeekHours
from storage.rules.movement import State
from storage.settings import load_settings
from storage.stock.classes import BallotType, Purpose
from storage.stock.consignments import Consignment
from storage.stock.containers import ContainerKind
from storage.stock.entitlements import Need
from storage.stock.packing import Box
from storage.stock.sorting import Criterion
from storage.stock.voters import Station
from storage.watch.alarms import Verdict
from storage.watch.recordings_check import Depth
from storage.watch.retention import Limits
from storage.watch.views import CameraView
from tests.storage.everybody import Place, World
from tests.storage.scene import WITNESSES
from tests.storage.test_election import REGIONS, STATIONS

# Arguments without a default that are given all the same, as they say what an operation is about, or who does it.
ALWAYS = {"by", "site_id", "room_id"}


class NoMakers:
    """Cuts no clips and prints no page."""

    def clip(self, *_args: object) -> Sequence[Path]:
        return ()

    def stills(self, *_args: object) -> Sequence[Path]:
        return ()

    def summary(self, _summed: object) -> bytes:
        return b"%PDF-1.4"


@dataclass
class Call:
    """One call of an operation by somebody. files: a folder to read tables from and to write to."""

    world: World
    operation: Operation
    by: Person
    files: Path
    now: datetime
    second: Person | None = None

    def run(self, database: Database) -> object:
        """As that person uses the database. Raises what the operation raises."""
        view = database.used_by(self.by.id)
        call, function = self.operation.call, inspect.unwrap(self.operation.call)
        parameters = inspect.signature(function).parameters
        given = {name: self._value(name, database) for name in list(parameters)[1:] if self._wanted(parameters[name])}
        if next(iter(parameters)) == "database":
            return call(view, **given)
        with view.write() as connection:
            return call(connection, **given)

    def _wanted(self, parameter: inspect.Parameter) -> bool:
        if parameter.name == "second":
            return self.second is not None
        return parameter.default is inspect.Parameter.empty or parameter.name in ALWAYS

    def _value(self, name: str, database: Database) -> Any:
        own = OF_ONE.get(self.operation.name.rsplit(".", 1)[1], {})
        find = own.get(name) or VALUES.get(name)
        assert find is not None, f"say in tests/storage/calls.py what {name} of {self.operation.name} is"
        return find(self, database)


Values = Mapping[str, Callable[[Call, Database], Any]]


def _id(name: str) -> Callable[[Call, Database], int]:
    return lambda call, _database: call.world.ids[name]


def _is(value: object) -> Callable[[Call, Database], object]:
    return lambda _call, _database: value


def _file(call: Call, name: str, text: str) -> Path:
    path = call.files / name
    path.write_text(text, encoding="utf-8")
    return path


def _box(call: Call) -> Box:
    depot = call.world.scene.depot
    return Box(depot.stations[3], depot.ballot, "KOTAK-BARU")


def _wanted(call: Call, database: Database) -> Import:
    path = _file(call, "notes.csv", "note,class,declared,received\nSJ-X,PPWP,10,10\n")
    return Import(TableKind.DELIVERIES, path, find_site(database, "31.75"), second=call.second)


def _plan(call: Call, _database: Database) -> Plan:
    _file(call, "regions.csv", REGIONS)
    _file(call, "polling_stations.csv", STATIONS)
    return Plan(call.files, "Pilgub 2024", Fraction(25, 1000))


def _cameras(call: Call, _database: Database) -> Path:
    return _file(call, "cameras.csv", "site,room,name,address\n31.75,Ruang A,Baru,rtsp://127.0.0.1/9\n")


def _station(call: Call, database: Database) -> list[Station]:
    """A store that is no polling station yet."""
    with database.read() as connection:
        found = connection.execute(sa.text("SELECT id FROM site WHERE code = '31.74'")).scalar_one()
    return [Station(found, "TPS 9", 100)]


def _entry(call: Call, _database: Database) -> Entry:
    return Entry(call.by, call.now, call.now, "a-new-key", call.second, "as it should be")


# By the name of the argument.
VALUES: Values = {
    "address": _is("rtsp://127.0.0.1/9"),
    "ahead": _is(timedelta(hours=1)),
    "alarm_id": _is(2),
    "area": _is(SeenBox(0.1, 0.1, 0.2, 0.2)),
    "at": lambda call, _: call.now,
    "box": lambda call, _: _box(call),
    "boxes": lambda call, _: [_box(call)],
    "by": lambda call, _: call.by,
    "camera_id": _id("camera on"),
    "changes": _is({State.UNSORTED: 3}),
    "check": _is(lambda text: (text, "", "")),
    "class_id": lambda call, _: call.world.scene.depot.ballot,
    "closed_until": lambda call, _: call.now,
    "code": _is("31.99"),
    "codes": _is(["KOLI-BARU"]),
    "consignment_id": _id("consignment"),
    "container_id": _id("one more"),
    "container_ids": lambda call, _: [call.world.ids["one more"]],
    "count_id": _id("begun"),
    "counted": _is({State.UNSORTED: 1}),
    "criteria": _is({Criterion.TORN: 1}),
    "damaged": _is(1),
    "depth": _is(Depth.PRESENCE),
    "district": _is("JAWA BARAT"),
    "election": _is("Pemilu 2024"),
    "entry": _entry,
    "figure": _is(Figure.GOOD),
    "folder": lambda call, _: call.files,
    "for_damaged": _is(1),
    "for_short": _is(0),
    "free": _is(None),
    "from_at": lambda call, _: call.now - timedelta(hours=2),
    "good": _is(1),
    "grant": lambda call, _: Grant(Role.OFFICER, call.world.here),
    "happened_at": lambda call, _: call.now,
    "hours": _is(WeekHours()),
    "keep_password": _is(lambda _camera_id, _password: None),
    "key": _is("a-new-key"),
    "kind": _is(ContainerKind.CARTON),
    "limit": _is(5),
    "limits": _is(Limits(days=30)),
    "lines": lambda call, _: [DeliveryLine(call.world.scene.depot.ballot, 10, 10)],
    "lock_id": _id("lock"),
    "makers": _is(NoMakers()),
    "minutes": _is("BA-9"),
    "name": _is("Baru"),
    "needs": lambda call, _: [Need(call.world.scene.depot.ballot, 3_000)],
    "new": _is("kunci-baru-77"),
    "note": _is("nothing there"),
    "note_number": _is("SJ-BARU"),
    "now": lambda call, _: call.now,
    "number": _is("ORDER-9"),
    "packing_id": _id("packing"),
    "paper": lambda call, _: Consignment("BA-BARU", call.world.other, "Budi", "Joko"),
    "path": _cameras,
    "person_id": lambda call, _: call.world.people[Role.GUARD, Place.HERE].id,
    "place": lambda call, _: call.files,
    "plan": _plan,
    "printer_id": lambda call, _: call.world.scene.depot.printer,
    "purpose": _is(Purpose.REGULAR),
    "reason": _is("as it should be"),
    "recordings": lambda call, _: call.world.folder / "recordings",
    "region_code": _is("31.75"),
    "remark": _is("a quiet night"),
    "request_id": _id("request"),
    "role": _is(Role.GUARD),
    "room_id": _id("room"),
    "seals": lambda call, _: [(call.world.ids["one more"], "SEGEL-9")],
    "second": lambda call, _: call.second,
    "settings": lambda call, _: load_settings(call.world.folder),
    "sheets": _is(1),
    "site_id": lambda call, _: call.world.here,
    "site_ids": lambda call, _: {call.world.here},
    "source": _is(State.GOOD),
    "state": _is(State.GOOD),
    "stations": _station,
    "stopped": _is(lambda: False),
    "sub_address": _is("rtsp://127.0.0.1/8"),
    "team": _is(1),
    "type_": _is(BallotType.DPD),
    "until_at": lambda call, _: call.now,
    "username": _is("admin"),
    "verdict": _is(Verdict.FALSE_ALARM),
    "view": _is(CameraView(sensitivity=70)),
    "wanted": _wanted,
    "witnesses": _is(WITNESSES),
    "zone": _is("Asia/Jakarta"),
}
# Where an operation needs another value under the same name.
OF_ONE: Mapping[str, Values] = {
    "accept_count": {"count_id": _id("counted")},
    "arm_room": {"room_id": _id("room open")},
    "check": {"now": lambda call, _: lambda: call.now},
    "disarm_room": {"until_at": lambda call, _: call.now + timedelta(hours=1)},
    "end_role": {"grant": lambda call, _: Grant(Role.GUARD, call.world.here)},
    "end_suspension": {"camera_id": _id("camera quiet")},
    "enter_acceptance": {"count_id": _id("counted")},
    "enter_destruction": {"sheets": lambda call, _: {(call.world.scene.depot.ballot, State.DAMAGED): 1}},
    "enter_dispatch": {"container_ids": lambda call, _: [call.world.ids["ready"]]},
    "enter_opening": {"container_id": _id("ready")},
    "enter_order": {"sheets": lambda call, _: {call.world.scene.depot.ballot: 10}},
    "enter_reversal": {"event_id": _id("to be reversed")},
    "event_boxes": {"event_id": _id("watch event 2")},
    "export_incident": {"alarm_id": _is(1)},
    "find_site": {"code": _is("31.75")},
    "issue_checkpoint": {"purpose": _is(Reason.ASKED)},
    "lock_room": {"room_id": _id("room open")},
    "reverse_event": {"event_id": _id("to be reversed")},
    "suspend_alarms": {"until_at": lambda call, _: call.now + timedelta(hours=1)},
    "switch_on": {"camera_id": _id("camera off")},
}
