"""The cameras' passwords: in an encrypted file or the keyring, never in the database, a log or an address.

Why the file is what is used where nothing is said: docs/decisions/0008-camera-passwords.md.
"""

from collections.abc import Callable
from functools import cached_property
from pathlib import Path
from typing import TypeVar

from storage.password_file import PasswordFile, passwords_in, sync_folder
from storage.rules.refusal import Refusal
from storage.settings import load_settings

# Where earlier versions kept them.
PLAIN_NAME = "camera-passwords.json"
SERVICE = "jaga-gudang"

Answer = TypeVar("Answer")


class CameraPasswords:
    """The passwords of one data folder, by camera id, where its settings say that they are kept."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder

    def get(self, camera_id: int) -> str:
        """A camera's password; empty if none was kept. Raises Refusal where they cannot be read."""
        return self._place.get(camera_id)

    def keep(self, camera_id: int, password: str) -> None:
        """Keeps a camera's password, or forgets it where it is empty; durable when this returns. Raises Refusal where it cannot."""
        self._place.keep(camera_id, password)

    @cached_property
    def _place(self) -> "PasswordFile | KeyringPasswords":
        in_keyring = load_settings(self._folder).passwords == "keyring"
        place = KeyringPasswords(self._folder) if in_keyring else PasswordFile(self._folder)
        _take_over(self._folder / PLAIN_NAME, place)
        return place


class KeyringPasswords:
    """The passwords of one data folder in the keyring of whoever is logged in, each an entry of its own."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder

    def get(self, camera_id: int) -> str:
        """As CameraPasswords has it."""
        import keyring

        return self._asked(lambda: keyring.get_password(SERVICE, self._name(camera_id))) or ""

    def keep(self, camera_id: int, password: str) -> None:
        """As CameraPasswords has it."""
        import keyring

        if password:
            self._asked(lambda: keyring.set_password(SERVICE, self._name(camera_id), password))
        elif self.get(camera_id):
            self._asked(lambda: keyring.delete_password(SERVICE, self._name(camera_id)))

    def _name(self, camera_id: int) -> str:
        return f"{self._folder}: camera {camera_id}"

    def _asked(self, ask: Callable[[], Answer]) -> Answer:
        try:
            return ask()
        except Exception as error:  # each keyring raises what it likes; its text is dropped, nobody knows what is in it
            raise Refusal(
                "The keyring does not give or take camera passwords ({why}). Log in at the desktop and unlock it, or write "
                'passwords = "file" into settings.toml and enter the passwords again.',
                why=type(error).__name__,
            ) from None


def _take_over(plain: Path, place: PasswordFile | KeyringPasswords) -> None:
    """Moves what an earlier version kept unencrypted; what was kept since goes before. The old file goes when all is in its new place."""
    try:
        kept = passwords_in(plain.read_bytes())
        camera_ids = {int(name): password for name, password in kept.items()}
    except FileNotFoundError:
        return
    except (OSError, ValueError):
        raise Refusal(
            "The file of camera passwords {file} cannot be read. Move it away and enter the passwords again.", file=plain
        ) from None
    for camera_id, password in camera_ids.items():
        if not place.get(camera_id):
            place.keep(camera_id, password)
    try:
        plain.unlink(missing_ok=True)
        sync_folder(plain.parent)
    except OSError as error:
        raise Refusal("The unencrypted passwords {file} could not be removed: {why}.", file=plain, why=error.strerror) from error
