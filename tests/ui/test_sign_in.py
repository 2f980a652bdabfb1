"""Who sits at the window: the first start, and signing in."""

from datetime import timedelta

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from storage.people.person import Grant, Role, add_person, end_role, grant_role, list_people
from storage.people.sign_in import enter, nobody_has_a_secret, standings
from tests.ui.seat import ANOTHER, beginning, entering, outcomes, wati_of
from tests.ui.warehouse import BEGUN, SECRET, Bare, House


def test_the_first_start_asks_for_the_administrator_and_takes_no_weak_secret(bare: Bare) -> None:
    window = bare.open_gate()
    form = beginning(window)
    form.button.click()
    assert form.error.text() == "Enter the secret."
    for typed, again, said in (
        ("kenari-kuning", "kenari-hijau", "The second time something else was typed. Type the same secret twice."),
        ("kenari", "kenari", "A secret has 10 to 128 characters."),
        ("aaaaaaaaaaaa", "aaaaaaaaaaaa", "This secret is guessed too easily: use different characters, and not the name."),
    ):
        form.name.setEditText("Eko Nugroho")
        form.secret.once.setText(typed)
        form.secret.again.setText(again)
        form.button.click()
        assert form.error.text() == said and nobody_has_a_secret(bare.database)
    assert list_people(bare.database) == []
    form.secret.once.setText(SECRET)
    form.secret.again.setText(SECRET)
    form.button.click()
    QApplication.processEvents()
    assert window.gate is None and window.page_name == "places", "that is what there is to do"
    (eko,) = list_people(bare.database)
    assert (eko.name, eko.grants) == ("Eko Nugroho", frozenset({Grant(Role.ADMINISTRATOR)}))
    assert window.desk.database.signed_in == eko.id
    assert outcomes(bare, eko) == ["in"]


def test_in_a_database_of_an_earlier_version_the_administrator_is_proposed(house: House) -> None:
    window = house.open_gate()
    form = beginning(window)
    assert form.name.typed == "Eko"
    form.secret.once.setText(SECRET)
    form.secret.again.setText(SECRET)
    form.button.click()
    QApplication.processEvents()
    assert window.desk.person == house.people[Role.ADMINISTRATOR]
    assert len(list_people(house.database)) == 5


def test_where_there_was_no_administrator_the_supervisor_becomes_one(bare: Bare) -> None:
    agus = add_person(bare.database, "Agus", Role.SUPERVISOR, now=BEGUN)
    window = bare.open_gate()
    form = beginning(window)
    assert form.name.typed == "Agus"
    form.secret.once.setText(SECRET)
    form.secret.again.setText(SECRET)
    form.button.click()
    QApplication.processEvents()
    assert window.desk.person.grants == agus.grants | {Grant(Role.ADMINISTRATOR)}


def test_the_keyboard_alone_signs_in(guarded: House, qtbot: QtBot) -> None:
    window = guarded.open_gate()
    qtbot.waitUntil(window.isActiveWindow)
    form = entering(window)
    assert form.name.typed == "Sari", "the first guard is proposed"
    assert window.focusWidget() is form.secret
    QTest.keyClick(form.secret, Qt.Key.Key_Backtab, Qt.KeyboardModifier.ShiftModifier)
    field = form.name.lineEdit()
    assert window.focusWidget() is form.name and field is not None
    field.selectAll()
    QTest.keyClicks(field, "wati")
    QTest.keyClick(field, Qt.Key.Key_Return)
    assert window.focusWidget() is form.secret
    QTest.keyClicks(form.secret, ANOTHER)
    QTest.keyClick(form.secret, Qt.Key.Key_Return)
    QApplication.processEvents()
    assert window.gate is None and window.desk.person.name == "Wati"


def test_signing_in_opens_no_window_that_takes_the_keyboard_away(house: House, qtbot: QtBot) -> None:
    for role in Role:
        window = house.open(role)
        qtbot.waitUntil(window.isActiveWindow)


@pytest.mark.parametrize("typed", ["wati", "WATI", "Wat", "Wati (duty guard)"])
def test_a_name_is_chosen_or_typed(guarded: House, typed: str) -> None:
    window = guarded.open_gate()
    form = entering(window)
    form.name.setEditText(typed)
    form.secret.setText(ANOTHER)
    form.button.click()
    QApplication.processEvents()
    assert window.desk.person.name == "Wati"


@pytest.mark.parametrize("typed", ["", "Nobody", "a"])
def test_a_name_that_is_nobodys_or_several_peoples_is_asked_again(guarded: House, typed: str) -> None:
    window = guarded.open_gate()
    form = entering(window)
    form.name.setEditText(typed)
    form.secret.setText(SECRET)
    form.button.click()
    QApplication.processEvents()
    assert window.gate is not None and form.error.isVisible()
    assert "name" in form.error.text()


