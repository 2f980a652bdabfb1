"""What was written stays: not even plain SQL over a connection that sets nothing changes or removes a row of the books."""

import sqlite3
from collections.abc import Iterator
from contextlib import closing, suppress

import pytest

from storage.rules.posting import State
from storage.stock.counts import accept_count, begin_count, record_count
from tests.storage.store import Store

TABLES = (
    "stock_event", "posting", "delivery", "delivery_line", "reprint_request", "reprint_receipt", "stock_count", "count_acceptance",
)  # fmt: skip


@pytest.fixture
def full(store: Store) -> Store:
    """A store with at least one row in every table of the books."""
    store.deliver(100, 90)
    store.sort(80, 5)
    store.receive(store.request(5, 10), 12)
    store.reverse(store.sort(1, 0))
    beginning = begin_count(store.database, now=store.tick())
    count = record_count(
        store.database, store.site_id, store.classes[0], beginning=beginning, unsorted=17, good=79, damaged=5,
        by=store.officer, now=store.tick(), key="count",
    )  # fmt: skip
    accept_count(store.database, count, "one lost", by=store.supervisor, now=store.tick(), key="accept")
    return store


@pytest.fixture(params=[False, True], ids=["plain connection", "recursive triggers"])
def raw(full: Store, request: pytest.FixtureRequest) -> Iterator[sqlite3.Connection]:
    """A stranger's connection, without the pragmas that ours sets."""
    with closing(sqlite3.connect(full.database.path, isolation_level=None)) as connection:
        connection.execute(f"PRAGMA recursive_triggers = {'ON' if request.param else 'OFF'}")
        yield connection


def rows(raw: sqlite3.Connection, table: str) -> list[tuple[object, ...]]:
    return raw.execute(f"SELECT * FROM {table}").fetchall()  # noqa: S608 - names of our own tables


def test_nothing_changes_or_removes_a_row(raw: sqlite3.Connection) -> None:
    for table in TABLES:
        before = rows(raw, table)
        assert before, table
        columns = [row[1] for row in raw.execute(f"PRAGMA table_info({table})")]
        same = ", ".join(f"{column} = {column}" for column in columns)
        names, marks = ", ".join(columns), ", ".join("?" for _ in columns)
        attacks: list[tuple[str, tuple[object, ...]]] = [
            (f"UPDATE {table} SET {same}", ()),  # noqa: S608
            (f"UPDATE OR REPLACE {table} SET {same}", ()),  # noqa: S608
            (f"DELETE FROM {table}", ()),  # noqa: S608
            (f"INSERT OR REPLACE INTO {table} ({names}) VALUES ({marks})", before[0]),  # noqa: S608
            (f"REPLACE INTO {table} ({names}) VALUES ({marks})", before[-1]),  # noqa: S608
        ]
        for attack, values in attacks:
            with pytest.raises(sqlite3.IntegrityError, match=f"{table} is append-only"):
                raw.execute(attack, values)
        assert rows(raw, table) == before


def test_no_row_is_replaced_by_its_hidden_number(raw: sqlite3.Connection) -> None:
    for table in TABLES:
        before = rows(raw, table)
        columns = [row[1] for row in raw.execute(f"PRAGMA table_info({table})")]
        named = dict(zip(columns, before[0], strict=True)) | {columns[0]: 99_999}
        for values in (named, {column: value for column, value in named.items() if column != columns[0]}):
            attack = f"INSERT OR REPLACE INTO {table} (rowid, {', '.join(values)}) VALUES (1, {', '.join('?' for _ in values)})"  # noqa: S608
            # A further row is written, or nothing; none of those before may go.
            with suppress(sqlite3.DatabaseError):
                raw.execute(attack, list(values.values()))
            assert set(before) <= set(rows(raw, table)), table


def test_an_event_is_not_replaced_by_its_other_unique_columns(raw: sqlite3.Connection) -> None:
    before = rows(raw, "stock_event")
    columns = [row[1] for row in raw.execute("PRAGMA table_info(stock_event)")]
    reversal = next(row for row in before if row[columns.index("reverses_id")] is not None)
    for kept in ("key", "reverses_id"):
        row = dict(zip(columns, reversal, strict=True))
        row |= {"id": 99_999} | ({"key": "another"} if kept == "reverses_id" else {"reverses_id": None, "kind": "sorting"})
        with pytest.raises(sqlite3.IntegrityError, match="stock_event is append-only"):
            raw.execute(
                f"INSERT OR REPLACE INTO stock_event ({', '.join(row)}) VALUES ({', '.join('?' for _ in row)})",  # noqa: S608
                list(row.values()),
            )
    assert rows(raw, "stock_event") == before


def test_a_balance_below_zero_is_refused_by_the_table_itself(raw: sqlite3.Connection, full: Store) -> None:
    with pytest.raises(sqlite3.IntegrityError, match="CHECK"):
        raw.execute("UPDATE balance SET quantity = -1 WHERE state = 'good'")
    raw.execute("UPDATE balance SET quantity = quantity WHERE state = 'printer'")
    assert full.balances()[State.PRINTER] < 0
