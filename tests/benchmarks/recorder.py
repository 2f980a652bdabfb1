"""What recording costs: `./run benchmark recorder [--quick] [--only PART]`. The last line is one JSON object; the rest is told beside it.

`main.py record` (with segments of 10 s) records 1080p25 cameras (H.264, 4 Mbit/s variable, groups of 2 s, a still room with the noise of
a sensor) by RTSP over TCP from a server on the loopback, which sends a rendered file for each, and watches them in an armed room. Costs are
read from outside, of the recorder and its workers, never of the server; all processor time is user and system, every thread, in percent of
one core. Figures are of this machine at this time.

cpu_pct_per_camera: recorder and workers, by the number of cameras, after a warm-up in which the eyes learn the scene;
    cpu_pct_recorder: the recorder alone, for all cameras. cpu_pct_per_camera_full: 4 cameras of which the eyes decode every picture,
    because the same stream is named as their small one; it is read twice.
rss_mb_per_camera: resident memory, at the end of the measurement; where several processes share a page, each counts its part (the Pss of
    /proc/PID/smaps_rollup). rss_mb_per_camera_unshared: with shared pages counted in full for each.
packets_lost: pictures missing from the segments between the first and the last of each camera, by comparison with the file that was sent;
    packets_damaged: that are none of its. The same of the run with a window: relay_packets_lost, relay_packets_damaged.
disk_ratio: bytes of the segments by bytes of the packets in them.
first_segment_s: from the start of the recorder until every camera has a growing file with a picture on the disk; first_packet_s: until
    the first packet that is kept of the last camera; first_whole_segment_s: until every camera has a row.
relay_delay_s, relay_delay_p95_s: a window that shows all cameras in tiles of 320x180: from a packet's arrival to the picture in pixels;
    relay_cpu_pct_window, relay_cpu_pct_recorder: the window's processor time, and what the recorder and workers spend more than before.
"""

import argparse
import json
import subprocess
import sys
import tempfile
import time
from dataclasses import dataclass
from pathlib import Path

from camera.scenes.camera_streams import VARIABLE, kept_stream
from tests.benchmarks.eye_peers import system_words
from tests.benchmarks.recorded_site import MEGABYTE, PAUSE, Site, site
from tests.camera.rig import has_rtsp_server
from ui.words.command_line import progress_bar

FULL_CAMERAS = 4
# Longer than start, warm-up and what is measured together; on a computer that takes longer it begins anew, by copying packets.
STREAM_S, TIMES = 125.0, 4
PARTS = ("recording", "relay", "full")


@dataclass(frozen=True)
class Measure:
    """How much is measured: cameras, and seconds of warm-up, of costs and of a wall of tiles."""

    cameras: int
    warm_up_s: float
    seconds: float
    wall_s: float


WHOLE = Measure(cameras=16, warm_up_s=40.0, seconds=60.0, wall_s=30.0)
QUICK = Measure(cameras=4, warm_up_s=35.0, seconds=20.0, wall_s=10.0)


def told(said: str) -> None:
    """Says what is being done."""
    print(said, file=sys.stderr, flush=True)


def the_stream() -> Path:
    """The rendered file, kept in the system's temporary folder for the next time."""
    with progress_bar(VARIABLE.name) as progress:
        return kept_stream(VARIABLE, Path(tempfile.gettempdir()) / "jaga-gudang-streams", seconds=STREAM_S, progress=progress)


def spent_pct(running: Site, seconds: float) -> tuple[float, float]:
    """Processor time of the recorder and of all workers in the next seconds, in percent of a core."""
    before = running.cpu_s()
    PAUSE.wait(seconds)
    recorder_s, workers_s = (after - earlier for after, earlier in zip(running.cpu_s(), before, strict=True))
    return 100 * recorder_s / seconds, 100 * workers_s / seconds


