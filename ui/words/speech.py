"""Saying a sentence: the one language spoken at a time, translations, grouped numbers, and what a refusal says."""

import gettext
from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
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
# What a paper is written in, in the thread that writes it, whatever the program speaks.
_written: ContextVar[_Speech | None] = ContextVar("written", default=None)


def set_language(language: Language) -> None:
    """From now on everything is said in this language."""
    _learn(_speech, language)


@contextmanager
def written_in(language: Language) -> Iterator[None]:
    """Within it, and in this thread alone, everything is said in this language: a paper for others."""
    speech = _Speech()
    _learn(speech, language)
    token = _written.set(speech)
    try:
        yield
    finally:
        _written.reset(token)


def _learn(speech: _Speech, language: Language) -> None:
    if language == "en":
        speech.catalogue = gettext.NullTranslations()
    else:
        with (_FOLDER / f"{language}.mo").open("rb") as file:
            speech.catalogue = gettext.GNUTranslations(file)
    speech.language = language


def language() -> Language:
    """The language that is spoken now."""
    return (_written.get() or _speech).language


def _(english: str) -> str:
    """The sentence in the language that is spoken now; the English one where there is no translation."""
    return (_written.get() or _speech).catalogue.gettext(english)


def _n(one: str, many: str, number: int) -> str:
    """As `_`, for a sentence with a number in it whose English differs between one and many; fills {n}."""
    return (_written.get() or _speech).catalogue.ngettext(one, many, number).format(n=whole(number))


def whole(number: int) -> str:
    """A whole number grouped in thousands: 33.747.852 in Indonesian, 33,747,852 in English."""
    grouped = f"{number:,}"
    return grouped.replace(",", ".") if language() == "id" else grouped


def decimal(number: float) -> str:
    """A number with one decimal: 1,5 in Indonesian, 1.5 in English."""
    text = f"{number:.1f}"
    return text.replace(".", ",") if language() == "id" else text


def signed(number: int) -> str:
    """A change with its sign: +1.000, −300 (a true minus, as wide as the plus); empty for no change."""
    if not number:
        return ""
    return f"+{whole(number)}" if number > 0 else f"−{whole(-number)}"
