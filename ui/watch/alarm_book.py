"""The alarms as the window knows them: which are new, which wait, how long the oldest has waited."""

from collections.abc import Sequence
from datetime import datetime, timedelta

from storage.watch.alarms import Alarm


class AlarmBook:
    """Plain memory of the newest reading of the alarm list."""

    def __init__(self) -> None:
        self._alarms: tuple[Alarm, ...] = ()
        self._known: frozenset[int] | None = None

    def read(self, alarms: Sequence[Alarm]) -> bool:
        """Takes a new reading; True if it holds an unacknowledged alarm that no reading held before."""
        self._alarms = tuple(alarms)
        waiting = {alarm.id for alarm in self.waiting}
        fresh = bool(waiting - (self._known or frozenset()))
        self._known = frozenset(alarm.id for alarm in alarms)
        return fresh

    @property
    def alarms(self) -> tuple[Alarm, ...]:
        """All alarms of the reading, unacknowledged first, then newest first."""
        return self._alarms

    @property
    def waiting(self) -> tuple[Alarm, ...]:
        """Those that nobody has acknowledged, newest first."""
        return tuple(alarm for alarm in self._alarms if alarm.acknowledged_at is None)

    def oldest_age(self, now: datetime) -> timedelta:
        """How long the oldest unacknowledged alarm has waited; zero if none waits."""
        return max((now - alarm.raised_at for alarm in self.waiting), default=timedelta())
