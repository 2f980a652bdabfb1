"""What counts as a number of sheets."""

from storage.rules.refusal import Refusal

# More than anybody prints; a figure above it is a slip of the hand.
MOST_SHEETS = 10_000_000_000


def checked_sheets(sheets: int, *, least: int = 0) -> int:
    """The same number of sheets, if it is a whole number from `least` to MOST_SHEETS.

    Raises Refusal otherwise; True and 3.0 are no numbers of sheets.
    """
    if isinstance(sheets, bool) or not isinstance(sheets, int):
        raise Refusal("{sheets} is no whole number of sheets.", sheets=sheets)
    if sheets < least:
        raise Refusal("Enter a number of sheets of at least {least}, not {sheets}.", least=least, sheets=sheets)
    if sheets > MOST_SHEETS:
        raise Refusal("{sheets} sheets are more than the most that can be entered, {most}.", sheets=sheets, most=MOST_SHEETS)
    return sheets
