"""How many ballots are needed: one for each voter, and a reserve that is rounded up at each polling station.

Source: Law 7/2017, articles 344 and 350: the registered voters and 2 % of them in reserve, at each polling station. In whole numbers
and fractions only: 0.02 is no number a computer can hold, and 50 x 0.02 must not become 2.
"""

import math
from collections.abc import Iterable
from fractions import Fraction

from storage.rules.refusal import Refusal

RESERVE = Fraction(2, 100)


def station_sheets(voters: int, rate: Fraction = RESERVE) -> int:
    """Sheets of one class that one polling station gets: its voters and ceil(rate x voters)."""
    return voters + math.ceil(rate * voters)


def entitled_sheets(stations: Iterable[int], rate: Fraction = RESERVE) -> int:
    """Sheets of one class for several polling stations; stations: the voters of each."""
    return sum(station_sheets(voters, rate) for voters in stations)


def sheet_bounds(voters: int, stations: int, rate: Fraction = RESERVE) -> tuple[int, int]:
    """The least and the most sheets that so many voters in so many stations can need, however they are spread.

    Rounding up adds less than a sheet per station: with a rate p/q in lowest terms at most (q - 1)/q.
    """
    exact = (1 + rate) * voters
    return math.ceil(exact), math.floor(exact + Fraction(rate.denominator - 1, rate.denominator) * stations)


def check_sheets(sheets: int, voters: int, stations: int, rate: Fraction = RESERVE) -> None:
    """Raises Refusal, with the bounds, where a figure cannot be right for so many voters in so many stations."""
    least, most = sheet_bounds(voters, stations, rate)
    if not least <= sheets <= most:
        raise Refusal(
            "{sheets} sheets are impossible for {voters} voters in {stations} polling stations: it must be {least} to {most}.",
            sheets=sheets,
            voters=voters,
            stations=stations,
            least=least,
            most=most,
        )
