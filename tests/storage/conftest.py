"""The small warehouse that the tests of the books work in."""

import dataclasses
import itertools
import shutil
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest

from storage.database import open_database
from tests.storage.store import Store, open_store


@pytest.fixture(scope="session")
def empty_store(tmp_path_factory: pytest.TempPathFactory) -> Store:
    """The warehouse before anything has happened, closed; each test works on a copy, which is quicker than making the tables anew."""
    opened = open_store(tmp_path_factory.mktemp("empty_store"), datetime(2026, 11, 21, 1, 0, tzinfo=UTC))
    opened.database.close()
    return opened


@pytest.fixture
def store(empty_store: Store, tmp_path: Path) -> Iterator[Store]:
    """A real database on the disk with an empty warehouse in it."""
    folder = tmp_path / "store"
    shutil.copytree(empty_store.database.path.parent, folder)
    database = open_database(folder)
    yield dataclasses.replace(empty_store, database=database, keys=itertools.count())
    database.close()
