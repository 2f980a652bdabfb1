"""Backups at the window: when the last good one was made, making one, calling it off, and the line when there is none."""

from datetime import timedelta
from pathlib import Path

import pytest
from PySide6.QtWidgets import QFileDialog
from pytestqt.qtbot import QtBot

from storage.backup.daily import LATE
from storage.backup.form import own_backups, whose
from storage.backup.making import LOCK
from storage.lock import if_free
from storage.people.person import Role
from storage.watch.recorder_events import close_recorder_event, open_recorder_event
from tests.ui.warehouse import House
from ui.frame.window import Window
from ui.pages.backup_card import BackupCard
from ui.pages.places_page import PlacesPage

PATIENCE_MS = 30_000


@pytest.fixture
def place(house: House) -> Path:
    """The folder that the settings name."""
    folder = house.folder / "stick"
    folder.mkdir()
    (house.database.path.parent / "settings.toml").write_text(f'backups = "{folder.as_posix()}"\n', encoding="utf-8")
    return folder


def card(window: Window) -> BackupCard:
    window.open_page("places")
    page = window.pages["places"]
    assert isinstance(page, PlacesPage)
    return page.backups


def test_one_is_made_and_named(house: House, place: Path, qtbot: QtBot) -> None:
    own = card(house.open(Role.SUPERVISOR))
    assert own.late.isVisible() and own.late.text().startswith("There is no backup yet.")
    own.begin.click()
    assert own.cancel.isVisible() and not own.begin.isVisible()
    qtbot.waitUntil(own.begin.isVisible, timeout=PATIENCE_MS)
    (backup,) = own_backups(place, whose(house.database.path.parent))
    assert own.done.isVisible() and not own.wrong.isVisible() and not own.late.isVisible()
    assert own.last.text().startswith("Last good backup: 22/11") and str(backup.folder) in own.last.text()
    house.clock.advance(timedelta(days=2, minutes=1).total_seconds())
    own.refresh()
    assert own.late.text() == "The last good backup is more than two days old."


def test_what_fails_is_one_sentence(house: House, place: Path, qtbot: QtBot) -> None:
    own = card(house.open(Role.SUPERVISOR))
    with if_free(house.database.path.parent / LOCK):
        own.begin.click()
        qtbot.waitUntil(own.begin.isVisible, timeout=PATIENCE_MS)
    assert own.wrong.isVisible() and own.wrong.text() == "A backup is being made already. Wait until it is done."
    place.rmdir()
    own.begin.click()
    qtbot.waitUntil(own.begin.isVisible, timeout=PATIENCE_MS)
    assert own.wrong.text().startswith("There is no folder")


def test_called_off_it_leaves_nothing(house: House, place: Path, qtbot: QtBot) -> None:
    own = card(house.open(Role.SUPERVISOR))
    own.begin.click()
    own.cancel.click()
    qtbot.waitUntil(own.begin.isVisible, timeout=PATIENCE_MS)
    # It may have been done by then: either it is whole and named, or there is nothing.
    assert bool(list(place.iterdir())) == own.done.isVisible()
    assert not list(place.glob("*.unfinished"))


def test_without_a_place_in_the_settings_it_is_asked_for(
    house: House, monkeypatch: pytest.MonkeyPatch, qtbot: QtBot, tmp_path: Path
) -> None:
    (tmp_path / "chosen").mkdir()
    answers = iter(["", str(tmp_path / "chosen")])
    monkeypatch.setattr(QFileDialog, "getExistingDirectory", lambda *_args: next(answers))
    own = card(house.open(Role.SUPERVISOR))
    own.begin.click()
    assert own.begin.isVisible()
    own.begin.click()
    qtbot.waitUntil(own.begin.isVisible, timeout=PATIENCE_MS)
    assert len(list((tmp_path / "chosen").iterdir())) == 1


def test_only_who_may_make_one_sees_the_card(house: House) -> None:
    window = house.open(Role.AUDITOR)
    assert card(window).isVisible()
    assert card(house.open(Role.ADMINISTRATOR)).isVisible()
    assert "places" not in house.open(Role.GUARD).pages


def test_a_line_stands_above_every_page_while_there_is_no_new_one(house: House) -> None:
    window = house.open(Role.GUARD)
    event = open_recorder_event(house.database, LATE, 0.0, now=house.clock())
    window.tick()
    assert window.disk.isVisible() and window.disk.text().startswith("There is no good backup of the last two days.")
    close_recorder_event(house.database, event, now=house.clock())
    window.tick()
    assert not window.disk.isVisible()
