"""Starting a recorder in place of one that ended or hangs."""

import contextlib
import os
import select
import signal
import socket
import sys
from collections.abc import Callable
from datetime import datetime, timedelta
from pathlib import Path

from storage.database import Database
from storage.lock import FILE_NAME, is_held, last_beat_ns
from storage.rules.refusal import Refusal
from storage.watch.states import RecorderState, recorder_states

# A recorder that has not beaten for so long, in its row and beside its lock, hangs and is ended.
HANGS = timedelta(seconds=60)
# How long the system may take to clear a process away that was ended; the window waits for it.
CLEARED_S = 2.0


class RecorderStarter:
    """Starts a recorder of one data folder again. start: does it; clock: UTC."""

    def __init__(self, database: Database, folder: Path, start: Callable[[], object], clock: Callable[[], datetime]) -> None:
        self._database, self._folder, self._start, self._clock = database, folder, start, clock
        self._silent: tuple[int, datetime, int] | None = None

    def start_again(self) -> None:
        """To be called now and then while no recorder beats. One of this computer that hangs is ended first.

        Raises Refusal, and starts none, where the recorder that does not beat is another computer's, still holds the data folder and is not
        known to hang, or cannot be ended from here.
        """
        silent = [recorder for recorder in recorder_states(self._database) if recorder.stopped_at is None]
        running = next((recorder for recorder in silent if recorder.host == socket.gethostname()), None)
        if silent and running is None:
            raise Refusal("The recorder on {host} does not answer. Look after it there.", host=silent[0].host)
        if is_held(self._folder):
            if running is None or not self._hangs(running):
                raise Refusal("A recorder holds {folder} and does not answer.", folder=self._folder)
            _end(running.pid, self._folder)
        self._start()

    def _hangs(self, recorder: RecorderState) -> bool:
        """Whether it has been silent for long, and since the last call too.

        After a computer slept a beat is old at first; while the database is locked by another program it cannot be written, and the
        recorder records all the same.
        """
        beat = recorder.pid, recorder.beaten_at, last_beat_ns(self._folder)
        before, self._silent = self._silent, beat
        return beat == before and abs(self._clock() - recorder.beaten_at) >= HANGS


def _end(pid: int, folder: Path) -> None:
    """Ends the recorder with this number at once. Raises Refusal where it is not certain to be the recorder of this folder."""
    refusal = Refusal("The recorder (process {pid}) hangs. End that process; then a new one is started.", pid=str(pid))
    if sys.platform != "linux":
        raise refusal
    try:
        handle = os.pidfd_open(pid)  # from here on the number cannot come to mean another process
    except OSError:
        raise refusal from None
    try:
        if not _is_recorder(pid, folder):
            raise refusal
        signal.pidfd_send_signal(handle, signal.SIGKILL)
        select.select([handle], [], [], CLEARED_S)
    except OSError:
        raise refusal from None
    finally:
        os.close(handle)


def _is_recorder(pid: int, folder: Path) -> bool:
    """Whether a process is `main.py --data FOLDER record` and has the lock's file open."""
    process = Path("/proc") / str(pid)
    words = (process / "cmdline").read_bytes().split(b"\0")
    if b"record" not in words or os.fsencode(folder) not in words:
        return False
    for opened in (process / "fd").iterdir():
        with contextlib.suppress(OSError):  # closed meanwhile
            if opened.samefile(folder / FILE_NAME):
                return True
    return False
