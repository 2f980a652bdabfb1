"""What the recorder's tests are built of: a small video with somebody in it, a real RTSP server, a running recorder on a real database."""

import os
import socket
import subprocess
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from fractions import Fraction
from pathlib import Path

import av
import numpy as np
import pytest

from camera.live.relay import Relay, RelayDoor
from camera.recording.recorder import Recorder
from camera.recording.worker_process import CameraPlan
from storage.database import Database
from storage.places import add_camera, add_room, add_site
from storage.rules.refusal import Refusal
from storage.watch.journal import WatchJournal
from tests.conftest import NOW

# Debian's own Python: it alone sees the GStreamer bindings.
SYSTEM_PYTHON = Path("/usr/bin/python3")
SERVER = Path(__file__).with_name("rtsp_server.py")
PATIENCE_S = 60.0


def write_video(
    path: Path, *, seconds: int, fps: int = 10, walks: tuple[tuple[float, float], ...] = (), group_s: int = 1, noise: int = 4
) -> None:
    """A grainy room; during each walk (from, to, in seconds) a textured figure crosses it. Key frame every group_s, no B-frames.

    noise: grey levels that change from picture to picture; with few of them, packets may be the same.
    """
    grain = np.random.default_rng(1)
    room = grain.integers(90, 110, (180, 320), dtype=np.uint8)
    figure = grain.integers(150, 220, (80, 30), dtype=np.uint8)
    with av.open(str(path), "w") as video:
        stream = video.add_stream("libx264", rate=fps)
        stream.width, stream.height, stream.pix_fmt = 320, 180, "yuv420p"
        stream.options = {"g": str(fps * group_s), "preset": "veryfast", "tune": "zerolatency", "sc_threshold": "0"}
        for index in range(seconds * fps):
            at_s = index / fps
            luma = room + grain.integers(0, noise, room.shape, dtype=np.uint8)
            for begin_s, end_s in walks:
                if begin_s <= at_s < end_s:
                    left = int((at_s - begin_s) / (end_s - begin_s) * 290)
                    luma[60:140, left : left + 30] = figure
            grey = np.concatenate([luma, np.full((90, 320), 128, np.uint8)])
            frame = av.VideoFrame.from_ndarray(grey, format="yuv420p")
            frame.pts, frame.time_base = index, Fraction(1, fps)
            video.mux(stream.encode(frame))
        video.mux(stream.encode())


def free_port() -> int:
    """A port of the loopback that nobody uses now."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port


class RtspServer:
    """Debian's GStreamer RTSP server in a process of its own; may be killed and started again on the same port."""

    def __init__(self, video: Path, *login: str, cameras: int = 1) -> None:
        """cameras: so many send the video, each from its start when its first client comes."""
        self.port = free_port()
        self.address = f"rtsp://127.0.0.1:{self.port}/camera"
        self.addresses = [self.address, *(f"{self.address}-{number}" for number in range(2, cameras + 1))]
        self._command = [str(SYSTEM_PYTHON), str(SERVER), f"--cameras={cameras}", str(video), str(self.port), *login]
        self._process: subprocess.Popen[bytes] | None = None

    def start(self) -> None:
        """Returns when it listens."""
        self._process = subprocess.Popen(self._command, stdout=subprocess.PIPE)
        assert self._process.stdout is not None
        assert self._process.stdout.readline() == b"ready\n"

    def kill(self) -> None:
        """As if the cable were pulled: nothing is said to anybody."""
        if self._process:
            self._process.kill()
            self._process.wait()
            assert self._process.stdout is not None
            self._process.stdout.close()
            self._process = None


def has_rtsp_server() -> bool:
    """Whether Debian's RTSP server is installed."""
    probe = "import gi; gi.require_version('GstRtspServer', '1.0')"
    return SYSTEM_PYTHON.exists() and not subprocess.run([str(SYSTEM_PYTHON), "-c", probe], capture_output=True, check=False).returncode


