"""The commands `backup` and `restore`."""

import argparse
import json
import sys
from collections.abc import Callable
from contextlib import AbstractContextManager
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING

from storage.rules.refusal import Refusal
from ui.words.command_line import progress_bar
from ui.words.sentences import sentence
from ui.words.sizes import size
from ui.words.speech import _, whole

if TYPE_CHECKING:
    from storage.backup.comparing import Behind
    from storage.backup.making import Made
    from storage.backup.restoring import Restored
    from storage.database import Database
    from storage.rules.checkpoint import Given

Folder = Callable[[argparse.Namespace], Path]


def add_backup_commands(
    commands: "argparse._SubParsersAction[argparse.ArgumentParser]",
    data_folder: Folder,
    opened: "Callable[[Path], AbstractContextManager[Database]]",
) -> None:
    """Adds them to main's. data_folder: the one that the options name; opened: opens its database."""
    backup = commands.add_parser("backup", help=_("copy the book while the program goes on"))
    backup.add_argument("--to", type=Path, metavar="DIR", help=_("the folder for backups; that of the settings, if it is not said"))
    backup.add_argument("--by", default="", metavar="NAME", help=_("who makes it; the secret is asked for"))
    backup.add_argument("--json", action="store_true", help=_("print one JSON object"))
    backup.set_defaults(run=lambda options: _backup(options, data_folder(options), opened))
    restore = commands.add_parser("restore", help=_("bring a backup back in a new folder"))
    restore.add_argument("source", type=Path, metavar="FILE|DIR", help=_("the backup"))
    restore.add_argument("--to", required=True, type=Path, metavar="NEW_DIR", help=_("the new data folder"))
    restore.add_argument("--database", metavar="URL", help=_("a new, empty database, where the book was on a server"))
    restore.add_argument(
        "--checkpoint", action="append", default=[], metavar="TEXT|FILE", help=_("a printed checkpoint, or a file of them")
    )
    restore.add_argument("--json", action="store_true", help=_("print one JSON object"))
    restore.set_defaults(run=lambda options: _restore(options, data_folder(options)))


def _backup(options: argparse.Namespace, folder: Path, opened: "Callable[[Path], AbstractContextManager[Database]]") -> int:
    from storage.backup.making import back_up, on_same_disk
    from storage.settings import load_settings
    from ui.terminal.signing_in import signed_in

    settings, now = load_settings(folder), datetime.now(UTC)
    place: Path | None = options.to.absolute() if options.to else settings.backups
    if place is None:
        raise Refusal("Say where the backup goes with --to, or write backups into settings.toml.")
    with opened(folder) as whole_database:
        database, by = signed_in(whole_database, options.by, now=now) if options.by else (whole_database, None)
        with progress_bar(_("Backing up")) as progress:
            made = back_up(database, place, settings, now=now, by=by, progress=progress)
    same_disk = on_same_disk(made.backup.folder, folder)
    if options.json:
        print(json.dumps(_made_facts(made) | {"same_disk": same_disk}, ensure_ascii=False))
    else:
        _tell_made(made, same_disk)
    return 1 if made.findings else 0


def _tell_made(made: "Made", same_disk: bool) -> None:
    backup = made.backup
    print(_("{folder}: {size}, read back and checked.").format(folder=backup.folder, size=size(backup.bytes)))
    print(_("Not in it: the footage, the key of the camera passwords, the key that signs."))
    for head in backup.heads:
        print(head.text)
    if same_disk:
        print(_("It lies on the same disk as the book: a fault of that disk would take both."), file=sys.stderr)
    if made.findings:
        line = _("The book itself has {faults} faults, and so has this backup: run check. Keep the earlier backups.")
        print(line.format(faults=whole(len(made.findings))), file=sys.stderr)


def _made_facts(made: "Made") -> dict[str, object]:
    backup = made.backup
    facts = {"folder": str(backup.folder), "made": backup.made_at.isoformat(), "bytes": backup.bytes, "faults": len(made.findings)}
    return facts | {"files": sorted(backup.files), "heads": [head.text for head in backup.heads]}


