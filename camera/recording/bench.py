"""How many cameras this computer carries: real workers record and watch rendered streams, and what they cost is read from outside."""

import os
import tempfile
import threading
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from camera.fault import Fault
from camera.journal import State
from camera.message import Header
from camera.recording.computer import clocks
from camera.recording.process_cost import Cost, cost_of, memory_bytes
from camera.recording.worker_process import CameraPlan, WorkerProcess
from camera.scenes.camera_streams import CONSTANT, H265, LARGE, SUB, VARIABLE, CameraStream, kept_stream
from camera.streams.timeline import Timeline

AT_ONCE = 4
# The eyes look at every picture for ten seconds at first, and sleep four seconds after the last sign of anything.
WARM_UP_S = 35.0
STREAM_S = 60.0
LIVE_WITHIN_S = 30.0
ENDS_WITHIN_S = 10.0
# Memory for the system and what else runs, as a share of all.
SPARED = 0.25
DISK_TRIAL_BYTES = 64 << 20
BLOCK_BYTES = 1 << 20


class WorkerFailed(Fault):
    """A worker did not serve its camera while it was measured."""


@dataclass(frozen=True)
class Case:
    """What is measured: cameras that send this stream and, perhaps, a small one beside it."""

    main: CameraStream
    sub: CameraStream | None = None

    def __str__(self) -> str:
        return f"{self.main.name} + {self.sub.name}" if self.sub else self.main.name

    @property
    def streams(self) -> tuple[CameraStream, ...]:
        """Those that such a camera sends."""
        return (self.main, self.sub) if self.sub else (self.main,)


CASES = (Case(VARIABLE), Case(VARIABLE, SUB), Case(CONSTANT), Case(H265), Case(H265, SUB), Case(LARGE), Case(LARGE, SUB), Case(SUB))


@dataclass(frozen=True)
class Carried:
    """What one camera of a case costs, as the median camera of those measured together.

    steady: within `seconds` after the warm-up; whole: from the start of the process to the end of those seconds, `whole_s` long.
    written_bytes_per_s: to the disk. how: which pictures were looked at in the end (camera.journal.WatchedHow), empty if not told.
    """

    case: Case
    seconds: float
    whole_s: float
    steady: Cost
    whole: Cost
    written_bytes_per_s: float
    how: str

    @property
    def cameras_per_core(self) -> float:
        return self.seconds / max(self.steady.cpu_s, 0.001)

    @property
    def recording_pct_of_core(self) -> float:
        """Reading and recording: the worker's first thread."""
        return 100 * self.steady.first_thread_s / self.seconds

    @property
    def looking_pct_of_core(self) -> float:
        """Decoding, looking, and little else: the other threads."""
        return 100 * (self.steady.cpu_s - self.steady.first_thread_s) / self.seconds


@dataclass(frozen=True)
class Machine:
    """This computer: logical processors, memory, and what its disk took when it was tried."""

    cores: int
    memory_bytes: int
    disk_bytes_per_s: float

    def carries(self, carried: Carried) -> dict[str, int]:
        """How many such cameras each of its parts would bear; the least of them is how many there can be."""
        return {
            "processor": int(self.cores * carried.cameras_per_core),
            "memory": int(self.memory_bytes * (1 - SPARED) / max(1, carried.steady.own_bytes)),
            "disk": int(self.disk_bytes_per_s / max(1.0, carried.written_bytes_per_s)),
        }


