"""The recorders' own rows: when each ran, which camera it has, what the computer's clock did, and what is put right after one was lost."""

import socket
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import sqlalchemy as sa

from storage.chain import put_record, site_of_camera
from storage.database import Database
from storage.people.person import Person, ids
from storage.people.right import right
from storage.rules.refusal import Refusal
from storage.rules.rights import Act
from storage.rules.verdict import EventVerdict
from storage.schema.footage import gap
from storage.schema.places import camera, room, site
from storage.schema.watch import alarm, alarm_step, camera_state, clock_step, recorder, watch_event
from storage.watch.chaining import chain_event
from storage.watch.events import close_events
from storage.watch.gaps import keep_gap, open_gap
from storage.watch.hours import hours_at
from storage.watch.shapes import BeatLike

# Somebody lost from sight for less than this is still the same visit, and the same alarm.
VISIT = timedelta(seconds=15)
# Shorter than this is a restart, not an outage that a guard must look into.
OUTAGE = timedelta(seconds=10)
# No room is open for so long: in an outage of this length every room was armed.
LONGEST_OPEN = timedelta(hours=24)


def put_start(connection: sa.Connection, door: tuple[str, str, str], beat: BeatLike) -> int:
    """Keeps that a recorder begins; its id. door: address, public key, the windows' secret key."""
    values: dict[str, object] = {"host": socket.gethostname(), "pid": 0, "started_at": beat.at, "address": door[0], "public_key": door[1]}
    values |= {"window_secret_key": door[2], "beat_at": beat.at, "computer_at": beat.computer_at}
    values |= {"boot_id": beat.boot_id, "uptime_s": beat.uptime_s}
    recorder_id: int = connection.execute(recorder.insert().values(values).returning(recorder.c.id)).scalar_one()
    put_record(connection, None, "recorder_started", {"recorder": recorder_id, "computer": values["host"]}, at=beat.at)
    return recorder_id


def put_beat(connection: sa.Connection, recorder_id: int, beat: BeatLike, **more: object) -> None:
    """Keeps a sign of life."""
    values: dict[str, object] = {"beat_at": beat.at, "computer_at": beat.computer_at, "boot_id": beat.boot_id, "uptime_s": beat.uptime_s}
    connection.execute(recorder.update().where(recorder.c.id == recorder_id).values(values | more))


def newest_run(connection: sa.Connection) -> sa.Row[Any] | None:
    """The last recorder that ran on this computer."""
    own = recorder.c
    here = own.host == socket.gethostname()
    return connection.execute(sa.select(recorder).where(here).order_by(own.id.desc()).limit(1)).one_or_none()


def tell_outage(connection: sa.Connection, last: sa.Row[Any], at: datetime, *, shared: bool) -> int | None:
    """Marks a lost recorder as ended, and raises the alarm for the time without one if a room was armed in it; the alarm's id.

    shared: others may run beside this one; one that was heard of a moment ago is not lost.
    """
    from_at = last.stopped_at or last.beat_at
    if shared and last.stopped_at is None and at - from_at <= OUTAGE:
        return None
    if last.stopped_at is None:
        connection.execute(recorder.update().where(recorder.c.id == last.id).values(stopped_at=max(at, last.beat_at)))
    if at - from_at <= OUTAGE or not _any_armed(connection, from_at, at):
        return None
    return recorder_event(connection, "recorder_stopped", from_at, at, ended_at=at)[1]


def recorder_event(
    connection: sa.Connection, kind: str, started_at: datetime, at: datetime, *, ended_at: datetime | None = None, peak_pct: float = 0.0
) -> tuple[int, int]:
    """Keeps an event about the recorder itself; it is always an alarm. The event's id and the alarm's."""
    alarm_id = alarm_of(connection, None, kind, started_at, at)
    values: dict[str, object] = {"camera_id": None, "kind": kind, "started_at": started_at, "arrived_at": at, "ended_at": ended_at}
    values |= {"peak_pct": peak_pct, "verdict": EventVerdict.AFTER_HOURS.value, "alarm_id": alarm_id}
    event_id: int = connection.execute(watch_event.insert().values(values).returning(watch_event.c.id)).scalar_one()
    chain_event(connection, event_id)
    return event_id, alarm_id


