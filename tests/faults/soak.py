"""Does it grow? `python -m tests.faults.soak [--minutes 30] [--cameras 8]`: memory and open files of the recorder and its workers.

Small cameras by RTSP, each from a server of its own; now and then one of the servers is killed, and comes back some seconds later. Every
10 s the resident memory and the number of open file handles of the recorder and of all workers are read, from outside.

The last line on standard output is one JSON object. Slopes are by least squares over what was read after the first five minutes, in MB an
hour; workers go on over a drop, so that what their reconnections leave behind is seen.
"""

import argparse
import contextlib
import json
import random
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

import numpy as np
import sqlalchemy as sa

from storage.database import open_database
from storage.places import add_camera, add_room, add_site
from storage.schema.footage import gap, segment
from tests.camera.rig import RtspServer, has_rtsp_server, worker_pids, write_video
from tests.faults.witness import loop

EVERY_S = 10.0
LOOP_S = 60
SEGMENT_S = 10.0
# On average between drops, and how long one lasts.
DROP_EACH_S, DROPPED_S = 30.0, (1.0, 12.0)
# Caches fill and the eyes learn first; less where all of it is shorter.
SETTLING_S, SETTLING_SHARE = 300.0, 0.4
MEGABYTE = 1_000_000
PAUSE = threading.Event()


@dataclass(frozen=True)
class Sample:
    """at_s: since the beginning; memory in bytes, of the recorder and of all workers; handles: open files of both."""

    at_s: float
    recorder_bytes: int
    worker_bytes: int
    recorder_handles: int
    worker_handles: int
    workers: int


def sample(recorder: int, at_s: float) -> Sample | None:
    """What they hold now; None while a process of them comes or goes."""
    try:
        workers = worker_pids(recorder)
        memory = {pid: _resident(pid) for pid in (recorder, *workers)}
        handles = {pid: sum(1 for _ in Path(f"/proc/{pid}/fd").iterdir()) for pid in memory}
    except OSError:
        return None
    own_memory, own_handles = memory.pop(recorder), handles.pop(recorder)
    return Sample(at_s, own_memory, sum(memory.values()), own_handles, sum(handles.values()), len(workers))


def _resident(pid: int) -> int:
    status = Path(f"/proc/{pid}/status").read_text()
    return next(int(line.split()[1]) * 1024 for line in status.splitlines() if line.startswith("VmRSS"))


class Drops:
    """Kills a camera's server now and then, and starts it again."""

    def __init__(self, servers: list[RtspServer], seed: int) -> None:
        self.count = 0
        self._servers = servers
        self._chance = random.Random(seed)
        self._away: dict[int, float] = {}
        self._next_s = self._chance.expovariate(1 / DROP_EACH_S)

    def step(self, at_s: float, *, drop: bool) -> None:
        """Does what is due; drop: whether cameras may still be dropped."""
        for number, until_s in list(self._away.items()):
            if at_s >= until_s or not drop:
                del self._away[number]
                self._servers[number].start()
        if drop and at_s >= self._next_s:
            self._next_s = at_s + self._chance.expovariate(1 / DROP_EACH_S)
            number = self._chance.randrange(len(self._servers))
            if number not in self._away:
                self._servers[number].kill()
                self._away[number] = at_s + self._chance.uniform(*DROPPED_S)
                self.count += 1


@contextmanager
def recorded(folder: Path, servers: list[RtspServer]) -> Iterator["subprocess.Popen[bytes]"]:
    """A recorder of these cameras."""
    with closing(open_database(folder)) as database:
        now = datetime.now(UTC)
        room = add_room(database, add_site(database, "31.75", "Gudang", "Asia/Jakarta", now=now).id, "Gudang kotak", now=now)
        for server in servers:
            add_camera(database, room.id, server.address, server.address, "", now=now)
    command = [sys.executable, "-m", "tests.faults.recording", str(folder), str(SEGMENT_S)]
    with (folder / "recorder.log").open("wb") as log:
        recorder = subprocess.Popen(command, stdin=subprocess.DEVNULL, stdout=log, stderr=log)
    try:
        yield recorder
    finally:
        recorder.terminate()
        with contextlib.suppress(subprocess.TimeoutExpired):
            recorder.wait(60.0)
        recorder.kill()
        recorder.wait()


