"""The weekly hours of a room: a line for each weekday, open from when to when, or closed all day."""

from PySide6.QtCore import QEvent, Qt, QTime
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QCheckBox, QGridLayout, QLabel, QWidget

from storage.rules.hours import DAY_MIN, Opening, WeekHours
from ui.forms.clock import ClockEdit
from ui.look.card import label
from ui.look.theme import GRID
from ui.words.names import weekday_names
from ui.words.speech import _


class _Tick(QCheckBox):
    """Space ticks it, also while Space would acknowledge an alarm elsewhere."""

    def event(self, event: QEvent) -> bool:
        if isinstance(event, QKeyEvent) and event.type() == QEvent.Type.ShortcutOverride and event.key() == Qt.Key.Key_Space:
            event.accept()
            return True
        return super().event(event)


class _Day:
    """One line. A closing time not later than the opening time is on the next day, and the line says so."""

    def __init__(self, name: str) -> None:
        self.is_open = _Tick(name)
        self.is_open.setAccessibleName(_("{day}: open").format(day=name))
        self.opens, self.closes = _time(_("{day}: opens").format(day=name), 8), _time(_("{day}: closes").format(day=name), 17)
        self.note: QLabel = label("", "muted")
        self.is_open.toggled.connect(self._tell)
        self.opens.timeChanged.connect(self._tell)
        self.closes.timeChanged.connect(self._tell)
        self._tell()

    def _tell(self) -> None:
        for field in (self.opens, self.closes):
            field.setEnabled(self.is_open.isChecked())
        if not self.is_open.isChecked():
            self.note.setText(_("closed all day"))
        else:
            self.note.setText("" if self.closes.time() > self.opens.time() else _("the next day"))


class WeekEdit(QWidget):
    """Seven days, Monday first."""

    def __init__(self) -> None:
        super().__init__()
        grid = QGridLayout(self)
        grid.setContentsMargins(0, 0, 0, 0)
        grid.setHorizontalSpacing(GRID)
        grid.setVerticalSpacing(4)
        grid.setColumnStretch(4, 1)
        self._days = [_Day(name) for name in weekday_names()]
        for row, day in enumerate(self._days):
            for column, widget in enumerate((day.is_open, day.opens, label("–"), day.closes, day.note)):
                grid.addWidget(widget, row, column)

    def show_hours(self, hours: WeekHours) -> None:
        """Shows these hours. Of several openings on one day the first is shown."""
        for weekday, day in enumerate(self._days):
            opening = next((opening for opening in hours.openings if opening.weekday == weekday), None)
            day.is_open.setChecked(opening is not None)
            if opening is not None:
                day.opens.setTime(QTime(0, 0).addSecs(opening.opens_min * 60))
                day.closes.setTime(QTime(0, 0).addSecs(opening.closes_min % DAY_MIN * 60))

    def hours(self) -> WeekHours:
        """The hours as they stand in the fields."""
        days = enumerate(self._days)
        return WeekHours(tuple(Opening(at, _minutes(day.opens), _minutes(day.closes)) for at, day in days if day.is_open.isChecked()))


def _time(name: str, hour: int) -> ClockEdit:
    made = ClockEdit(name, "HH:mm")
    made.setTime(QTime(hour, 0))
    return made


def _minutes(field: ClockEdit) -> int:
    return field.time().hour() * 60 + field.time().minute()
