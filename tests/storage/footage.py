"""A site with cameras, and footage in files of a few bytes, for the tests of what is kept and what goes."""

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from pathlib import Path

import sqlalchemy as sa

from camera.events import Kind
from camera.journal import EndReason, WrittenSegment
from storage.database import Database
from storage.people.person import Person, Role, add_person
from storage.places import add_camera, add_room, add_site
from storage.rules.disk_space import Space
from storage.schema.footage import footage_removal, segment
from storage.watch.alarms import Verdict, give_verdict
from storage.watch.gaps import gaps_between
from storage.watch.journal import WatchJournal
from storage.watch.retention import Due, due

PLENTY = Space(900, 1000)
SIZE = 100


@dataclass
class Archive:
    """One site, rooms A and B, a camera each (1 and 2). begun: when recording began."""

    database: Database
    recordings: Path
    begun: datetime
    supervisor: Person
    guard: Person
    rooms: tuple[int, int]
    told: list[int] = field(default_factory=list)

    @property
    def journal(self) -> WatchJournal:
        return WatchJournal(self.database, lambda _table, _row: None)

    def after(self, minutes: float) -> datetime:
        return self.begun + timedelta(minutes=minutes)

    def record(self, camera_id: int, minute: float, *, length_s: float = 60, bytes_: int = SIZE) -> int:
        """A segment and its file; the row's id."""
        started_at = self.after(minute)
        path = f"31-75/camera-{camera_id}/{started_at:%Y/%m/%d}/{started_at:%Y-%m-%dT%H-%M-%S}.mp4"
        file = self.recordings / path
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_bytes(b"x" * bytes_)
        ended_at = started_at + timedelta(seconds=length_s)
        self.journal.segment_written(camera_id, WrittenSegment(path, started_at, ended_at, 1, bytes_, "0" * 64, EndReason.FULL))
        with self.database.read() as connection:
            row_id: int = connection.execute(sa.select(segment.c.id).where(segment.c.path == path)).scalar_one()
        return row_id

    def event(self, camera_id: int, minute: float, verdict: Verdict | None = None, *, is_open: bool = False) -> int:
        """Something moved for a second in the middle of a minute: an alarm, as no room has hours. The alarm's id."""
        at = self.after(minute) + timedelta(seconds=30)
        event_id = self.journal.event_opened(camera_id, Kind.MOTION, at, 3.0, (), at=at)
        if not is_open:
            self.journal.event_closed(event_id, at + timedelta(seconds=1), 3.0)
        alarm_id = event_id  # no two of these events are one visit
        if verdict:
            self.judge(alarm_id, verdict)
        return alarm_id

    def judge(self, alarm_id: int, verdict: Verdict) -> None:
        give_verdict(self.database, alarm_id, verdict, "seen", by=self.guard, now=self.after(1000))

    def due(self, now: datetime, space: Space = PLENTY) -> list[Due]:
        return due(self.database, self.recordings, now, space)

    def due_ids(self, now: datetime, space: Space = PLENTY) -> list[int]:
        return [one.segment.id for one in self.due(now, space)]

    def files(self) -> list[str]:
        """The names of the files that are there, without their folders."""
        return sorted(file.name for file in self.recordings.rglob("*.mp4"))

    def removed(self) -> dict[int, str]:
        with self.database.read() as connection:
            return {row.segment_id: row.reason for row in connection.execute(sa.select(footage_removal))}

    def gaps(self, camera_id: int = 1) -> list[tuple[float, float | None, str]]:
        """In minutes from the beginning."""
        everything = gaps_between(self.database, self.after(-1e6), self.after(1e6))
        minutes: Callable[[datetime], float] = lambda at: (at - self.begun) / timedelta(minutes=1)  # noqa: E731
        return [
            (minutes(one.started_at), None if one.ended_at is None else minutes(one.ended_at), one.cause)
            for one in everything
            if one.camera_id == camera_id
        ]


def open_archive(database: Database, folder: Path, begun: datetime) -> Archive:
    """An archive with nothing in it."""
    site = add_site(database, "31.75", "Gudang", "Asia/Jakarta", now=begun)
    first, second = (add_room(database, site.id, name, now=begun).id for name in "AB")
    for room_id in (first, second):
        add_camera(database, room_id, "Kamera", f"rtsp://127.0.0.1/{room_id}", "", now=begun)
    agus = add_person(database, "Agus", Role.SUPERVISOR, now=begun)
    return Archive(database, folder, begun, agus, add_person(database, "Siti", Role.GUARD, now=begun), (first, second))
