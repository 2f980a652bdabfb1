"""The one question before something is written that cannot be edited afterwards."""

from PySide6.QtWidgets import QDialog, QHBoxLayout, QLineEdit, QVBoxLayout, QWidget

from ui.look.card import button, label
from ui.look.theme import GRID
from ui.words.speech import _


class Question(QDialog):
    """States in one sentence what will be written, and asks for the reason.

    The reason is kept with what is written; without one it cannot be confirmed.
    """

    def __init__(self, parent: QWidget, said: str, action_word: str) -> None:
        super().__init__(parent)
        self.setWindowTitle(action_word)
        self.setMinimumWidth(60 * GRID)
        column = QVBoxLayout(self)
        column.setContentsMargins(3 * GRID, 3 * GRID, 3 * GRID, 2 * GRID)
        column.setSpacing(2 * GRID)
        told = label(said)
        told.setWordWrap(True)
        column.addWidget(told)
        self.reason = QLineEdit()
        self.reason.setAccessibleName(_("Reason"))
        self.reason.setPlaceholderText(_("Reason"))
        self.reason.setMaxLength(400)
        column.addWidget(self.reason)
        self.confirm = button(action_word, self.accept, "primary")
        self.confirm.setEnabled(False)
        self.confirm.setDefault(True)
        self.reason.textChanged.connect(lambda text: self.confirm.setEnabled(bool(text.strip())))
        foot = QHBoxLayout()
        foot.addStretch(1)
        foot.addWidget(button(_("Cancel"), self.reject))
        foot.addWidget(self.confirm)
        column.addLayout(foot)


def ask_reason(parent: QWidget, said: str, action_word: str) -> str | None:
    """The reason for what `said` announces; None if it was called off."""
    question = Question(parent, said, action_word)
    confirmed = question.exec() == QDialog.DialogCode.Accepted
    reason = question.reason.text().strip()
    question.deleteLater()
    return reason if confirmed else None
