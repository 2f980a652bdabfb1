"""Comparing checkpoints with the book: the same one, an older state of it, one that was made anew, or another book."""

from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum

import sqlalchemy as sa
from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey

from storage.ledger.finding import Finding
from storage.rules.chain import Checkpoint
from storage.rules.checkpoint import Given, Signed, Spoken, read_checkpoints, rest_of
from storage.rules.refusal import Refusal
from storage.schema.ledger import chain_link
from storage.schema.places import site
from storage.schema.record import checkpoint, signing_key


class Verdict(StrEnum):
    """What a checkpoint says of the book; the word of a finding where it is not the same one."""

    SAME = "same"
    OLDER = "truncated"
    ANEW = "rewritten"
    OTHER = "other_book"
    FORGED = "forged"


@dataclass(frozen=True)
class Compared:
    """One checkpoint and what it says. said: one sentence. signer: the id of the key that signed it and that the book knows, else empty."""

    site: str
    number: int
    verdict: Verdict
    said: Refusal
    signer: str = ""

    @property
    def facts(self) -> dict[str, object]:
        """It as JSON tells it."""
        return {"site": self.site, "number": self.number, "verdict": self.verdict.value, "signer": self.signer, "said": str(self.said)}


def compare(connection: sa.Connection, given: Sequence[Given]) -> list[Compared]:
    """Each checkpoint against the book, in their order."""
    return [_compare(connection, one) for one in given]


def against(compared: Sequence[Compared]) -> list[Finding]:
    """Those that the book does not agree with."""
    return [
        Finding(one.verdict.value, "chain_link", f"{one.site}/{one.number}", one.said)
        for one in compared
        if one.verdict is not Verdict.SAME
    ]


def check_kept(connection: sa.Connection) -> list[Finding]:
    """The checkpoints that the book itself keeps: each still stands in it, and is signed."""
    found = []
    for row in connection.execute(sa.select(checkpoint.c.id, checkpoint.c.text)):
        try:
            compared = compare(connection, read_checkpoints(row.text))
        except Refusal as refusal:
            found.append(Finding(Verdict.FORGED.value, "checkpoint", str(row.id), refusal))
            continue
        wrong = [one for one in compared if one.verdict is not Verdict.SAME or not one.signer]
        found += [
            Finding(Verdict.FORGED.value if one.verdict is Verdict.SAME else one.verdict.value, "checkpoint", str(row.id), one.said)
            for one in wrong
        ]
    return found


def _compare(connection: sa.Connection, given: Given) -> Compared:
    head = given.head if isinstance(given, Signed) else given
    values: dict[str, object] = {"site": head.site, "number": head.number}
    signer = ""
    if isinstance(given, Signed):
        public = connection.scalar(sa.select(signing_key.c.public_key).where(signing_key.c.id == given.key))
        if public is not None and not _is_signed(given, bytes.fromhex(public)):
            said = Refusal("The checkpoint of {site} at entry {number} was changed: its signature does not fit.", **values)
            return Compared(head.site, head.number, Verdict.FORGED, said)
        signer = given.key if public is not None else ""
    verdict, said = _judged(connection, given, head, values)
    return Compared(head.site, head.number, verdict, said, signer)


def _judged(connection: sa.Connection, given: Given, head: Checkpoint | Spoken, values: dict[str, object]) -> tuple[Verdict, Refusal]:
    own = chain_link.c
    here = own.site_id == sa.select(site.c.id).where(site.c.code == head.site).scalar_subquery()
    first = connection.scalar(sa.select(own.hash).where(here, own.number == 1))
    if first is None or (isinstance(given, Signed) and bytes(first).hex()[:16] != given.book):
        return Verdict.OTHER, Refusal("The checkpoint of {site} at entry {number} is of another book.", **values)
    stored = connection.scalar(sa.select(own.hash).where(here, own.number == head.number))
    last = connection.scalar(sa.select(sa.func.max(own.number)).where(here))
    if stored is None:
        return Verdict.OLDER, Refusal(
            "This is an older state of the book: the checkpoint of {site} says {number} entries, the book ends at {last}. "
            "It was rolled back, or its end was cut off.",
            **values,
            last=last,
        )
    fits = rest_of(bytes(stored)) == head.rest if isinstance(head, Spoken) else bytes(stored) == head.hash
    if not fits:
        said = Refusal("The book of {site} was made anew, or is another: entry {number} is not that of the checkpoint.", **values)
        return Verdict.ANEW, said
    return Verdict.SAME, Refusal(
        "The same book: the checkpoint of {site} at entry {number} stands in it; it ends at {last}.", **values, last=last
    )


def _is_signed(given: Signed, public: bytes) -> bool:
    try:
        Ed25519PublicKey.from_public_bytes(public).verify(given.signature, given.said.encode())
    except (InvalidSignature, ValueError):
        return False
    return True
