"""The demo's books: the published figures, to the sheet, reached by ordinary postings."""

import ast
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
import sqlalchemy as sa

from storage.database import Database, open_database
from storage.demo.books import NAMES, write_books
from storage.demo.chronicle import work_days
from storage.demo.facts import FACTS, load_facts
from storage.demo.history import DAYS
from storage.demo.make_facts import make_facts
from storage.demo.needs import class_keys, needs
from storage.demo.people import PEOPLE
from storage.ledger.position import stock_lines, totals
from storage.people.person import list_people
from storage.places import list_sites
from storage.rules.entitlement import check_sheets
from storage.rules.movement import EventKind
from storage.schema.ledger import stock_event
from storage.stock.classes import BallotType, Purpose, list_classes
from storage.stock.counts import list_counts
from storage.stock.deliveries import list_deliveries
from tests.storage.store import assert_balanced

NOW = datetime(2026, 11, 21, 14, 0, tzinfo=UTC)
STORAGE = Path(__file__).parents[2] / "storage"
JAKARTA_2024 = Path(__file__).parents[3] / "shared" / "data" / "jakarta-2024"


@dataclass(frozen=True)
class Demo:
    database: Database
    progress: list[tuple[int, int]]


@pytest.fixture(scope="module")
def demo(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Demo]:
    database = open_database(tmp_path_factory.mktemp("demo"))
    progress: list[tuple[int, int]] = []
    write_books(database, now=NOW, progress=lambda done, whole: progress.append((done, whole)))
    yield Demo(database, progress)
    database.close()


def test_the_facts_are_the_published_ones() -> None:
    facts = load_facts()
    assert Counter(district.regency for district in facts.districts) == {
        "31.01": 2, "31.71": 8, "31.72": 6, "31.73": 8, "31.74": 10, "31.75": 10,
    }  # fmt: skip
    voters = Counter[str]()
    for district in facts.districts:
        voters[district.regency] += sum(district.voters)
    assert voters == {
        "31.01": 22_036, "31.71": 830_352, "31.72": 1_345_136, "31.73": 1_905_352, "31.74": 1_766_049, "31.75": 2_383_972,
    }  # fmt: skip
    assert max(max(district.voters) for district in facts.districts) <= 300


def test_facts_that_lack_a_station_are_refused(tmp_path: Path) -> None:
    if not JAKARTA_2024.exists():
        pytest.skip("the tables from which the facts are made are not on this machine")
    made = tmp_path / "facts.json.xz"
    make_facts(JAKARTA_2024, made)
    assert load_facts(made) == load_facts(FACTS)
    (tmp_path / "regions.csv").write_bytes((JAKARTA_2024 / "regions.csv").read_bytes())
    stations = (JAKARTA_2024 / "polling_stations.csv").read_text(encoding="utf-8").splitlines()
    (tmp_path / "polling_stations.csv").write_text("\n".join(stations[:-1]), encoding="utf-8")
    with pytest.raises(ValueError, match="30765 stations"):
        make_facts(tmp_path, made)


def test_the_needs_are_the_published_ones() -> None:
    needed = needs(load_facts())
    assert len(class_keys(Purpose.REGULAR)) == 15
    sums = Counter[tuple[str, BallotType]]()
    for need in needed:
        if need.ballot.purpose is Purpose.REGULAR:
            assert need.electorate is not None
            check_sheets(need.sheets, need.electorate.voters, need.electorate.stations)
            sums[need.regency, need.ballot.type] += need.sheets
    published = {"31.01": 22_515, "31.71": 848_365, "31.72": 1_373_808, "31.73": 1_946_697, "31.74": 1_804_519, "31.75": 2_436_059}
    types = (BallotType.PPWP, BallotType.DPR, BallotType.DPD, BallotType.DPRD_PROVINSI)
    assert sums == {(regency, type_): sheets for regency, sheets in published.items() for type_ in types}
    assert sum(published.values()) == 8_431_963
    re_vote = Counter[BallotType]()
    for need in needed:
        if need.ballot.purpose is Purpose.RE_VOTE:
            re_vote[need.ballot.type] += need.sheets
    assert re_vote == {BallotType.PPWP: 6_000, BallotType.DPR: 3_000, BallotType.DPD: 1_000, BallotType.DPRD_PROVINSI: 10_000}
    assert sum(need.sheets for need in needed) == 33_747_852


