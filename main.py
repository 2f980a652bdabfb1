"""Jaga Gudang: stock and CCTV watch for election warehouses. The commands, and the one place where the parts are joined."""

import argparse
import contextlib
import getpass
import os
import signal
import sys
import threading
from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING

from camera.fault import Fault
from storage.rules.refusal import Refusal
from ui.terminal.audit_command import add_audit_command
from ui.terminal.backup_commands import add_backup_commands
from ui.terminal.bench_commands import add_bench_commands
from ui.terminal.camera_commands import add_camera_commands
from ui.terminal.checkpoint_command import add_checkpoint_command
from ui.terminal.coverage_commands import add_coverage_commands, checked_at_start
from ui.terminal.daily_duties import daily_duties
from ui.terminal.demonstration import is_demo, make_demo, scenes_of, watch_without_screen
from ui.terminal.export_command import add_export_command
from ui.terminal.finding_commands import add_finding_commands
from ui.terminal.footage_commands import add_footage_commands
from ui.terminal.recorder_commands import add_recorder_commands
from ui.terminal.service_commands import add_service_options, keep_running
from ui.terminal.stock_commands import add_stock_commands
from ui.words.command_line import said_by_argparse
from ui.words.sentences import sentence
from ui.words.speech import _, set_language

if TYPE_CHECKING:
    import subprocess

    from camera.finding.onvif import CameraFacts
    from camera.live.relay import RelayDoor
    from camera.recording.worker_process import CameraPlan
    from storage.database import Database

# The recorder keeps what a locked database would not take and goes on; it must not stand still for long.
RECORDER_BUSY_S = 2.0
# It takes as long to stop as its slowest camera, and then some for a database that is locked.
RECORDER_STOPS_S = 60.0


def main(arguments: list[str]) -> int:
    """Runs one command; returns the exit status. What may be put right is said in one sentence on standard error."""
    # The database holds the relay's key, the recordings what rooms look like: whatever is made here is for its owner alone.
    os.umask(0o077)
    try:
        _speak(arguments)
        options = _parser().parse_args(arguments)
        run: Callable[[argparse.Namespace], int] = options.run
        return run(options)
    except (Refusal, Fault) as error:
        print(sentence(error), file=sys.stderr)
        return 1
    except KeyboardInterrupt:
        print(_("Cancelled."), file=sys.stderr)
        return 130
    except BrokenPipeError:
        # Whoever read our output has seen enough; nothing more can be written, not even at exit.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return 1
    except OSError as error:
        print(_("The computer refused: {why} ({file}).").format(why=error.strerror, file=error.filename or "-"), file=sys.stderr)
        return 1


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="run", description=_("Stock and CCTV watch for election warehouses."))
    parser.add_argument("--data", type=Path, default=None, metavar="DIR", help=_("the data folder (or JAGA_DATA)"))
    parser.set_defaults(run=_window)
    commands = parser.add_subparsers(metavar=_("COMMAND"))
    demo = commands.add_parser("demo", help=_("open the demonstration: Jakarta 2024"))
    demo.add_argument("--no-window", action="store_true", help=_("make the demonstration's data and exit"))
    demo.add_argument("--screenshots", type=Path, metavar="DIR", help=_("write a picture of every page into a folder and exit"))
    demo.set_defaults(run=_demo)
    record = commands.add_parser("record", help=_("record and watch every camera until ended"))
    add_service_options(record)
    record.set_defaults(run=_record)
    add_camera_commands(commands)
    add_footage_commands(commands, _data_folder, _database)
    add_export_command(commands, _data_folder, _database)
    add_checkpoint_command(commands, _data_folder, _database)
    add_backup_commands(commands, _data_folder, _database)
    add_bench_commands(commands, _data_folder)
    add_finding_commands(commands, _opened, _data_folder)
    add_recorder_commands(commands, _opened)
    add_coverage_commands(commands, _opened)
    add_stock_commands(commands, _opened, _data_folder)
    add_audit_command(commands, _opened)
    return parser


