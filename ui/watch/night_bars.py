"""A bar for each room over the last twelve hours: armed underlined, events as ticks, blind hatched."""

from collections.abc import Sequence
from datetime import UTC, datetime, timedelta, tzinfo

from PySide6.QtCore import QRectF, QSize, Qt
from PySide6.QtGui import QBrush, QColor, QFontMetrics, QPainter, QPaintEvent
from PySide6.QtWidgets import QSizePolicy, QWidget

from ui.look.theme import GRID, Tokens
from ui.watch.night import LENGTH, RoomNight, Stretch
from ui.words.speech import _
from ui.words.times import short_time

_ROW = 20
_BAR = 12.0
_LINE = 3.0
_MOST_NAME = 22 * GRID


class NightBars(QWidget):
    """Painted; reads aloud how many events each room had."""

    def __init__(self, tokens: Tokens) -> None:
        super().__init__()
        self._tokens = tokens
        self._nights: Sequence[RoomNight] = ()
        self._now = datetime.min.replace(tzinfo=UTC)
        self._zone: tzinfo = UTC
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)

    def show_nights(self, nights: Sequence[RoomNight], now: datetime, zone: tzinfo) -> None:
        """Shows these rooms up to now."""
        if len(nights) != len(self._nights):
            self.updateGeometry()
        self._nights, self._now, self._zone = nights, now, zone
        told = [_("{room}: {events} events in twelve hours").format(room=night.name, events=len(night.events)) for night in nights]
        self.setAccessibleName("; ".join(told))
        self.update()

    def sizeHint(self) -> QSize:
        return QSize(60 * GRID, (len(self._nights) + 1) * _ROW)

    def paintEvent(self, event: QPaintEvent) -> None:
        if not self._nights:
            return
        with QPainter(self) as painter:
            painter.setFont(self.font())
            metrics = QFontMetrics(self.font())
            widest = max(metrics.horizontalAdvance(text) for text in (_("Last 12 hours"), *(night.name for night in self._nights)))
            names = min(_MOST_NAME, widest) + 2 * GRID
            self._paint_hours(painter, names)
            for row, night in enumerate(self._nights):
                top = (row + 1) * _ROW
                painter.setPen(QColor(self._tokens.text))
                name = metrics.elidedText(night.name, Qt.TextElideMode.ElideRight, names - GRID)
                painter.drawText(QRectF(0, top, names, _ROW), Qt.AlignmentFlag.AlignVCenter, name)
                self._paint_bar(painter, QRectF(names, top + (_ROW - _BAR) / 2, self.width() - names, _BAR), night)

    def _paint_hours(self, painter: QPainter, left: int) -> None:
        hour = self._now.astimezone(self._zone).replace(minute=0, second=0, microsecond=0)
        field = QRectF(left, 0, self.width() - left, _BAR)
        painter.setPen(QColor(self._tokens.muted))
        painter.drawText(QRectF(0, 0, left, _ROW), Qt.AlignmentFlag.AlignVCenter, _("Last 12 hours"))
        for back in range(0, 12, 2):
            at = hour - timedelta(hours=back)
            x = self._x(field, at)
            place = QRectF(min(x - 40, self.width() - 80), 0, 80, _ROW)
            side = Qt.AlignmentFlag.AlignHCenter if place.left() == x - 40 else Qt.AlignmentFlag.AlignRight
            painter.drawText(place, side | Qt.AlignmentFlag.AlignVCenter, short_time(at, self._zone))

    def _paint_bar(self, painter: QPainter, field: QRectF, night: RoomNight) -> None:
        tokens = self._tokens
        painter.fillRect(field, QColor(tokens.raised))
        for stretch in night.armed:
            armed = self._place(field, stretch)
            painter.fillRect(armed, QColor(tokens.line))
            painter.fillRect(armed.adjusted(0, field.height() - _LINE, 0, 0), QColor(tokens.focus))
        for stretch in night.blind:
            place = self._place(field, stretch)
            painter.fillRect(place, QColor(tokens.raised))
            painter.fillRect(place, QBrush(QColor(tokens.warning.fill), Qt.BrushStyle.BDiagPattern))
        for stretch in night.events:
            colour = tokens.alarm.fill if stretch.flagged else tokens.edge
            painter.fillRect(self._place(field, stretch, least=3), QColor(colour))

    def _place(self, field: QRectF, stretch: Stretch, least: float = 1) -> QRectF:
        left, right = self._x(field, stretch.from_at), self._x(field, stretch.until_at)
        wide = max(least, right - left)
        return QRectF(min(left, field.right() - wide), field.top(), wide, field.height())

    def _x(self, field: QRectF, at: datetime) -> float:
        share = (at - (self._now - LENGTH)) / LENGTH
        return field.left() + max(0.0, min(1.0, share)) * field.width()
