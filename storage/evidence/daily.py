"""The checkpoint of each day, written by the recorder to a folder that is best elsewhere: a restored book is compared with it."""

import os
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import datetime
from pathlib import Path

import structlog

from storage.chain import put_record
from storage.database import Database
from storage.evidence.checkpoints import Issued, Purpose, issue_checkpoint
from storage.places import Site, list_sites
from storage.rules.checkpoint import spoken_text
from storage.rules.refusal import Refusal

LOOK_S = 600.0

log = structlog.get_logger()


class DailyCheckpoints:
    """Looks in a thread of its own whether today's are written. One file a warehouse and day; none is ever written over."""

    def __init__(
        self, database: Database, folder: Path, clock: Callable[[], datetime], stamp: Callable[[bytes], bytes] | None = None
    ) -> None:
        self._database = database
        self._folder = folder
        self._clock = clock
        self._stamp = stamp
        self._failed: set[str] = set()
        self._stop = threading.Event()

    @contextmanager
    def running(self) -> Iterator[None]:
        """Looks again and again while inside."""
        thread = threading.Thread(target=self._run, name="checkpoints")
        thread.start()
        try:
            yield
        finally:
            self._stop.set()
            thread.join()

    def look(self) -> list[Path]:
        """Writes those of today that are not there yet; what was written. What cannot be is tried again, and told in the log once a day."""
        written = []
        try:
            sites = [site for site in list_sites(self._database) if site.kind == "warehouse"]
        except Refusal as refusal:
            log.warning("checkpoints not written", reason=str(refusal))
            return []
        for site in sites:
            now = self._clock()
            file = self._folder / f"{site.code}-{now.astimezone(site.tz):%Y-%m-%d}.txt"
            if file.exists():
                continue
            try:
                self._write(site, file, now)
                written.append(file)
            except (OSError, Refusal) as error:
                self._tell(site, file, now, error)
        return written

    def _run(self) -> None:
        wait_s = 0.0
        while not self._stop.wait(wait_s):
            wait_s = LOOK_S
            try:
                self.look()
            except Exception:  # tomorrow's must be written whatever went wrong today
                log.exception("checkpoints failed")

    def _write(self, site: Site, file: Path, now: datetime) -> None:
        self._folder.mkdir(parents=True, exist_ok=True)
        growing = file.with_suffix(".unfinished")
        # First the file: where the folder is away no checkpoint is issued for nothing.
        with growing.open("w", encoding="utf-8") as target:
            issued = issue_checkpoint(self._database, site.id, Purpose.DAILY, now=now, stamp=self._stamp)
            target.write(checkpoint_file(issued, site.name))
            target.flush()
            os.fsync(target.fileno())
        if issued.stamp is not None:
            file.with_suffix(".tsr").write_bytes(issued.stamp)
        if issued.unstamped is not None:
            log.warning("checkpoint not stamped", reason=str(issued.unstamped))
        growing.rename(file)

    def _tell(self, site: Site, file: Path, now: datetime, error: Exception) -> None:
        reason = (error.strerror or str(error)) if isinstance(error, OSError) else str(error)
        log.warning("checkpoint not written", file=str(file), reason=reason)
        if file.name not in self._failed:
            self._failed.add(file.name)
            with self._database.write() as connection:
                put_record(connection, site.id, "checkpoint_not_written", {"file": file.name, "why": reason[:200]}, at=now)


def checkpoint_file(issued: Issued, site_name: str) -> str:
    """What stands in a file: the signed checkpoint, the groups to read aloud, and the public key; `check --checkpoint FILE` reads it."""
    name = " ".join(site_name.split())
    return f"# {name}\n{issued.signed.text}\n{spoken_text(issued.signed.head)}\n# ed25519 {issued.public.hex()}\n"
