"""Turns the histories of the demo into dated actions by named people, in the order in which they are entered."""

import random
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

import sqlalchemy as sa

from storage.demo.history import DAYS, History
from storage.demo.needs import Need
from storage.ledger.journal import Entry
from storage.ledger.reversal import enter_reversal
from storage.people.person import Person
from storage.rules.delivery import DeliveryLine
from storage.rules.movement import State
from storage.stock.classes import BallotType, Purpose
from storage.stock.counts import enter_acceptance, enter_count, enter_sheet
from storage.stock.deliveries import enter_delivery
from storage.stock.reprints import enter_receipt, enter_request
from storage.stock.sorting import enter_sorting

JAKARTA = ZoneInfo("Asia/Jakarta")
SUNDAY = 6

Write = Callable[[sa.Connection, Entry], int]


@dataclass(frozen=True)
class Action:
    """Something that happened and is entered a little later, both as aware instants."""

    happened_at: datetime
    entered_at: datetime
    by: Person
    write: Write


@dataclass(frozen=True)
class Warehouse:
    """A warehouse of the demo with the officer who works there."""

    site_id: int
    code: str
    officer: Person


@dataclass(frozen=True)
class Course:
    """One class in one warehouse and what becomes of it."""

    warehouse: Warehouse
    class_id: int
    need: Need
    history: History


def work_days(now: datetime) -> list[datetime]:
    """The last DAYS days but Sundays before today, each at midnight in Jakarta, oldest first."""
    midnight = now.astimezone(JAKARTA).replace(hour=0, minute=0, second=0, microsecond=0)
    days = [midnight - timedelta(days=back) for back in range(1, 2 * DAYS)]
    return sorted([day for day in days if day.weekday() != SUNDAY][:DAYS])


def chronicle(
    courses: Sequence[Course], counters: tuple[Person, Person], supervisor: Person, now: datetime, rng: random.Random
) -> list[Action]:
    """All actions of all courses, in the order of entry; one sorting is mistyped and put right, one count has a variance."""
    days = work_days(now)
    actions = _deliveries(courses, days, rng)
    for course in courses:
        actions += _reprints(course, days, rng)
        actions += _sortings(course, days, rng)
    capital = next(course for course in courses if _is_president(course, "31.71"))
    islands = next(course for course in courses if _is_president(course, "31.01"))
    actions += _slip(capital, days)
    actions += _count(islands, counters, supervisor, days)
    return sorted(actions, key=lambda action: action.entered_at)


def _is_president(course: Course, code: str) -> bool:
    ballot = course.need.ballot
    return course.warehouse.code == code and ballot.type is BallotType.PPWP and ballot.purpose is Purpose.REGULAR


def _deliveries(courses: Sequence[Course], days: list[datetime], rng: random.Random) -> list[Action]:
    """One delivery note per warehouse, ballot type and day, with a line per class."""
    notes: dict[tuple[str, str, int], list[DeliveryLine]] = {}
    warehouses = {course.warehouse.code: course.warehouse for course in courses}
    for course in courses:
        psu = "-PSU" if course.need.ballot.purpose is Purpose.RE_VOTE else ""
        kind = course.need.ballot.type.name.split("_")[0] + psu
        for day, line in course.history.deliveries.items():
            notes.setdefault((course.warehouse.code, kind, day), []).append(replace(line, class_id=course.class_id))
    actions = []
    for (code, kind, day), lines in notes.items():
        number = sum(1 for other in notes if other[:2] == (code, kind) and other[2] <= day)
        write = _delivery(warehouses[code], f"SJ/{kind}/{code}/{number:02d}", lines)
        actions.append(_at(days[day], 9, 6 * 60, warehouses[code].officer, write, rng=rng))
    return actions


def _delivery(warehouse: Warehouse, note_number: str, lines: list[DeliveryLine]) -> Write:
    return lambda connection, entry: enter_delivery(connection, warehouse.site_id, note_number, lines, entry)


