"""The disk of the footage: warns as it fills, lets go what may go, and says when recording must stop for the books' sake."""

import shutil
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import datetime
from pathlib import Path

import structlog

from storage.database import Database
from storage.reserve import RESERVE_BYTES, keep_reserve
from storage.rules.disk_space import LOW_PCT, Space, may_record, warning
from storage.rules.refusal import Refusal
from storage.watch.recorder_events import close_left_open, close_recorder_event, extend_recorder_event, open_recorder_event
from storage.watch.removal import delete_files, forget_old_motion, remove, undeleted
from storage.watch.retention import MOST_AT_ONCE, due

DISK_LOW, STOPPED = "disk_low", "recorder_stopped"
LOOK_S = 10.0
# Below so many percent free one looks closer: a small disk fills in a minute.
CLOSE_PCT, LOOK_CLOSER_S = 20.0, 2.0
# How often limits of days and bytes are gone through: with millions of segments that takes seconds.
LIMITS_S = 600.0
# Where nothing was found that may go, one does not look again at once: with 320 000 locked segments a look takes 12 s.
IN_VAIN_S = 120.0

log = structlog.get_logger()


class DiskWatch:
    """Looks at the disk in a thread of its own. may_record: whether there is space to record."""

    def __init__(
        self, database: Database, recordings: Path, clock: Callable[[], datetime], *, space: Callable[[Path], Space] | None = None
    ) -> None:
        """space: tells how full the disk of a folder is."""
        self._database = database
        self._recordings = recordings
        self._clock = clock
        self._space = space or space_of
        self.may_record = True
        self._warning: float | None = None
        # What goes on now, by its kind: the id of its event.
        self._events: dict[str, int] = {}
        self._limits_at_s = self._low_at_s = 0.0
        self._undeleted: list[str] | None = None
        self._begun = False
        self._refused = False
        self._stop = threading.Event()

    @contextmanager
    def running(self) -> Iterator[None]:
        """Looks again and again while inside; at the end what was open is closed."""
        space = self._measure()
        self.may_record = space is None or may_record(space, before=True)
        thread = threading.Thread(target=self._run, name="disk")
        thread.start()
        try:
            yield
        finally:
            self._stop.set()
            thread.join()
            self._tried(self._close_all)

    def look(self) -> float:
        """One look; seconds until the next. What the database refuses now is tried again then."""
        space = self._measure()
        if space is None:
            return LOOK_S
        if not self._begun:
            self._tried(self._begin)
        self._tried(self._warn, space)
        self._tried(self._free, space)
        # Only now: what could be freed may be enough.
        space = self._measure() or space
        self.may_record = may_record(space, before=self.may_record)
        self._tried(self._hold, STOPPED, not self.may_record, space)
        self._reserve(space)
        return LOOK_S if space.free_pct >= CLOSE_PCT else LOOK_CLOSER_S

    def _run(self) -> None:
        wait_s = 0.0
        while not self._stop.wait(wait_s):
            wait_s = self.look()

    def _measure(self) -> Space | None:
        try:
            return self._space(self._recordings)
        except OSError as error:
            log.warning("disk not measured", reason=error.strerror)
            return None

    def _tried(self, act: Callable[..., None], *arguments: object) -> None:
        try:
            act(*arguments)
        except Refusal as refusal:
            log.warning("disk watch did not write", reason=str(refusal))
        except Exception:  # the disk must be looked at again, whatever went wrong this time
            log.exception("disk watch failed")

    def _begin(self) -> None:
        close_left_open(self._database, (DISK_LOW, STOPPED), now=self._clock())
        self._begun = True

    def _free(self, space: Space) -> None:
        """Removes what is due; of what the disk has no space for, portion by portion until there is."""
        now_s = time.monotonic()
        if self._undeleted is None:
            self._undeleted = undeleted(self._database, self._recordings)
        of_limits = now_s >= self._limits_at_s
        if not (of_limits or (space.wanted and now_s >= self._low_at_s)):
            return
        self._undeleted = delete_files(self._recordings, self._undeleted, self._clock())
        if of_limits:
            forget_old_motion(self._database, self._clock())
        portion = MOST_AT_ONCE
        while portion == MOST_AT_ONCE and not self._stop.is_set():
            now = self._clock()
            # Where no file can be deleted, more rows free nothing: then one is tried at a time.
            wanted = due(self._database, self._recordings, now, space)[: 1 if self._refused else MOST_AT_ONCE]
            left = remove(self._database, self._recordings, wanted, now)
            self._undeleted += left
            self._refused = len(left) == len(wanted) if wanted else self._refused
            portion = len(wanted) - len(left)
            if wanted:
                log.info("footage removed", segments=portion, reason=wanted[0].reason.value)
            space = self._measure() or space
        self._limits_at_s = now_s + LIMITS_S
        self._low_at_s = now_s + (IN_VAIN_S if space.wanted else 0.0)

    def _warn(self, space: Space) -> None:
        level = warning(space, self._warning)
        if level is not None and (self._warning is None or level < self._warning):
            self._end(DISK_LOW)  # each step down is an event of its own; what nobody has judged stays one alarm
        self._warning = level
        self._hold(DISK_LOW, level is not None, space)

    def _hold(self, kind: str, holds: bool, space: Space) -> None:
        if not holds:
            self._end(kind)
        elif kind in self._events:
            extend_recorder_event(self._database, self._events[kind], space.used_pct)
        else:
            log.warning("disk nearly full", kind=kind, free_pct=round(space.free_pct, 1))
            self._events[kind] = open_recorder_event(self._database, kind, space.used_pct, now=self._clock())

    def _end(self, kind: str) -> None:
        if kind in self._events:
            close_recorder_event(self._database, self._events[kind], now=self._clock())
            del self._events[kind]

    def _close_all(self) -> None:
        for kind in [*self._events]:
            self._end(kind)

    def _reserve(self, space: Space) -> None:
        """Keeps space for the books, where the footage may take it from them and while there is plenty."""
        file = self._database.path
        try:
            plenty = space.free_pct > LOW_PCT and space.free > 4 * RESERVE_BYTES
            if plenty and file.exists() and file.stat().st_dev == self._recordings.stat().st_dev:
                keep_reserve(file.parent)
        except OSError as error:
            log.warning("no reserve for the books", reason=error.strerror)


def space_of(folder: Path) -> Space:
    """How full the disk of a folder is. Raises OSError where that cannot be told."""
    usage = shutil.disk_usage(folder)
    return Space(usage.free, usage.free + usage.used)
