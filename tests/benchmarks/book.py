"""Warehouses with good sheets and boxes to be packed, for the benchmarks of the books."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime

import sqlalchemy as sa

from storage.database import Database
from storage.demo.facts import load_facts
from storage.ledger.journal import Draft, Entry, at, post_many
from storage.people.person import Role, add_person
from storage.regions import Region, enter_regions
from storage.rules.delivery import DeliveryLine
from storage.rules.entitlement import entitled_sheets
from storage.rules.movement import EventKind, Movement, State
from storage.schema.places import site
from storage.schema.stock import class_area
from storage.stock.classes import BallotType, Purpose, enter_class
from storage.stock.containers import ContainerKind, enter_containers
from storage.stock.deliveries import enter_delivery
from storage.stock.packing import Box
from storage.stock.sorting import enter_sorting
from storage.stock.voters import Station, enter_roll

NOW = datetime(2024, 1, 20, 2, 0, tzinfo=UTC)
CARTON = 500
# Loose sheets of each class that are left for packing one box at a time.
SPARE = 200_000
TYPES = (BallotType.PPWP, BallotType.DPR, BallotType.DPD, BallotType.DPRD_PROVINSI, BallotType.DPRD_KABKO)


@dataclass
class Warehouse:
    """stations: each gets a box of each class. cartons: what they are packed from; none for loose sheets. left: boxes to be packed."""

    site_id: int
    stations: Sequence[int]
    class_ids: list[int]
    cartons: list[int]
    left: int

    def boxes(self, first: int, end: int) -> list[Box]:
        """Some of the boxes in their order; made when they are asked for, because a country has millions of them."""
        classes = len(self.class_ids)
        pairs = ((self.stations[place // classes], self.class_ids[place % classes]) for place in range(first, end))
        return [Box(station, class_id, f"B-{station}-{class_id}") for station, class_id in pairs]


@dataclass
class Book:
    """entry: by whom and when; each posting needs a key of its own."""

    warehouses: list[Warehouse]
    class_ids: list[int]
    entry: Entry


def jakarta_book(database: Database, stations: int) -> Book:
    """The first so many stations of Jakarta, four ballots each, packed in one warehouse from cartons of 500."""
    voters = [people for district in load_facts().districts for people in district.voters][:stations]
    return _book(database, [voters], TYPES[:4], in_cartons=True)


def national_book(database: Database, stations: int, warehouses: int) -> Book:
    """So many stations of 250 voters, shared out to warehouses, five ballots each; packed from loose sheets."""
    share = [stations // warehouses + (number < stations % warehouses) for number in range(warehouses)]
    return _book(database, [[250] * each for each in share], TYPES, in_cartons=False)


def _book(database: Database, voters: list[list[int]], types: tuple[BallotType, ...], *, in_cartons: bool) -> Book:
    entry = Entry(add_person(database, "Budi", Role.OFFICER, now=NOW), NOW, NOW, "")
    with database.write() as connection:
        enter_regions(connection, [Region("31", "province", "DKI JAKARTA")])
        class_ids = [enter_class(connection, "Pemilu 2024", type_, "", Purpose.REGULAR).id for type_ in types]
        connection.execute(class_area.insert(), [{"class_id": class_id, "region_code": "31"} for class_id in class_ids])
    warehouses = []
    for number, people in enumerate(voters):
        with database.write() as connection:
            warehouses.append(_warehouse(connection, number, people, class_ids, entry=entry, in_cartons=in_cartons))
    return Book(warehouses, class_ids, entry)


def _warehouse(
    connection: sa.Connection, number: int, voters: list[int], class_ids: list[int], *, entry: Entry, in_cartons: bool
) -> Warehouse:
    first, last = _sites(connection, number, len(voters))
    site_id, stations = first, range(first + 1, last + 1)

    def keyed(step: str) -> Entry:
        return Entry(entry.by, NOW, NOW, f"{number}/{step}")

    roll = [Station(station, f"{number}/{place}", voters[place]) for place, station in enumerate(stations)]
    enter_roll(connection, site_id, "Pemilu 2024", roll, keyed("roll"))
    need = entitled_sheets(voters)
    cartons_each = need // CARTON + 1 if in_cartons else 0
    sheets = cartons_each * CARTON + (SPARE if in_cartons else need)
    enter_delivery(connection, site_id, f"SJ-{number}", [DeliveryLine(class_id, sheets, sheets) for class_id in class_ids], keyed("note"))
    for class_id in class_ids:
        enter_sorting(connection, site_id, class_id, good=sheets, damaged=0, entry=keyed(f"sorted/{class_id}"))
    cartons: list[int] = []
    if in_cartons:
        codes = [f"K-{number}-{place}" for place in range(cartons_each * len(class_ids))]
        cartons = enter_containers(connection, site_id, ContainerKind.CARTON, codes, keyed("cartons"))
        loose = at(site_id, State.GOOD)
        filled = [
            Movement(class_ids[place % len(class_ids)], CARTON, loose, at(site_id, State.GOOD, carton))
            for place, carton in enumerate(cartons)
        ]
        post_many(connection, [Draft(EventKind.REPACK, site_id, keyed("filled"), tuple(filled))])
    return Warehouse(site_id, stations, class_ids, cartons, len(stations) * len(class_ids))


def _sites(connection: sa.Connection, number: int, stations: int) -> tuple[int, int]:
    """A warehouse and its stations; the first and the last number."""
    kinds = ["warehouse"] + ["tps"] * stations
    last: int = connection.execute(sa.select(sa.func.coalesce(sa.func.max(site.c.id), 0))).scalar_one()
    rows = [
        {
            "id": last + place, "kind": kind, "code": f"31.{number}.{place}", "name": f"{kind} {number}.{place}", "zone": "Asia/Jakarta",
            "created_at": NOW, "region_code": "31", "status": "confirmed",
        }
        for place, kind in enumerate(kinds, start=1)
    ]  # fmt: skip
    connection.execute(site.insert(), rows)
    return last + 1, last + len(kinds)
