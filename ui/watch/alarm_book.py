"""The alarms as the window knows them: which are new, which wait, how long the oldest has waited."""

from collections.abc import Sequence
from datetime import datetime, timedelta

from storage.watch.alarms import Alarm


class AlarmBook:
    """Plain memory of the newest reading of the alarm list."""

    def __init__(self) -> None:
        self._alarms: tuple[Alarm, ...] = ()
        self._waiting: tuple[Alarm, ...] = ()
        self._known: frozenset[int] = frozenset()

    def read(self, alarms: Sequence[Alarm], now: datetime) -> bool:
        """Takes a new reading; True if it holds an unacknowledged alarm that called nobody in any reading before.

        One that came while its camera's alarms were suspended is there, and waits for nobody until it lasts longer than that.
        """
        self._alarms = tuple(alarms)
        calling = tuple(alarm for alarm in alarms if not alarm.quiet(now))
        self._waiting = tuple(alarm for alarm in calling if alarm.acknowledged_at is None)
        fresh = bool({alarm.id for alarm in self._waiting} - self._known)
        self._known = frozenset(alarm.id for alarm in calling)
        return fresh

    @property
    def alarms(self) -> tuple[Alarm, ...]:
        """All alarms of the reading, unacknowledged first, then newest first."""
        return self._alarms

    @property
    def waiting(self) -> tuple[Alarm, ...]:
        """Those that nobody has acknowledged, newest first; without what a suspension keeps quiet."""
        return self._waiting

    def oldest_age(self, now: datetime) -> timedelta:
        """How long the oldest unacknowledged alarm has waited; zero if none waits."""
        return max((now - alarm.raised_at for alarm in self.waiting), default=timedelta())
