"""Plays the clip of an alarm: the pictures in their own time, the boxes drawn, a line that shows where one is."""

import queue
from collections.abc import Callable, Sequence
from datetime import datetime, timedelta

from PySide6.QtCore import QElapsedTimer, QRect, QRectF, QSize, Qt, QTimer, Signal
from PySide6.QtGui import QColor, QImage, QPainter, QPaintEvent
from PySide6.QtWidgets import QSizePolicy, QWidget

from camera.events import Box
from storage.watch.events import BoxAt
from ui.look.theme import GRID, Tokens
from ui.services import Picture
from ui.watch.footage import Clip, ClipReader
from ui.watch.wall import draw_boxes, fitted
from ui.words.speech import _

_LOOK_MS = 20
_LINE = 6
# Boxes come about once a second; each stands until half way to the next.
_BOX_NEAR = timedelta(milliseconds=600)
_SIZE = (960, 540)


class ClipView(QWidget):
    """Nothing is decoded while it is hidden or stopped."""

    moved = Signal()

    def __init__(self, tokens: Tokens) -> None:
        super().__init__()
        self._tokens = tokens
        self._reader: ClipReader | None = None
        self._picture: Picture | None = None
        self._next: Picture | None = None
        self._boxes: Sequence[BoxAt] = ()
        self._range: tuple[datetime, datetime, datetime, datetime] | None = None
        self._began_at: datetime | None = None
        self._clock = QElapsedTimer()
        self._timer = QTimer(self)
        self._timer.setInterval(_LOOK_MS)
        self._timer.timeout.connect(self._look)
        self.setMinimumSize(QSize(320, 186))
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Expanding)
        self.setAccessibleName(_("Clip of the alarm"))

    def play(self, clip: Callable[[], Clip]) -> None:
        """Plays another clip from its start. clip: called from a thread before each round."""
        self.stop()
        self._picture = None
        self._reader = ClipReader(clip, _SIZE)
        self._timer.start()
        self.update()

    def show_range(self, around: tuple[datetime, datetime, datetime, datetime]) -> None:
        """What the line below the picture spans: the clip's start, the event's start and end, the clip's end."""
        self._range = around
        self.update()

    def show_boxes(self, boxes: Sequence[BoxAt]) -> None:
        """Where something moved, in order of time."""
        self._boxes = boxes

    def stop(self) -> None:
        """Ends the clip and its thread."""
        self._timer.stop()
        if self._reader:
            self._reader.stop()
        self._reader, self._next, self._began_at = None, None, None

    def pause(self, paused: bool) -> None:
        """Holds the picture, or goes on from it."""
        self._began_at = None
        if paused:
            self._timer.stop()
        elif self._reader:
            self._timer.start()

    @property
    def playing(self) -> bool:
        """Whether pictures go on."""
        return self._timer.isActive()

    @property
    def picture_at(self) -> datetime | None:
        """When the picture that is shown was taken; None before the first."""
        return self._picture.at if self._picture else None

    def paintEvent(self, event: QPaintEvent) -> None:
        with QPainter(self) as painter:
            place = self.rect().adjusted(0, 0, 0, -_LINE - 2)
            painter.fillRect(self.rect(), QColor(self._tokens.picture.fill))
            if self._picture is None:
                painter.setPen(QColor(self._tokens.picture.text))
                said = _("The clip comes as soon as its first pictures are on the disk.") if self._reader else _("No alarm is chosen.")
                inside = place.adjusted(2 * GRID, 0, -2 * GRID, 0)
                painter.drawText(inside, int(Qt.AlignmentFlag.AlignCenter | Qt.TextFlag.TextWordWrap), said)
                return
            pixels, at = self._picture.rgb32, self._picture.at
            height, width = pixels.shape[:2]
            field = fitted(place, width, height)
            painter.setRenderHint(QPainter.RenderHint.SmoothPixmapTransform)
            painter.drawImage(field, QImage(pixels.data, width, height, width * 4, QImage.Format.Format_RGB32))
            near = [Box(box.x, box.y, box.width, box.height) for box in self._boxes if abs(box.at - at) <= _BOX_NEAR]
            draw_boxes(painter, field, near[-4:], self._tokens, 1.0)
            self._paint_line(painter, QRect(field.left(), place.bottom() + 2, field.width(), _LINE), at)

    def _paint_line(self, painter: QPainter, line: QRect, at: datetime) -> None:
        if self._range is None:
            return
        first, start, end, last = self._range

        def x(instant: datetime) -> float:
            share = (instant - first) / (last - first)
            return line.left() + max(0.0, min(1.0, share)) * line.width()

        painter.fillRect(line, QColor(self._tokens.line))
        painter.fillRect(QRectF(x(start), line.top(), max(2.0, x(end) - x(start)), _LINE), QColor(self._tokens.alarm.fill))
        painter.fillRect(QRectF(x(at) - 1.5, line.top(), 3, _LINE), QColor(self._tokens.picture.text))

    def _look(self) -> None:
        """Shows the next picture if its time has come."""
        if self._next is None and not self._take():
            return
        due = self._next
        if due is None:
            return
        if self._began_at is None:
            self._began_at = due.at
            self._clock.start()
        if (due.at - self._began_at).total_seconds() * 1000 <= self._clock.elapsed():
            self._picture, self._next = due, None
            self.update()
            self.moved.emit()

    def _take(self) -> bool:
        try:
            self._next = self._reader.next() if self._reader else None
        except queue.Empty:
            return False
        if self._next is None:
            self._began_at = None  # the round is over; the next begins with its own time
        return True
