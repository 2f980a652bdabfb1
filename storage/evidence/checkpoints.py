"""Issuing checkpoints: the head of a site's chain, signed, kept, and told in the chain itself."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime
from enum import StrEnum

import sqlalchemy as sa

from storage.chain import head, lock_sites, put_record
from storage.database import Database
from storage.evidence.signing import SigningKey, own_key
from storage.people.person import Person, ids
from storage.people.right import right
from storage.rules.chain import Checkpoint
from storage.rules.checkpoint import Signed, said
from storage.rules.refusal import Refusal
from storage.rules.rights import Act
from storage.schema.ledger import chain_link
from storage.schema.places import site
from storage.schema.record import checkpoint

BOOK_SIGNS = 16


class Purpose(StrEnum):
    """What a checkpoint is made for."""

    DAILY = "daily"
    SHIFT = "shift"
    DOCUMENT = "document"
    EXPORT = "export"
    ASKED = "asked"


@dataclass(frozen=True)
class Issued:
    """A checkpoint that was made. public: the key that signed it, 32 bytes; unstamped: why it lacks the time stamp asked for."""

    signed: Signed
    public: bytes
    stamp: bytes | None = None
    unstamped: Refusal | None = None


@right(Act.ISSUE_CHECKPOINT)
def issue_checkpoint(
    database: Database,
    site_id: int,
    purpose: Purpose,
    *,
    now: datetime,
    by: Person | None = None,
    stamp: Callable[[bytes], bytes] | None = None,
) -> Issued:
    """Makes one of a warehouse as its book is now; that it was made is the last entry that it covers.

    stamp: asks an authority for a time stamp over the text (storage/evidence/time_stamp.py); if it refuses, the checkpoint holds without.
    """
    key = own_key(database.used_by(None), now=now)
    with database.write() as connection:
        lock_sites(connection, [site_id])
        put_record(connection, site_id, "checkpoint_issued", {"purpose": purpose.value, "key": key.id}, at=now, **ids(by))
        signed = signed_head(connection, site_id, key, now)
        if stamp is None:
            keep_checkpoint(connection, site_id, signed, purpose)
    if stamp is None:
        return Issued(signed, key.public)
    # Nobody waits for the authority while the book is locked.
    token, unstamped = None, None
    try:
        token = stamp(signed.text.encode())
    except Refusal as refusal:
        unstamped = refusal
    with database.write() as connection:
        keep_checkpoint(connection, site_id, signed, purpose, token)
    return Issued(signed, key.public, token, unstamped)


def signed_head(connection: sa.Connection, site_id: int, key: SigningKey, now: datetime) -> Signed:
    """The head of a site's chain as it is in this transaction, signed. Raises Refusal where the site has no entry."""
    number, digest = head(connection, site_id)
    code = connection.scalar(sa.select(site.c.code).where(site.c.id == site_id))
    if code is None or number == 0:
        raise Refusal("There is nothing in the book of this place yet, so it has no checkpoint.")
    return sign_checkpoint(connection, site_id, Checkpoint(code, number, digest), key, now)


def sign_checkpoint(connection: sa.Connection, site_id: int, of: Checkpoint, key: SigningKey, now: datetime) -> Signed:
    """The same of an entry that has been read before."""
    own = chain_link.c
    first = connection.execute(sa.select(own.hash).where(own.site_id == site_id, own.number == 1)).scalar_one()
    book, at = bytes(first).hex()[:BOOK_SIGNS], now.astimezone(UTC).replace(microsecond=0)
    return Signed(of, book, at, key.id, key.sign(said(of, book, at, key.id).encode()))


def keep_checkpoint(connection: sa.Connection, site_id: int, signed: Signed, purpose: Purpose, stamp: bytes | None = None) -> None:
    """Keeps its text, in the caller's transaction."""
    values = {"site_id": site_id, "number": signed.head.number, "at": signed.at, "text": signed.text, "purpose": purpose.value}
    connection.execute(checkpoint.insert().values(**values, stamp=stamp))


@dataclass(frozen=True)
class Kept:
    """A checkpoint as the book keeps it."""

    site: str
    number: int
    at: datetime
    purpose: Purpose
    text: str
    stamped: bool


@right(Act.SEE_PLACES)
def last_checkpoints(database: Database, site_id: int, most: int = 200) -> list[Kept]:
    """The newest of a warehouse, newest first."""
    own = checkpoint.c
    query = (
        sa.select(site.c.code, own.number, own.at, own.purpose, own.text, own.stamp.is_not(None))
        .join(site, site.c.id == own.site_id)
        .where(own.site_id == site_id)
        .order_by(own.id.desc())
        .limit(most)
    )
    with database.read() as connection:
        return [Kept(row[0], row[1], row[2], Purpose(row[3]), row[4], bool(row[5])) for row in connection.execute(query)]
