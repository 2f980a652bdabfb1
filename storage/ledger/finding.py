"""What a check of the books finds."""

from dataclasses import dataclass

from storage.rules.refusal import Refusal


@dataclass(frozen=True)
class Finding:
    """One fault. table, row: where it is, the row by its number or key; said: one sentence.

    rule: which of the twelve rules of the books is broken; 0 for the chain and what it holds together.
    """

    kind: str
    table: str
    row: str
    said: Refusal
    rule: int = 0