def measure_machine(folder: Path) -> Machine:
    """Writes a file of DISK_TRIAL_BYTES into the folder to learn its disk's speed."""
    block = os.urandom(BLOCK_BYTES)
    with tempfile.TemporaryFile(dir=folder) as file:
        begun_s = time.monotonic()
        for _ in range(DISK_TRIAL_BYTES // BLOCK_BYTES):
            file.write(block)
        file.flush()
        os.fsync(file.fileno())
        took_s = time.monotonic() - begun_s
    return Machine(os.cpu_count() or 1, memory_bytes(), DISK_TRIAL_BYTES / took_s)


def render(cases: Sequence[Case], folder: Path, *, seconds: float = STREAM_S, progress: Callable[[float], None]) -> None:
    """Writes the streams of the cases into the folder, where they are missing. progress: told the share done, 0 to 1."""
    streams = list(dict.fromkeys(stream for case in cases for stream in case.streams))
    for done, stream in enumerate(streams):

        def advance(share: float, done: int = done) -> None:
            progress((done + share) / len(streams))

        kept_stream(stream, folder, seconds=seconds, progress=advance)


def measure(
    case: Case,
    streams: Path,
    *,
    seconds: float,
    stream_s: float = STREAM_S,
    at_once: int = AT_ONCE,
    warm_up_s: float = WARM_UP_S,
    progress: Callable[[float], None] = lambda share: None,
) -> Carried:
    """Lets so many workers serve such cameras at once, in real time, and reads what they cost.

    streams: the folder in which `render` wrote, with the same stream_s. Takes warm_up_s + seconds and the start of the workers.
    Raises WorkerFailed if a worker ends or does not begin, NotMeasurable where costs cannot be read.
    """
    with tempfile.TemporaryDirectory(prefix="bench-", dir=streams) as recordings:
        plans = [_plan(case, number, streams, stream_s) for number in range(1, at_once + 1)]
        with _Workers(plans, Path(recordings)).running() as workers:
            begun_s = time.monotonic()
            workers.await_live()
            workers.watch(warm_up_s, lambda share: progress(share * warm_up_s / (warm_up_s + seconds)))
            before, before_bytes, from_s = workers.costs(), _size_of(Path(recordings)), time.monotonic()
            workers.watch(seconds, lambda share: progress((warm_up_s + share * seconds) / (warm_up_s + seconds)))
            after, after_bytes, until_s = workers.costs(), _size_of(Path(recordings)), time.monotonic()
            middle = sorted(range(at_once), key=lambda number: after[number].cpu_s - before[number].cpu_s)[at_once // 2]
            written = (after_bytes - before_bytes) / at_once / (until_s - from_s)
            steady = after[middle].since(before[middle])
            return Carried(case, until_s - from_s, until_s - begun_s, steady, after[middle], written, workers.how)


def _plan(case: Case, number: int, streams: Path, stream_s: float) -> CameraPlan:
    main, *sub = (kept_stream(stream, streams, seconds=stream_s).absolute().as_uri() for stream in case.streams)
    return CameraPlan(number, f"bench/camera-{number}", main, sub_address=sub[0] if sub else "")


def _size_of(folder: Path) -> int:
    return sum(file.stat().st_size for file in folder.rglob("*.mp4*"))


class _Workers:
    """Workers that serve cameras while they are measured."""

    def __init__(self, plans: Sequence[CameraPlan], recordings: Path) -> None:
        self._plans, self._recordings = plans, recordings
        self._processes: list[WorkerProcess] = []
        self._changed = threading.Condition()
        self._live: set[int] = set()
        self._failed: str | None = None
        self.how = ""

    @contextmanager
    def running(self) -> Iterator["_Workers"]:
        """Starts them; ends them when the block is left, whatever the reason."""
        try:
            now = clocks()
            timeline = Timeline(now.computer_at, now.monotonic_s)
            for plan in self._plans:
                self._processes.append(
                    WorkerProcess(plan, self._recordings, self._take, self._take_error, segment_s=60.0, timeline=timeline)
                )
            yield self
        finally:
            for process in self._processes:
                process.ask_to_stop()
            for process in self._processes:
                process.wait(ENDS_WITHIN_S)

    def await_live(self) -> None:
        """Returns when all of them record."""
        with self._changed:
            ready = self._changed.wait_for(lambda: self._failed or len(self._live) == len(self._plans), LIVE_WITHIN_S)
        if not ready or self._failed:
            raise WorkerFailed("A worker did not begin to record: {why}", why=self._failed or "-")

    def watch(self, seconds: float, progress: Callable[[float], None]) -> None:
        """Waits, looking whether all of them go on."""
        begun_s = time.monotonic()
        while (passed_s := time.monotonic() - begun_s) < seconds:
            progress(passed_s / seconds)
            with self._changed:
                if self._changed.wait_for(lambda: self._failed, min(0.5, seconds - passed_s)):
                    raise WorkerFailed("A worker failed while it was measured: {why}", why=self._failed)
        progress(1.0)

    def costs(self) -> list[Cost]:
        return [cost_of(process.pid) for process in self._processes]

    def _take(self, process: WorkerProcess, header: Header | None, _payload: bytes) -> None:
        with self._changed:
            if header is None:
                self._failed = self._failed or "-"
            elif header["type"] == "state" and header["state"] == State.LIVE:
                self._live.add(process.plan.camera_id)
            elif header["type"] == "state" and header["state"] == State.LOST:
                self._failed = str(header["cause"])
            elif header["type"] == "beat":
                self.how = header.get("watched_how") or self.how
            self._changed.notify_all()

    def _take_error(self, _camera_id: int, line: str) -> None:
        self._failed = line
