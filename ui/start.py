"""Opens the window and stays until it is closed."""

import sys
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path

from PySide6.QtCore import QSettings, qInstallMessageHandler
from PySide6.QtWidgets import QApplication

from storage.database import Database
from storage.demo.people import SECRET
from storage.settings import Settings
from ui.forms.notice import Notice
from ui.frame.screenshots import SIZE, pass_on, take_screenshots
from ui.frame.window import Window
from ui.services import AddressCheck, AskCamera, FindCameras, Live, Services
from ui.watch.sound import Siren
from ui.words.speech import set_language


def run_window(
    database: Database,
    settings: Settings,
    folder: Path,
    *,
    live: Live | None,
    demo: bool,
    check_address: AddressCheck,
    keep_password: Callable[[int, str], None],
    find_cameras: FindCameras,
    ask_camera: AskCamera,
    start_recorder: Callable[[], None],
    screenshots: Path | None = None,
) -> int:
    """Shows the window until the person closes it; the exit status.

    folder: the data folder, where the window keeps its own memory too. live: the recorder's pictures and notices. start_recorder: as
    Services has it.
    screenshots: instead of waiting for a person, write a picture of every page there and leave.
    """
    if screenshots is not None:
        qInstallMessageHandler(pass_on)
    application = _application()
    memory = QSettings(str(folder / "window.ini"), QSettings.Format.IniFormat)
    kept = memory.value("language")
    set_language("id" if kept == "id" else "en" if kept == "en" else settings.language)
    siren = Siren(folder / "alarm.wav")
    services = Services(
        database=database,
        recordings=settings.recordings,
        clock=lambda: datetime.now(UTC),
        live=live,
        notices=live,
        settings=memory,
        demo=demo,
        sound=siren,
        check_address=check_address,
        keep_password=keep_password,
        find_cameras=find_cameras,
        ask_camera=ask_camera,
        start_recorder=start_recorder,
        lock_after_s=settings.lock_after_min * 60,
        demo_secret=SECRET if demo else "",
    )
    window = Window(services)
    window.resize(SIZE)
    window.show()
    try:
        if screenshots is None:
            return application.exec()
        take_screenshots(window, screenshots)
        window.close()
        return 0
    finally:
        siren.stop()
        memory.sync()


def show_refusal(said: str) -> None:
    """Shows one sentence in a window of its own, for a program that cannot open its real one."""
    application = _application()
    notice = Notice(said)
    notice.finished.connect(application.quit)
    notice.show()
    application.exec()


def _application() -> QApplication:
    """The one application object of this process."""
    application = QApplication.instance()
    if not isinstance(application, QApplication):
        application = QApplication(sys.argv[:1])
        application.setStyle("Fusion")
        application.setApplicationName("Jaga Gudang")
    return application
