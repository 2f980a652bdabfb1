"""The check finds what was done to the books behind their back, names the row, and says how it knows."""

import sqlite3
from collections.abc import Callable
from contextlib import closing
from datetime import UTC, datetime

import pytest
import sqlalchemy as sa

from storage.database import Database
from storage.ledger.check import chain_heads, check_books
from storage.rules.checkpoint import read_checkpoints
from storage.rules.refusal import Refusal
from storage.schema.guards import SQLITE
from tests.storage.depot import Depot, open_depot
from tests.storage.tampering import found, printed_checkpoints, rehash, tamper


@pytest.fixture
def product() -> str:
    """Who owns the file edits it here; for a server see test_postgresql.py."""
    return SQLITE


@pytest.fixture
def depot(database: Database) -> Depot:
    """A few days of work, all of it right."""
    opened = open_depot(database, datetime(2024, 2, 1, 1, 0, tzinfo=UTC))
    opened.receive(2_000, damaged=10)
    cartons = [opened.carton(code) for code in ("K-1", "K-2")]
    for place in range(2):
        opened.pack(place, cartons=cartons)
    opened.receive(300, site_id=opened.other)
    return opened


def sortings(depot: Depot) -> list[int]:
    with depot.database.read() as connection:
        return list(connection.scalars(sa.text("SELECT id FROM stock_event WHERE kind = 'sorting' ORDER BY id")))


def test_books_that_are_right_have_no_findings(depot: Depot) -> None:
    report = check_books(depot.database)
    assert report.findings == ()
    assert [head.site for head in report.heads] == ["31.74", "31.75"]
    assert report.events == sum(head.number for head in report.heads)
    assert found(depot.database, *report.heads) == set()


@pytest.mark.parametrize(
    "edit",
    [
        "UPDATE stock_event SET reason = 'as agreed' WHERE id = {event}",
        "UPDATE stock_event SET happened_at = '2024-01-31T09:00:00.000000Z' WHERE id = {event}",
        "UPDATE stock_event SET person_id = 2 WHERE id = {event}",
        "UPDATE sorting_run SET team = 'B' WHERE event_id = {event}",
        "DELETE FROM sorting_run WHERE event_id = {event}",
    ],
)
def test_an_edited_event_is_named(depot: Depot, edit: str) -> None:
    event = sortings(depot)[0]
    tamper(depot.database, edit.format(event=event))
    assert found(depot.database) == {("edited", str(event))}


def test_a_row_edited_by_raw_sql_is_named_with_the_balances_it_no_longer_fits(depot: Depot) -> None:
    event = sortings(depot)[0]
    tamper(depot.database, f"UPDATE movement SET quantity = quantity - 500 WHERE event_id = {event} AND to_state = 'good'")
    places = {f"{depot.here}/{depot.ballot}/{state}" for state in ("unsorted", "good")}
    assert found(depot.database) == {("edited", str(event))} | {("balance", place) for place in places}


def test_a_rehashed_chain_is_found_by_the_checkpoint_alone(depot: Depot) -> None:
    printed = printed_checkpoints(depot.database)
    event = sortings(depot)[0]
    tamper(depot.database, f"UPDATE stock_event SET reason = 'as agreed' WHERE id = {event}")
    rehash(depot.database)
    assert found(depot.database) == set()
    here = next(head for head in printed if head.site == "31.75")
    assert found(depot.database, *printed) == {("rewritten", f"31.75/{here.number}")}


def test_a_rehashed_movement_still_breaks_balance_or_rule(depot: Depot) -> None:
    with depot.database.read() as connection:
        packed = connection.execute(sa.text("SELECT max(event_id) FROM packing")).scalar_one()
    tamper(
        depot.database,
        f"UPDATE movement SET quantity = quantity - 1 WHERE event_id = {packed}",
        "UPDATE balance SET quantity = quantity + 1, contained = contained + 1 WHERE state = 'good' AND quantity > 500",
        "UPDATE balance SET quantity = quantity - 1, contained = contained - 1 WHERE state = 'packed'",
    )
    rehash(depot.database)
    kinds = {kind for kind, _row in found(depot.database)}
    assert {"packing_adds_up", "balance"} <= kinds
    assert ("packing_adds_up", str(packed)) in found(depot.database)


