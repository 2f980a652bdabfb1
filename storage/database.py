"""Opening the database, and the two ways to use it: reading and writing. What is PostgreSQL's: storage/postgresql.py."""

import random
import sqlite3
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, TypeVar, cast

import sqlalchemy as sa

from storage.reserve import release_reserve
from storage.rules.refusal import Refusal

FILE_NAME = "jaga.db"
# The newest revision in storage/migrations/versions; a test compares.
HEAD = "0006"
# From this one on records tell the rows of people, places, watch and footage.
TOLD_SINCE = "0006"
BUSY_S = 10.0
# How long to wait before looking again whether another one still writes, in seconds.
LOOKS_S = (0.001, 0.004)
# Pages of the file kept in memory, in KiB; a bulk of packings touches more than the usual 2 MB.
CACHE_KIB = 64 * 1024

# Work that another one came in the way of, or whose connection was lost, is done anew after these waits.
PAUSES_S = (0.05, 0.2, 0.5)

Result = TypeVar("Result")


@dataclass(frozen=True)
class Product:
    """What differs between the databases. refusal: the sentence for an outage; passes: whether work may succeed when it is done anew."""

    name: str
    refusal: Callable[[sa.exc.DBAPIError], Refusal | None]
    passes: Callable[[sa.exc.DBAPIError], bool] = lambda _error: False
    reading: Mapping[str, Any] = field(default_factory=dict)
    writing: Mapping[str, Any] = field(default_factory=dict)


class Database:
    """One open database. Safe to use from several threads; each `read` or `write` is a transaction of its own.

    path: the file; where the database is on a server, the one that it would be. signed_in: the id of the person for whom it is used;
    None for the program itself (storage/people/right.py).
    """

    def __init__(self, engine: sa.Engine, path: Path, product: Product, signed_in: int | None = None) -> None:
        self._engine = engine
        self._product = product
        self.path = path
        self.signed_in = signed_in

    def used_by(self, person_id: int | None) -> "Database":
        """The same database for one person: every operation asks whether that person may do it. Only the first one is closed."""
        return Database(self._engine, self.path, self._product, person_id)

    @contextmanager
    def read(self) -> Iterator[sa.Connection]:
        """A transaction that sees one state of everything and changes nothing.

        Raises Refusal if the database is locked for longer than the busy time-out, cannot be read or reached, or is damaged.
        """
        with _sentences(self._product), self._engine.connect() as connection:
            yield connection.execution_options(**self._product.reading, signed_in=self.signed_in)

    @contextmanager
    def write(self) -> Iterator[sa.Connection]:
        """A transaction that alone may write; all of it is kept at the end, or nothing if an exception leaves it.

        On a server others may write elsewhere in it at once: storage/ledger/journal.py locks the sites that it posts at.

        Raises Refusal as `read` does, and if the disk is full.
        """
        with _sentences(self._product), self._transaction() as connection:
            yield connection

    def run(self, work: Callable[[sa.Connection], Result]) -> Result:
        """Does some work in a transaction of its own as `write` does; what it returns.

        Where a server has given it up for another's work, or the connection was lost, the work is done anew a few times. It may have been
        kept although the connection was lost: the work must look for what it has done, as `once` in storage/ledger/journal.py does.
        """
        with _sentences(self._product):
            for pause_s in PAUSES_S:
                try:
                    with self._transaction() as connection:
                        return work(connection)
                except sa.exc.DBAPIError as error:
                    if not self._product.passes(error):
                        raise
                time.sleep(pause_s)
            with self._transaction() as connection:
                return work(connection)

    @property
    def shared(self) -> bool:
        """Whether it is on a server, where other computers use it too."""
        return bool(self._product.writing.get("isolation_level"))

    def own_connection(self) -> sa.Connection:
        """A connection outside all transactions, for locks that last as long as it does; the caller closes it."""
        connection = self._engine.connect().execution_options(isolation_level="AUTOCOMMIT")
        connection.detach()  # closed for good in the end, not kept for the next one
        return connection

    @contextmanager
    def sentences(self) -> Iterator[None]:
        """Within it, outages are Refusals, as in `read` and `write`."""
        with _sentences(self._product):
            yield

    def close(self) -> None:
        """Lets go of the file or the server."""
        self._engine.dispose()

    @contextmanager
    def _transaction(self) -> Iterator[sa.Connection]:
        with self._engine.connect() as connection:
            connection.execution_options(**self._product.writing, signed_in=self.signed_in)
            with connection.begin():
                yield connection


def open_database(folder: Path, *, busy_s: float = BUSY_S, url: str | None = None) -> Database:
    """Opens the database of a data folder; makes the folder, the file and its tables where they are missing.

    busy_s: how long to wait for another program's write, in seconds. url: of a database on a server (postgresql://user@host:5432/name)
    in place of the file; who first connects to an empty one must own it.

    Raises Refusal where the folder cannot be written, the file is no database of ours, is locked, or was made by a newer version; where
    the server cannot be reached or does not let us in.
    """
    try:
        folder.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise Refusal("The data folder {folder} cannot be made: {why}.", folder=folder, why=error.strerror) from error
    path = folder / FILE_NAME
    if url is not None:
        return _open_on_server(url, path, busy_s)
    engine = _engine(path, busy_s)
    product = Product(str(path), lambda error: _refusal(path, error), lambda error: _makes_space(path, error), writing={"writes": True})
    try:
        with _sentences(product), engine.connect() as connection:
            connection.execution_options(writes=True, builds=True)
            with connection.begin():
                _bring_up_to_date(connection, product.name)
        engine.dispose()  # the connection that built does not look at foreign keys
    except BaseException:
        engine.dispose()
        raise
    return Database(engine, path, product)


