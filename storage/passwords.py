"""The cameras' passwords: in a file of their own that only its owner can read, never in the database, a log or an address."""

import json
import os
from pathlib import Path

from storage.rules.refusal import Refusal

FILE_NAME = "camera-passwords.json"


class CameraPasswords:
    """The passwords of one data folder, by camera id."""

    def __init__(self, folder: Path) -> None:
        self._path = folder / FILE_NAME

    def get(self, camera_id: int) -> str:
        """A camera's password; empty if none was kept. Raises Refusal if the file is broken."""
        return self._read().get(str(camera_id), "")

    def keep(self, camera_id: int, password: str) -> None:
        """Keeps a camera's password, or forgets it where it is empty. The file is replaced whole.

        Raises Refusal if the file is broken or cannot be written.
        """
        kept = self._read()
        kept.pop(str(camera_id), None)
        if password:
            kept[str(camera_id)] = password
        part = self._path.with_name(FILE_NAME + ".part")
        try:
            handle = os.open(part, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
            with os.fdopen(handle, "w", encoding="utf-8") as file:
                json.dump(kept, file)
                file.flush()
                os.fsync(file.fileno())
            part.replace(self._path)
        except OSError as error:
            raise Refusal("The password could not be kept in {file}: {why}.", file=self._path, why=error.strerror) from error

    def _read(self) -> dict[str, str]:
        try:
            kept = json.loads(self._path.read_text(encoding="utf-8"))
        except FileNotFoundError:
            return {}
        except (OSError, ValueError):
            kept = None
        if not isinstance(kept, dict) or not all(isinstance(value, str) for value in kept.values()):
            raise Refusal(
                "The file of camera passwords {file} cannot be read. Move it away and enter the passwords again.", file=self._path
            )
        return kept
