"""What an officer does at the window: fills in a delivery, answers the question that comes up."""

from collections.abc import Callable
from datetime import datetime

from PySide6.QtCore import QDateTime, QTimer
from PySide6.QtWidgets import QApplication, QComboBox

from storage.people.person import Person
from storage.people.sign_in import give_secret, has_secret
from storage.rules.movement import COUNTED, State
from tests.ui.warehouse import BEGUN, SECRET, Bare, House
from ui.forms.dialog import Question
from ui.forms.two_persons import SecondPerson
from ui.forms.when import WhenEdit
from ui.frame.window import Window
from ui.pages.counts_page import CountsPage
from ui.pages.deliveries_page import DeliveriesPage

# So many times somebody looks whether the dialog has come up.
_LOOKS = 1000


def fill_delivery(window: Window, house: House, note: str, declared: int, received: int) -> DeliveriesPage:
    """Fills in the form of a delivery, and does not post it yet."""
    window.open_page("deliveries")
    page = window.pages["deliveries"]
    assert isinstance(page, DeliveriesPage)
    page.note.setText(note)
    for field, sheets in zip(page.lines.field(house.ballot.id), (declared, received), strict=True):
        field.enter(sheets)
    return page


def deliver(window: Window, house: House, note: str, declared: int, received: int) -> DeliveriesPage:
    """Fills in the form of a delivery, and posts it."""
    page = fill_delivery(window, house, note, declared, received)
    page.form.button.click()
    return page


def set_time(when: WhenEdit, at: datetime) -> None:
    """Enters an instant on the wall clock of the warehouse."""
    local = at.astimezone(when.zone)
    when.setDateTime(QDateTime(local.year, local.month, local.day, local.hour, local.minute, 0))


def answer_question(reason: str, second: str = "") -> None:
    """Fills in the dialog that the next step opens. second: the name of the second person; nobody where none is asked for."""

    def answer(question: Question) -> None:
        question.reason.setText(reason)
        if second:
            question.second.setCurrentIndex(next(at for at, name in enumerate(offered(question.second)) if name.startswith(second)))
        question.confirm.click()

    when_asked(answer)


def when_asked(answer: Callable[[Question], None]) -> None:
    """Does something with the dialog that the next step opens; whatever becomes of it, the dialog is closed afterwards."""

    def find() -> None:
        question = QApplication.activeModalWidget()
        assert isinstance(question, Question)
        try:
            answer(question)
        finally:
            question.close()

    QTimer.singleShot(0, find)


def is_asked(step: Callable[[], object]) -> bool:
    """Whether a step opens a dialog; one that is opened is called off."""
    asked: list[Question] = []

    def call_off() -> None:
        question = QApplication.activeModalWidget()
        if isinstance(question, Question):
            asked.append(question)
            question.reject()

    QTimer.singleShot(0, call_off)
    step()
    QApplication.processEvents()
    return bool(asked)


def offered(box: QComboBox) -> list[str]:
    """What a field offers to choose from."""
    return [box.itemText(at) for at in range(box.count())]


def counts_page(window: Window) -> CountsPage:
    """The page of the counts, opened."""
    window.open_page("counts")
    page = window.pages["counts"]
    assert isinstance(page, CountsPage)
    return page


def fill_count(page: CountsPage, **sheets: int) -> None:
    """Types what a team found, by state; 0 in the others."""
    for state in COUNTED:
        page.fields[state].enter(sheets.get(State(state).value, 0))


def second_agrees(house: Bare, person: Person, secret: str = SECRET) -> None:
    """The second person confirms, with their secret, in the dialog that comes up next, if need be after the question of the reason."""
    if not has_secret(house.database, person.id):
        give_secret(house.database, person.id, SECRET, now=BEGUN)

    def confirm(left: int) -> None:
        dialog = QApplication.activeModalWidget()
        if not isinstance(dialog, SecondPerson):
            assert left, "nobody asked for the second person"
            QTimer.singleShot(0, lambda: confirm(left - 1))
            return
        try:
            dialog.second.setCurrentIndex(dialog.second.findData(person.id))
            dialog.secret.setText(secret)
            dialog.agree.click()
        finally:
            dialog.reject()

    QTimer.singleShot(0, lambda: confirm(_LOOKS))
