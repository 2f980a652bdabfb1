"""The computer's clocks: the one that people set, the one that nobody can, and since when the computer has been on."""

import sys
import time
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path


def uptime() -> float:
    """Seconds since the computer was started, its sleep included."""
    if sys.platform == "linux":
        return time.clock_gettime(time.CLOCK_BOOTTIME)
    return time.monotonic()


def boot() -> str:
    """A name for this run of the computer; another after each start, empty where the system has none."""
    try:
        return Path("/proc/sys/kernel/random/boot_id").read_text(encoding="ascii").strip()
    except OSError:
        return ""


@dataclass(frozen=True)
class Clocks:
    """All clocks at one moment. monotonic_s: stands still while the computer sleeps; uptime_s: does not."""

    computer_at: datetime
    monotonic_s: float
    uptime_s: float


def clocks() -> Clocks:
    """The real ones, now."""
    return Clocks(datetime.now(UTC), time.monotonic(), uptime())
