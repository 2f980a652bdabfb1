"""The command `export`: the evidence of an incident as a package that others can check."""

import argparse
import json
from collections.abc import Callable
from contextlib import AbstractContextManager
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING

from ui.words.command_line import progress_bar
from ui.words.speech import _, whole

if TYPE_CHECKING:
    from storage.database import Database


def add_export_command(
    commands: "argparse._SubParsersAction[argparse.ArgumentParser]",
    data_folder: Callable[[argparse.Namespace], Path],
    opened: "Callable[[Path], AbstractContextManager[Database]]",
) -> None:
    """Adds it to main's. data_folder: the one that the options name; opened: opens its database."""
    export = commands.add_parser("export", help=_("give out the evidence of an incident: recordings, facts, log, signature"))
    export.add_argument("incident", type=int, metavar="INCIDENT", help=_("the alarm's number"))
    export.add_argument("--to", required=True, type=Path, metavar="DIR", help=_("the folder in which the package is made"))
    export.add_argument("--by", required=True, metavar="NAME", help=_("who gives it out; the secret is asked for"))
    export.add_argument("--second", required=True, metavar="NAME", help=_("who answers for it too; their secret is asked for"))
    export.add_argument("--json", action="store_true", help=_("print one JSON object"))
    export.set_defaults(run=lambda options: _export(options, data_folder(options), opened))


def said_export(number: int) -> str:
    """The sentence that both persons read."""
    return _("Give out the evidence of incident {number}: recordings, facts, and a part of the warehouse's log.").format(number=number)


def _export(options: argparse.Namespace, folder: Path, opened: "Callable[[Path], AbstractContextManager[Database]]") -> int:
    from storage.evidence.export import export_incident
    from storage.evidence.incident import incident_of
    from storage.rules.rights import Act
    from storage.settings import load_settings
    from ui.evidence.making import EvidenceMakers
    from ui.terminal.signing_in import second_person, signed_in

    now = datetime.now(UTC)
    with opened(folder) as whole_database:
        database, by = signed_in(whole_database, options.by, now=now)
        incident = incident_of(database, options.incident, now)
        second = second_person(
            whole_database, options.second, Act.EXPORT_FOOTAGE, said_export(options.incident), by=by, site_id=incident.site.id, now=now
        )
        with progress_bar(_("Exporting")) as progress:
            made = export_incident(
                database,
                options.incident,
                options.to.absolute(),
                EvidenceMakers(),
                recordings=load_settings(folder).recordings,
                by=by,
                second=second,
                now=now,
                progress=progress,
            )
    if options.json:
        facts = {"folder": str(made.folder), "files": made.files, "gaps": made.gaps, "manifest_sha256": made.manifest_sha256}
        print(json.dumps(facts | {"fingerprint": made.fingerprint}, ensure_ascii=False))
        return 0
    print(_("{folder}: {files} files, {gaps} gaps.").format(folder=made.folder, files=whole(made.files), gaps=whole(made.gaps)))
    print(_("Fingerprint of the key: {fingerprint}").format(fingerprint=made.fingerprint))
    print(_("Write it on the minutes that go with the package."))
    return 0
