"""The first start: nobody is known yet, so whoever sits there enters themselves as the supervisor."""

from datetime import datetime

from PySide6.QtWidgets import QDialog, QLineEdit, QVBoxLayout

from storage.database import Database
from storage.people.person import Person, Role, add_person
from ui.forms.form import Form
from ui.look.card import label
from ui.look.style import style_sheet
from ui.look.theme import GRID, LIGHT, palette, text_font
from ui.words.speech import _


class FirstPerson(QDialog):
    """Asks for one name; the supervisor enters everybody else later."""

    def __init__(self, database: Database, now: datetime) -> None:
        super().__init__()
        self._database, self._now = database, now
        self.person: Person | None = None
        self.setWindowTitle("Jaga Gudang")
        self.setFont(text_font(self.font()))
        self.setPalette(palette(LIGHT))
        self.setStyleSheet(style_sheet(LIGHT))
        self.setMinimumWidth(60 * GRID)
        self.name = QLineEdit()
        self.form = Form(_("Begin"), self._enter)
        told = label(
            _("Nobody is entered yet. Enter the supervisor of this warehouse; the supervisor then enters rooms, cameras and persons.")
        )
        told.setWordWrap(True)
        self.form.add_plain(told)
        self.form.add(_("Name"), self.name)
        self.form.button.setDefault(True)
        self.form.posted.connect(self.accept)
        column = QVBoxLayout(self)
        column.setContentsMargins(3 * GRID, 3 * GRID, 3 * GRID, 2 * GRID)
        column.addWidget(self.form)
        self.name.setFocus()

    def _enter(self, _key: str) -> str:
        self.person = add_person(self._database, self.name.text(), Role.SUPERVISOR, now=self._now)
        return self.person.name


def ask_first_person(database: Database, *, now: datetime) -> Person | None:
    """The supervisor who was entered; None if it was called off."""
    asked = FirstPerson(database, now)
    asked.exec()
    return asked.person