def _speak(arguments: list[str]) -> None:
    """Sets the language before anything is said: the settings of the data folder know it."""
    from storage.settings import load_settings

    set_language("id")  # for what may be wrong with the settings themselves
    vars(argparse)["_"] = said_by_argparse  # the name under which argparse looks its own words up
    early = argparse.ArgumentParser(prog="run", add_help=False)
    early.add_argument("--data", type=Path, default=None)
    set_language(load_settings(_data_folder(early.parse_known_args(arguments)[0])).language)
    if os.environ.get("JAGA_LANG") in ("id", "en"):
        set_language("en" if os.environ["JAGA_LANG"] == "en" else "id")


def _data_folder(options: argparse.Namespace) -> Path:
    import platformdirs

    named: Path | None = options.data or (Path(os.environ["JAGA_DATA"]) if os.environ.get("JAGA_DATA") else None)
    return (named or platformdirs.user_data_path("jaga-gudang", appauthor=False)).absolute()


# --- record -------------------------------------------------------------------------------------------------------------------


def _record(options: argparse.Namespace) -> int:
    if options.install or options.uninstall or options.show:
        return keep_running(options, _data_folder(options), Path(__file__).absolute())
    from camera.live.relay import Relay
    from camera.recording.recorder import Recorder
    from storage.lock import RecorderLock
    from storage.passwords import CameraPasswords
    from storage.settings import load_settings
    from storage.watch.disk import DiskWatch
    from storage.watch.journal import WatchJournal
    from ui.terminal.camera_logins import CameraLogins, take_logins_out
    from ui.terminal.camera_plans import camera_plans
    from ui.terminal.recorder_log import log_to_standard_error

    folder = _data_folder(options)
    stop, told_by = threading.Event(), ""

    def end(number: int, _frame: object) -> None:
        nonlocal told_by
        told_by = f"{signal.Signals(number).name}, {getpass.getuser()}"
        stop.set()

    for number in (signal.SIGINT, signal.SIGTERM):
        signal.signal(number, end)
    log_to_standard_error()
    with contextlib.ExitStack() as opened:
        database = opened.enter_context(_database(folder, busy_s=RECORDER_BUSY_S))
        lock = opened.enter_context(RecorderLock(folder))
        relay = opened.enter_context(contextlib.closing(Relay(load_settings(folder).relay)))
        settings = load_settings(folder)
        recordings = settings.recordings
        try:
            recordings.mkdir(parents=True, exist_ok=True)
        except OSError as error:
            raise Refusal("The folder for recordings {folder} cannot be made: {why}.", folder=recordings, why=error.strerror) from error
        journal = opened.enter_context(contextlib.closing(WatchJournal(database, relay.notice)))
        passwords = CameraPasswords(folder)
        take_logins_out(database, passwords, _now())
        logins = CameraLogins(passwords)
        scenes, model = scenes_of(folder) if is_demo(folder) else None, settings.person_model

        def plans(now: datetime) -> "list[CameraPlan]":
            lock.beat()
            # Where somebody has set the computer's clock, a room is armed if it is by either.
            found = camera_plans(database, logins, files_below=scenes, person_model=model, times=(now, _now()), sound=settings.sound)
            return [replace(plan, write=disk.may_record) for plan in found]

        opened.enter_context(checked_at_start(database, recordings))
        recorder = Recorder(plans, journal, recordings, relay, outage=Refusal, stopped_by=lambda: told_by)
        # By the recordings' clock: who sets the computer's ahead must not have footage deleted.
        disk = DiskWatch(database, recordings, recorder.now)
        with disk.running(), daily_duties(database, folder, settings, recorder.now):
            recorder.run(stop)
    return 0


def _start_recorder(folder: Path) -> "subprocess.Popen[bytes]":
    """Starts a recorder that outlives this process; what it says goes to recorder.log in the data folder."""
    from camera.recording.detached import start_detached

    return start_detached([sys.executable, str(Path(__file__).absolute()), "--data", str(folder), "record"], folder / "recorder.log")


def _recorder_runs(database: "Database") -> bool:
    from storage.watch.states import recorder_states

    return any(state.lives(_now()) for state in recorder_states(database))


# --- window -------------------------------------------------------------------------------------------------------------------


