"""Books on a server: what a writer may do there, several workstations at once, and connections that are lost."""

import threading
import time
from collections.abc import Callable, Iterator
from contextlib import closing
from typing import Any

import psycopg
import pytest
import sqlalchemy as sa

from storage.chain import LOCK_SPACE, lock_sites
from storage.database import Database, open_database
from storage.ledger.check import check_books
from storage.ledger.journal import Entry, once
from storage.ledger.links import RECORD_KIND
from storage.people.person import list_people
from storage.places import add_site
from storage.rules.refusal import Refusal
from storage.schema.base import metadata
from storage.schema.guards import POSTGRESQL
from storage.schema.ledger import chain_link
from storage.schema.places import person
from storage.schema.triggers import APPEND_ONLY
from storage.stock.deliveries import DeliveryLine, receive_delivery
from storage.stock.sorting import enter_sorting, sort_ballots
from tests.storage.store import Store

WAIT_S = 30


@pytest.fixture
def product() -> str:
    """Nothing here is about a file."""
    return POSTGRESQL


@pytest.fixture
def owner(store: Store) -> Iterator[psycopg.Connection[Any]]:
    """A connection to the store's database with every right."""
    assert store.url is not None
    with closing(psycopg.connect(store.url, autocommit=True)) as connection:
        yield connection


def again(store: Store, busy_s: float = 10.0) -> Database:
    """The same database as another workstation opens it."""
    return open_database(store.database.path.parent, busy_s=busy_s, url=store.url)


def try_sql(database: Database, statement: str) -> None:
    with database.write() as connection:
        connection.execute(sa.text(statement))


def pid(connection: sa.Connection) -> int:
    found = connection.scalar(sa.text("SELECT pg_backend_pid()"))
    assert isinstance(found, int)
    return found


def chained(database: Database, site_id: int) -> list[int]:
    """The events of the stock in the chain of a site, in its order; beside records they stand in it without a hole."""
    link = chain_link.c
    with database.read() as connection:
        rows = connection.execute(
            sa.select(link.event_id, link.number, link.kind).where(link.site_id == site_id).order_by(link.number)
        ).all()
    assert [row.number for row in rows] == list(range(1, len(rows) + 1))
    return [row.event_id for row in rows if row.kind != RECORD_KIND]


def at_once(*acts: Callable[[], object]) -> None:
    """Does them in a thread each; the first error, if there was one."""
    errors: list[Exception] = []

    def run(act: Callable[[], object]) -> None:
        try:
            act()
        except Exception as error:  # for whoever started the thread
            errors.append(error)

    threads = [threading.Thread(target=run, args=(act,)) for act in acts]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(WAIT_S)
    if errors:
        raise errors[0]


# --- rights -------------------------------------------------------------------------------------------------------------------


def test_a_writer_adds_to_the_books_and_changes_nothing_in_them(store: Store) -> None:
    store.deliver(100, 100)
    for table in APPEND_ONLY:
        key = next(iter(metadata.tables[table].primary_key.columns)).name
        for attack in (f"UPDATE {table} SET {key} = {key}", f"DELETE FROM {table}", f"TRUNCATE {table} CASCADE"):
            with pytest.raises(Refusal, match="does not allow this"):
                try_sql(store.database, attack)
    assert check_books(store.database).findings == ()


@pytest.mark.parametrize(
    "attack",
    [
        "UPDATE balance SET quantity = 5",
        "DELETE FROM balance",
        "INSERT INTO balance VALUES (1, 1, 'good', 5, 0, 0)",
        "UPDATE content SET quantity = 5",
        "INSERT INTO content VALUES (1, 1, 1, 'good', 5, 0)",
        "INSERT INTO legal_move VALUES ('sorting', 'printer', 'good')",
        "UPDATE alembic_version SET version_num = '9'",
        "DROP TRIGGER packing_once ON packing",
        "ALTER TABLE movement DISABLE TRIGGER ALL",
        "CREATE OR REPLACE FUNCTION packing_once() RETURNS trigger LANGUAGE plpgsql AS 'BEGIN RETURN NEW; END'",
        "CREATE TABLE public.mine (id integer)",
    ],
)
def test_a_writer_has_no_right_to_balances_rules_and_tables(store: Store, attack: str) -> None:
    store.deliver(100, 100)
    with pytest.raises((Refusal, sa.exc.ProgrammingError), match=r"does not allow this|must be owner"):
        try_sql(store.database, attack)


def test_a_temporary_table_does_not_lead_a_guard_astray(store: Store) -> None:
    event = store.deliver(100, 100)
    with pytest.raises(sa.exc.IntegrityError, match="movement is append-only"), store.database.write() as connection:
        for table in ("chain_link", "balance"):
            connection.execute(sa.text(f"CREATE TEMPORARY TABLE {table} (LIKE public.{table})"))
        connection.execute(sa.text("SET LOCAL search_path = pg_temp, public"))
        columns = "event_id, class_id, quantity, from_site_id, from_state, to_site_id, to_state"
        copied = f"SELECT {columns} FROM public.movement WHERE event_id = {event}"
        connection.execute(sa.text(f"INSERT INTO public.movement (id, {columns}) SELECT 900 + row_number() OVER (), m.* FROM ({copied}) m"))
    assert store.line().unsorted == 100


