"""A number is read as what was surely meant, or not at all."""

import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from storage.rules.numbers import MOST_EXACT, Notation, shown, whole_number
from storage.rules.quantity import MOST_SHEETS
from storage.rules.refusal import Refusal

NUMBERS = st.integers(0, MOST_SHEETS) | st.integers(0, 2_000_000)
ANY_NOTATION = st.sampled_from([None, *Notation])


def grouped(number: int, notation: Notation) -> str:
    return f"{number:,}".replace(",", notation.separator)


def refusal(value: str | int | float, notation: Notation | None = None) -> str:
    with pytest.raises(Refusal) as refused:
        whole_number(value, notation)
    return refused.value.template


@given(NUMBERS, st.sampled_from(Notation))
def test_every_number_reads_back_in_its_notation(number: int, notation: Notation) -> None:
    assert whole_number(grouped(number, notation), notation) == number


@given(NUMBERS, ANY_NOTATION)
def test_plain_digits_and_a_spreadsheets_numbers_are_always_right(number: int, notation: Notation | None) -> None:
    assert whole_number(str(number), notation) == whole_number(number, notation) == whole_number(float(number), notation) == number


@given(NUMBERS, st.sampled_from(Notation))
def test_the_other_notation_is_never_read_as_another_number(number: int, notation: Notation) -> None:
    other = Notation.EN if notation is Notation.ID else Notation.ID
    text = grouped(number, other)
    if number < 1000:
        assert whole_number(text, notation) == number
    else:
        assert "in a file that writes a thousand as" in refusal(text, notation)


@given(NUMBERS, st.sampled_from(Notation))
def test_without_a_notation_one_group_alone_is_ambiguous(number: int, notation: Notation) -> None:
    text = grouped(number, notation)
    if text.count(notation.separator) == 1:
        assert "without separators" in refusal(text)
    else:
        assert whole_number(text, None) == number


@given(st.text(max_size=30), ANY_NOTATION)
def test_any_text_is_a_number_from_its_own_digits_or_refused(text: str, notation: Notation | None) -> None:
    try:
        number = whole_number(text, notation)
    except Refusal as refused:
        assert str(refused)
    else:
        assert str(number) == (text.strip(" \t").replace(".", "").replace(",", "").lstrip("0") or "0")


@pytest.mark.parametrize("notation", [None, *Notation])
@pytest.mark.parametrize(
    "text",
    [
        "", " ", "-1", "+1", "−1", "1e3", "1E3", "0x10", "1_000", "1 000", "1\u00a0000", "\u00a01000", "1\u202f000", "1'000", "1.5", "1,5",
        "1.00", "1.0000", "1.000,0", "1,000.0", "1.000,000", "1,000.000", "12.34.567", "1.000.00", ".000", "1.", ",1", "0.100", "000.100",
        "1..000",
        "١٢٣", "１２３", "१२३", "²", "Ⅷ", "1\n000", "12\n", "nan", "inf", "True", "1.000.000,00", "Rp1.000", "10%",
    ],
)  # fmt: skip
def test_what_is_no_whole_number_is_refused(text: str, notation: Notation | None) -> None:
    assert "is no whole number" in refusal(text, notation)


@pytest.mark.parametrize("value", [1000.5, math.nan, math.inf, -math.inf, True, False, float(MOST_EXACT * 2), 1e300, 0.1, -0.5])
def test_numbers_of_a_spreadsheet_that_are_not_whole_are_refused(value: float) -> None:
    assert "is no whole number" in refusal(value)


@pytest.mark.parametrize("value", [MOST_SHEETS + 1, str(MOST_SHEETS + 1), float(MOST_SHEETS + 1), "9" * 400, "9" * 5000, "99.999.999.999"])
def test_more_than_anybody_prints_is_refused(value: str | float) -> None:
    assert "more than the most" in refusal(value)


def test_below_nothing_is_refused() -> None:
    assert "at least" in refusal(-1)
    assert "at least" in refusal(-1.0)


def test_leading_zeros_and_blanks_do_not_matter() -> None:
    assert whole_number(" 007\t", None) == 7
    assert whole_number("0" * 400, None) == 0


def test_a_sentence_holds_only_as_much_as_can_be_shown() -> None:
    assert shown("a\nb  c") == "a b c"
    assert len(shown("x" * 400)) == 40
