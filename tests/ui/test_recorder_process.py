"""A recorder that hangs is ended before another is started; nothing else ever is."""

import contextlib
import os
import signal
import socket
import sqlite3
import subprocess
import sys
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
import sqlalchemy as sa

from camera.journal import Beat
from storage.database import Database, open_database
from storage.lock import RecorderLock, is_held, last_beat_ns
from storage.rules.refusal import Refusal
from storage.schema.watch import recorder
from storage.watch.journal import WatchJournal
from storage.watch.states import RecorderState, recorder_states
from tests.camera.rig import wait_until
from ui.terminal.recorder_process import HANGS, RecorderStarter

ROOT = Path(__file__).parents[2]


class World:
    """A data folder, its database, a clock that is ahead by what a test says, and how often a recorder was to be started."""

    def __init__(self, folder: Path) -> None:
        self.folder, self.database = folder, open_database(folder)
        self.ahead, self.started = timedelta(0), 0
        self.starter = RecorderStarter(self.database, folder, self._start, lambda: datetime.now(UTC) + self.ahead)

    def _start(self) -> None:
        assert not is_held(self.folder), "a recorder would find the folder taken"
        self.started += 1


@pytest.fixture
def world(tmp_path: Path) -> Iterator[World]:
    made = World(tmp_path / "a folder")
    yield made
    made.database.close()


@contextlib.contextmanager
def running(world: World) -> Iterator["subprocess.Popen[bytes]"]:
    """A real recorder that beats; killed at the end, should it still be there."""
    command = [sys.executable, str(ROOT / "main.py"), "--data", str(world.folder), "record"]
    process = subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    try:
        wait_until(lambda: beats(world.database, process.pid), "the recorder's beat")
        yield process
    finally:
        process.kill()
        process.wait()


def newest(database: Database) -> RecorderState | None:
    return next(iter(recorder_states(database)), None)


def beats(database: Database, pid: int) -> bool:
    state = newest(database)
    return state is not None and state.pid == pid and state.beaten_at > state.started_at


def wait_for_another_beat(database: Database) -> None:
    before = newest(database)
    assert before is not None
    wait_until(lambda: (now := newest(database)) is not None and now.beaten_at > before.beaten_at, "another beat")


def wait_for_another_touch(folder: Path) -> None:
    before = last_beat_ns(folder)
    wait_until(lambda: last_beat_ns(folder) != before, "another touch of the lock's file")


def enter_row(world: World, pid: int, host: str | None = None) -> None:
    """A recorder's row as another process would have written it."""
    WatchJournal(world.database, lambda _table, _row: None).recorder_started(
        "a", "b", "c", Beat(datetime.now(UTC), datetime.now(UTC), "boot", 60.0)
    )
    with world.database.write() as connection:
        connection.execute(sa.update(recorder).values(pid=pid, host=host or socket.gethostname()))


def test_where_none_runs_one_is_started(world: World) -> None:
    world.starter.start_again()
    enter_row(world, 2**22 + 1)  # of a recorder that was killed; no system gives such a number
    world.starter.start_again()
    assert world.started == 2


@pytest.mark.skipif(sys.platform != "linux", reason="elsewhere a recorder that hangs is only named")
def test_one_that_hangs_is_ended_at_the_second_look_and_no_sooner(world: World) -> None:
    with running(world) as process:
        process.send_signal(signal.SIGSTOP)
        world.ahead = HANGS / 2
        for _look in range(2):
            with pytest.raises(Refusal, match="does not answer"):
                world.starter.start_again()
        world.ahead = 2 * HANGS
        assert process.poll() is None
        world.starter.start_again()
        assert process.wait(60) == -signal.SIGKILL
    assert world.started == 1


def test_one_that_goes_on_after_the_computer_slept_is_left(world: World) -> None:
    with running(world) as process:
        world.ahead = 2 * HANGS
        for _look in range(2):
            with pytest.raises(Refusal, match="does not answer"):
                world.starter.start_again()
            wait_for_another_beat(world.database)
        assert process.poll() is None
    assert world.started == 0


def test_one_that_cannot_beat_because_the_database_is_locked_is_left(world: World) -> None:
    with running(world) as process, contextlib.closing(sqlite3.connect(world.database.path, isolation_level=None)) as other:
        other.execute("BEGIN IMMEDIATE")
        before = newest(world.database)
        world.ahead = 2 * HANGS
        for _look in range(3):
            with pytest.raises(Refusal, match="does not answer"):
                world.starter.start_again()
            wait_for_another_touch(world.folder)
        assert newest(world.database) == before, "it could not beat"
        other.rollback()
        assert process.poll() is None
    assert world.started == 0


@pytest.mark.parametrize("words", [["record"], ["--data", "FOLDER"], ["--data", "FOLDER", "record"]])
def test_a_process_that_only_looks_like_our_recorder_is_left(world: World, words: list[str]) -> None:
    """The lock is held by this test; the row names a process that does not hold it."""
    command = [sys.executable, "-c", "input()", *(str(world.folder) if word == "FOLDER" else word for word in words)]
    stranger = subprocess.Popen(command, stdin=subprocess.PIPE)
    with RecorderLock(world.folder):
        for pid in (stranger.pid, os.getpid(), 2**22 + 1):
            enter_row(world, pid)
            world.ahead = 2 * HANGS
            with pytest.raises(Refusal, match="does not answer"):
                world.starter.start_again()
            with pytest.raises(Refusal, match=f"process {pid}"):
                world.starter.start_again()
    assert stranger.poll() is None
    stranger.communicate(b"\n")
    assert (stranger.returncode, world.started) == (0, 0)


def test_a_recorder_of_another_computer_is_left_to_it(world: World) -> None:
    enter_row(world, os.getpid(), "gudang-2")
    world.ahead = 2 * HANGS
    for _look in range(2):
        with pytest.raises(Refusal, match="gudang-2"):
            world.starter.start_again()
    assert world.started == 0