def test_what_the_owner_does_past_the_rules_is_found(store: Store, owner: psycopg.Connection[Any]) -> None:
    event = store.deliver(100, 100)
    owner.execute("UPDATE movement SET quantity = 90 WHERE event_id = %s", [event])
    owner.execute("ALTER TABLE packing DISABLE TRIGGER packing_once")
    owner.execute("DROP TRIGGER movement_sealed ON movement")
    found = {(finding.kind, finding.row) for finding in check_books(store.database).findings}
    assert {("guard", "packing_once"), ("guard", "movement_sealed")} < found
    assert len(found) > 2


def test_a_guard_that_the_owner_wrote_anew_is_named(store: Store, owner: psycopg.Connection[Any]) -> None:
    owner.execute("CREATE OR REPLACE FUNCTION packing_once() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN RETURN NEW; END $$")
    [finding] = check_books(store.database).findings
    assert (finding.kind, finding.row) == ("guard", "packing_once") and "not the one that this program made" in str(finding.said)


# --- several at once ----------------------------------------------------------------------------------------------------------


def test_two_workstations_post_at_once_and_nothing_is_lost(store: Store) -> None:
    store.deliver(1_000, 1_000)
    start = threading.Barrier(2)

    def work(name: str) -> None:
        with closing(again(store)) as database:
            start.wait(WAIT_S)
            for number in range(15):
                sort_ballots(
                    database, store.site_id, store.classes[0], good=7, damaged=1,
                    by=store.officer, now=store.clock, happened_at=store.clock, key=f"{name}-{number}",
                )  # fmt: skip

    at_once(lambda: work("first"), lambda: work("second"))
    line = store.line()
    assert (line.unsorted, line.good, line.damaged) == (1_000 - 30 * 8, 30 * 7, 30)
    assert len(chained(store.database, store.site_id)) == 31
    store.check_books()
    assert check_books(store.database).findings == ()


def test_one_form_sent_twice_at_once_is_one_event_and_no_refusal(store: Store, owner: psycopg.Connection[Any]) -> None:
    """The second waits for the first, and then finds its event; looked at as a new one it would lack sheets."""
    store.deliver(100, 100)
    written = threading.Event()
    ids: list[int] = []
    waiting = "SELECT 1 FROM pg_locks JOIN pg_database d ON d.oid = database WHERE NOT granted AND d.datname = current_database()"

    def write(connection: sa.Connection) -> int:
        entry = Entry(store.officer, store.clock, store.clock, "form")
        event = enter_sorting(connection, store.site_id, store.classes[0], good=60, damaged=0, entry=entry)
        written.set()
        until = time.monotonic() + WAIT_S
        while not owner.execute(waiting).fetchone() and time.monotonic() < until:
            pass
        return event

    def second() -> None:
        assert written.wait(WAIT_S)
        with closing(again(store)) as database:
            ids.append(once(database, "form", lambda _connection: -1))

    at_once(lambda: ids.append(once(store.database, "form", write)), second)
    assert len(ids) == 2
    assert ids[0] == ids[1]
    assert (store.events(), store.line().good) == (2, 60)


def test_only_those_who_post_at_the_same_site_wait(store: Store, owner: psycopg.Connection[Any]) -> None:
    other = add_site(store.database, "31.74", "Gudang Selatan", "Asia/Jakarta", now=store.clock).id
    with closing(again(store, busy_s=0.05)) as database, owner.transaction():
        owner.execute("SELECT pg_advisory_xact_lock(%s, %s)", [LOCK_SPACE, store.site_id])

        def deliver(site_id: int) -> int:
            lines, at = [DeliveryLine(store.classes[0], 5, 5)], store.tick()
            return receive_delivery(database, site_id, "SJ/1", lines, by=store.officer, now=at, happened_at=at, key=store.key())

        with pytest.raises(Refusal, match="locked by another workstation"):
            deliver(store.site_id)
        deliver(other)
    assert chained(store.database, store.site_id) == []
    assert len(chained(store.database, other)) == 1


def test_a_reader_sees_one_state_and_cannot_write(store: Store) -> None:
    with store.database.read() as connection:
        count = sa.select(sa.func.count()).select_from(chain_link)
        before = connection.scalar(count)
        store.deliver(100, 100)
        assert connection.scalar(count) == before
    assert store.events() == 1
    with pytest.raises(Refusal, match="does not allow this"), store.database.read() as connection:
        connection.execute(person.delete())


# --- done anew ----------------------------------------------------------------------------------------------------------------


