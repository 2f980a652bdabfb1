"""Keeps what the recorder reports: fits camera.journal.Journal by its shape. A row is written first, then its notice goes out."""

import os
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from zoneinfo import ZoneInfo

import sqlalchemy as sa

from storage.chain import put_record
from storage.database import Database
from storage.people.right import check_program
from storage.rules.verdict import EventVerdict, judge
from storage.schema.places import camera, room, site
from storage.schema.watch import camera_state, clock_step, watch_event
from storage.watch.chaining import CHAINED_EVERY, chain_event, chain_segments
from storage.watch.claims import Claims
from storage.watch.events import put_boxes
from storage.watch.gaps import DISABLED, begin_anew, close_gap, keep_gap, open_gap
from storage.watch.grid import put_minute
from storage.watch.hours import hours_at
from storage.watch.recorders import alarm_of, newest_run, put_beat, put_start, recorder_event, take_camera, tell_outage
from storage.watch.segments import put_aside, put_segment, unknown_files
from storage.watch.shapes import BeatLike, BoxLike, FileLike, ReportLike, SegmentLike
from storage.watch.states import put_state, set_all_states
from storage.watch.switching import keep_gaps_of_off, off_note


@dataclass(frozen=True)
class LastRun:
    """The last sign of life of the recorder before. uptime_s: how long the computer had been on by then."""

    beat_at: datetime
    boot_id: str
    uptime_s: float


class WatchJournal:
    """The only writer of watch rows. notify: told the table and id of each row a window should read, after it is kept."""

    def __init__(
        self,
        database: Database,
        notify: Callable[[str, int], None],
        *,
        computer: Callable[[], datetime] = lambda: datetime.now(UTC),
    ) -> None:
        """computer: its clock. Where it differs from the recorder's, a room is armed if it is by either.

        Raises NotAllowed where the database is used by a person.
        """
        check_program(database)
        self._database = database
        self._notify = notify
        self._computer = computer
        self._claims = Claims(database)
        self._recorder_id = 0
        # The clock's last step that nobody has settled yet.
        self._step_id = 0
        self._chained_at: datetime | None = None

    def close(self) -> None:
        """Gives up the cameras that are held."""
        self._claims.close()

    def last_run(self) -> LastRun | None:
        """The last recorder that ran on this computer; None if there never was one."""
        with self._database.read() as connection:
            row = newest_run(connection)
        return LastRun(row.beat_at, row.boot_id, row.uptime_s) if row else None

    def recorder_started(self, address: str, public_key: str, window_secret_key: str, beat: BeatLike) -> None:
        """Keeps that a recorder begins, and raises the alarm for the time in which none ran."""
        with self._database.write() as connection:
            last = newest_run(connection)
            alarm_id = tell_outage(connection, last, beat.at, shared=self._database.shared) if last is not None else None
            self._recorder_id = put_start(connection, (address, public_key, window_secret_key), beat)
            put_beat(connection, self._recorder_id, beat, pid=os.getpid())
            keep_gaps_of_off(connection)
        if alarm_id is not None:
            self._notify("alarm", alarm_id)

    def recorder_beat(self, cameras: Sequence[ReportLike], beat: BeatLike) -> None:
        """Keeps the beat and every camera's state in one transaction."""
        with self._database.write() as connection:
            put_beat(connection, self._recorder_id, beat)
            for report in cameras:
                put_state(connection, report, self._recorder_id)
            if self._chained_at is None or abs(beat.at - self._chained_at) >= CHAINED_EVERY:
                self._chained_at = beat.at
                chain_segments(connection, beat.at)

    def recorder_stopped(self, by: str, beat: BeatLike) -> None:
        """Keeps that the recorder ended as it was told to."""
        with self._database.write() as connection:
            put_beat(connection, self._recorder_id, beat, stopped_at=beat.at, stopped_by=by[:120])
            set_all_states(connection, self._recorder_id, "lost", "recorder_stopped", beat.at)
            put_record(connection, None, "recorder_stopped", {"recorder": self._recorder_id, "by": by[:120]}, at=beat.at)
            chain_segments(connection, beat.at)

    def cameras_held(self, camera_ids: Sequence[int]) -> set[int]:
        """Those of the cameras that are this recorder's."""
        return self._claims.held(self._recorder_id, camera_ids)

    def camera_taken(self, camera_id: int, *, at: datetime) -> tuple[str, datetime] | None:
        """Ends first what a recorder that was killed left open: the camera's events where they were seen last, its footage as a gap."""
        with self._database.write() as connection:
            return take_camera(connection, camera_id, self._recorder_id, at)

    def camera_left(self, camera_id: int, *, at: datetime) -> None:
        """Keeps that this recorder serves the camera no more, and lets another have it."""
        with self._database.write() as connection:
            set_all_states(connection, self._recorder_id, "lost", "recorder_stopped", at, camera_id=camera_id)
        self._claims.left(camera_id)

    def clock_stepped(self, at: datetime, computer_at: datetime) -> None:
        """Keeps both clocks, and raises the alarm."""
        with self._database.write() as connection:
            values = {"recorder_id": self._recorder_id, "at": at, "computer_at": computer_at}
            self._step_id = connection.execute(clock_step.insert().values(values).returning(clock_step.c.id)).scalar_one()
            put_record(connection, None, "clock_stepped", {"computer": computer_at}, at=at, rows={"clock_step": [self._step_id]})
            event_id, alarm_id = recorder_event(connection, "clock_jump", at, at, ended_at=at)
        self._notify("watch_event", event_id)
        self._notify("alarm", alarm_id)

    def clock_leapt(self, camera_ids: Sequence[int], before: datetime, after: datetime) -> None:
        """Keeps the time that was skipped as a gap; where the clock went back, a gap that goes on begins anew by the new time."""
        with self._database.write() as connection:
            for camera_id in camera_ids:
                if after > before:
                    keep_gap(connection, camera_id, before, after, "clock_set")
                else:
                    begin_anew(connection, camera_id, before, after)

    def clock_settled(self) -> bool:
        """Whether a person has said of the last step that the computer's clock is right; True once."""
        if self._step_id == 0:
            return False
        with self._database.read() as connection:
            settled = connection.scalar(sa.select(clock_step.c.settled_at).where(clock_step.c.id == self._step_id))
        if settled is None:
            return False
        self._step_id = 0
        return True

    def camera_reported(self, camera: ReportLike) -> None:
        """Keeps one camera's state at once."""
        with self._database.write() as connection:
            put_state(connection, camera, self._recorder_id)
        self._notify("camera_state", camera.camera_id)

    def event_opened(
        self, camera_id: int, kind: str, started_at: datetime, peak_pct: float, boxes: Sequence[BoxLike], *, at: datetime
    ) -> int:
        """Keeps the event with its verdict; where it is flagged, with a new alarm or the one of the visit that it goes on."""
        with self._database.write() as connection:
            verdict = _judge(connection, camera_id, started_at, (at, self._computer()))
            alarm_id = alarm_of(connection, camera_id, str(kind), started_at, at) if verdict is EventVerdict.AFTER_HOURS else None
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
            alarm_id = _flag_if_armed_now(connection, event_id, seen_at, self._computer())
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
            chain_event(connection, event_id)
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

    def strangers(self, camera_id: int, paths: Sequence[str]) -> list[str]:
        """Those of the files that no row tells of."""
        with self._database.read() as connection:
            return unknown_files(connection, paths)

    def file_set_aside(self, camera_id: int, file: FileLike, *, at: datetime) -> None:
        """Keeps where a file lies that is no segment; the same told again is kept once."""
        with self._database.write() as connection:
            put_aside(connection, camera_id, file, at)

    def gap_opened(self, camera_id: int, started_at: datetime, cause: str, note: str = "") -> None:
        """Keeps the beginning of a gap."""
        with self._database.write() as connection:
            if not self._has(connection, camera_id):
                return
            off = off_note(connection, camera_id)
            gap_id = open_gap(connection, camera_id, started_at, DISABLED if off else str(cause), off or note)
        if gap_id is not None:
            self._notify("gap", gap_id)

    def _has(self, connection: sa.Connection, camera_id: int) -> bool:
        """Whether no other recorder has taken the camera: then its state and gaps are for that one to tell."""
        holder = connection.scalar(sa.select(camera_state.c.recorder_id).where(camera_state.c.camera_id == camera_id))
        return holder is None or holder == self._recorder_id

    def gap_closed(self, camera_id: int, ended_at: datetime) -> None:
        """Keeps the end of the camera's open gap."""
        with self._database.write() as connection:
            gap_id = close_gap(connection, camera_id, ended_at) if self._has(connection, camera_id) else None
        if gap_id is not None:
            self._notify("gap", gap_id)


