"""A site that is recorded for a benchmark: real cameras by RTSP on the loopback, `main.py record`, and what its processes cost."""

import contextlib
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

import av
import sqlalchemy as sa

from camera.recording.process_cost import cost_of
from camera.recording.segment import HEAD_BYTES
from storage.database import Database, open_database
from storage.places import add_camera, add_room, add_site
from storage.schema.footage import gap, segment
from storage.watch.states import camera_states
from tests.camera.rig import RtspServer, nal_units, worker_pids
from tests.faults.witness import digest_of, loop

SEGMENT_S = 10.0
STARTS_WITHIN_S = 120.0
MEGABYTE = 1_000_000
PAUSE = threading.Event()


@dataclass(frozen=True)
class Memory:
    """Of some processes, in bytes. proportional: pages that several share count a part for each (0 where it cannot be read)."""

    resident: int
    proportional: int


@dataclass(frozen=True)
class Kept:
    """What lies on the disk in the end. lost: packets missing between those that are kept; damaged: that are none of the source's."""

    packets: int
    lost: int
    damaged: int
    file_bytes: int
    packet_bytes: int
    gaps: int


class Site:
    """Cameras that all send one file, each from its start, and their recorder."""

    def __init__(self, folder: Path, database: Database, recorder: "subprocess.Popen[bytes]", cameras: int) -> None:
        self.folder = folder
        self.cameras = cameras
        self._database = database
        self._recorder = recorder
        self._begun_s, self._begun_at = time.monotonic(), datetime.now(UTC)

    def await_pictures(self) -> dict[str, float]:
        """Returns when every camera has a growing file with a picture; seconds since the recorder was started."""
        recordings = self.folder / "recordings"
        self._await(lambda: sum(path.stat().st_size > HEAD_BYTES for path in _files(recordings)) >= self.cameras)
        return {"first_segment_s": self._passed_s()}

    def await_rows(self) -> dict[str, float]:
        """Returns when every camera has a whole segment."""
        own = sa.select(segment.c.camera_id, sa.func.min(segment.c.started_at)).group_by(segment.c.camera_id)

        def first() -> list[datetime]:
            with self._database.read() as connection:
                return [row[1] for row in connection.execute(own)]

        self._await(lambda: len(first()) == self.cameras)
        first_packet_s = (max(first()) - self._begun_at).total_seconds()
        return {"first_packet_s": round(first_packet_s, 1), "first_whole_segment_s": self._passed_s()}

    def watched_how(self) -> dict[str, int]:
        """How many cameras are watched how."""
        hows = [state.watched_how for state in camera_states(self._database)]
        return {how: hows.count(how) for how in sorted(set(hows))}

    def cpu_s(self) -> tuple[float, float]:
        """Processor seconds so far: of the recorder, and of all its workers."""
        workers = worker_pids(self._recorder.pid)
        if len(workers) != self.cameras:
            raise SystemExit(f"{len(workers)} workers run, not {self.cameras}")
        return cost_of(self._recorder.pid).cpu_s, sum(cost_of(pid).cpu_s for pid in workers)

    def memory(self) -> tuple[Memory, Memory]:
        """Of the recorder, and of all its workers."""
        return _memory([self._recorder.pid]), _memory(worker_pids(self._recorder.pid))

    def end(self) -> None:
        """Ends the recorder as the system does."""
        self._recorder.terminate()
        try:
            self._recorder.wait(60.0)
        except subprocess.TimeoutExpired:
            self._recorder.kill()
            self._recorder.wait()

    def kept(self, video: Path) -> Kept:
        """After the end of the recorder: every packet of every segment against the file that was sent."""
        with self._database.read() as connection:
            rows = connection.execute(sa.select(segment).order_by(segment.c.camera_id, segment.c.started_at)).all()
            gaps = connection.scalar(sa.select(sa.func.count()).where(gap.c.cause.not_in(("starting", "recorder_stopped")))) or 0
        source = {digest: number for number, (digest, _size) in enumerate(_packets(video))}
        packets = lost = damaged = packet_bytes = 0
        before: tuple[int, int] | None = None
        for row in rows:
            for digest, size in _packets(self.folder / "recordings" / row.path):
                packets, packet_bytes = packets + 1, packet_bytes + size
                number = source.get(digest)
                if number is None:
                    damaged += 1
                    continue
                if before and before[0] == row.camera_id:
                    lost += (number - before[1] - 1) % len(source)
                before = row.camera_id, number
        return Kept(packets, lost, damaged, sum(row.bytes for row in rows), packet_bytes, gaps)

    def _passed_s(self) -> float:
        return round(time.monotonic() - self._begun_s, 1)

    def _await(self, done: Callable[[], bool]) -> None:
        while not done():
            if self._recorder.poll() is not None or time.monotonic() - self._begun_s > STARTS_WITHIN_S:
                raise SystemExit(f"the recorder did not begin; see {self.folder / 'recorder.log'}")
            PAUSE.wait(0.05)


@contextmanager
def site(video: Path, cameras: int, times: int, *, with_sub: bool = False) -> Iterator[Site]:
    """Cameras that send the video so many times, and a recorder that runs until `Site.end` or the end of the block.

    with_sub: the same stream is named as their small one, of which the eyes decode every picture.
    """
    with tempfile.TemporaryDirectory(prefix="recorder-", dir=video.parent) as name, contextlib.ExitStack() as stack:
        folder = Path(name)
        loop(video, folder / "camera.mp4", times=times)
        server = RtspServer(folder / "camera.mp4", cameras=cameras)
        server.start()
        stack.callback(server.kill)
        database = stack.enter_context(closing(open_database(folder)))
        now = datetime.now(UTC)
        room = add_room(database, add_site(database, "31.75", "Gudang", "Asia/Jakarta", now=now).id, "Gudang kotak", now=now)
        for address in server.addresses:
            add_camera(database, room.id, address, address, "", now=now, sub_address=address if with_sub else "")
        log = stack.enter_context((folder / "recorder.log").open("wb"))
        command = [sys.executable, "-m", "tests.faults.recording", str(folder), str(SEGMENT_S)]
        recorder = subprocess.Popen(command, stdin=subprocess.DEVNULL, stdout=log, stderr=log)
        running = Site(folder, database, recorder, cameras)
        stack.callback(running.end)
        yield running


def _files(recordings: Path) -> Iterator[Path]:
    """The first file of every camera that has one."""
    for camera in recordings.glob("*/camera-*"):
        files = sorted(camera.rglob("*.mp4*"))
        if files:
            yield files[0]


def _packets(video: Path) -> Iterator[tuple[bytes, int]]:
    with av.open(str(video)) as container:
        for packet in container.demux(video=0):
            if packet.size:
                yield digest_of(nal_units(bytes(packet))), packet.size


def _memory(pids: list[int]) -> Memory:
    resident = proportional = 0
    for pid in pids:
        lines = Path(f"/proc/{pid}/smaps_rollup").read_text().splitlines()
        sizes = {line.split(":")[0]: int(line.split()[1]) * 1024 for line in lines if line.endswith("kB")}
        resident += sizes["Rss"]
        proportional += sizes["Pss"]
    return Memory(resident, proportional)
