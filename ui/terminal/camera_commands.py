"""The commands that need cameras or their footage and no database: `scan`."""

import argparse
import json
import sys
from pathlib import Path

from camera.fault import Fault
from ui.words.command_line import progress_bar
from ui.words.sentences import sentence
from ui.words.speech import _, decimal


def add_camera_commands(commands: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    """Adds them to main's."""
    scan = commands.add_parser("scan", help=_("look for events in video files"))
    scan.add_argument("videos", nargs="+", type=Path, metavar="VIDEO")
    scan.add_argument("--json", action="store_true", help=_("print one JSON object a line"))
    scan.add_argument(
        "--sparing", action="store_true", help=_("as a live camera is watched: only what packet sizes and key frames ask for")
    )
    scan.add_argument("--person-model", type=Path, metavar="FILE", help=_("ask this person detector (ONNX) about everything that moves"))
    scan.set_defaults(run=_scan)


def _scan(options: argparse.Namespace) -> int:
    failed = False
    for video in options.videos:
        try:
            _scan_one(video, options)
        except Fault as error:
            failed = True
            print(sentence(error), file=sys.stderr)
    return 1 if failed else 0


def _scan_one(video: Path, options: argparse.Namespace) -> None:
    from camera.looking.scan import facts, scan
    from ui.words.names import name_of

    how = {"sparing": options.sparing, "person_model": options.person_model}
    if options.json:
        print(json.dumps({"file": video.name}), flush=True)
        for event in scan(video, **how):
            print(json.dumps({"file": video.name} | facts(event)), flush=True)
        return
    with progress_bar(video.name) as progress:
        events = list(scan(video, **how, progress=progress))
    print(_("{file}: {n} events").format(file=video.name, n=len(events)))
    for event in events:
        line = _("  {kind} from {start} s to {end} s")
        print(line.format(kind=name_of(event.kind), start=decimal(event.start_s), end=decimal(event.end_s)))
