"""Opening a database on a server: who may, what is made there, and one sentence for whatever is wrong."""

import threading
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path
from typing import Any

import psycopg
import pytest
import sqlalchemy as sa
from alembic import command
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext

from storage import postgresql
from storage.database import HEAD, Database, open_database
from storage.ledger.check import check_books
from storage.ledger.position import stock_lines
from storage.migrations import upgrade
from storage.people.person import Role, add_person, list_people
from storage.rules.refusal import Refusal
from storage.schema.all_guards import GUARDS
from storage.schema.base import metadata
from storage.schema.guards import POSTGRESQL
from storage.stock.deliveries import DeliveryLine, receive_delivery
from tests.conftest import NOW
from tests.storage.postgres import Postgres
from tests.storage.test_upgrade import LINES, RELEASED


@pytest.fixture
def product() -> str:
    """Nothing here is about a file."""
    return POSTGRESQL


@pytest.fixture
def empty(postgres: Postgres) -> Iterator[str]:
    """The URL of a database without tables."""
    with postgres.copy("template0") as url:
        yield url


def refused(folder: Path, url: str) -> str:
    with pytest.raises(Refusal) as refusal:
        open_database(folder, busy_s=0.05, url=url)
    return str(refusal.value)


def of_user(url: str, user: str) -> str:
    return url.replace("://postgres@", f"://{user}@")


def change(url: str, *statements: str) -> None:
    with closing(psycopg.connect(url, autocommit=True)) as connection:
        for statement in statements:
            connection.execute(statement.encode())


def test_the_migrations_arrive_at_the_tables_that_the_code_knows(database: Database) -> None:
    with database.read() as connection:
        assert connection.scalar(sa.text("SELECT version_num FROM alembic_version")) == HEAD
        assert compare_metadata(MigrationContext.configure(connection, opts={"compare_type": True}), metadata) == []
        triggers = set(connection.scalars(sa.text("SELECT tgname FROM pg_trigger WHERE NOT tgisinternal")))
    assert triggers == {guard.name for guard in GUARDS if guard.condition(POSTGRESQL) is not None} | {"movement_moves"}


def test_a_server_with_the_books_of_the_first_schema_is_upgraded(tmp_path: Path, empty: str) -> None:
    """What a file of then said, on a server of then: the same books come out."""
    config = upgrade._config()
    engine = sa.create_engine(empty.replace("postgresql://", "postgresql+psycopg://"))
    said = [
        line for line in (Path(__file__).with_name(RELEASED["0001"])).read_text(encoding="utf-8").splitlines() if line.startswith("INSERT")
    ]
    with engine.begin() as connection:
        config.attributes["connection"] = connection
        command.upgrade(config, "0001")
        connection.exec_driver_sql("SET LOCAL session_replication_role = replica")  # the rows come in no order that keys would allow
        connection.exec_driver_sql("DELETE FROM alembic_version")
        for line in said:
            connection.exec_driver_sql(line)
        for table in ("site", "person", "ballot_class", "stock_event", "alarm", "alarm_step", "camera", "room"):
            connection.exec_driver_sql(f"SELECT setval(pg_get_serial_sequence('{table}', 'id'), max(id)) FROM {table}")
    engine.dispose()
    database = open_database(tmp_path, url=empty)
    assert stock_lines(database) == LINES
    assert check_books(database).findings == ()
    [budi] = [person for person in list_people(database) if person.role is Role.OFFICER]
    later = NOW.replace(year=2027)
    receive_delivery(database, 1, "SJ/9", [DeliveryLine(1, 5, 5)], by=budi, now=later, happened_at=later, key="after")
    assert stock_lines(database, 1)[0].received == LINES[0].received + 5
    assert check_books(database).findings == ()
    database.close()


def test_a_text_that_is_too_long_is_one_sentence(database: Database) -> None:
    with pytest.raises(Refusal, match="longer than its field"):
        add_person(database, "B" * 300, Role.OFFICER, now=NOW)
    assert list_people(database) == []


def test_a_session_works_as_the_writer_in_utc(database: Database) -> None:
    query = sa.text("SELECT current_user, current_setting('timezone'), current_setting('lock_timeout'), current_setting('search_path')")
    for _ in range(2):
        with database.write() as connection:
            assert tuple(connection.execute(query).one()) == ("jaga_writer", "UTC", "10s", "public, pg_temp")


