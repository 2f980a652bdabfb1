"""Every sentence has its Indonesian, the compiled catalogue is what the source says, and figures and times read as people write them."""

import ast
from datetime import UTC, datetime, timedelta
from string import Formatter

import pytest
from babel.messages.catalog import Message

from camera.events import Kind
from camera.journal import Cause, WatchedHow
from storage.people.person import Role
from storage.rules.movement import EventKind, State
from storage.rules.refusal import Refusal
from storage.rules.rights import Act
from storage.stock.classes import Purpose
from storage.watch.alarms import Verdict
from ui.words.acts import act_name
from ui.words.names import name_of
from ui.words.sentences import sentence
from ui.words.speech import Language, _n, set_language, signed, whole
from ui.words.times import clock_with_zone, span
from ui.words.update import MO, collected, compiled, read_catalogue, source_files


def texts(one_or_many: str | tuple[str, ...] | list[str] | None) -> tuple[str, ...]:
    return (one_or_many,) if isinstance(one_or_many, str) else tuple(one_or_many or ("",))


def fields(text: str) -> set[str]:
    return {name for _literal, name, _format, _conversion in Formatter().parse(text) if name}


def test_every_sentence_of_the_program_is_translated() -> None:
    catalogue = read_catalogue()
    missing = [message.id for message in collected() if message.id and message.id not in catalogue]
    assert missing == [], "run python -m ui.words.update and translate"
    empty = [message.id for message in catalogue if message.id and not all(texts(message.string))]
    assert empty == []
    assert [message.id for message in catalogue if message.fuzzy and message.id] == []


def test_no_sentence_hides_in_a_formatted_text() -> None:
    """There it would not be collected."""
    hidden = [
        f"{file.name}:{call.lineno}"
        for file in source_files()
        for text in ast.walk(ast.parse(file.read_text(encoding="utf-8")))
        if isinstance(text, ast.JoinedStr)
        for call in ast.walk(text)
        if isinstance(call, ast.Call) and isinstance(call.func, ast.Name) and call.func.id in ("_", "_n")
    ]
    assert hidden == []


def test_nothing_is_translated_that_nobody_says() -> None:
    said = collected()
    assert [message.id for message in read_catalogue() if message.id and message.id not in said] == []
    assert not read_catalogue().obsolete


def test_translations_fill_the_same_values() -> None:
    def differs(message: Message) -> bool:
        wanted = set().union(*(fields(text) for text in texts(message.id)))
        return any(fields(text) != wanted for text in texts(message.string))

    assert [message.id for message in read_catalogue() if message.id and differs(message)] == []


def test_the_compiled_catalogue_is_what_the_source_says() -> None:
    assert MO.read_bytes() == compiled(read_catalogue())


def test_every_kept_word_has_a_name() -> None:
    words = [*State, *Purpose, *EventKind, *Kind, *Cause, *WatchedHow, *Verdict, *Role]
    assert [word for word in words if name_of(word) == word.value] == [Role.SUPERVISOR, Role.AUDITOR, Role.ADMINISTRATOR]


def test_every_act_has_a_name_of_its_own_in_both_languages() -> None:
    names = {}
    languages: tuple[Language, ...] = ("id", "en")
    for language in languages:
        set_language(language)
        names[language] = {act_name(act) for act in Act}
        assert len(names[language]) == len(Act)
    assert not names["id"] & names["en"]


def test_numbers_are_grouped_as_the_language_does() -> None:
    assert (whole(33_747_852), signed(-1000), signed(0)) == ("33,747,852", "−1,000", "")
    set_language("id")
    assert (whole(33_747_852), signed(250), _n("{n} alarm", "{n} alarms", 2)) == ("33.747.852", "+250", "2 alarm")


def test_a_refusal_is_said_in_the_language_with_its_values() -> None:
    values = {"have": 1500, "ballot": "PPWP", "state": "unsorted", "wanted": 2}
    refusal = Refusal("Only {have} sheets of {ballot} are {state}; {wanted} are needed.", **values)
    assert sentence(refusal) == "Only 1,500 sheets of PPWP are unsorted; 2 are needed."
    set_language("id")
    assert sentence(refusal) == "Hanya 1.500 lembar PPWP yang belum disortir; diperlukan 2."


def test_lost_sheets_are_not_called_as_a_lost_picture_is() -> None:
    assert (name_of(State.LOST), name_of("lost")) == ("Lost on the way", "Lost")
    refusal = Refusal("Container {code} holds {state} sheets or is elsewhere; it is not sent.", code="D-1", state=State.LOST.value)
    assert sentence(refusal) == "Container D-1 holds lost on the way sheets or is elsewhere; it is not sent."


@pytest.mark.parametrize(
    ("length", "said"),
    [(timedelta(seconds=41), "0:41"), (timedelta(hours=2, minutes=5, seconds=9), "2:05:09"), (timedelta(days=3, hours=4), "3 d 04:00")],
)
def test_spans_are_short(length: timedelta, said: str) -> None:
    assert span(length) == said
    assert span(-length) == "0:00"


def test_the_clock_names_the_zone() -> None:
    at = datetime(2026, 11, 21, 20, 12, 7, tzinfo=UTC)
    assert clock_with_zone(at, "Asia/Jakarta") == "03:12:07 WIB"
    assert clock_with_zone(at, "Asia/Makassar") == "04:12:07 WITA"
    assert clock_with_zone(at, "Asia/Jayapura") == "05:12:07 WIT"
