"""The folder of a package while it is made: under a name that ends in .unfinished until everything is in it and on the disk."""

import contextlib
import hashlib
import os
import shutil
from collections.abc import Callable
from pathlib import Path
from types import TracebackType
from typing import Self

from storage.evidence.verify import UNFINISHED
from storage.password_file import sync_folder
from storage.rules.refusal import Refusal

CHUNK = 1 << 20

Tell = Callable[[int], None]
Cancelled = Callable[[], bool]


class CalledOff(Refusal):
    """Whoever wanted the package does not want it any more."""


class SourceUnreadable(Exception):
    """A recording cannot be read; nothing of it is in the package."""


class Package:
    """A context manager: what is not finished when it is left is deleted, as far as the disk is still there.

    files: what is in it, by name with its bytes and SHA-256.
    """

    def __init__(self, target: Path) -> None:
        """Raises Refusal where the target or its unfinished folder is there already, or cannot be made."""
        self.target = target
        self.path = target.with_name(target.name + UNFINISHED)
        self.files: dict[str, dict[str, object]] = {}
        if target.exists() or self.path.exists():
            raise Refusal("{folder} is there already. Choose another folder, or try again in a second.", folder=target)
        try:
            self.path.mkdir()
        except OSError as error:
            raise Refusal("The folder {folder} cannot be written: {why}.", folder=target.parent, why=error.strerror) from error

    def __enter__(self) -> Self:
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None) -> None:
        if self.path.exists():
            shutil.rmtree(self.path, ignore_errors=True)

    def place(self, name: str) -> Path:
        """Where a file of the package goes; its folder is made. Raises OSError."""
        path = self.path / name
        path.parent.mkdir(exist_ok=True, parents=True)
        return path

    def copy(self, source: Path, name: str, *, tell: Tell, cancelled: Cancelled) -> str:
        """Copies a file as it is; its SHA-256. tell: given the bytes of each step.

        Raises SourceUnreadable, CalledOff, and OSError where the package's disk refuses.
        """
        digest, target = hashlib.sha256(), self.place(name)
        with contextlib.ExitStack() as opened:
            try:
                reading = opened.enter_context(source.open("rb"))
            except OSError as error:
                raise SourceUnreadable from error
            writing = opened.enter_context(target.open("xb"))
            while chunk := _read(reading.read, target):
                if cancelled():
                    raise CalledOff("The export was called off; nothing of it is kept.")
                digest.update(chunk)
                writing.write(chunk)
                tell(len(chunk))
        return digest.hexdigest()

    def write(self, name: str, content: bytes) -> None:
        """Puts in a file. Raises OSError."""
        self.place(name).write_bytes(content)
        self.take(name)

    def take(self, name: str) -> None:
        """Counts a file in that somebody has written in its place. Raises OSError."""
        digest, size = hashlib.sha256(), 0
        # Open for writing too: Windows syncs no other.
        with (self.path / name).open("r+b") as file:
            while chunk := file.read(CHUNK):
                digest.update(chunk)
                size += len(chunk)
            os.fsync(file.fileno())
        self.files[name] = {"bytes": size, "sha256": digest.hexdigest()}

    def finish(self, last: dict[str, bytes]) -> None:
        """Writes the last files, those that no list names, in this order, and gives the folder its name. Raises OSError."""
        for name, content in last.items():
            with (self.path / name).open("xb") as file:
                file.write(content)
                file.flush()
                os.fsync(file.fileno())
        for folder in [path for path in self.path.rglob("*") if path.is_dir()] + [self.path]:
            sync_folder(folder)
        self.path.rename(self.target)
        sync_folder(self.target.parent)


def _read(read: Callable[[int], bytes], copied: Path) -> bytes:
    try:
        return read(CHUNK)
    except OSError as error:
        copied.unlink(missing_ok=True)
        raise SourceUnreadable from error
