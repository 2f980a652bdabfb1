"""The settings file of a data folder: settings.toml, written by a person, read at every start."""

import tomllib
from dataclasses import dataclass
from ipaddress import IPv4Address
from pathlib import Path
from typing import Literal
from urllib.parse import parse_qsl, urlsplit

from storage.rules.refusal import Refusal

FILE_NAME = "settings.toml"
NAMES = ("language", "recordings", "database", "person_model", "relay", "sound", "passwords")


@dataclass(frozen=True)
class Settings:
    """language: id or en, of the command line and of a window that was never switched. recordings: where the footage goes.

    database: where several workstations share a site, the address of its PostgreSQL; None for the file in the data folder.
    sound: whether what the cameras hear is recorded; a site must allow it by its own rules.
    relay: this computer's address in the network, where windows on other workstations ask for live pictures; else only those on it can.
    person_model: an ONNX file with a person detector; None where events are not verified. passwords: where the cameras' passwords are
    kept: in an encrypted file of the data folder, or in the keyring of whoever is logged in.
    """

    language: Literal["id", "en"]
    recordings: Path
    database: str | None = None
    person_model: Path | None = None
    relay: str = "127.0.0.1"
    sound: bool = False
    passwords: Literal["file", "keyring"] = "file"


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
    recordings = values.get("recordings", "recordings")
    if not isinstance(recordings, str) or not recordings or "\0" in recordings:
        raise Refusal("In the settings file {file}, recordings must be the path of a folder in quotes.", file=path)
    database = values.get("database")
    if database is not None:
        _check_database(path, database)
    passwords = values.get("passwords", "file")
    if passwords not in ("file", "keyring"):
        raise Refusal('In the settings file {file}, passwords must be "file" or "keyring".', file=path)
    person_model = values.get("person_model")
    relay = _own_address(path, values.get("relay", "127.0.0.1"))
    sound = values.get("sound", False)
    if not isinstance(sound, bool):
        raise Refusal("In the settings file {file}, sound must be true or false.", file=path)
    model = None if person_model is None else _person_model(path, person_model)
    return Settings(language, folder / recordings, database, model, relay, sound, passwords)


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


def _check_database(path: Path, url: object) -> None:
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
