"""The clock that recordings go by: follows the computer's slowly, and does not follow it where somebody has set it. See docs/time.md."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta

from camera.journal import LastRun
from camera.recording.computer import Clocks
from camera.streams.timeline import Timeline

# The most by which the recordings' clock runs faster or slower than the monotonic one: a minute is wrong by 30 ms at most.
MOST_PPM = 500.0
# A difference is to be gone after so long, if MOST_PPM allows.
CORRECTED_S = 60.0
# More than this between the two clocks is no drift: the computer's was set.
STEP_S = 2.0


@dataclass(frozen=True)
class Step:
    """The computer's clock was set: what the recordings' clock and the computer's said at the same moment."""

    at: datetime
    computer_at: datetime


@dataclass(frozen=True)
class Sleep:
    """The computer slept, or all its programs stood still."""

    from_at: datetime
    until_at: datetime


@dataclass(frozen=True)
class Leap:
    """The recordings' clock has gone over to the computer's: the instants before and after."""

    before: datetime
    after: datetime


class RecordingClock:
    """UTC for everything that is recorded. read: the computer's clocks."""

    def __init__(self, read: Callable[[], Clocks], boot_id: str, last: LastRun | None) -> None:
        """Goes on where the last recorder's clock was, if the computer has not been started anew since; never begins before its end."""
        self._read = read
        self.boot_id = boot_id
        clocks = read()
        at = clocks.computer_at
        if last is not None and last.boot_id == boot_id != "":
            at = last.beat_at + timedelta(seconds=max(0.0, clocks.uptime_s - last.uptime_s))
            if abs((clocks.computer_at - at).total_seconds()) <= STEP_S:
                at = max(clocks.computer_at, last.beat_at)
        # A computer with an empty battery wakes up behind. When it is at least so late is known, how late it is will be told to it later.
        self._guessed = False
        if last is not None and last.boot_id != boot_id and at < last.beat_at:
            at, self._guessed = last.beat_at, True
        self.timeline = Timeline(at, clocks.monotonic_s)
        self._asleep_s = clocks.uptime_s - clocks.monotonic_s
        # By how much the computer's clock is known to be away from this one.
        self._known_s = 0.0

    def now(self) -> datetime:
        """The instant now."""
        return self.timeline.utc(self._read().monotonic_s)

    def monotonic(self) -> float:
        """Seconds that no one can set."""
        return self._read().monotonic_s

    def read(self) -> Clocks:
        """The computer's clocks."""
        return self._read()

    @property
    def held(self) -> bool:
        """Whether the computer's clock was set and is not followed."""
        return self._known_s != 0.0

    def follow(self) -> Step | Sleep | Leap | None:
        """Compares the clocks and corrects the drift; what has happened to them since the last call. To be called every few seconds."""
        clocks = self._read()
        asleep_s = clocks.uptime_s - clocks.monotonic_s
        slept_s, self._asleep_s = asleep_s - self._asleep_s, asleep_s
        at = self.timeline.utc(clocks.monotonic_s)
        if slept_s > STEP_S:
            self.timeline = Timeline(at + timedelta(seconds=slept_s), clocks.monotonic_s)
            return Sleep(at, self.timeline.at)
        away_s = (clocks.computer_at - at).total_seconds()
        if self._guessed and away_s > STEP_S:
            return self.take_over()
        if self.held and abs(away_s) <= STEP_S:
            self._known_s = 0.0  # set back to what it was
        if abs(away_s - self._known_s) > STEP_S:
            self._known_s = away_s
            self.timeline = Timeline(at, clocks.monotonic_s)
            return Step(at, clocks.computer_at)
        rate_ppm = 0.0 if self.held else max(-MOST_PPM, min(MOST_PPM, away_s / CORRECTED_S * 1_000_000))
        self.timeline = Timeline(at, clocks.monotonic_s, rate_ppm)
        return None

    def take_over(self) -> Leap:
        """Goes by the computer's clock from now on, since somebody has said that it is right."""
        clocks = self._read()
        before = self.timeline.utc(clocks.monotonic_s)
        self.timeline = Timeline(clocks.computer_at, clocks.monotonic_s)
        self._known_s, self._guessed = 0.0, False
        return Leap(before, clocks.computer_at)
