"""The rooms of the warehouse in the bar: a chip each, armed or open until when; how many of each where they do not fit."""

from collections.abc import Sequence
from datetime import tzinfo

from PySide6.QtCore import QRectF, QSize, Qt
from PySide6.QtGui import QColor, QFontMetricsF, QPainter, QPaintEvent
from PySide6.QtWidgets import QSizePolicy, QWidget

from storage.watch.hours import RoomState
from ui.look.chip import HEIGHT, chip_width, draw_chip
from ui.look.mark import Mark, Tone
from ui.look.theme import GRID, Tokens
from ui.words.speech import _
from ui.words.times import short_time


def room_mark(state: RoomState, zone: tzinfo) -> Mark:
    """Armed (info) or open (calm), with the time until which; a warning where nobody is called though the room is armed."""
    if state.armed and state.disarmed_until is not None:
        return Mark(Tone.WARNING, _("disarmed until {time}").format(time=short_time(state.disarmed_until, zone)))
    if state.armed and state.suspended_until is not None:
        return Mark(Tone.WARNING, _("armed, alarms suspended until {time}").format(time=short_time(state.suspended_until, zone)))
    if state.armed:
        return Mark(Tone.INFO, _("armed"))
    if state.changes_at is None:
        return Mark(Tone.CALM, _("open"))
    return Mark(Tone.CALM, _("open until {time}").format(time=short_time(state.changes_at, zone)))


class RoomStrip(QWidget):
    """Painted as one, so that it shrinks to what the bar leaves it."""

    def __init__(self, tokens: Tokens) -> None:
        super().__init__()
        self._tokens = tokens
        self._rooms: list[tuple[str, Mark]] = []
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)

    def show_rooms(self, states: Sequence[RoomState], zone: tzinfo) -> None:
        """Shows these rooms in this order."""
        self._rooms = [(state.name, room_mark(state, zone)) for state in states]
        told = "\n".join(f"{name}: {mark.word}" for name, mark in self._rooms)
        if told != self.toolTip():
            self.setToolTip(told)
            self.setAccessibleName(told.replace("\n", ", ") or _("No rooms"))
            metrics = QFontMetricsF(self.font())
            self.setMinimumWidth(int(sum(chip_width(metrics, mark) + GRID for mark in summed(self._rooms))))
            self.update()

    def sizeHint(self) -> QSize:
        return QSize(40 * GRID, HEIGHT)

    def paintEvent(self, event: QPaintEvent) -> None:
        with QPainter(self) as painter:
            painter.setFont(self.font())
            metrics = QFontMetricsF(self.font())
            parts = self._rooms
            if sum(_part_width(metrics, *part) for part in parts) - 2 * GRID > self.width():
                parts = [("", mark) for mark in summed(self._rooms)]
            left, top = 0.0, (self.height() - HEIGHT) / 2
            for name, mark in parts:
                painter.setPen(QColor(self._tokens.text))
                name_width = _name_width(metrics, name)
                painter.drawText(QRectF(left, top, name_width, HEIGHT), Qt.AlignmentFlag.AlignVCenter, name)
                draw_chip(painter, left + name_width, top, mark, self._tokens)
                left += _part_width(metrics, name, mark) - (0 if name else GRID)


def summed(rooms: Sequence[tuple[str, Mark]]) -> list[Mark]:
    """How many rooms are armed and how many open, where there is no place for each."""
    armed, quiet = (sum(mark.tone is tone for _name, mark in rooms) for tone in (Tone.INFO, Tone.WARNING))
    open_ = len(rooms) - armed - quiet
    counted = (
        (quiet, Tone.WARNING, _("{count} suspended")),
        (armed, Tone.INFO, _("{count} armed")),
        (open_, Tone.CALM, _("{count} open")),
    )
    return [Mark(tone, word.format(count=count)) for count, tone, word in counted if count]


def _name_width(metrics: QFontMetricsF, name: str) -> float:
    return metrics.horizontalAdvance(name) + 6 if name else 0.0


def _part_width(metrics: QFontMetricsF, name: str, mark: Mark) -> float:
    return _name_width(metrics, name) + chip_width(metrics, mark) + 2 * GRID
