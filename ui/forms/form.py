"""Forms: labelled fields, one button, and below them what came of it. A refusal keeps everything that was typed."""

from collections.abc import Callable
from uuid import uuid4

from PySide6.QtCore import QEvent, Qt, Signal
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QApplication, QHBoxLayout, QLabel, QVBoxLayout, QWidget

from camera.fault import Fault
from storage.rules.refusal import Refusal
from ui.forms.sheets import SheetsEdit
from ui.look.card import button, label
from ui.look.theme import GRID
from ui.words.sentences import sentence
from ui.words.speech import _


class WrongInput(Exception):
    """A field that does not hold what is needed; said before anything is asked of storage."""

    def __init__(self, field: QWidget, said: str) -> None:
        super().__init__(said)
        self.field = field
        self.said = said


class Form(QWidget):
    """action: does what the form is for, given the idempotency key of this filling-in; returns the sentence that says what was written,
    an empty one where the page shows it anyway.

    The key is renewed only after success, so that a double click or a second try posts once.
    Enter goes on to the next field, and at last to the button; in the field that is named `last` it presses it.
    """

    posted = Signal()

    def __init__(self, action_word: str, action: Callable[[str], str]) -> None:
        super().__init__()
        self._action = action
        self._key = uuid4().hex
        self._wrong: QWidget | None = None
        self._column = QVBoxLayout(self)
        self._column.setContentsMargins(0, 0, 0, 0)
        self._column.setSpacing(GRID)
        self.error = self._said("error")
        self.success = self._said("success")
        self.button = button(action_word, self.submit, "primary")
        self._foot = QHBoxLayout()
        self._foot.addStretch(1)
        self._foot.addWidget(self.button)
        for said in (self.error, self.success):
            self._column.addWidget(said)
        self._column.addLayout(self._foot)
        self._at = 0
        self.last: QWidget | None = None

    def add(self, name: str, field: QWidget) -> None:
        """A field with its name above it."""
        self._column.insertLayout(self._at, named(name, field))
        self._count_in()

    def add_side_by_side(self, *fields: tuple[str, QWidget]) -> None:
        """Fields in one line, of equal width, each with its name above it."""
        line = QHBoxLayout()
        line.setSpacing(2 * GRID)
        for name, field in fields:
            line.addLayout(named(name, field), 1)
        self._column.insertLayout(self._at, line)
        self._count_in()

    def add_plain(self, widget: QWidget, stretch: int = 0) -> None:
        """Something that is no field, such as a sentence or a grid of fields."""
        if isinstance(widget, QLabel):
            widget.setWordWrap(True)
        self._column.insertWidget(self._at, widget, stretch)
        self._count_in()

    def submit(self) -> None:
        """Does what the form is for and says what came of it."""
        self._mark(None)
        self.success.hide()
        try:
            said = self._action(self._key)
        except WrongInput as error:
            self._mark(error.field)
            self._say(self.error, error.said)
            error.field.setFocus()
        except (Refusal, Fault) as error:
            self._say(self.error, sentence(error))
        else:
            self._key = uuid4().hex
            self.error.hide()
            if said:
                self._say(self.success, said)
            self.posted.emit()

    def fail(self, said: str) -> None:
        """Says what came of it where that is known only later."""
        self._say(self.error, said)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        field = self.window().focusWidget()
        if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter) and field is not None and field is self.last:
            self.submit()
        elif event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter) and field is not None and not self.button.isDefault():
            QApplication.sendEvent(field, QKeyEvent(QEvent.Type.KeyPress, Qt.Key.Key_Tab, Qt.KeyboardModifier.NoModifier))
        else:
            super().keyPressEvent(event)

    def _count_in(self) -> None:
        """One line more. The button, taken out and put in again, stays the last that Tab comes to."""
        self._at += 1
        self.button.setParent(None)
        self._foot.addWidget(self.button)

    def _said(self, name: str) -> QLabel:
        made = label("", name)
        made.setWordWrap(True)
        made.hide()
        return made

    def _say(self, where: QLabel, said: str) -> None:
        where.setText(said)
        where.setAccessibleName(said)
        where.show()

    def _mark(self, field: QWidget | None) -> None:
        for widget, wrong in ((self._wrong, False), (field, True)):
            if widget is not None:
                widget.setProperty("wrong", wrong)
                widget.style().unpolish(widget)
                widget.style().polish(widget)
        self._wrong = field


def named(name: str, field: QWidget) -> QVBoxLayout:
    """A field with its name above it."""
    above = label(name, "muted")
    above.setBuddy(field)
    if not field.accessibleName():
        field.setAccessibleName(name)
    box = QVBoxLayout()
    box.setSpacing(4)
    box.addWidget(above)
    box.addWidget(field)
    return box


def required_sheets(field: SheetsEdit) -> int:
    """The number in a field. Raises WrongInput while it is empty."""
    sheets = field.sheets
    if sheets is None:
        raise WrongInput(field, _("Enter a number of sheets; 0 if there are none."))
    return sheets