@contextmanager
def rtsp_server(video: Path, *login: str) -> Iterator[RtspServer]:
    """A running server; skips the test with a clear word where Debian's RTSP server is not installed."""
    if not has_rtsp_server():
        pytest.skip("Debian's GStreamer RTSP server is not installed; ./run test installs it")
    server = RtspServer(video, *login)
    server.start()
    try:
        yield server
    finally:
        server.kill()


class RunningRecorder:
    """A recorder in a thread of the test, with real workers."""

    def __init__(self, database: Database, recordings: Path, plans: list[CameraPlan], segment_s: float) -> None:
        self.door: RelayDoor | None = None
        self._stop = threading.Event()
        self._ready = threading.Event()
        self._thread = threading.Thread(target=self._run, args=(database, recordings, plans, segment_s))

    def start(self) -> None:
        self._thread.start()
        assert self._ready.wait(PATIENCE_S)

    def stop(self) -> None:
        self._stop.set()
        self._thread.join()

    def _run(self, database: Database, recordings: Path, plans: list[CameraPlan], segment_s: float) -> None:
        relay = Relay()
        self.door = relay.door
        self._ready.set()
        journal = WatchJournal(database, relay.notice)
        Recorder(lambda _now: plans, journal, recordings, relay, outage=Refusal, segment_s=segment_s).run(self._stop)
        relay.close()


@contextmanager
def recorder(database: Database, recordings: Path, plans: list[CameraPlan], *, segment_s: float = 5.0) -> Iterator[RunningRecorder]:
    """Records inside the with block; stopped as told at its end."""
    running = RunningRecorder(database, recordings, plans, segment_s)
    running.start()
    try:
        yield running
    finally:
        running.stop()


def enter_camera(database: Database, address: str, username: str = "", password: str = "") -> CameraPlan:
    """A warehouse with a room that is always armed, and one camera in it."""
    site = add_site(database, "31.75", "Gudang", "Asia/Jakarta", now=NOW)
    room = add_room(database, site.id, "Gudang kotak", now=NOW)
    camera = add_camera(database, room.id, "Kamera 1", address, username, now=NOW)
    return CameraPlan(camera.id, "31-75/camera-1", address, username, password)


def wait_until(done: Callable[[], bool], what: str) -> None:
    """Asks until it is so; fails after PATIENCE_S with the word for what did not come."""
    end_s = time.monotonic() + PATIENCE_S
    pause = threading.Event()
    while not done():
        assert time.monotonic() < end_s, f"waited in vain for {what}"
        pause.wait(0.05)


def nal_units(packet: bytes) -> list[bytes]:
    """The H.264 NAL units of a packet, whether marked by start codes or by lengths, without parameter sets and delimiters."""
    if packet[:4] == b"\0\0\0\1" or packet[:3] == b"\0\0\1":
        units = [
            unit.rstrip(b"\0") if index else unit for index, unit in enumerate(packet.replace(b"\0\0\0\1", b"\0\0\1").split(b"\0\0\1"))
        ]
    else:
        units, place = [], 0
        while place < len(packet):
            size = int.from_bytes(packet[place : place + 4], "big")
            units.append(packet[place + 4 : place + 4 + size])
            place += 4 + size
    return [unit for unit in units if unit and unit[0] & 31 not in (7, 8, 9)]


def packets_of(path: Path) -> list[list[bytes]]:
    """The packets of a file, each as its NAL units."""
    with av.open(str(path)) as container:
        return [nal_units(bytes(packet)) for packet in container.demux(video=0) if packet.size]


def kill_process(pid: int) -> None:
    """kill -9."""
    os.kill(pid, 9)


def worker_pids(recorder_pid: int | None = None) -> list[int]:
    """The camera workers that a recorder, or this process, has started and that still run."""
    found = []
    for status in Path("/proc").glob("[0-9]*/stat"):
        try:
            parent = int(status.read_text().rpartition(")")[2].split()[1])
            command = status.with_name("cmdline").read_bytes()
        except OSError:
            continue
        if parent == (recorder_pid or os.getpid()) and b"camera.recording.worker" in command:
            found.append(int(status.parent.name))
    return sorted(found)