def watch(recorder: "subprocess.Popen[bytes]", drops: Drops, seconds: float) -> list[Sample]:
    """Samples until the time is over. The last of them are taken when all cameras are there."""
    begun_s, next_s = time.monotonic(), 0.0
    samples: list[Sample] = []
    while (at_s := time.monotonic() - begun_s) < seconds:
        if recorder.poll() is not None:
            raise SystemExit("the recorder has ended by itself")
        drops.step(at_s, drop=at_s < seconds - 3 * EVERY_S)
        if at_s >= next_s and (taken := sample(recorder.pid, at_s)):
            next_s += EVERY_S
            samples.append(taken)
            said = f"{at_s / 60:.1f} of {seconds / 60:g} minutes, {taken.recorder_bytes // MEGABYTE} + {taken.worker_bytes // MEGABYTE} MB"
            print(f"{said}, {taken.recorder_handles} + {taken.worker_handles} handles", file=sys.stderr, flush=True)
        PAUSE.wait(0.2)
    return samples


def figures(samples: list[Sample], cameras: int) -> dict[str, object]:
    """Slopes in MB an hour, and what was held first and last."""
    settled = [taken for taken in samples if taken.at_s >= min(SETTLING_S, SETTLING_SHARE * samples[-1].at_s) and taken.workers == cameras]
    hours = np.array([taken.at_s / 3600 for taken in settled])

    def slope(values: list[int]) -> float:
        return round(float(np.polyfit(hours, np.array(values) / MEGABYTE, 1)[0]), 2)

    first, last = settled[0], settled[-1]
    return {
        "samples": len(samples),
        "settled_samples": len(settled),
        "recorder_mb_per_hour": slope([taken.recorder_bytes for taken in settled]),
        "workers_mb_per_hour": slope([taken.worker_bytes for taken in settled]),
        "recorder_mb_first_last": [round(taken.recorder_bytes / MEGABYTE, 1) for taken in (first, last)],
        "workers_mb_first_last": [round(taken.worker_bytes / MEGABYTE, 1) for taken in (first, last)],
        "recorder_handles_first_last": [first.recorder_handles, last.recorder_handles],
        "worker_handles_first_last": [first.worker_handles, last.worker_handles],
        "most_handles": max(taken.recorder_handles + taken.worker_handles for taken in settled),
    }


def main() -> None:
    """Runs so long, and says what was held."""
    parser = argparse.ArgumentParser()
    parser.add_argument("--minutes", type=float, default=30.0)
    parser.add_argument("--cameras", type=int, default=8)
    parser.add_argument("--seed", type=int, default=20_240_214)
    options = parser.parse_args()
    if not has_rtsp_server():
        raise SystemExit("Debian's GStreamer RTSP server is not installed; ./run test installs it")
    with tempfile.TemporaryDirectory() as name, contextlib.ExitStack() as stack:
        folder, video = Path(name), Path(name) / "camera.mp4"
        write_video(folder / "minute.mp4", seconds=LOOP_S, walks=((20, 24), (40, 46)), group_s=2, noise=16)
        loop(folder / "minute.mp4", video, times=round(options.minutes) + 3)
        servers = [RtspServer(video) for _ in range(options.cameras)]
        for server in servers:
            stack.callback(server.kill)
            server.start()
        drops = Drops(servers, options.seed)
        with recorded(folder, servers) as recorder:
            samples = watch(recorder, drops, 60 * options.minutes)
        with closing(open_database(folder)) as database, database.read() as connection:
            kept = connection.scalar(sa.select(sa.func.count()).select_from(segment))
            causes = {row[0]: row[1] for row in connection.execute(sa.select(gap.c.cause, sa.func.count()).group_by(gap.c.cause))}
    how = {"minutes": options.minutes, "cameras": options.cameras, "seed": options.seed, "drops": drops.count}
    print(json.dumps(how | figures(samples, options.cameras) | {"segments": kept, "gaps": causes}))


if __name__ == "__main__":
    main()
