"""Footage that must stay: what a person has locked, what goes on or was an incident, and what may show where missing sheets went."""

from dataclasses import dataclass
from datetime import datetime, timedelta

import sqlalchemy as sa

from storage.chain import put_record, site_of_camera
from storage.database import Database
from storage.people.person import Person, ids
from storage.people.right import program_only, right
from storage.rules.refusal import Refusal
from storage.rules.retention import AROUND, AlarmTime, Mark, Standing
from storage.rules.rights import Act
from storage.schema.footage import footage_lock
from storage.schema.places import camera, person, room
from storage.schema.watch import alarm_step, watch_event
from storage.stock.differences import unexplained
from storage.watch.alarms import Alarm, Verdict

_MOST = 200


@dataclass(frozen=True)
class FootageLock:
    """Footage of a camera that somebody keeps. released_at: None while it is kept."""

    id: int
    camera_id: int
    from_at: datetime
    until_at: datetime
    reason: str
    locked_at: datetime
    locked_by: str
    released_at: datetime | None


@right(Act.KEEP_FOOTAGE)
def lock_footage(
    database: Database, camera_id: int, from_at: datetime, until_at: datetime, reason: str, *, by: Person, now: datetime
) -> int:
    """Keeps a time of a camera's footage until it is released; the lock's id.

    Raises Refusal without a reason, for one of more than 200 characters, an empty time, and an unknown camera.
    """
    reason = reason.strip()
    if not reason:
        raise Refusal("Write why the footage must be kept.")
    if len(reason) > _MOST:
        raise Refusal("The reason has {length} characters; at most {most} are kept.", length=len(reason), most=_MOST)
    if until_at <= from_at:
        raise Refusal("The time to be kept ends before it begins.")
    values = {"camera_id": camera_id, "from_at": from_at, "until_at": until_at, "reason": reason, "locked_at": now, "locked_by": by.id}
    with database.write() as connection:
        if connection.scalar(sa.select(camera.c.id).where(camera.c.id == camera_id)) is None:
            raise Refusal("There is no camera with the number {number}.", number=camera_id)
        lock_id: int = connection.execute(footage_lock.insert().values(values).returning(footage_lock.c.id)).scalar_one()
        said = {"lock": lock_id, "camera": camera_id, "from": from_at, "until": until_at, "reason": reason}
        put_record(
            connection, site_of_camera(connection, camera_id), "footage_locked", said, at=now, **ids(by), rows={"footage_lock": [lock_id]}
        )
    return lock_id


def alarm_time(alarm: Alarm, now: datetime) -> tuple[datetime, datetime]:
    """What is kept when the footage of an alarm is: as its clip, from 10 s before to 10 s after."""
    return alarm.started_at - AROUND, max(alarm.ended_at or now, alarm.started_at) + AROUND


@right(Act.RELEASE_FOOTAGE)
def release(database: Database, lock_id: int, *, by: Person, now: datetime, second: Person | None = None) -> None:
    """Lets locked footage go like any other; that it was locked stays known. A second release changes nothing.

    Raises Refusal for an unknown lock.
    """
    own = footage_lock.c
    with database.write() as connection:
        row = connection.execute(sa.select(own.camera_id, own.released_at).where(own.id == lock_id)).one_or_none()
        if row is None:
            raise Refusal("There is no such lock.")
        if row.released_at is not None:
            return
        connection.execute(footage_lock.update().where(own.id == lock_id).values(released_at=now, released_by=by.id))
        said = {"lock": lock_id, "camera": row.camera_id}
        rows = {"footage_lock": [lock_id]}
        put_record(connection, site_of_camera(connection, row.camera_id), "footage_released", said, at=now, **ids(by, second), rows=rows)


@right(Act.SEE_FOOTAGE)
def locks_between(database: Database, camera_id: int, from_at: datetime, until_at: datetime) -> list[FootageLock]:
    """The locks that hold now and touch this time of a camera, oldest first."""
    own = footage_lock.c
    columns = sa.select(own.id, own.camera_id, own.from_at, own.until_at, own.reason, own.locked_at, person.c.name, own.released_at)
    touches = sa.and_(own.camera_id == camera_id, own.from_at < until_at, own.until_at > from_at, own.released_at.is_(None))
    with database.read() as connection:
        query = columns.join(person, person.c.id == own.locked_by).where(touches).order_by(own.id)
        return [FootageLock(*row) for row in connection.execute(query)]


def watch_marks(connection: sa.Connection) -> list[Mark]:
    """What locks, events and alarms say of the footage."""
    own = footage_lock.c
    held = connection.execute(sa.select(own.camera_id, own.from_at, own.until_at).where(own.released_at.is_(None)))
    return [Mark(*row, Standing.KEPT) for row in held] + [time.mark for time in _alarm_times(connection)]


@program_only
def stock_marks(database: Database) -> list[Mark]:
    """The cameras of every site in which sheets are missing, or too many, that nobody has explained."""
    times = unexplained(database)
    if not times:
        return []
    with database.read() as connection:
        cameras = connection.execute(sa.select(camera.c.id, room.c.site_id).join(room, room.c.id == camera.c.room_id)).all()
    # A count that was begun at once: its first sheets were counted in that second.
    moment = timedelta(seconds=1)
    return [
        Mark(row.id, time.from_at, time.until_at + moment, Standing.KEPT)
        for time in times
        for row in cameras
        if row.site_id == time.site_id
    ]


def _alarm_times(connection: sa.Connection) -> list[AlarmTime]:
    """Every event that is flagged or goes on. Those about the recorder itself are of no camera."""
    event, step = watch_event.c, alarm_step.c
    told = sa.select(step.alarm_id, step.verdict).where(step.step == "verdict").order_by(step.id)
    verdicts: dict[int, list[str]] = {}
    for alarm_id, verdict in connection.execute(told):
        verdicts.setdefault(alarm_id, []).append(verdict)
    columns = sa.select(event.camera_id, event.started_at, event.ended_at, event.alarm_id)
    of_cameras = sa.and_(event.camera_id.is_not(None), sa.or_(event.alarm_id.is_not(None), event.ended_at.is_(None)))
    times = []
    for row in connection.execute(columns.where(of_cameras)):
        said = verdicts.get(row.alarm_id, [])
        incident = Verdict.REAL_INCIDENT.value in said
        times.append(AlarmTime(row.camera_id, row.started_at, row.ended_at, row.alarm_id is not None, said[-1] if said else None, incident))
    return times
