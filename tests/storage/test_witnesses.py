"""Witnesses sign with a picture: what is no picture is refused, the same one is kept once, and a changed or missing one is found."""

import hashlib
import struct
import zlib
from dataclasses import replace

import pytest
import sqlalchemy as sa

from storage.database import Database
from storage.rules.movement import State
from storage.rules.refusal import Refusal
from storage.schema.guards import SQLITE
from storage.stock.disposal import enter_destruction
from storage.stock.witnesses import MOST_BYTES, Witness
from tests.storage.depot import BAWASLU, POLRI, Depot, open_depot
from tests.storage.scene import BEGIN, SIGNATURE
from tests.storage.tampering import found, tamper

DIGEST = hashlib.sha256(SIGNATURE).hexdigest()


def part(kind: bytes, data: bytes) -> bytes:
    return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))


def png(width: int, height: int, *, more: bytes = b"") -> bytes:
    head = part(b"IHDR", struct.pack(">IIBBBBB", width, height, 8, 0, 0, 0, 0))
    return SIGNATURE[:8] + head + more + part(b"IDAT", zlib.compress(b"\0\xff")) + part(b"IEND", b"")


@pytest.fixture
def depot(database: Database) -> Depot:
    opened = open_depot(database, BEGIN)
    opened.receive(2_000, damaged=20)
    return opened


def destroy(depot: Depot, *signatures: bytes | None) -> int:
    """One damaged sheet, before Polri and Bawaslu, who sign so."""
    witnesses: list[Witness] = [replace(who, signature=picture) for who, picture in zip((POLRI, BAWASLU), signatures, strict=True)]
    sheets = {(depot.ballot, State.DAMAGED): 1}
    entry = depot.entry("torn", two=True)
    return depot.do(lambda c: enter_destruction(c, depot.here, sheets, minutes="BA-1", witnesses=witnesses, entry=entry))


def pictures(depot: Depot) -> list[tuple[str, bytes]]:
    with depot.database.read() as connection:
        return [(row.sha256, bytes(row.png)) for row in connection.execute(sa.text("SELECT sha256, png FROM signature_picture"))]


def test_a_picture_is_kept_once_and_each_entry_names_it(depot: Depot) -> None:
    first, second = destroy(depot, SIGNATURE, None), destroy(depot, SIGNATURE, SIGNATURE)
    assert pictures(depot) == [(DIGEST, SIGNATURE)]
    with depot.database.read() as connection:
        rows = connection.execute(sa.text("SELECT event_id, name, sha256 FROM witness_signature ORDER BY event_id, name")).all()
    assert [tuple(row) for row in rows] == [
        (first, POLRI.name, DIGEST),
        (second, BAWASLU.name, DIGEST),
        (second, POLRI.name, DIGEST),
    ]
    assert depot.faults() == []


@pytest.mark.parametrize(
    ("picture", "said"),
    [
        (b"", "no PNG"),
        (b"\xff\xd8\xff\xe0 a photograph", "no PNG"),
        (SIGNATURE[:-1], "no PNG"),
        (SIGNATURE + b"\0", "no PNG"),
        (SIGNATURE[:20] + b"\x07" + SIGNATURE[21:], "no PNG"),
        (SIGNATURE[:8] + part(b"IEND", b""), "no PNG"),
        (png(0, 1), "no PNG"),
        (png(100_000, 1), "no PNG"),
        (png(1, 100_000), "no PNG"),
        (png(1, 1, more=part(b"tEXt", bytes(MOST_BYTES))), f"larger than {MOST_BYTES} bytes"),
    ],
    ids=["empty", "jpeg", "cut", "longer", "checksum", "nothing in it", "no width", "wide", "high", "large"],
)
def test_what_is_no_picture_of_a_signature_is_refused_and_nothing_is_kept(depot: Depot, picture: bytes, said: str) -> None:
    destroyed = depot.sheets(State.DESTROYED)
    with pytest.raises(Refusal, match=f"signature of Dewi Lestari is .*{said}"):
        destroy(depot, SIGNATURE, picture)
    assert pictures(depot) == []
    assert depot.sheets(State.DESTROYED) == destroyed


def test_the_largest_picture_is_taken(depot: Depot) -> None:
    rest = MOST_BYTES - len(png(1, 1, more=part(b"tEXt", b"")))
    destroy(depot, png(1, 1, more=part(b"tEXt", bytes(rest))), None)
    assert [len(picture) for _digest, picture in pictures(depot)] == [MOST_BYTES]


class TestOfTheFile:
    """What its owner does to pictures."""

    @pytest.fixture
    def product(self) -> str:
        return SQLITE

    def test_a_missing_and_a_changed_picture_are_found(self, depot: Depot) -> None:
        event = destroy(depot, SIGNATURE, None)
        tamper(depot.database, f"UPDATE signature_picture SET png = x'{png(2, 1).hex()}'")
        assert found(depot.database) == {("picture", DIGEST)}
        tamper(depot.database, "DELETE FROM signature_picture")
        assert found(depot.database) == {("picture", DIGEST)}
        other = hashlib.sha256(png(2, 1)).hexdigest()
        tamper(
            depot.database,
            f"INSERT INTO signature_picture VALUES ('{other}', x'{png(2, 1).hex()}')",
            f"UPDATE witness_signature SET sha256 = '{other}'",
        )
        assert found(depot.database) == {("edited", str(event))}
