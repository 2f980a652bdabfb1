"""The command `checkpoint`: the head of a warehouse's book, signed, to be printed, scanned or read aloud."""

import argparse
import json
from collections.abc import Callable
from contextlib import AbstractContextManager
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING

from ui.words.speech import _

if TYPE_CHECKING:
    from storage.database import Database
    from storage.settings import Settings


def add_checkpoint_command(
    commands: "argparse._SubParsersAction[argparse.ArgumentParser]",
    data_folder: Callable[[argparse.Namespace], Path],
    opened: "Callable[[Path], AbstractContextManager[Database]]",
) -> None:
    """Adds it to main's. data_folder: the one that the options name; opened: opens its database."""
    command = commands.add_parser("checkpoint", help=_("sign where a warehouse's book ends now, to be printed or read aloud"))
    command.add_argument("--site", required=True, metavar="CODE", help=_("the warehouse's code"))
    command.add_argument("--to", type=Path, default=None, metavar="FILE", help=_("write a page to print (.pdf) or a text file"))
    command.add_argument("--json", action="store_true", help=_("print one JSON object"))
    command.set_defaults(run=lambda options: _checkpoint(options, data_folder(options), opened))


def stamper_of(settings: "Settings") -> Callable[[bytes], bytes] | None:
    """What asks the authority of the settings for time stamps; None where there is none. Raises Refusal."""
    if settings.time_stamps is None or settings.time_stamp_roots is None:
        return None
    from storage.evidence.time_stamp import stamper

    return stamper(settings.time_stamps, settings.time_stamp_roots.read_bytes())


def _checkpoint(options: argparse.Namespace, folder: Path, opened: "Callable[[Path], AbstractContextManager[Database]]") -> int:
    from storage.evidence.checkpoints import Purpose, issue_checkpoint
    from storage.evidence.daily import checkpoint_file
    from storage.evidence.verify import fingerprint
    from storage.places import find_site
    from storage.rules.checkpoint import spoken_text
    from storage.settings import load_settings

    with opened(folder) as database:
        site = find_site(database, options.site)
        stamp = stamper_of(load_settings(folder))
        issued = issue_checkpoint(database, site.id, Purpose.ASKED, now=datetime.now(UTC), stamp=stamp)
    text, aloud = issued.signed.text, spoken_text(issued.signed.head)
    if options.to is not None:
        from ui.evidence.sheet import checkpoint_sheet

        page = (
            checkpoint_sheet(issued, site.name, site.zone)
            if options.to.suffix.lower() == ".pdf"
            else checkpoint_file(issued, site.name).encode()
        )
        with options.to.open("xb") as file:
            file.write(page)
    if options.json:
        facts = {"checkpoint": text, "aloud": aloud, "key": issued.public.hex(), "stamped": issued.stamp is not None}
        print(json.dumps(facts, ensure_ascii=False))
        return 0
    import segno

    segno.make(text, error="m", micro=False).terminal(compact=True)
    print(text)
    print(aloud)
    print(_("Fingerprint of the key: {fingerprint}").format(fingerprint=fingerprint(issued.public)))
    if issued.unstamped is not None:
        from ui.words.sentences import sentence

        print(sentence(issued.unstamped))
    return 0
