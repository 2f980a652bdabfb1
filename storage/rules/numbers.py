"""Whole numbers as people and spreadsheets write them: a point or a comma may group thousands, and may not be guessed."""

import math
import re
from enum import StrEnum

from storage.rules.quantity import MOST_SHEETS, checked_sheets
from storage.rules.refusal import Refusal

# Beyond this a floating-point number no longer says which whole number was meant.
MOST_EXACT = 2**53
SHOWN_SIGNS = 40

_PLAIN = re.compile(r"[0-9]+")
_GROUPED = re.compile(r"[1-9][0-9]{0,2}(?:(?:\.[0-9]{3})+|(?:,[0-9]{3})+)")


class Notation(StrEnum):
    """How thousands are grouped. id: 1.000, as in Indonesia. en: 1,000."""

    ID = "id"
    EN = "en"

    @property
    def separator(self) -> str:
        """What stands between the groups."""
        return "." if self is Notation.ID else ","


def whole_number(value: str | int | float, notation: Notation | None) -> int:
    """The number, from 0 to MOST_SHEETS.

    value: text, or what a spreadsheet keeps as a number. notation: that of text; None where it is not known: then one group alone, as in
    1.000, may as well be a decimal and is refused.

    Raises Refusal for whatever is not surely one whole number: signs, decimals, exponents, spaces between digits, other digits than 0-9.
    """
    if isinstance(value, str):
        return _from_text(value.strip(" \t"), notation)
    if isinstance(value, float):
        if not math.isfinite(value) or not value.is_integer() or abs(value) > MOST_EXACT:
            raise _no_number(str(value))
        value = int(value)
    if isinstance(value, bool):
        raise _no_number(str(value))
    return checked_sheets(value)


def shown(text: str) -> str:
    """As much of a text as a sentence can hold, on one line."""
    line = " ".join(text.split())
    return line if len(line) <= SHOWN_SIGNS else line[: SHOWN_SIGNS - 1] + "…"


def _from_text(text: str, notation: Notation | None) -> int:
    if _GROUPED.fullmatch(text):
        separator = "." if "." in text else ","
        if notation is None and text.count(separator) == 1:
            raise Refusal(
                "“{value}” may mean thousands or a decimal; write it without separators or say how the file writes numbers.",
                value=shown(text),
            )
        if notation is not None and separator != notation.separator:
            example = f"1{notation.separator}000"
            raise Refusal("“{value}” is no whole number in a file that writes a thousand as {example}.", value=shown(text), example=example)
        text = text.replace(separator, "")
    if not _PLAIN.fullmatch(text):
        raise _no_number(text)
    digits = text.lstrip("0") or "0"
    if len(digits) > len(str(MOST_SHEETS)):
        raise Refusal("{sheets} sheets are more than the most that can be entered, {most}.", sheets=shown(digits), most=MOST_SHEETS)
    return checked_sheets(int(digits))


def _no_number(text: str) -> Refusal:
    return Refusal("“{value}” is no whole number; write it with digits only.", value=shown(text))
