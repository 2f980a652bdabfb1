"""The chain: each event of a site holds the SHA-256 of the one before it, so that nothing can be changed, removed or put in unseen.

A chain alone does not stop its owner, who can make all of it anew. Checkpoints do: the head's number and hash, printed on what is signed.
"""

import hashlib
import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

# What the first event of a site takes for the hash before it.
START = bytes(32)
# The forms of what is hashed: an event of the stock, and a record of anything else.
FORM, RECORD_FORM = 1, 2

Value = int | str | None
_encode = json.JSONEncoder(ensure_ascii=False, separators=(",", ":"), check_circular=False, default=repr).encode


def link_hash(before: bytes, number: int, text: str, form: int = FORM) -> bytes:
    """The hash of a link: SHA-256 over the hash before it (32 bytes) and JSON: [1, number, event, movements, facts] or [2, number, record].

    number: its place in the chain of its site, from 1. text: what is sealed, as sealed_text or record_text makes it.
    """
    return hashlib.sha256(before + f"[{form},{number},{text}".encode(errors="surrogatepass")).digest()


def record_text(record: Sequence[Value]) -> str:
    """The rest of that JSON of a record: the columns of its row as the schema lists them, instants as text."""
    return f"{_encode(record)}]"


def body_text(body: Mapping[str, object]) -> str:
    """What a record says, as its row keeps it: JSON with sorted keys, so that the same is always the same text."""
    return json.dumps(body, ensure_ascii=False, separators=(",", ":"), sort_keys=True)


def sealed_text(event: Sequence[Value], movements: Sequence[Sequence[Value]], facts: Mapping[str, Sequence[Sequence[Value]]]) -> str:
    """The rest of that JSON: event, movements, facts.

    event: the columns of its row as the schema lists them, instants as text. movements: their columns without their own number and the
    event's, in the order of their numbers. facts: rows by table, without the event's number, sorted; tables in the order of their
    names; none that is empty.
    """
    return f"{_encode(event)},{_encode(movements)},{_encode(facts)}]"


def sorted_facts(rows: Sequence[Sequence[Value]]) -> list[Sequence[Value]]:
    """Rows of one table in the order in which they are hashed: by their columns as text, an empty one first."""
    if len(rows) < 2:
        return list(rows)
    if any(None in row for row in rows):
        return sorted(rows, key=lambda row: [(value is not None, str(value)) for value in row])
    return sorted(rows, key=lambda row: [*map(str, row)])  # the same order, sooner


@dataclass(frozen=True)
class Checkpoint:
    """The head of a site's chain at some time: so many events, the hash of the last. site: its code."""

    site: str
    number: int
    hash: bytes

    @property
    def text(self) -> str:
        """JG1 31.75 1204 and the hash in hexadecimal: unsigned; signed ones: storage/rules/checkpoint.py."""
        return f"JG1 {self.site} {self.number} {self.hash.hex()}"
