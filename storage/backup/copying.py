"""Copying a book that others write into: SQLite's own backup, which takes one state of it and lets them go on."""

import contextlib
import os
import shutil
import sqlite3
from collections.abc import Callable, Iterator
from contextlib import closing
from pathlib import Path
from urllib.parse import quote

import sqlalchemy as sa

from storage.backup.form import chunks
from storage.database import Database, Product
from storage.ledger.check import chain_heads
from storage.rules.chain import Checkpoint
from storage.rules.refusal import Refusal

# Pages copied at once; between two portions whoever writes is let in.
PORTION_PAGES = 512
WAIT_S = 0.01
# A copy begins anew whenever another connection has written. After so many times the book is copied in one go to its own disk, which
# holds writers up for as long as that takes, and from there to where it shall be.
MOST_RESTARTS = 3
# How many steps of SQLite's own between two questions whether a check shall go on.
ASK_STEPS = 100_000
# Beside the book; it is gone when the backup is done.
STAGED = "backup.part"

Share = Callable[[float], None]


class SourceDamaged(Refusal):
    """The book itself cannot be copied; earlier backups are worth more than a new one."""


class _Restless(Exception):
    """Others write so often that the copy never comes to its end."""


def copy_book(book: Path, target: Path, *, tell: Share = lambda _share: None) -> None:
    """Copies a book of SQLite, in one state, to a file that is not there yet; on the disk when this returns.

    tell: told the share that is done, 0 to 1; may raise to call it off. Raises OSError where the target's disk refuses, SourceDamaged.
    """
    make_own(target)
    with _source(book) as source:
        try:
            _copy(source, target, tell, most_restarts=MOST_RESTARTS)
        except _Restless:
            source.execute("BEGIN")
            source.execute("SELECT count(*) FROM sqlite_master").fetchone()  # from here on one state is held
            staged = book.with_name(STAGED)
            try:
                if shutil.disk_usage(book.parent).free < 2 * book.stat().st_size:
                    _copy(source, target, tell)
                else:
                    staged.unlink(missing_ok=True)
                    make_own(staged)
                    _copy(source, staged, lambda share: tell(share / 2))
                    source.execute("ROLLBACK")
                    _carry(staged, target, lambda share: tell(0.5 + share / 2))
            finally:
                staged.unlink(missing_ok=True)
    sync_file(target)


def open_copy(path: Path, *, still: bool = True) -> Database:
    """A book that is only read: nothing is written beside it, and no table brought up to date.

    still: nobody writes into it, as nobody does into a backup. Raises Refusal later, where it is read and cannot be.
    """
    how = "immutable=1" if still else "mode=ro"
    uri = f"file:{quote(str(path.absolute()))}?{how}"

    def refusal(error: sa.exc.DBAPIError) -> Refusal | None:
        return Refusal("{file} cannot be read: {why}.", file=path, why=str(error.orig)) if isinstance(error.orig, sqlite3.Error) else None

    # A check goes through a book in one thread; the pool keeps one connection for each.
    engine = sa.create_engine("sqlite://", creator=lambda: sqlite3.connect(uri, uri=True), poolclass=sa.pool.NullPool)
    return Database(engine, path, Product(str(path), refusal))


def faults_of_file(path: Path, *, thorough: bool = True, tell: Callable[[], None] = lambda: None) -> list[str]:
    """What SQLite finds wrong with a file that nobody writes into, in its own words; nothing where it is whole. tell: may raise."""
    check, raised = "integrity_check" if thorough else "quick_check", list[BaseException]()

    def ask() -> int:
        try:
            tell()
        except BaseException as error:  # SQLite would swallow it; it ends the check, and is raised below
            raised.append(error)
            return 1
        return 0

    try:
        with closing(sqlite3.connect(f"file:{quote(str(path.absolute()))}?immutable=1", uri=True)) as connection:
            connection.set_progress_handler(ask, ASK_STEPS)
            said = [str(row[0]) for row in connection.execute(f"PRAGMA {check}(20)")]
    except sqlite3.DatabaseError as error:
        said = [str(error)]
    if raised:
        raise raised[0]
    return [] if said == ["ok"] else said


def heads_of(database: Database) -> tuple[Checkpoint, ...]:
    """Where each site's chain ends. Raises Refusal where it cannot be read."""
    with database.read() as connection:
        return tuple(chain_heads(connection))


def make_own(path: Path) -> None:
    """Makes an empty file that only its owner can read. Raises OSError."""
    os.close(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600))


def sync_file(path: Path) -> None:
    """Has what was written put on the disk. Raises OSError."""
    with path.open("r+b") as file:  # open for writing: Windows syncs no other
        os.fsync(file.fileno())


@contextlib.contextmanager
def _source(book: Path) -> Iterator[sqlite3.Connection]:
    uri = f"file:{quote(str(book.absolute()))}?mode=ro"
    try:
        source = sqlite3.connect(uri, uri=True, isolation_level=None, timeout=10)
    except sqlite3.Error as error:
        raise SourceDamaged("The book {file} cannot be read: {why}.", file=book, why=str(error)) from error
    with closing(source):
        yield source


def _copy(source: sqlite3.Connection, target: Path, tell: Share, *, most_restarts: int | None = None) -> None:
    """Raises _Restless after so many restarts; OSError and SourceDamaged."""
    last, restarts = 0, 0

    def progress(_status: int, remaining: int, total: int) -> None:
        nonlocal last, restarts
        copied = total - remaining
        if copied < last:
            restarts += 1
            if most_restarts is not None and restarts > most_restarts:
                raise _Restless
        last = copied
        tell(copied / max(1, total))

    try:
        with closing(sqlite3.connect(target, isolation_level=None)) as copy:
            copy.execute("PRAGMA synchronous = OFF")  # it is synced when it is whole
            source.backup(copy, pages=PORTION_PAGES, progress=progress, sleep=WAIT_S)
            # One file, whatever the book's own journal is.
            copy.execute("PRAGMA journal_mode = DELETE")
    except sqlite3.Error as error:
        _raise_as_it_is(error, target)


def _raise_as_it_is(error: sqlite3.Error, target: Path) -> None:
    """SQLite says the same of both files: whose fault it is shows in whether the other place can be written."""
    said = str(error)
    if "full" in said:
        raise OSError(28, os.strerror(28), str(target)) from error
    if "malformed" in said or "not a database" in said or "corrupt" in said:
        raise SourceDamaged("The book is damaged ({why}); no backup was made of it. Restore the last good one.", why=said) from error
    if "locked" in said or "busy" in said:
        raise Refusal("The book is locked by another program. Close that program and try again.") from error
    raise OSError(5, said, str(target)) from error


def _carry(staged: Path, target: Path, tell: Share) -> None:
    done, of = 0, max(1, staged.stat().st_size)
    with target.open("r+b") as file:
        file.truncate()
        for chunk in chunks(staged):
            file.write(chunk)
            done += len(chunk)
            tell(done / of)
