"""Who is present and signs when something is opened, lost or destroyed."""

import hashlib
import struct
import zlib
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from enum import StrEnum

import sqlalchemy as sa

from storage.ledger.journal import Entry, Facts
from storage.rules.refusal import Refusal
from storage.schema.record import signature_picture

# Of the picture of a signature: bytes, and pixels of a side.
MOST_BYTES, MOST_PIXELS = 200_000, 4_000
_MAGIC = b"\x89PNG\r\n\x1a\n"


class Institution(StrEnum):
    """On whose behalf a witness is present."""

    BAWASLU = "bawaslu"
    POLRI = "polri"
    TNI = "tni"
    KPU = "kpu"
    PARTY = "party"
    PUBLIC = "public"


@dataclass(frozen=True)
class Witness:
    """Somebody who sees it and signs; need not be a person of this program. signature: its picture, as PNG."""

    name: str
    institution: Institution
    signature: bytes | None = None


def witness_facts(connection: sa.Connection, witnesses: Sequence[Witness], entry: Entry) -> Facts:
    """Rows for witnesses and their signatures, of which the pictures are kept now; each picture once.

    Raises Refusal for a witness without a name, named twice, or who acts, and for a signature that is no picture or too large.
    """
    names = [witness.name.strip() for witness in witnesses]
    if "" in names or len({name.lower() for name in names}) < len(names):
        raise Refusal("Name each witness once.")
    actors = {person.name.lower(): person.name for person in (entry.by, entry.second) if person is not None}
    for name in names:
        if name.lower() in actors:
            raise Refusal("{person} acts here and cannot be a witness.", person=name)
    rows = [{"name": name, "institution": witness.institution.value} for name, witness in zip(names, witnesses, strict=True)]
    signed = [(name, witness.signature) for name, witness in zip(names, witnesses, strict=True) if witness.signature is not None]
    signatures = [{"name": name, "sha256": _keep(connection, name, picture)} for name, picture in signed]
    return {"witness": rows, "witness_signature": signatures}


def _keep(connection: sa.Connection, name: str, picture: bytes) -> str:
    """Keeps a picture unless it is there; its SHA-256 in hexadecimal."""
    if len(picture) > MOST_BYTES:
        raise Refusal("The signature of {person} is larger than {most} bytes.", person=name, most=MOST_BYTES)
    if not _is_png(picture):
        raise Refusal("The signature of {person} is no PNG picture.", person=name)
    digest = hashlib.sha256(picture).hexdigest()
    if connection.scalar(sa.select(signature_picture.c.sha256).where(signature_picture.c.sha256 == digest)) is None:
        # Another workstation may keep the same one at this moment.
        insert = sa.text("INSERT INTO signature_picture (sha256, png) VALUES (:sha256, :png) ON CONFLICT DO NOTHING")
        connection.execute(insert, {"sha256": digest, "png": picture})
    return digest


def _is_png(picture: bytes) -> bool:
    """Whether it is whole: a head with sides that can be shown, parts with their checksums, an end, and nothing after it."""
    parts = list(_parts(picture))
    if len(parts) < 3 or parts[0][0] != b"IHDR" or len(parts[0][1]) != 13 or parts[-1] != (b"IEND", b""):
        return False
    width, height = struct.unpack(">II", parts[0][1][:8])
    return 0 < width <= MOST_PIXELS and 0 < height <= MOST_PIXELS and any(kind == b"IDAT" for kind, _data in parts)


def _parts(picture: bytes) -> Iterator[tuple[bytes, bytes]]:
    """The parts of a PNG: kind and data; none from where it is broken on. Source: W3C, Portable Network Graphics, 5.3."""
    at = len(_MAGIC)
    while picture.startswith(_MAGIC) and at + 12 <= len(picture):
        length, kind = struct.unpack(">I4s", picture[at : at + 8])
        data, end = picture[at + 8 : at + 8 + length], at + 8 + length
        if picture[end : end + 4] != struct.pack(">I", zlib.crc32(kind + data)):
            return
        yield kind, data
        at = end + 4
        if kind == b"IEND" and at != len(picture):
            yield b"", b""
            return
