"""What a backup is: a folder with the book, the settings, and a list that seals both."""

import hashlib
import json
import re
import socket
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path, PurePosixPath

from storage.evidence.verify import UNFINISHED
from storage.rules.chain import Checkpoint, body_text
from storage.rules.refusal import Refusal

FORMAT = "jaga-gudang-backup-1"
LIST = "backup.json"
BOOK, DUMP = "jaga.db", "jaga.dump"
# The name says when it was made (UTC) and of which data folder of which computer it is.
_NAME = re.compile(r"cadangan-\d{8}T\d{6}Z-([0-9a-f]{8})")
MOST_LIST_BYTES = 1 << 20
# How many backups of a folder a sentence names, the newest first.
NAMED = 5
CHUNK = 1 << 20

Tell = Callable[[int], None]


class Damaged(Refusal):
    """A backup is not what was written; it names the file."""


@dataclass(frozen=True)
class Kept:
    """A file of a backup: its length and its SHA-256 in hexadecimal."""

    bytes: int
    sha256: str


@dataclass(frozen=True)
class Backup:
    """A backup as its list has it. heads: where each site's chain ends in it; faults: what the full check found in the book.

    whose: of which data folder it is. schema: of the tables. recordings: where the footage was, which is not in it.
    """

    folder: Path
    made_at: datetime
    computer: str
    whose: str
    schema: str
    recordings: str
    heads: tuple[Checkpoint, ...]
    faults: int
    files: Mapping[str, Kept]

    @property
    def bytes(self) -> int:
        """Of all its files."""
        return sum(kept.bytes for kept in self.files.values())

    @property
    def on_server(self) -> bool:
        """Whether the book is one of a server, as pg_dump wrote it."""
        return DUMP in self.files


def whose(data_folder: Path) -> str:
    """Eight signs that tell this data folder of this computer from others, which may keep their backups in the same place."""
    return hashlib.sha256(f"{socket.gethostname()}\0{data_folder.resolve()}".encode(errors="surrogatepass")).hexdigest()[:8]


def name_of(made_at: datetime, of: str) -> str:
    """The name of a backup's folder."""
    return f"cadangan-{made_at:%Y%m%dT%H%M%SZ}-{of}"


def list_text(backup: Backup) -> bytes:
    """The list as it is written: one line of JSON whose last part seals the rest."""
    said: dict[str, object] = {
        "format": FORMAT,
        "made": backup.made_at.isoformat(),
        "computer": backup.computer,
        "whose": backup.whose,
        "schema": backup.schema,
        "recordings": backup.recordings,
        "heads": [head.text for head in backup.heads],
        "faults": backup.faults,
        "files": {name: {"bytes": kept.bytes, "sha256": kept.sha256} for name, kept in backup.files.items()},
    }
    return _sealed(said)


def read_backup(folder: Path) -> Backup:
    """What the list of a backup says; the files are only looked for, with their lengths.

    Raises Refusal for what is no backup, and one that is not whole; Damaged where the list or a length is not as it was written.
    """
    if folder.name.endswith(UNFINISHED):
        raise Refusal("{folder} was never finished: it is no backup.", folder=folder)
    path = folder / LIST
    try:
        with path.open("rb") as file:
            raw = file.read(MOST_LIST_BYTES)
    except OSError as error:
        inside = sorted((child.name for child in folder.glob("cadangan-*") if _NAME.fullmatch(child.name)), reverse=True)
        if inside:
            names = ", ".join(inside[:NAMED])
            raise Refusal("{folder} holds backups and is none itself. Name one of them: {names}.", folder=folder, names=names) from error
        raise Refusal("{folder} is no backup: its list {file} cannot be read.", folder=folder, file=LIST) from error
    backup = _read(folder, raw)
    for name, kept in backup.files.items():
        file_path = folder / name
        # What a link points to is not what was written here.
        if any(part.is_symlink() for part in (file_path, *file_path.parents[: len(PurePosixPath(name).parts) - 1])):
            raise Damaged("In the backup {folder}, {file} is not as it was written.", folder=folder, file=name)
        if not file_path.is_file() or file_path.stat().st_size != kept.bytes:
            raise Damaged("In the backup {folder}, {file} is not as it was written.", folder=folder, file=name)
    return backup


