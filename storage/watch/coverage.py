"""Coverage of the rooms, from their rows: the schedules that held, the footage that was recorded, gaps and events."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import sqlalchemy as sa

from storage.database import Database
from storage.people.right import right
from storage.rules.coverage import (
    Coverage,
    EventSpan,
    GapSpan,
    HeldOpening,
    Span,
    Totals,
    armed_spans,
    coverage,
    last_night,
    night_span,
)
from storage.rules.hours import Opening
from storage.rules.rights import Act
from storage.schema.footage import footage_finding, footage_removal, gap, segment
from storage.schema.places import camera, room, site
from storage.schema.watch import camera_state, opening_hours, recorder, watch_event
from storage.watch.segments import missing_numbers

# No segment and no event goes on for longer; what began before need not be read.
LONGEST_SEGMENT = timedelta(days=1)
LONGEST_EVENT = timedelta(days=31)
# The recorder tells every two seconds how far a camera's file has grown; what it told last is true for so long.
TOLD = timedelta(seconds=10)


@dataclass(frozen=True)
class CameraCoverage:
    """One camera's night. missing_numbers: of segments whose rows were taken out of the table."""

    camera_id: int
    camera: str
    coverage: Coverage
    missing_numbers: tuple[int, ...]


@dataclass(frozen=True)
class RoomCoverage:
    """One room's night. from_at, until_at: of what is counted; a night that goes on ends now."""

    room_id: int
    room: str
    site: str
    site_code: str
    zone: str
    night: date
    from_at: datetime
    until_at: datetime
    cameras: tuple[CameraCoverage, ...]

    @property
    def totals(self) -> Totals:
        """Camera minutes of the whole room."""
        return sum((one.coverage.totals for one in self.cameras), Totals())


@right(Act.SEE_WATCH)
def room_coverages(database: Database, *, now: datetime, night: date | None = None, room_id: int | None = None) -> list[RoomCoverage]:
    """The coverage of every room, by site and name. night: of this date; last night where it is None. room_id: of this room alone.

    A camera counts from the instant at which it was entered. now: by the computer's clock; where somebody has set that and nobody has
    confirmed it, the night goes on by the recordings' clock, as docs/time.md has it.
    """
    with database.read() as connection:
        columns = sa.select(room.c.id, room.c.name, site.c.name.label("site"), site.c.code, site.c.zone)
        rooms = columns.join(site, site.c.id == room.c.site_id).order_by(site.c.code, room.c.name)
        now = _recordings_now(connection, now)
        rows = connection.execute(rooms if room_id is None else rooms.where(room.c.id == room_id)).all()
        return [_of_room(connection, row, night or last_night(now, ZoneInfo(row.zone)), now) for row in rows]


def _recordings_now(connection: sa.Connection, now: datetime) -> datetime:
    """What the clock of the newest recorder that lives says, while the computer's says `now`."""
    own = recorder.c
    living = sa.select(own.beat_at, own.computer_at).where(own.stopped_at.is_(None), own.computer_at.is_not(None))
    row = connection.execute(living.order_by(own.id.desc()).limit(1)).one_or_none()
    return now if row is None or abs(now - row.computer_at) > TOLD else now + (row.beat_at - row.computer_at)


def _of_room(connection: sa.Connection, row: sa.Row[*tuple[Any, ...]], night: date, now: datetime) -> RoomCoverage:
    zone = ZoneInfo(row.zone)
    from_at, end = night_span(night, zone)
    until_at = max(from_at, min(end, now))
    armed = armed_spans(_held(connection, row.id, from_at, until_at), zone, from_at, until_at)
    own = camera.c
    cameras = connection.execute(sa.select(own.id, own.name, own.created_at).where(own.room_id == row.id).order_by(own.id)).all()
    covered = []
    for one in cameras:
        counted = [(max(start, one.created_at), end) for start, end in armed if end > one.created_at]
        covered.append(_of_camera(connection, one, counted, (from_at, until_at), now))
    return RoomCoverage(row.id, row.name, row.site, row.code, row.zone, night, from_at, until_at, tuple(covered))


def _held(connection: sa.Connection, room_id: int, from_at: datetime, until_at: datetime) -> list[HeldOpening]:
    own = opening_hours.c
    held = sa.and_(own.room_id == room_id, own.valid_from < until_at, sa.or_(own.valid_until.is_(None), own.valid_until > from_at))
    columns = sa.select(own.weekday, own.opens_min, own.closes_min, own.valid_from, own.valid_until)
    return [
        HeldOpening(Opening(row.weekday, row.opens_min, row.closes_min), row.valid_from, row.valid_until)
        for row in connection.execute(columns.where(held))
    ]


