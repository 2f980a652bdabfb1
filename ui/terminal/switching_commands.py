"""The commands `cameras off` and `cameras on`."""

import argparse
from collections.abc import Callable
from contextlib import AbstractContextManager
from datetime import UTC, datetime
from typing import TYPE_CHECKING

from ui.words.speech import _

if TYPE_CHECKING:
    from storage.database import Database
    from storage.people.person import Person

Open = Callable[[argparse.Namespace], "AbstractContextManager[Database]"]


def add_switching(acts: "argparse._SubParsersAction[argparse.ArgumentParser]", opened: Open) -> None:
    """Adds them to the commands of `cameras`; opened: opens the database of the data folder that the options name."""
    off = acts.add_parser("off", help=_("switch a camera off: it is not recorded until it is switched on again"))
    on = acts.add_parser("on", help=_("switch a camera on again"))
    for parser in (off, on):
        parser.add_argument("camera", type=int, metavar="ID", help=_("its number, as cameras list tells it"))
        parser.add_argument("--by", required=True, metavar="NAME", help=_("who does it: a supervisor or an administrator"))
        parser.set_defaults(run=lambda options, act=_off if parser is off else _on: _switch(act, options, opened))
    off.add_argument("--reason", required=True, metavar="TEXT")


def _switch(act: "Callable[[Database, argparse.Namespace, Person], str]", options: argparse.Namespace, opened: Open) -> int:
    from storage.people.person import named

    with opened(options) as database:
        person = named(database, options.by)
        print(act(database, options, person))
    return 0


def _off(database: "Database", options: argparse.Namespace, person: "Person") -> str:
    from storage.watch.switching import switch_off

    switch_off(database, options.camera, options.reason, by=person, now=datetime.now(UTC))
    return _("Camera {number} is switched off; the recorder ends it within a few seconds.").format(number=options.camera)


def _on(database: "Database", options: argparse.Namespace, person: "Person") -> str:
    from storage.watch.switching import switch_on

    switch_on(database, options.camera, by=person, now=datetime.now(UTC))
    return _("Camera {number} is switched on; the recorder begins with it within a few seconds.").format(number=options.camera)
