"""The dialog in which a second person answers for what is to be done: here with a secret of their own, or from their own workstation."""

from datetime import datetime

from PySide6.QtCore import QTimer
from PySide6.QtWidgets import QDialog, QHBoxLayout, QLabel, QVBoxLayout, QWidget

from storage.people.confirmation import Confirmed, answer_to, ask, call_off, confirm, may_confirm
from storage.people.person import Person, list_people
from storage.people.right import CONFIRMED_FOR, NeedsSecond
from storage.rules.refusal import Refusal
from storage.rules.rights import Act
from ui.forms.choice import Choice
from ui.forms.form import WrongInput, named
from ui.forms.secret import SecretEdit
from ui.frame.desk import Desk
from ui.look.card import Card, button, label
from ui.look.theme import GRID
from ui.words.names import said_of
from ui.words.sentences import sentence
from ui.words.speech import _
from ui.words.times import span

# How often it is looked whether somebody has answered elsewhere.
LOOK_MS = 500


class SecondPerson(QDialog):
    """Says what is to be done; the second person chooses their name and gives their secret, or is asked at their own workstation."""

    def __init__(self, parent: QWidget, desk: Desk, said: str, act: Act, site_id: int | None) -> None:
        super().__init__(parent)
        self._desk, self._said, self._act, self._site_id = desk, said, act, site_id
        self._asked: tuple[int, datetime] | None = None
        self.confirmed: Confirmed | None = None
        self.setWindowTitle(_("Second person"))
        self.setMinimumWidth(64 * GRID)
        others = [person for person in list_people(desk.database) if may_confirm(person, act, site_id, desk.person)]
        self._names = ", ".join(person.name for person in others)
        self.second, self.secret = Choice(_("Second person")), SecretEdit(_("Secret"))
        for person in others:
            self.second.addItem(said_of(person), person.id)
        self.wrong, self.waiting = _line("error"), _line("heading")
        self.agree = button(_("Confirm"), self._confirm, "primary")
        self.elsewhere = button(_("Ask at their workstation"), self._ask)
        self.cancel = button(_("Cancel"), self.reject)
        self._here = QWidget()
        self._lay_out(said)
        self.agree.setDefault(True)
        for needs_somebody in (self.agree, self.elsewhere, self._here):
            needs_somebody.setEnabled(bool(others))
        if not others:
            self._say(_("Nobody else here may answer for this. An administrator gives another person the role that it needs."))
        self._timer = QTimer(self)
        self._timer.setInterval(LOOK_MS)
        self._timer.timeout.connect(self.look)
        self.secret.setFocus()

    def look(self) -> None:
        """Takes the answer that was given elsewhere, or says how long it has been waited for."""
        if self._asked is None:
            return
        number, asked_at = self._asked
        try:
            self.confirmed = answer_to(self._desk.database, number)
        except NeedsSecond as refusal:
            self._wait_no_more(sentence(refusal))
        except Refusal:
            return  # the database is busy: it is looked again
        else:
            if self.confirmed is not None:
                self._wait_no_more("")
                self.accept()
            elif self._desk.now - asked_at >= CONFIRMED_FOR:
                self._wait_no_more(_("Nobody has answered in time. Ask again, or let the second person answer here."))
            else:
                said = _("Waiting for {names}: one of them answers at their own workstation. Asked {age} ago.")
                self.waiting.setText(said.format(names=self._names, age=span(self._desk.now - asked_at)))
                grow(self)

    def reject(self) -> None:
        self._call_off()
        super().reject()

    def _lay_out(self, said: str) -> None:
        column = QVBoxLayout(self)
        column.setContentsMargins(3 * GRID, 3 * GRID, 3 * GRID, 2 * GRID)
        column.setSpacing(2 * GRID)
        column.addWidget(label(_("This is done by two persons"), "heading"))
        what = Card()
        self.said = label(said)
        self.said.setWordWrap(True)
        what.body.addWidget(self.said)
        column.addWidget(what)
        here = QVBoxLayout(self._here)
        here.setContentsMargins(0, 0, 0, 0)
        here.setSpacing(GRID)
        asked = label(
            _("Who answers for it too reads this and gives a secret of their own. Their name stands beside yours in the log."), "muted"
        )
        asked.setWordWrap(True)
        here.addWidget(asked)
        here.addLayout(named(_("Second person"), self.second))
        here.addLayout(named(_("Their secret"), self.secret))
        column.addWidget(self._here)
        for words in (self.waiting, self.wrong):
            column.addWidget(words)
        foot = QHBoxLayout()
        foot.addWidget(self.elsewhere)
        foot.addStretch(1)
        foot.addWidget(self.cancel)
        foot.addWidget(self.agree)
        column.addLayout(foot)

    def _confirm(self) -> None:
        desk, given = self._desk, self.secret.text()
        self.secret.clear()
        try:
            self.confirmed = confirm(
                *(desk.database, self._act, self._said),
                by=desk.person,
                second_id=self.second.currentData(),
                given=given,
                now=desk.now,
                site_id=self._site_id,
            )
        except Refusal as refusal:
            self._say(sentence(refusal))
            self.secret.setFocus()
            return
        self.accept()

    def _ask(self) -> None:
        desk = self._desk
        try:
            number = ask(desk.database, self._act, self._said, by=desk.person, now=desk.now, site_id=self._site_id)
        except Refusal as refusal:
            self._say(sentence(refusal))
            return
        self._asked = number, desk.now
        self.secret.clear()
        self._show_waiting(True)
        self.look()
        self.cancel.setFocus()
        self._timer.start()

    def _wait_no_more(self, said: str) -> None:
        self._timer.stop()
        self._asked = None
        self._show_waiting(False)
        self._say(said)
        self.secret.setFocus()

    def _show_waiting(self, waiting: bool) -> None:
        self.wrong.hide()
        self.waiting.setVisible(waiting)
        for part in (self._here, self.agree, self.elsewhere):
            part.setVisible(not waiting)
        grow(self)

    def _call_off(self) -> None:
        """Whoever is asked elsewhere is asked no more."""
        self._timer.stop()
        if self._asked is not None:
            number, self._asked = self._asked[0], None
            try:
                call_off(self._desk.database, number, by=self._desk.person, now=self._desk.now)
            except Refusal as refusal:
                self._desk.troubled.emit(sentence(refusal))  # it is over by itself in ten minutes

    def _say(self, said: str) -> None:
        self.wrong.setText(said)
        self.wrong.setAccessibleName(said)
        self.wrong.setVisible(bool(said))
        grow(self)


