"""Weekly opening hours of a room: when it is open, when armed, and when that changes next."""

from dataclasses import dataclass
from datetime import datetime, timedelta, tzinfo

DAY_MIN = 24 * 60


@dataclass(frozen=True, order=True)
class Opening:
    """The room is open on this weekday (0 is Monday) from opens_min to closes_min, minutes after midnight of the site's wall clock.

    closes_min not later than opens_min: it closes on the following day. 1440 is the midnight at the end of the day.
    Raises ValueError for figures outside a day.
    """

    weekday: int
    opens_min: int
    closes_min: int

    def __post_init__(self) -> None:
        if not (0 <= self.weekday <= 6 and 0 <= self.opens_min < DAY_MIN and 0 <= self.closes_min <= DAY_MIN):
            raise ValueError(f"no hours of a weekday: {self}")

    @property
    def length_min(self) -> int:
        """How long the room stays open, in minutes; 1 to 1440."""
        return (self.closes_min - self.opens_min - 1) % DAY_MIN + 1


@dataclass(frozen=True)
class WeekHours:
    """All openings of a week. None at all: the room is always armed."""

    openings: tuple[Opening, ...] = ()

    def is_open(self, at: datetime, zone: tzinfo) -> bool:
        """Whether the room is open at this instant; its wall clock shows the time of `zone`.

        An opening holds its first instant, not its last.
        """
        return any(start <= at < end for start, end in self._around(at, zone))

    def next_change(self, at: datetime, zone: tzinfo) -> datetime | None:
        """The first instant after `at` at which the room opens or closes; None if it never does."""
        edges = sorted({edge for span in self._around(at, zone) for edge in span if edge > at})
        was = self.is_open(at, zone)
        return next((edge for edge in edges if self.is_open(edge, zone) != was), None)

    def _around(self, at: datetime, zone: tzinfo) -> list[tuple[datetime, datetime]]:
        """Every opening from the day before `at` to eight days after it: more than any change can be away."""
        midnight = at.astimezone(zone).replace(hour=0, minute=0, second=0, microsecond=0)
        spans = []
        for day in range(-1, 9):
            date = midnight + timedelta(days=day)
            for opening in self.openings:
                if opening.weekday == date.weekday():
                    start = date + timedelta(minutes=opening.opens_min)
                    spans.append((start, start + timedelta(minutes=opening.length_min)))
        return spans
