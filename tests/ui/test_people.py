"""The page of persons: an administrator enters them and gives roles and secrets; everybody changes their own secret."""

from datetime import timedelta

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QLineEdit, QPushButton
from pytestqt.qtbot import QtBot

from storage.people.person import Grant, Person, Role, grant_role, list_people
from storage.people.sign_in import WrongSecret, enter, has_secret
from tests.ui.warehouse import SECRET, Bare, House, sign_in
from ui.forms.first_person import FirstPersonForm
from ui.frame.window import Window
from ui.look.card import OrEmpty
from ui.pages.people_page import PeoplePage

ANOTHER = "gerbang-besi-9"


def people_of(window: Window) -> PeoplePage:
    """The page, opened."""
    window.open_page("people")
    page = window.pages["people"]
    assert isinstance(page, PeoplePage)
    return page


def choose(page: PeoplePage, name: str) -> None:
    """Chooses a person in the table."""
    page.table.choose_line(next(at for at, line in enumerate(page.table.rows) if line.person.name == name))


def shown(page: PeoplePage, name: str) -> list[str]:
    """What the table says of a person."""
    choose(page, name)
    return page.table.copied().splitlines()[1].split("\t")


def known(house: Bare, name: str) -> Person:
    """The person of that name as the database has them."""
    return next(person for person in list_people(house.database) if person.name == name)


def type_twice(once: QLineEdit, again: QLineEdit, secret: str) -> None:
    """Types a new secret into both fields."""
    for field in (once, again):
        field.setText(secret)


def test_a_person_is_entered_with_a_role_at_one_warehouse_and_signs_in(house: House) -> None:
    window = house.open(Role.ADMINISTRATOR)
    page = people_of(window)
    page.new.name.setText("Nur Aini")
    page.new.which.role.setCurrentIndex(page.new.which.role.findData("officer"))
    page.new.which.where.setCurrentIndex(page.new.which.where.findData(house.site.id))
    type_twice(page.new.secret.once, page.new.secret.again, ANOTHER)
    page.new.button.click()
    assert page.new.success.text() == "Nur Aini is entered and can sign in."
    assert page.new.secret.empty and page.new.name.text() == ""
    nur = known(house, "Nur Aini")
    assert nur.grants == {Grant(Role.OFFICER, house.site.id)}
    assert shown(page, "Nur Aini") == ["Nur Aini", "inventory officer, Gudang Jakarta Timur", "given", "never"]
    sign_in(window, nur, ANOTHER)
    assert window.desk.person == nur and window.page_name == "stock"


def test_a_weak_first_secret_is_said_before_anybody_is_entered(house: House) -> None:
    page = people_of(house.open(Role.ADMINISTRATOR))
    page.new.name.setText("Nur Aini")
    type_twice(page.new.secret.once, page.new.secret.again, "NurAini-2026")
    page.new.button.click()
    assert page.new.error.text() == "This secret is guessed too easily: use different characters, and not the name."
    assert len(list_people(house.database)) == 5 and page.new.name.text() == "Nur Aini"


def test_who_lacks_a_secret_is_told_to_the_administrator_alone(house: House) -> None:
    window = house.open(Role.ADMINISTRATOR)
    page = people_of(window)
    assert page.lacking.isVisible() and page.lacking.text().startswith("4 persons have no secret yet and cannot sign in: Agus, Budi")
    choose(page, "Agus")
    type_twice(page.give.secret.once, page.give.secret.again, ANOTHER)
    page.give.button.click()
    assert page.give.success.text() == "Agus signs in with the new secret from now on."
    assert page.lacking.text().startswith("3 persons")
    assert enter(house.database, house.people[Role.SUPERVISOR].id, ANOTHER, now=house.clock())
    sign_in(window, house.people[Role.GUARD])
    assert not people_of(window).lacking.isVisible()


def test_a_role_is_given_and_withdrawn(house: House) -> None:
    page = people_of(house.open(Role.ADMINISTRATOR))
    choose(page, "Sari")
    page.grant.which.role.setCurrentIndex(page.grant.which.role.findData("officer"))
    page.grant.button.click()
    assert known(house, "Sari").grants == {Grant(Role.GUARD), Grant(Role.OFFICER)}
    assert shown(page, "Sari")[1] == "inventory officer; duty guard"
    page.grant.button.click()
    assert page.grant.error.text() == "This person has that role already."
    page.end.held.setCurrentIndex(page.end.held.findText("duty guard"))
    page.end.button.click()
    assert known(house, "Sari").grants == {Grant(Role.OFFICER)}
    assert page.end.success.text() == "Sari is duty guard no longer."