def test_two_that_open_an_empty_database_at_once_both_find_it_made(tmp_path: Path, empty: str) -> None:
    start = threading.Barrier(2)
    opened: list[Database] = []

    def run() -> None:
        start.wait(30)
        opened.append(open_database(tmp_path, url=empty))

    threads = [threading.Thread(target=run) for _ in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(30)
    assert len(opened) == 2
    add_person(opened[0], "Sari", Role.GUARD, now=NOW)
    assert [person.name for person in list_people(opened[1])] == ["Sari"]
    for database in opened:
        database.close()


def test_an_owner_without_other_rights_makes_it_and_a_workstation_works_in_it(tmp_path: Path, postgres: Postgres, empty: str) -> None:
    name = sa.make_url(empty).database
    change(
        empty, "CREATE ROLE pemilik LOGIN IN ROLE jaga_writer", "CREATE ROLE petugas LOGIN IN ROLE jaga_writer", "CREATE ROLE tamu LOGIN"
    )
    try:
        change(empty, f"ALTER DATABASE {name} OWNER TO pemilik")
        assert "does not allow this" in refused(tmp_path, of_user(empty, "petugas")), "only the owner makes the tables"
        open_database(tmp_path, url=of_user(empty, "pemilik")).close()
        with closing(open_database(tmp_path, url=of_user(empty, "petugas"))) as database:
            add_person(database, "Sari", Role.GUARD, now=NOW)
        with pytest.raises(psycopg.errors.InsufficientPrivilege):
            change(of_user(empty, "petugas"), "DELETE FROM stock_event")
        assert "does not allow this" in refused(tmp_path, of_user(empty, "tamu"))
    finally:
        change(empty, "REASSIGN OWNED BY pemilik TO postgres", "DROP OWNED BY pemilik, petugas, tamu", "DROP ROLE pemilik, petugas, tamu")


def test_a_migration_that_fails_leaves_nothing(tmp_path: Path, empty: str, monkeypatch: pytest.MonkeyPatch) -> None:
    def fail(*_arguments: object) -> Any:
        raise OSError("no more")

    monkeypatch.setattr("storage.ledger.links.pages", fail)
    with pytest.raises(OSError, match="no more"):
        open_database(tmp_path, url=empty)
    monkeypatch.undo()
    with closing(psycopg.connect(empty)) as raw:
        assert raw.execute("SELECT count(*) FROM pg_tables WHERE schemaname = 'public'").fetchone() == (0,)
    open_database(tmp_path, url=empty).close()


def test_other_databases_are_left_alone(tmp_path: Path, empty: str) -> None:
    change(empty, "CREATE TABLE songs (title text)")
    assert "another program" in refused(tmp_path, empty)
    change(empty, "DROP TABLE songs")
    open_database(tmp_path, url=empty).close()
    change(empty, "UPDATE alembic_version SET version_num = '9999'")
    assert "newer version" in refused(tmp_path, empty)


def test_a_server_that_is_not_there_says_so(tmp_path: Path, empty: str) -> None:
    said = refused(tmp_path, f"postgresql://sari@/jaga?host={tmp_path}")
    assert said.startswith("postgresql://sari@/jaga cannot be reached")
    assert "does not let this user in" in refused(tmp_path, of_user(empty, "nobody"))
    missing = empty.replace(str(sa.make_url(empty).database), "elsewhere")
    assert 'database "elsewhere" does not exist' in refused(tmp_path, missing)
    assert "cannot be reached" in refused(tmp_path, f"{empty}&colour=red")


@pytest.mark.parametrize(
    ("code", "said"),
    [
        ("53100", "is full or faulty"),
        ("58030", "is full or faulty"),
        ("55P03", "locked by another workstation"),
        ("42501", "does not allow this"),
        ("25006", "does not allow this"),
        ("53300", "takes no more connections"),
    ],
)
def test_an_outage_is_one_sentence(database: Database, code: str, said: str) -> None:
    with pytest.raises(Refusal, match=said), database.write() as connection:
        connection.execute(sa.text(f"DO $$ BEGIN RAISE EXCEPTION 'no' USING ERRCODE = '{code}'; END $$"))
    assert list_people(database) == []


@pytest.mark.parametrize(
    ("answer", "said"),
    [
        ('FATAL:  password authentication failed for user "sari"', "does not let this user in"),
        ("fe_sendauth: no password supplied", "does not let this user in"),
        ('FATAL:  no pg_hba.conf entry for host "10.0.0.9"', "does not let this user in"),
        ("FATAL:  sorry, too many clients already", "takes no more connections"),
        ("connection is bad: connection timeout expired\n", r"cannot be reached: connection is bad: connection timeout expired\."),
    ],
)
def test_a_connection_that_is_refused_is_one_sentence(answer: str, said: str) -> None:
    """What a server with passwords says; that of these tests has none."""
    error = sa.exc.OperationalError(None, None, psycopg.OperationalError(answer))
    refusal = postgresql.refusal("postgresql://sari@10.0.0.5/jaga", error)
    assert refusal is not None
    with pytest.raises(Refusal, match=said):
        raise refusal


def test_other_errors_are_none_of_ours(database: Database) -> None:
    with pytest.raises(sa.exc.ProgrammingError), database.write() as connection:
        connection.execute(sa.text("SELEC 1"))


def test_a_sum_is_a_whole_number(database: Database) -> None:
    with database.read() as connection:
        value = connection.scalar(sa.text("SELECT sum(n) FROM (VALUES (9000000000000000000), (9)) v (n)"))
    assert (value, type(value)) == (9_000_000_000_000_000_009, int)
