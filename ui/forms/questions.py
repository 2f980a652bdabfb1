"""What others have asked this person to answer for: each is read as its asker reads it, and answered with one's own secret."""

from PySide6.QtWidgets import QDialog, QHBoxLayout, QListWidget, QVBoxLayout, QWidget

from storage.people.confirmation import Asked, answer, waiting_for
from storage.rules.refusal import Refusal
from ui.forms.form import named
from ui.forms.secret import SecretEdit
from ui.forms.two_persons import grow
from ui.frame.desk import Desk
from ui.look.card import Card, button, label
from ui.look.theme import GRID
from ui.words.names import name_of
from ui.words.sentences import sentence
from ui.words.speech import _
from ui.words.times import span


class Questions(QDialog):
    """The questions, oldest first, and the chosen one in full. Closes itself when none is left."""

    def __init__(self, parent: QWidget, desk: Desk) -> None:
        super().__init__(parent)
        self._desk = desk
        self._waiting: list[Asked] = []
        self.setWindowTitle(_("Second person"))
        self.setMinimumWidth(64 * GRID)
        self.list = QListWidget()
        self.list.setAccessibleName(_("Questions for you"))
        self.list.setMaximumHeight(14 * GRID)
        self.said, self.wrong = label(""), label("", "error")
        for words in (self.said, self.wrong):
            words.setWordWrap(True)
        self.wrong.hide()
        self.secret = SecretEdit(_("Your secret"))
        self.agree = button(_("I answer for it too"), lambda: self._answer(given=True), "primary")
        self.decline = button(_("I do not agree"), lambda: self._answer(given=False))
        self.later = button(_("Later"), self.reject)
        column = QVBoxLayout(self)
        column.setContentsMargins(3 * GRID, 3 * GRID, 3 * GRID, 2 * GRID)
        column.setSpacing(2 * GRID)
        column.addWidget(label(_("You are asked to be the second person"), "heading"))
        column.addWidget(self.list)
        what = Card()
        what.body.addWidget(self.said)
        column.addWidget(what)
        column.addLayout(named(_("Your secret, whether you agree or not"), self.secret))
        column.addWidget(self.wrong)
        foot = QHBoxLayout()
        foot.addWidget(self.decline)
        foot.addStretch(1)
        foot.addWidget(self.later)
        foot.addWidget(self.agree)
        column.addLayout(foot)
        self.agree.setDefault(True)
        self.list.currentRowChanged.connect(self._show)
        self.read()
        self.secret.setFocus()

    def read(self) -> None:
        """Reads what waits now."""
        desk = self._desk
        self._waiting = waiting_for(desk.database, desk.person, now=desk.now)
        chosen = max(0, self.list.currentRow())
        self.list.clear()
        for asked in self._waiting:
            said = _("{person}: {act}, asked {age} ago")
            self.list.addItem(said.format(person=asked.first, act=name_of(asked.act).lower(), age=span(desk.now - asked.asked_at)))
        if self._waiting:
            self.list.setCurrentRow(min(chosen, len(self._waiting) - 1))
            self.list.setVisible(len(self._waiting) > 1)
        else:
            self.accept()

    def _show(self, row: int) -> None:
        if 0 <= row < len(self._waiting):
            asked = self._waiting[row]
            said = _("{person} asks {age} ago: {said}")
            self.said.setText(said.format(person=asked.first, age=span(self._desk.now - asked.asked_at), said=asked.said))
            grow(self)

    def _answer(self, *, given: bool) -> None:
        row, secret = self.list.currentRow(), self.secret.text()
        self.secret.clear()
        if not 0 <= row < len(self._waiting):
            return
        desk = self._desk
        try:
            answer(desk.database, self._waiting[row].id, secret, by=desk.person, now=desk.now, given=given)
        except Refusal as refusal:
            self._say(sentence(refusal))
            self.secret.setFocus()
            return
        self._say("")
        self.read()

    def _say(self, said: str) -> None:
        self.wrong.setText(said)
        self.wrong.setAccessibleName(said)
        self.wrong.setVisible(bool(said))
        grow(self)
