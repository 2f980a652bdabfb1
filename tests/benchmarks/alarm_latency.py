"""How long after the first moving frame an alarm is written: the labelled clips as cameras of a real recorder with a real database."""

import csv
import logging
import statistics
import tempfile
import threading
from collections import defaultdict
from dataclasses import dataclass
from datetime import UTC, datetime
from fractions import Fraction
from pathlib import Path

import av
import sqlalchemy as sa
import structlog

from camera.live.relay import Relay
from camera.recording.recorder import Recorder
from camera.recording.worker_process import CameraPlan
from storage.database import Database, open_database
from storage.people.person import Role, add_person
from storage.places import add_camera, add_room, add_site
from storage.rules.refusal import Refusal
from storage.schema.footage import segment
from storage.schema.watch import watch_event
from storage.watch.alarms import Verdict, give_verdict
from storage.watch.journal import WatchJournal
from tests.conftest import SHARED

FOOTAGE = SHARED / "footage"
# As the score's: what moves, presences less than this apart are one, and how far before its label an event may begin.
MOVERS = {
    "person", "person_light", "person_lightchange", "person_tamper", "vehicle", "animal", "object_motion", "object_added", "object_removed",
}  # fmt: skip
APART_S = EARLY_S = 1.0
# The workers' start, and what comes after the last frame.
MARGIN_S = 12.0


@dataclass(frozen=True)
class Presence:
    """A run of labelled movement, in seconds of its clip."""

    file: str
    start_s: float
    end_s: float


@dataclass(frozen=True)
class Told:
    """An alarm. start_s: its event's first moving frame, told_s: when its row was there, both in seconds of the clip as it was played."""

    file: str
    start_s: float
    told_s: float


def presences() -> list[Presence]:
    """Those that begin late enough to be met promptly."""
    rows: dict[str, list[tuple[float, float]]] = defaultdict(list)
    with (FOOTAGE / "LABELS.csv").open(newline="", encoding="utf-8") as file:
        for row in csv.DictReader(file):
            if row["class"] in MOVERS and row["certainty"] != "low":
                rows[row["file"].rsplit("/", 1)[-1]].append((float(row["start_s"]), float(row["end_s"])))
    found: list[Presence] = []
    for name, spans in rows.items():
        for start_s, end_s in sorted(spans):
            if found and found[-1].file == name and start_s - found[-1].end_s < APART_S:
                found[-1] = Presence(name, found[-1].start_s, max(end_s, found[-1].end_s))
            else:
                found.append(Presence(name, start_s, end_s))
    return [presence for presence in found if presence.start_s >= 1]


def measure_latency(*, longest_s: float = 3_600.0, at_once: int = 4) -> dict[str, object]:
    """Plays every clip of that length at most once, in real time, so many at a time, and compares with the labels.

    alarm_latency_*_s: from the first moving frame, as the eyes tell it, to the alarm's row; of the first alarm in each presence.
    after_label_*_s: the same from the labelled start, which is good to some tenths of a second only.
    """
    wanted = [presence for presence in presences() if _length_s(FOOTAGE / presence.file) <= longest_s]
    files = sorted({presence.file for presence in wanted}, key=lambda name: -_length_s(FOOTAGE / name))
    told = [alarm for first in range(0, len(files), at_once) for alarm in _play(files[first : first + at_once])]
    late, labelled, missed = [], [], []
    for presence in wanted:
        meant = [
            alarm for alarm in told if alarm.file == presence.file and presence.start_s - EARLY_S <= alarm.start_s <= presence.end_s
        ]  # fmt: skip
        if not meant:
            missed.append(f"{presence.file} {presence.start_s:g} s")
            continue
        first_told = min(meant, key=lambda alarm: alarm.told_s)
        late.append(first_told.told_s - first_told.start_s)
        labelled.append(first_told.told_s - presence.start_s)
    every = [alarm.told_s - alarm.start_s for alarm in told]
    return {
        "alarm_latency_median_s": _rounded(statistics.median(late)) if late else None,
        "alarm_latency_worst_s": _rounded(max(late)) if late else None,
        "after_label_median_s": _rounded(statistics.median(labelled)) if labelled else None,
        "after_label_worst_s": _rounded(max(labelled)) if labelled else None,
        "presences": len(wanted),
        "presences_without_alarm": missed,
        "alarms": len(told),
        "every_alarm_median_s": _rounded(statistics.median(every)) if every else None,
        "every_alarm_worst_s": _rounded(max(every)) if every else None,
    }


