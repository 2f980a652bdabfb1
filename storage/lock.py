"""Locks held by the operating system, which frees them when the process dies: one recorder per data folder, one writer per file."""

import os
import sys
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from types import TracebackType
from typing import Self

from storage.rules.refusal import Refusal

if sys.platform == "win32":
    import msvcrt
else:
    import fcntl

FILE_NAME = "recorder.lock"


class RecorderRuns(Refusal):
    """Another process holds the lock."""


class RecorderLock:
    """A context manager: held inside. Raises RecorderRuns on entering if another process holds it."""

    def __init__(self, folder: Path) -> None:
        self._path = folder / FILE_NAME
        self._handle = -1

    def __enter__(self) -> Self:
        try:
            self._handle = os.open(self._path, os.O_RDWR | os.O_CREAT, 0o600)
        except OSError as error:
            raise Refusal("The data folder {folder} cannot be written: {why}.", folder=self._path.parent, why=error.strerror) from error
        try:
            if sys.platform == "win32":
                msvcrt.locking(self._handle, msvcrt.LK_NBLCK, 1)
            else:
                fcntl.flock(self._handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError as error:
            os.close(self._handle)
            raise RecorderRuns("A recorder is running already for {folder}.", folder=self._path.parent) from error
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None) -> None:
        os.close(self._handle)

    def beat(self) -> None:
        """Leaves word that the recorder goes on, also where the database takes none: the time of the lock's file."""
        with suppress(OSError):
            os.utime(self._path)


def last_beat_ns(folder: Path) -> int:
    """The time of the lock's file, in nanoseconds; 0 where there is none."""
    with suppress(OSError):
        return (folder / FILE_NAME).stat().st_mtime_ns
    return 0


def is_held(folder: Path) -> bool:
    """Whether a recorder of this computer holds a data folder now. Raises Refusal where the folder cannot be written."""
    try:
        with RecorderLock(folder):
            return False
    except RecorderRuns:
        return True


@contextmanager
def alone(path: Path) -> Iterator[None]:
    """Inside, no other process is inside for the same lock file; waits for the one that is. Raises OSError where it cannot be made."""
    handle = os.open(path, os.O_RDWR | os.O_CREAT, 0o600)
    try:
        if sys.platform == "win32":
            msvcrt.locking(handle, msvcrt.LK_LOCK, 1)
        else:
            fcntl.flock(handle, fcntl.LOCK_EX)
        yield
    finally:
        os.close(handle)


@contextmanager
def if_free(path: Path) -> Iterator[bool]:
    """Yields whether nobody else is inside for the same lock file; then nobody comes in meanwhile. Raises OSError."""
    handle = os.open(path, os.O_RDWR | os.O_CREAT, 0o600)
    try:
        try:
            if sys.platform == "win32":
                msvcrt.locking(handle, msvcrt.LK_NBLCK, 1)
            else:
                fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError:
            yield False
            return
        yield True
    finally:
        os.close(handle)
