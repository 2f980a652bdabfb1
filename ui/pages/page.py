"""What every page has: a title line, a body, and the duty to read again when told."""

from datetime import datetime

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from storage.rules.refusal import Refusal
from ui.frame.desk import Desk
from ui.look.card import label
from ui.look.theme import GRID
from ui.words.sentences import sentence


class Page(QWidget):
    """The base of all pages. `body` takes the content, `head` what stands at the right of the title."""

    def __init__(self, desk: Desk, title: str) -> None:
        super().__init__()
        self.desk = desk
        self.open = False
        self.setObjectName("page")
        # A click beside the fields leaves them, so that the keys of the page and Space work again.
        self.setFocusPolicy(Qt.FocusPolicy.ClickFocus)
        self.setAccessibleName(title)
        column = QVBoxLayout(self)
        column.setContentsMargins(2 * GRID, GRID, 2 * GRID, 2 * GRID)
        column.setSpacing(GRID)
        self.head = QHBoxLayout()
        self.head.setSpacing(GRID)
        heading = label(title, "title")
        heading.setMinimumHeight(4 * GRID)
        self.head.addWidget(heading)
        self.head.addStretch(1)
        column.addLayout(self.head)
        self.body = QVBoxLayout()
        self.body.setSpacing(GRID)
        column.addLayout(self.body, 1)

    @property
    def alarm_looked_at(self) -> int | None:
        """The id of the alarm that stands large on the page; None on pages that show none."""
        return None

    def refresh(self) -> None:
        """Reads what the page shows, and shows it."""

    def poll(self) -> None:
        """Twenty times a second while the page is shown."""

    def tick(self, now: datetime) -> None:
        """Once a second while the page is shown."""

    def enter(self) -> None:
        """The page is shown now."""
        self.open = True
        self.refresh()
        self.setFocus()

    def leave(self) -> None:
        """The page is about to be hidden or taken down: stop what runs for it."""
        self.open = False

    def follow(self) -> None:
        """Something changed that the page shows; a page that is not open reads when it is."""
        if self.open:
            try:
                self.refresh()
            except Refusal as error:
                self.desk.troubled.emit(sentence(error))
