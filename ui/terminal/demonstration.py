"""The demonstration: its data, made where they are missing, and its minute where there is no screen."""

import shutil
import time
from collections.abc import Callable
from contextlib import AbstractContextManager
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING

from storage.rules.refusal import Refusal
from ui.words.command_line import progress_bar
from ui.words.names import name_of
from ui.words.speech import _, whole
from ui.words.times import clock_with_zone

if TYPE_CHECKING:
    from storage.database import Database


# How long it watches where there is no screen.
WATCH_S = 60.0
ZONE = "Asia/Jakarta"
# This file marks a data folder as the demonstration's.
MARK = "demo"


def is_demo(folder: Path) -> bool:
    """Whether a data folder is the demonstration's."""
    return (folder / MARK).exists()


def scenes_of(folder: Path) -> Path:
    """Where its cameras' scenes lie."""
    return folder / "scenes"


def make_demo(folder: Path, opened: "Callable[[Path], AbstractContextManager[Database]]") -> None:
    """Makes scenes, books and rooms where they are missing. opened: opens the database of a folder.

    Raises Refusal for a folder that holds real data.
    """
    from camera.scenes.render import render_scenes
    from storage.database import FILE_NAME
    from storage.demo.rooms import write_rooms

    if (folder / FILE_NAME).exists() and not is_demo(folder):
        raise Refusal("{folder} holds real data. The demonstration needs a folder of its own.", folder=folder)
    try:
        scenes_of(folder).mkdir(parents=True, exist_ok=True)
        (folder / MARK).touch()
    except OSError as error:
        raise Refusal("The data folder {folder} cannot be written: {why}.", folder=folder, why=error.strerror) from error
    with progress_bar(_("Rendering the cameras' scenes")) as progress:
        render_scenes(scenes_of(folder), progress)
    if not (folder / FILE_NAME).exists():
        _write_books(folder, opened)
    with opened(folder) as database:
        write_rooms(database, scenes_of(folder), now=datetime.now(UTC))


def _write_books(folder: Path, opened: "Callable[[Path], AbstractContextManager[Database]]") -> None:
    """Makes the database beside its place and moves it there when it is whole."""
    from storage.database import FILE_NAME
    from storage.demo.books import write_books

    making = folder / "unfinished"
    shutil.rmtree(making, ignore_errors=True)
    with opened(making) as database, progress_bar(_("Writing the books of Jakarta 2024")) as progress:
        write_books(database, now=datetime.now(UTC), progress=lambda done, of: progress(done / of))
    (making / FILE_NAME).rename(folder / FILE_NAME)
    shutil.rmtree(making)


def watch_without_screen(database: "Database") -> int:
    """A minute without a window: every alarm as it comes, then the totals of the books."""
    from storage.ledger.position import totals
    from storage.watch.alarms import list_alarms

    print(_("There is no screen here, so the demonstration runs without a window for a minute."), flush=True)
    told = {alarm.id for alarm in list_alarms(database)}
    end_s = time.monotonic() + WATCH_S
    while time.monotonic() < end_s:
        time.sleep(0.5)
        for alarm in reversed(list_alarms(database)):
            if alarm.id not in told:
                told.add(alarm.id)
                line = _("ALARM {at}: {kind}, {where}")
                at = clock_with_zone(alarm.started_at, ZONE)
                where = ", ".join(filter(None, (alarm.room, alarm.camera))) or _("Recorder")
                print(line.format(at=at, kind=name_of(alarm.kind), where=where), flush=True)
    stock = totals(database)
    line = _("Stock: {received} ballots received, {good} good, {damaged} damaged, {short} short.")
    counts = {name: whole(getattr(stock, name)) for name in ("received", "good", "damaged", "short")}
    print(line.format(**counts))
    print(_("To see the window, run ./run demo in a desktop session, or with pictures: ./run demo --screenshots DIR"))
    return 0
