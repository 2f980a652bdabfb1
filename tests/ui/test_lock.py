"""The lock that hides everything but the alarms, and the change of shift without a restart."""

import contextlib
import sqlite3

import pytest
import sqlalchemy as sa
from PySide6.QtCore import QLocale, Qt, QTimer
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QDialog
from pytestqt.qtbot import QtBot

from storage.database import open_database
from storage.people.person import Role
from storage.schema.record import record
from tests.ui.seat import ANOTHER, away, entering, handing_over, outcomes, wati_of
from tests.ui.warehouse import SECRET, House, sign_in
from ui.forms.shift_form import ShiftForm
from ui.frame.window import SOUND_AGAIN_S
from ui.pages.deliveries_page import DeliveriesPage


def test_after_five_minutes_without_anybody_only_the_alarms_are_seen_and_heard(guarded: House) -> None:
    window = guarded.open(Role.GUARD)
    away(window, guarded, 299)
    assert not window.locked
    away(window, guarded, 1)
    assert window.locked
    assert not any(page.isVisible() for page in window.pages.values()) and guarded.recorder.shown == {}
    assert outcomes(guarded, guarded.people[Role.GUARD]) == ["in", "idle"]
    guarded.recorder.somebody_moves(guarded.camera.id, guarded.clock())
    window.poll()
    assert guarded.sound.times == 1
    assert window.banner.isVisible() and window.banner.said.text() == "Ruang B, Kamera 1: Movement, 0:00 ago"
    assert window.bar.alarms.mark.word == "1 alarm, oldest 0:00"
    for _second in range(SOUND_AGAIN_S):
        window.tick()
    assert guarded.sound.times == 2, "it is heard again while nobody answers it"
    window.acknowledge_newest()
    window.tick()
    assert window.banner.isVisible(), "nobody answers an alarm who has not signed in"


def test_all_waiting_alarms_are_listed_while_it_is_locked(guarded: House) -> None:
    window = guarded.open(Role.GUARD)
    window.lock()
    for _alarm in range(3):
        guarded.clock.advance(120)
        guarded.recorder.somebody_moves(guarded.camera.id, guarded.clock())
    window.tick()
    assert window.gate is not None
    assert window.gate.waiting.text().splitlines() == [
        "Ruang B, Kamera 1: Movement, 2:00 ago",
        "Ruang B, Kamera 1: Movement, 4:00 ago",
    ]


def test_a_key_or_the_mouse_puts_the_lock_off(guarded: House) -> None:
    window = guarded.open(Role.GUARD)
    away(window, guarded, 299)
    QTest.keyClick(window, Qt.Key.Key_Shift)
    away(window, guarded, 299)
    QTest.mouseMove(window, window.rect().center())
    QApplication.processEvents()
    away(window, guarded, 299)
    assert not window.locked
    away(window, guarded, 1)
    assert window.locked


def test_a_clock_that_is_set_back_does_not_put_the_lock_off(guarded: House) -> None:
    window = guarded.open(Role.GUARD)
    guarded.clock.advance(-3600)
    for _second in range(300):
        window.tick()
    assert window.locked


def test_how_long_until_it_locks_is_a_setting(guarded: House) -> None:
    window = guarded.open_gate(lock_after_s=60)
    sign_in(window, guarded.people[Role.GUARD])
    away(window, guarded, 60)
    assert window.locked


def test_a_dialog_that_stands_open_goes_when_it_locks(guarded: House) -> None:
    window = guarded.open(Role.GUARD)
    dialog = QDialog(window)
    dialog.setModal(True)
    QTimer.singleShot(0, lambda: away(window, guarded, 300))
    assert dialog.exec() == QDialog.DialogCode.Rejected
    assert window.locked


def test_whoever_was_locked_out_finds_what_they_typed(house: House, qtbot: QtBot) -> None:
    officer = house.people[Role.OFFICER]
    window = house.open(Role.OFFICER)
    window.open_page("deliveries")
    page = window.pages["deliveries"]
    assert isinstance(page, DeliveriesPage)
    page.note.setText("SJ-114")
    qtbot.waitUntil(window.isActiveWindow)
    QTest.keyClick(window, Qt.Key.Key_L, Qt.KeyboardModifier.ControlModifier)
    assert window.locked and not page.isVisible()
    assert entering(window).name.typed == "Budi"
    sign_in(window, officer)
    assert window.pages["deliveries"] is page and page.isVisible() and page.note.text() == "SJ-114"


def test_another_may_sign_in_where_it_is_locked(guarded: House) -> None:
    window = guarded.open(Role.GUARD)
    window.lock()
    sign_in(window, wati_of(guarded), ANOTHER)
    assert window.desk.person.name == "Wati" and window.desk.database.signed_in == wati_of(guarded).id
    assert outcomes(guarded, guarded.people[Role.GUARD]) == ["in", "out"]