def _reprints(course: Course, days: list[datetime], rng: random.Random) -> list[Action]:
    site_id, class_id, by = course.warehouse.site_id, course.class_id, course.warehouse.officer
    requests: dict[int, int] = {}

    def request(day: int) -> Write:
        for_damaged, for_short = course.history.requests[day]

        def write(connection: sa.Connection, entry: Entry) -> int:
            at_once = replace(entry, happened_at=entry.now)
            requests[day] = enter_request(connection, site_id, class_id, for_damaged=for_damaged, for_short=for_short, entry=at_once)
            return requests[day]

        return write

    def receipt(day: int) -> Write:
        requested_on, sheets = course.history.receipts[day]
        return lambda connection, entry: enter_receipt(connection, requests[requested_on], sheets, entry)

    actions = [_at(days[day], 8, 90, by, request(day), rng=rng) for day in course.history.requests]
    return actions + [_at(days[day], 10, 4 * 60, by, receipt(day), rng=rng) for day in course.history.receipts]


def _sortings(course: Course, days: list[datetime], rng: random.Random) -> list[Action]:
    """Entered at the end of the day's work."""
    by = course.warehouse.officer
    sortings = course.history.sortings.items()
    return [_at(days[day], 16, 50, by, _sorting(course, good, damaged), rng=rng) for day, (good, damaged) in sortings]


def _sorting(course: Course, good: int, damaged: int) -> Write:
    site_id = course.warehouse.site_id
    return lambda connection, entry: enter_sorting(connection, site_id, course.class_id, good=good, damaged=damaged, entry=entry)


def _slip(course: Course, days: list[datetime]) -> list[Action]:
    """A sorting entered a second time by mistake, at the end of the same day, and reversed twelve minutes later."""
    day = min(course.history.sortings)
    good, damaged = course.history.sortings[day]
    slipped: list[int] = []

    def slip(connection: sa.Connection, entry: Entry) -> int:
        slipped.append(enter_sorting(connection, course.warehouse.site_id, course.class_id, good=good // 10, damaged=damaged, entry=entry))
        return slipped[0]

    def reverse(connection: sa.Connection, entry: Entry) -> int:
        return enter_reversal(connection, slipped[0], "Salah ketik: satu angka kurang dan sudah dicatat", entry)

    by = course.warehouse.officer
    at = days[day] + timedelta(hours=17, minutes=20)
    later = at + timedelta(minutes=12)
    return [Action(at, at, by, slip), Action(later, later, by, reverse)]


def _count(course: Course, counters: tuple[Person, Person], supervisor: Person, days: list[datetime]) -> list[Action]:
    """A count by two teams on the last day finds two good sheets less than the books say."""
    history = course.history
    counted = {State.UNSORTED: history.unsorted, State.GOOD: history.good - 2, State.DAMAGED: history.damaged}
    counts: list[int] = []

    def count(connection: sa.Connection, entry: Entry) -> int:
        counts.append(enter_count(connection, course.warehouse.site_id, course.class_id, entry))
        return counts[0]

    def sheet(team: int) -> Write:
        return lambda connection, entry: enter_sheet(connection, counts[0], team, counted, entry)

    def accept(connection: sa.Connection, entry: Entry) -> int:
        return enter_acceptance(connection, counts[0], "Dihitung ulang dengan hasil yang sama", entry)

    at = days[-1] + timedelta(hours=11)
    first, second, later = (at + timedelta(minutes=minutes) for minutes in (80, 95, 180))
    return [
        Action(at, at, course.warehouse.officer, count),
        Action(first, first, counters[0], sheet(1)),
        Action(second, second, counters[1], sheet(2)),
        Action(later, later, supervisor, accept),
    ]


def _at(day: datetime, hour: int, spread_min: int, by: Person, write: Write, *, rng: random.Random) -> Action:
    """Somewhere in the spread_min minutes after the hour, entered 2 to 9 minutes later."""
    happened_at = day + timedelta(hours=hour, seconds=rng.randrange(spread_min * 60))
    return Action(happened_at, happened_at + timedelta(seconds=rng.randrange(120, 540)), by, write)
