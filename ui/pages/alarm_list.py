"""The list of alarms at the left of its page: picture, place, kind, age, chip."""

from collections.abc import Sequence
from datetime import datetime, timedelta

from PySide6.QtCore import QAbstractListModel, QModelIndex, QPersistentModelIndex, QRectF, QSize, Qt
from PySide6.QtGui import QColor, QFontMetricsF, QImage, QPainter
from PySide6.QtWidgets import QStyle, QStyledItemDelegate, QStyleOptionViewItem

from storage.watch.alarms import Alarm, Verdict
from ui.frame.desk import Desk
from ui.look.chip import HEIGHT, chip_width, draw_chip
from ui.look.mark import Mark, Tone
from ui.look.theme import GRID
from ui.services import Picture
from ui.words.names import name_of
from ui.words.speech import _
from ui.words.times import day_time, span

STILL = (96, 54)
_ROW = 54 + 2 * GRID
_NOWHERE = QModelIndex()
_ALARM = Qt.ItemDataRole.UserRole


def alarm_mark(alarm: Alarm, now: datetime) -> Mark:
    """How far an alarm has come."""
    if alarm.verdict is not None:
        return Mark(Tone.WARNING if alarm.verdict is Verdict.REAL_INCIDENT else Tone.CALM, name_of(alarm.verdict))
    if alarm.acknowledged_at is None and alarm.quiet(now):
        return Mark(Tone.CALM, _("while suspended"))
    return Mark(Tone.ALARM, _("new")) if alarm.acknowledged_at is None else Mark(Tone.CALM, _("seen"))


class AlarmList(QAbstractListModel):
    """Alarms in the order of the list."""

    def __init__(self, desk: Desk) -> None:
        super().__init__()
        self._desk = desk
        self._alarms: tuple[Alarm, ...] = ()

    def show_alarms(self, alarms: Sequence[Alarm]) -> None:
        """Shows these alarms."""
        self.beginResetModel()
        self._alarms = tuple(alarms)
        self.endResetModel()

    @property
    def alarms(self) -> tuple[Alarm, ...]:
        """The alarms from top to bottom."""
        return self._alarms

    def rowCount(self, parent: QModelIndex | QPersistentModelIndex = _NOWHERE) -> int:
        return 0 if parent.isValid() else len(self._alarms)

    def data(self, index: QModelIndex | QPersistentModelIndex, role: int = Qt.ItemDataRole.DisplayRole) -> object:
        if not index.isValid():
            return None
        alarm = self._alarms[index.row()]
        if role == _ALARM:
            return alarm
        if role in (Qt.ItemDataRole.DisplayRole, Qt.ItemDataRole.AccessibleTextRole):
            where = alarm.about or self._desk.place_of(alarm.room_id)
            parts = where, alarm.camera, name_of(alarm.kind), alarm_mark(alarm, self._desk.now).word
            return ", ".join(filter(None, parts))
        return None


class AlarmRow(QStyledItemDelegate):
    """Paints one alarm."""

    def __init__(self, desk: Desk) -> None:
        super().__init__()
        self._desk = desk
        self._stills: dict[int, Picture] = {}

    def keep_still(self, alarm_id: int, picture: Picture) -> None:
        """The small picture of an alarm."""
        self._stills[alarm_id] = picture

    def has_still(self, alarm_id: int) -> bool:
        """Whether the small picture of an alarm is there."""
        return alarm_id in self._stills

    def sizeHint(self, option: QStyleOptionViewItem, index: QModelIndex | QPersistentModelIndex) -> QSize:
        return QSize(32 * GRID, _ROW)

    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: QModelIndex | QPersistentModelIndex) -> None:
        tokens = self._desk.tokens
        alarm: Alarm = index.data(_ALARM)
        place = QRectF(option.rect)
        chosen = bool(option.state & QStyle.StateFlag.State_Selected)
        painter.save()
        painter.fillRect(place, QColor(tokens.chosen.fill if chosen else tokens.panel))
        painter.fillRect(QRectF(place.left(), place.bottom() - 1, place.width(), 1), QColor(tokens.line))
        if alarm.acknowledged_at is None and not alarm.quiet(self._desk.now):
            painter.fillRect(QRectF(place.left(), place.top(), 4, place.height() - 1), QColor(tokens.alarm.fill))
        still = QRectF(place.left() + 1.5 * GRID, place.top() + GRID, *STILL)
        self._paint_still(painter, still, alarm)
        left, metrics = still.right() + 1.5 * GRID, QFontMetricsF(painter.font())
        mark = alarm_mark(alarm, self._desk.now)
        right = place.right() - GRID
        chip = chip_width(metrics, mark)
        draw_chip(painter, right - chip, still.top(), mark, tokens)
        painter.setPen(QColor(tokens.chosen.text if chosen else tokens.text))
        where = alarm.about or self._desk.place_of(alarm.room_id)
        room = metrics.elidedText(where, Qt.TextElideMode.ElideRight, right - chip - left - GRID)
        painter.drawText(QRectF(left, still.top(), right - left, HEIGHT), Qt.AlignmentFlag.AlignVCenter, room)
        painter.setPen(QColor(tokens.chosen.text if chosen else tokens.muted))
        below = QRectF(left, still.top() + HEIGHT + 4, right - left, HEIGHT)
        age = _age(alarm, self._desk.now, self._desk)
        painter.drawText(below, Qt.AlignmentFlag.AlignVCenter | Qt.AlignmentFlag.AlignRight, age)
        free = right - left - metrics.horizontalAdvance(age) - GRID
        painter.drawText(below, Qt.AlignmentFlag.AlignVCenter, metrics.elidedText(name_of(alarm.kind), Qt.TextElideMode.ElideRight, free))
        painter.restore()

    def _paint_still(self, painter: QPainter, place: QRectF, alarm: Alarm) -> None:
        painter.fillRect(place, QColor(self._desk.tokens.picture.fill))
        picture = self._stills.get(alarm.id)
        if picture is not None:
            height, width = picture.rgb32.shape[:2]
            painter.drawImage(place, QImage(picture.rgb32.data, width, height, width * 4, QImage.Format.Format_RGB32))


def _age(alarm: Alarm, now: datetime, desk: Desk) -> str:
    age = now - alarm.raised_at
    return _("{age} ago").format(age=span(age)) if age < timedelta(hours=1) else day_time(alarm.started_at, desk.zone)
