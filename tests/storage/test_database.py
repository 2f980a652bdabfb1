"""Opening the database: whatever is wrong with the file or its folder is one sentence, and nothing is lost."""

import re
import sqlite3
import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path

import pytest
import sqlalchemy as sa
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from sqlalchemy.dialects import sqlite

from storage.database import HEAD, Database, journal_mode, open_database
from storage.migrations import versions
from storage.migrations.draft import TRIGGERS, changes, tables
from storage.migrations.upgrade import known_revisions
from storage.rules.refusal import Refusal
from storage.schema import footage, ledger, places, watch
from storage.schema.all_guards import GUARDS
from storage.schema.base import metadata
from storage.schema.guards import POSTGRESQL, SQLITE
from storage.schema.places import person
from storage.schema.triggers import triggers

# The schemas that made the tables and triggers of the books and changed them, in order.
OF_BOOKS = ("0002", "0003", "0006")
NEWEST_OF_BOOKS = OF_BOOKS[-1]


@pytest.fixture
def product() -> str:
    """This is about the file; for a server see test_postgresql.py."""
    return SQLITE


def refused(folder: Path) -> str:
    with pytest.raises(Refusal) as refusal:
        open_database(folder, busy_s=0.05)
    return str(refusal.value)


def test_the_migrations_arrive_at_the_tables_that_the_code_knows(database: Database) -> None:
    assert {places.site.name, ledger.movement.name, watch.alarm.name} <= metadata.tables.keys()
    with database.read() as connection:
        assert compare_metadata(MigrationContext.configure(connection, opts={"compare_type": True}), metadata) == []
    with database.read() as connection:
        built = {row.name: row.sql for row in connection.execute(sa.text("SELECT name, sql FROM sqlite_master WHERE type = 'table'"))}
    for table in metadata.tables.values():
        declared = str(sa.schema.CreateTable(table).compile(dialect=sqlite.dialect()))
        assert checks(declared) == checks(built[table.name]), table.name


def test_the_migrations_build_the_triggers_that_the_code_declares(database: Database) -> None:
    with database.read() as connection:
        query = sa.text("SELECT tbl_name, sql FROM sqlite_master WHERE type = 'trigger'")
        found = connection.execute(query).all()
    of_watch = {table.name for module in (watch, footage) for table in vars(module).values() if isinstance(table, sa.Table)}
    kept = {"alarm", "alarm_step", "footage_removal", "footage_finding", "set_aside"}
    assert {row.tbl_name for row in found if row.tbl_name in of_watch} == kept
    built = {" ".join(str(row.sql).split()) for row in found if row.tbl_name not in of_watch}
    assert built == {" ".join(sql.split()) for sql in triggers(SQLITE)}


@pytest.mark.parametrize("dialect", [SQLITE, POSTGRESQL])
def test_the_newest_frozen_statements_are_those_of_the_code(dialect: str) -> None:
    assert frozen(dialect, NEWEST_OF_BOOKS) == changes(dialect, NEWEST_OF_BOOKS)


def test_no_newer_schema_changes_the_books() -> None:
    newer = {revision for revision in known_revisions() if revision > NEWEST_OF_BOOKS}
    assert [guard.name for guard in GUARDS if guard.since in newer] == []


@pytest.mark.parametrize("dialect", [SQLITE, POSTGRESQL])
def test_all_frozen_statements_together_are_those_of_the_code(dialect: str) -> None:
    """A later trigger or function takes the place of an earlier one of its name."""

    def named(statements: Sequence[str]) -> dict[str, str]:
        names = (re.match(r"CREATE (TRIGGER|FUNCTION) \w+", statement) for statement in statements)
        return {statement if name is None else name[0]: statement for statement, name in zip(statements, names, strict=True)}

    built: dict[str, str] = {}
    for revision in OF_BOOKS:
        built |= named(frozen(dialect, revision))
    assert built == named([*tables(dialect), TRIGGERS, *triggers(dialect)])


def frozen(dialect: str, revision: str) -> list[str]:
    text = (Path(versions.__path__[0]) / f"{revision}_{dialect}.sql").read_text(encoding="utf-8")
    return text.strip().split("\n-- next\n")


def checks(sql: str) -> set[str]:
    """The CHECK constraints of a CREATE TABLE statement, which Alembic does not compare."""
    return {re.sub(r"\s+", " ", line.strip().rstrip(",")) for line in sql.splitlines() if "CHECK" in line}


def test_the_newest_migration_is_the_one_the_program_expects() -> None:
    assert max(known_revisions()) == HEAD


