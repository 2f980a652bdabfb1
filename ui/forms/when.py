"""When something happened: a date and time on the warehouse's wall clock; this very moment until one enters another."""

from datetime import UTC, datetime
from zoneinfo import ZoneInfo

from PySide6.QtCore import QDateTime

from ui.forms.clock import ClockEdit


class WhenEdit(ClockEdit):
    """Shows wall clock time, gives an aware UTC instant."""

    def __init__(self, name: str, now: datetime, zone: ZoneInfo) -> None:
        super().__init__(name, "dd/MM/yyyy HH:mm")
        self.zone = zone
        self._entered = False
        self._show(now)
        self.dateTimeChanged.connect(self._enter)

    def follow(self, now: datetime) -> None:
        """Shows this moment, as long as nothing was entered and nobody is about to."""
        if not self._entered and not self.hasFocus():
            self._show(now)

    def clear_entry(self, now: datetime) -> None:
        """Back to this moment."""
        self._entered = False
        self._show(now)

    def instant(self, now: datetime) -> datetime:
        """What was entered; `now` itself if nothing was."""
        if not self._entered:
            return now
        date, time = self.date(), self.time()
        return datetime(date.year(), date.month(), date.day(), time.hour(), time.minute(), tzinfo=self.zone).astimezone(UTC)

    def _show(self, now: datetime) -> None:
        local = now.astimezone(self.zone)
        self.blockSignals(True)
        self.setDateTime(QDateTime(local.year, local.month, local.day, local.hour, local.minute, 0))
        self.blockSignals(False)

    def _enter(self) -> None:
        self._entered = True
