"""Giving the evidence of an alarm out at the window: the second person's secret, progress, cancelling."""

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest
from PySide6.QtCore import QTimer
from PySide6.QtWidgets import QApplication, QFileDialog
from pytestqt.qtbot import QtBot

from storage.evidence.verify import WITH_GAPS, check
from storage.people.person import Person
from storage.watch.alarms import get_alarm
from tests.camera.footage import after
from tests.storage.incident import LATER, SECRETS, IncidentScene, open_incident
from tests.ui.warehouse import Bare, Clock, Recorder, Sound
from ui.forms.two_persons import SecondPerson
from ui.pages.alarms_page import AlarmsPage

PATIENCE_MS = 30_000


@pytest.fixture
def scene(tmp_path: Path) -> Iterator[IncidentScene]:
    opened = open_incident(tmp_path)
    yield opened
    opened.database.close()


@pytest.fixture
def bare(scene: IncidentScene, tmp_path: Path, qtbot: QtBot) -> Iterator[Bare]:
    """The window over the incident's data folder."""
    clock = Clock(LATER)
    made = Bare(scene.database, tmp_path, clock, Recorder(scene.database, clock), Sound(), [])
    yield made
    for window in made.windows:
        window.close()
        window.deleteLater()


@pytest.fixture
def out(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The folder that is chosen; the system's own dialog cannot be answered from here."""
    folder = tmp_path / "out"
    folder.mkdir()
    monkeypatch.setattr(QFileDialog, "getExistingDirectory", lambda *_args: str(folder))
    return folder


def alarms_page(bare: Bare, person: Person) -> AlarmsPage:
    window = bare.open_for(person, SECRETS[person.name])
    window.open_page("alarms")
    page = window.pages["alarms"]
    assert isinstance(page, AlarmsPage)
    return page


def answer(*secrets: str) -> list[str]:
    """Gives these secrets to the dialog that comes up, then calls it off if it is still there; what it said in between."""
    said: list[str] = []

    def give() -> None:
        dialog = QApplication.activeModalWidget()
        assert isinstance(dialog, SecondPerson)
        for secret in secrets:
            dialog.secret.setText(secret)
            dialog.agree.click()
            said.append(dialog.wrong.text())
        if dialog.confirmed is None:
            dialog.reject()

    QTimer.singleShot(0, give)
    return said


def test_a_guard_and_a_supervisor_give_it_out(bare: Bare, scene: IncidentScene, out: Path, qtbot: QtBot) -> None:
    page = alarms_page(bare, scene.guard)
    answer(SECRETS["Agus"])
    page.exporting.begin.click()
    assert page.exporting.cancel.isVisible() and not page.exporting.begin.isVisible()
    qtbot.waitUntil(page.exporting.begin.isVisible, timeout=PATIENCE_MS)
    (folder,) = out.iterdir()
    assert check(folder)[0] == WITH_GAPS
    assert str(folder) in page.said.text() and page.said.objectName() == "success"


def test_without_the_second_persons_secret_nothing_goes_out(bare: Bare, scene: IncidentScene, out: Path) -> None:
    page = alarms_page(bare, scene.guard)
    said = answer("wrong-secret-1")
    page.exporting.begin.click()
    assert said == ["That is not the secret of Agus."]
    assert page.exporting.begin.isVisible() and list(out.iterdir()) == []


def test_called_off_nothing_is_kept(bare: Bare, scene: IncidentScene, out: Path, qtbot: QtBot) -> None:
    page = alarms_page(bare, scene.guard)
    answer(SECRETS["Agus"])
    page.exporting.begin.click()
    page.exporting.cancel.click()
    qtbot.waitUntil(page.exporting.begin.isVisible, timeout=PATIENCE_MS)
    assert list(out.iterdir()) == []
    assert page.said.objectName() == "error" and "called off" in page.said.text()


def test_what_is_still_recorded_is_told_before_anybody_is_asked(bare: Bare, scene: IncidentScene, out: Path) -> None:
    bare.clock.at = after(25)
    page = alarms_page(bare, scene.guard)
    page.exporting.begin.click()
    assert "still being recorded" in page.said.text() and list(out.iterdir()) == []


def test_it_is_offered_for_an_alarm_with_footage_only(bare: Bare, scene: IncidentScene) -> None:
    page = alarms_page(bare, scene.supervisor)
    assert page.exporting.isVisible()
    page.exporting.show_alarm(replace(get_alarm(scene.database, 1), camera_id=None))
    assert not page.exporting.isVisible()
