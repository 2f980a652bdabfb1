"""Which footage may go, and in which order: unflagged, then what was reviewed as false alarm, then the rest; some of it never."""

from bisect import bisect_left
from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import IntEnum, StrEnum

# A flagged event is kept with so much before and after it.
AROUND = timedelta(seconds=10)


class Reason(StrEnum):
    """Why footage went. The same words stand in the database."""

    DAYS = "days"
    BYTES = "bytes"
    DISK_LOW = "disk_low"


class Standing(IntEnum):
    """How dear footage is, the dearer the later it goes. KEPT: it never goes while this holds."""

    UNFLAGGED = 0
    FALSE_ALARM = 1
    OTHER = 2
    KEPT = 3


@dataclass(frozen=True, slots=True)
class KeptSegment:
    """A segment that is still there. path: below the recordings folder."""

    id: int
    camera_id: int
    path: str
    started_at: datetime
    ended_at: datetime
    bytes: int


@dataclass(frozen=True)
class Mark:
    """A time of a camera of which something is known. until_at: None while it goes on."""

    camera_id: int
    from_at: datetime
    until_at: datetime | None
    standing: Standing


@dataclass(frozen=True)
class AlarmTime:
    """An event and what was said of its alarm. verdict: the newest, None while nobody has judged.

    flagged: it belongs to an alarm; incident: that was ever judged a real incident.
    """

    camera_id: int
    started_at: datetime
    ended_at: datetime | None
    flagged: bool
    verdict: str | None
    incident: bool

    @property
    def mark(self) -> Mark:
        """What it makes of the footage.

        An incident stays one whatever is said later: who wants it gone must not only need to judge it again.
        """
        if self.ended_at is None or self.incident:
            standing = Standing.KEPT
        elif not self.flagged:
            standing = Standing.UNFLAGGED
        else:
            standing = Standing.FALSE_ALARM if self.verdict == "false_alarm" else Standing.OTHER
        return Mark(self.camera_id, self.started_at - AROUND, self.ended_at + AROUND if self.ended_at else None, standing)


class Marks:
    """All that is known of the footage of all cameras; the dearest mark that touches a segment counts."""

    def __init__(self, marks: Iterable[Mark]) -> None:
        times: dict[tuple[int, Standing], list[tuple[datetime, datetime]]] = defaultdict(list)
        for mark in marks:
            times[mark.camera_id, mark.standing].append((mark.from_at, mark.until_at or datetime.max.replace(tzinfo=mark.from_at.tzinfo)))
        self._times = {key: _joined(of_key) for key, of_key in times.items()}

    def standing(self, segment: KeptSegment) -> Standing:
        """How dear a segment is."""
        return next(
            (
                standing
                for standing in (Standing.KEPT, Standing.OTHER, Standing.FALSE_ALARM)
                if _touches(self._times.get((segment.camera_id, standing), []), segment)
            ),
            Standing.UNFLAGGED,
        )


def in_order(oldest_first: Iterable[KeptSegment], marks: Marks) -> Iterator[KeptSegment]:
    """Those that may go, in the order in which they go. Reads no further than it is asked, as long as unflagged ones are found."""
    later: dict[Standing, list[KeptSegment]] = {Standing.FALSE_ALARM: [], Standing.OTHER: []}
    for segment in oldest_first:
        standing = marks.standing(segment)
        if standing is Standing.UNFLAGGED:
            yield segment
        elif standing is not Standing.KEPT:
            later[standing].append(segment)
    for waiting in later.values():
        yield from waiting


def enough(ordered: Iterable[KeptSegment], wanted_bytes: int) -> Iterator[KeptSegment]:
    """As many of them as it takes to free so many bytes; all, if that is not enough."""
    left = wanted_bytes
    if left > 0:
        for segment in ordered:
            yield segment
            left -= segment.bytes
            if left <= 0:
                return


def _joined(times: list[tuple[datetime, datetime]]) -> list[tuple[datetime, datetime]]:
    """The same times, in order, without overlaps."""
    joined: list[tuple[datetime, datetime]] = []
    for from_at, until_at in sorted(times):
        if joined and from_at <= joined[-1][1]:
            joined[-1] = (joined[-1][0], max(until_at, joined[-1][1]))
        else:
            joined.append((from_at, until_at))
    return joined


def _touches(times: list[tuple[datetime, datetime]], segment: KeptSegment) -> bool:
    """Whether one of these, which do not overlap, has an instant in common with the segment."""
    at = bisect_left(times, segment.started_at, key=lambda time: time[1])
    return at < len(times) and times[at][0] <= segment.ended_at