def check_files(backup: Backup, *, tell: Tell = lambda _bytes: None) -> None:
    """Reads every byte. tell: given the bytes of each step; may raise. Raises Damaged, naming the file that is not as it was written."""
    for name, kept in backup.files.items():
        digest = hashlib.sha256()
        try:
            for chunk in chunks(backup.folder / name):
                digest.update(chunk)
                tell(len(chunk))
        except OSError as error:
            raise Damaged("In the backup {folder}, {file} cannot be read.", folder=backup.folder, file=name) from error
        if digest.hexdigest() != kept.sha256:
            raise Damaged("In the backup {folder}, {file} is not as it was written.", folder=backup.folder, file=name)


def own_backups(place: Path, of: str) -> list[Backup]:
    """The whole backups of one data folder in a place, newest first. Raises OSError where the place cannot be read."""
    found = []
    for folder in place.iterdir():
        name = _NAME.fullmatch(folder.name)
        if name is not None and name[1] == of and folder.is_dir() and not folder.is_symlink():
            try:
                found.append(read_backup(folder))
            except (Refusal, OSError):
                continue  # what is not whole counts for nothing, and is left for somebody to look at
    return sorted(found, key=lambda backup: backup.made_at, reverse=True)


def leftovers(place: Path, of: str) -> list[Path]:
    """What backups of one data folder that were broken off have left in a place. Raises OSError."""
    names = re.compile(_NAME.pattern.replace("([0-9a-f]{8})", of) + re.escape(UNFINISHED))
    return [folder for folder in place.iterdir() if names.fullmatch(folder.name) and folder.is_dir() and not folder.is_symlink()]


def chunks(path: Path) -> Iterator[bytes]:
    """The bytes of a file, a piece at a time. Raises OSError."""
    with path.open("rb") as file:
        while chunk := file.read(CHUNK):
            yield chunk


def _sealed(said: Mapping[str, object]) -> bytes:
    seal = hashlib.sha256(body_text(said).encode()).hexdigest()
    return (json.dumps({**said, "seal": seal}, ensure_ascii=False, indent=1) + "\n").encode()


def _read(folder: Path, raw: bytes) -> Backup:
    """The list, of which every byte must be as _sealed writes it."""
    try:
        said = json.loads(raw)
        del said["seal"]
        if _sealed(said) != raw or said["format"] != FORMAT:
            raise ValueError("not as it was written")
        files = {_safe(name): Kept(int(kept["bytes"]), str(kept["sha256"])) for name, kept in said["files"].items()}
        if (BOOK in files) == (DUMP in files):
            raise ValueError("one book is wanted")
        return Backup(
            *(folder, datetime.fromisoformat(said["made"]), said["computer"], said["whose"], said["schema"], said["recordings"]),
            heads=tuple(_head(text) for text in said["heads"]),
            faults=int(said["faults"]),
            files=files,
        )
    except (ValueError, KeyError, TypeError, AttributeError) as error:
        raise Damaged("In the backup {folder}, {file} is not as it was written.", folder=folder, file=LIST) from error


def _head(text: str) -> Checkpoint:
    _form, site, number, digest = text.split(" ")
    return Checkpoint(site, int(number), bytes.fromhex(digest))


def _safe(name: str) -> str:
    """A name of a file below the folder. Raises ValueError for one that could lead out of it."""
    parts = PurePosixPath(name).parts
    if not parts or PurePosixPath(name).is_absolute() or ".." in parts or re.search(r"[\\:\0]", name) or name != "/".join(parts):
        raise ValueError(name)
    return name
