"""The field for a date or a time of day: what one types replaces the part (day, hour, ...) that one stands in."""

from PySide6.QtCore import QEvent, QObject, QTimer
from PySide6.QtGui import QFocusEvent, QKeyEvent
from PySide6.QtWidgets import QDateTimeEdit

from ui.look.theme import GRID, TARGET


class ClockEdit(QDateTimeEdit):
    """The part one stands in is always chosen whole; otherwise two digits too many stand there and what is typed is refused."""

    def __init__(self, name: str, pattern: str) -> None:
        super().__init__()
        self.setAccessibleName(name)
        self.setFixedHeight(TARGET)
        self.setDisplayFormat(pattern)
        line = self.lineEdit()
        line.setTextMargins(GRID + 1, 0, GRID + 1, 0)
        line.installEventFilter(self)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if event.type() == QEvent.Type.MouseButtonRelease:
            QTimer.singleShot(0, self, self._choose_part)
        return super().eventFilter(watched, event)

    def focusInEvent(self, event: QFocusEvent) -> None:
        super().focusInEvent(event)
        QTimer.singleShot(0, self, self._choose_part)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.text().isdigit() and self.lineEdit().selectedText() == self.text():
            self.setSelectedSection(self.sectionAt(0))
        super().keyPressEvent(event)
        if not event.text().isdigit() and not self.lineEdit().hasSelectedText():
            self._choose_part()

    def _choose_part(self) -> None:
        if self.hasFocus() and self.lineEdit().selectedText() != self.text():
            self.setSelectedSection(self.currentSection())
