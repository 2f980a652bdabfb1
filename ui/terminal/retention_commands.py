"""The command `retention`: how long footage is kept, how much there is, and how long the disk lasts."""

import argparse
import json
from collections.abc import Callable
from contextlib import AbstractContextManager
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING

from storage.rules.refusal import Refusal
from ui.words.speech import _, whole

if TYPE_CHECKING:
    from storage.database import Database
    from storage.watch.retention import Outlook

Open = Callable[[argparse.Namespace], "AbstractContextManager[Database]"]


def add_retention_commands(
    commands: "argparse._SubParsersAction[argparse.ArgumentParser]", opened: Open, folder: Callable[[argparse.Namespace], Path]
) -> None:
    """Adds it to main's. opened: opens the database of the data folder that the options name; folder: that folder."""
    kept = commands.add_parser("retention", help=_("how long footage is kept: list it, or change it with `set`"))
    kept.add_argument("--json", action="store_true", help=_("print one JSON object"))
    kept.set_defaults(run=lambda options: _list(opened, folder, options))
    change = kept.add_subparsers(metavar=_("ACT")).add_parser("set", help=_("change how long a room's footage is kept"))
    change.add_argument("--room", required=True, metavar="R", help=_("the room's name, or its number"))
    change.add_argument("--days", type=int, default=None, metavar="N", help=_("days; without it there is no such limit"))
    change.add_argument("--gb", type=int, default=None, metavar="N", help=_("gigabytes; without it there is no such limit"))
    change.add_argument("--by", required=True, metavar="NAME", help=_("the supervisor or administrator who says so"))
    change.set_defaults(run=lambda options: _set(opened, options))


def _list(opened: Open, folder: Callable[[argparse.Namespace], Path], options: argparse.Namespace) -> int:
    from storage.settings import load_settings
    from storage.watch.retention import outlooks
    from ui.watch.kept import free_bytes, said_kept

    with opened(options) as database:
        free = free_bytes(load_settings(folder(options)).recordings)
        rooms = outlooks(database, datetime.now(UTC), free)
    if options.json:
        print(json.dumps({"free": free, "rooms": [_plain(outlook) for outlook in rooms]}, ensure_ascii=False))
        return 0
    for outlook in rooms:
        print(f"{outlook.room_id}  {outlook.room}: {said_kept(outlook)}; {_said_limits(outlook)}")
    return 0


def _plain(outlook: "Outlook") -> dict[str, object]:
    return {
        "room": outlook.room_id,
        "name": outlook.room,
        "kept": outlook.kept_bytes,
        "days": outlook.limits.days,
        "bytes": outlook.limits.bytes,
        "a_day": round(outlook.a_day),
        "days_left": None if outlook.days_left is None else round(outlook.days_left, 1),
    }


def _said_limits(outlook: "Outlook") -> str:
    from ui.words.sizes import size

    days, most = outlook.limits.days, outlook.limits.bytes
    said = [_("{days} days").format(days=whole(days))] if days else []
    said += [_("at most {size}").format(size=size(most))] if most else []
    return _("kept: {limits}").format(limits=", ".join(said)) if said else _("kept until the disk is nearly full")


def _set(opened: Open, options: argparse.Namespace) -> int:
    from storage.people.person import named
    from storage.watch.retention import Limits, outlooks, set_retention
    from ui.words.sizes import GB

    now = datetime.now(UTC)
    with opened(options) as database:
        rooms = outlooks(database, now, None)
        meant = [one for one in rooms if options.room == str(one.room_id) or options.room.casefold() == one.room.casefold()]
        if len(meant) != 1:
            choice = ", ".join(f"{one.room_id} {one.room}" for one in meant or rooms)
            raise Refusal("Say which room with its number: {rooms}.", rooms=choice)
        limits = Limits(options.days, None if options.gb is None else options.gb * GB)
        set_retention(database, meant[0].room_id, limits, by=named(database, options.by), now=now)
    print(_("How long the footage of {room} is kept holds from now on.").format(room=meant[0].room))
    return 0