def test_what_could_not_be_put_in_order_is_done_anew(store: Store, owner: psycopg.Connection[Any]) -> None:
    tries: list[int] = []

    def work(connection: sa.Connection) -> None:
        connection.execute(sa.text("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ"))
        tries.append(len(list(connection.execute(sa.select(person)))))
        if len(tries) == 1:
            owner.execute("UPDATE person SET name = name")
        connection.execute(person.update().where(person.c.id == store.officer.id).values(name="Budi Santoso"))

    store.database.run(work)
    assert tries == [3, 3]
    assert "Budi Santoso" in [person.name for person in list_people(store.database)]


def test_two_that_wait_for_each_other_both_get_done(store: Store) -> None:
    both_have_one = threading.Barrier(2)
    tries: list[int] = []

    def work(connection: sa.Connection, first: int, second: int) -> None:
        tries.append(first)
        lock_sites(connection, [first])
        if tries.count(first) == 1:
            both_have_one.wait(WAIT_S)
        lock_sites(connection, [second])

    at_once(
        lambda: store.database.run(lambda connection: work(connection, 71, 72)),
        lambda: store.database.run(lambda connection: work(connection, 72, 71)),
    )
    assert sorted(tries) in ([71, 71, 72], [71, 72, 72])


def test_what_fails_each_time_is_refused_in_the_end(store: Store, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("storage.database.PAUSES_S", (0.0, 0.0))
    tries: list[int] = []

    def work(connection: sa.Connection) -> None:
        tries.append(1)
        connection.execute(sa.text("DO $$ BEGIN RAISE EXCEPTION 'no' USING ERRCODE = '40001'; END $$"))

    with pytest.raises(Refusal, match="at the same time"):
        store.database.run(work)
    assert len(tries) == 3


# --- lost connections ---------------------------------------------------------------------------------------------------------


def test_a_connection_lost_in_the_middle_posts_once(store: Store, owner: psycopg.Connection[Any], monkeypatch: pytest.MonkeyPatch) -> None:
    store.deliver(100, 100)
    enter = sa.Connection.exec_driver_sql
    killed: list[object] = []

    def enter_and_kill(connection: sa.Connection, statement: str, *arguments: Any) -> Any:
        if not killed and "INTO movement" in statement:
            killed.append(owner.execute("SELECT pg_terminate_backend(%s, 10000)", [pid(connection)]).fetchone())
        return enter(connection, statement, *arguments)

    monkeypatch.setattr(sa.Connection, "exec_driver_sql", enter_and_kill)
    store.sort(10, 0)
    assert killed == [(True,)]
    assert (store.events(), store.line().good) == (2, 10)
    assert len(chained(store.database, store.site_id)) == 2


def test_a_connection_lost_after_the_commit_posts_once(store: Store, owner: psycopg.Connection[Any]) -> None:
    """The server has kept it and waits for a copy before it would say so; there the connection ends."""
    store.deliver(100, 100)
    waiting = sa.make_url(store.url or "").update_query_dict({"options": "-c synchronous_commit=on"})
    tries: list[int] = []
    results: list[int] = []
    kill = "SELECT pg_terminate_backend(pid, 10000) FROM pg_stat_activity WHERE wait_event = 'SyncRep' AND datname = current_database()"
    with closing(open_database(store.database.path.parent, url=waiting.render_as_string())) as database:

        def post() -> None:
            def write(connection: sa.Connection) -> int:
                tries.append(pid(connection))
                return enter_sorting(connection, store.site_id, store.classes[0], good=10, damaged=0, entry=entry)

            results.append(once(database, entry.key, write))

        entry = Entry(store.officer, store.clock, store.clock, "lost")
        poster = threading.Thread(target=post)
        poster.start()
        killed: list[object] = []
        while poster.is_alive() and not killed:  # it is not there at once
            killed = owner.execute(kill).fetchall()
        poster.join(WAIT_S)
    assert killed == [(True,)]
    assert len(tries) == 1, "the second time the key was there"
    assert chained(store.database, store.site_id)[1:] == results
    assert (store.events(), store.line().good) == (2, 10)


def test_a_connection_lost_while_reading_is_one_sentence(store: Store, owner: psycopg.Connection[Any]) -> None:
    with pytest.raises(Refusal, match=r"connection to .* was lost"), store.database.read() as connection:
        owner.execute("SELECT pg_terminate_backend(%s, 10000)", [pid(connection)])
        connection.scalar(sa.text("SELECT 1"))
    assert store.events() == 0


def test_connections_that_ended_while_nobody_used_them_are_made_anew(store: Store, owner: psycopg.Connection[Any]) -> None:
    store.deliver(100, 100)
    others = "pid <> pg_backend_pid() AND datname = current_database()"
    assert owner.execute(f"SELECT pg_terminate_backend(pid, 10000) FROM pg_stat_activity WHERE {others}").fetchall()
    with store.database.write() as connection:
        connection.execute(sa.text("SELECT 1"))
    assert store.events() == 1
