"""Saying a sentence: the one language spoken at a time, translations, grouped numbers, and what a refusal says."""

import gettext
from pathlib import Path
from typing import Literal

Language = Literal["id", "en"]

_FOLDER = Path(__file__).parent


class _Speech:
    """The one language that the program speaks at a time."""

    def __init__(self) -> None:
        self.language: Language = "en"
        self.catalogue = gettext.NullTranslations()


_speech = _Speech()


def set_language(language: Language) -> None:
    """From now on everything is said in this language."""
    if language == "en":
        _speech.catalogue = gettext.NullTranslations()
    else:
        with (_FOLDER / f"{language}.mo").open("rb") as file:
            _speech.catalogue = gettext.GNUTranslations(file)
    _speech.language = language


def language() -> Language:
    """The language that is spoken now."""
    return _speech.language


def _(english: str) -> str:
    """The sentence in the language that is spoken now; the English one where there is no translation."""
    return _speech.catalogue.gettext(english)


def _n(one: str, many: str, number: int) -> str:
    """As `_`, for a sentence with a number in it whose English differs between one and many; fills {n}."""
    return _speech.catalogue.ngettext(one, many, number).format(n=whole(number))


def whole(number: int) -> str:
    """A whole number grouped in thousands: 33.747.852 in Indonesian, 33,747,852 in English."""
    grouped = f"{number:,}"
    return grouped.replace(",", ".") if _speech.language == "id" else grouped


def decimal(number: float) -> str:
    """A number with one decimal: 1,5 in Indonesian, 1.5 in English."""
    text = f"{number:.1f}"
    return text.replace(".", ",") if _speech.language == "id" else text


def signed(number: int) -> str:
    """A change with its sign: +1.000, −300 (a true minus, as wide as the plus); empty for no change."""
    if not number:
        return ""
    return f"+{whole(number)}" if number > 0 else f"−{whole(-number)}"
