"""The first start, and the start that cannot be: one dialog each."""

from pytestqt.qtbot import QtBot

from storage.database import Database
from storage.people.person import Role, list_people
from tests.ui.warehouse import BEGUN
from ui.forms.first_person import FirstPerson
from ui.forms.notice import Notice


def test_the_first_person_becomes_the_supervisor(qtbot: QtBot, database: Database) -> None:
    asked = FirstPerson(database, BEGUN)
    qtbot.addWidget(asked)
    asked.show()
    asked.form.button.click()
    assert asked.form.error.text() == "Enter the person's name."
    assert asked.isVisible()
    asked.name.setText("Agus Pratama")
    asked.form.button.click()
    assert not asked.isVisible()
    assert [(person.name, person.role) for person in list_people(database)] == [("Agus Pratama", Role.SUPERVISOR)]
    assert asked.person in list_people(database)


def test_what_keeps_the_program_from_starting_is_said_in_one_sentence(qtbot: QtBot) -> None:
    notice = Notice("The disk is full; nothing was changed.")
    qtbot.addWidget(notice)
    notice.show()
    with qtbot.waitSignal(notice.finished):
        notice.reject()
    assert not notice.isVisible()
