"""Loading an election: its regions, polling stations and voters, the classes that are voted on, and what each warehouse needs of them."""

import csv
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import date, datetime
from fractions import Fraction
from pathlib import Path

import sqlalchemy as sa

from storage.database import Database
from storage.exchange.districts import district_areas
from storage.ledger.journal import Entry, once
from storage.people.person import Person
from storage.people.right import right
from storage.places import SiteKind
from storage.regions import Region, enter_regions, zone_of
from storage.rules.movement import EventKind
from storage.rules.refusal import Refusal
from storage.rules.rights import Act
from storage.schema.ledger import stock_event
from storage.schema.places import site
from storage.schema.stock import class_area
from storage.stock.classes import BallotType, Purpose, enter_class, enter_election, find_class
from storage.stock.voters import Station, enter_needs_of, enter_roll

REGIONS, STATIONS, DISTRICTS = "regions.csv", "polling_stations.csv", "electoral_districts.csv"
PAGE_SITES = 5_000
_STORES = {"regency": SiteKind.WAREHOUSE, "district": SiteKind.KECAMATAN, "village": SiteKind.KELURAHAN}


@dataclass(frozen=True)
class Plan:
    """What is loaded. reserve: the part printed beyond the voters. folder: of the tables."""

    folder: Path
    name: str
    reserve: Fraction
    polling_day: date | None = None


@dataclass(frozen=True)
class Loaded:
    """What was found. districts: whether the electoral districts were known; without them only PPWP and DPD ballots are needed."""

    regions: int
    stations: int
    voters: int
    classes: int
    districts: bool


@right(Act.SET_UP_GOODS)
def load_election(
    database: Database, plan: Plan, *, by: Person, now: datetime, progress: Callable[[int, int], None] = lambda _done, _of: None
) -> Loaded:
    """Enters all of it or nothing. Stores of regencies, districts and villages that are not known are entered as not yet confirmed.

    Loading the same again changes nothing. progress: told the regencies done and all; may raise to call it off.

    Raises Refusal where a table is missing or wrong, naming the line, or a station has other voters than were entered before.
    """
    regions = [Region(row["code"], row["level"], row["name"]) for row in _rows(plan.folder / REGIONS, ("code", "level", "name"))]
    stations = [_station(row) for row in _rows(plan.folder / STATIONS, ("code", "village_code", "voters"))]
    villages = {this.code for this in regions if this.level == "village"}
    seen: set[str] = set()
    for code, village, _voters, line in stations:
        if village not in villages:
            raise Refusal(
                "Line {line}: station {code} lies in {village}, which is no village of the regions.", line=line, code=code, village=village
            )
        if code in seen:
            raise Refusal("Line {line}: station {code} stands there twice.", line=line, code=code)
        seen.add(code)
    areas = district_areas(plan.folder / DISTRICTS, regions)
    regencies = sorted({village[:5] for _code, village, _voters, _line in stations})
    found = Loaded(len(regions), len(stations), sum(voters for _code, _village, voters, _line in stations), len(areas), _known(areas))

    def work(connection: sa.Connection) -> int:
        enter_regions(connection, regions)
        enter_election(connection, plan.name, plan.reserve, plan.polling_day)
        _enter_classes(connection, plan.name, areas)
        site_ids = _enter_sites(connection, regions, stations, now)
        last = 0
        for number, regency in enumerate(regencies, start=1):
            roll = [Station(site_ids[code], code, voters) for code, village, voters, _line in stations if village[:5] == regency]
            warehouse = site_ids[regency]
            entry = Entry(by, now, now, f"roll/{plan.name}/{regency}")
            last = _unless_known(connection, entry.key) or enter_roll(connection, warehouse, plan.name, roll, entry)
            entry = Entry(by, now, now, f"need/{plan.name}/{regency}")
            last = _unless_known(connection, entry.key) or enter_needs_of(connection, warehouse, plan.name, regency, entry)
            progress(number, len(regencies))
        return last

    once(database, f"election/{plan.name}", work)
    return found


