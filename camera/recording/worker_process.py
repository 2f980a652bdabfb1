"""The recorder's end of one camera worker: the process, its pipes, and a thread that reads them."""

import contextlib
import json
import os
import subprocess
import sys
import threading
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import BinaryIO, cast
from urllib.parse import quote

from camera.message import Header, read_message
from camera.streams.address import as_in_query
from camera.streams.timeline import Timeline
from camera.view import EVERYTHING, View

ROOT = Path(__file__).parents[2]
# Every look takes and gives back a few hundred kilobytes a dozen times. The usual C library would give them to the system each time and
# have them cleared anew, which is a quarter of the look; told so, it keeps up to 32 MiB. One store for all threads: a store for each kept
# as much for itself, and every connection begins new threads. Others do not know these names.
KEPT_MEMORY = {"MALLOC_MMAP_THRESHOLD_": str(32 << 20), "MALLOC_TRIM_THRESHOLD_": str(32 << 20), "MALLOC_ARENA_MAX": "1"}


@dataclass(frozen=True)
class CameraPlan:
    """One camera to be recorded and watched. folder: where its segments go, below the recordings folder.

    sub_address: of its small stream, empty if it has none; armed: whether its room is, or will be in a moment; write: whether there is
    space to record; person_model: the path of a person detector, empty if events are not verified; sound: whether that is recorded too.
    """

    camera_id: int
    folder: str
    address: str
    username: str = ""
    password: str = field(default="", repr=False)
    sub_address: str = ""
    view: View = EVERYTHING
    armed: bool = True
    write: bool = True
    person_model: str = ""
    sound: bool = False


KILLED_S = 2.0
# What came: a header and its payload, or None when the process has ended.
OnMessage = Callable[["WorkerProcess", Header | None, bytes], None]


class WorkerProcess:
    """A running worker. Messages are handed to `on_message` from a thread; the last one is None."""

    def __init__(
        self,
        plan: CameraPlan,
        recordings: Path,
        on_message: OnMessage,
        on_error_line: Callable[[int, str], None],
        *,
        segment_s: float,
        timeline: Timeline,
    ) -> None:
        self.plan = plan
        self._on_message = on_message
        self._on_error_line = on_error_line
        self._process = subprocess.Popen(
            [sys.executable, "-m", "camera.recording.worker"],
            cwd=ROOT,
            env=os.environ | KEPT_MEMORY,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
        )
        self._stdin, self._stdout, self._stderr = (
            cast(BinaryIO, pipe) for pipe in (self._process.stdin, self._process.stdout, self._process.stderr)
        )
        config = {
            "address": plan.address,
            "username": plan.username,
            "password": plan.password,
            "recordings": str(recordings),
            "folder": plan.folder,
            "segment_s": segment_s,
            "sub_address": plan.sub_address,
            "view": plan.view.plain(),
            "armed": plan.armed,
            "write": plan.write,
            "person_model": plan.person_model,
            "sound": plan.sound,
            "clock": timeline.plain(),
        }
        self.command(config)
        try:
            for target in (self._read, self._read_errors):
                threading.Thread(target=target, name=f"worker-{plan.camera_id}", daemon=True).start()
        except RuntimeError:  # no thread to be had
            self.kill()
            raise

    @property
    def pid(self) -> int:
        """The process id, for tests that kill it."""
        return self._process.pid

    def command(self, command: Header) -> None:
        """Sends a line to the worker; one that has just ended does not mind."""
        with contextlib.suppress(OSError, ValueError):  # closed: its end is reported by the reading thread
            self._stdin.write(json.dumps(command).encode() + b"\n")
            self._stdin.flush()

    def ask_to_stop(self) -> None:
        """The end of its standard input tells the worker to finish its segment and go."""
        with contextlib.suppress(OSError):
            self._stdin.close()

    def kill(self) -> None:
        """Ends it at once, whatever it hangs in."""
        self._process.kill()

    def wait(self, timeout_s: float) -> None:
        """Waits for its end; kills it when the time is up."""
        try:
            self._process.wait(timeout_s)
        except subprocess.TimeoutExpired:
            self.kill()
            # One that waits for a disk for ever dies when the disk answers; nobody waits with it.
            with contextlib.suppress(subprocess.TimeoutExpired):
                self._process.wait(KILLED_S)

    def _read(self) -> None:
        with self._stdout as pipe:
            try:
                while message := read_message(pipe):
                    self._on_message(self, *message)
            except ValueError:
                self.kill()
        self._process.wait()
        self.ask_to_stop()
        self._on_message(self, None, b"")

    def _read_errors(self) -> None:
        with self._stderr as pipe:
            for line in pipe:
                self._on_error_line(self.plan.camera_id, without(self.plan.password, line.decode(errors="replace").rstrip()))


def without(password: str, text: str) -> str:
    """The text with a password in it made unreadable, as it was typed and as it stands in an address."""
    for form in {password, quote(password, safe=""), as_in_query(password)} - {""}:
        text = text.replace(form, "***")
    return text
