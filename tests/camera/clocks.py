"""A computer whose clocks go only when a test says so."""

from datetime import datetime, timedelta

from camera.recording.clock import RecordingClock
from camera.recording.computer import Clocks
from tests.conftest import NOW


class Computer:
    """Switched on an hour before `at`; its monotonic clock says 1000 s then."""

    def __init__(self, at: datetime = NOW) -> None:
        self.clocks = Clocks(at, 1000.0, 3600.0)
        self.boot_id = "first"

    def read(self) -> Clocks:
        return self.clocks

    def run(self, seconds: float, *, drift_ppm: float = 0.0) -> None:
        """Time passes; drift_ppm: by how much faster the clock that people set runs."""
        shown = timedelta(seconds=seconds * (1 + drift_ppm / 1_000_000))
        self.clocks = Clocks(self.clocks.computer_at + shown, self.clocks.monotonic_s + seconds, self.clocks.uptime_s + seconds)

    def set_clock(self, seconds: float) -> None:
        """Somebody sets its clock, ahead or back."""
        self.clocks = Clocks(self.clocks.computer_at + timedelta(seconds=seconds), self.clocks.monotonic_s, self.clocks.uptime_s)

    def sleep(self, seconds: float) -> None:
        """Its lid is closed."""
        self.clocks = Clocks(self.clocks.computer_at + timedelta(seconds=seconds), self.clocks.monotonic_s, self.clocks.uptime_s + seconds)

    def restart(self, seconds: float) -> None:
        """It is off for so long."""
        self.clocks = Clocks(self.clocks.computer_at + timedelta(seconds=seconds), 0.0, 0.0)
        self.boot_id += "'"

    def clock(self) -> RecordingClock:
        """A recording clock without a past."""
        return RecordingClock(self.read, self.boot_id, None)
