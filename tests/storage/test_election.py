"""Loading an election: all of Jakarta 2024, or nothing and the line that is wrong."""

from datetime import UTC, datetime
from fractions import Fraction
from pathlib import Path

import pytest

from storage.database import Database
from storage.exchange.election import Loaded, Plan, load_election
from storage.ledger.check import check_books
from storage.ledger.position import stock_lines
from storage.people.person import Person, Role, add_person
from storage.places import SiteKind, list_sites
from storage.rules.refusal import Refusal
from storage.stock.classes import list_classes

JAKARTA_2024 = Path(__file__).parents[3] / "shared" / "data" / "jakarta-2024"
NOW = datetime(2024, 1, 10, 2, 0, tzinfo=UTC)
REGIONS = "code,level,name\n32,province,JAWA BARAT\n32.04,regency,BANDUNG\n32.04.05,district,Cileunyi\n32.04.05.2001,village,Cinunuk\n"
STATIONS = "code,village_code,voters\n32.04.05.2001.001,32.04.05.2001,100\n32.04.05.2001.002,32.04.05.2001,51\n"


@pytest.fixture
def officer(database: Database) -> Person:
    return add_person(database, "Budi", Role.OFFICER, now=NOW)


def tables(folder: Path, *, regions: str = REGIONS, stations: str = STATIONS) -> Plan:
    folder.mkdir(exist_ok=True)
    (folder / "regions.csv").write_text(regions, encoding="utf-8")
    (folder / "polling_stations.csv").write_text(stations, encoding="utf-8")
    return Plan(folder, "Pilgub 2024", Fraction(25, 1000))


def test_jakarta_2024_needs_the_published_sheets(database: Database, officer: Person) -> None:
    if not JAKARTA_2024.exists():
        pytest.skip("the tables of Jakarta 2024 are not on this machine")
    told: list[tuple[int, int]] = []
    plan = Plan(JAKARTA_2024, "Pemilu 2024", Fraction(2, 100))
    loaded = load_election(database, plan, by=officer, now=NOW, progress=lambda done, of: told.append((done, of)))
    assert loaded == Loaded(regions=318, stations=30_766, voters=8_252_897, classes=15, districts=True)
    assert told == [(number, 6) for number in range(1, 7)]
    needs = {site.code: [line.need for line in stock_lines(database, site.id)] for site in list_sites(database)}
    assert sum(map(sum, needs.values())) == 4 * 8_431_963
    assert sum(needs["31.75"]) == 4 * 2_436_059
    assert sum(needs["31.01"]) == 4 * 22_515
    assert {site.confirmed for site in list_sites(database)} == {False}
    assert len(list_sites(database, SiteKind.KELURAHAN)) == 267
    before = check_books(database)
    assert before.findings == ()
    assert load_election(database, plan, by=officer, now=NOW) == loaded
    assert check_books(database).events == before.events


def test_elsewhere_only_what_needs_no_electoral_districts(database: Database, officer: Person, tmp_path: Path) -> None:
    loaded = load_election(database, tables(tmp_path / "a"), by=officer, now=NOW)
    assert not loaded.districts
    assert {ballot.name for ballot in list_classes(database)} == {"PPWP", "PPWP (PSU)", "DPD JAWA BARAT", "DPD JAWA BARAT (PSU)"}
    [warehouse] = list_sites(database)
    # 2.5 % of 100 and of 51, each rounded up.
    assert [line.need for line in stock_lines(database, warehouse.id)] == [156, 156]


def test_electoral_districts_come_from_a_table_beside_the_regions(database: Database, officer: Person, tmp_path: Path) -> None:
    plan = tables(tmp_path / "a")
    (tmp_path / "a" / "electoral_districts.csv").write_text("type,district,region_code\ngubernur,,32\n", encoding="utf-8")
    assert load_election(database, plan, by=officer, now=NOW).districts
    assert "Gubernur" in {ballot.name for ballot in list_classes(database)}


@pytest.mark.parametrize(
    ("wrong", "said"),
    [
        ((REGIONS, STATIONS + "32.04.05.2001.003,32.04.05.2001,many\n"), "line 4: many is no number of voters"),
        ((REGIONS, STATIONS + "32.04.05.2001.003,32.04.05.2001,\n"), "line 4: a value is missing"),
        ((REGIONS, STATIONS + "32.04.05.2001.003,32.04.05.2002,9\n"), "Line 4: station .* lies in 32.04.05.2002"),
        ((REGIONS, STATIONS + "32.04.05.2001.003,32.04.05.2001,0\n"), "cannot have 0 voters"),
        ((REGIONS, STATIONS + STATIONS.splitlines()[1] + "\n"), "Line 4: station .* stands there twice"),
        ((REGIONS, "code,voters\n1,2\n"), "lacks the columns village_code"),
        ((REGIONS.replace("district", "village"), STATIONS), "is no village"),
        ((REGIONS.replace("32.04,regency,BANDUNG\n", ""), STATIONS), "lies in 32.04, which is not known"),
    ],
)
def test_a_wrong_table_is_named_and_nothing_is_entered(
    database: Database, officer: Person, tmp_path: Path, wrong: tuple[str, str], said: str
) -> None:
    with pytest.raises(Refusal, match=said):
        load_election(database, tables(tmp_path / "a", regions=wrong[0], stations=wrong[1]), by=officer, now=NOW)
    assert list_sites(database) == []
    assert list_classes(database) == []
    assert check_books(database).events == 0


def test_a_folder_without_tables_says_which_is_missing(database: Database, officer: Person, tmp_path: Path) -> None:
    with pytest.raises(Refusal, match=r"There is no file regions\.csv"):
        load_election(database, Plan(tmp_path, "Pemilu", Fraction(1, 50)), by=officer, now=NOW)


def test_a_loading_that_is_called_off_leaves_nothing(database: Database, officer: Person, tmp_path: Path) -> None:
    def stop(_done: int, _of: int) -> None:
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        load_election(database, tables(tmp_path / "a"), by=officer, now=NOW, progress=stop)
    assert list_sites(database) == []
