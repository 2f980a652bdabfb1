"""The settings file of a data folder: settings.toml, written by a person, read at every start."""

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from ipaddress import IPv4Address
from pathlib import Path
from typing import Literal
from urllib.parse import parse_qsl, urlsplit

from storage.rules.refusal import Refusal

FILE_NAME = "settings.toml"
# Whoever is away for longer than this has left the window to anybody who comes by.
LONGEST_LOCK_MIN = 120
NAMES = (
    "language",
    "recordings",
    "database",
    "person_model",
    "relay",
    "sound",
    "passwords",
    "lock_after_min",
    "checkpoints",
    "time_stamps",
    "time_stamp_roots",
    "backups",
    "backups_days",
)


@dataclass(frozen=True)
class Settings:
    """language: id or en, of the command line and of a window that was never switched. recordings: where the footage goes.

    database: where several workstations share a site, the address of its PostgreSQL; None for the file in the data folder.
    sound: whether what the cameras hear is recorded; a site must allow it by its own rules.
    relay: this computer's address in the network, where windows on other workstations ask for live pictures; else only those on it can.
    person_model: an ONNX file with a person detector; None where events are not verified. passwords: where the cameras' passwords are
    kept: in an encrypted file of the data folder, or in the keyring of whoever is logged in.
    checkpoints: where the recorder writes the checkpoint of each day; best a folder elsewhere. time_stamps: the address of an authority
    that stamps them (RFC 3161), None for none; time_stamp_roots: a file with the certificates (PEM) that the authority's must lead to.
    lock_after_min: the window is locked after so many minutes in which nobody touched it.
    backups: the folder, best on another disk, into which the recorder copies the book every day; None where it does not. backups_days:
    for how many days they are kept.
    """

    language: Literal["id", "en"]
    recordings: Path
    checkpoints: Path
    database: str | None = None
    person_model: Path | None = None
    relay: str = "127.0.0.1"
    sound: bool = False
    passwords: Literal["file", "keyring"] = "file"
    lock_after_min: int = 5
    time_stamps: str | None = None
    time_stamp_roots: Path | None = None
    backups: Path | None = None
    backups_days: int = 30


def load_settings(folder: Path) -> Settings:
    """The settings of a data folder; what the file does not say, or a missing file, gets its default.

    Raises Refusal, naming the file, for one that cannot be read, an unknown setting, or a value that does not fit.
    """
    path = folder / FILE_NAME
    try:
        text = path.read_text(encoding="utf-8")
    except (FileNotFoundError, NotADirectoryError):
        text = ""
    except (OSError, UnicodeDecodeError) as error:
        raise Refusal("The settings file {file} cannot be read. Correct it or move it away.", file=path) from error
    try:
        values = tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        raise Refusal("The settings file {file} is broken: {why}. Correct it or move it away.", file=path, why=error) from error
    for name in values.keys() - set(NAMES):
        raise Refusal(
            "The settings file {file} has an unknown setting {name}. There are: {names}.",
            file=path,
            name=name,
            names=", ".join(NAMES),
        )
    language = values.get("language", "id")
    if language not in ("id", "en"):
        raise Refusal('In the settings file {file}, language must be "id" or "en".', file=path)
    recordings, checkpoints = (folder / _folder_name(path, values, name) for name in ("recordings", "checkpoints"))
    database = values.get("database")
    if database is not None:
        check_database(path, database)
    passwords = values.get("passwords", "file")
    if passwords not in ("file", "keyring"):
        raise Refusal('In the settings file {file}, passwords must be "file" or "keyring".', file=path)
    person_model = values.get("person_model")
    relay = _own_address(path, values.get("relay", "127.0.0.1"))
    sound = values.get("sound", False)
    if not isinstance(sound, bool):
        raise Refusal("In the settings file {file}, sound must be true or false.", file=path)
    lock_after_min = _lock_after_min(path, values.get("lock_after_min", 5))
    model = None if person_model is None else _person_model(path, person_model)
    stamps, roots = _time_stamps(path, values)
    return Settings(
        language, recordings, checkpoints, database, model, relay, sound, passwords, lock_after_min, stamps, roots, *_backups(path, values)
    )


