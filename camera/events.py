"""The vocabulary of what a camera can report, and the shape in which it reports."""

from collections.abc import Callable
from dataclasses import dataclass
from enum import StrEnum


class Kind(StrEnum):
    """What happened in front of a camera or to it. The same words stand in the database."""

    MOTION = "motion"
    LIGHTS_CHANGED = "lights_changed"
    COVERED = "covered"
    MOVED = "moved"
    BLURRED = "blurred"
    DAZZLED = "dazzled"
    DARK = "dark"
    FROZEN = "frozen"
    REPLAYED = "replayed"
    SIGNAL_LOST = "signal_lost"
    STREAM_CHANGED = "stream_changed"
    CLOCK_JUMP = "clock_jump"
    RECORDER_STOPPED = "recorder_stopped"
    DISK_LOW = "disk_low"
    BACKUP_LATE = "backup_late"


class Phase(StrEnum):
    """Where in its life an event is."""

    OPENED = "opened"
    EXTENDED = "extended"
    CLOSED = "closed"


@dataclass(frozen=True)
class Box:
    """A rectangle in a picture, as shares of its width and height: (0, 0) is the top left corner, (1, 1) the bottom right."""

    x: float
    y: float
    width: float
    height: float

    def around(self, other: "Box") -> "Box":
        """The smallest box that holds both."""
        left, top = min(self.x, other.x), min(self.y, other.y)
        right = max(self.x + self.width, other.x + other.width)
        bottom = max(self.y + self.height, other.y + other.height)
        return Box(left, top, right - left, bottom - top)


@dataclass(frozen=True)
class Sight:
    """One report about one event: it has begun, goes on, or is over.

    number: counts the events of one pair of eyes from 1; all reports of an event carry the same.
    start_s: stream time of the first picture that showed it, in seconds (earlier than the report: persistence takes time).
    end_s: stream time of the last picture that showed it so far, in seconds.
    peak_pct: largest share of the watched area that moved in one picture so far, 0 to 100.
    boxes: where, in the newest picture that showed it; empty for kinds without a place.
    person_pct: how sure a person detector was at best that somebody is in it, 0 to 100; None where none was asked.
    """

    number: int
    kind: Kind
    phase: Phase
    start_s: float
    end_s: float
    peak_pct: float
    boxes: tuple[Box, ...]
    person_pct: float | None = None


# Takes the reports of one pair of eyes, or of something else that numbers its events from 1.
OnSight = Callable[[Sight], None]
