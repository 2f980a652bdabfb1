"""The page of rooms: what two persons allow for a while stands there with both names, and one person ends it."""

from pathlib import Path

import pytest
from PySide6.QtCore import Qt, QTimer
from PySide6.QtWidgets import QApplication

from storage.people.person import Role
from storage.places import add_room
from storage.watch.suspending import suspensions
from storage.watch.unlocking import unlockings
from tests.storage.scene import SIGNATURE
from tests.ui.seat import ANOTHER
from tests.ui.warehouse import BEGUN, House
from ui.forms.two_persons import SecondPerson
from ui.frame.window import Window
from ui.pages.rooms_page import RoomsPage


def rooms_of(window: Window) -> RoomsPage:
    window.open_page("rooms")
    page = window.pages["rooms"]
    assert isinstance(page, RoomsPage)
    return page


def wati_answers(secret: str = ANOTHER) -> list[str]:
    """Chooses her in the dialog that comes up and gives this secret; the sentences that the dialog showed."""
    said: list[str] = []

    def give() -> None:
        dialog = QApplication.activeModalWidget()
        assert isinstance(dialog, SecondPerson)
        try:
            said.append(dialog.said.text())
            dialog.second.setCurrentIndex(dialog.second.findText("Wati", Qt.MatchFlag.MatchStartsWith))
            dialog.secret.setText(secret)
            dialog.agree.click()
            said.append(dialog.wrong.text())
        finally:
            if dialog.confirmed is None:
                dialog.reject()

    QTimer.singleShot(0, give)
    return said


def test_a_room_is_disarmed_by_two_and_armed_again_by_one(guarded: House) -> None:
    page = rooms_of(guarded.open(Role.GUARD))
    form = page.disarm
    form.button.click()
    assert form.error.text() == "Say why this is needed."
    form.reason.setText("Lembur sortir lipat")
    said = wati_answers()
    form.button.click()
    assert said[0].startswith("Sari disarms Ruang B until 22/11/2026 03:21 WIB") and "Lembur sortir lipat" in said[0]
    assert form.success.text() == "Ruang B is disarmed until 03:21."
    [row] = page.now.rows
    assert row.shown[:2] == ("Ruang B", "disarmed") and row.persons == "Sari, Wati"
    page.end.click()
    assert page.now.rows == () and suspensions(guarded.database, guarded.clock()) == []
    assert page.said.text() == "Ended: Ruang B, disarmed."


def test_without_the_second_secret_nothing_is_suspended_and_what_was_typed_stays(guarded: House) -> None:
    page = rooms_of(guarded.open(Role.GUARD))
    form = page.suspend
    form.reason.setText("Lampu dipasang")
    said = wati_answers("not-her-secret")
    form.button.click()
    assert "That is not the secret of Wati." in said[1]
    assert form.reason.text() == "Lampu dipasang" and suspensions(guarded.database, guarded.clock()) == []
    wati_answers()
    form.button.click()
    assert [row.how for row in page.now.rows] == ["alarms suspended"]


def test_a_room_is_unlocked_before_two_witnesses_with_a_signature_from_a_file(guarded: House, tmp_path: Path) -> None:
    page = rooms_of(guarded.open(Role.GUARD))
    form = page.unlock
    form.reason.setText("Kotak dipindahkan")
    (first, _institution, signature), (second, institution, _none) = form.witnesses
    first.setText("Bawa")
    form.button.click()
    assert form.error.text() == "A room is unlocked before two witnesses. Name both."
    second.setText("Poltak")
    institution.setCurrentIndex(institution.findData("polri"))
    (tmp_path / "signature.png").write_bytes(SIGNATURE)
    signature.take_file(tmp_path / "signature.png")
    said = wati_answers()
    form.button.click()
    assert "Sari unlocks Ruang B before Bawa (Bawaslu), Poltak (Polri). Reason: Kotak dipindahkan" in said[0]
    [kept] = unlockings(guarded.database)
    assert [(one.name, one.institution.value, one.signature) for one in kept.witnesses] == [
        ("Bawa", "bawaslu", SIGNATURE),
        ("Poltak", "polri", None),
    ]
    assert page.now.rows[0].how.startswith("unlocked since")
    page.end.click()
    assert page.now.rows == () and page.before.rows[0].locked_by == "Sari"


@pytest.mark.parametrize(("role", "forms"), [(Role.GUARD, 3), (Role.OFFICER, 1), (Role.AUDITOR, 0)])
def test_the_forms_are_those_of_the_role(guarded: House, role: Role, forms: int) -> None:
    add_room(guarded.database, guarded.site.id, "Ruang C", now=BEGUN)
    page = rooms_of(guarded.open(role))
    assert page.tabs.count() == forms
