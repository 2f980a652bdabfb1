"""An empty database and the small warehouse that the tests of the books work in, each in SQLite and in PostgreSQL.

A test about SQLite's file says so with `product`; see tests/storage/postgres.py for the server.
"""

import dataclasses
import itertools
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path

import pytest

from storage.database import Database, open_database
from storage.schema.guards import POSTGRESQL, SQLITE
from tests.storage.postgres import Postgres, running
from tests.storage.scene import Scene, Scenes, open_scene, play
from tests.storage.store import Store, open_store

BEGIN = datetime(2026, 11, 21, 1, 0, tzinfo=UTC)


@pytest.fixture(params=[SQLITE, POSTGRESQL])
def product(request: pytest.FixtureRequest) -> str:
    """Which database the test works in."""
    return str(request.param)


@pytest.fixture(scope="session")
def postgres() -> Iterator[Postgres]:
    """A server of this worker's own."""
    with running() as server:
        yield server


@pytest.fixture(scope="session")
def empty_template(postgres: Postgres, tmp_path_factory: pytest.TempPathFactory) -> str:
    """The name of a database with all its tables and nothing in them."""
    name = postgres.create()
    open_database(tmp_path_factory.mktemp("template"), url=postgres.url(name)).close()
    return name


@pytest.fixture(scope="session")
def store_template(postgres: Postgres, empty_template: str, tmp_path_factory: pytest.TempPathFactory) -> tuple[str, Store]:
    """The name of a database with the empty warehouse in it, and the warehouse, closed."""
    name = postgres.create(empty_template)
    opened = open_store(tmp_path_factory.mktemp("template"), BEGIN, postgres.url(name))
    opened.database.close()
    return name, opened


@pytest.fixture(scope="session")
def empty_store(tmp_path_factory: pytest.TempPathFactory) -> Store:
    """The warehouse before anything has happened, closed; each test works on a copy, which is quicker than making the tables anew."""
    opened = open_store(tmp_path_factory.mktemp("empty_store"), BEGIN)
    opened.database.close()
    return opened


@pytest.fixture(scope="session")
def one_scene(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Scene]:
    """In SQLite, for tests that keep nothing of what they write."""
    database = open_database(tmp_path_factory.mktemp("one_scene"))
    yield play(database)
    database.close()


@pytest.fixture(scope="session")
def one_scene_on_server(postgres: Postgres, empty_template: str, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Scene]:
    """In PostgreSQL, for tests that keep nothing of what they write."""
    with postgres.copy(empty_template) as url:
        database = open_database(tmp_path_factory.mktemp("one_scene"), url=url)
        yield play(database)
        database.close()


@pytest.fixture(scope="session")
def scenes(tmp_path_factory: pytest.TempPathFactory) -> Scenes:
    """Opens a depot of its own each time, in SQLite, for tests that play many in a row; a copy is quicker than making the tables anew."""
    folder = tmp_path_factory.mktemp("scenes")
    first = open_scene(open_database(folder / "first"))
    first.depot.database.close()
    numbers = itertools.count(1)

    @contextmanager
    def opened() -> Iterator[Scene]:
        copy = folder / str(next(numbers))
        shutil.copytree(folder / "first", copy)
        database = open_database(copy)
        # Keys go on after those of the roll.
        depot = dataclasses.replace(first.depot, database=database, numbers=itertools.count(100))
        try:
            yield dataclasses.replace(first, depot=depot, ids={})
        finally:
            database.close()
            shutil.rmtree(copy)

    return opened


@pytest.fixture
def database(product: str, request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Database]:
    """An empty database with all its tables, on the disk or on the server."""
    if product == SQLITE:
        opened = open_database(shutil.copytree(request.getfixturevalue("empty_folder"), tmp_path / "data"))
        yield opened
        opened.close()
        return
    server: Postgres = request.getfixturevalue("postgres")
    with server.copy(request.getfixturevalue("empty_template")) as url:
        opened = open_database(tmp_path / "data", url=url)
        yield opened
        opened.close()


@pytest.fixture
def store(product: str, request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Store]:
    """A real database on the disk or on the server, with an empty warehouse in it."""
    folder = tmp_path / "store"
    if product == SQLITE:
        empty: Store = request.getfixturevalue("empty_store")
        shutil.copytree(empty.database.path.parent, folder)
        opened = open_database(folder)
        yield dataclasses.replace(empty, database=opened, keys=itertools.count())
        opened.close()
        return
    server: Postgres = request.getfixturevalue("postgres")
    template, empty = request.getfixturevalue("store_template")
    with server.copy(template) as url:
        opened = open_database(folder, url=url)
        yield dataclasses.replace(empty, database=opened, keys=itertools.count(), url=url)
        opened.close()
