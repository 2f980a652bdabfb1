"""The line that says what kept the window from reading or writing, such as a database that another program holds."""

from collections.abc import Callable

from PySide6.QtWidgets import QLabel

from storage.rules.refusal import Refusal
from ui.words.sentences import sentence

# How long the sentence stands after it was last true.
STANDS_S = 10


class Trouble(QLabel):
    """Hidden while all is well."""

    def __init__(self) -> None:
        super().__init__()
        self._left_s = 0
        self.setObjectName("error")
        self.setWordWrap(True)
        self.hide()

    def guard(self, action: Callable[[], object]) -> None:
        """Does something; a refusal is said here and nothing else happens."""
        try:
            action()
        except Refusal as error:
            self.say(sentence(error))

    def say(self, said: str) -> None:
        """Shows a sentence for a while."""
        self._left_s = STANDS_S
        self.setText(said)
        self.setAccessibleName(said)
        self.show()

    def tick(self) -> None:
        """A second has passed."""
        self._left_s -= 1
        if self._left_s <= 0:
            self.hide()
