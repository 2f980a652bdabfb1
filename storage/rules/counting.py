"""When a stock count says something: two teams that counted apart have found the same."""

from collections.abc import Sequence
from dataclasses import dataclass


@dataclass(frozen=True)
class Finding:
    """What one team found: sheets, state by state."""

    team: int
    sheets: tuple[int, ...]


def agreed(findings: Sequence[Finding]) -> int | None:
    """The place of the last finding that another team's equals; None as long as there is none."""
    for number in reversed(range(len(findings))):
        finding = findings[number]
        if any(other.team != finding.team and other.sheets == finding.sheets for other in findings[:number]):
            return number
    return None