def _known(areas: dict[tuple[BallotType, str], list[str]]) -> bool:
    return any(type_ not in (BallotType.PPWP, BallotType.DPD) for type_, _district in areas)


def _unless_known(connection: sa.Connection, key: str) -> int | None:
    """The event of an earlier loading."""
    kinds = [EventKind.VOTERS.value, EventKind.NEED.value]
    return connection.scalar(sa.select(stock_event.c.id).where(stock_event.c.key == key, stock_event.c.kind.in_(kinds)))


def _rows(path: Path, columns: tuple[str, ...]) -> Iterator[dict[str, str]]:
    """The rows of a table of the folder, with their line."""
    try:
        with path.open(encoding="utf-8-sig", newline="") as file:
            table = csv.DictReader(file)
            lacking = set(columns) - set(table.fieldnames or ())
            if lacking:
                raise Refusal("{file} lacks the columns {columns}.", file=path.name, columns=", ".join(sorted(lacking)))
            for row in table:
                values = {column: (row[column] or "").strip() for column in columns}
                if "" in values.values():
                    raise Refusal("{file}, line {line}: a value is missing.", file=path.name, line=table.line_num)
                yield values | {"line": str(table.line_num)}
    except FileNotFoundError as error:
        raise Refusal("There is no file {file} in the folder {folder}.", file=path.name, folder=path.parent) from error
    except (UnicodeDecodeError, csv.Error) as error:
        raise Refusal("{file} is no table of text in UTF-8.", file=path.name) from error


def _station(row: dict[str, str]) -> tuple[str, str, int, str]:
    if not (row["voters"].isascii() and row["voters"].isdigit()):
        raise Refusal("{file}, line {line}: {text} is no number of voters.", file=STATIONS, line=row["line"], text=row["voters"])
    return row["code"], row["village_code"], int(row["voters"]), row["line"]


def _enter_classes(connection: sa.Connection, election: str, areas: dict[tuple[BallotType, str], list[str]]) -> None:
    """For election day, and the same marked for a re-vote."""
    for purpose in Purpose:
        for (type_, district), codes in areas.items():
            if find_class(connection, election, type_, district, purpose) is None:
                ballot = enter_class(connection, election, type_, district, purpose)
                connection.execute(class_area.insert(), [{"class_id": ballot.id, "region_code": code} for code in codes])


def _enter_sites(
    connection: sa.Connection, regions: list[Region], stations: list[tuple[str, str, int, str]], now: datetime
) -> dict[str, int]:
    """The stores of the regions, waiting to be confirmed, and the polling stations; all site ids by code."""
    known = set(connection.scalars(sa.select(site.c.code)))
    names = {this.code: this.name for this in regions}
    rows = [
        _site(this.code, _STORES[this.level], f"{_PREFIX[this.level]} {this.name}", this.code, now, confirmed=False)
        for this in regions
        if this.level in _STORES
    ]
    rows += [
        _site(code, SiteKind.TPS, f"TPS {code.rpartition('.')[2]} {names[village]}"[:80], village, now, confirmed=True)
        for code, village, _voters, _line in stations
    ]
    new = [row for row in rows if row["code"] not in known]
    for first in range(0, len(new), PAGE_SITES):
        connection.execute(site.insert(), new[first : first + PAGE_SITES])
    return {row.code: row.id for row in connection.execute(sa.select(site.c.code, site.c.id))}


_PREFIX = {"regency": "Gudang KPU", "district": "PPK", "village": "PPS"}


def _site(code: str, kind: SiteKind, name: str, region_code: str, now: datetime, *, confirmed: bool) -> dict[str, object]:
    return {
        "kind": kind.value, "code": code, "name": name[:80], "zone": zone_of(region_code), "created_at": now,
        "region_code": region_code, "status": "confirmed" if confirmed else "pending",
    }  # fmt: skip