def _judge(connection: sa.Connection, camera_id: int, started_at: datetime, arrivals: Sequence[datetime]) -> EventVerdict:
    """arrivals: when it was told, by each of the clocks."""
    columns = sa.select(room.c.id, site.c.zone).join(site, site.c.id == room.c.site_id).join(camera, camera.c.room_id == room.c.id)
    row = connection.execute(columns.where(camera.c.id == camera_id)).one()
    zone = ZoneInfo(row.zone)
    return judge(
        open_at_start=hours_at(connection, row.id, started_at).is_open(started_at, zone),
        open_at_arrival=all(hours_at(connection, row.id, at).is_open(at, zone) for at in arrivals),
    )


def _flag_if_armed_now(connection: sa.Connection, event_id: int, at: datetime, computer_at: datetime) -> int | None:
    """The alarm of an event that began in hours and goes on after them; None where there is nothing new to say."""
    event = connection.execute(sa.select(watch_event).where(watch_event.c.id == event_id)).one()
    if event.verdict == EventVerdict.AFTER_HOURS.value:
        return None
    if _judge(connection, event.camera_id, at, (at, computer_at)) is EventVerdict.IN_HOURS:
        return None
    alarm_id = alarm_of(connection, event.camera_id, event.kind, event.started_at, at)
    flagged = {"verdict": EventVerdict.AFTER_HOURS.value, "alarm_id": alarm_id}
    connection.execute(watch_event.update().where(watch_event.c.id == event_id).values(flagged))
    return alarm_id