def _restore(options: argparse.Namespace, folder: Path) -> int:
    from storage.backup.restoring import Wanted, restore
    from storage.rules.checkpoint import read_checkpoints
    from storage.settings import check_database

    if options.database:
        try:
            check_database(Path("--database"), options.database)
        except Refusal:
            raise Refusal("--database must be like postgresql://user@host:5432/name, without a password.") from None
    printed: list[Given] = []
    for text in options.checkpoint:
        path = Path(text)
        printed += read_checkpoints(path.read_text(encoding="utf-8") if len(text) < 200 and path.is_file() else text)
    wanted = Wanted(options.source.absolute(), options.to.absolute(), options.database, printed, _present(folder))
    with progress_bar(_("Restoring")) as progress:
        restored = restore(wanted, now=datetime.now(UTC), progress=progress)
    if options.json:
        print(json.dumps(_restored_facts(restored), ensure_ascii=False))
    else:
        _tell_restored(restored, options.database is not None)
    return 1 if restored.findings else 0


def _present(folder: Path) -> "Callable[[], Database] | None":
    """Opens the book in use, if there is one, and leaves it as it is."""
    from storage.backup.copying import open_copy
    from storage.database import FILE_NAME, open_database
    from storage.settings import load_settings

    url = load_settings(folder).database
    if url is not None:
        return lambda: open_database(folder, url=url)
    return (lambda: open_copy(folder / FILE_NAME, still=False)) if (folder / FILE_NAME).is_file() else None


def _tell_restored(restored: "Restored", on_server: bool) -> None:
    from storage.password_file import KEY_NAME

    for finding in restored.findings:
        print(sentence(finding.said))
    at = f"{restored.made_at.astimezone():%Y-%m-%d %H:%M}" if restored.made_at else "?"
    print(_("{folder}: the book of {at} is restored and checked: {faults} faults.").format(
        folder=restored.folder, at=at, faults=whole(len(restored.findings))
    ))  # fmt: skip
    for head in restored.heads:
        print(head.text)
    for one in restored.behind:
        print(_said_behind(one), file=sys.stderr)
    for compared in restored.compared:
        print(sentence(compared.said), file=sys.stderr)
    if restored.unread is not None:
        said = _("What is missing is not known, for the book in use cannot be read: {why} Compare with a printed checkpoint.")
        print(said.format(why=sentence(restored.unread)), file=sys.stderr)
    print(_("Begin with it by --data {folder}. Before that:").format(folder=restored.folder))
    if restored.recordings:
        print("- " + _("The footage is not in a backup. It was in {folder}: name that folder as recordings in settings.toml.").format(
            folder=restored.recordings
        ))  # fmt: skip
    if restored.has_passwords:
        print("- " + _("Put the key of the camera passwords, {key}, beside the book (chmod 600); without it enter them again.").format(
            key=KEY_NAME
        ))  # fmt: skip
    print("- " + _("The first signature makes a new key for signing. What was signed before still verifies."))
    if on_server:
        print("- " + _("Other workstations must name the new database in their settings.toml."))


def _said_behind(one: "Behind") -> str:
    if one.other:
        return _("{site}: the chain does not fit: this is another book, or one of them was written anew.").format(site=one.site)
    line = _("{site}: ROLLBACK: {missing} entries are missing, of {was} there are {has}.")
    said = line.format(site=one.site, missing=whole(one.missing), was=whole(one.was), has=whole(one.has))
    return said if one.since is None else said + " " + _("The first of them was entered on {at}.").format(
        at=f"{one.since.astimezone():%Y-%m-%d %H:%M}"
    )  # fmt: skip


def _restored_facts(restored: "Restored") -> dict[str, object]:
    behind = [
        {"site": one.site, "has": one.has, "was": one.was, "missing": one.missing, "other": one.other}
        | {"since": one.since.isoformat() if one.since else None}
        for one in restored.behind
    ]
    return {
        "folder": str(restored.folder),
        "made": restored.made_at.isoformat() if restored.made_at else None,
        "heads": [head.text for head in restored.heads],
        "findings": [{"kind": found.kind, "table": found.table, "row": found.row, "said": str(found.said)} for found in restored.findings],
        "behind": behind,
        "checkpoints": [one.facts for one in restored.compared],
        "not_compared": str(restored.unread) if restored.unread else None,
    }
