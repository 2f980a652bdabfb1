"""A night's incident with real footage: two cameras in one room, one of them lost for a while, an alarm that a guard has judged."""

import shutil
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from pathlib import Path

from camera.events import Kind
from camera.journal import WrittenSegment
from storage.database import Database, open_database
from storage.evidence.export import Exported, Makers, export_incident
from storage.people.person import Person, Role, add_person
from storage.people.sign_in import enter_first, give_secret
from storage.places import add_camera, add_room, add_site
from storage.watch.alarms import Verdict, give_verdict
from storage.watch.chaining import chain_segments
from storage.watch.gaps import keep_gap
from storage.watch.journal import WatchJournal
from storage.watch.segments import put_segment
from tests.camera.footage import BEGIN, after, encode, record
from ui.evidence.making import EvidenceMakers

SECRETS = {"Siti": "lampu-kuning-7", "Agus": "gerbang-besi-9"}
# Two minutes after the alarm.
LATER = after(160)


@dataclass
class IncidentScene:
    """The data folder and who may give the evidence out."""

    database: Database
    recordings: Path
    alarm_id: int
    guard: Person
    supervisor: Person

    def export(self, to: Path, *, makers: Makers | None = None, now: datetime = LATER) -> Exported:
        """By the program itself: nobody is asked for a secret."""
        to.mkdir(exist_ok=True)
        found = makers or EvidenceMakers()
        return export_incident(
            self.database, self.alarm_id, to, found, recordings=self.recordings, by=self.guard, second=self.supervisor, now=now
        )

    def segment(self, camera_id: int, number: int) -> Path:
        """The file of a camera's n-th segment, from 0."""
        return sorted((self.recordings / f"31-75/camera-{camera_id}").rglob("*.mp4"))[number]


def open_incident(folder: Path) -> IncidentScene:
    """The alarm is from 15 to 20 s after BEGIN; camera 1 records 40 s in files of 10 s, camera 2 only 12 s."""
    database, recordings = open_database(folder), folder / "recordings"
    site = add_site(database, "31.75", "Gudang KPU Jakarta Timur", "Asia/Jakarta", now=BEGIN)
    room = add_room(database, site.id, "Ruang kotak suara", now=BEGIN)
    for name in ("Pintu utama", "Rak belakang"):
        add_camera(database, room.id, name, f"rtsp://127.0.0.1/{name.split()[0]}", "", now=BEGIN)
    eko = enter_first(database, "Eko", "kunci-pertama-5", now=BEGIN)
    guard, supervisor = add_person(database, "Siti", Role.GUARD, now=BEGIN), add_person(database, "Agus", Role.SUPERVISOR, now=BEGIN)
    for person in (guard, supervisor):
        give_secret(database, person.id, SECRETS[person.name], now=BEGIN, by=eko)
    journal = WatchJournal(database, lambda _table, _row: None)
    event_id = journal.event_opened(1, Kind.MOTION, after(15), 3.0, (), at=after(15))
    journal.event_closed(event_id, after(20), 4.0)
    _keep(database, 1, record(recordings, encode(folder / "1.mp4", "libx264", 40), segment_s=10.0))
    _keep(database, 2, _of_camera_2(recordings, record(folder / "second", encode(folder / "2.mp4", "libx264", 12), segment_s=10.0), folder))
    with database.write() as connection:
        keep_gap(connection, 2, after(12), after(45), "camera_lost")
    give_verdict(database, 1, Verdict.REAL_INCIDENT, "Seseorang membuka rak belakang", by=guard, now=after(100))
    return IncidentScene(database, recordings, 1, guard, supervisor)


def _of_camera_2(recordings: Path, segments: Sequence[WrittenSegment], folder: Path) -> list[WrittenSegment]:
    shutil.move(folder / "second/31-75/camera-1", recordings / "31-75/camera-2")
    return [replace(segment, path=segment.path.replace("camera-1", "camera-2")) for segment in segments]


def _keep(database: Database, camera_id: int, segments: Sequence[WrittenSegment]) -> None:
    with database.write() as connection:
        for segment in segments:
            put_segment(connection, camera_id, segment)
        chain_segments(connection, segments[-1].ended_at)
