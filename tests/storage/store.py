"""A small warehouse for tests of the books, and a way to say what happens there in one line."""

import itertools
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from pathlib import Path

import sqlalchemy as sa

from storage.database import Database, open_database
from storage.ledger.position import StockLine, stock_lines
from storage.ledger.reversal import reverse_event
from storage.people.person import Person, Role, add_person
from storage.places import add_site
from storage.rules.movement import State
from storage.schema.ledger import balance, movement, stock_event
from storage.stock.classes import BallotType, Purpose, add_class
from storage.stock.counts import accept_count, begin_count, record_sheet
from storage.stock.deliveries import DeliveryLine, receive_delivery
from storage.stock.entitlements import Electorate, set_entitlement
from storage.stock.reprints import receive_reprint, request_reprint
from storage.stock.sorting import sort_ballots


@dataclass
class Store:
    """One warehouse with three ballot classes, two officers and a supervisor; each act happens a minute after the one before."""

    database: Database
    site_id: int
    classes: tuple[int, int, int]
    officer: Person
    second: Person
    supervisor: Person
    clock: datetime
    keys: "itertools.count[int]" = field(default_factory=itertools.count)
    url: str | None = None

    def tick(self) -> datetime:
        self.clock += timedelta(minutes=1)
        return self.clock

    def key(self) -> str:
        return f"test-{next(self.keys)}"

    def deliver(self, declared: int, received: int, *, class_id: int | None = None, key: str | None = None, note: str | None = None) -> int:
        return self.deliver_lines([DeliveryLine(class_id or self.classes[0], declared, received)], key=key, note=note)

    def deliver_lines(self, lines: list[DeliveryLine], *, key: str | None = None, note: str | None = None) -> int:
        at, key = self.tick(), key or self.key()
        number = note or f"SJ/{key}"
        return receive_delivery(self.database, self.site_id, number, lines, by=self.officer, now=at, happened_at=at, key=key)

    def sort(self, good: int, damaged: int, *, class_id: int | None = None, key: str | None = None) -> int:
        at, ballot = self.tick(), class_id or self.classes[0]
        return sort_ballots(
            self.database, self.site_id, ballot, good=good, damaged=damaged, by=self.officer, now=at, happened_at=at, key=key or self.key()
        )

    def request(self, for_damaged: int, for_short: int, *, class_id: int | None = None, key: str | None = None) -> int:
        at, ballot = self.tick(), class_id or self.classes[0]
        return request_reprint(
            self.database,
            self.site_id,
            ballot,
            for_damaged=for_damaged,
            for_short=for_short,
            by=self.officer,
            now=at,
            key=key or self.key(),
        )

    def receive(self, request_id: int, sheets: int, *, key: str | None = None) -> int:
        at = self.tick()
        return receive_reprint(self.database, request_id, sheets, by=self.officer, now=at, happened_at=at, key=key or self.key())

    def reverse(self, event_id: int, reason: str = "mistyped", *, key: str | None = None, two: bool = False) -> int:
        second, key = self.supervisor if two else None, key or self.key()
        return reverse_event(self.database, event_id, reason, by=self.officer, now=self.tick(), key=key, second=second)

    def need(self, class_id: int, sheets: int, electorate: Electorate | None = None) -> int:
        at, key = self.tick(), self.key()
        return set_entitlement(self.database, self.site_id, class_id, sheets, electorate=electorate, by=self.officer, now=at, key=key)

    def begin(self, class_id: int | None = None) -> int:
        at, ballot = self.tick(), class_id or self.classes[0]
        return begin_count(self.database, self.site_id, ballot, by=self.officer, now=at, key=self.key())

    def sheet(self, count_id: int, team: int, counted: tuple[int, int, int], *, by: Person | None = None) -> int:
        """counted: unsorted, good, damaged."""
        person = by or (self.officer, self.second, self.supervisor)[team - 1]
        found = dict(zip((State.UNSORTED, State.GOOD, State.DAMAGED), counted, strict=True))
        return record_sheet(self.database, count_id, team, found, by=person, now=self.tick(), key=self.key())

    def count(self, count_id: int, counted: tuple[int, int, int]) -> int:
        """Both teams find the same; the count's id."""
        for team in (1, 2):
            self.sheet(count_id, team, counted)
        return count_id

    def accept(self, count_id: int, reason: str = "counted again", *, by: Person | None = None) -> int:
        return accept_count(self.database, count_id, reason, by=by or self.supervisor, now=self.tick(), key=self.key())

    def line(self, class_id: int | None = None) -> StockLine:
        ballot = class_id or self.classes[0]
        return next((line for line in stock_lines(self.database) if line.class_id == ballot), StockLine(self.site_id, ballot))

    def balances(self, class_id: int | None = None) -> dict[State, int]:
        """Every balance of the class that is not zero, virtual ones among them."""
        query = sa.select(balance.c.state, balance.c.quantity).where(balance.c.class_id == (class_id or self.classes[0]))
        with self.database.read() as connection:
            return {State(state): sheets for state, sheets in connection.execute(query) if sheets}

    def events(self) -> int:
        with self.database.read() as connection:
            return connection.execute(sa.select(sa.func.count()).select_from(stock_event)).scalar_one()

    def check_books(self) -> None:
        """Every balance is the sum of its movements; what is physical is not negative."""
        assert_balanced(self.database)


def assert_balanced(database: Database) -> None:
    """Adds all movements up in plain Python and compares."""
    sums: dict[tuple[int, int, str], int] = {}
    with database.read() as connection:
        for row in connection.execute(sa.select(movement)):
            for key, sheets in (
                ((row.from_site_id, row.class_id, row.from_state), -row.quantity),
                ((row.to_site_id, row.class_id, row.to_state), row.quantity),
            ):
                sums[key] = sums.get(key, 0) + sheets
        kept = {(row.site_id, row.class_id, row.state): row.quantity for row in connection.execute(sa.select(balance)) if row.quantity}
    assert kept == {key: sheets for key, sheets in sums.items() if sheets}
    assert all(sheets >= 0 for key, sheets in kept.items() if State(key[2]).physical)


def open_store(folder: Path, clock: datetime, url: str | None = None) -> Store:
    """A new database below folder, or on a server, with an empty warehouse in it."""
    database = open_database(folder, url=url)
    site = add_site(database, "31.75", "Gudang Timur", "Asia/Jakarta", now=clock)
    names = ("DKI JAKARTA 4", "DKI JAKARTA 5", "DKI JAKARTA 6")
    first, second, third = (add_class(database, "Pemilu 2024", BallotType.DPRD_PROVINSI, name, Purpose.REGULAR).id for name in names)
    officer = add_person(database, "Budi", Role.OFFICER, now=clock)
    other = add_person(database, "Rina", Role.OFFICER, now=clock)
    supervisor = add_person(database, "Agus", Role.SUPERVISOR, now=clock)
    return Store(database, site.id, (first, second, third), officer, other, supervisor, clock)