def _window(options: argparse.Namespace) -> int:
    folder = _data_folder(options)
    if not _has_screen():
        print(_("There is no screen here, so no window can be opened."), file=sys.stderr)
        return 1
    try:
        with _database(folder) as database:
            if not _recorder_runs(database):
                _start_recorder(folder)
            return _show(database, folder, lambda: _start_recorder(folder), None)
    except (Refusal, Fault) as error:
        from ui.start import show_refusal

        show_refusal(sentence(error))
        raise


def _show(database: "Database", folder: Path, start: Callable[[], object], screenshots: Path | None) -> int:
    from camera.finding.probe import find_cameras
    from camera.live.pictures import LivePictures
    from camera.streams.address import checked_address
    from storage.passwords import CameraPasswords
    from storage.settings import load_settings
    from ui.start import run_window
    from ui.terminal.recorder_process import RecorderStarter

    live = LivePictures(lambda: _relay_doors(database))
    live.start()
    try:
        return run_window(
            database,
            load_settings(folder),
            folder,
            live=live,
            demo=is_demo(folder),
            check_address=checked_address,
            keep_password=CameraPasswords(folder).keep,
            find_cameras=find_cameras,
            ask_camera=_ask_camera,
            start_recorder=RecorderStarter(database, folder, start, _now).start_again,
            screenshots=screenshots,
        )
    finally:
        live.stop()


def _ask_camera(address: str, username: str, password: str) -> "CameraFacts":
    from camera.finding.conversation import Login
    from camera.finding.onvif import ask_camera

    return ask_camera(Login(address, username, password), _now)


def _relay_doors(database: "Database") -> "list[RelayDoor]":
    from camera.live.relay import RelayDoor
    from storage.watch.states import recorder_states

    try:
        states = recorder_states(database)
    except Refusal:
        return []
    return [RelayDoor(state.address, state.public_key, state.window_secret_key) for state in states if state.lives(_now())]


def _has_screen() -> bool:
    """Whether a window can be opened: Linux says so by its environment, Windows and macOS always have one."""
    return sys.platform != "linux" or any(os.environ.get(name) for name in ("DISPLAY", "WAYLAND_DISPLAY", "QT_QPA_PLATFORM"))


# --- demo ---------------------------------------------------------------------------------------------------------------------


def _demo(options: argparse.Namespace) -> int:
    folder = _data_folder(options) if options.data or os.environ.get("JAGA_DATA") else _data_folder(options) / "demo"
    if options.screenshots:
        os.environ["QT_QPA_PLATFORM"] = "offscreen"
    make_demo(folder, _database)
    with _database(folder) as database:
        if options.no_window:
            print(_("The demonstration's data is in {folder}.").format(folder=folder))
            return 0
        started: list[subprocess.Popen[bytes]] = []

        def start() -> None:
            started.append(_start_recorder(folder))

        if not _recorder_runs(database):
            start()
        signal.signal(signal.SIGTERM, lambda *_args: _end_with(started))
        try:
            if _has_screen():
                return _show(database, folder, start, options.screenshots)
            return watch_without_screen(database)
        finally:
            for recorder in started:
                recorder.terminate()
                recorder.wait(RECORDER_STOPS_S)


def _end_with(started: "list[subprocess.Popen[bytes]]") -> None:
    """A demo that is told to end takes its recorders with it, and ends as any program does that is told so.

    Nothing is raised: an exception that comes up while Qt draws or Python cleans up is swallowed, and the demo would go on.
    """
    for recorder in started:
        recorder.terminate()
    signal.signal(signal.SIGTERM, signal.SIG_DFL)
    signal.raise_signal(signal.SIGTERM)


# --- what all of them need ----------------------------------------------------------------------------------------------------


@contextlib.contextmanager
def _database(folder: Path, busy_s: float = 10.0) -> "Iterator[Database]":
    from storage.database import open_database
    from storage.settings import load_settings

    # The demo has a file of its own, whatever its folder's settings say.
    url = None if is_demo(folder) else load_settings(folder).database
    with contextlib.closing(open_database(folder, busy_s=busy_s, url=url)) as database:
        yield database


def _opened(options: argparse.Namespace) -> "contextlib.AbstractContextManager[Database]":
    return _database(_data_folder(options))


def _now() -> datetime:
    return datetime.now(UTC)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
