"""What somebody who owns the database changes beside the program in rows of people, places, watch and footage: each is found and named."""

import sqlite3
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest

from storage.database import Database
from storage.ledger.check import check_books
from storage.places import set_sub_address
from storage.schema.told import TOLD, Told
from tests.faults.guarded import Guarded, a_copy, after, build
from tests.storage.tampering import found, tamper

# Where a second row with the same value is refused by the table itself.
UNIQUE = {
    "person": "name",
    "site": "code",
    "room": "name",
    "camera": "name",
    "footage_finding": "kind",
    "room_witness": "name",
    "suspension_end": "suspension_id",
}
TABLES = pytest.mark.parametrize("told", TOLD, ids=lambda told: told.table)


@pytest.fixture(scope="session")
def first(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("guarded") / "first"
    build(folder)
    return folder


@pytest.fixture
def guarded(first: Path, tmp_path: Path) -> Iterator[Guarded]:
    with a_copy(first, tmp_path / "data") as scene:
        yield scene


def keys(database: Database, told: Told) -> list[object]:
    """Of the rows that a record must tell."""
    untold = f"WHERE NOT ({told.untold})" if told.untold else ""
    with closing(sqlite3.connect(database.path)) as raw:
        return [row[0] for row in raw.execute(f"SELECT {told.key} FROM {told.table} {untold} ORDER BY 1")]


def test_the_warehouse_is_whole_before_anybody_touches_it(guarded: Guarded) -> None:
    assert [str(finding.said) for finding in check_books(guarded.database).findings] == []


@TABLES
def test_every_changed_column_is_found_and_named(guarded: Guarded, told: Told) -> None:
    key = keys(guarded.database, told)[0]
    changes = (f"{one} = CASE WHEN typeof({one}) IN ('integer', 'real') THEN {one} + 77 ELSE 'other' END" for one in told.columns)
    statement = f"UPDATE {told.table} SET {', '.join(changes)} WHERE {told.key} = '{key}'"
    tamper(guarded.database, "PRAGMA ignore_check_constraints = ON", statement)
    findings = [one for one in check_books(guarded.database).findings if (one.table, one.row) == (told.table, str(key))]
    assert {one.kind for one in findings} == {"changed"}
    assert [one.said.values["column"] for one in findings] == list(told.columns)


@TABLES
def test_a_row_that_is_taken_out_is_found(guarded: Guarded, told: Told) -> None:
    key = keys(guarded.database, told)[-1]
    tamper(guarded.database, f"DELETE FROM {told.table} WHERE {told.key} = '{key}'")
    assert ("vanished", str(key)) in found(guarded.database)


@TABLES
def test_a_row_that_is_put_in_is_found(guarded: Guarded, told: Told) -> None:
    with closing(sqlite3.connect(guarded.database.path)) as raw:
        names = [row[1] for row in raw.execute(f"PRAGMA table_info({told.table})")]
        unique = UNIQUE.get(told.table)
    new = "'9999'"
    values = ", ".join(new if name == told.key else f"{name} || 'x'" if name == unique else name for name in names)
    key = keys(guarded.database, told)[0]
    statement = f"INSERT INTO {told.table} ({', '.join(names)}) SELECT {values} FROM {told.table} WHERE {told.key} = '{key}'"
    tamper(guarded.database, "PRAGMA ignore_check_constraints = ON", statement)
    assert ("untold", "9999") in found(guarded.database)


SEGMENT_COLUMNS = ("camera_id", "number", "path", "started_at", "ended_at", "bytes", "sha256")


@pytest.mark.parametrize("column", SEGMENT_COLUMNS)
def test_a_changed_segment_is_found(guarded: Guarded, column: str) -> None:
    change = f"UPDATE segment SET {column} = CASE WHEN typeof({column}) = 'integer' THEN {column} + 1 ELSE {column} || 'Z' END WHERE id = 5"
    tamper(guarded.database, change)
    assert found(guarded.database) & {("changed", "5"), ("untold", "5")}


def test_a_segment_that_is_taken_out_put_in_or_told_of_elsewhere_is_found(guarded: Guarded) -> None:
    tamper(guarded.database, "DELETE FROM segment WHERE id = 3")
    assert found(guarded.database) >= {("vanished", "1/3")}
    tamper(guarded.database, "UPDATE segment SET record_id = 1 WHERE id = 4")
    assert found(guarded.database) >= {("untold", "4"), ("vanished", "1/4")}
    tamper(guarded.database, "UPDATE segment SET record_id = 99999 WHERE id = 5")
    assert found(guarded.database) >= {("untold", "5"), ("vanished", "1/5")}


def test_a_change_is_not_washed_by_the_next_act_of_the_program(guarded: Guarded) -> None:
    """The lawful change that follows tells the row anew, with what the attacker wrote in it; the two records differ in too much."""
    tamper(guarded.database, "UPDATE camera SET address = 'rtsp://127.0.0.1/loop' WHERE id = 1")
    set_sub_address(guarded.database, 1, "rtsp://127.0.0.1/1/tiny", now=after(2000))
    [finding] = check_books(guarded.database).findings
    assert (finding.kind, finding.table, finding.row) == ("changed", "camera", "1")
    assert "address" in str(finding.said)


def test_a_record_that_somebody_has_made_nonsense_of_does_not_stop_the_check(guarded: Guarded) -> None:
    for body in ("{", "[1]", '{"rows":7}', '{"rows":{"camera":[7,[]],"nowhere":[[1]]}}', '{"rows":{"camera":[[[1],2]]}}', "[" * 9_000):
        tamper(guarded.database, f"UPDATE record SET body = '{body}' WHERE act = 'camera_added'")
        assert {kind for kind, _row in found(guarded.database)} >= {"edited", "untold"}