def _folder_name(path: Path, values: Mapping[str, object], name: str) -> str:
    said = values.get(name, name)
    if not isinstance(said, str) or not said or "\0" in said:
        raise Refusal("In the settings file {file}, {name} must be the path of a folder in quotes.", file=path, name=name)
    return said


def _time_stamps(path: Path, values: Mapping[str, object]) -> tuple[str | None, Path | None]:
    url, roots = values.get("time_stamps"), values.get("time_stamp_roots")
    if url is None and roots is None:
        return None, None
    if not isinstance(url, str) or not url.startswith(("http://", "https://")) or not isinstance(roots, str) or "\0" in roots:
        raise Refusal(
            "In the settings file {file}, time_stamps must be an address that begins with http:// or https://, and time_stamp_roots the "
            "file with the authority's certificates.",
            file=path,
        )
    if not (path.parent / roots).is_file():
        raise Refusal(
            "The certificates {roots}, named in {file}, are not there. Put them there or take time_stamps out.", roots=roots, file=path
        )
    return url, path.parent / roots


def _lock_after_min(path: Path, minutes: object) -> int:
    """Raises Refusal, naming the file, for what would never lock, or at once."""
    if not isinstance(minutes, int) or isinstance(minutes, bool) or not 1 <= minutes <= LONGEST_LOCK_MIN:
        raise Refusal(
            "In the settings file {file}, lock_after_min must be a whole number of minutes from 1 to {most}.",
            file=path,
            most=LONGEST_LOCK_MIN,
        )
    return minutes


def _backups(path: Path, values: dict[str, object]) -> tuple[Path | None, int]:
    """Where backups go, and for how many days they are kept. Raises Refusal, naming the file."""
    backups, backups_days = values.get("backups"), values.get("backups_days", 30)
    if backups is not None and (not isinstance(backups, str) or not backups or "\0" in backups):
        raise Refusal("In the settings file {file}, backups must be the path of a folder in quotes.", file=path)
    if type(backups_days) is not int or not 1 <= backups_days <= 3650:
        raise Refusal("In the settings file {file}, backups_days must be a whole number from 1 to 3650.", file=path)
    return None if backups is None else path.parent / backups, backups_days


def _own_address(path: Path, text: object) -> str:
    """Raises Refusal, naming the file, for what is no address of a computer."""
    try:
        return str(IPv4Address(text if isinstance(text, str) else ""))
    except ValueError:
        raise Refusal("In the settings file {file}, relay must be this computer's address, such as 192.168.1.5.", file=path) from None


def _person_model(path: Path, name: object) -> Path:
    """The file with that name, below the data folder if it has no place of its own. Raises Refusal, naming it, if it is not there."""
    if not isinstance(name, str) or not name or "\0" in name:
        raise Refusal("In the settings file {file}, person_model must be the path of an ONNX file in quotes.", file=path)
    model = path.parent / name
    if not model.is_file():
        raise Refusal(
            "The person detector {model}, named in {file}, is not there. Put it there or take person_model out.", model=model, file=path
        )
    return model


def check_database(path: Path, url: object) -> None:
    """Raises Refusal, naming the file, for what is no address of a database, or has a password in it."""
    try:
        parts = urlsplit(url if isinstance(url, str) else "")
        secret = parts.password is not None or any("password" in name for name, _value in parse_qsl(parts.query, keep_blank_values=True))
        fits = parts.scheme == "postgresql" and parts.path.count("/") == 1 and len(parts.path) > 1 and parts.port != 0
    except ValueError:
        secret, fits = False, False
    if secret:
        raise Refusal("In the settings file {file}, database must not hold the password. Put it into ~/.pgpass.", file=path)
    if not fits:
        raise Refusal("In the settings file {file}, database must be like postgresql://user@host:5432/name, in quotes.", file=path)
