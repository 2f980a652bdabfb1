"""The command `coverage`, and `check` where it is asked about the recordings; the check that a recorder does when it starts."""

import argparse
import json
import threading
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from datetime import UTC, date, datetime
from pathlib import Path
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

from storage.rules.coverage import CoveredSpan, Seen, Totals
from storage.rules.refusal import Refusal
from ui.watch.covered import said_totals
from ui.words.command_line import progress_bar
from ui.words.names import name_of
from ui.words.sentences import sentence
from ui.words.speech import _, _n, whole
from ui.words.times import day_time, zone_name

if TYPE_CHECKING:
    from storage.database import Database
    from storage.watch.coverage import CameraCoverage, RoomCoverage
    from storage.watch.recordings_check import FileFinding

Open = Callable[[argparse.Namespace], "AbstractContextManager[Database]"]
DEPTHS = ("presence", "size", "hash")


def add_coverage_commands(commands: "argparse._SubParsersAction[argparse.ArgumentParser]", opened: Open) -> None:
    """Adds them to main's; opened: opens the database of the data folder that the options name."""
    coverage = commands.add_parser("coverage", help=_("what was seen of every armed minute of a night, and why not"))
    coverage.add_argument("--room", default="", metavar="ROOM", help=_("its name or number; every room, if it is not said"))
    coverage.add_argument(
        "--night", type=date.fromisoformat, default=None, metavar="YYYY-MM-DD", help=_("from noon of this day to the next noon; last night")
    )
    coverage.add_argument("--json", action="store_true", help=_("print one JSON object"))
    coverage.set_defaults(run=lambda options: _coverage(opened, options))


def _coverage(opened: Open, options: argparse.Namespace) -> int:
    from storage.watch.coverage import room_coverages

    with opened(options) as database:
        nights = room_coverages(database, now=datetime.now(UTC), night=options.night)
    if options.room:
        wanted = options.room.casefold()
        nights = [night for night in nights if wanted in (night.room.casefold(), str(night.room_id))]
        if not nights:
            raise Refusal("There is no room named {name}.", name=options.room)
    is_whole = all(not one.coverage.totals.unexplained and not one.missing_numbers for night in nights for one in night.cameras)
    if options.json:
        print(json.dumps({"ok": is_whole, "rooms": [_room_facts(night) for night in nights]}, ensure_ascii=False))
    else:
        for night in nights:
            _tell_room(night)
        if not nights:
            print(_("There are no rooms yet."))
    return 0 if is_whole else 1


def _tell_room(night: "RoomCoverage") -> None:
    zone = ZoneInfo(night.zone)
    line = _("{site}, {room}: the night of {night}, {begin} to {end} {zone}")
    times = {"night": f"{night.night:%d/%m/%Y}", "begin": day_time(night.from_at, zone), "end": day_time(night.until_at, zone)}
    print(line.format(site=night.site, room=night.room, zone=zone_name(night.zone), **times))
    for camera in night.cameras:
        print(f"  {camera.camera}: {said_totals(camera.coverage.totals)}")
        for span in camera.coverage.spans:
            if span.seen is not Seen.CLEAR:
                print(f"    {_said_span(span, zone)}")
        if camera.missing_numbers:
            numbers = ", ".join(map(str, camera.missing_numbers))
            print("    " + _("Segments were taken out of the table: {numbers}").format(numbers=numbers))
    if len(night.cameras) > 1:
        print("  " + _("All cameras together: {totals}").format(totals=said_totals(night.totals)))
    if not night.cameras:
        print("  " + _("No camera watches this room."))


def _said_span(span: CoveredSpan, zone: ZoneInfo) -> str:
    what = name_of(span.cause) if span.seen is Seen.BLIND else name_of(span.seen)
    events = ", ".join(map(str, span.event_ids))
    numbers = "  " + _("(events {numbers})").format(numbers=events) if events else ""
    clock = f"{day_time(span.from_at, zone)} - {span.until_at.astimezone(zone):%H:%M}"
    minutes = _n("{n} minute", "{n} minutes", span.minutes)
    return f"{clock}  {minutes}  {what}{numbers}"


def _room_facts(night: "RoomCoverage") -> dict[str, object]:
    named = {"room": night.room, "room_id": night.room_id, "site": night.site_code, "zone": night.zone, "night": night.night.isoformat()}
    times = {"from": night.from_at.isoformat(), "until": night.until_at.isoformat()}
    return named | times | _facts(night.totals) | {"cameras": [_camera_facts(camera) for camera in night.cameras]}


def _camera_facts(camera: "CameraCoverage") -> dict[str, object]:
    spans = [
        {"from": span.from_at.isoformat(), "until": span.until_at.isoformat(), "minutes": span.minutes, "seen": span.seen.value}
        | {"cause": span.cause, "events": list(span.event_ids)}
        for span in camera.coverage.spans
    ]
    named = {"camera": camera.camera, "camera_id": camera.camera_id}
    return named | _facts(camera.coverage.totals) | {"missing_numbers": list(camera.missing_numbers), "spans": spans}


def _facts(totals: Totals) -> dict[str, object]:
    seen = {"armed": totals.armed, "seen_clear": totals.clear, "event": totals.event, "blind": totals.blind_minutes}
    return seen | {"blind_by_cause": dict(totals.blind), "no_longer_kept": totals.not_kept}


def check_recordings(opened: Open, folder: Callable[[argparse.Namespace], Path], options: argparse.Namespace) -> int:
    """Compares the recordings of a data folder with their rows, as deep as the options say; tells of each finding when it is made."""
    from storage.settings import load_settings
    from storage.watch.recordings_check import Depth, check

    def tell(finding: "FileFinding") -> None:
        if not options.json:
            print(sentence(finding.said), flush=True)

    with opened(options) as database, progress_bar(_("Checking the recordings")) as progress:
        depth, recordings = Depth(options.recordings), load_settings(folder(options)).recordings
        report = check(database, recordings, depth, now=lambda: datetime.now(UTC), progress=progress, tell=tell)
    if options.json:
        findings = [
            {"kind": one.kind, "path": one.path, "camera_id": one.camera_id, "segment_id": one.segment_id, "said": str(one.said)}
            for one in report.findings
        ]
        print(json.dumps({"ok": not findings, "segments": report.segments, "findings": findings}, ensure_ascii=False))
    else:
        line = _("{segments} segments checked: {faults} faults.")
        print(line.format(segments=whole(report.segments), faults=whole(len(report.findings))))
    return 1 if report.findings else 0


@contextmanager
def checked_at_start(database: "Database", recordings: Path) -> Iterator[None]:
    """Looks meanwhile, in a thread of its own, whether every segment still has its file: what a recorder does when it begins.

    What is missing becomes rows and lines of the log. At the end of the block it is given up where it is.
    """
    stop = threading.Event()
    checking = threading.Thread(target=_look_for_missing, args=(database, recordings, stop), name="recordings")
    checking.start()
    try:
        yield
    finally:
        stop.set()
        checking.join()


def _look_for_missing(database: "Database", recordings: Path, stop: threading.Event) -> None:
    import structlog

    from storage.watch.recordings_check import check_presence

    log = structlog.get_logger()
    try:
        for finding in check_presence(database, recordings, datetime.now(UTC), stop.is_set):
            log.warning("recordings", finding=str(finding.said))
    except (Refusal, OSError) as error:
        log.warning("recordings not checked", reason=str(error))
