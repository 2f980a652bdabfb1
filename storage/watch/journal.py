"""Keeps what the recorder reports: fits camera.journal.Journal by its shape. A row is written first, then its notice goes out."""

import os
import socket
from collections.abc import Callable, Sequence
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

import sqlalchemy as sa

from storage.database import Database
from storage.rules.verdict import EventVerdict, judge
from storage.schema.places import camera, room, site
from storage.schema.watch import alarm, alarm_step, camera_state, recorder, watch_box, watch_event
from storage.watch.events import put_boxes
from storage.watch.gaps import close_gap, open_gap
from storage.watch.grid import put_minute
from storage.watch.hours import hours_at
from storage.watch.segments import put_segment
from storage.watch.shapes import BoxLike, ReportLike, SegmentLike
from storage.watch.states import put_state, set_all_states

# Somebody lost from sight for less than this is still the same visit, and the same alarm.
VISIT = timedelta(seconds=15)


class WatchJournal:
    """The only writer of watch rows. notify: told the table and id of each row a window should read, after it is kept."""

    def __init__(self, database: Database, notify: Callable[[str, int], None]) -> None:
        self._database = database
        self._notify = notify
        self._recorder_id = 0

    def unfinished(self) -> list[tuple[int, str, datetime]]:
        """Read from the cameras' last states, which a recorder that ended as told has cleared."""
        state = camera_state.c
        columns = sa.select(state.camera_id, state.writing_path, state.writing_since_at)
        with self._database.read() as connection:
            rows = connection.execute(columns.where(state.writing_path != "")).all()
        return [(row.camera_id, row.writing_path, row.writing_since_at) for row in rows]

    def recorder_started(self, address: str, public_key: str, window_secret_key: str, *, at: datetime) -> None:
        """Ends first what a recorder that was killed left open: its events where they were seen last, its cameras' footage as a gap."""
        with self._database.write() as connection:
            last_beat = connection.scalar(sa.select(sa.func.max(recorder.c.beat_at)).where(recorder.c.stopped_at.is_(None)))
            if last_beat is not None:
                _close_after_loss(connection, last_beat, at)
            values = {"host": socket.gethostname(), "pid": os.getpid(), "started_at": at, "beat_at": at, "address": address}
            keys = {"public_key": public_key, "window_secret_key": window_secret_key}
            row = connection.execute(recorder.insert().values(values | keys).returning(recorder.c.id))
            self._recorder_id = row.scalar_one()
            set_all_states(connection, "connecting", "", at)

    def recorder_beat(self, cameras: Sequence[ReportLike], *, at: datetime) -> None:
        """Keeps the beat and every camera's state in one transaction."""
        with self._database.write() as connection:
            connection.execute(recorder.update().where(recorder.c.id == self._recorder_id).values(beat_at=at))
            for report in cameras:
                put_state(connection, report)

    def camera_reported(self, camera: ReportLike) -> None:
        """Keeps one camera's state at once."""
        with self._database.write() as connection:
            put_state(connection, camera)
        self._notify("camera_state", camera.camera_id)

    def recorder_stopped(self, *, at: datetime) -> None:
        """Keeps that the recorder ended as it was told to."""
        with self._database.write() as connection:
            connection.execute(recorder.update().where(recorder.c.id == self._recorder_id).values(beat_at=at, stopped_at=at))
            set_all_states(connection, "lost", "recorder_stopped", at)

    def event_opened(
        self, camera_id: int, kind: str, started_at: datetime, peak_pct: float, boxes: Sequence[BoxLike], *, at: datetime
    ) -> int:
        """Keeps the event with its verdict; where it is flagged, with a new alarm or the one of the visit that it goes on."""
        with self._database.write() as connection:
            verdict = _judge(connection, camera_id, started_at, at)
            alarm_id = _alarm(connection, camera_id, str(kind), started_at, at) if verdict is EventVerdict.AFTER_HOURS else None
            values = {"camera_id": camera_id, "kind": str(kind), "started_at": started_at, "arrived_at": at}
            values |= {"peak_pct": peak_pct, "verdict": verdict.value, "alarm_id": alarm_id}
            event_id: int = connection.execute(watch_event.insert().values(values).returning(watch_event.c.id)).scalar_one()
            put_boxes(connection, event_id, at, boxes)
        self._notify("watch_event", event_id)
        if alarm_id is not None:
            self._notify("alarm", alarm_id)
        return event_id

    def event_extended(self, event_id: int, seen_at: datetime, peak_pct: float, boxes: Sequence[BoxLike]) -> None:
        """Keeps where it was seen, and its peak; an event that outlasts the room's hours is flagged as soon as they end."""
        with self._database.write() as connection:
            connection.execute(watch_event.update().where(watch_event.c.id == event_id).values(peak_pct=peak_pct))
            put_boxes(connection, event_id, seen_at, boxes)
            alarm_id = _flag_if_armed_now(connection, event_id, seen_at)
        self._notify("watch_event", event_id)
        if alarm_id is not None:
            self._notify("alarm", alarm_id)

    def event_closed(self, event_id: int, ended_at: datetime, peak_pct: float) -> None:
        """Keeps its end; not before its beginning, whatever the clocks say."""
        with self._database.write() as connection:
            row = watch_event.c.id == event_id
            started_at = connection.scalar(sa.select(watch_event.c.started_at).where(row))
            peak = sa.case((watch_event.c.peak_pct > peak_pct, watch_event.c.peak_pct), else_=peak_pct)
            connection.execute(watch_event.update().where(row).values(ended_at=max(ended_at, started_at or ended_at), peak_pct=peak))
        self._notify("watch_event", event_id)

    def event_verified(self, event_id: int, person_pct: float) -> None:
        """Keeps a person detector's score of an event; the best of several."""
        own = watch_event.c
        better = sa.or_(own.person_pct.is_(None), own.person_pct < person_pct)
        with self._database.write() as connection:
            connection.execute(watch_event.update().where(own.id == event_id, better).values(person_pct=person_pct))
        self._notify("watch_event", event_id)

    def motion_kept(self, camera_id: int, minute_at: datetime, cells: bytes) -> None:
        """Keeps which cells moved in a minute; the same minute told again is added to."""
        with self._database.write() as connection:
            put_minute(connection, camera_id, minute_at, cells)

    def segment_written(self, camera_id: int, segment: SegmentLike) -> None:
        """Keeps the row of a segment; the same segment told again is kept once."""
        with self._database.write() as connection:
            put_segment(connection, camera_id, segment)

    def gap_opened(self, camera_id: int, started_at: datetime, cause: str) -> None:
        """Keeps the beginning of a gap."""
        with self._database.write() as connection:
            gap_id = open_gap(connection, camera_id, started_at, str(cause))
        if gap_id is not None:
            self._notify("gap", gap_id)

    def gap_closed(self, camera_id: int, ended_at: datetime) -> None:
        """Keeps the end of the camera's open gap."""
        with self._database.write() as connection:
            gap_id = close_gap(connection, camera_id, ended_at)
        if gap_id is not None:
            self._notify("gap", gap_id)


