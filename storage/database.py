"""Opening the database, and the two ways to use it: reading and writing."""

import sqlite3
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TypeVar

import sqlalchemy as sa

from storage.rules.refusal import Refusal

FILE_NAME = "jaga.db"
# The newest revision in storage/migrations/versions; a test compares.
HEAD = "0002"
BUSY_S = 10.0
# Pages of the file kept in memory, in KiB; a bulk of packings touches more than the usual 2 MB.
CACHE_KIB = 64 * 1024

Result = TypeVar("Result")


class Database:
    """One open database. Safe to use from several threads; each `read` or `write` is a transaction of its own."""

    def __init__(self, engine: sa.Engine, path: Path) -> None:
        self._engine = engine
        self.path = path

    @contextmanager
    def read(self) -> Iterator[sa.Connection]:
        """A transaction that sees one state of everything and changes nothing.

        Raises Refusal if the database is locked for longer than the busy time-out, cannot be read, or is damaged.
        """
        with _sentences(self.path), self._engine.connect() as connection:
            yield connection

    @contextmanager
    def write(self) -> Iterator[sa.Connection]:
        """A transaction that alone may write; all of it is kept at the end, or nothing if an exception leaves it.

        Raises Refusal as `read` does, and if the disk is full.
        """
        with _sentences(self.path), self._engine.connect() as connection:
            connection.execution_options(writes=True)
            with connection.begin():
                yield connection

    def run(self, work: Callable[[sa.Connection], Result]) -> Result:
        """Does some work in a transaction of its own as `write` does; what it returns."""
        with self.write() as connection:
            return work(connection)

    def close(self) -> None:
        """Lets go of the file."""
        self._engine.dispose()


def open_database(folder: Path, *, busy_s: float = BUSY_S) -> Database:
    """Opens the database of a data folder; makes the folder, the file and its tables where they are missing.

    busy_s: how long to wait for another program's write, in seconds.

    Raises Refusal where the folder cannot be written, the file is no database of ours, is locked, or was made by a newer version.
    """
    try:
        folder.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise Refusal("The data folder {folder} cannot be made: {why}.", folder=folder, why=error.strerror) from error
    path = folder / FILE_NAME
    engine = _engine(path, busy_s)
    database = Database(engine, path)
    try:
        with _sentences(path), engine.connect() as connection:
            connection.execution_options(writes=True, builds=True)
            with connection.begin():
                _bring_up_to_date(connection, path)
        engine.dispose()  # the connection that built does not look at foreign keys
    except BaseException:
        engine.dispose()
        raise
    return database


def _engine(path: Path, busy_s: float) -> sa.Engine:
    engine = sa.create_engine(sa.URL.create("sqlite", database=str(path)), connect_args={"timeout": busy_s})

    @sa.event.listens_for(engine, "connect")
    def _on_connect(raw: sqlite3.Connection, _record: object) -> None:
        raw.isolation_level = None  # the transaction begins where we say so, in _on_begin
        raw.execute("PRAGMA foreign_keys = ON")
        raw.execute(f"PRAGMA cache_size = -{CACHE_KIB}")
        raw.execute("PRAGMA synchronous = FULL")
        raw.execute(f"PRAGMA journal_mode = {journal_mode(sqlite3.sqlite_version_info)}")
        # Without it INSERT OR REPLACE would delete a row past the triggers that forbid it.
        raw.execute("PRAGMA recursive_triggers = ON")

    @sa.event.listens_for(engine, "begin")
    def _on_begin(connection: sa.Connection) -> None:
        if connection.get_execution_options().get("builds"):
            # A table is rebuilt by dropping it; those that refer to it keep their rows. Only outside a transaction can this be set.
            connection.exec_driver_sql("PRAGMA foreign_keys = OFF")
        connection.exec_driver_sql("BEGIN IMMEDIATE" if connection.get_execution_options().get("writes") else "BEGIN")

    return engine


def journal_mode(version: tuple[int, ...]) -> str:
    """WAL where this SQLite keeps it whole, else TRUNCATE.

    Versions before 3.51.3 (but for 3.50.7 and 3.44.6 and later of their lines) can lose a commit when two connections
    checkpoint at once. Source: SQLite's release notes of 3.51.3.
    """
    whole = version >= (3, 51, 3) or (3, 50, 7) <= version < (3, 51) or (3, 44, 6) <= version < (3, 45)
    return "WAL" if whole else "TRUNCATE"


def _bring_up_to_date(connection: sa.Connection, path: Path) -> None:
    tables = sa.inspect(connection).get_table_names()
    revision = connection.scalar(sa.text("SELECT version_num FROM alembic_version")) if "alembic_version" in tables else None
    if revision == HEAD:
        return
    if revision is None and tables:
        raise Refusal("{file} is a database of another program.", file=path)
    from storage.migrations.upgrade import known_revisions, to_head  # only now: a start with nothing to do should not wait for it

    if revision is not None and revision not in known_revisions():
        raise Refusal("{file} was made by a newer version of this program. Install that version; nothing was changed.", file=path)
    to_head(connection)


@contextmanager
def _sentences(path: Path) -> Iterator[None]:
    """Turns the database's outages into sentences."""
    try:
        yield
    except sa.exc.DatabaseError as error:
        cause = error.orig
        said = str(cause)
        if isinstance(cause, sqlite3.OperationalError) and "locked" in said:
            raise Refusal(
                "{file} is locked by another program. Close that program and try again; nothing was changed.", file=path
            ) from error
        if isinstance(cause, sqlite3.OperationalError) and ("readonly" in said or "unable to open" in said):
            raise Refusal("{file} cannot be written. Check the rights of its folder, or choose another with --data.", file=path) from error
        if isinstance(cause, sqlite3.OperationalError) and "disk is full" in said:
            raise Refusal("The disk of {file} is full; nothing was changed.", file=path) from error
        if isinstance(cause, sqlite3.OperationalError) and "I/O error" in said:
            raise Refusal(
                "The disk of {file} reports a fault; nothing was changed. Check the disk and its cable, and try again.", file=path
            ) from error
        if isinstance(cause, sqlite3.DatabaseError) and ("not a database" in said or "malformed" in said):
            raise Refusal("{file} is damaged or is no database. It was left as it is; restore a backup.", file=path) from error
        raise
