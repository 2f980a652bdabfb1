"""The one question before something is written that cannot be edited afterwards."""

from collections.abc import Sequence
from dataclasses import dataclass

from PySide6.QtWidgets import QDialog, QHBoxLayout, QLineEdit, QVBoxLayout, QWidget

from storage.people.person import Person
from ui.forms.choice import Choice
from ui.forms.form import named
from ui.look.card import button, label
from ui.look.theme import GRID
from ui.words.names import said_of
from ui.words.speech import _

MOST_REASON = 400


@dataclass(frozen=True)
class Answer:
    """What was answered: the reason, and who answers for it besides. Empty and None where nothing was asked."""

    reason: str = ""
    second: Person | None = None


class Question(QDialog):
    """States in one sentence what will be written, and asks for the reason, and for a second person where `others` are given.

    What is answered is kept with what is written; without it nothing can be confirmed.

    others: who may be the second person; None where none is asked for. If there is nobody, it says so and can only be called off.
    """

    def __init__(self, parent: QWidget, said: str, action_word: str, others: Sequence[Person] | None = None) -> None:
        super().__init__(parent)
        self._others = others
        self.setWindowTitle(action_word)
        self.setMinimumWidth(60 * GRID)
        self._column = QVBoxLayout(self)
        self._column.setContentsMargins(3 * GRID, 3 * GRID, 3 * GRID, 2 * GRID)
        self._column.setSpacing(2 * GRID)
        self._say(said)
        self.reason = QLineEdit()
        self.reason.setMaxLength(MOST_REASON)
        self.second = Choice(_("Second person"))
        self.second.addItem(_("Choose the second person"), None)
        for person in others or ():
            self.second.addItem(said_of(person), person.id)
        self.confirm = button(action_word, self.accept, "primary")
        self.confirm.setDefault(True)
        cancel = button(_("Cancel"), self.reject)
        if others is not None and not others:
            self._say(_("Nobody else here may write in the books: enter a second officer or supervisor first."))
            self.confirm.hide()
        else:
            self._column.addLayout(named(_("Reason"), self.reason))
            if others is not None:
                self._column.addLayout(named(_("Second person"), self.second))
        foot = QHBoxLayout()
        foot.addStretch(1)
        foot.addWidget(cancel)
        foot.addWidget(self.confirm)
        self._column.addLayout(foot)
        self.reason.textChanged.connect(self._offer)
        self.second.currentIndexChanged.connect(self._offer)
        self._offer()

    @property
    def answer(self) -> Answer:
        """What was entered so far."""
        chosen = self.second.currentData()
        return Answer(self.reason.text().strip(), next((person for person in self._others or () if person.id == chosen), None))

    def _say(self, said: str) -> None:
        told = label(said)
        told.setWordWrap(True)
        self._column.addWidget(told)

    def _offer(self) -> None:
        answer = self.answer
        self.confirm.setEnabled(bool(answer.reason) and (self._others is None or answer.second is not None))


def ask_reason(parent: QWidget, said: str, action_word: str, *, most: int = MOST_REASON) -> str | None:
    """The reason for what `said` announces, of `most` characters at most; None if it was called off."""
    question = Question(parent, said, action_word)
    question.reason.setMaxLength(most)
    answer = _asked(question)
    return None if answer is None else answer.reason


def ask_second_and_reason(parent: QWidget, said: str, action_word: str, others: Sequence[Person]) -> Answer | None:
    """The reason for what `said` announces and which of the others answers for it too; None if it was called off."""
    return _asked(Question(parent, said, action_word, others))


def _asked(question: Question) -> Answer | None:
    confirmed = question.exec() == QDialog.DialogCode.Accepted
    answer = question.answer
    question.deleteLater()
    return answer if confirmed else None