def test_the_last_administrator_stays(house: House) -> None:
    page = people_of(house.open(Role.ADMINISTRATOR))
    choose(page, "Eko")
    page.end.button.click()
    assert page.end.error.text() == "Somebody must be the administrator: give another person that role first."


def test_an_administrator_who_withdraws_their_own_role_loses_the_forms(house: House) -> None:
    grant_role(house.database, house.people[Role.SUPERVISOR].id, Grant(Role.ADMINISTRATOR), now=house.clock())
    grant_role(house.database, house.people[Role.ADMINISTRATOR].id, Grant(Role.GUARD), now=house.clock())
    window = house.open_for(known(house, "Eko"))
    page = people_of(window)
    choose(page, "Eko")
    page.end.held.setCurrentIndex(page.end.held.findText("administrator"))
    page.end.button.click()
    QApplication.processEvents()
    assert window.rail.names == ("live", "alarms", "rooms", "people")
    assert people_of(window).tabs.count() == 1


@pytest.mark.parametrize("role", [Role.GUARD, Role.OFFICER, Role.SUPERVISOR, Role.AUDITOR])
def test_others_see_why_they_may_not_and_change_their_own_secret(house: House, role: Role, qtbot: QtBot) -> None:
    window = house.open(role)
    page = people_of(window)
    titles = [page.tabs.tabText(at) for at in range(page.tabs.count())]
    assert titles == ["My secret"] and not page.new.isVisible()
    said = [label.text() for label in page.findChildren(type(page.rights)) if label.isVisible()]
    assert "Persons, roles and secrets are entered by an administrator; you can change your own secret here." in said
    assert window.bar.person is not None
    window.bar.person.own_secret.trigger()
    qtbot.waitUntil(lambda: window.focusWidget() is page.own.old)
    for field, typed in ((page.own.old, SECRET), (page.own.secret.once, ANOTHER), (page.own.secret.again, ANOTHER)):
        QTest.keyClicks(field, typed)
        QTest.keyClick(field, Qt.Key.Key_Return)
    QTest.keyClick(page.own.button, Qt.Key.Key_Return)
    assert page.own.success.text() == "The new secret holds from now on."
    person = house.people[role]
    assert enter(house.database, person.id, ANOTHER, now=house.clock()) == person
    with pytest.raises(WrongSecret):
        enter(house.database, person.id, SECRET, now=house.clock())


def test_the_present_secret_must_be_right(house: House) -> None:
    page = people_of(house.open(Role.GUARD))
    page.own.old.setText("wrong-secret-1")
    type_twice(page.own.secret.once, page.own.secret.again, ANOTHER)
    page.own.button.click()
    assert page.own.error.text() == "That is not the secret of Sari."
    assert enter(house.database, house.people[Role.GUARD].id, SECRET, now=house.clock())


def test_who_must_wait_after_wrong_secrets_is_seen(house: House) -> None:
    window = house.open(Role.GUARD)
    sari = house.people[Role.GUARD]
    for _try in range(3):
        with pytest.raises(WrongSecret):
            enter(house.database, sari.id, "wrong-secret-1", now=house.clock())
    sign_in(window, house.people[Role.ADMINISTRATOR])
    assert shown(people_of(window), "Sari")[2] == "locked until 02:51"
    house.clock.advance(timedelta(minutes=2).total_seconds())
    people_of(window).refresh()
    assert shown(people_of(window), "Sari")[2] == "given"


def test_ctrl_and_the_number_of_the_page_keep_the_choice(house: House, qtbot: QtBot) -> None:
    window = house.open(Role.ADMINISTRATOR)
    choose(people_of(window), "Sari")
    window.open_page("places")
    qtbot.waitUntil(window.isActiveWindow)
    QTest.keyClick(window, Qt.Key.Key_2, Qt.KeyboardModifier.ControlModifier)
    page = people_of(window)
    assert page.table.chosen_row is not None and page.table.chosen_row.person.name == "Sari"
    assert page.chosen.text() == "Sari"


def test_where_there_is_only_one_it_says_what_to_do_next(bare: Bare) -> None:
    window = bare.open_gate()
    form = window.gate.form if window.gate else None
    assert isinstance(form, FirstPersonForm)
    form.name.setEditText("Eko")
    type_twice(form.secret.once, form.secret.again, SECRET)
    form.button.click()
    QApplication.processEvents()
    page = people_of(window)
    [empty] = [part for part in page.findChildren(OrEmpty) if part.isVisible()]
    assert empty.empty and empty.sentence.text() == "So far there is only you. Enter a guard, an officer and a supervisor."
    [add] = [button for button in empty.findChildren(QPushButton) if button.isVisible()]
    add.click()
    assert page.tabs.tabText(page.tabs.currentIndex()) == "New person" and window.focusWidget() is page.new.name
    assert has_secret(bare.database, window.desk.person.id)
