"""Kills the program while it makes a backup, and looks at what is left: `python -m tests.faults.backup_killing [--step 1]`.

A child makes a backup beside a good one and is killed with SIGKILL after so many lines of the program's own code for backups: at each of
them, or at every so many.
After each kill everything that has a backup's name must be one, whole to the last byte, and the one that was there before among them. The
next backup then takes away what was left. What goes on is told on standard error; the last line on standard output is one JSON object.
"""

import argparse
import json
import os
import shutil
import signal
import sys
import tempfile
from collections.abc import Callable
from contextlib import closing
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path
from types import FrameType
from typing import Any

from storage.backup.form import check_files, leftovers, own_backups, whose
from storage.backup.making import back_up
from storage.database import open_database
from storage.settings import Settings, load_settings
from tests.storage.store import open_store

AT = datetime(2026, 11, 26, 13, 0, tzinfo=UTC)
CODE = ("/storage/backup/", "/storage/evidence/package.py", "/storage/password_file.py")


@dataclass
class Tally:
    """What came of it. lines: of a whole backup; kept: kills after which the new one was whole already; left: those that left a rest."""

    lines: int = 0
    points: int = 0
    kept: int = 0
    left: int = 0
    wrong: list[str] = field(default_factory=list)


class Rounds:
    """One data folder and one place for backups, with a good one in it."""

    def __init__(self, folder: Path) -> None:
        self.tally = Tally()
        self._data, self._place = folder / "data", folder / "stick"
        self._place.mkdir()
        store = open_store(self._data, AT - timedelta(days=1))
        store.deliver(1000, 998)
        store.database.close()
        (self._data / "settings.toml").write_text('language = "en"\n', encoding="utf-8")
        self._of = whose(self._data)
        self._settings: Settings = load_settings(self._data)
        self._back_up(AT)
        self._first = own_backups(self._place, self._of)[0]

    def play(self, step: int) -> None:
        """Kills at every so many lines."""
        tally = self.tally
        tally.lines = self._child(None)
        self._tidy()
        for point in range(1, tally.lines, step):
            self._child(point)
            tally.points += 1
            self._look(point)
            if tally.wrong:
                return

    def _look(self, point: int) -> None:
        tally, names = self.tally, {folder.name for folder in self._place.iterdir()}
        whole = own_backups(self._place, self._of)
        rest = leftovers(self._place, self._of)
        tally.left += bool(rest)
        tally.kept += len(whole) == 2
        if self._first not in whole:
            tally.wrong.append(f"at line {point} the good backup is gone")
        if names != {backup.folder.name for backup in whole} | {folder.name for folder in rest}:
            tally.wrong.append(f"at line {point} there is {sorted(names)}")
        for backup in whole:
            check_files(backup)
        if rest:
            self._back_up(AT + timedelta(days=2))
            if leftovers(self._place, self._of):
                tally.wrong.append(f"at line {point} a rest stayed")
        self._tidy()

    def _tidy(self) -> None:
        for folder in self._place.iterdir():
            if folder != self._first.folder:
                shutil.rmtree(folder)

    def _back_up(self, at: datetime) -> None:
        with closing(open_database(self._data)) as database:
            back_up(database, self._place, self._settings, now=at)

    def _child(self, point: int | None) -> int:
        """Makes a backup in a process of its own that is killed at this line; without one, how many lines it takes."""
        reading, writing = os.pipe()
        pid = os.fork()
        if pid == 0:
            try:
                count = _counted(lambda: self._back_up(AT + timedelta(days=1)), point)
                os.write(writing, str(count).encode())
            finally:
                os._exit(0)
        os.close(writing)
        with os.fdopen(reading, "rb") as pipe:
            said = pipe.read()
        _pid, status = os.waitpid(pid, 0)
        if point is not None and not os.WIFSIGNALED(status):
            self.tally.wrong.append(f"at line {point} the child was not killed")
        return int(said or 0)


def _counted(work: Callable[[], None], point: int | None) -> int:
    """Does some work; how many lines of CODE that took. At the given one this process is killed."""
    count = 0

    def line(_frame: FrameType, event: str, _argument: object) -> Any:
        nonlocal count
        if event == "line":
            count += 1
            if count == point:
                os.kill(os.getpid(), signal.SIGKILL)
        return line

    def call(frame: FrameType, _event: str, _argument: object) -> Any:
        return line if any(part in frame.f_code.co_filename for part in CODE) else None

    sys.settrace(call)
    try:
        work()
    finally:
        sys.settrace(None)
    return count


def main() -> None:
    """Plays it and prints what was found."""
    parser = argparse.ArgumentParser()
    parser.add_argument("--step", type=int, default=1)
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        rounds = Rounds(Path(folder))
        rounds.play(options.step)
    print(json.dumps(vars(rounds.tally)))
    if rounds.tally.wrong:
        raise SystemExit(1)


if __name__ == "__main__":
    main()