def test_a_removed_event_leaves_a_gap(depot: Depot) -> None:
    event = sortings(depot)[-1]
    tamper(depot.database, *(f"DELETE FROM {table} WHERE event_id = {event}" for table in ("movement", "sorting_run")))
    assert ("edited", str(event)) in found(depot.database)
    tamper(depot.database, f"DELETE FROM stock_event WHERE id = {event}")
    assert ("removed", str(event)) in found(depot.database)
    with depot.database.read() as connection:
        middle = connection.execute(sa.text("SELECT event_id FROM chain_link WHERE site_id = 1 AND number = 3")).scalar_one()
    tamper(depot.database, f"DELETE FROM chain_link WHERE event_id = {middle}")
    kinds = dict(found(depot.database))
    assert kinds["unchained"] == str(middle)
    assert "missing" in kinds


def test_two_events_that_change_places_are_both_named(depot: Depot) -> None:
    first, second = sortings(depot)[0], sortings(depot)[0] + 1
    columns = "happened_at, recorded_at, reason, key"
    tamper(
        depot.database,
        f"CREATE TABLE a AS SELECT * FROM stock_event WHERE id IN ({first}, {second})",
        "UPDATE stock_event SET key = key || ' swapped'",
        f"UPDATE stock_event SET ({columns}) = (SELECT {columns} FROM a WHERE a.id = {first}) WHERE id = {second}",
        f"UPDATE stock_event SET ({columns}) = (SELECT {columns} FROM a WHERE a.id = {second}) WHERE id = {first}",
        "UPDATE stock_event SET key = replace(key, ' swapped', '')",
        "DROP TABLE a",
    )
    assert found(depot.database) == {("edited", str(first)), ("edited", str(second))}


def test_a_truncated_book_is_older_than_its_checkpoint(depot: Depot) -> None:
    with depot.database.read() as connection:
        printed = chain_heads(connection)
        last = connection.execute(sa.text("SELECT max(event_id) FROM chain_link WHERE site_id = 2")).scalar_one()
    tamper(
        depot.database,
        f"UPDATE balance SET quantity = quantity + 300 WHERE site_id = {depot.other} AND state = 'unsorted'",
        f"UPDATE balance SET quantity = quantity - 300 WHERE site_id = {depot.other} AND state = 'good'",
        *(f"DELETE FROM {table} WHERE event_id = {last}" for table in ("movement", "sorting_run", "chain_link")),
        f"DELETE FROM stock_event WHERE id = {last}",
    )
    assert found(depot.database) == set()
    head = next(head for head in printed if head.site == "31.74")
    assert found(depot.database, *printed) == {("truncated", f"31.74/{head.number}")}


def test_a_guard_that_was_taken_away_is_missed(depot: Depot) -> None:
    with closing(sqlite3.connect(depot.database.path)) as raw:
        raw.execute("DROP TRIGGER packing_once")
    assert found(depot.database) == {("guard", "packing_once")}


@pytest.mark.parametrize("name", ["packing_once", "movement_no_delete", "movement_moves"])
def test_a_guard_that_was_written_anew_is_named(depot: Depot, name: str) -> None:
    with closing(sqlite3.connect(depot.database.path)) as raw:
        table = raw.execute("SELECT tbl_name FROM sqlite_master WHERE name = ?", (name,)).fetchone()[0]
        raw.execute(f"DROP TRIGGER {name}")
        raw.execute(f"CREATE TRIGGER {name} BEFORE INSERT ON {table} WHEN 0 BEGIN SELECT RAISE(ABORT, 'never'); END")
        raw.commit()
    assert found(depot.database) == {("guard", name)}


@pytest.mark.parametrize("text", ["", "JG2 31.75 1 " + "0" * 64, "JG1 31.75 1 " + "0" * 63, "JG1 31.75 x " + "0" * 64])
def test_what_is_no_checkpoint_is_refused(text: str) -> None:
    with pytest.raises(Refusal, match="checkpoint"):
        read_checkpoints(text)


def test_a_check_can_be_called_off(depot: Depot, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("storage.ledger.check.PROGRESS_EVENTS", 1)

    def stop(_events: int) -> None:
        raise KeyboardInterrupt

    check: Callable[[], object] = lambda: check_books(depot.database, progress=stop)  # noqa: E731
    with pytest.raises(KeyboardInterrupt):
        check()
