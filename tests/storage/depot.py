"""Two warehouses, a printer and four polling stations, with good sheets in cartons: for tests of boxes, journeys and checks."""

import itertools
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from fractions import Fraction

import sqlalchemy as sa

from storage.database import Database
from storage.ledger.check import Finding, check_books
from storage.ledger.journal import Entry, once
from storage.people.person import Person, Role, add_person
from storage.places import SiteKind, add_site
from storage.regions import Region, enter_regions
from storage.rules.delivery import DeliveryLine
from storage.rules.movement import State
from storage.schema.ledger import balance
from storage.schema.stock import class_area
from storage.stock.classes import BallotType, Purpose, enter_class, enter_election
from storage.stock.consignments import Consignment, enter_dispatch
from storage.stock.containers import ContainerKind, enter_containers, enter_filling, enter_opening, enter_sealing
from storage.stock.deliveries import enter_delivery
from storage.stock.packing import Box, enter_packing
from storage.stock.sorting import enter_sorting
from storage.stock.voters import Station, enter_roll
from storage.stock.witnesses import Institution, Witness

VOTERS = (241, 254, 300, 100)
POLRI, BAWASLU = Witness("Iptu Wahyu", Institution.POLRI), Witness("Dewi Lestari", Institution.BAWASLU)


@dataclass
class Depot:
    """here: the warehouse in which things happen; other: a second one. stations: site ids, in the order of VOTERS."""

    database: Database
    here: int
    other: int
    printer: int
    stations: list[int]
    ballot: int
    officer: Person
    second: Person
    clock: datetime
    numbers: "itertools.count[int]" = field(default_factory=lambda: itertools.count(1))

    def entry(self, reason: str = "", *, two: bool = False) -> Entry:
        """A minute after the one before, by the officer; two: with the second person."""
        self.clock += timedelta(minutes=1)
        return Entry(self.officer, self.clock, self.clock, f"depot-{next(self.numbers)}", self.second if two else None, reason)

    def do(self, act: Callable[[sa.Connection], int]) -> int:
        """In a transaction of its own."""
        return once(self.database, f"unused-{next(self.numbers)}", act)

    def receive(self, sheets: int, *, site_id: int | None = None, damaged: int = 0) -> None:
        """Delivered, and sorted all good but the damaged ones."""
        place = site_id or self.here
        lines = [DeliveryLine(self.ballot, sheets, sheets)]
        self.do(lambda connection: enter_delivery(connection, place, f"SJ-{next(self.numbers)}", lines, self.entry()))
        good = sheets - damaged
        self.do(lambda c: enter_sorting(c, place, self.ballot, good=good, damaged=damaged, entry=self.entry()))

    def carton(self, code: str, sheets: int = 500) -> int:
        """A carton with good sheets in it."""
        ids: list[int] = []

        def act(connection: sa.Connection) -> int:
            ids.extend(enter_containers(connection, self.here, ContainerKind.CARTON, [code], self.entry()))
            good, entry = State.GOOD, self.entry()
            return enter_filling(connection, self.here, ids[0], class_id=self.ballot, state=good, sheets=sheets, entry=entry)

        self.do(act)
        return ids[0]

    def pack(
        self, place: int, *, seal: bool = True, sheets: int | None = None, entry: Entry | None = None, cartons: Sequence[int] = ()
    ) -> int:
        """The box of a station; the packing's id."""
        code = f"BOX-{next(self.numbers)}"
        box = Box(self.stations[place], self.ballot, code, (f"S-{code}",) if seal else (), sheets)
        return self.do(lambda c: enter_packing(c, self.here, box, entry or self.entry(), cartons=cartons))

    def seal(self, container_id: int) -> int:
        number = f"SEAL-{next(self.numbers)}"
        return self.do(lambda c: enter_sealing(c, self.here, [(container_id, number)], self.entry()))

    def open(self, container_id: int, witnesses: Sequence[Witness] = (POLRI, BAWASLU)) -> int:
        return self.do(lambda c: enter_opening(c, self.here, container_id, witnesses, self.entry()))

    def fill(self, container_id: int, sheets: int, *, out: bool = False) -> int:
        """Puts loose good sheets into a container, or takes them out."""
        state, ballot = State.GOOD, self.ballot
        return self.do(
            lambda c: enter_filling(c, self.here, container_id, class_id=ballot, state=state, sheets=sheets, entry=self.entry(), out=out)
        )

    def send(self, container_ids: Sequence[int], to_site: int) -> int:
        paper = Consignment(f"BA-{next(self.numbers)}", to_site, "Budi", "Joko", vehicle="B 1234 XY")
        return self.do(lambda c: enter_dispatch(c, self.here, paper, container_ids, self.entry()))

    def sheets(self, state: State, site_id: int | None = None) -> int:
        """The balance of the ballot class."""
        key = (balance.c.site_id == (site_id or self.here), balance.c.class_id == self.ballot, balance.c.state == state.value)
        with self.database.read() as connection:
            return connection.scalar(sa.select(balance.c.quantity).where(*key)) or 0

    def faults(self) -> list[Finding]:
        return list(check_books(self.database).findings)


def open_depot(database: Database, clock: datetime) -> Depot:
    """A depot in an empty database; nothing has been delivered yet."""
    officer = add_person(database, "Budi", Role.OFFICER, now=clock)
    second = add_person(database, "Agus", Role.SUPERVISOR, now=clock)
    with database.write() as connection:
        codes = [("31", "DKI JAKARTA"), ("31.75", "JAKARTA TIMUR"), ("31.75.01", "MATRAMAN"), ("31.75.01.1001", "PISANGAN BARU")]
        levels = ("province", "regency", "district", "village")
        enter_regions(connection, [Region(code, level, name) for (code, name), level in zip(codes, levels, strict=True)])
        enter_election(connection, "Pemilu 2024", Fraction(2, 100))
        ballot = enter_class(connection, "Pemilu 2024", BallotType.PPWP, "", Purpose.REGULAR).id
        connection.execute(class_area.insert().values(class_id=ballot, region_code="31"))
    here = add_site(database, "31.75", "Gudang Timur", "Asia/Jakarta", now=clock, region_code="31.75").id
    other = add_site(database, "31.74", "Gudang Selatan", "Asia/Jakarta", now=clock).id
    printer = add_site(database, "CETAK-1", "PT Cetak", "Asia/Jakarta", now=clock, kind=SiteKind.PRINTER).id
    stations = [
        add_site(
            database, f"31.75.01.1001.{number:03d}", f"TPS {number:03d}", "Asia/Jakarta",
            now=clock, kind=SiteKind.TPS, region_code="31.75.01.1001",
        ).id
        for number in range(1, len(VOTERS) + 1)
    ]  # fmt: skip
    depot = Depot(database, here, other, printer, stations, ballot, officer, second, clock)
    roll = [Station(site_id, f"TPS {place}", VOTERS[place]) for place, site_id in enumerate(stations)]
    depot.do(lambda connection: enter_roll(connection, here, "Pemilu 2024", roll, depot.entry()))
    return depot
