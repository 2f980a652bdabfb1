"""One of two programs that post at once: `python -m tests.faults.posting FOLDER NAME IDS`; IDS: a Desk as JSON.

Before each act it says "ready" and waits for a line, so that both begin it at once: without that, who has the file keeps it for hundreds
of acts, and nothing is raced for. The last line is a JSON list of what came of each act.
"""

import json
import random
import sys
from collections.abc import Callable, Iterator
from dataclasses import asdict, dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path

import sqlalchemy as sa

from storage.database import Database, open_database
from storage.ledger.journal import Entry, once
from storage.people.person import list_people
from storage.rules.delivery import DeliveryLine
from storage.rules.movement import EventKind
from storage.rules.refusal import Refusal
from storage.stock.deliveries import enter_delivery
from storage.stock.packing import Box, enter_packing
from storage.stock.sorting import enter_sorting

BEGIN = datetime(2024, 2, 2, 1, 0, tzinfo=UTC)
# Deliveries of each program's own, each sorted; forms that both send; tries to sort some of the last sheets.
OWN, SHARED, TRIES = 60, 40, 20


@dataclass(frozen=True)
class Desk:
    """Where both post. other: the warehouse with the last sheets; stations: who may get a box of them."""

    here: int
    other: int
    ballot: int
    stations: list[int]


@dataclass(frozen=True)
class Outcome:
    """What came of an act; event_id is None where it was refused with this template. good: of a sorting, or what was packed."""

    key: str
    kind: EventKind
    event_id: int | None
    refused: str = ""
    declared: int = 0
    received: int = 0
    good: int = 0
    damaged: int = 0
    station_id: int | None = None


class Program:
    """Posts as one person; what it posts is known from the person's name."""

    def __init__(self, database: Database, name: str, desk: Desk) -> None:
        self._database = database
        self._name = name
        self._desk = desk
        self._person = next(person for person in list_people(database) if person.name == name)
        self._clock = BEGIN

    def day(self) -> Iterator[Outcome]:
        """Everything, in this order."""
        yield from self._own()
        yield from self._shared()
        yield from self._last()

    def _own(self) -> Iterator[Outcome]:
        chance = random.Random(self._name)
        for number in range(OWN):
            delivery = self._deliver(f"{self._name}/{number}", chance)
            yield delivery
            damaged = chance.randint(0, 9)
            yield self._sort(self._desk.here, f"{self._name}/sorting/{number}", delivery.received - damaged, damaged)

    def _shared(self) -> Iterator[Outcome]:
        """The same forms as the other program, in the same order."""
        chance = random.Random("shared")
        for number in range(SHARED):
            yield self._deliver(f"shared/{number}", chance)

    def _last(self) -> Iterator[Outcome]:
        """More than there is: sooner or later each is refused."""
        chance = random.Random(self._name)
        for number in range(TRIES):
            yield self._sort(self._desk.other, f"{self._name}/last/{number}", chance.randint(20, 60), chance.randint(0, 5))
        for station in self._desk.stations:
            yield self._pack(station)

    def _deliver(self, key: str, chance: random.Random) -> Outcome:
        declared = chance.randint(50, 400)
        received = declared - chance.choice((0, chance.randint(1, 20)))
        lines, entry = [DeliveryLine(self._desk.ballot, declared, received)], self._entry(key)
        event_id, refused = self._once(key, lambda c: enter_delivery(c, self._desk.here, f"SJ/{key}", lines, entry))
        return Outcome(key, EventKind.DELIVERY, event_id, refused, declared, received)

    def _sort(self, site_id: int, key: str, good: int, damaged: int) -> Outcome:
        entry = self._entry(key)
        event_id, refused = self._once(
            key, lambda c: enter_sorting(c, site_id, self._desk.ballot, good=good, damaged=damaged, entry=entry)
        )  # fmt: skip
        return Outcome(key, EventKind.SORTING, event_id, refused, good=good, damaged=damaged)

    def _pack(self, station: int) -> Outcome:
        key, code = f"{self._name}/box/{station}", f"{self._name}-{station}"
        box, entry = Box(station, self._desk.ballot, code), self._entry(key)
        event_id, refused = self._once(key, lambda c: enter_packing(c, self._desk.other, box, entry))
        return Outcome(key, EventKind.PACKING, event_id, refused, station_id=station)

    def _entry(self, key: str) -> Entry:
        self._clock += timedelta(seconds=1)
        return Entry(self._person, self._clock, self._clock, key)

    def _once(self, key: str, act: Callable[[sa.Connection], int]) -> tuple[int | None, str]:
        print("ready", flush=True)
        if not sys.stdin.readline():
            raise SystemExit("the test is gone")
        try:
            return once(self._database, key, act), ""
        except Refusal as refusal:
            return None, refusal.template


def main() -> None:
    """Posts everything, act by act, each when it is told to."""
    folder, name, ids = sys.argv[1:]
    database = open_database(Path(folder))
    program = Program(database, name, Desk(**json.loads(ids)))
    outcomes = list(program.day())
    database.close()
    print(json.dumps([asdict(outcome) for outcome in outcomes]))


if __name__ == "__main__":
    main()