def test_a_shift_is_handed_over_with_both_secrets_while_the_watch_goes_on(guarded: House) -> None:
    sari, wati = guarded.people[Role.GUARD], wati_of(guarded)
    window = guarded.open(Role.GUARD)
    form = handing_over(window)
    guarded.recorder.somebody_moves(guarded.camera.id, guarded.clock())
    window.poll()
    assert guarded.sound.times == 1 and window.banner.isVisible()
    form.remark.setText("Pintu barat macet")
    form.own_secret.setText(SECRET)
    form.name.setEditText("Wati")
    form.secret.setText(ANOTHER)
    form.button.click()
    QApplication.processEvents()
    assert window.gate is None and window.desk.person == wati
    assert (outcomes(guarded, sari), outcomes(guarded, wati)) == (["in", "out"], ["in"])
    own = record.c
    with guarded.database.read() as connection:
        told = connection.execute(sa.select(record).where(own.person_id == sari.id, own.second_id == wati.id)).all()
    assert [row.act for row in told if "Pintu barat macet" in row.body], "the change of shift has its record"


@pytest.mark.parametrize(("own", "other"), [("wrong-secret-1", ANOTHER), (SECRET, "wrong-secret-1"), (SECRET, "")])
def test_without_both_secrets_the_shift_stays_where_it_is(guarded: House, own: str, other: str) -> None:
    window = guarded.open(Role.GUARD)
    form = handing_over(window)
    form.remark.setText("Pintu barat macet")
    form.own_secret.setText(own)
    form.name.setEditText("Wati")
    form.secret.setText(other)
    form.button.click()
    QApplication.processEvents()
    assert form.error.isVisible() and form.remark.text() == "Pintu barat macet"
    QTest.keyClick(form, Qt.Key.Key_Escape)
    QApplication.processEvents()
    assert window.gate is None and window.desk.person.name == "Sari"
    assert outcomes(guarded, wati_of(guarded))[-1:] in ([], ["wrong"])


def test_a_form_left_open_in_the_change_of_shift_locks_too(guarded: House) -> None:
    window = guarded.open(Role.GUARD)
    form = handing_over(window)
    form.own_secret.setText(SECRET)
    away(window, guarded, 300)
    assert window.locked and entering(window).name.typed == "Sari"
    QTest.keyClick(entering(window), Qt.Key.Key_Escape)
    QApplication.processEvents()
    assert window.locked


def test_who_does_not_guard_hands_nothing_over(house: House) -> None:
    window = house.open(Role.OFFICER)
    assert window.bar.person is not None
    assert not window.bar.person.hand_over.isVisible() and window.bar.person.lock.isVisible()


def test_a_language_chosen_at_the_gate_is_the_gates_alone(house: House) -> None:
    window = house.open(Role.OFFICER)
    window.open_page("deliveries")
    page = window.pages["deliveries"]
    assert isinstance(page, DeliveriesPage)
    page.note.setText("SJ-114")
    window.lock()
    window.choose_language("id")
    assert window.locked and not page.isVisible()
    assert window.locale().language() is QLocale.Language.Indonesian
    sign_in(window, house.people[Role.OFFICER])
    assert window.pages["deliveries"] is page and page.note.text() == "SJ-114"
    assert window.locale().language() is QLocale.Language.English


def test_the_form_for_the_change_of_shift_stays_in_another_language(guarded: House) -> None:
    window = guarded.open(Role.GUARD)
    handing_over(window)
    window.choose_language("id")
    assert window.gate is not None and isinstance(window.gate.form, ShiftForm)


def test_while_another_program_holds_the_database_it_locks_as_soon_as_it_can(guarded: House) -> None:
    guarded.database = open_database(guarded.database.path.parent, busy_s=0.05)
    window = guarded.open(Role.GUARD)
    with contextlib.closing(sqlite3.connect(guarded.database.path)) as other:
        other.execute("BEGIN EXCLUSIVE")
        away(window, guarded, 300)
        assert "is locked by another program" in window.trouble.text()
        other.rollback()
    window.tick()
    assert window.locked
    with contextlib.closing(sqlite3.connect(guarded.database.path)) as other:
        other.execute("BEGIN EXCLUSIVE")
        entering(window).secret.setText(SECRET)
        entering(window).button.click()
        assert window.locked and "is locked by another program" in entering(window).error.text()
        other.rollback()
    sign_in(window, guarded.people[Role.GUARD])
    assert not window.locked
    guarded.database.close()