def grow(dialog: QDialog) -> None:
    """Gives a dialog the height that its sentences need now."""
    layout = dialog.layout()
    if layout is not None:
        layout.activate()
        dialog.resize(dialog.width(), max(layout.totalHeightForWidth(dialog.width()), layout.totalMinimumSize().height()))


def ask_second(parent: QWidget, desk: Desk, said: str, act: Act, site_id: int | None, *, likely: Person | None = None) -> Confirmed | None:
    """The second person, who has confirmed what `said` announces with their secret; None if it was called off.

    likely: who has been named already.
    """
    dialog = SecondPerson(parent, desk, said, act, site_id)
    if likely is not None:
        dialog.second.setCurrentIndex(dialog.second.findData(likely.id))
    dialog.exec()
    dialog.deleteLater()
    return dialog.confirmed


def need_second(field: QWidget, desk: Desk, said: str, act: Act, site_id: int | None) -> Confirmed:
    """As ask_second, for a form. field: what is marked if it was called off. Raises WrongInput then."""
    second = ask_second(field, desk, said, act, site_id)
    if second is None:
        raise WrongInput(field, _("Nothing was changed: this needs a second person."))
    return second


def _line(name: str) -> QLabel:
    made = label("", name)
    made.setWordWrap(True)
    made.hide()
    return made
