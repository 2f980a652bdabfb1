"""Files that a recorder before this one left without a row: taken in where they can be played, else set aside, never deleted."""

import contextlib
import threading
import time
from collections import deque
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

import structlog

from camera.journal import Journal, SetAside
from camera.recording.segment import NAME_FORMAT, PART, adopt

# The workers of a recorder that was killed end a moment after it; only then their last segments are whole.
AFTER_S = 6.0
RETRY_S = 1.0
FOLDER = "set-aside"

log = structlog.get_logger()


@dataclass(frozen=True)
class Search:
    """One camera whose folder is to be looked through. before: files that begin later are this recorder's own.

    growing: path and beginning of the file that was growing when the last recorder was killed, as far as it was told.
    """

    camera_id: int
    folder: str
    before: datetime
    growing: tuple[str, datetime] | None


class Orphans:
    """Looks for them in a thread of its own, since a year of footage is half a million files."""

    def __init__(
        self, recordings: Path, journal: Journal, outage: type[Exception], now: Callable[[], datetime], *, young_s: float = AFTER_S
    ) -> None:
        """young_s: a file that was written to within so many seconds may still be growing."""
        self._young_s = young_s
        self._recordings = recordings
        self._journal = journal
        self._outage = outage
        self._now = now
        self._searches: deque[Search] = deque()
        self._stop = threading.Event()
        self._thread = threading.Thread(target=self._run, name="orphans", daemon=True)

    def start(self) -> None:
        """Begins AFTER_S from now."""
        self._thread.start()

    def look(self, search: Search) -> None:
        """Puts a camera on the list."""
        self._searches.append(search)

    def stop(self) -> None:
        """Ends after the file in hand."""
        self._stop.set()
        if self._thread.is_alive():
            self._thread.join()

    def _run(self) -> None:
        wait_s = AFTER_S
        while not self._stop.wait(wait_s):
            wait_s = RETRY_S
            if not self._searches:
                continue
            search = self._searches.popleft()
            try:
                if not self.take_in(search):
                    self._searches.append(search)  # some of it may still be growing
            except (self._outage, OSError) as error:  # tried again, after the others: nothing is lost meanwhile
                log.warning("orphans not taken in", camera=search.camera_id, reason=str(error))
                self._searches.append(search)
            except Exception:  # it would fail for ever; the next recorder looks again
                log.exception("orphans not taken in")

    def take_in(self, search: Search) -> bool:
        """Looks one camera's folder through; whether that was all, and nothing is too new to be judged.

        Raises what the journal raises while it cannot write, and OSError where the disk refuses.
        """
        self._tell_again(search)
        done = True
        begun = {} if search.growing is None else {search.growing[0].removesuffix(PART): search.growing[1]}
        names = {name.removesuffix(PART): at for name, at in self._files(search)}
        for name in self._journal.strangers(search.camera_id, sorted(names.keys() | begun.keys())):
            if self._stop.is_set():
                return True
            if self._grows(name):
                done = False
            else:
                self._take_in(search.camera_id, name, begun.get(name) or names[name])
        return done

    def _grows(self, name: str) -> bool:
        """Whether somebody has written to it a moment ago, such as a recorder on another computer that has lost the server."""
        for place in (self._recordings / (name + PART), self._recordings / name):
            with contextlib.suppress(FileNotFoundError):
                return 0 <= time.time() - place.stat().st_mtime < self._young_s
        return False

    def _tell_again(self, search: Search) -> None:
        """What was moved out of the way before the row could be written."""
        folders = (self._recordings / search.folder).glob(f"*/*/*/{FOLDER}/*.mp4*")
        files = {path.relative_to(self._recordings).as_posix(): path for path in folders}
        for name in self._journal.strangers(search.camera_id, sorted(files)):
            aside = SetAside(name, files[name].stat().st_size, "")
            self._journal.file_set_aside(search.camera_id, aside, at=self._now())

    def _files(self, search: Search) -> list[tuple[str, datetime]]:
        found = []
        for path in (self._recordings / search.folder).glob("*/*/*/*.mp4*"):
            began_at = _began_at(path.name)
            if began_at is not None and began_at < search.before and path.is_file() and not path.is_symlink():
                found.append((path.relative_to(self._recordings).as_posix(), began_at))
        return found

    def _take_in(self, camera_id: int, name: str, began_at: datetime) -> None:
        try:
            segment = adopt(self._recordings, name + PART, began_at)
        except FileNotFoundError:
            return  # it became whole meanwhile, or went with the disk
        except OSError as error:
            self._set_aside(camera_id, name, error.strerror or str(error))
            return
        if segment:
            self._journal.segment_written(camera_id, segment)
            log.info("segment taken in", camera=camera_id, segment=name)

    def _set_aside(self, camera_id: int, name: str, reason: str) -> None:
        """Moves it out of the way, then tells; one that was moved and not told of is told of next time."""
        file = next((place for place in (self._recordings / (name + PART), self._recordings / name) if place.exists()), None)
        if file is None:
            return
        aside = file.parent / FOLDER / file.name
        aside.parent.mkdir(exist_ok=True)
        size, number = file.stat().st_size, 1
        while aside.exists():
            number += 1
            aside = aside.with_name(f"{number}-{file.name}")
        file.rename(aside)
        path = aside.relative_to(self._recordings).as_posix()
        self._journal.file_set_aside(camera_id, SetAside(path, size, reason), at=self._now())
        log.warning("file set aside", camera=camera_id, file=path, reason=reason)


def _began_at(name: str) -> datetime | None:
    """From the file's name; None where it is none of ours."""
    try:
        return datetime.strptime(name[:20], NAME_FORMAT).replace(tzinfo=UTC)
    except ValueError:
        return None
