"""Making a backup: under another name until it is whole, checked and on the disk; so no broken-off one is ever taken for one."""

import errno
import hashlib
import os
import shutil
import socket
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path

from storage.backup import server
from storage.backup.copying import STAGED, copy_book, faults_of_file, heads_of, open_copy
from storage.backup.form import BOOK, DUMP, LIST, Backup, Damaged, Kept, check_files, leftovers, list_text, name_of, read_backup, whose
from storage.chain import put_record
from storage.database import HEAD, Database
from storage.evidence.package import CalledOff, Cancelled, Package
from storage.ledger.check import Finding, check_books
from storage.lock import if_free
from storage.password_file import FILE_NAME as PASSWORDS
from storage.people.person import Person
from storage.people.right import right
from storage.rules.chain import Checkpoint
from storage.rules.refusal import Refusal
from storage.rules.rights import Act
from storage.settings import FILE_NAME as SETTINGS
from storage.settings import Settings

LOCK = "backup.lock"
# Which parts of the work copying is, SQLite's check, the books' own; the rest reads it back.
COPIED, WHOLE, CHECKED = 0.5, 0.6, 0.95
# What must be free beside the book: the list, the settings, the folder.
MARGIN_BYTES = 1 << 20


@dataclass(frozen=True)
class Made:
    """A backup that is whole, and what the full check found in the book: it is as it was, the backup too."""

    backup: Backup
    findings: tuple[Finding, ...] = field(default=())


@right(Act.BACK_UP)
def back_up(
    database: Database,
    place: Path,
    settings: Settings,
    *,
    now: datetime,
    by: Person | None = None,
    progress: Callable[[float], None] = lambda _share: None,
    cancelled: Cancelled = lambda: False,
) -> Made:
    """Copies the book, while others write into it, to a new folder in a place, with the settings and the sealed camera passwords.

    place: a folder that is there. settings: those of the data folder. progress: told the share that is done, 0 to 1.

    Raises Refusal for a place that does not fit, is full, is gone or may not be written, for a book that is damaged, and where another
    backup of this data folder is being made; CalledOff. Then nothing is there under the new name, and earlier backups are as they were.
    """
    data_folder = database.path.parent
    place = fitting_place(place, data_folder, settings.recordings)

    def tell(share: float) -> None:
        if cancelled():
            raise CalledOff("The backup was called off; nothing of it is kept. Earlier backups are as they were.")
        progress(share)

    try:
        with if_free(data_folder / LOCK) as free:
            if not free:
                raise Refusal("A backup is being made already. Wait until it is done.")
            made = _make(database, place, settings, now, tell)
    except Damaged as error:  # what was read back is not what was written, or is gone
        raise _refusal(place, OSError(errno.EIO, os.strerror(errno.EIO), str(place))) from error
    except OSError as error:
        raise _refusal(place, error) from error
    _record(database.used_by(None), made, by, now)
    progress(1.0)
    return made


def fitting_place(place: Path, data_folder: Path, recordings: Path) -> Path:
    """Where a place leads to. Raises Refusal for one that is not there, or that lies where the book or the footage does."""
    try:
        found = place.resolve(strict=True)
    except (OSError, RuntimeError) as error:
        raise Refusal("There is no folder {folder} for backups. Is its disk connected?", folder=place) from error
    if not found.is_dir():
        raise Refusal("{folder} is no folder, so no backup is made there.", folder=place)
    if found.is_relative_to(data_folder.resolve()) or found.is_relative_to(recordings.resolve()):
        raise Refusal("{folder} lies in the data folder or the recordings; a backup belongs elsewhere, best on another disk.", folder=place)
    return found


def on_same_disk(place: Path, data_folder: Path) -> bool:
    """Whether one fault of a disk would take book and backups. Raises OSError."""
    return place.stat().st_dev == data_folder.stat().st_dev


