"""Bringing a backup back, in a new place: never over a book that is there, and never without a full check."""

import errno
import os
import re
import shutil
import tomllib
from collections.abc import Callable, Sequence
from contextlib import closing
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from storage.backup import server
from storage.backup.comparing import Behind, behind_book, with_checkpoints
from storage.backup.copying import copy_book, faults_of_file, heads_of, open_copy
from storage.backup.form import BOOK, DUMP, Backup, Damaged, check_files, chunks, read_backup
from storage.backup.making import check_copy
from storage.chain import put_record
from storage.database import FILE_NAME, Database, open_database
from storage.evidence.verify import UNFINISHED
from storage.ledger.against import Compared, Verdict
from storage.ledger.check import Finding
from storage.password_file import FILE_NAME as PASSWORDS
from storage.password_file import sync_folder
from storage.rules.chain import Checkpoint
from storage.rules.checkpoint import Given
from storage.rules.refusal import Refusal
from storage.settings import FILE_NAME as SETTINGS

# Which parts of the work reading the backup is, copying, the check.
READ, COPIED = 0.2, 0.4


@dataclass(frozen=True)
class Restored:
    """A book in its new place. made_at: of the backup; None for a lone file that no list belongs to.

    heads: where the chains end, as the backup has them. findings: of the full check; behind: what is known to be missing.
    unread: why the book in use could not be compared; None if it was, or there is none.
    """

    folder: Path
    made_at: datetime | None
    heads: tuple[Checkpoint, ...]
    findings: tuple[Finding, ...]
    behind: tuple[Behind, ...]
    compared: tuple[Compared, ...]
    unread: Refusal | None
    has_passwords: bool
    recordings: str


@dataclass(frozen=True)
class Wanted:
    """What is restored and where. source: a backup, a file in one, or a lone book. to: a folder that is not there, or empty.

    url: the empty database of a server for a book that was on one. checkpoints: to compare with. present: opens the book in use to
    compare with; None where there is none.
    """

    source: Path
    to: Path
    url: str | None = None
    checkpoints: Sequence[Given] = ()
    present: Callable[[], Database] | None = None


def restore(wanted: Wanted, *, now: datetime, progress: Callable[[float], None] = lambda _share: None) -> Restored:
    """Puts the book, and what belongs to it, into the new place; that it was is recorded there.

    A book whose check finds faults is restored all the same: they were in the book when the backup was made. progress: told the
    share that is done; may raise to call it off.

    Raises Damaged where the backup is not as it was written; Refusal for a place that is not new, for what is no backup, and where the
    disk or the server refuses. Then nothing is in the new place.
    """
    source, backup = _source(wanted.source)
    target = _new_place(wanted.to, source)
    _check_kind(source, backup, wanted.url)
    making = target.with_name(target.name + UNFINISHED)
    try:
        making.mkdir(mode=0o700)
        try:
            heads, findings, behind, compared, unread = _bring(wanted, source, backup, making, now=now, progress=progress)
            if target.exists():
                target.rmdir()  # it is empty
            sync_folder(making)
            making.rename(target)
            sync_folder(target.parent)
        finally:
            shutil.rmtree(making, ignore_errors=True)
    except OSError as error:
        if error.errno in (errno.ENOSPC, errno.EDQUOT):
            raise Refusal("The disk of {folder} has no space for the book; nothing was restored.", folder=target) from error
        raise Refusal("{folder} could not be written: {why}. Nothing was restored.", folder=target, why=error.strerror or error) from error
    progress(1.0)
    made_at, recordings = (backup.made_at, backup.recordings) if backup else (None, "")
    return Restored(target, made_at, heads, findings, tuple(behind), tuple(compared), unread, (target / PASSWORDS).exists(), recordings)


def _source(named: Path) -> tuple[Path, Backup | None]:
    """The backup that is named, by its folder or a file in it; or a lone book. Raises Refusal, Damaged."""
    if named.is_dir():
        return named, read_backup(named)
    if not named.is_file():
        raise Refusal("There is no backup {file}.", file=named)
    try:
        backup = read_backup(named.parent)
    except Damaged:
        raise
    except Refusal:
        return named, None
    return named.parent, backup


def _new_place(to: Path, source: Path) -> Path:
    target = to.absolute()
    if target.is_symlink() or (target.exists() and (not target.is_dir() or any(target.iterdir()))):
        raise Refusal("{folder} is there already. A book is restored into a new folder, never over another.", folder=to)
    if not target.parent.is_dir():
        raise Refusal("There is no folder {folder}.", folder=target.parent)
    if target.resolve().is_relative_to(source.resolve()):
        raise Refusal("{folder} lies in the backup itself. Choose another folder.", folder=to)
    unfinished = target.with_name(target.name + UNFINISHED)
    if unfinished.exists() or unfinished.is_symlink():
        raise Refusal("{folder} is left of a restoration that was broken off. Look at it, remove it, and try again.", folder=unfinished)
    return target


