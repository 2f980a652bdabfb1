"""Cameras that somebody has switched off: they are not recorded, and their gap says who wanted it and why."""

from dataclasses import dataclass
from datetime import datetime

import sqlalchemy as sa

from storage.chain import put_record, site_of_camera
from storage.database import Database
from storage.people.person import Person, ids
from storage.people.right import right
from storage.rules.refusal import Refusal
from storage.rules.rights import Act
from storage.schema.footage import camera_off, gap
from storage.schema.places import camera, person
from storage.schema.watch import camera_state
from storage.watch.events import close_events
from storage.watch.gaps import DISABLED, close_gap, keep_gap, open_gap

MOST_REASON = 200


@dataclass(frozen=True)
class SwitchedOff:
    """A camera that is off now. from_at: since when; person: who switched it off."""

    camera_id: int
    from_at: datetime
    person: str
    reason: str


@right(Act.SEE_WATCH)
def switched_off(database: Database) -> dict[int, SwitchedOff]:
    """The cameras that are off now, by their ids."""
    with database.read() as connection:
        return {row.camera_id: row for row in _off_now(connection)}


@right(Act.SWITCH_OFF)
def switch_off(database: Database, camera_id: int, reason: str, *, by: Person, now: datetime, second: Person | None = None) -> None:
    """From now on the camera is not recorded. The recorder ends it within seconds and opens its gap; one that is open already ends here.

    Raises Refusal for an empty or endless reason, an unknown camera, or one that is off already.
    """
    reason = reason.strip()
    if not reason:
        raise Refusal("Say why the camera is switched off.")
    if len(reason) > MOST_REASON:
        raise Refusal("The reason is longer than {most} characters.", most=MOST_REASON)
    with database.write() as connection:
        _check_camera(connection, camera_id)
        if off_note(connection, camera_id):
            raise Refusal("The camera is switched off already.")
        values = {"camera_id": camera_id, "from_at": now, "person_id": by.id, "reason": reason}
        rows = {"camera_off": [connection.execute(camera_off.insert().values(values).returning(camera_off.c.id)).scalar_one()]}
        _turn_gap(connection, camera_id, now)
        said = {"camera": camera_id, "reason": reason}
        put_record(connection, site_of_camera(connection, camera_id), "camera_switched_off", said, at=now, **ids(by, second), rows=rows)


@right(Act.SWITCH_ON)
def switch_on(database: Database, camera_id: int, *, by: Person, now: datetime) -> None:
    """From now on the camera is recorded again; until the recorder has begun with it, its gap says so.

    Raises Refusal for an unknown camera, or one that is not off.
    """
    off = sa.and_(camera_off.c.camera_id == camera_id, camera_off.c.until_at.is_(None))
    with database.write() as connection:
        _check_camera(connection, camera_id)
        rows = {"camera_off": connection.scalars(sa.select(camera_off.c.id).where(off)).all()}
        if connection.execute(camera_off.update().where(off).values(until_at=now)).rowcount == 0:
            raise Refusal("The camera is not switched off.")
        if close_gap(connection, camera_id, now) is not None:
            open_gap(connection, camera_id, now, "starting")
        said = {"camera": camera_id}
        put_record(connection, site_of_camera(connection, camera_id), "camera_switched_on", said, at=now, **ids(by), rows=rows)


def off_note(connection: sa.Connection, camera_id: int) -> str:
    """Who switched the camera off, and why, as its gap says it; empty if it is not off."""
    return next((f"{row.person}: {row.reason}" for row in _off_now(connection) if row.camera_id == camera_id), "")


def keep_gaps_of_off(connection: sa.Connection) -> None:
    """Cameras that are off are in a gap that says so, also where the recorder was killed before it could tell of it."""
    for row in _off_now(connection):
        close_events(connection, row.camera_id)
        if not _turn_gap(connection, row.camera_id, row.from_at):
            told = sa.select(camera_state.c.last_packet_at).where(camera_state.c.camera_id == row.camera_id)
            last_packet_at = connection.scalar(told) or row.from_at
            if last_packet_at < row.from_at:
                keep_gap(connection, row.camera_id, last_packet_at, row.from_at, "recorder_lost")
            note = off_note(connection, row.camera_id)
            open_gap(connection, row.camera_id, max(last_packet_at, row.from_at), DISABLED, note)


def _turn_gap(connection: sa.Connection, camera_id: int, at: datetime) -> bool:
    """The open gap of a camera that is off says so, from an instant on. Whether one is open; else the recorder is to open one."""
    is_open = sa.and_(gap.c.camera_id == camera_id, gap.c.ended_at.is_(None))
    started_at = connection.scalar(sa.select(gap.c.started_at).where(is_open))
    if started_at is not None:
        open_gap(connection, camera_id, max(at, started_at), DISABLED, off_note(connection, camera_id))
    return started_at is not None


def _off_now(connection: sa.Connection) -> list[SwitchedOff]:
    own = camera_off.c
    columns = sa.select(own.camera_id, own.from_at, person.c.name, own.reason).join(person, person.c.id == own.person_id)
    return [SwitchedOff(*row) for row in connection.execute(columns.where(own.until_at.is_(None)).order_by(own.camera_id))]


def _check_camera(connection: sa.Connection, camera_id: int) -> None:
    if connection.scalar(sa.select(camera.c.id).where(camera.c.id == camera_id)) is None:
        raise Refusal("There is no camera with the number {number}.", number=camera_id)
