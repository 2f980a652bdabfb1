"""The cameras' passwords in an encrypted file, its key in a file of its own that only its owner can read."""

import contextlib
import json
import os
import stat
import sys
from pathlib import Path

from cryptography.fernet import Fernet, InvalidToken

from storage.lock import alone
from storage.rules.refusal import Refusal

FILE_NAME = "camera-passwords.enc"
KEY_NAME = "camera-passwords.key"
LOCK_NAME = "camera-passwords.lock"


class PasswordFile:
    """The passwords of one data folder, by camera id. Any number of programs may read and change it at once."""

    def __init__(self, folder: Path) -> None:
        self._path, self._key_path, self._lock_path = folder / FILE_NAME, folder / KEY_NAME, folder / LOCK_NAME

    def get(self, camera_id: int) -> str:
        """A camera's password; empty if none was kept. Raises Refusal if the file or its key cannot be read."""
        return self._read().get(str(camera_id), "")

    def keep(self, camera_id: int, password: str) -> None:
        """Keeps a camera's password, or forgets it where it is empty; on the disk when this returns. The file is replaced whole.

        Raises Refusal if the file or its key cannot be read or written.
        """
        try:
            with alone(self._lock_path):
                kept = self._read()
                kept.pop(str(camera_id), None)
                if password:
                    kept[str(camera_id)] = password
                replace_durably(self._path, self._cipher(make=True).encrypt(json.dumps(kept).encode()))
        except OSError as error:
            raise Refusal("The password could not be kept in {file}: {why}.", file=self._path, why=error.strerror) from error

    def _read(self) -> dict[str, str]:
        try:
            sealed = self._path.read_bytes()
        except FileNotFoundError:
            return {}
        except OSError as error:
            raise _unreadable(self._path) from error
        cipher = self._cipher()
        try:
            return passwords_in(cipher.decrypt(sealed))
        except (InvalidToken, ValueError):
            raise _unreadable(self._path) from None  # what it was made of stays out of every trace

    def _cipher(self, *, make: bool = False) -> Fernet:
        """make: a key is made where there is neither key nor file."""
        if make and not self._key_path.exists() and not self._path.exists():
            replace_durably(self._key_path, Fernet.generate_key())
        try:
            with self._key_path.open("rb") as file:
                if sys.platform != "win32" and stat.S_IMODE(os.fstat(file.fileno()).st_mode) & 0o077:
                    raise Refusal(
                        "Others on this computer may read the key of the camera passwords, {file}. Make it its owner's alone: chmod 600.",
                        file=self._key_path,
                    )
                return Fernet(file.read())
        except (OSError, ValueError):
            raise Refusal(
                "The key of the camera passwords, {key}, cannot be read. Put it back, or move {file} away and enter the passwords again.",
                key=self._key_path,
                file=self._path,
            ) from None


def passwords_in(text: bytes) -> dict[str, str]:
    """Passwords by camera id from their JSON. Raises ValueError where it is none."""
    kept = json.loads(text)
    if not isinstance(kept, dict) or not all(isinstance(value, str) for value in kept.values()):
        raise ValueError("no passwords by camera id")
    return kept


def replace_durably(path: Path, content: bytes) -> None:
    """Puts a file that only its owner can read in the place of another, whole and on the disk when this returns. Raises OSError."""
    part = path.with_name(path.name + ".part")
    part.unlink(missing_ok=True)  # of a program that was killed; its rights are not known
    handle = os.open(part, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(handle, "wb") as file:
        file.write(content)
        file.flush()
        os.fsync(file.fileno())
    part.replace(path)
    sync_folder(path.parent)


def sync_folder(folder: Path) -> None:
    """Makes names in a folder durable, where the system knows such a thing."""
    if sys.platform == "win32":
        return
    handle = os.open(folder, os.O_RDONLY)
    try:
        with contextlib.suppress(OSError):  # some network file systems have no such thing
            os.fsync(handle)
    finally:
        os.close(handle)


def _unreadable(path: Path) -> Refusal:
    return Refusal("The file of camera passwords {file} cannot be read. Move it away and enter the passwords again.", file=path)
