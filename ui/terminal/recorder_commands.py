"""The command `clock`: which clock the recorder goes by, and saying that the computer's is right."""

import argparse
import json
from collections.abc import Callable
from contextlib import AbstractContextManager
from datetime import UTC, datetime
from typing import TYPE_CHECKING

from ui.words.speech import _

if TYPE_CHECKING:
    from storage.database import Database

Open = Callable[[argparse.Namespace], "AbstractContextManager[Database]"]


def add_recorder_commands(commands: "argparse._SubParsersAction[argparse.ArgumentParser]", opened: Open) -> None:
    """Adds them to main's; opened: opens the database of the data folder that the options name."""
    clock = commands.add_parser("clock", help=_("which clock the recorder goes by; say that the computer's is right"))
    clock.add_argument("--confirm", action="store_true", help=_("the computer's clock is right: go by it from now on"))
    clock.add_argument("--by", default="", metavar="NAME", help=_("the person who says so"))
    clock.add_argument("--json", action="store_true", help=_("print one JSON object"))
    clock.set_defaults(run=lambda options: _clock(opened, options))


def _clock(opened: Open, options: argparse.Namespace) -> int:
    from storage.people.person import named
    from storage.watch.recorders import clock_steps, settle_clock

    with opened(options) as database:
        if options.confirm:
            settle_clock(database, by=named(database, options.by), now=datetime.now(UTC))
        steps = clock_steps(database)
    if options.json:
        print(json.dumps({"open": [{"at": step.at.isoformat(), "computer_at": step.computer_at.isoformat()} for step in steps]}))
    elif not steps:
        print(_("The recorder goes by the computer's clock."))
    for step in () if options.json else steps:
        line = _("At {at} the computer's clock was set to {computer}; the recorder does not follow it until somebody confirms it.")
        print(line.format(at=step.at.isoformat(timespec="seconds"), computer=step.computer_at.isoformat(timespec="seconds")))
    return 0