def alarm_of(connection: sa.Connection, camera_id: int | None, kind: str, started_at: datetime, at: datetime) -> int:
    """The alarm of the visit that is going on in front of this camera; a new one if there is none. None: about the recorder itself.

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
        said = {"alarm": alarm_id, "camera": camera_id, "kind": kind, "started": started_at}
        put_record(connection, site_of_camera(connection, camera_id), "alarm_raised", said, at=at, rows={"alarm": [alarm_id]})
    return alarm_id


def take_camera(connection: sa.Connection, camera_id: int, recorder_id: int, at: datetime) -> tuple[str, datetime] | None:
    """Gives a camera to a recorder, after what the one before left open is ended; the file that it was writing, and since when."""
    state = connection.execute(sa.select(camera_state).where(camera_state.c.camera_id == camera_id)).one_or_none()
    close_events(connection, camera_id)
    if connection.scalar(sa.select(gap.c.id).where(gap.c.camera_id == camera_id, gap.c.ended_at.is_(None))) is None:
        _open_gap(connection, camera_id, recorder_id, state, at)
    if state is None:
        return None
    now = {"state": "connecting", "since_at": at, "reason": "", "writing_path": "", "writing_since_at": None, "watched_how": ""}
    connection.execute(camera_state.update().where(camera_state.c.camera_id == camera_id).values(now | {"recorder_id": recorder_id}))
    return (state.writing_path, state.writing_since_at) if state.writing_path else None


def _open_gap(connection: sa.Connection, camera_id: int, recorder_id: int, state: sa.Row[Any] | None, at: datetime) -> None:
    """A gap from the last packet on that anybody has told of, put down to what became of the recorder that had the camera."""
    if state is None:
        open_gap(connection, camera_id, at, "starting")
        return
    own = recorder.c
    earlier = sa.select(recorder).where(own.id != recorder_id).order_by(own.id.desc()).limit(1)
    if state.recorder_id is not None:
        earlier = sa.select(recorder).where(own.id == state.recorder_id)
    last = connection.execute(earlier).one_or_none()
    since = state.last_packet_at or (last.beat_at if last else at)
    now = connection.execute(sa.select(recorder).where(own.id == recorder_id)).one()
    if last is not None and last.host == now.host and "" != last.boot_id != now.boot_id != "":
        on_at = min(at, max(since, at - timedelta(seconds=now.uptime_s)))
        keep_gap(connection, camera_id, since, on_at, "machine_off")
        open_gap(connection, camera_id, on_at, "starting")
    else:
        open_gap(connection, camera_id, min(since, at), "recorder_lost" if last is not None else "starting")


@right(Act.CONFIRM_CLOCK)
def settle_clock(database: Database, *, by: Person, now: datetime, second: Person | None = None) -> None:
    """A person says that the computer's clock is right; the recorder goes by it from its next look on.

    Raises Refusal if there is nothing to settle.
    """
    with database.write() as connection:
        steps = connection.scalars(sa.select(clock_step.c.id).where(clock_step.c.settled_at.is_(None))).all()
        if not steps:
            raise Refusal("The computer's clock has not been set since it was last confirmed.")
        connection.execute(clock_step.update().where(clock_step.c.id.in_(steps)).values(settled_at=now, settled_by=by.id))
        put_record(connection, None, "clock_confirmed", {}, at=now, **ids(by, second), rows={"clock_step": steps})


def _any_armed(connection: sa.Connection, from_at: datetime, until_at: datetime) -> bool:
    """Whether a room with a camera was armed at some moment."""
    if until_at - from_at > LONGEST_OPEN:
        return True
    columns = sa.select(room.c.id, site.c.zone).join(site, site.c.id == room.c.site_id)
    for row in connection.execute(columns.where(room.c.id.in_(sa.select(camera.c.room_id)))).all():
        hours, zone = hours_at(connection, row.id, until_at), ZoneInfo(row.zone)
        change = hours.next_change(from_at, zone)
        if not hours.is_open(from_at, zone) or (change is not None and change < until_at):
            return True
    return False


@dataclass(frozen=True)
class ClockStep:
    """The computer's clock was set and nobody has confirmed it yet. at: by the recorder's clock; computer_at: by the computer's then."""

    id: int
    at: datetime
    computer_at: datetime


@right(Act.SEE_WATCH)
def clock_steps(database: Database) -> list[ClockStep]:
    """What recorders that still run have told of and nobody has settled, oldest first."""
    own = clock_step.c
    runs = sa.select(recorder.c.id).where(recorder.c.stopped_at.is_(None))
    columns = sa.select(own.id, own.at, own.computer_at).where(own.settled_at.is_(None), own.recorder_id.in_(runs))
    with database.read() as connection:
        return [ClockStep(*row) for row in connection.execute(columns.order_by(own.id))]
