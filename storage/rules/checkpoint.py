"""Checkpoints as text: what is printed, read by a scanner, or read aloud, to say later whether a book is still the one that it was.

- JG1 SITE NUMBER HASH: the head of a chain, unsigned.
- JG2 SITE NUMBER HASH BOOK TIME KEY SIGNATURE: signed. BOOK: the first 16 signs of the hash of the first link, by which another book is
  told from an older state of this one;
  TIME in UTC; KEY: the id of the key; SIGNATURE of all that stands before it, Ed25519, in hexadecimal.
- JG3 SITE NUMBER-C and seven groups of five digits: to be read aloud. C checks the number; the last digit of each group checks it and its
  place, those before it are the hash modulo 10^28.
"""

import re
from dataclasses import dataclass
from datetime import UTC, datetime

from storage.rules.chain import Checkpoint
from storage.rules.refusal import Refusal

GROUPS, DIGITS = 7, 4
MODULUS: int = 10 ** (GROUPS * DIGITS)
TIME = "%Y%m%dT%H%M%SZ"
# A quasigroup of order ten without a fixed order of two neighbours: every wrong digit and every swap of neighbours changes the check digit.
# Source: H. Michael Damm, Total anti-symmetrische Quasigruppen, 2004.
_DAMM = (
    "0317598642",
    "7092154863",
    "4206871359",
    "1750983426",
    "6123045978",
    "3674209581",
    "5869720134",
    "8945362017",
    "9438617205",
    "2581436790",
)


@dataclass(frozen=True)
class Signed:
    """A signed checkpoint. book: as JG2 has it; at: to the second; key: the id of the key; signature: 64 bytes."""

    head: Checkpoint
    book: str
    at: datetime
    key: str
    signature: bytes

    @property
    def text(self) -> str:
        """As it is printed."""
        return f"{self.said} {self.signature.hex()}"

    @property
    def said(self) -> str:
        """What is signed."""
        return said(self.head, self.book, self.at, self.key)


@dataclass(frozen=True)
class Spoken:
    """What of a head is read aloud. rest: its hash modulo 10^28."""

    site: str
    number: int
    rest: int


Given = Checkpoint | Signed | Spoken


def said(head: Checkpoint, book: str, at: datetime, key: str) -> str:
    """What the key signs."""
    return f"JG2 {head.site} {head.number} {head.hash.hex()} {book} {at.astimezone(UTC).strftime(TIME)} {key}"


def groups(head: Checkpoint) -> list[str]:
    """The seven groups of a head's hash, each with its check digit."""
    digits = f"{rest_of(head.hash):0{GROUPS * DIGITS}d}"
    parts = [digits[at : at + DIGITS] for at in range(0, len(digits), DIGITS)]
    return [part + _check_digit(place, part) for place, part in enumerate(parts)]


def spoken_text(head: Checkpoint) -> str:
    """As it is read aloud and typed in again."""
    return f"JG3 {head.site} {head.number}-{_check_digit(GROUPS, str(head.number))} {' '.join(groups(head))}"


def rest_of(digest: bytes) -> int:
    """What of a hash stands in the groups."""
    return int.from_bytes(digest) % MODULUS


def read_checkpoints(text: str) -> list[Given]:
    """The checkpoints in a text, one a line; empty lines, and lines that begin with #, are passed over.

    Raises Refusal where a line is no checkpoint, naming the group that was misheard, or there is none.
    """
    found = [_read(line.strip()) for line in text.splitlines() if line.strip() and not line.lstrip().startswith("#")]
    if not found:
        raise Refusal("There is no checkpoint in this text.")
    return found


def _read(line: str) -> Given:
    parts = re.fullmatch(r"JG1\s+(\S{1,24})\s+([0-9]{1,18})\s+([0-9a-fA-F]{64})", line)
    if parts is not None:
        return Checkpoint(parts[1], int(parts[2]), bytes.fromhex(parts[3]))
    signed = re.fullmatch(
        r"JG2\s+(\S{1,24})\s+([0-9]{1,18})\s+([0-9a-fA-F]{64})\s+([0-9a-fA-F]{16})\s+([0-9]{8}T[0-9]{6}Z)\s+([0-9a-fA-F]{16})\s+([0-9a-fA-F]{128})",
        line,
    )
    if signed is not None:
        try:
            at = datetime.strptime(signed[5], TIME).replace(tzinfo=UTC)
        except ValueError:
            raise _no_checkpoint(line) from None
        head = Checkpoint(signed[1], int(signed[2]), bytes.fromhex(signed[3]))
        return Signed(head, signed[4].lower(), at, signed[6].lower(), bytes.fromhex(signed[7]))
    spoken = re.fullmatch(rf"JG3\s+(\S{{1,24}})\s+([0-9]{{1,18}})-([0-9])((?:\s+[0-9]{{{DIGITS + 1}}}){{{GROUPS}}})", line)
    if spoken is None:
        raise _no_checkpoint(line)
    if spoken[3] != _check_digit(GROUPS, spoken[2]):
        raise Refusal(
            "The number of the checkpoint, {number}, was misheard or mistyped. Ask for it again.", number=f"{spoken[2]}-{spoken[3]}"
        )
    return Spoken(spoken[1], int(spoken[2]), int("".join(_heard(spoken[4].split()))))


def _heard(said_groups: list[str]) -> list[str]:
    for place, group in enumerate(said_groups):
        if group[DIGITS:] != _check_digit(place, group[:DIGITS]):
            raise Refusal(
                "Group {place} of the checkpoint, {group}, was misheard or mistyped. Ask for it again.", place=place + 1, group=group
            )
    return [group[:DIGITS] for group in said_groups]


def _no_checkpoint(line: str) -> Refusal:
    return Refusal("This is no checkpoint: {text}. It begins with JG1, JG2 or JG3, and is given whole.", text=line[:60])


def _check_digit(place: int, digits: str) -> str:
    state = place  # so that groups that have changed places are noticed too
    for digit in digits:
        state = int(_DAMM[state][int(digit)])
    return str(state)
