"""Posting what a table says, row by row in one transaction: all of it, or nothing and a list of every row that is wrong."""

import hashlib
from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import datetime
from pathlib import Path

import sqlalchemy as sa

from storage.chain import lock_sites
from storage.database import Database
from storage.exchange.reading import Kind, Progress, Row, Table, WrongRows, read_table
from storage.ledger.journal import Entry
from storage.ledger.standing import stands
from storage.people.person import Person
from storage.people.right import right
from storage.places import Site, SiteKind, enter_site
from storage.regions import zone_of
from storage.rules.delivery import DeliveryLine
from storage.rules.movement import COUNTED
from storage.rules.numbers import Notation
from storage.rules.refusal import Refusal
from storage.rules.rights import Act
from storage.schema.ledger import stock_event
from storage.schema.places import site
from storage.schema.stock import count_acceptance, stock_count
from storage.stock.classes import BallotClass, list_all_classes
from storage.stock.counts import enter_count, enter_sheet
from storage.stock.deliveries import enter_delivery
from storage.stock.sorting import Criterion, enter_sorting
from storage.stock.voters import Station, enter_roll


@dataclass(frozen=True)
class Import:
    """What to read and for which site. election: for stations, whose voters belong to one.

    second, reason: for rows of more than a day ago. mapping: which header of the file stands for which field, where it is not known.
    """

    kind: Kind
    path: Path
    site: Site
    election: str = ""
    notation: Notation | None = None
    second: Person | None = None
    reason: str = ""
    mapping: dict[str, str] | None = None


@right(Act.BOOK)
def import_table(
    database: Database, wanted: Import, *, by: Person, now: datetime, progress: Progress | None = None
) -> tuple[int, tuple[str, ...]]:
    """Posts a table; how many rows it has, and the columns that were passed over.

    The same file again for the same site posts nothing. progress: told how much of the file has been read; may raise to call it off.
    Raises WrongRows with every wrong line, Refusal for a file that is no table of this kind.
    """
    table = read_table(wanted.path, wanted.kind, notation=wanted.notation, zone=wanted.site.zone, mapping=wanted.mapping, progress=progress)
    with wanted.path.open("rb") as file:
        digest = hashlib.file_digest(file, "sha256")
    digest.update(wanted.election.encode())
    key = f"import/{wanted.kind.value}/{wanted.site.code}/{digest.hexdigest()[:24]}"
    entry = Entry(by, now, now, key, wanted.second, wanted.reason)

    def work(connection: sa.Connection) -> None:
        lock_sites(connection, [wanted.site.id])
        posted = sa.select(stock_event.c.id).where(stock_event.c.key.startswith(f"{key}/", autoescape=True)).limit(1)
        if connection.scalar(posted) is None:
            _POST[wanted.kind](connection, wanted, table, entry)

    database.run(work)
    return len(table.rows), table.ignored


class Lines:
    """Posts one line after the other, each in a savepoint, and remembers which were refused."""

    def __init__(self, connection: sa.Connection, file: str) -> None:
        self._connection = connection
        self._file = file
        self._faults: list[tuple[int, Refusal]] = []

    def post(self, line: int, act: Callable[[], object]) -> None:
        """Does what one line says, or remembers why not."""
        try:
            with self._connection.begin_nested():
                act()
        except Refusal as refusal:
            self._faults.append((line, refusal))

    def finish(self) -> None:
        """Raises WrongRows if a line was refused."""
        if self._faults:
            raise WrongRows(self._file, self._faults)


def _stations(connection: sa.Connection, wanted: Import, table: Table, entry: Entry) -> None:
    """One roll for the warehouse; stations that are no sites yet become some."""
    if not wanted.election:
        raise Refusal("Name the election that the voters belong to.")
    known = {row.code: row.id for row in connection.execute(sa.select(site.c.code, site.c.id).where(site.c.kind == SiteKind.TPS.value))}
    lines = Lines(connection, wanted.path.name)
    roll: list[Station] = []

    def station(row: Row) -> None:
        code, village = _text(row, "code"), _text(row, "region")
        if code not in known:
            name = f"TPS {code.rpartition('.')[2]}"
            place = {"now": entry.now, "kind": SiteKind.TPS, "confirmed": True, "region_code": village}
            known[code] = enter_site(connection, code, name, zone_of(village), **place)  # type: ignore[arg-type]
        roll.append(Station(known[code], code, _sheets(row, "voters")))

    for row in table.rows:
        lines.post(row.line, lambda row=row: station(row))  # type: ignore[misc]
    lines.finish()
    enter_roll(connection, wanted.site.id, wanted.election, roll, replace(entry, key=f"{entry.key}/1"))


