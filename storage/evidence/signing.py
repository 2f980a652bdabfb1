"""The key with which this computer signs checkpoints and evidence: Ed25519, in a file of the data folder that its owner alone can read."""

import hashlib
import socket
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

import sqlalchemy as sa
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from storage.chain import put_record
from storage.database import Database
from storage.password_file import replace_durably
from storage.people.right import program_only
from storage.rules.refusal import Refusal
from storage.schema.record import signing_key

FILE_NAME = "checkpoint.key"


@dataclass(frozen=True)
class SigningKey:
    """id: the first 16 hexadecimal signs of the SHA-256 of the public key (32 bytes)."""

    id: str
    public: bytes
    _private: Ed25519PrivateKey

    def sign(self, text: bytes) -> bytes:
        """The signature, 64 bytes."""
        return self._private.sign(text)


@program_only
def own_key(database: Database, *, now: datetime) -> SigningKey:
    """This computer's key, made where it is missing, and made known in the database and its chain.

    Raises Refusal where the file cannot be read or written, or is no key.
    """
    file = database.path.parent / FILE_NAME
    key = _read(file) if file.exists() else _make(file)
    with database.write() as connection:
        if connection.scalar(sa.select(signing_key.c.id).where(signing_key.c.id == key.id)) is None:
            values = {"id": key.id, "public_key": key.public.hex(), "computer": socket.gethostname()[:80]}
            connection.execute(signing_key.insert().values(**values, made_at=now))
            put_record(connection, None, "signing_key_made", values, at=now, rows={"signing_key": [key.id]})
    return key


def public_keys(database: Database) -> dict[str, bytes]:
    """Every public key that was ever made known, by its id."""
    with database.read() as connection:
        rows = connection.execute(sa.select(signing_key.c.id, signing_key.c.public_key))
        return {row.id: bytes.fromhex(row.public_key) for row in rows}


def key_id(public: bytes) -> str:
    """Of a public key of 32 bytes."""
    return hashlib.sha256(public).hexdigest()[:16]


def _read(file: Path) -> SigningKey:
    try:
        return _key(Ed25519PrivateKey.from_private_bytes(bytes.fromhex(file.read_text(encoding="ascii").strip())))
    except OSError as error:
        raise Refusal("The signing key {file} cannot be read: {why}.", file=file, why=error.strerror) from error
    except ValueError as error:
        raise Refusal("{file} is no signing key. It was left as it is; put the right one back or move it away.", file=file) from error


def _make(file: Path) -> SigningKey:
    private = Ed25519PrivateKey.generate()
    try:
        replace_durably(file, private.private_bytes_raw().hex().encode("ascii"))
        file.chmod(0o600)
    except OSError as error:
        raise Refusal("The signing key {file} cannot be written: {why}.", file=file, why=error.strerror) from error
    return _key(private)


def _key(private: Ed25519PrivateKey) -> SigningKey:
    public = private.public_key().public_bytes_raw()
    return SigningKey(key_id(public), public, private)
