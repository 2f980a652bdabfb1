"""The backup that the recorder makes every day by itself, how long backups are kept, and the alarm when there is no new one."""

import shutil
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from datetime import datetime, timedelta
from pathlib import Path

import structlog

from storage.backup.form import Backup, check_files, own_backups, whose
from storage.backup.last import OVERDUE, last_backup
from storage.backup.making import back_up, fitting_place
from storage.chain import put_record
from storage.database import Database
from storage.evidence.package import CalledOff
from storage.rules.refusal import Refusal
from storage.settings import Settings
from storage.watch.recorder_events import close_left_open, close_recorder_event, open_recorder_event

LATE = "backup_late"
LOOK_S = 300.0
DAY = timedelta(days=1)
# After one that failed; and how often a failure that goes on is recorded anew.
AGAIN = timedelta(hours=1)
# So many newer ones must be whole before one is deleted, whatever the clock says of its age.
LEAST_KEPT = 7

log = structlog.get_logger()


class DailyBackups:
    """Looks in a thread of its own whether a backup is due. settings: read anew at every look, so that a change needs no restart."""

    def __init__(self, database: Database, settings: Callable[[], Settings], clock: Callable[[], datetime]) -> None:
        self._database, self._settings, self._clock = database, settings, clock
        self._of = whose(database.path.parent)
        self._event: int | None = None
        self._begun = False
        self._failed_at: datetime | None = None
        self._recorded: tuple[str, datetime] | None = None
        self._stop = threading.Event()

    @contextmanager
    def running(self) -> Iterator[None]:
        """Looks again and again while inside; at the end a backup that is being made is called off."""
        thread = threading.Thread(target=self._run, name="backups")
        thread.start()
        try:
            yield
        finally:
            self._stop.set()
            thread.join()

    def look(self) -> None:
        """Makes a backup if one is due, lets old ones go, and raises the alarm where the newest good one is older than two days.

        What fails is recorded and tried again an hour later; nothing is raised.
        """
        try:
            settings, now = self._settings(), self._clock()
            if not self._begun:
                close_left_open(self._database, (LATE,), now=now)
                self._begun = True
            if settings.backups is None:
                self._over(now)
                return
            if self._is_due(settings, now):
                self._make(settings, settings.backups, now)
            self._judge(settings, now)
        except CalledOff:
            log.info("backup called off")
        except Refusal as refusal:
            log.warning("backups not looked after", reason=str(refusal))
        except Exception:  # tomorrow's backup must be made, whatever went wrong today
            log.exception("backups not looked after")

    def _run(self) -> None:
        wait_s = 0.0
        while not self._stop.wait(wait_s):
            self.look()
            wait_s = LOOK_S

    def _is_due(self, settings: Settings, now: datetime) -> bool:
        if self._failed_at is not None and abs(now - self._failed_at) < AGAIN:
            return False
        return not any(_age(backup.made_at, now) < DAY for backup in self._kept(settings))

    def _make(self, settings: Settings, place: Path, now: datetime) -> None:
        try:
            made = back_up(self._database, place, settings, now=now, cancelled=self._stop.is_set)
        except CalledOff:
            raise
        except Refusal as refusal:
            self._failed_at = now
            self._tell_failed(str(refusal), place, now)
            return
        self._failed_at = self._recorded = None
        log.info("backup made", folder=str(made.backup.folder), faults=len(made.findings))
        if not made.findings:  # else the earlier ones may be what is needed
            self._let_go(settings, now)

    def _tell_failed(self, why: str, place: Path, now: datetime) -> None:
        """Once for each reason and day."""
        log.warning("backup failed", reason=why)
        if self._recorded is None or self._recorded[0] != why or abs(now - self._recorded[1]) >= DAY:
            with self._database.write() as connection:
                put_record(connection, None, "backup_failed", {"folder": str(place), "why": why[:400]}, at=now)
            self._recorded = why, now

    def _let_go(self, settings: Settings, now: datetime) -> None:
        """Deletes what is older than it is kept, where enough newer ones are whole to the last byte."""
        kept, span = self._kept(settings), timedelta(days=settings.backups_days)
        old = [backup for backup in kept if now - backup.made_at > span]
        newer = [backup for backup in kept if backup not in old and not backup.faults]
        if not old or sum(map(_is_whole, newer[:LEAST_KEPT])) < LEAST_KEPT:
            return
        for backup in old:
            _delete(backup)
            with self._database.write() as connection:
                put_record(connection, None, "backup_removed", {"folder": str(backup.folder), "made": backup.made_at}, at=now)

    def _judge(self, settings: Settings, now: datetime) -> None:
        """The alarm. Where there was never a backup it comes with the first that fails."""
        good = [backup.made_at for backup in self._kept(settings) if not backup.faults]
        if not good and self._failed_at is not None:  # a disk that is put away for a day still has its backups
            last = last_backup(self._database)
            good = [last.at] if last else []
        if any(_age(made_at, now) < OVERDUE for made_at in good) or not (good or self._failed_at):
            self._over(now)
        elif self._event is None:
            self._event = open_recorder_event(self._database, LATE, 0.0, now=now)

    def _over(self, now: datetime) -> None:
        if self._event is not None:
            close_recorder_event(self._database, self._event, now=now)
            self._event = None

    def _kept(self, settings: Settings) -> list[Backup]:
        """Those of this data folder, newest first; none where the place is not there."""
        if settings.backups is None:
            return []
        with suppress(Refusal, OSError):
            return own_backups(fitting_place(settings.backups, self._database.path.parent, settings.recordings), self._of)
        return []


def _age(made_at: datetime, now: datetime) -> timedelta:
    """Of a backup. One that lies in the future was made while the clock was wrong; how long ago nobody knows."""
    return now - made_at if made_at <= now + timedelta(minutes=10) else timedelta.max


def _is_whole(backup: Backup) -> bool:
    try:
        check_files(backup)
    except Refusal:
        return False
    return True


def _delete(backup: Backup) -> None:
    """First it loses its name, so that one that is half deleted is never taken for one. Raises Refusal."""
    going = backup.folder.with_name(backup.folder.name + ".unfinished")
    try:
        backup.folder.rename(going)
        shutil.rmtree(going)
    except OSError as error:
        raise Refusal("The old backup {folder} could not be deleted: {why}.", folder=backup.folder, why=error.strerror) from error
