"""The command `bench cameras`: how many cameras this computer carries, measured on it."""

import argparse
import json
import math
import sys
from pathlib import Path
from typing import TYPE_CHECKING

from ui.words.command_line import progress_bar
from ui.words.speech import _, decimal, whole

if TYPE_CHECKING:
    from collections.abc import Callable

    from camera.recording.bench import Carried, Case, Machine

FOLDER = "bench"
# Beyond warm-up and measurement: no stream comes to its end, where it would begin anew as no camera does.
MARGIN_S = 5.0
STEP_S = 10.0
MOST_AT_ONCE = 64
LONGEST_S = 3_600.0


def add_bench_commands(
    commands: "argparse._SubParsersAction[argparse.ArgumentParser]", data_folder: "Callable[[argparse.Namespace], Path]"
) -> None:
    """Adds them to main's. data_folder: the one that the options name; the streams are kept below it."""
    bench = commands.add_parser("bench", help=_("measure this computer"))
    what = bench.add_subparsers(metavar=_("WHAT"), required=True)
    cameras = what.add_parser("cameras", help=_("how many cameras this computer can record and watch"))
    cameras.add_argument("--seconds", type=_seconds, default=30.0, metavar="S", help=_("how long each kind of camera is measured"))
    cameras.add_argument("--warm-up", type=_seconds, default=35.0, metavar="S", help=_("how long it is let run before that"))
    cameras.add_argument(
        "--at-once",
        type=int,
        choices=range(1, MOST_AT_ONCE + 1),
        default=4,
        metavar="N",
        help=_("how many cameras of a kind are served together"),
    )
    cameras.add_argument("--only", default="", metavar="TEXT", help=_("only the kinds of camera with this in their name"))
    cameras.add_argument("--json", action="store_true", help=_("print one JSON object"))
    cameras.set_defaults(run=lambda options: _bench(options, data_folder(options) / FOLDER))


def _seconds(text: str) -> float:
    """A length of time that can be waited for. Raises argparse.ArgumentTypeError."""
    try:
        seconds = float(text)
    except ValueError:
        seconds = math.nan
    if not 1 <= seconds <= LONGEST_S:
        raise argparse.ArgumentTypeError(_("seconds from 1 to {most} are wanted").format(most=whole(int(LONGEST_S))))
    return seconds


def _bench(options: argparse.Namespace, folder: Path) -> int:
    from camera.recording.bench import CASES, measure, measure_machine, render

    cases = [case for case in CASES if options.only.casefold() in case.main.name.casefold()]
    if not cases:
        print(
            _("No kind of camera has {text} in its name: {names}.").format(
                text=options.only, names=", ".join(dict.fromkeys(case.main.name for case in CASES))
            ),
            file=sys.stderr,
        )
        return 1
    stream_s = math.ceil((options.warm_up + options.seconds + MARGIN_S) / STEP_S) * STEP_S
    folder.mkdir(parents=True, exist_ok=True)
    with progress_bar(_("Rendering what cameras send")) as progress:
        render(cases, folder, seconds=stream_s, progress=progress)
    machine, results = measure_machine(folder), []
    if not options.json:
        line = _("{cores} processor cores, {memory} GB of memory, a disk that writes {disk} MB/s.")
        memory, disk = whole(round(machine.memory_bytes / 1e9)), whole(round(machine.disk_bytes_per_s / 1e6))
        print(line.format(cores=whole(machine.cores), memory=memory, disk=disk), flush=True)
    for case in cases:
        with progress_bar(str(case)) as progress:
            times = {"seconds": options.seconds, "stream_s": stream_s, "warm_up_s": options.warm_up}
            carried = measure(case, folder, at_once=options.at_once, progress=progress, **times)
        results.append((case, carried))
        if not options.json:
            _say(case, carried, machine)
    if options.json:
        print(json.dumps({"machine": vars(machine), "cameras": [_facts(carried, machine) for _case, carried in results]}))
    return 0


def _say(case: "Case", carried: "Carried", machine: "Machine") -> None:
    least, *_others = sorted(machine.carries(carried).items(), key=lambda part: part[1])
    said = {"processor": _("the processor"), "memory": _("the memory"), "disk": _("the disk")}[least[0]]
    print(_("{case}: {n} cameras a core").format(case=case, n=decimal(carried.cameras_per_core)))
    line = _("  recording {recording} %, looking {looking} % of a core; {memory} MB of memory, {written} MB/s to the disk a camera")
    figures = {
        "recording": decimal(carried.recording_pct_of_core),
        "looking": decimal(carried.looking_pct_of_core),
        "memory": whole(round(carried.steady.own_bytes / 1e6)),
        "written": decimal(carried.written_bytes_per_s / 1e6),
    }
    print(line.format(**figures))
    print(_("  this computer carries {n}; what limits is {part}").format(n=whole(least[1]), part=said), flush=True)


def _facts(carried: "Carried", machine: "Machine") -> dict[str, object]:
    """A result as plain values, rounded."""
    carries = machine.carries(carried)
    return {
        "camera": str(carried.case),
        "cameras_per_core": round(carried.cameras_per_core, 1),
        "recording_pct_of_core": round(carried.recording_pct_of_core, 2),
        "looking_pct_of_core": round(carried.looking_pct_of_core, 2),
        "cpu_s_per_camera_minute": round(60 * carried.steady.cpu_s / carried.seconds, 2),
        "cpu_s_from_start": round(carried.whole.cpu_s, 2),
        "seconds_from_start": round(carried.whole_s, 1),
        "own_memory_mb": round(carried.steady.own_bytes / 1e6, 1),
        "written_mb_per_s": round(carried.written_bytes_per_s / 1e6, 3),
        "watched_how": carried.how,
        "carries": carries,
        "limit": min(carries, key=lambda part: carries[part]),
    }