def _of_camera(
    connection: sa.Connection, row: sa.Row[*tuple[Any, ...]], armed: Sequence[Span], counted: Span, now: datetime
) -> CameraCoverage:
    own, (from_at, until_at) = segment.c, counted
    is_missing = sa.and_(footage_finding.c.segment_id == own.id, footage_finding.c.kind == "missing")
    is_kept = sa.and_(footage_removal.c.segment_id.is_(None), footage_finding.c.id.is_(None))
    of_night = sa.and_(
        *(own.camera_id == row.id, own.started_at > from_at - LONGEST_SEGMENT, own.started_at < until_at, own.ended_at > from_at)
    )
    columns = sa.select(own.started_at, own.ended_at, own.number, is_kept)
    joined = columns.outerjoin(footage_removal, footage_removal.c.segment_id == own.id).outerjoin(footage_finding, is_missing)
    footage = _growing(connection, row.id, now)
    kept, numbers = list(footage), []
    for started_at, ended_at, number, is_there in connection.execute(joined.where(of_night)):
        numbers.append(number)
        footage.append((started_at, ended_at))
        if is_there:
            kept.append((started_at, ended_at))
    gaps = _gaps(connection, row, from_at, until_at, now)
    found = coverage(armed, footage, kept, gaps, _events(connection, row.id, from_at, until_at, now))
    holes = missing_numbers(connection, row.id, min(numbers), max(numbers)) if numbers else []
    return CameraCoverage(row.id, row.name, found, tuple(holes))


def _growing(connection: sa.Connection, camera_id: int, now: datetime) -> list[Span]:
    """The file that grows now; up to now, where the recorder told of it just before."""
    own = camera_state.c
    row = connection.execute(sa.select(camera_state).where(own.camera_id == camera_id)).one_or_none()
    if row is None or row.last_packet_at is None:
        return []
    spans = [(row.writing_since_at, row.last_packet_at)] if row.writing_path and row.writing_since_at else []
    is_fresh = row.state == "live" and row.last_packet_at <= now <= row.last_packet_at + TOLD
    return [*spans, (row.last_packet_at, now)] if is_fresh else spans


def _gaps(connection: sa.Connection, row: sa.Row[*tuple[Any, ...]], from_at: datetime, until_at: datetime, now: datetime) -> list[GapSpan]:
    """The gap rows of the night, and what will be one only when a recorder begins again."""
    own = gap.c
    touches = sa.and_(own.camera_id == row.id, own.started_at < until_at, sa.or_(own.ended_at.is_(None), own.ended_at >= from_at))
    rows = connection.execute(sa.select(own.started_at, own.ended_at, own.cause).where(touches).order_by(own.started_at, own.id)).all()
    found = [GapSpan((one.started_at, one.ended_at or max(now, one.started_at)), one.cause) for one in rows]
    begun_at = _begun_at(connection, row.id, now)
    if row.created_at < begun_at:
        found.append(GapSpan((row.created_at, begun_at), "starting"))
    if all(one.ended_at is not None for one in rows):
        found += _recorder_lost(connection, row.id, now)
    return found


def _begun_at(connection: sa.Connection, camera_id: int, now: datetime) -> datetime:
    """When the first row was written about a camera's footage: before it no recorder knew of it.

    The beginning of time where the row of its first segment was taken out.
    """
    own = segment.c
    numbered = sa.select(own.number, own.started_at).where(own.camera_id == camera_id).order_by(own.number)
    first = connection.execute(numbered.limit(1)).one_or_none()
    if first is not None and first.number != 1:
        return datetime.min.replace(tzinfo=UTC)
    known: list[datetime] = [now] if first is None else [now, first.started_at]
    not_recorded = connection.scalar(sa.select(sa.func.min(gap.c.started_at)).where(gap.c.camera_id == camera_id))
    return min(known if not_recorded is None else [*known, not_recorded])


def _recorder_lost(connection: sa.Connection, camera_id: int, now: datetime) -> list[GapSpan]:
    """The gap of a recorder that was killed, before the next one writes it."""
    state = connection.execute(sa.select(camera_state).where(camera_state.c.camera_id == camera_id)).one_or_none()
    if state is None:
        return []
    newest = sa.select(sa.func.max(recorder.c.id)).scalar_subquery()
    its = recorder.c.id == (newest if state.recorder_id is None else state.recorder_id)
    beat = connection.execute(sa.select(recorder.c.beat_at, recorder.c.stopped_at).where(its)).one_or_none()
    if beat is None or beat.stopped_at is not None or now - beat.beat_at <= TOLD:
        return []
    return [GapSpan((state.last_packet_at or beat.beat_at, now), "recorder_lost")]


def _events(connection: sa.Connection, camera_id: int, from_at: datetime, until_at: datetime, now: datetime) -> list[EventSpan]:
    own = watch_event.c
    touches = sa.and_(
        *(own.camera_id == camera_id, own.started_at > from_at - LONGEST_EVENT, own.started_at < until_at),
        sa.or_(own.ended_at.is_(None), own.ended_at >= from_at),
    )
    rows = connection.execute(sa.select(own.id, own.started_at, own.ended_at, own.kind).where(touches))
    return [EventSpan(one.id, (one.started_at, one.ended_at or max(now, one.started_at)), one.kind) for one in rows]
