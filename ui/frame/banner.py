"""The banner above the page while an alarm is unacknowledged: where, what, how long ago, and how to answer."""

from PySide6.QtCore import QPointF, Qt, Signal
from PySide6.QtGui import QColor, QPainter, QPaintEvent
from PySide6.QtWidgets import QFrame, QHBoxLayout, QWidget

from storage.watch.alarms import Alarm
from ui.frame.desk import Desk
from ui.look.card import button, label
from ui.look.theme import GRID
from ui.words.names import name_of
from ui.words.speech import _, _n
from ui.words.times import span


class _Triangle(QWidget):
    """The shape that stands for an alarm, so that the colour is not alone."""

    def __init__(self, colour: str) -> None:
        super().__init__()
        self._colour = colour
        self.setFixedSize(3 * GRID, 3 * GRID)

    def paintEvent(self, event: QPaintEvent) -> None:
        with QPainter(self) as painter:
            painter.setRenderHint(QPainter.RenderHint.Antialiasing)
            painter.setPen(Qt.PenStyle.NoPen)
            painter.setBrush(QColor(self._colour))
            side = float(self.width())
            corners = [QPointF(side / 2, 2.0), QPointF(side - 1, side - 3), QPointF(1.0, side - 3)]
            painter.drawPolygon(corners)


class Banner(QFrame):
    """Hidden while no alarm waits, and from those who have no page to open it on; they see it in the bar."""

    acknowledge = Signal()
    opened = Signal()

    def __init__(self, desk: Desk) -> None:
        super().__init__()
        self._desk = desk
        self.setObjectName("banner")
        line = QHBoxLayout(self)
        line.setContentsMargins(2 * GRID, 6, GRID, 6)
        line.setSpacing(GRID)
        self.said = label("")
        self.said.setMinimumWidth(0)
        line.addWidget(_Triangle(desk.tokens.alarm.text))
        line.addWidget(self.said, 1)
        line.addWidget(button(_("Open alarm"), self.opened.emit))
        self._answer = button(_("Space: acknowledge"), self.acknowledge.emit)
        self._answer.setVisible(desk.guards)
        line.addWidget(self._answer)
        self.hide()

    def show_newest(self) -> None:
        """Says what waits now, or goes."""
        waiting = self._desk.book.waiting
        self.setVisible(bool(waiting) and self._desk.watches)
        if waiting:
            self.said.setText(self._sentence(waiting[0], len(waiting) - 1))
            self.setAccessibleName(self.said.text())

    def _sentence(self, newest: Alarm, others: int) -> str:
        age = span(self._desk.now - newest.raised_at)
        place = self._desk.place_of(newest.room_id)
        where = ", ".join(filter(None, (place, newest.camera)))
        said = _("{where}: {kind}, {age} ago").format(where=where, kind=name_of(newest.kind), age=age)
        return said if not others else f"{said}  ·  " + _n("and {n} more alarm", "and {n} more alarms", others)
