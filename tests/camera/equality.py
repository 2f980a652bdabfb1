"""Do the events with the gate equal those without it? Footage and scenes, encoded as cameras encode, watched both ways.

    python -m tests.camera.equality [--quick] [--cases WORD...] [--every N]

Prints a JSON line a case and one in the end. All cases take hours and several gigabytes below the system's temporary folder; --quick takes
some of them in a small picture. --cases: only those in whose name each word occurs.
--every: of these the first, and every Nth after it, which takes from all kinds alike where N shares no divisor with their numbers.

Equal means: the events of both can be paired one to one, each with one of its own kind that begins and ends within 0.5 s of it. Where
they are not, the case is watched without the gate twice more, beginning one and two pictures later. "undecided" is a case in which the
eyes then give the events that the gate gave: they hang on which of 25 pictures a second are looked at, not on the gate. All else is "lost".
"""

import argparse
import itertools
import json
import sys
import time
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import av

from camera.events import Phase, Sight
from camera.eyes.eyes import Eyes
from camera.journal import WatchedHow
from camera.looking.gaze import Gaze
from camera.streams.stream import Format
from tests.camera.encodings import Codec, Encoding, Piece, Rate, encoded

WITHIN_S = 0.5

PIECES = (
    Piece("intel_one-by-one-person-detection.mp4", 1.0, 23.0),
    Piece("intel_one-by-one-person-detection.mp4", 87.9, 124.0),
    Piece("intel_bottle-detection.mp4", 0.0, 22.0),
    Piece("intel_bottle-detection.mp4", 18.8, 39.8),
    Piece("intel_car-detection.mp4", 0.0, 30.0),
    Piece("bgslibrary_video.avi", 0.0, 12.4),
    Piece("dvrscan_issue53_brightness_change.avi", 0.0, 4.9),
    Piece("dvrscan_traffic_camera.mp4", 0.0, 20.0),
    Piece("wallflower_WavingTrees_ffv1.mkv", 36.0, 71.0),
    Piece("vas_Occlusion.mp4", 0.0, 4.3),
    Piece("vas_Displacement.mp4", 0.0, 7.1),
    Piece("vas_Defocusing.mp4", 0.0, 4.5),
    Piece("sorting_hall", 0.0, 24.0),
    Piece("store_night", 0.0, 30.0),
    Piece("store_lights", 0.0, 30.0),
    Piece("corridor_insect", 0.0, 30.0),
)
CODECS: tuple[Codec, ...] = ("libx264", "libx265")
RATES: tuple[Rate, ...] = ("quality", "variable", "constant")
ENCODINGS = tuple(itertools.starmap(Encoding, itertools.product(CODECS, (25, 50, 100, 250), RATES, (False, True))))
QUICK_PIECES = (PIECES[0], PIECES[2], PIECES[4], PIECES[8], PIECES[14])
QUICK_SIZE = (640, 360)


@dataclass(frozen=True)
class Watched:
    """What a gaze made of a file. pictures_pct: decoded pictures by packets, in percent."""

    events: list[Sight]
    pictures_pct: float
    how: WatchedHow
    cpu_s: float


def watch(path: Path, *, sparing: bool, late: int = 0) -> Watched:
    """The file as a live camera of an armed room. late: pictures after which the eyes open."""
    with av.open(str(path)) as container:
        stream = container.streams.video[0]
        context = stream.codec_context
        gaze = Gaze(Format(context.name, context.width, context.height, bytes(context.extradata or b"")), Eyes(), sparing=sparing)
        sights, packets, at_s, begun_s = [], 0, 0.0, time.process_time()
        for packet in container.demux(stream):
            if packet.size:
                packets += 1
                at_s = float((packet.pts or 0) * packet.time_base)
                if packets == late + 1:
                    gaze.eyes = Eyes()
                sights += gaze.take(bytes(packet), packet.is_keyframe, at_s)
        how = gaze.how
        sights += gaze.finish(at_s)
    events = [sight for sight in sights if sight.phase is Phase.CLOSED]
    return Watched(events, 100 * gaze.pictures / packets, how, time.process_time() - begun_s)


def difference_s(some: list[Sight], others: list[Sight]) -> float | None:
    """The largest difference of a beginning or an end between paired events; None where they cannot be paired."""
    if sorted(event.kind for event in some) != sorted(event.kind for event in others):
        return None
    # Events of one kind of one pair of eyes never overlap: in the order of their beginnings they are paired as well as can be.
    pairs = zip(*(sorted(events, key=lambda event: (event.kind, event.start_s)) for events in (some, others)), strict=True)
    return max((max(abs(one.start_s - other.start_s), abs(one.end_s - other.end_s)) for one, other in pairs), default=0.0)


def compare(piece: Piece, encoding: Encoding, folder: Path | None = None) -> dict[str, Any]:
    """One case as plain values. folder: where encoded files are kept, as for `encoded`."""
    path = encoded(piece, encoding, folder)
    without, sparing = watch(path, sparing=False), watch(path, sparing=True)
    apart_s = difference_s(without.events, sparing.events)
    verdict = "equal"
    if apart_s is None or apart_s > WITHIN_S:
        others = (difference_s(watch(path, sparing=False, late=late).events, sparing.events) for late in (1, 2))
        verdict = "undecided" if any(other_s is not None and other_s <= WITHIN_S for other_s in others) else "lost"
    return {
        "case": f"{piece} {encoding}",
        "verdict": verdict,
        "difference_s": None if apart_s is None else round(apart_s, 2),
        "decoded_pct": round(sparing.pictures_pct, 1),
        "cpu_ratio": round(sparing.cpu_s / without.cpu_s, 2),
        "how": sparing.how,
        "without": _plain(without.events),
        "with": _plain(sparing.events),
    }


def _plain(events: list[Sight]) -> list[tuple[str, float, float]]:
    return [(event.kind.value, round(event.start_s, 2), round(event.end_s, 2)) for event in events]


def cases(*, quick: bool) -> Iterator[tuple[Piece, Encoding]]:
    """Quick: a few pieces at a quarter of the picture's size, and groups of one and two seconds."""
    if not quick:
        return itertools.product(PIECES, ENCODINGS)
    small = (replace(encoding, size=QUICK_SIZE) for encoding in ENCODINGS if encoding.group in (25, 50))
    return itertools.product(QUICK_PIECES, small)


def main(arguments: list[str]) -> int:
    """Exit status 1 if a case is lost."""
    parser = argparse.ArgumentParser(prog="python -m tests.camera.equality")
    parser.add_argument("--quick", action="store_true")
    parser.add_argument("--cases", nargs="+", default=[], metavar="WORD")
    parser.add_argument("--every", type=int, default=1, metavar="N")
    options = parser.parse_args(arguments)
    chosen = [case for case in cases(quick=options.quick) if all(word in "{} {}".format(*case) for word in options.cases)]
    results = []
    for piece, encoding in chosen[:: options.every]:
        result = compare(piece, encoding)
        print(json.dumps(result), flush=True)
        results.append(result)
    verdicts = Counter(result["verdict"] for result in results)
    decoded_pct = sum(result["decoded_pct"] for result in results) / max(1, len(results))
    print(json.dumps({"cases": len(results)} | verdicts | {"decoded_pct_mean": round(decoded_pct, 1)}))
    return 1 if verdicts["lost"] else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
