"""The commands that give footage out, `clip`, `still`, `time-lapse`; and with them `retention`."""

import argparse
import getpass
import json
from collections.abc import Callable, Sequence
from contextlib import AbstractContextManager
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from pathlib import Path
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

from storage.rules.refusal import Refusal
from ui.terminal.retention_commands import add_retention_commands
from ui.words.command_line import progress_bar
from ui.words.speech import _, decimal, whole
from ui.words.times import zone_name

if TYPE_CHECKING:
    from camera.footage.clip import Hole
    from camera.footage.playback import File
    from storage.database import Database
    from storage.places import Camera

# A still may be so much older than the asked instant; of an older one nobody would think that it shows that instant.
STILL_AGE = timedelta(minutes=1)
EVERY_S = 10.0
MOST_EVERY_S = 3_600.0
NOON = time(12)


@dataclass(frozen=True)
class Source:
    """A camera, its site's zone, and where footage lies."""

    database: "Database"
    recordings: Path
    camera: "Camera"
    zone: str

    def files(self, from_at: datetime, until_at: datetime) -> "list[File]":
        """What is given out; the log is told who took it."""
        from camera.footage.playback import File
        from storage.watch.seen import note_seen
        from storage.watch.segments import footage_between

        footage = footage_between(self.database, self.camera.id, from_at, until_at)
        if footage:
            note_seen(self.database, self.camera.id, from_at, until_at, now=datetime.now(UTC), login=getpass.getuser())
        return [File(self.recordings / part.path, part.started_at, part.ended_at) for part in footage]

    def named(self, path: Path) -> str:
        """A segment as its row names it."""
        return path.relative_to(self.recordings).as_posix()

    def clock(self, at: datetime) -> str:
        """2026-11-22 21:03:20.5 WIB."""
        local = at.astimezone(ZoneInfo(self.zone))
        return f"{local:%Y-%m-%d %H:%M:%S}.{local.microsecond // 100_000} {zone_name(self.zone)}"


def add_footage_commands(
    commands: "argparse._SubParsersAction[argparse.ArgumentParser]",
    data_folder: Callable[[argparse.Namespace], Path],
    opened: "Callable[[Path], AbstractContextManager[Database]]",
) -> None:
    """Adds them to main's. data_folder: the one that the options name; opened: opens its database."""
    clip = commands.add_parser("clip", help=_("cut a time of a camera out of the recordings, as it was recorded"))
    clip.add_argument("--from", required=True, dest="from_at", metavar="INSTANT", help=_("2026-11-22T21:03:20, by the site's clock"))
    clip.add_argument("--until", required=True, dest="until_at", metavar="INSTANT")
    still = commands.add_parser("still", help=_("keep a camera's picture at an instant, as PNG or JPEG"))
    still.add_argument("--at", required=True, metavar="INSTANT", help=_("2026-11-22T21:03:20, by the site's clock"))
    lapse = commands.add_parser("time-lapse", help=_("make a short film of a camera's night"))
    lapse.add_argument("--night", required=True, type=date.fromisoformat, metavar="YYYY-MM-DD", help=_("from noon of this day to the next"))
    lapse.add_argument("--every", type=_step, default=EVERY_S, metavar="S", help=_("a picture every so many seconds (10)"))

    def run(act: Callable[[Source, argparse.Namespace], int], options: argparse.Namespace) -> int:
        from storage.settings import load_settings

        folder = data_folder(options)
        with opened(folder) as database:
            return act(_source(database, load_settings(folder).recordings, options.camera), options)

    for parser, act in ((clip, _clip), (still, _still), (lapse, _time_lapse)):
        parser.add_argument("--camera", required=True, metavar="ID", help=_("the camera's number, or its name"))
        parser.add_argument("--to", required=True, type=Path, metavar="FILE", help=_("the file to write; it must not be there yet"))
        parser.add_argument("--json", action="store_true", help=_("print one JSON object"))
        parser.set_defaults(run=lambda options, act=act: run(act, options))
    add_retention_commands(commands, lambda options: opened(data_folder(options)), data_folder)


def _step(text: str) -> float:
    """Raises argparse.ArgumentTypeError."""
    try:
        seconds = float(text)
    except ValueError:
        seconds = 0.0
    if not 1 <= seconds <= MOST_EVERY_S:
        raise argparse.ArgumentTypeError(_("seconds from 1 to {most} are wanted").format(most=whole(int(MOST_EVERY_S))))
    return seconds


def _source(database: "Database", recordings: Path, wanted: str) -> Source:
    """The camera with this number, else the only one with this name. Raises Refusal."""
    from storage.places import find_site, list_cameras

    cameras = list_cameras(database)
    found = [camera for camera in cameras if str(camera.id) == wanted]
    found = found or [camera for camera in cameras if camera.name.casefold() == wanted.strip().casefold()]
    if len(found) > 1:
        numbers = ", ".join(str(camera.id) for camera in found)
        raise Refusal("Several cameras are named {name}. Say its number: {numbers}.", name=wanted, numbers=numbers)
    if not found:
        there = ", ".join(f"{camera.id} {camera.name}" for camera in cameras) or "-"
        raise Refusal("There is no camera {name}. There are: {cameras}.", name=wanted, cameras=there)
    return Source(database, recordings, found[0], find_site(database, found[0].site_code).zone)