def _check_kind(source: Path, backup: Backup | None, url: str | None) -> None:
    of_server = backup.on_server if backup else source.suffix == ".dump"
    if of_server and url is None:
        raise Refusal("This is the book of a server. Make a new, empty database there and name it with --database.")
    if url is not None and not of_server:
        raise Refusal("This book is a file, and is not restored into the database of a server.")


def _bring(
    wanted: Wanted, source: Path, backup: Backup | None, making: Path, *, now: datetime, progress: Callable[[float], None]
) -> tuple[tuple[Checkpoint, ...], tuple[Finding, ...], list[Behind], list[Compared], Refusal | None]:
    if backup:
        _check_bytes(backup, progress)
        for name in backup.files:
            if name not in (BOOK, DUMP):
                _copy(backup.folder / name, making / name)
    if wanted.url is None:
        book = backup.folder / BOOK if backup else source
        _bring_file(book, making / FILE_NAME, progress, known=backup is not None)
        heads = _heads_of_file(making / FILE_NAME)
    else:
        server.bring_back(backup.folder / DUMP if backup else source, wanted.url, tell=lambda: progress(READ))
        _name_server(making / SETTINGS, wanted.url)
        heads = ()
    with closing(open_database(making, url=wanted.url)) as restored:  # brings the tables of an earlier version up to date
        # A book of a server is not looked at before it is brought up to date: its own tables may be of an earlier version.
        heads = heads or (backup.heads if backup else heads_of(restored))
        if backup and any(one.verdict is not Verdict.SAME for one in with_checkpoints(restored, _begun(backup.heads))):
            raise Damaged(
                "In the backup {folder}, {file} is not as it was written.", folder=backup.folder, file=DUMP if wanted.url else BOOK
            )
        findings = check_copy(restored, heads, lambda share: progress(COPIED + (1 - COPIED) * share))
        behind, unread = _behind(wanted, heads)
        compared = with_checkpoints(restored, wanted.checkpoints)
        said = {
            "backup": str(wanted.source),
            "made": backup.made_at if backup else None,
            "heads": [head.text for head in heads],
            "missing": [{"site": one.site, "has": one.has, "was": one.was, "other": one.other} for one in behind],
            "checkpoints": [{"site": one.site, "number": one.number, "verdict": one.verdict.value} for one in compared],
            "faults": len(findings),
        }
        with restored.write() as connection:
            put_record(connection, None, "backup_restored", said, at=now)
    return heads, findings, behind, compared, unread


def _check_bytes(backup: Backup, progress: Callable[[float], None]) -> None:
    done, of = 0, max(1, backup.bytes)

    def count(step: int) -> None:
        nonlocal done
        done += step
        progress(READ * done / of)

    check_files(backup, tell=count)


def _bring_file(book: Path, target: Path, progress: Callable[[float], None], *, known: bool) -> None:
    """known: the bytes are those of its list; a lone file may be one that somebody has open, and is copied as a book is."""
    if known:
        _copy(book, target)
    else:
        copy_book(book, target)
    faults = faults_of_file(target, tell=lambda: progress(READ))
    if faults:
        raise Refusal("{file} is damaged ({why}); nothing was restored. Take an earlier backup.", file=book, why=faults[0])
    progress(COPIED)


def _heads_of_file(book: Path) -> tuple[Checkpoint, ...]:
    opened = open_copy(book)
    try:
        return heads_of(opened)
    except Refusal as error:
        raise Refusal("{file} is a database of another program.", file=book) from error
    finally:
        opened.close()


def _begun(heads: Sequence[Checkpoint]) -> list[Checkpoint]:
    """Those of chains that have an entry."""
    return [head for head in heads if head.number]


def _behind(wanted: Wanted, heads: Sequence[Checkpoint]) -> tuple[list[Behind], Refusal | None]:
    if wanted.present is None:
        return [], None
    try:
        with closing(wanted.present()) as present:
            return behind_book(heads, present), None
    except Refusal as error:
        return [], error


def _copy(source: Path, target: Path) -> None:
    target.parent.mkdir(parents=True, exist_ok=True)
    handle = os.open(target, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(handle, "wb") as file:
        for chunk in chunks(source):
            file.write(chunk)
        file.flush()
        os.fsync(file.fileno())


def _name_server(settings: Path, url: str) -> None:
    """The restored settings name the new database: with the old line two books would be taken for one. Raises Refusal."""
    text = settings.read_text(encoding="utf-8") if settings.exists() else ""
    line = f'database = "{url}"\n'
    changed, count = re.subn(r"(?m)^[ \t]*database[ \t]*=.*\n?", lambda _found: line, text, count=1)
    changed = changed if count else line + text
    try:
        fits = tomllib.loads(changed).get("database") == url
    except tomllib.TOMLDecodeError:
        fits = False
    if not fits:
        raise Refusal("The restored settings cannot name the new database. Write them anew: {line}", line=line.strip())
    settings.write_text(changed, encoding="utf-8")