def test_a_second_opening_finds_what_the_first_wrote(tmp_path: Path, database: Database) -> None:
    with database.write() as connection:
        connection.execute(person.insert().values(name="Sari", created_at=sa.func.strftime("%Y-%m-%dT%H:%M:%fZ", "now")))
    again = open_database(tmp_path / "data")
    with again.read() as connection:
        assert connection.scalar(sa.select(person.c.name)) == "Sari"
    again.close()


@pytest.mark.skipif(sys.platform == "win32", reason="Windows takes no such names")
def test_a_folder_may_have_any_name(tmp_path: Path) -> None:
    folder = tmp_path / "gudang?mode=memory#1 %20"
    open_database(folder).close()
    assert (folder / "jaga.db").stat().st_size > 0


def test_a_failed_write_leaves_nothing(database: Database) -> None:
    def half() -> None:
        with database.write() as connection:
            connection.execute(person.insert().values(name="Sari", created_at=None))

    with pytest.raises(sa.exc.IntegrityError):
        half()
    with database.read() as connection:
        assert connection.scalar(sa.select(sa.func.count()).select_from(person)) == 0


def test_a_newer_database_is_left_alone(tmp_path: Path, database: Database) -> None:
    database.close()
    with sqlite3.connect(database.path) as raw:
        raw.execute("UPDATE alembic_version SET version_num = '9999'")
    raw.close()
    before = database.path.read_bytes()
    assert "newer version" in refused(tmp_path / "data")
    assert database.path.read_bytes() == before


def test_another_programs_database_is_left_alone(tmp_path: Path) -> None:
    with sqlite3.connect(tmp_path / "jaga.db") as raw:
        raw.execute("CREATE TABLE songs (title TEXT)")
    raw.close()
    assert "another program" in refused(tmp_path)


def test_a_file_that_is_no_database_is_left_alone(tmp_path: Path) -> None:
    (tmp_path / "jaga.db").write_bytes(b"surat suara " * 1000)
    assert "damaged or is no database" in refused(tmp_path)
    assert (tmp_path / "jaga.db").read_bytes() == b"surat suara " * 1000


def test_a_locked_database_says_so(tmp_path: Path, database: Database) -> None:
    raw = sqlite3.connect(database.path)
    raw.execute("BEGIN EXCLUSIVE")
    assert "locked by another program" in refused(tmp_path / "data")
    raw.close()


@pytest.mark.skipif(sys.platform != "linux", reason="a limit of the file size stands for a disk that fails")
def test_a_disk_that_fails_says_so(tmp_path: Path) -> None:
    open_database(tmp_path).close()
    program = (
        "import resource, signal, sys; from pathlib import Path; from storage.database import open_database\n"
        "database = open_database(Path(sys.argv[1]))\n"
        "signal.signal(signal.SIGXFSZ, signal.SIG_IGN); resource.setrlimit(resource.RLIMIT_FSIZE, (1000, 1000))\n"
        "from storage.rules.refusal import Refusal; from storage.people.person import Role, add_person\n"
        "from datetime import UTC, datetime\n"
        "try: add_person(database, 'Sari', Role.GUARD, now=datetime.now(UTC))\n"
        "except Refusal as refusal: print(refusal)\n"
    )
    said = subprocess.run([sys.executable, "-c", program, str(tmp_path)], capture_output=True, text=True, check=True, timeout=60).stdout
    assert "reports a fault" in said


def test_a_folder_that_cannot_be_made_says_why(tmp_path: Path) -> None:
    (tmp_path / "taken").write_text("a file, not a folder")
    said = refused(tmp_path / "taken" / "data")
    assert "cannot be made" in said
    assert "taken" in said


def test_a_database_that_cannot_be_written_says_so(tmp_path: Path) -> None:
    (tmp_path / "jaga.db").mkdir()
    assert "cannot be written" in refused(tmp_path)


@pytest.mark.parametrize(
    ("version", "mode"),
    [
        ((3, 40, 1), "TRUNCATE"),
        ((3, 44, 5), "TRUNCATE"),
        ((3, 44, 6), "WAL"),
        ((3, 45, 0), "TRUNCATE"),
        ((3, 50, 7), "WAL"),
        ((3, 51, 2), "TRUNCATE"),
        ((3, 51, 3), "WAL"),
    ],
)
def test_wal_is_used_only_where_it_keeps_every_commit(version: tuple[int, ...], mode: str) -> None:
    assert journal_mode(version) == mode
