"""`record --install`, `--show` and `--uninstall`: the files that keep a recorder running. What enables them is printed, never run."""

import argparse
import os
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path

from storage.rules.refusal import Refusal
from ui.terminal.service_files import TASK_NAME, UNIT_NAME, scheduler_task, systemd_unit
from ui.words.speech import _


@dataclass(frozen=True)
class ServiceFile:
    """A file for the system that starts recorders. enable, disable: the commands that a person gives after it was written, or removed."""

    path: Path
    content: bytes
    enable: tuple[str, ...]
    disable: tuple[str, ...]


def add_service_options(record: argparse.ArgumentParser) -> None:
    """Adds them to the command `record`."""
    how = record.add_mutually_exclusive_group()
    how.add_argument("--install", action="store_true", help=_("write the file with which the system keeps a recorder running"))
    how.add_argument("--uninstall", action="store_true", help=_("remove that file"))
    record.add_argument("--show", action="store_true", help=_("with --install: print the file instead"))


def keep_running(options: argparse.Namespace, folder: Path, program: Path) -> int:
    """Does what the options ask; the exit status. folder: the data folder; program: main.py.

    Raises Refusal where this system has no such file, a name cannot stand in it, or it cannot be written.
    """
    file = service_file([sys.executable, str(program), "--data", str(folder), "record"], folder, sys.platform)
    if options.show:
        print(file.content.decode("utf-16" if file.path.suffix == ".xml" else "utf-8"), end="")
        return 0
    try:
        if options.install:
            file.path.parent.mkdir(parents=True, exist_ok=True)
            file.path.write_bytes(file.content)
        else:
            for path in (file.path, _wanted(file.path)):
                path.unlink(missing_ok=True)
    except OSError as error:
        raise Refusal("{file} cannot be written: {why}.", file=file.path, why=error.strerror) from error
    said, commands = (_("Written: {file}. Now run:"), file.enable) if options.install else (_("Removed: {file}. Now run:"), file.disable)
    print(said.format(file=file.path), *commands, sep="\n  ")
    return 0


def service_file(command: list[str], folder: Path, platform: str) -> ServiceFile:
    """The file of this system. platform: as sys.platform. Raises Refusal where there is none."""
    if platform == "linux":
        config = Path(os.environ.get("XDG_CONFIG_HOME") or Path.home() / ".config")
        return ServiceFile(
            config / "systemd" / "user" / UNIT_NAME,
            systemd_unit(command).encode(),
            ("systemctl --user daemon-reload", f"systemctl --user enable --now {UNIT_NAME}", "loginctl enable-linger"),
            (f"systemctl --user stop {UNIT_NAME}", "systemctl --user daemon-reload"),
        )
    if platform == "win32":
        path = folder / "recorder-task.xml"
        user = "\\".join(filter(None, (os.environ.get("USERDOMAIN"), os.environ.get("USERNAME"))))
        commands = (["/Create", "/XML", str(path)], ["/Run"], ["/End"], ["/Delete"])
        create, start, end, delete = (subprocess.list2cmdline(["schtasks", *words, "/TN", TASK_NAME]) for words in commands)
        return ServiceFile(path, scheduler_task(command, user).encode("utf-16"), (create, start), (end, delete))
    raise Refusal("This program writes such a file for systemd and for Windows only. Start run record with your system's own means.")


def _wanted(unit: Path) -> Path:
    """The link with which systemd remembers that a unit is enabled."""
    return unit.parent / "default.target.wants" / unit.name
