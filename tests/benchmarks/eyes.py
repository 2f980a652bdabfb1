"""What watching costs: `./run benchmark eyes [--quick]`. The last line is one JSON object; what goes on is told on standard error.

Real workers record and watch rendered camera streams in real time; their processor time is read from outside and compared with what
others spend on the same pictures. Figures are of this machine at this time: compare the ratios. All processor time is of whole
processes: user and system, every thread.

quiet_cpu_vs_keyframes: a minute of a quiet 1080p25 camera (H.264, 4 Mbit/s variable, groups of 2 s), recording included, by a process that
    takes the same packets in real time and decodes the key frames alone, at the same time; both without their start, as a camera runs
    for months. What is done in bulk costs less: by the key frames decoded one after the other it is quiet_cpu_vs_keyframes_in_bulk; with
    the start of both processes and the first seconds, in which the eyes look at every picture, quiet_cpu_vs_keyframes_from_start.
cameras_per_core_main, cameras_per_core_sub: 60 s by such a camera's minute, without and with a 640x360 stream of 10 pictures a second.
constant_cpu_vs_full: the same camera in tight constant bit rate, its room armed, by plain decoding of every picture.
best_peer, best_peer_ratio: who of motion, DVR-Scan and MOG2 spends least on the minute, and how many times ours.
alarm_latency_median_s, alarm_latency_worst_s: see alarm_latency.
scan_times_real_time: of an hour with a visit every six minutes, every picture decoded; with --sparing: scan_sparing_times_real_time.
"""

import argparse
import json
import statistics
import sys
import tempfile
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from functools import partial
from pathlib import Path

from camera.recording.bench import Carried, Case, measure
from camera.scenes.camera_streams import CONSTANT, SUB, VARIABLE, CameraStream, kept_stream
from tests.benchmarks.alarm_latency import measure_latency
from tests.benchmarks.eye_peers import PeerMissing, decoding, dvr_scan, live_keyframes, motion, system_words
from tests.benchmarks.footage_hour import join, scan

WARM_UP_S = 35.0
MARGIN_S = 10.0
VISIT_S = 24.0
# Enough for the pictures of a whole visit, and of a quiet room as long as all other streams.
VISIT_PIECE_S = 40.0
QUIET_PIECES_A_VISIT = 4
LONGEST_QUICK_CLIP_S = 45.0


def told(said: str) -> None:
    """Says what is being done."""
    print(said, file=sys.stderr, flush=True)


class Streams:
    """The rendered files: kept in the system's temporary folder for the next time. minute_s: how long each of them is measured."""

    def __init__(self, minute_s: float) -> None:
        self.minute_s = minute_s
        self.length_s = WARM_UP_S + minute_s + MARGIN_S
        self.folder = Path(tempfile.gettempdir()) / "jaga-gudang-streams"

    def file(self, stream: CameraStream) -> Path:
        """The quiet room, long enough for warm-up and measurement."""
        return kept_stream(stream, self.folder, seconds=self.length_s)

    def minute(self, stream: CameraStream) -> Path:
        """The quiet room, as long as it is measured."""
        return kept_stream(stream, self.folder, seconds=self.minute_s)

    def worker(self, case: Case, at_once: int) -> Carried:
        """What a worker spends."""
        for stream in case.streams:
            self.file(stream)
        told(f"{case}: {at_once} workers for {WARM_UP_S + self.minute_s:g} s")
        return measure(case, self.folder, seconds=self.minute_s, stream_s=self.length_s, at_once=at_once, warm_up_s=WARM_UP_S)


def per_minute(carried: Carried) -> float:
    """Processor seconds for a minute of one camera."""
    return 60 * carried.steady.cpu_s / carried.seconds


def spread(values: list[float]) -> dict[str, float]:
    """Median, least and most, rounded to milliseconds."""
    return {"median": round(statistics.median(values), 3), "least": round(min(values), 3), "most": round(max(values), 3)}


def measure_decoding(streams: Streams, repeats: int) -> dict[str, dict[str, float]]:
    """Processor seconds for the minute: of whole processes, and (steady) without their start."""
    figures = {}
    for way, stream, times in (
        ("keyframes", VARIABLE, 2 * repeats),
        ("full", VARIABLE, repeats),
        ("full_constant", CONSTANT, repeats),
        ("mog2", VARIABLE, repeats),
    ):
        told(f"decoding: {way}, {times} times")
        minute = streams.minute(stream)
        runs = [decoding(way.removesuffix("_constant"), minute) for _ in range(times)]
        figures[way] = spread([whole_s for whole_s, _steady_s in runs])
        figures[f"{way}_steady"] = spread([steady_s for _whole_s, steady_s in runs])
    return figures


def measure_peers(streams: Streams, mog2_s: float) -> dict[str, object]:
    """Processor seconds for the minute; where a peer is missing, null and the reason."""
    figures: dict[str, object] = {"mog2": mog2_s}
    peers: dict[str, Callable[[], float]] = {
        "motion": partial(motion, streams.file(VARIABLE), streams.minute_s),
        "dvr_scan": partial(dvr_scan, streams.minute(VARIABLE)),
    }
    for name, run in peers.items():
        told(f"peer: {name}")
        try:
            figures[name] = round(run(), 2)
        except PeerMissing as missing:
            figures |= {name: None, f"{name}_missing": str(missing)}
    return figures