def _open_on_server(url: str, path: Path, busy_s: float) -> Database:
    from storage import postgresql  # only now: most sites have no server, and need not wait for its driver

    name = postgresql.name_of(url)
    product = Product(name, lambda error: postgresql.refusal(name, error), postgresql.passes, postgresql.READING, postgresql.WRITING)
    owner = postgresql.engine(url, busy_s, owner=True)
    try:
        with _sentences(product), owner.begin() as connection:
            if _revision(connection) != HEAD:
                postgresql.lock_migration(connection)
                _bring_up_to_date(connection, name)
    finally:
        owner.dispose()
    database = Database(postgresql.engine(url, busy_s), path, product)
    try:
        with database.read():
            pass  # the rights of the writer are missing now, or never
    except BaseException:
        database.close()
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
        if connection.get_execution_options().get("writes"):
            _begin_to_write(connection, busy_s)
        else:
            connection.exec_driver_sql("BEGIN")

    return engine


def _begin_to_write(connection: sa.Connection, busy_s: float) -> None:
    """Begins a transaction that writes, as soon as no other connection does.

    SQLite's own waiting looks again ever more seldom, down to ten times a second, and beside one who posts without a pause it hardly
    ever finds the file free. Looked at every few milliseconds, an act waits for a few of the other's, not for seconds.
    """
    raw = cast(sqlite3.Connection, connection.connection.driver_connection)
    raw.execute("PRAGMA busy_timeout = 0")
    until = time.monotonic() + busy_s
    try:
        while time.monotonic() < until:
            try:
                raw.execute("BEGIN IMMEDIATE")
            except sqlite3.OperationalError as error:
                if "locked" not in str(error):
                    break
                time.sleep(random.uniform(*LOOKS_S))
            else:
                return
        connection.exec_driver_sql("BEGIN IMMEDIATE")  # says what is wrong
    finally:
        raw.execute(f"PRAGMA busy_timeout = {round(busy_s * 1000)}")


def journal_mode(version: tuple[int, ...]) -> str:
    """WAL where this SQLite keeps it whole, else TRUNCATE.

    Versions before 3.51.3 (but for 3.50.7 and 3.44.6 and later of their lines) can lose a commit when two connections
    checkpoint at once. Source: SQLite's release notes of 3.51.3.
    """
    whole = version >= (3, 51, 3) or (3, 50, 7) <= version < (3, 51) or (3, 44, 6) <= version < (3, 45)
    return "WAL" if whole else "TRUNCATE"


def _revision(connection: sa.Connection) -> str | None:
    """Of the tables that are there; "" where they are another program's, None where there are none."""
    tables = sa.inspect(connection).get_table_names()
    revision = connection.scalar(sa.text("SELECT version_num FROM alembic_version")) if "alembic_version" in tables else None
    return "" if revision is None and tables else revision


def _bring_up_to_date(connection: sa.Connection, name: str) -> None:
    revision = _revision(connection)
    if revision == HEAD:
        return
    if revision == "":
        raise Refusal("{file} is a database of another program.", file=name)
    from storage.migrations.upgrade import known_revisions, to_head  # only now: a start with nothing to do should not wait for it

    if revision is not None and revision not in known_revisions():
        raise Refusal("{file} was made by a newer version of this program. Install that version; nothing was changed.", file=name)
    to_head(connection)
    if revision is not None and revision < TOLD_SINCE:
        from datetime import UTC, datetime

        from storage.chain import tell_known

        tell_known(connection, datetime.now(UTC))


@contextmanager
def _sentences(product: Product) -> Iterator[None]:
    """Turns the database's outages into sentences."""
    try:
        yield
    except sa.exc.DBAPIError as error:
        refusal = product.refusal(error)
        if refusal is None:
            raise
        raise refusal from error


def _makes_space(path: Path, error: sa.exc.DBAPIError) -> bool:
    """Whether the disk was full and now has space, because the reserve was given up."""
    return "disk is full" in str(error.orig) and release_reserve(path.parent)


def _refusal(path: Path, error: sa.exc.DBAPIError) -> Refusal | None:
    cause = error.orig
    said = str(cause)
    if isinstance(cause, sqlite3.OperationalError):
        if "locked" in said:
            return Refusal("{file} is locked by another program. Close that program and try again; nothing was changed.", file=path)
        if "readonly" in said or "unable to open" in said:
            return Refusal("{file} cannot be written. Check the rights of its folder, or choose another with --data.", file=path)
        if _makes_space(path, error):
            return Refusal("The disk of {file} was full; the space kept for this was given up. Try again; nothing was changed.", file=path)
        if "disk is full" in said:
            return Refusal("The disk of {file} is full; nothing was changed.", file=path)
        if "I/O error" in said:
            return Refusal(
                "The disk of {file} reports a fault; nothing was changed. Check the disk and its cable, and try again.", file=path
            )
    if isinstance(cause, sqlite3.DatabaseError) and ("not a database" in said or "malformed" in said):
        return Refusal("{file} is damaged or is no database. It was left as it is; restore a backup.", file=path)
    return None