def _play(files: list[str]) -> list[Told]:
    # What the recorder logs would stand before the result on standard output.
    structlog.configure(wrapper_class=structlog.make_filtering_bound_logger(logging.CRITICAL))
    with tempfile.TemporaryDirectory() as folder:
        database = open_database(Path(folder) / "data")
        try:
            return _play_with(database, Path(folder) / "recordings", files)
        finally:
            database.close()


def _play_with(database: Database, recordings: Path, files: list[str]) -> list[Told]:
    now = datetime.now(UTC)
    room = add_room(database, add_site(database, "1", "Gudang", "Asia/Jakarta", now=now).id, "Gudang", now=now)
    guard = add_person(database, "Penjaga", Role.GUARD, now=now)
    plans, names = [], {}
    for name in files:
        camera = add_camera(database, room.id, name, _as_sent(FOOTAGE / name, recordings.parent).absolute().as_uri(), "", now=now)
        plans.append(CameraPlan(camera.id, f"1/camera-{camera.id}", camera.address))
        names[camera.id] = name
    written: dict[int, datetime] = {}
    with_relay = Relay()

    def notice(table: str, row: int) -> None:
        # An alarm that is judged takes up no further event, so each gets one of its own.
        if table == "alarm" and row not in written:
            written[row] = datetime.now(UTC)
            give_verdict(database, row, Verdict.TEST, "", by=guard, now=written[row])
        with_relay.notice(table, row)

    stop = threading.Event()
    length_s = max(_length_s(FOOTAGE / name) for name in files)
    recorder = Recorder(lambda _now: plans, WatchJournal(database, notice), recordings, with_relay, outage=Refusal)
    timer = threading.Timer(length_s + MARGIN_S, stop.set)
    timer.start()
    try:
        recorder.run(stop)
    finally:
        timer.cancel()
        with_relay.close()
    return _told(database, names, written)


def _as_sent(clip: Path, folder: Path) -> Path:
    """The clip, or a copy in H.264 of one that no camera would send: without loss, as cameras lose other things than this encoder."""
    with av.open(str(clip)) as container:
        source = container.streams.video[0]
        if source.codec_context.name in ("h264", "hevc", "mjpeg"):
            return clip
        copy = folder / f"{clip.stem}.mp4"
        rate = Fraction(source.average_rate or 25)
        with av.open(str(copy), "w") as written:
            stream = written.add_stream("libx264", rate=rate, options={"qp": "0", "preset": "ultrafast"})
            stream.width, stream.height = source.width // 2 * 2, source.height // 2 * 2
            stream.pix_fmt, stream.gop_size, stream.max_b_frames = "yuv420p", round(2 * rate), 0
            for number, frame in enumerate(container.decode(source)):
                picture = frame.reformat(stream.width, stream.height, "yuv420p")
                picture.pts, picture.time_base = number, 1 / rate
                written.mux(stream.encode(picture))
            written.mux(stream.encode())
    return copy


def _told(database: Database, names: dict[int, str], written: dict[int, datetime]) -> list[Told]:
    """The alarms of motion in the first round of each clip."""
    own = watch_event.c
    begun = sa.select(segment.c.camera_id, sa.func.min(segment.c.started_at)).group_by(segment.c.camera_id)
    events = sa.select(own.camera_id, own.alarm_id, sa.func.min(own.started_at)).where(own.kind == "motion", own.alarm_id.is_not(None))
    with database.read() as connection:
        begins = {row[0]: row[1] for row in connection.execute(begun)}
        rows = connection.execute(events.group_by(own.camera_id, own.alarm_id)).all()
    told = []
    for camera_id, alarm_id, started_at in rows:
        start_s, told_s = ((at - begins[camera_id]).total_seconds() for at in (started_at, written[alarm_id]))
        if start_s < _length_s(FOOTAGE / names[camera_id]) - 0.5:
            told.append(Told(names[camera_id], start_s, told_s))
    return told


def _length_s(path: Path) -> float:
    with av.open(str(path)) as container:
        return (container.duration or 0) / av.time_base


def _rounded(seconds: float) -> float:
    return round(seconds, 2)
