"""The book of a server: copied by pg_dump, brought back by pg_restore. Their arguments hold no password: both read ~/.pgpass."""

import os
import re
import shutil
import subprocess
import tempfile
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path

import psycopg
import sqlalchemy as sa

from storage.backup.copying import make_own, sync_file
from storage.database import Database
from storage.ledger.check import chain_heads
from storage.postgresql import WRITER, name_of
from storage.rules.chain import Checkpoint
from storage.rules.refusal import Refusal

LOOK_S = 0.2
# Where installers put the programs of each version, beside those on the path.
FOLDERS = ("/usr/lib/postgresql", "/usr/pgsql", "C:/Program Files/PostgreSQL")

Ask = Callable[[], None]


def dump(database: Database, url: str, target: Path, *, tell: Ask = lambda: None) -> tuple[Checkpoint, ...]:
    """Writes the whole book, as it is at one instant, to a file; where each site's chain ends in it. tell: asked often; may raise.

    Raises Refusal where pg_dump is missing, is older than the server, or fails; OSError where the disk refuses.
    """
    make_own(target)
    with database.read() as connection:
        heads = tuple(chain_heads(connection))
        snapshot = str(connection.scalar(sa.text("SELECT pg_export_snapshot()")))
        major = int(connection.scalar(sa.text("SHOW server_version_num")) or 0) // 10_000
        program = found_program("pg_dump", major)
        # While this transaction is open pg_dump sees what it sees.
        _run([program, f"--dbname={_plain(url)}", "--format=custom", f"--snapshot={snapshot}", f"--file={target}", "--no-password"], tell)
    sync_file(target)
    # Reads all of it as if it were restored.
    _run([found_program("pg_restore", _version(program)), f"--file={os.devnull}", str(target)], tell)
    return heads


def bring_back(dumped: Path, url: str, *, tell: Ask = lambda: None) -> None:
    """Puts a dump into an empty database: all of it or nothing. tell: asked often; may raise.

    Raises Refusal for a database that is not empty or cannot be reached, and where pg_restore is missing or fails.
    """
    try:
        with psycopg.connect(_plain(url), autocommit=True) as connection:
            count = connection.execute("SELECT count(*) FROM pg_class WHERE relnamespace = 'public'::regnamespace").fetchone()
            if count is None or count[0]:
                raise Refusal("{server} is not empty. A backup is restored into a new, empty database.", server=name_of(url))
            major = connection.info.server_version // 10_000
            # Roles belong to the server and not to a database: a new one has none of ours.
            there = connection.execute("SELECT 1 FROM pg_roles WHERE rolname = %s", (WRITER,)).fetchone()
            if there is None:
                connection.execute(f"CREATE ROLE {WRITER} NOLOGIN")
            member = connection.execute("SELECT pg_has_role(%s, 'MEMBER')", (WRITER,)).fetchone()
            if member is not None and not member[0]:
                connection.execute(f"GRANT {WRITER} TO CURRENT_USER")
    except psycopg.Error as error:
        why = str(error).strip().splitlines()[-1:] or ["no answer"]
        raise Refusal("{server} cannot be used: {why}.", server=name_of(url), why=why[0].rstrip(".")) from error
    program = found_program("pg_restore", major)
    _run([program, f"--dbname={_plain(url)}", "--single-transaction", "--exit-on-error", "--no-owner", "--no-password", str(dumped)], tell)


def found_program(name: str, least: int) -> str:
    """The oldest program of that name that is not older than the server's version, which it would refuse. Raises Refusal."""
    versions = sorted({(_version(path), path) for path in _candidates(name)})
    fitting = [path for version, path in versions if version >= max(1, least)]
    if not fitting and not versions:
        raise Refusal("{program} is not on this computer. Install PostgreSQL's client programs, as new as the server.", program=name)
    if not fitting:
        raise Refusal(
            "{program} here is of version {have}, the server of {want}. Install PostgreSQL's client programs, as new as the server.",
            program=name,
            have=str(versions[-1][0]),
            want=str(least),
        )
    return fitting[0]


def _candidates(name: str) -> Iterator[str]:
    on_path = shutil.which(name)
    if on_path:
        yield on_path
    for folder in FOLDERS:
        for version in Path(folder).glob("*/bin") if Path(folder).is_dir() else ():
            path = shutil.which(name, path=str(version))
            if path:
                yield path


def _version(program: str) -> int:
    """The major version; 0 where it says none."""
    try:
        said = subprocess.run([program, "--version"], capture_output=True, text=True, check=False, timeout=20).stdout
    except (OSError, subprocess.TimeoutExpired):
        return 0
    found = re.search(r"\)\s+(\d+)", said)
    return int(found[1]) if found else 0


def _plain(url: str) -> str:
    """The address for libpq, without a password; the settings allow none."""
    place = sa.make_url(url)
    query = {name: value for name, value in place.query.items() if "password" not in name}
    plain = sa.URL.create(place.drivername, place.username, None, place.host, place.port, place.database, query)
    return plain.render_as_string(hide_password=False)


def _run(command: Sequence[str], tell: Ask) -> None:
    """Waits for a program, asking meanwhile whether it shall go on; it ends with us. Raises Refusal with its last words."""
    with tempfile.TemporaryFile() as words:
        process = subprocess.Popen(command, stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL, stderr=words)
        try:
            while True:
                try:
                    status = process.wait(LOOK_S)
                    break
                except subprocess.TimeoutExpired:
                    tell()
        finally:
            if process.poll() is None:
                process.kill()
                process.wait()
        words.seek(0)
        said = words.read(65_536).decode("utf-8", "replace").strip().splitlines()
    if status:
        text = " ".join(said)
        if "No space left" in text:
            raise OSError(28, "No space left on device")
        raise Refusal("{program} did not do it: {why}.", program=Path(command[0]).name, why=(said[-1] if said else str(status)).rstrip("."))
