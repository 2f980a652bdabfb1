"""Instants from the monotonic clock."""

from collections.abc import Callable
from datetime import datetime, timedelta


class ArrivalClock:
    """Maps monotonic seconds to UTC as the computer's clock stood when this was made, so that instants keep the order of arrival."""

    def __init__(self, now: Callable[[], datetime], monotonic: Callable[[], float]) -> None:
        self._now, self._monotonic_s = now(), monotonic()

    def utc(self, monotonic_s: float) -> datetime:
        """The instant of a reading of the monotonic clock."""
        return self._now + timedelta(seconds=monotonic_s - self._monotonic_s)
