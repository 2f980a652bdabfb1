"""What a running process has cost so far: processor time, memory and writing, as Linux tells of any process of the same user."""

import os
import sys
from dataclasses import dataclass
from pathlib import Path

from camera.fault import Fault

PROC = Path("/proc")


class NotMeasurable(Fault):
    """This system does not tell what other processes cost."""


@dataclass(frozen=True)
class Cost:
    """cpu_s: user and system time of all its threads; first_thread_s: of the one that it began with, alone.

    own_bytes: memory that it shares with no other process, now.
    """

    cpu_s: float
    first_thread_s: float
    own_bytes: int

    def since(self, before: "Cost") -> "Cost":
        """What was spent after `before`; the memory as it is now."""
        return Cost(self.cpu_s - before.cpu_s, self.first_thread_s - before.first_thread_s, self.own_bytes)


def cost_of(pid: int) -> Cost:
    """The cost of the process so far. Raises NotMeasurable on other systems than Linux, and where there is no such process.

    Source: proc(5), /proc/PID/stat (fields 14 and 15, in clock ticks) and /proc/PID/statm (fields 2 and 3, in pages).
    """
    if sys.platform != "linux":
        raise NotMeasurable("What a camera costs can be measured on Linux only.")
    process = PROC / str(pid)
    try:
        _, resident, shared, *_ = (process / "statm").read_text().split()
        own = (int(resident) - int(shared)) * os.sysconf("SC_PAGE_SIZE")
        return Cost(_cpu_s(process / "stat"), _cpu_s(process / "task" / str(pid) / "stat"), own)
    except OSError:
        raise NotMeasurable("The process {pid} has ended while it was measured.", pid=pid) from None


def _cpu_s(stat: Path) -> float:
    # The second field, the name in brackets, may hold spaces.
    fields = stat.read_text().rpartition(")")[2].split()
    return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")


def memory_bytes() -> int:
    """This computer's memory. Raises NotMeasurable on other systems than Linux."""
    if sys.platform != "linux":
        raise NotMeasurable("What a camera costs can be measured on Linux only.")
    return os.sysconf("SC_PHYS_PAGES") * os.sysconf("SC_PAGE_SIZE")