def test_the_books_arrive_at_the_announced_figure(demo: Demo) -> None:
    sums = totals(demo.database)
    assert sums.need == 33_747_852
    assert sums.received == 33_747_852
    assert sums.declared == sums.received - sums.reprinted + sums.short - sums.over
    assert 0 < sums.over < sums.short
    assert 0.001 < sums.damaged / (sums.good + sums.damaged) < 0.002
    assert sums.reprinted > sums.short
    assert 0 < sums.reprint_open < sums.damaged
    # one count found two sheets less
    assert sums.good + sums.damaged + sums.unsorted == sums.received - 2


def test_the_books_balance(demo: Demo) -> None:
    assert_balanced(demo.database)


def test_warehouses_people_and_classes(demo: Demo) -> None:
    assert {site.code: site.name for site in list_sites(demo.database)} == NAMES
    assert {person.name: person.role for person in list_people(demo.database)} == PEOPLE
    assert Counter(ballot.purpose for ballot in list_classes(demo.database)) == {Purpose.REGULAR: 15, Purpose.RE_VOTE: 15}


def test_sorting_is_done_in_some_warehouses_and_going_on_in_others(demo: Demo) -> None:
    codes = {site.id: site.code for site in list_sites(demo.database)}
    share: dict[str, list[float]] = {}
    for line in stock_lines(demo.database):
        if line.need > 1_000:
            share.setdefault(codes[line.site_id], []).append(line.good / line.need)
    assert min(share["31.71"]) > 0.99
    assert min(share["31.72"]) > 0.99
    assert 0.3 < max(share["31.75"]) < 0.6
    assert all(0.55 < part < 0.8 for part in share["31.74"])


def test_a_month_of_working_days_with_a_slip_and_a_count(demo: Demo) -> None:
    with demo.database.read() as connection:
        events = connection.execute(sa.select(stock_event).where(stock_event.c.kind != "need").order_by(stock_event.c.id)).all()
    assert [event.recorded_at for event in events] == sorted(event.recorded_at for event in events)
    assert NOW - timedelta(days=36) < events[0].happened_at < NOW - timedelta(days=33)
    assert NOW - timedelta(days=2) < events[-1].recorded_at < NOW
    jakarta = list_sites(demo.database)[0].tz
    assert all(8 <= event.happened_at.astimezone(jakarta).hour <= 17 for event in events)
    kinds = Counter(EventKind(event.kind) for event in events)
    assert kinds[EventKind.COUNT_SHEET] == 2
    assert kinds[EventKind.REVERSAL] == kinds[EventKind.COUNT] == kinds[EventKind.COUNT_ACCEPTANCE] == 1
    [count] = list_counts(demo.database, next(site.id for site in list_sites(demo.database) if site.code == "31.01"))
    assert count.accepted
    assert count.variance is not None and sum(count.variance.values()) == -2
    assert all(len(list_deliveries(demo.database, site.id)) >= 9 for site in list_sites(demo.database))
    assert demo.progress[-1] == (len(events), len(events))


def test_the_same_now_gives_the_same_books(demo: Demo, database: Database) -> None:
    write_books(database, now=NOW, progress=lambda _done, _whole: None)
    assert stock_lines(database) == stock_lines(demo.database)


@pytest.mark.parametrize("hour", range(0, 24, 6))
def test_no_working_day_lies_in_the_future_whatever_the_hour(hour: int) -> None:
    now = datetime(2026, 11, 23, hour, 0, tzinfo=UTC)
    days = work_days(now)
    assert len(set(days)) == DAYS
    assert days[-1] + timedelta(hours=18) < now
    assert all(day.weekday() != 6 for day in days)


def test_the_rest_of_storage_does_not_know_the_demo() -> None:
    found = []
    for path in STORAGE.rglob("*.py"):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            names = [node.module or ""] if isinstance(node, ast.ImportFrom) else []
            names += [alias.name for alias in node.names] if isinstance(node, ast.Import) else []
            if path.parent.name != "demo" and any(name.startswith("storage.demo") for name in names):
                found.append(path)
    assert found == []
