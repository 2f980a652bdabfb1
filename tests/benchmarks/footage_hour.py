"""An hour of a warehouse camera, put together from rendered pieces by copying packets, and how fast `main.py scan` goes through it."""

import resource
import subprocess
import sys
import time
from collections.abc import Sequence
from pathlib import Path

import av
from av.video.stream import VideoStream

MAIN = Path(__file__).resolve().parents[2] / "main.py"
# The first groups of a file are those of an encoder that does not know the room yet.
LEFT_OUT_GROUPS = 2


def join(pieces: Sequence[Path], path: Path) -> float:
    """Writes the pieces, which must be of one encoder, one after the other; returns the length in seconds."""
    unfinished = path.with_suffix(".unfinished")
    with av.open(str(unfinished), "w", format="mp4") as joined:
        stream: VideoStream | None = None
        ticks = 0
        for piece in pieces:
            with av.open(str(piece)) as container:
                source = container.streams.video[0]
                stream = stream or joined.add_stream_from_template(source)
                groups = 0
                for packet in container.demux(source):
                    groups += packet.is_keyframe
                    if not packet.size or groups <= LEFT_OUT_GROUPS:
                        continue
                    packet.dts = packet.pts = ticks
                    ticks += packet.duration or 0
                    packet.stream = stream
                    joined.mux(packet)
                tick = source.time_base
    unfinished.replace(path)
    return float(ticks * (tick or 0))


def scan(path: Path, *arguments: str) -> tuple[float, float, int]:
    """Runs `main.py scan` on it: seconds on the wall, processor seconds, events found."""
    before, begun_s = resource.getrusage(resource.RUSAGE_CHILDREN), time.monotonic()
    done = subprocess.run(
        [sys.executable, MAIN, "scan", path, "--json", *arguments], stdout=subprocess.PIPE, check=True, text=True
    )  # fmt: skip
    took_s, after = time.monotonic() - begun_s, resource.getrusage(resource.RUSAGE_CHILDREN)
    spent_s = after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime
    return took_s, spent_s, sum('"kind"' in line for line in done.stdout.splitlines())