def _deliveries(connection: sa.Connection, wanted: Import, table: Table, entry: Entry) -> None:
    """One delivery for each number of a note, in the order of the file."""
    classes = _Classes(connection)
    notes: dict[str, list[Row]] = {}
    for row in table.rows:
        notes.setdefault(_text(row, "note"), []).append(row)
    lines = Lines(connection, wanted.path.name)

    def note(number: str, rows: list[Row]) -> None:
        said = [
            DeliveryLine(classes.id(_text(row, "class")), _sheets(row, "declared"), _sheets(row, "received"), _sheets(row, "misrouted"))
            for row in rows
        ]
        enter_delivery(connection, wanted.site.id, number, said, _dated(entry, rows[0]))

    for number, rows in notes.items():
        lines.post(rows[0].line, lambda number=number, rows=rows: note(number, rows))  # type: ignore[misc]
    lines.finish()


def _sortings(connection: sa.Connection, wanted: Import, table: Table, entry: Entry) -> None:
    classes = _Classes(connection)
    lines = Lines(connection, wanted.path.name)

    def sorting(row: Row) -> None:
        criteria = {criterion: _sheets(row, criterion.value) for criterion in Criterion}
        enter_sorting(
            connection,
            wanted.site.id,
            classes.id(_text(row, "class")),
            good=_sheets(row, "good"),
            damaged=_sheets(row, "damaged"),
            entry=_dated(entry, row),
            criteria=criteria if any(criteria.values()) else None,
            team=_text(row, "team"),
        )

    for row in table.rows:
        lines.post(row.line, lambda row=row: sorting(row))  # type: ignore[misc]
    lines.finish()


def _counts(connection: sa.Connection, wanted: Import, table: Table, entry: Entry) -> None:
    """What one team counted; where no count of the class has begun, it begins with the file."""
    classes = _Classes(connection)
    lines = Lines(connection, wanted.path.name)

    def sheet(row: Row) -> None:
        ballot = classes.of(_text(row, "class"))
        count_id = _open_count(connection, wanted.site.id, ballot.id)
        if count_id is None:
            count_id = enter_count(connection, wanted.site.id, ballot.id, replace(entry, key=f"{entry.key}/{row.line}/begin"))
        counted = {state: _sheets(row, state.value) for state in COUNTED}
        enter_sheet(connection, count_id, _sheets(row, "team"), counted, _dated(entry, row))

    for row in table.rows:
        lines.post(row.line, lambda row=row: sheet(row))  # type: ignore[misc]
    lines.finish()


_POST: dict[Kind, Callable[[sa.Connection, Import, Table, Entry], None]] = {
    Kind.STATIONS: _stations,
    Kind.DELIVERIES: _deliveries,
    Kind.SORTINGS: _sortings,
    Kind.COUNTS: _counts,
}


class _Classes:
    """Ballot classes by their names as they are printed: "DPR DKI JAKARTA II", "PPWP (PSU)"."""

    def __init__(self, connection: sa.Connection) -> None:
        self._named: dict[str, list[BallotClass]] = {}
        for ballot in list_all_classes(connection):
            for name in (ballot.name, f"{ballot.election}: {ballot.name}"):
                self._named.setdefault(name.casefold(), []).append(ballot)

    def of(self, name: str) -> BallotClass:
        found = self._named.get(name.casefold(), [])
        if not found:
            raise Refusal("There is no ballot class named {name}.", name=name)
        if len(found) > 1:
            raise Refusal('More than one election has the ballot class {name}; write "election: class".', name=name)
        return found[0]

    def id(self, name: str) -> int:
        return self.of(name).id


def _text(row: Row, field: str) -> str:
    value = row.values.get(field)
    return "" if value is None else str(value)


def _sheets(row: Row, field: str) -> int:
    """0 where nothing is said; a column that must be filled was looked at when the file was read."""
    value = row.values.get(field)
    return value if isinstance(value, int) else 0


def _dated(entry: Entry, row: Row) -> Entry:
    happened_at = row.values.get("at")
    told = happened_at if isinstance(happened_at, datetime) else entry.now
    return replace(entry, happened_at=told, key=f"{entry.key}/{row.line}")


def _open_count(connection: sa.Connection, site_id: int, class_id: int) -> int | None:
    accepted = sa.select(count_acceptance.c.count_id).where(stands(count_acceptance.c.event_id))
    return connection.scalar(
        sa.select(stock_count.c.event_id)
        .join(stock_event, stock_event.c.id == stock_count.c.event_id)
        .where(stock_event.c.site_id == site_id, stock_count.c.class_id == class_id, stands(stock_event.c.id))
        .where(stock_count.c.event_id.not_in(accepted))
        .order_by(stock_count.c.event_id.desc())
        .limit(1)
    )