def test_wrong_secrets_are_said_and_then_one_waits_while_the_time_is_shown(guarded: House) -> None:
    window = guarded.open_gate()
    form = entering(window)
    for _try in range(4):
        form.secret.setText("wrong-secret-1")
        form.button.click()
        assert form.secret.text() == "", "what was typed is forgotten"
    assert form.error.text() == "There were too many wrong secrets for Sari. Try again in 0:31."
    guarded.clock.advance(20)
    window.tick()
    assert form.error.text() == "There were too many wrong secrets for Sari. Try again in 0:11."
    form.secret.setText(SECRET)
    form.button.click()
    QApplication.processEvents()
    assert window.gate is not None, "the right secret must wait as well"
    guarded.clock.advance(11)
    window.tick()
    assert not form.error.isVisible()
    form.secret.setText(SECRET)
    form.button.click()
    QApplication.processEvents()
    assert window.gate is None


def test_who_has_no_secret_or_no_role_is_told_who_can_help(guarded: House) -> None:
    window = guarded.open_gate()
    form = entering(window)
    form.name.setEditText("Budi")
    form.secret.setText(SECRET)
    form.button.click()
    assert form.error.text() == "Budi has no secret yet: an administrator gives one."
    wati = wati_of(guarded)
    form.name.setEditText("Wati")
    end_role(guarded.database, wati.id, Grant(Role.GUARD), now=BEGUN)
    form.secret.setText(ANOTHER)
    form.button.click()
    QApplication.processEvents()
    assert window.gate is not None and form.error.text() == "Wati has no role any more: an administrator gives one."


def test_whose_roles_end_while_they_sit_here_is_signed_out(guarded: House) -> None:
    window = guarded.open_for(wati_of(guarded), ANOTHER)
    end_role(guarded.database, window.desk.person.id, Grant(Role.GUARD), now=BEGUN)
    window.tick()
    form = entering(window)
    assert not window.locked
    assert any("Wati may not do this" in label.text() for label in form.findChildren(type(form.error)))


def test_signing_out_leaves_nothing_of_a_person_to_be_seen(guarded: House) -> None:
    window = guarded.open(Role.GUARD)
    assert window.bar.person is not None
    window.bar.person.leave.trigger()
    QApplication.processEvents()
    assert window.gate is not None and not window.locked
    with pytest.raises(RuntimeError):
        _ = window.desk
    QTest.keyClick(window, Qt.Key.Key_F1)
    assert window.gate is not None
    assert outcomes(guarded, guarded.people[Role.GUARD]) == ["in", "out"]


def test_closing_the_window_signs_out(guarded: House) -> None:
    window = guarded.open(Role.GUARD)
    window.close()
    assert outcomes(guarded, guarded.people[Role.GUARD]) == ["in", "out"]


def test_the_demonstration_says_its_secret_and_has_it_ready(guarded: House) -> None:
    window = guarded.open_gate(demo=True, demo_secret=SECRET)
    form = entering(window)
    assert any(SECRET in label.text() for label in form.findChildren(type(form.error)))
    form.button.click()
    QApplication.processEvents()
    assert window.gate is None and window.desk.person.name == "Sari"


def test_elsewhere_no_secret_stands_anywhere(guarded: House) -> None:
    form = entering(guarded.open_gate())
    assert form.secret.text() == "" and form.secret.echoMode() is form.secret.EchoMode.Password


def test_a_person_of_one_warehouse_sees_the_pages_of_their_role_there(guarded: House) -> None:
    nur = add_person(guarded.database, "Nur", Role.OFFICER, site_id=guarded.site.id, now=BEGUN)
    window = guarded.open_for(nur)
    assert "stock" in window.rail.names and "live" not in window.rail.names
    assert window.bar.sites.count() == 1


def test_a_role_that_is_given_meanwhile_brings_its_pages(house: House) -> None:
    eko = house.people[Role.ADMINISTRATOR]
    window = house.open(Role.ADMINISTRATOR)
    grant_role(house.database, eko.id, Grant(Role.GUARD), now=BEGUN)
    window.desk.read_places()
    QApplication.processEvents()
    assert window.rail.names == ("live", "alarms", "rooms", "places", "people"), "it had the last two only"


def test_when_somebody_signed_in_last_is_known(guarded: House) -> None:
    sari = guarded.people[Role.GUARD]
    enter(guarded.database, sari.id, SECRET, now=BEGUN + timedelta(hours=1))
    known = standings(guarded.database, now=guarded.clock())
    assert known[sari.id].last_in == BEGUN + timedelta(hours=1)
    assert known[wati_of(guarded).id].last_in is None and not known[guarded.people[Role.OFFICER].id].has_secret
