"""Whether somebody is at the window: how long ago a key was pressed, or the mouse moved, in any part of it."""

from collections.abc import Callable
from datetime import datetime

from PySide6.QtCore import QEvent, QObject
from PySide6.QtWidgets import QApplication

_TOUCHES = frozenset({QEvent.Type.KeyPress, QEvent.Type.MouseButtonPress, QEvent.Type.MouseMove, QEvent.Type.Wheel, QEvent.Type.TouchBegin})


class Idle(QObject):
    """Counts seconds by itself and by the clock: one that was set back cannot put the lock off, nor can a computer that was asleep."""

    def __init__(self, clock: Callable[[], datetime]) -> None:
        super().__init__()
        self._clock = clock
        self._counted_s = 0
        self._touched_at = clock()
        application = QApplication.instance()
        if application is not None:
            application.installEventFilter(self)

    def touch(self) -> None:
        """Somebody is here."""
        self._counted_s = 0
        self._touched_at = self._clock()

    def tick(self) -> float:
        """A second has passed; for how many nobody was here."""
        self._counted_s += 1
        return max(float(self._counted_s), (self._clock() - self._touched_at).total_seconds())

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if event.type() in _TOUCHES and event.spontaneous():
            self.touch()
        return False
