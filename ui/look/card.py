"""The pieces that pages are laid out with: titled cards, headings, muted words, and the sentence that stands where nothing is yet."""

from collections.abc import Callable

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QFrame, QHBoxLayout, QLabel, QPushButton, QStackedLayout, QVBoxLayout, QWidget

from ui.look.theme import GRID


def label(text: str, name: str = "") -> QLabel:
    """Words in one of the style sheet's manners: title, heading, muted; plain without a name."""
    made = QLabel(text)
    made.setObjectName(name)
    made.setTextFormat(Qt.TextFormat.PlainText)
    return made


def say_as(words: QLabel, name: str, text: str) -> None:
    """Says something else, in the manner of this name, and shows it."""
    words.setObjectName(name)
    words.setText(text)
    words.style().unpolish(words)
    words.style().polish(words)
    words.show()


def button(text: str, action: Callable[[], object], name: str = "") -> QPushButton:
    """A push button that does one thing; Enter presses it. name: primary, flat, or plain without one."""
    made = QPushButton(text)
    made.setObjectName(name)
    made.setAccessibleName(text)
    made.setAutoDefault(True)
    made.clicked.connect(lambda _checked=False: action())
    return made


class Card(QFrame):
    """A panel with a heading line; `body` takes what stands in it, `head` what stands at the right of its heading."""

    def __init__(self, heading: str = "", *, tight: bool = False) -> None:
        super().__init__()
        self.setObjectName("card")
        outer = QVBoxLayout(self)
        side = 1 if tight else 2 * GRID
        outer.setContentsMargins(side, GRID if heading or not tight else 1, side, 1 if tight else 2 * GRID)
        outer.setSpacing(GRID)
        self.head = QHBoxLayout()
        self.head.setSpacing(GRID)
        self.heading = label(heading, "heading")
        if heading:
            self.head.setContentsMargins(2 * GRID - 1 if tight else 0, 0, GRID if tight else 0, 0)
            self.heading.setMinimumHeight(3 * GRID)
            self.head.addWidget(self.heading)
            self.head.addStretch(1)
            outer.addLayout(self.head)
        self.body = QVBoxLayout()
        self.body.setSpacing(GRID)
        outer.addLayout(self.body, 1)


class OrEmpty(QWidget):
    """Shows its content, or one sentence with at most one button while there is none."""

    def __init__(self, content: QWidget, text: str, action: tuple[str, Callable[[], object]] | None = None) -> None:
        super().__init__()
        self._layers = QStackedLayout(self)
        self._layers.addWidget(content)
        empty = QWidget()
        column = QVBoxLayout(empty)
        column.setSpacing(2 * GRID)
        self.sentence = label(text, "muted")
        self.sentence.setWordWrap(True)
        self.sentence.setAlignment(Qt.AlignmentFlag.AlignCenter)
        column.addStretch(1)
        column.addWidget(self.sentence)
        self._action = button(*action) if action else None
        if self._action:
            column.addWidget(self._action, 0, Qt.AlignmentFlag.AlignHCenter)
        column.addStretch(1)
        self._layers.addWidget(empty)

    def show_content(self, there_is_some: bool) -> None:
        """Shows the content, or the sentence."""
        self._layers.setCurrentIndex(0 if there_is_some else 1)

    def say(self, text: str, *, with_action: bool) -> None:
        """Another sentence, with or without the button, where something else is lacking."""
        self.sentence.setText(text)
        if self._action:
            self._action.setVisible(with_action)

    @property
    def empty(self) -> bool:
        """Whether the sentence is shown."""
        return self._layers.currentIndex() == 1
