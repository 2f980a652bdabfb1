"""Pictures of every page in both languages, each seen by a person whose page it is."""

import sys
from collections.abc import Callable
from datetime import timedelta
from functools import partial
from pathlib import Path

from PySide6.QtCore import QEventLoop, QMessageLogContext, QSize, QTimer, QtMsgType

from storage.people.person import Role, list_people
from storage.people.sign_in import enter
from ui.frame.window import Window
from ui.pages.alarms_page import AlarmsPage
from ui.words.speech import Language

SIZE = QSize(1366, 768)
_WAIT_MS = 90_000
_SETTLE_MS = 600
_INTO_THE_EVENT = timedelta(seconds=4)
_LANGUAGES: tuple[Language, ...] = ("id", "en")
_SEEN_BY = {
    **dict.fromkeys(("live", "alarms", "rooms"), Role.GUARD),
    "places": Role.SUPERVISOR,
    "audit": Role.AUDITOR,
    "people": Role.ADMINISTRATOR,
}


def wait_until(condition: Callable[[], bool], most_ms: int) -> bool:
    """Lets the window live on until the condition holds or the time is up; whether it holds."""
    loop = QEventLoop()
    look = QTimer()
    look.setInterval(50)
    look.timeout.connect(lambda: loop.quit() if condition() else None)
    look.start()
    QTimer.singleShot(most_ms, loop, loop.quit)
    loop.exec()
    look.stop()
    return condition()


def take_screenshots(window: Window, folder: Path) -> list[Path]:
    """Waits until live pictures and an alarm are there, then visits all pages; the files written, such as live-id.png."""
    folder.mkdir(parents=True, exist_ok=True)
    window.resize(SIZE)
    cameras = window.services.live is not None
    wait_until(lambda: not cameras or bool(window.book.waiting), _WAIT_MS)
    written = []
    for language in _LANGUAGES:
        window.sign_out()
        window.choose_language(language)
        written.append(_grab(window, folder / f"sign-in-{language}.png"))
        for name in ("live", "alarms", "stock", "deliveries", "sorting", "reprints", "counts", "rooms", "places", "audit", "people"):
            _sit_down(window, _SEEN_BY.get(name, Role.OFFICER))
            window.open_page(name)
            page = window.pages.get(name)
            if isinstance(page, AlarmsPage):
                wait_until(partial(_shows_somebody, window, page), 30_000)
            written.append(_grab(window, folder / f"{name}-{language}.png", 3 * _SETTLE_MS if name == "live" else _SETTLE_MS))
    return written


def _grab(window: Window, file: Path, settle_ms: int = _SETTLE_MS) -> Path:
    wait_until(lambda: False, settle_ms)
    window.grab().save(str(file))
    return file


def _shows_somebody(window: Window, page: AlarmsPage) -> bool:
    """Whether the clip has come to the middle of what the alarm is about."""
    alarm = next((alarm for alarm in window.desk.book.alarms if alarm.id == page.alarm_looked_at), None)
    return alarm is not None and page.clip.picture_at is not None and page.clip.picture_at > alarm.started_at + _INTO_THE_EVENT


def pass_on(kind: QtMsgType, context: QMessageLogContext, message: str) -> None:
    """Qt's warnings, but for the one with which a screen that is none answers each change of a window's least size."""
    if "propagateSizeHints" not in message:
        sys.stderr.write(f"{message}\n")


def _sit_down(window: Window, role: Role) -> None:
    """Signs in as anybody does, with the secret of the demonstration's people."""
    services = window.services
    person = next((person for person in list_people(services.database) if person.role is role), None)
    if person is not None and (window.gate is not None or window.desk.person.role is not role):
        window.sit_down(enter(services.database, person.id, services.demo_secret, now=services.clock()))
