"""Backups on a real disk that is full, may not be written, or is pulled out: one sentence, and the good one before stays."""

import subprocess
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from unittest import mock

import pytest

from storage.backup.form import check_files, own_backups, whose
from storage.backup.making import back_up
from storage.rules.refusal import Refusal
from storage.settings import load_settings
from tests.faults.full_disk import NoMount, mounted
from tests.storage.store import Store, open_store

AT = datetime(2026, 11, 26, 13, 0, tzinfo=UTC)


@pytest.fixture
def store(tmp_path: Path) -> Iterator[Store]:
    opened = open_store(tmp_path / "data", AT - timedelta(days=1))
    opened.deliver(1000, 998)
    yield opened
    opened.database.close()


@pytest.fixture
def disk() -> Iterator[Path]:
    """One of 4 MB, several backups wide."""
    try:
        with mounted(4) as place:
            yield place
    except NoMount as error:
        pytest.skip(f"nothing can be mounted here: {error}")


def make(store: Store, place: Path, days: int) -> None:
    back_up(store.database, place, load_settings(store.database.path.parent), now=AT + timedelta(days=days))


def left(store: Store, place: Path) -> list[datetime]:
    """When each whole backup was made. There is nothing else."""
    found = own_backups(place, whose(store.database.path.parent))
    for backup in found:
        check_files(backup)
    assert len(list(place.iterdir())) == len(found)
    return [backup.made_at for backup in found]


@pytest.mark.parametrize("foreseen", [True, False], ids=["foreseen", "on the way"])
def test_a_full_disk(store: Store, disk: Path, foreseen: bool) -> None:
    make(store, disk, 0)
    (disk / "ballast").write_bytes(bytes(3_000_000))
    plenty = mock.patch("storage.backup.making.shutil.disk_usage", return_value=mock.Mock(free=1 << 40))
    with pytest.raises(Refusal, match="has no space"):
        if foreseen:
            make(store, disk, 1)
        else:
            with plenty:
                make(store, disk, 1)
    (disk / "ballast").unlink()
    assert left(store, disk) == [AT]


def test_a_disk_that_may_not_be_written(store: Store, disk: Path) -> None:
    make(store, disk, 0)
    subprocess.run(["mount", "-o", "remount,ro", str(disk)], check=True)
    with pytest.raises(Refusal, match="cannot be written"):
        make(store, disk, 1)
    assert left(store, disk) == [AT]


def test_a_disk_that_turns_read_only_on_the_way(store: Store, disk: Path) -> None:
    make(store, disk, 0)
    settings = load_settings(store.database.path.parent)

    def fail(share: float) -> None:
        if share >= 0.6:
            subprocess.run(["mount", "-o", "remount,ro", str(disk)], check=False)

    with pytest.raises(Refusal, match="could not be written"):
        back_up(store.database, disk, settings, now=AT + timedelta(days=1), progress=fail)
    subprocess.run(["mount", "-o", "remount,rw", str(disk)], check=True)
    # What could not be deleted then bears no backup's name, and goes with the next one.
    assert [backup.made_at for backup in own_backups(disk, whose(store.database.path.parent))] == [AT]
    make(store, disk, 2)
    assert left(store, disk) == [AT + timedelta(days=2), AT]
