"""Reading footage for the screen beside the window's own thread: the clip of an alarm, round after round, and small stills."""

import contextlib
import queue
import threading
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path

from camera.footage.playback import File, pictures
from storage.database import Database
from storage.people.person import Person
from storage.rules.refusal import Refusal
from storage.watch.alarms import Alarm
from storage.watch.seen import note_seen
from storage.watch.segments import footage_between
from ui.services import Picture

# A clip shows this much before an event and after it.
AROUND = timedelta(seconds=10)
_RETRY_S = 1.0
_WAITING = 6


@dataclass(frozen=True)
class Clip:
    """Which pictures: from files, in order, between two instants."""

    files: tuple[File, ...]
    from_at: datetime
    until_at: datetime


def clip_of(database: Database, recordings: Path, alarm: Alarm, now: datetime) -> Clip:
    """The clip of an alarm: from 10 s before its event to 10 s after; while the event goes on, to what there is."""
    from_at = alarm.started_at - AROUND
    until_at = (alarm.ended_at or now) + AROUND
    footage = [] if alarm.camera_id is None else footage_between(database, alarm.camera_id, from_at, until_at)
    return Clip(tuple(File(recordings / part.path, part.started_at) for part in footage), from_at, until_at)


class OpenedClip:
    """Tells the log once that a person has opened a clip.

    The clip is shown even while the log cannot be written; then a later round tells.
    """

    def __init__(self, database: Database, person: Person) -> None:
        self._database, self._person, self._told = database, person, False

    def noted(self, clip: Clip, camera_id: int | None, now: datetime) -> Clip:
        """The clip itself."""
        if clip.files and camera_id is not None and not self._told:
            with contextlib.suppress(Refusal):
                note_seen(self._database, camera_id, clip.from_at, clip.until_at, by=self._person, now=now)
                self._told = True
        return clip


class ClipReader:
    """Decodes a clip in a thread of its own, a few pictures ahead, again and again until stopped.

    clip: asked anew for each round, so that an event that goes on is shown with what has come since; called from the thread.
    """

    def __init__(self, clip: Callable[[], Clip], size: tuple[int, int]) -> None:
        self._clip = clip
        self._size = size
        self._stop = threading.Event()
        self._ready: queue.Queue[Picture | None] = queue.Queue(_WAITING)
        self._thread = threading.Thread(target=self._run, name="clip", daemon=True)
        self._thread.start()

    def next(self) -> Picture | None:
        """The next picture; None at the end of a round. Raises queue.Empty while none is ready; never waits."""
        return self._ready.get_nowait()

    def stop(self) -> None:
        """Ends the thread and waits for it."""
        self._stop.set()
        while not self._ready.empty():
            self._ready.get_nowait()
        self._thread.join()

    def _run(self) -> None:
        while not self._stop.is_set():
            try:
                clip = self._clip()
            except Refusal:  # the database is busy or away: shown by the window elsewhere, tried again here
                self._stop.wait(_RETRY_S)
                continue
            shown = 0
            for picture in pictures(clip.files, clip.from_at, clip.until_at, self._size):
                shown += 1
                if not self._put(picture):
                    return
            if shown:
                self._put(None)
            else:
                self._stop.wait(_RETRY_S)

    def _put(self, picture: Picture | None) -> bool:
        while not self._stop.is_set():
            try:
                self._ready.put(picture, timeout=0.1)
                return True
            except queue.Full:
                continue
        return False


class Stills:
    """Reads one small picture for each alarm, in a thread of its own."""

    def __init__(self, database: Database, recordings: Path, size: tuple[int, int]) -> None:
        self._database = database
        self._recordings = recordings
        self._size = size
        self._wanted: queue.Queue[Alarm | None] = queue.Queue()
        self._asked: set[int] = set()
        self._found: queue.Queue[tuple[int, Picture]] = queue.Queue()
        self._thread = threading.Thread(target=self._run, name="stills", daemon=True)
        self._thread.start()

    def want(self, alarm: Alarm) -> None:
        """Asks for an alarm's picture; once is enough."""
        if alarm.id not in self._asked:
            self._asked.add(alarm.id)
            self._wanted.put(alarm)

    def found(self) -> list[tuple[int, Picture]]:
        """Alarm ids with their pictures, read since the last call."""
        taken = []
        while not self._found.empty():
            taken.append(self._found.get_nowait())
        return taken

    def stop(self) -> None:
        """Ends the thread and waits for it."""
        while not self._wanted.empty():
            self._wanted.get_nowait()
        self._wanted.put(None)
        self._thread.join()

    def _run(self) -> None:
        while (alarm := self._wanted.get()) is not None:
            at = alarm.started_at + timedelta(seconds=1)
            try:
                clip = clip_of(self._database, self._recordings, alarm, at)
            except Refusal:
                clip = Clip((), at, at)
            picture = next(pictures(clip.files, at, at + AROUND, self._size), None)
            if picture is not None:
                self._found.put((alarm.id, picture))
            else:
                self._asked.discard(alarm.id)  # not on the disk yet; asked again with the next reading of the list