def _instant(text: str, zone: str) -> datetime:
    """In UTC; without a zone in the text it is the site's. Raises Refusal."""
    try:
        at = datetime.fromisoformat(text)
        return (at if at.tzinfo else at.replace(tzinfo=ZoneInfo(zone))).astimezone(UTC)
    except (ValueError, OverflowError):
        raise Refusal("{text} is no instant. Write it like 2026-11-22T21:03:20.", text=text) from None


def _clip(source: Source, options: argparse.Namespace) -> int:
    from camera.footage.clip import cut

    asked_at, until_at = _instant(options.from_at, source.zone), _instant(options.until_at, source.zone)
    files = source.files(asked_at, until_at)
    with progress_bar(options.to.name) as progress:
        clip = cut(source.recordings, files, asked_at, until_at, options.to, progress=progress)
    assert clip is not None  # noqa: S101  nobody cancels here but by Ctrl+C, which is an exception
    if options.json:
        kept = [
            {"file": str(file.path), "starts_at": file.starts_at, "ends_at": file.ends_at, "packets": file.packets}
            | {"bytes": file.bytes, "sha256": file.sha256}
            for file in clip.files
        ]
        facts = {"asked_at": asked_at, "until_at": until_at, "starts_at": clip.starts_at, "skip_s": round(clip.skip_s, 6)}
        _print_json(source, facts | {"gaps": _gaps(clip.holes), "files": kept} | _flaws(source, clip.missing, clip.damaged))
        return 0
    for file in clip.files:
        line = _("{file}: from {start} to {end}, {packets} packets.")
        print(line.format(file=file.path, start=source.clock(file.starts_at), end=source.clock(file.ends_at), packets=whole(file.packets)))
    if clip.skip_s:
        print(_("It begins with a key frame {skip} s before the asked instant; players that know edit lists leave that out.").format(
            skip=decimal(clip.skip_s)))  # fmt: skip
    _say_flaws(source, clip.holes, clip.missing, clip.damaged)
    return 0


def _still(source: Source, options: argparse.Namespace) -> int:
    from camera.footage.still import keep_still

    asked_at = _instant(options.at, source.zone)
    files = source.files(asked_at - STILL_AGE, asked_at + timedelta(microseconds=1))
    still = keep_still(source.recordings, files, asked_at, options.to)
    if options.json:
        kept = {"file": str(still.file.path), "bytes": still.file.bytes, "sha256": still.file.sha256}
        facts = {"asked_at": asked_at, "taken_at": still.taken_at, "size": still.size, "files": [kept]}
        _print_json(source, facts | _flaws(source, still.missing, still.damaged))
        return 0
    print(_("{file}: taken at {at}.").format(file=still.file.path, at=source.clock(still.taken_at)))
    _say_flaws(source, (), still.missing, still.damaged)
    return 0


def _time_lapse(source: Source, options: argparse.Namespace) -> int:
    from camera.footage.time_lapse import Words, make_time_lapse

    tz = ZoneInfo(source.zone)
    noons = [datetime.combine(options.night + timedelta(days=day), NOON, tz).astimezone(UTC) for day in (0, 1)]
    from_at, until_at = noons[0], min(noons[1], datetime.now(UTC))
    words = Words(tz, _("not recorded"))
    files = source.files(from_at, until_at)
    with progress_bar(options.to.name) as progress:
        film = make_time_lapse(
            source.recordings, files, (from_at, until_at), options.to, every_s=options.every, words=words, progress=progress
        )  # fmt: skip
    assert film is not None  # noqa: S101  nobody cancels here but by Ctrl+C, which is an exception
    if options.json:
        kept = {"file": str(film.file.path), "bytes": film.file.bytes, "sha256": film.file.sha256}
        facts = {"from_at": from_at, "until_at": until_at, "every_s": film.every_s, "pictures": film.pictures, "hatched": film.hatched}
        _print_json(source, facts | {"gaps": _gaps(film.holes), "files": [kept]} | _flaws(source, film.missing, film.damaged))
        return 0
    line = _("{file}: {pictures} pictures, and {hatched} hatched ones where nothing was recorded.")
    print(line.format(file=film.file.path, pictures=whole(film.pictures), hatched=whole(film.hatched)))
    _say_flaws(source, film.holes, film.missing, film.damaged)
    return 0


def _print_json(source: Source, facts: dict[str, object]) -> None:
    """Instants in UTC."""
    print(json.dumps({"camera": source.camera.id} | facts, ensure_ascii=False, default=datetime.isoformat))


def _gaps(holes: "Sequence[Hole]") -> list[dict[str, datetime]]:
    return [{"from_at": hole.from_at, "until_at": hole.until_at} for hole in holes]


def _flaws(source: Source, missing: Sequence[Path], damaged: Sequence[Path]) -> dict[str, object]:
    return {"missing": [source.named(path) for path in missing], "damaged": [source.named(path) for path in damaged]}


def _say_flaws(source: Source, holes: "Sequence[Hole]", missing: Sequence[Path], damaged: Sequence[Path]) -> None:
    for hole in holes:
        print(_("No picture from {start} to {end}.").format(start=source.clock(hole.from_at), end=source.clock(hole.until_at)))
    for path in missing:
        print(_("The segment {file} is missing.").format(file=source.named(path)))
    for path in damaged:
        print(_("The segment {file} is damaged or cut short; what could be read of it was used.").format(file=source.named(path)))