def _close_after_loss(connection: sa.Connection, last_beat: datetime, at: datetime) -> None:
    seen = sa.select(sa.func.max(watch_box.c.at)).where(watch_box.c.event_id == watch_event.c.id).scalar_subquery()
    ended = sa.func.coalesce(seen, watch_event.c.started_at)
    connection.execute(watch_event.update().where(watch_event.c.ended_at.is_(None)).values(ended_at=ended))
    packets = dict(connection.execute(sa.select(camera_state.c.camera_id, camera_state.c.last_packet_at)).all())
    for camera_id in connection.scalars(sa.select(camera.c.id)).all():
        open_gap(connection, camera_id, packets.get(camera_id) or last_beat, "recorder_lost")
    connection.execute(recorder.update().where(recorder.c.stopped_at.is_(None)).values(stopped_at=at))


def _judge(connection: sa.Connection, camera_id: int, started_at: datetime, at: datetime) -> EventVerdict:
    columns = sa.select(room.c.id, site.c.zone).join(site, site.c.id == room.c.site_id).join(camera, camera.c.room_id == room.c.id)
    row = connection.execute(columns.where(camera.c.id == camera_id)).one()
    zone = ZoneInfo(row.zone)
    return judge(
        open_at_start=hours_at(connection, row.id, started_at).is_open(started_at, zone),
        open_at_arrival=hours_at(connection, row.id, at).is_open(at, zone),
    )


def _flag_if_armed_now(connection: sa.Connection, event_id: int, at: datetime) -> int | None:
    """The alarm of an event that began in hours and goes on after them; None where there is nothing new to say."""
    event = connection.execute(sa.select(watch_event).where(watch_event.c.id == event_id)).one()
    if event.verdict == EventVerdict.AFTER_HOURS.value or _judge(connection, event.camera_id, at, at) is EventVerdict.IN_HOURS:
        return None
    alarm_id = _alarm(connection, event.camera_id, event.kind, event.started_at, at)
    flagged = {"verdict": EventVerdict.AFTER_HOURS.value, "alarm_id": alarm_id}
    connection.execute(watch_event.update().where(watch_event.c.id == event_id).values(flagged))
    return alarm_id


def _alarm(connection: sa.Connection, camera_id: int, kind: str, started_at: datetime, at: datetime) -> int:
    """The alarm of the visit that is going on in front of this camera; a new one if there is none.

    An alarm that has its verdict takes up nothing more: what comes after it was not judged.
    An event that lies in the future was kept while the clock was wrong; an alarm of that time must not swallow those of now.
    """
    own = watch_event.c
    same = sa.and_(own.camera_id == camera_id, own.kind == kind, own.started_at <= max(started_at, at))
    judged = sa.select(alarm_step.c.alarm_id).where(alarm_step.c.step == "verdict")
    unjudged = sa.and_(own.alarm_id.is_not(None), own.alarm_id.not_in(judged))
    goes_on = sa.or_(own.ended_at.is_(None), sa.and_(own.ended_at > started_at - VISIT, own.ended_at <= max(started_at, at) + VISIT))
    alarm_id: int | None = connection.scalar(sa.select(own.alarm_id).where(same, unjudged, goes_on).order_by(own.id.desc()).limit(1))
    if alarm_id is None:
        values = {"camera_id": camera_id, "kind": kind, "raised_at": at}
        alarm_id = connection.execute(alarm.insert().values(values).returning(alarm.c.id)).scalar_one()
    return alarm_id
