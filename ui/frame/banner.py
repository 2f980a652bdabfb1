"""The banner above the page while an alarm is unacknowledged: where, what, how long ago, and how to answer."""

from PySide6.QtCore import QPointF, Qt, Signal
from PySide6.QtGui import QColor, QPainter, QPaintEvent
from PySide6.QtWidgets import QFrame, QHBoxLayout, QWidget

from storage.watch.alarms import Alarm
from ui.frame.lookout import Lookout
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
    """Hidden while no alarm waits, and from those who have no page to open it on; they see it in the bar.

    Where nobody has signed in it says what waits, and that somebody must sign in to answer it.
    """

    acknowledge = Signal()
    opened = Signal()

    def __init__(self, desk: Lookout) -> None:
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
        opening = button(_("Open alarm"), self.opened.emit)
        line.addWidget(opening)
        opening.setVisible(desk.manned)
        sign_in_first = label(_("Sign in to answer it"))
        line.addWidget(sign_in_first)
        sign_in_first.setVisible(not desk.manned)
        self._answer = button(_("Space: acknowledge"), self.acknowledge.emit)
        if not desk.guards:
            self._answer.hide()
        line.addWidget(self._answer)
        self.hide()

    def show_newest(self) -> None:
        """Says what waits now, or goes."""
        waiting = self._desk.book.waiting
        self.setVisible(bool(waiting) and self._desk.watches)
        if waiting:
            others = len(waiting) - 1
            more = "  ·  " + _n("and {n} more alarm", "and {n} more alarms", others) if others else ""
            self.said.setText(self.sentence(waiting[0]) + more)
            self.setAccessibleName(self.said.text())

    def sentence(self, newest: Alarm) -> str:
        """Where, what, how long ago."""
        age = span(self._desk.now - newest.raised_at)
        place = newest.about or self._desk.place_of(newest.room_id)
        where = ", ".join(filter(None, (place, newest.camera)))
        return _("{where}: {kind}, {age} ago").format(where=where, kind=name_of(newest.kind), age=age)
