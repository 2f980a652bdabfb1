"""The commands `cameras`: finding them in the network, asking and turning one, entering a list, listing those that are entered."""

import argparse
import getpass
import json
import os
import sys
from collections.abc import Callable
from contextlib import AbstractContextManager
from dataclasses import asdict, replace
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING

from camera.fault import Fault
from storage.rules.refusal import Refusal
from ui.terminal.switching_commands import add_switching
from ui.words.camera_facts import told
from ui.words.command_line import progress_bar
from ui.words.sentences import sentence
from ui.words.speech import _, whole

if TYPE_CHECKING:
    from camera.finding.conversation import Login
    from storage.database import Database

Open = Callable[[argparse.Namespace], "AbstractContextManager[Database]"]
# The password of the camera that is asked; no list of processes shows it there.
PASSWORD_VARIABLE = "JAGA_CAMERA_PASSWORD"  # noqa: S105 - a name


def add_finding_commands(
    commands: "argparse._SubParsersAction[argparse.ArgumentParser]", opened: Open, folder: Callable[[argparse.Namespace], Path]
) -> None:
    """Adds them to main's; opened: opens the database of the data folder that the options name; folder: that folder."""
    cameras = commands.add_parser("cameras", help=_("find, ask and enter cameras"))
    acts = cameras.add_subparsers(metavar=_("ACT"), required=True)
    find = acts.add_parser("find", help=_("find the ONVIF cameras of this network"))
    find.add_argument("--to", default="", metavar="HOST[:PORT]", help=_("ask this one host instead of everybody"))
    find.add_argument("--seconds", type=float, default=4.0, metavar="S", help=_("how long to wait for answers"))
    ask = acts.add_parser("ask", help=_("ask a camera who it is, for its streams and its clock"))
    turn = acts.add_parser("turn", help=_("turn a camera that has motors, or list the places that it remembers"))
    for name in ("pan", "tilt", "zoom"):
        turn.add_argument(f"--{name}", type=float, default=0.0, metavar="V", help=_("speed, from -1 to 1"))
    turn.add_argument("--seconds", type=float, default=0.5, metavar="S", help=_("how long it moves"))
    turn.add_argument("--place", default="", metavar="NAME", help=_("go to this remembered place"))
    for parser in (ask, turn):
        parser.add_argument("address", metavar="ADDRESS")
        parser.add_argument("--user", default="", metavar="NAME", help=_("the password is asked for, or read from JAGA_CAMERA_PASSWORD"))
    take = acts.add_parser("import", help=_("enter the cameras of a list, CSV or XLSX"))
    take.add_argument("file", type=Path, metavar="FILE")
    add_switching(acts, opened)
    listing = acts.add_parser("list", help=_("list the cameras that are entered"))
    for parser in (find, ask, listing):
        parser.add_argument("--json", action="store_true", help=_("print one JSON object"))
    find.set_defaults(run=_find)
    ask.set_defaults(run=_ask)
    turn.set_defaults(run=_turn)
    take.set_defaults(run=lambda options: _import(options, opened, folder(options)))
    listing.set_defaults(run=lambda options: _list(options, opened))


def _find(options: argparse.Namespace) -> int:
    from camera.finding.probe import EVERYBODY, find_cameras

    host, _colon, port = options.to.partition(":")
    if not (port or "1").isdecimal() or not 0 < int(port or "1") < 65536 or not 0 < options.seconds <= 60:
        raise Fault("Say --to HOST:PORT, and at most 60 seconds.")
    target = (host, int(port or EVERYBODY[1])) if host else EVERYBODY
    with progress_bar(_("Searching cameras")) as progress:
        found = find_cameras(target, wait_s=options.seconds, progress=progress)
    if options.json:
        print(json.dumps({"cameras": [asdict(one) for one in found]}, ensure_ascii=False))
        return 0
    for one in found:
        print("  ".join(filter(None, (one.address, one.name, one.hardware))))
    if not found:
        print(_("No camera answered. Look whether it has power and is in this network, and whether ONVIF is switched on in its settings."))
    return 0


def _ask(options: argparse.Namespace) -> int:
    from camera.finding.onvif import ask_camera

    facts = ask_camera(_login(options), _now)
    if options.json:
        said = asdict(replace(facts, faults=())) | {"faults": [str(fault) for fault in facts.faults]}
        print(json.dumps(said, ensure_ascii=False))
        return 0
    for line in told(facts):
        print(line)
    return 0


def _turn(options: argparse.Namespace) -> int:
    from camera.finding.ptz import go_to_preset, move, presets

    login = _login(options)
    if options.pan or options.tilt or options.zoom:
        move(login, _now, options.pan, options.tilt, options.zoom, seconds=options.seconds)
        return 0
    places = presets(login, _now)
    if options.place:
        chosen = next((place for place in places if options.place in (place.name, place.token)), None)
        if chosen is None:
            raise Fault("The camera remembers no place named {name}.", name=options.place)
        go_to_preset(login, _now, chosen)
        return 0
    for place in places:
        print(f"{place.token}  {place.name}")
    return 0


def _import(options: argparse.Namespace, opened: Open, folder: Path) -> int:
    from storage.exchange.cameras import import_cameras
    from storage.exchange.reading import WrongRows
    from storage.passwords import CameraPasswords

    keep = CameraPasswords(folder).keep
    try:
        with opened(options) as database, progress_bar(options.file.name) as progress:
            cameras, ignored = import_cameras(
                database, options.file, _checked, keep, now=_now(), progress=lambda done, of: progress(done / max(1, of))
            )
    except WrongRows as wrong:
        for line, fault in wrong.faults:
            print(_("Line {line}: {said}").format(line=whole(line), said=sentence(fault)), file=sys.stderr)
        raise
    print(_("{file}: {n} cameras are entered.").format(file=options.file.name, n=whole(len(cameras))))
    if ignored:
        print(_("Passed over: {columns}.").format(columns=", ".join(ignored)))
    return 0


def _checked(text: str) -> tuple[str, str, str]:
    """A camera's address as storage takes it, whose way to say no is a Refusal."""
    from camera.streams.address import checked_address

    try:
        return checked_address(text)
    except Fault as fault:
        raise Refusal(fault.template, **fault.values) from None


def _list(options: argparse.Namespace, opened: Open) -> int:
    from storage.places import list_cameras

    with opened(options) as database:
        cameras = list_cameras(database)
    if options.json:
        names = ("id", "site_code", "room", "name", "address", "sub_address", "username")
        print(json.dumps({"cameras": [{name: getattr(camera, name) for name in names} for camera in cameras]}, ensure_ascii=False))
        return 0
    for camera in cameras:
        print("  ".join(filter(None, (str(camera.id), camera.site_code, camera.room, camera.name, camera.address, camera.sub_address))))
    if not cameras:
        print(_("No camera is entered yet. Find them with: cameras find"))
    return 0


def _login(options: argparse.Namespace) -> "Login":
    from camera.finding.conversation import Login

    password = ""
    if options.user:
        password = os.environ.get(PASSWORD_VARIABLE) or getpass.getpass(_("Password of {user}: ").format(user=options.user))
    return Login(options.address, options.user, password)


def _now() -> datetime:
    return datetime.now(UTC)