def _make(database: Database, place: Path, settings: Settings, now: datetime, tell: Callable[[float], None]) -> Made:
    data_folder, of = database.path.parent, whose(database.path.parent)
    (data_folder / STAGED).unlink(missing_ok=True)
    for left in leftovers(place, of):  # nobody makes one now
        shutil.rmtree(left, ignore_errors=True)
    _check_space(database, place)
    with Package(place / name_of(now, of)) as package:
        package.path.chmod(0o700)
        if database.shared and settings.database is not None:
            heads, findings = _dump(database, settings.database, package, tell)
        else:
            heads, findings = _copy_file(database, package, tell)
        for file in _beside(data_folder, settings):
            package.write(file.relative_to(data_folder).as_posix(), file.read_bytes())
        files = {name: Kept(int(str(said["bytes"])), str(said["sha256"])) for name, said in package.files.items()}
        backup = Backup(
            *(package.path, now, socket.gethostname(), of, HEAD, str(settings.recordings.resolve())),
            *(heads, len(findings), files),
        )
        _read_back(backup, tell)
        package.finish({LIST: list_text(backup)})
    return Made(read_backup(package.target), findings)


def _check_space(database: Database, place: Path) -> None:
    """How much a server's book takes is not known before."""
    if not database.shared:
        wanted, free = database.path.stat().st_size + MARGIN_BYTES, shutil.disk_usage(place).free
        if free < wanted:
            raise OSError(errno.ENOSPC, "no space", str(place))


def _copy_file(database: Database, package: Package, tell: Callable[[float], None]) -> tuple[tuple[Checkpoint, ...], tuple[Finding, ...]]:
    copy = package.place(BOOK)
    copy_book(database.path, copy, tell=lambda share: tell(COPIED * share))
    faults = faults_of_file(copy, tell=lambda: tell(COPIED))
    if faults:
        raise Refusal("The book is damaged ({why}); no backup was made of it. Restore the last good one.", why=faults[0])
    opened = open_copy(copy)
    try:
        heads = heads_of(opened)
        findings = check_copy(opened, heads, lambda share: tell(WHOLE + (CHECKED - WHOLE) * share))
    finally:
        opened.close()
    package.take(BOOK)
    return heads, findings


def _dump(
    database: Database, url: str, package: Package, tell: Callable[[float], None]
) -> tuple[tuple[Checkpoint, ...], tuple[Finding, ...]]:
    copy = package.place(DUMP)
    heads = server.dump(database, url, copy, tell=lambda: tell(0.0))
    package.take(DUMP)
    return heads, check_copy(database.used_by(None), heads, lambda share: tell(WHOLE + (CHECKED - WHOLE) * share))


def check_copy(database: Database, heads: Sequence[Checkpoint], tell: Callable[[float], None]) -> tuple[Finding, ...]:
    """The full check of a book. tell: told the share that is done; may raise. Raises Refusal where it cannot be read."""
    of = max(1, sum(head.number for head in heads))
    tell(0.0)
    findings = check_books(database, progress=lambda events: tell(min(1.0, events / of))).findings
    tell(1.0)
    return findings


def _beside(data_folder: Path, settings: Settings) -> list[Path]:
    """What else is needed: the settings, the camera passwords without their key, the person detector if it lies in the data folder."""
    files = [data_folder / SETTINGS, data_folder / PASSWORDS]
    model = settings.person_model
    if model is not None and model.is_relative_to(data_folder) and ".." not in model.parts:
        files.append(model)
    return [file for file in files if file.is_file()]


def _read_back(backup: Backup, tell: Callable[[float], None]) -> None:
    done, of = 0, max(1, backup.bytes)

    def count(step: int) -> None:
        nonlocal done
        done += step
        tell(CHECKED + (1 - CHECKED) * done / of)

    check_files(backup, tell=count)


def _record(program: Database, made: Made, by: Person | None, now: datetime) -> None:
    """In the chain: so that whoever is given the backup later can tell that it is the one that was made."""
    backup = made.backup
    digest = hashlib.sha256(list_text(backup)).hexdigest()
    said = {"folder": str(backup.folder), "computer": backup.computer, "bytes": backup.bytes, "list": digest, "faults": backup.faults}
    with program.write() as connection:
        put_record(connection, None, "backup_made", said, at=now, by=by.id if by else None)


def _refusal(place: Path, error: OSError) -> Refusal:
    if error.errno in (errno.ENOSPC, errno.EDQUOT):
        return Refusal("The disk of {folder} has no space for a backup. Earlier backups are as they were; free space there.", folder=place)
    if not place.exists():
        return Refusal("The folder {folder} is gone: was its disk pulled out? The backup is not finished; make it again.", folder=place)
    why = error.strerror or str(error)
    return Refusal("The backup in {folder} could not be written: {why}. Earlier backups are as they were.", folder=place, why=why)
