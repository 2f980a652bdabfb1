"""Files on their way out: under a temporary name until they are whole, never over another file, never into the recordings."""

import contextlib
import errno
import hashlib
import os
import tempfile
from dataclasses import dataclass
from pathlib import Path
from types import TracebackType
from typing import Self

import av
from av.container import OutputContainer

from camera.fault import Fault
from camera.recording.segment import BUFFER_BYTES, sync_folder

UNFINISHED = ".unfinished"


@dataclass(frozen=True)
class Kept:
    """A file that is whole and durable."""

    path: Path
    bytes: int
    sha256: str


class OutgoingFile:
    """A file under libav's muxer. Ours and not libav's own, which is never closed after a full disk has refused the first bytes."""

    def __init__(self, handle: int, name: str) -> None:
        self.name = name  # where libav opens it a second time, to move the index to its beginning
        self._raw = os.fdopen(handle, "wb", buffering=0)
        self._abandoned = False

    @property
    def closed(self) -> bool:
        return self._raw.closed

    def abandon(self) -> None:
        """Nothing more is written: an end that the muxer still wants to write would be wasted."""
        self._abandoned = True

    def write(self, data: bytes) -> int:
        """Writes all of it, or raises OSError."""
        if self._abandoned:
            raise OSError(errno.ECANCELED, os.strerror(errno.ECANCELED), self.name)
        left = memoryview(data)
        while left:
            left = left[self._raw.write(left) :]
        return len(data)

    def seek(self, place: int, whence: int = 0) -> int:
        return self._raw.seek(place, whence)

    def tell(self) -> int:
        return self._raw.tell()

    def close(self) -> None:
        self._raw.close()


class OutgoingMp4:
    """An MP4 under way, in the end with its index first, so that it plays before all of it has been read."""

    def __init__(self, file: OutgoingFile) -> None:
        self._file = file
        self.container: OutputContainer = av.open(file, "w", format="mp4", options={"movflags": "faststart"}, buffer_size=BUFFER_BYTES)

    def finish(self) -> None:
        """Writes the end. Raises OSError where the disk refuses."""
        try:
            self.container.close()
        finally:
            self._file.close()

    def close(self) -> None:
        """Lets go of a file that is not to be finished; does nothing to a finished one."""
        if not self._file.closed:
            self._file.abandon()
            with contextlib.suppress(OSError, av.error.FFmpegError):
                self.finish()


class Outgoing:
    """One file or several that go out together. A context manager: whatever was not kept when it is left is deleted."""

    def __init__(self, recordings: Path, target: Path) -> None:
        """Raises Fault for a target inside the recordings folder, in no folder, or one that is there already."""
        self._target = target
        self._unfinished: list[Path] = []
        if target.resolve().is_relative_to(recordings.resolve()):
            raise Fault("{file} lies in the recordings folder; nothing else is written there.", file=target)
        if not target.parent.is_dir():
            raise Fault("There is no folder {folder}.", folder=target.parent)
        _check_free([target])

    def __enter__(self) -> Self:
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None) -> None:
        for path in self._unfinished:
            path.unlink(missing_ok=True)

    def new_file(self) -> OutgoingFile:
        """The next file, empty. Whoever asked for it closes it. Raises OSError where the disk refuses."""
        handle, name = tempfile.mkstemp(suffix=UNFINISHED, prefix=f".{self._target.name}.", dir=self._target.parent)
        self._unfinished.append(Path(name))
        return OutgoingFile(handle, name)

    def keep(self) -> list[Kept]:
        """Makes the files durable under their names: the target's, or where there are several NAME-1, NAME-2 and so on.

        Raises Fault if one of the names was taken meanwhile, OSError where the disk refuses; then none of them is there.
        """
        targets = [self._target]
        if len(self._unfinished) > 1:
            targets = [self._target.with_stem(f"{self._target.stem}-{number}") for number in range(1, len(self._unfinished) + 1)]
        sums = [_durable(path) for path in self._unfinished]
        _check_free(targets)
        with contextlib.ExitStack() as undo:
            for path, target in zip(self._unfinished, targets, strict=True):
                path.rename(target)
                undo.callback(target.unlink)
            sync_folder(self._target.parent)
            undo.pop_all()
        self._unfinished.clear()
        return [Kept(target, *facts) for target, facts in zip(targets, sums, strict=True)]


def _durable(path: Path) -> tuple[int, str]:
    """Size and SHA-256 of a file whose bytes are on the disk."""
    digest = hashlib.sha256()
    # Open for writing too: Windows syncs no other.
    with path.open("r+b") as file:
        while block := file.read(1 << 20):
            digest.update(block)
        os.fsync(file.fileno())
        return file.tell(), digest.hexdigest()


def _check_free(targets: list[Path]) -> None:
    for target in targets:
        if target.exists() or target.is_symlink():
            raise Fault("{file} is there already. Choose another name.", file=target)
