"""What every test may use: a window system without a screen, and a real database in a folder of its own."""

import os
import shutil
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest

from storage.database import Database, open_database

os.environ["QT_QPA_PLATFORM"] = "offscreen"

SHARED = Path(__file__).parents[2] / "shared"
# A Saturday evening in November, 21:00 in Jakarta.
NOW = datetime(2026, 11, 21, 14, 0, tzinfo=UTC)


@pytest.fixture
def now() -> datetime:
    """A Saturday evening in November, 21:00 in Jakarta."""
    return NOW


@pytest.fixture(scope="session")
def empty_folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The folder of an empty database with all its tables, closed; to be copied, which is quicker than making the tables anew."""
    folder = tmp_path_factory.mktemp("empty") / "data"
    open_database(folder).close()
    return folder


@pytest.fixture
def database(empty_folder: Path, tmp_path: Path) -> Iterator[Database]:
    """An empty database with all its tables, on the disk."""
    opened = open_database(shutil.copytree(empty_folder, tmp_path / "data"))
    yield opened
    opened.close()