def compare(streams: Streams, repeats: int) -> dict[str, object]:
    """The ratios of processor time, and the figures behind them."""
    decoded = measure_decoding(streams, repeats)
    told("1080p25 H.264 VBR: key frames alone in real time, beside our workers")
    with ThreadPoolExecutor() as beside:
        live = beside.submit(live_keyframes, streams.file(VARIABLE), WARM_UP_S, WARM_UP_S + streams.minute_s)
        quiet = streams.worker(Case(VARIABLE), 2)
    live_s = live.result()
    ours = {str(quiet.case): quiet} | {str(case): streams.worker(case, 2) for case in (Case(CONSTANT), Case(VARIABLE, SUB))}
    _quiet, constant, with_sub = ours.values()
    peers = measure_peers(streams, decoded["mog2"]["median"])
    found = {name: spent_s for name, spent_s in peers.items() if isinstance(spent_s, float)}
    best = min(found, key=lambda name: found[name])
    share = streams.minute_s / 60
    return {
        "quiet_cpu_vs_keyframes": round(per_minute(quiet) * share / live_s, 2),
        "quiet_cpu_vs_keyframes_in_bulk": round(per_minute(quiet) * share / decoded["keyframes_steady"]["median"], 2),
        # Less than a minute holds the start and little else.
        "quiet_cpu_vs_keyframes_from_start": round(_from_start(quiet) / decoded["keyframes"]["median"], 2) if share >= 1 else None,
        "full_vs_keyframes": round(decoded["full_steady"]["median"] / decoded["keyframes_steady"]["median"], 2),
        "constant_cpu_vs_full": round(per_minute(constant) * share / decoded["full_constant_steady"]["median"], 2),
        "cameras_per_core_main": round(quiet.cameras_per_core, 1),
        "cameras_per_core_constant": round(constant.cameras_per_core, 1),
        "cameras_per_core_sub": round(with_sub.cameras_per_core, 1),
        "best_peer": best,
        "best_peer_ratio": round(found[best] / (per_minute(quiet) * share), 2),
        "minute_s": streams.minute_s,
        "worker_cpu_s_a_minute": {name: round(per_minute(carried), 3) for name, carried in ours.items()},
        "worker_recording_pct_of_core": {name: round(carried.recording_pct_of_core, 2) for name, carried in ours.items()},
        "worker_looking_pct_of_core": {name: round(carried.looking_pct_of_core, 2) for name, carried in ours.items()},
        "decoding_cpu_s": decoded | {"keyframes_live_steady": round(live_s, 3)},
        "watched_how": {name: carried.how for name, carried in ours.items()},
        "peers_cpu_s": peers,
    }


def _from_start(carried: Carried) -> float:
    """A camera's first minute: the start of the process, the warm-up, and what is left of the minute at the steady rate."""
    warm_s = carried.whole_s - carried.seconds
    return carried.whole.cpu_s - carried.steady.cpu_s + per_minute(carried) * (1 - warm_s / 60)


def measure_scan(streams: Streams, length_s: float) -> dict[str, object]:
    """How many times real time `main.py scan` is, on the wall and by processor time."""
    visit = kept_stream(VARIABLE, streams.folder, seconds=VISIT_PIECE_S, visits_s=(VISIT_PIECE_S - VISIT_S - 2,))
    quiet = streams.file(VARIABLE)
    with tempfile.TemporaryDirectory(dir=streams.folder) as folder:
        hour = Path(folder) / "hour.mp4"
        cycle = [*[quiet] * QUIET_PIECES_A_VISIT, visit]
        cycle_s = join(cycle, hour)
        joined_s = join(cycle * max(1, round(length_s / cycle_s)), hour)
        figures: dict[str, object] = {"scan_length_s": round(joined_s)}
        for name, arguments in (("scan_sparing", ["--sparing"]), ("scan", [])):
            told(f"main.py scan {' '.join(arguments)} of {joined_s:.0f} s")
            took_s, spent_s, events = scan(hour, *arguments)
            figures |= {
                f"{name}_times_real_time": round(joined_s / took_s, 1),
                f"{name}_cpu_s": round(spent_s, 1),
                f"{name}_events": events,
            }
        return figures


def main() -> None:
    """Measures everything, or with --quick shorter streams and the shorter clips."""
    parser = argparse.ArgumentParser()
    parser.add_argument("--quick", action="store_true")
    parser.add_argument("--only", choices=("cpu", "latency", "scan"), action="append", default=[], help="parts; all by default")
    options = parser.parse_args()
    parts = options.only or ["cpu", "latency", "scan"]
    streams = Streams(20.0 if options.quick else 60.0)
    result: dict[str, object] = {"quick": options.quick} | system_words()
    if "cpu" in parts:
        result |= compare(streams, 2 if options.quick else 4)
    if "latency" in parts:
        told("alarms: the labelled clips in real time")
        result |= measure_latency(longest_s=LONGEST_QUICK_CLIP_S) if options.quick else measure_latency()
    if "scan" in parts:
        result |= measure_scan(streams, 180.0 if options.quick else 3_600.0)
    print(json.dumps(result))


if __name__ == "__main__":
    main()
