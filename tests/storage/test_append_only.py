"""What was written stays: not even plain SQL over a connection that sets nothing changes or removes a row of the books."""

import sqlite3
from collections.abc import Iterator
from contextlib import closing, suppress
from dataclasses import replace

import pytest
import sqlalchemy as sa

from storage.evidence.signing import own_key
from storage.ledger.journal import Entry
from storage.people.sign_in import WrongSecret, enter, enter_first
from storage.rules.movement import State
from storage.schema.guards import SQLITE
from storage.schema.record import checkpoint
from storage.stock.disposal import enter_destruction
from tests.storage.depot import BAWASLU, POLRI
from tests.storage.scene import SIGNATURE
from tests.storage.store import Store

TABLES = (
    "stock_event", "movement", "chain_link", "delivery", "delivery_line", "reprint_request", "reprint_receipt", "stock_count",
    "count_sheet", "count_acceptance", "need_line", "sorting_run", "witness_signature",
    "record", "secret", "sign_in", "signing_key", "checkpoint", "signature_picture",
)  # fmt: skip


@pytest.fixture
def product() -> str:
    """Of what a stranger does to the file."""
    return SQLITE


@pytest.fixture
def full(store: Store) -> Store:
    """A store with at least one row in every table of the books."""
    store.deliver(100, 90)
    store.sort(80, 5)
    store.receive(store.request(5, 10), 12)
    store.reverse(store.sort(1, 0))
    store.need(store.classes[0], 95)
    store.accept(store.count(store.begin(), (17, 79, 5)), "one lost")
    enter_first(store.database, "Rahmat", "kenari-hijau-12", now=store.clock)
    with pytest.raises(WrongSecret):
        enter(store.database, store.officer.id, "anything at all", now=store.clock)
    own_key(store.database, now=store.clock)
    with store.database.write() as connection:
        connection.execute(
            checkpoint.insert().values(site_id=store.site_id, number=1, at=store.clock, text="JG1", purpose="asked", stamp=None)
        )
    entry = Entry(store.officer, store.tick(), store.clock, "destroyed", store.supervisor, "torn")
    witnesses = [replace(witness, signature=SIGNATURE) for witness in (POLRI, BAWASLU)]
    gone = {(store.classes[0], State.DAMAGED): 1}
    with store.database.write() as connection:
        enter_destruction(connection, store.site_id, gone, minutes="BA-1", witnesses=witnesses, entry=entry)
    return store


@pytest.fixture(params=[False, True], ids=["plain connection", "recursive triggers"])
def raw(full: Store, request: pytest.FixtureRequest) -> Iterator[sqlite3.Connection]:
    """A stranger's connection, without the pragmas that ours sets."""
    with closing(sqlite3.connect(full.database.path, isolation_level=None)) as connection:
        connection.execute(f"PRAGMA recursive_triggers = {'ON' if request.param else 'OFF'}")
        yield connection


def rows(raw: sqlite3.Connection, table: str) -> list[tuple[object, ...]]:
    return raw.execute(f"SELECT * FROM {table}").fetchall()


def test_nothing_changes_or_removes_a_row(raw: sqlite3.Connection) -> None:
    for table in TABLES:
        before = rows(raw, table)
        assert before, table
        columns = [row[1] for row in raw.execute(f"PRAGMA table_info({table})")]
        same = ", ".join(f"{column} = {column}" for column in columns)
        names, marks = ", ".join(columns), ", ".join("?" for _ in columns)
        attacks: list[tuple[str, tuple[object, ...]]] = [
            (f"UPDATE {table} SET {same}", ()),
            (f"UPDATE OR REPLACE {table} SET {same}", ()),
            (f"DELETE FROM {table}", ()),
            (f"INSERT OR REPLACE INTO {table} ({names}) VALUES ({marks})", before[0]),
            (f"REPLACE INTO {table} ({names}) VALUES ({marks})", before[-1]),
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
            attack = f"INSERT OR REPLACE INTO {table} (rowid, {', '.join(values)}) VALUES (1, {', '.join('?' for _ in values)})"
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
                f"INSERT OR REPLACE INTO stock_event ({', '.join(row)}) VALUES ({', '.join('?' for _ in row)})",
                list(row.values()),
            )
    assert rows(raw, "stock_event") == before


@pytest.mark.parametrize(
    "attack",
    [
        "UPDATE balance SET quantity = quantity + 1 WHERE state = 'good'",
        "UPDATE balance SET quantity = quantity + 1, movement_id = movement_id + 1 WHERE state = 'good'",
        "UPDATE balance SET state = 'packed' WHERE state = 'good'",
        "UPDATE OR REPLACE balance SET quantity = 0",
        "INSERT OR REPLACE INTO balance SELECT site_id, class_id, state, 0, 0, 0 FROM balance",
        "INSERT INTO balance SELECT site_id, class_id, 'destroyed', 5, 0, 0 FROM balance WHERE state = 'good'",
        "DELETE FROM balance",
    ],
)
def test_a_balance_follows_the_movements_alone(raw: sqlite3.Connection, full: Store, attack: str) -> None:
    before = full.balances()
    with pytest.raises(sqlite3.IntegrityError, match="balance"):
        raw.execute(attack)
    assert full.balances() == before


def test_an_event_that_is_chained_takes_nothing_more(raw: sqlite3.Connection, full: Store) -> None:
    before = full.balances()
    additions = [
        ("INSERT INTO movement (event_id, class_id, quantity, from_site_id, from_state, to_site_id, to_state) "
         "SELECT m.event_id, class_id, 1, from_site_id, 'variance', to_site_id, 'good' FROM movement m "
         "JOIN count_acceptance a ON a.event_id = m.event_id LIMIT 1", "movement is append-only"),
        ("INSERT INTO delivery_line SELECT event_id, class_id + 1, 5, 5, 0 FROM delivery_line LIMIT 1", "delivery_line is append-only"),
    ]  # fmt: skip
    for addition, said in additions:
        with pytest.raises(sqlite3.IntegrityError, match=said):
            raw.execute(addition)
    assert full.balances() == before


def test_an_event_is_not_committed_without_its_link(full: Store) -> None:
    def without_link() -> None:
        with full.database.write() as connection:
            connection.execute(
                sa.text(
                    "INSERT INTO stock_event (site_id, kind, happened_at, recorded_at, person_id, reason, key) "
                    "SELECT site_id, 'sorting', happened_at, recorded_at, person_id, '', 'no link' FROM stock_event LIMIT 1"
                )
            )

    before = full.events()
    with pytest.raises(sa.exc.IntegrityError, match="FOREIGN KEY"):
        without_link()
    assert full.events() == before
