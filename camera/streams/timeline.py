"""Instants from the monotonic clock."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, Self


@dataclass(frozen=True)
class Timeline:
    """A straight line from the monotonic clock, which all processes of a computer share, to UTC: what arrives later is told as later.

    at: the instant of monotonic_s; rate_ppm: how many millionths faster than the monotonic clock it runs.
    """

    at: datetime
    monotonic_s: float
    rate_ppm: float = 0.0

    def utc(self, monotonic_s: float) -> datetime:
        """The instant of a reading of the monotonic clock."""
        return self.at + timedelta(seconds=(monotonic_s - self.monotonic_s) * (1 + self.rate_ppm / 1_000_000))

    def plain(self) -> list[Any]:
        """As it is told to another process, in JSON."""
        return [self.at.isoformat(), self.monotonic_s, self.rate_ppm]

    @classmethod
    def from_plain(cls, plain: list[Any]) -> Self:
        """What `plain` told."""
        return cls(datetime.fromisoformat(plain[0]), plain[1], plain[2])
