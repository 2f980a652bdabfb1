"""The window over a small warehouse: real pages, a real database, a clock and a recorder's voice that the test holds in its hands."""

from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest
from argon2 import PasswordHasher
from pytestqt.qtbot import QtBot

from storage.database import Database
from storage.people.person import Role, add_person
from storage.people.sign_in import give_secret
from tests.ui.seat import ANOTHER
from tests.ui.warehouse import BEGUN, SECRET, Bare, Clock, House, Recorder, Sound, furnished
from ui.words.speech import set_language


@pytest.fixture(autouse=True)
def english() -> Iterator[None]:
    """Tests read English; the language is left as it was found."""
    set_language("en")
    yield
    set_language("en")


@pytest.fixture(autouse=True)
def quick_secrets(monkeypatch: pytest.MonkeyPatch) -> None:
    """Secrets are kept as always, but at a cost that a test of the window need not pay."""
    monkeypatch.setattr("storage.people.sign_in._HASHER", PasswordHasher(time_cost=1, memory_cost=8, parallelism=1))


@pytest.fixture
def bare(database: Database, tmp_path: Path, qtbot: QtBot) -> Iterator[Bare]:
    """02:51:07 in the night of a Sunday, and an empty database; the clock stands still until it is moved."""
    clock = Clock(datetime(2026, 11, 21, 19, 51, 7, tzinfo=UTC))
    made = Bare(database, tmp_path, clock, Recorder(database, clock), Sound(), [])
    yield made
    for window in made.windows:
        window.close()
        window.deleteLater()


@pytest.fixture
def house(bare: Bare) -> House:
    """A warehouse with a room that is always armed, a camera, a ballot class and five people."""
    return furnished(bare)


@pytest.fixture
def guarded(house: House) -> House:
    """The house, in which the two guards Sari and Wati have secrets of their own."""
    wati = add_person(house.database, "Wati", Role.GUARD, now=BEGUN)
    for person, secret in ((house.people[Role.GUARD], SECRET), (wati, ANOTHER)):
        give_secret(house.database, person.id, secret, now=BEGUN)
    return house