def costs(running: Site, measure: Measure) -> dict[str, object]:
    """Processor time and memory, without a window."""
    told(f"{running.cameras} cameras are recorded for {measure.seconds:g} s")
    recorder_pct, workers_pct = spent_pct(running, measure.seconds)
    memories = running.memory()
    per_camera = MEGABYTE * running.cameras
    return {
        "cpu_pct_per_camera": round((recorder_pct + workers_pct) / running.cameras, 2),
        "cpu_pct_recorder": round(recorder_pct, 2),
        "rss_mb_per_camera": round(sum(memory.proportional for memory in memories) / per_camera, 1),
        "rss_mb_per_camera_unshared": round(sum(memory.resident for memory in memories) / per_camera, 1),
        "rss_mb_recorder": round(memories[0].proportional / MEGABYTE, 1),
        "memory_is": "proportional set size (Pss)",
        "watched_how": running.watched_how(),
    }


def wall(running: Site, measure: Measure) -> dict[str, object]:
    """A window shows every camera."""
    told(f"a window shows {running.cameras} tiles for {measure.wall_s:g} s")
    without = sum(spent_pct(running, measure.wall_s / 2))
    command = [sys.executable, "-m", "tests.benchmarks.live_wall", str(running.folder), str(measure.wall_s)]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as window:
        assert window.stdout is not None
        assert window.stdout.readline() == "begun\n"
        shown = sum(spent_pct(running, measure.wall_s - 1.0))
        said = window.stdout.read()
    figures: dict[str, object] = json.loads(said)
    return figures | {"relay_cpu_pct_recorder": round(shown - without, 1)}


def warmed(running: Site, measure: Measure) -> dict[str, object]:
    """Returns when the eyes have learnt; when the cameras began."""
    told(f"{running.cameras} cameras begin, and the eyes learn for {measure.warm_up_s:g} s")
    started = running.await_pictures()
    warm_s = time.monotonic() + measure.warm_up_s
    started |= running.await_rows()
    PAUSE.wait(warm_s - time.monotonic())
    return {**started}


def kept(running: Site, video: Path) -> dict[str, object]:
    """Ends the recorder and looks what is on the disk."""
    running.end()
    told("every packet is looked for in the segments")
    found = running.kept(video)
    return {
        "packets": found.packets,
        "packets_lost": found.lost,
        "packets_damaged": found.damaged,
        "gaps": found.gaps,
        "disk_ratio": round(found.file_bytes / found.packet_bytes, 4),
    }


def record(measure: Measure) -> dict[str, object]:
    """Quiet cameras: what they cost without a window; nothing of them may be lost."""
    video = the_stream()
    with site(video, measure.cameras, TIMES) as running:
        return {"cameras": measure.cameras} | warmed(running, measure) | costs(running, measure) | kept(running, video)


def record_wall(measure: Measure) -> dict[str, object]:
    """The same with a window that shows all of them. Anew: where the stream begins again, all eyes would wake up at once."""
    video = the_stream()
    with site(video, measure.cameras, TIMES) as running:
        warmed(running, measure)
        figures = wall(running, measure) | {"relay_watched_how": running.watched_how()}
        return figures | {f"relay_{name}": figure for name, figure in kept(running, video).items() if name.startswith("packets_")}


def record_full(measure: Measure) -> dict[str, object]:
    """Cameras of which every picture is decoded."""
    with site(the_stream(), FULL_CAMERAS, TIMES, with_sub=True) as running:
        started = warmed(running, measure)
        figures = costs(running, measure)
    names = ("cpu_pct_per_camera", "rss_mb_per_camera", "rss_mb_per_camera_unshared", "watched_how")
    return {f"{name}_full": figures[name] for name in names} | {"first_segment_s_full": started["first_segment_s"]}


def main() -> None:
    """Measures everything, or with --quick fewer cameras for a shorter time."""
    parser = argparse.ArgumentParser()
    parser.add_argument("--quick", action="store_true")
    parser.add_argument("--only", choices=PARTS, action="append", default=[], help="parts; all by default")
    options = parser.parse_args()
    if not has_rtsp_server():
        raise SystemExit("Debian's GStreamer RTSP server is not installed; ./run test installs it")
    parts = options.only or list(PARTS)
    measure = QUICK if options.quick else WHOLE
    result: dict[str, object] = {"quick": options.quick} | system_words()
    if "recording" in parts:
        result |= record(measure)
    if "relay" in parts:
        result |= record_wall(measure)
    if "full" in parts:
        result |= record_full(measure)
    print(json.dumps(result))


if __name__ == "__main__":
    main()
