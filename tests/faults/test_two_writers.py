"""Two programs post into one file at once: each posting counts once, the totals are exact, and what is not there is not given out twice."""

import itertools
import json
import subprocess
import sys
from collections import Counter
from collections.abc import Iterator
from contextlib import ExitStack
from dataclasses import asdict, dataclass
from datetime import UTC, datetime
from pathlib import Path

import pytest
import sqlalchemy as sa

from storage.database import Database, open_database
from storage.ledger.check import check_books
from storage.rules.delivery import DeliveryLine
from storage.rules.entitlement import station_sheets
from storage.rules.movement import EventKind, State
from storage.schema.ledger import balance, chain_link, stock_event
from storage.schema.places import person
from storage.stock.deliveries import enter_delivery
from tests.faults.posting import OWN, SHARED, TRIES, Desk, Outcome
from tests.storage.depot import VOTERS, Depot, open_depot
from tests.storage.store import assert_balanced

NAMES = ("Budi", "Agus")
# Unsorted sheets at the other warehouse: too few for what both programs try to sort there, and for the boxes of all stations.
LAST = 700


@dataclass(frozen=True)
class Day:
    """The books after both programs have ended, and what each of them says."""

    depot: Depot
    said: dict[str, list[Outcome]]

    def posted(self, kind: EventKind, part: str = "") -> list[Outcome]:
        """What was posted, each event once, by keys that contain a part."""
        found = {each.event_id: each for each in self.everything() if each.event_id is not None}
        return [each for each in found.values() if each.kind is kind and part in each.key]

    def everything(self) -> list[Outcome]:
        return [each for outcomes in self.said.values() for each in outcomes]


@pytest.fixture(scope="module")
def day(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Day]:
    """Both programs have run, each act of one beside one of the other."""
    folder = tmp_path_factory.mktemp("two_writers")
    database = open_database(folder)
    depot = open_depot(database, datetime(2024, 2, 1, 1, 0, tzinfo=UTC))
    lines = [DeliveryLine(depot.ballot, LAST, LAST)]
    depot.do(lambda connection: enter_delivery(connection, depot.other, "SJ-last", lines, depot.entry()))
    said = run_both(folder, Desk(depot.here, depot.other, depot.ballot, depot.stations))
    yield Day(depot, said)
    database.close()


def run_both(folder: Path, desk: Desk) -> dict[str, list[Outcome]]:
    """What each program said at its end."""
    with ExitStack() as stack:
        programs = []
        for name in NAMES:
            command = [sys.executable, "-m", "tests.faults.posting", str(folder), name, json.dumps(asdict(desk))]
            program = subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)
            stack.enter_context(program)
            stack.callback(program.kill)
            programs.append(program)
        for turn in itertools.count():
            said = [_line(program) for program in programs]
            if said != ["ready\n"] * len(NAMES):
                break
            # Who is told first is not always the same.
            for program in programs[:: 1 if turn % 2 else -1]:
                assert program.stdin is not None
                program.stdin.write("go\n")
                program.stdin.flush()
        for program in programs:
            program.communicate(timeout=60)
        assert [program.returncode for program in programs] == [0, 0]
    return {name: [_outcome(row) for row in json.loads(text)] for name, text in zip(NAMES, said, strict=True)}


def _line(program: "subprocess.Popen[str]") -> str:
    assert program.stdout is not None
    return program.stdout.readline()


def _outcome(row: dict[str, object]) -> Outcome:
    outcome = Outcome(**row)  # type: ignore[arg-type]
    return Outcome(**(asdict(outcome) | {"kind": EventKind(outcome.kind)}))


def balances(database: Database, site_id: int) -> dict[State, int]:
    query = sa.select(balance.c.state, balance.c.quantity).where(balance.c.site_id == site_id)
    with database.read() as connection:
        return {State(state): sheets for state, sheets in connection.execute(query) if sheets}


def test_each_of_them_was_first_now_and_then(day: Day) -> None:
    forms = (stock_event.c.key.startswith("shared/"), stock_event.c.person_id == person.c.id)
    with day.depot.database.read() as connection:
        first = Counter(connection.scalars(sa.select(person.c.name).join(stock_event, sa.and_(*forms))))
    assert first.keys() == set(NAMES), first


def test_the_totals_are_exact(day: Day) -> None:
    for_all = [each for each in day.everything() if "/last/" not in each.key and each.kind is not EventKind.PACKING]
    assert [each for each in for_all if each.refused] == []
    deliveries, sortings = day.posted(EventKind.DELIVERY), day.posted(EventKind.SORTING, "/sorting/")
    assert (len(deliveries), len(sortings)) == (2 * OWN + SHARED, 2 * OWN)
    received, good, damaged = (
        sum(each.received for each in deliveries), sum(each.good for each in sortings), sum(each.damaged for each in sortings),
    )  # fmt: skip
    assert balances(day.depot.database, day.depot.here) == {
        State.PRINTER: -sum(each.declared for each in deliveries),
        State.SHORT_CLAIM: sum(each.declared - each.received for each in deliveries),
        State.UNSORTED: received - good - damaged, State.GOOD: good, State.DAMAGED: damaged,
    }  # fmt: skip


def test_a_form_that_both_sent_was_posted_once(day: Day) -> None:
    shared = [[each.event_id for each in day.said[name] if each.key.startswith("shared/")] for name in NAMES]
    assert shared[0] == shared[1]
    assert len(set(shared[0])) == SHARED
    with day.depot.database.read() as connection:
        keys = Counter(connection.scalars(sa.select(stock_event.c.key)))
    said = {each.key for each in day.everything() if each.event_id is not None}
    assert {key: keys[key] for key in said} == dict.fromkeys(said, 1)
    refused = {each.key for each in day.everything() if each.event_id is None}
    assert refused & keys.keys() == set()
    # Everything else was there before: the roll and the delivery of the last sheets.
    assert sum(keys.values()) == len(said) + 2


def test_the_last_sheets_were_given_out_once(day: Day) -> None:
    tries = [each for each in day.everything() if "/last/" in each.key]
    sortings, packings = day.posted(EventKind.SORTING, "/last/"), day.posted(EventKind.PACKING)
    assert len(tries) == 2 * TRIES
    assert 0 < len(sortings) < len(tries)
    assert {each.refused for each in tries if each.refused} == {"Only {have} sheets of {ballot} are {state}; {wanted} are needed."}
    stations = [each.station_id for each in packings]
    assert 0 < len(set(stations)) == len(stations) < len(VOTERS)
    good, damaged = sum(each.good for each in sortings), sum(each.damaged for each in sortings)
    packed = sum(station_sheets(VOTERS[place]) for place, station in enumerate(day.depot.stations) if station in stations)
    expected = {
        State.PRINTER: -LAST, State.UNSORTED: LAST - good - damaged,
        State.GOOD: good - packed, State.DAMAGED: damaged, State.PACKED: packed,
    }  # fmt: skip
    assert balances(day.depot.database, day.depot.other) == {state: sheets for state, sheets in expected.items() if sheets}


def test_the_books_are_whole(day: Day) -> None:
    assert check_books(day.depot.database).findings == ()
    assert_balanced(day.depot.database)
    with day.depot.database.read() as connection:
        for site_id in (day.depot.here, day.depot.other):
            numbers = connection.scalars(
                sa.select(chain_link.c.number).where(chain_link.c.site_id == site_id).order_by(chain_link.c.event_id)
            )
            found = list(numbers)
            assert found == list(range(1, len(found) + 1))
