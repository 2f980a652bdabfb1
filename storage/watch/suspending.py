"""Times in which an armed room does not ring: a camera's alarms suspended, a room disarmed. What happens then is kept all the same."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import sqlalchemy as sa

from storage.chain import put_record, site_of_camera, site_of_room
from storage.database import Database
from storage.people.person import Person, ids
from storage.people.right import right
from storage.rules.refusal import Refusal
from storage.rules.rights import Act
from storage.rules.suspending import LONGEST
from storage.schema.places import camera, person
from storage.schema.suspending import alarm_suspension, room_disarm, suspension_end

MOST_REASON = 200


@dataclass(frozen=True)
class Suspension:
    """What does not ring now. camera_id: None where a whole room is disarmed. ends_at: when that is over by itself."""

    id: int
    room_id: int
    camera_id: int | None
    from_at: datetime
    ends_at: datetime
    reason: str
    person: str
    second: str


@right(Act.SUSPEND_ALARMS)
def suspend_alarms(
    database: Database, camera_id: int, until_at: datetime, reason: str, *, by: Person, now: datetime, second: Person | None = None
) -> int:
    """From now on until then nobody is called because of what moves in front of the camera; its number.

    Events and alarms are kept as ever, and tampering, a lost picture and a recorder that stopped ring as ever.

    Raises Refusal without a reason or a second person, for more than LONGEST, an unknown camera, or one whose alarms are suspended.
    """
    reason = checked(reason, second, now, until_at)
    with database.write() as connection:
        site_id = site_of_camera(connection, camera_id)
        if site_id is None:
            raise Refusal("There is no camera with the number {number}.", number=camera_id)
        if _now(connection, alarm_suspension, now, camera_id=camera_id):
            raise Refusal("The alarms of this camera are suspended already. End that first.")
        values = {"camera_id": camera_id, "from_at": now, "until_at": until_at, "reason": reason, **_two(by, second)}
        number: int = connection.execute(alarm_suspension.insert().values(values).returning(alarm_suspension.c.id)).scalar_one()
        said = {"suspension": number, "camera": camera_id, "until": until_at, "reason": reason}
        put_record(connection, site_id, "alarms_suspended", said, at=now, rows={"alarm_suspension": [number]}, **ids(by, second))
    return number


@right(Act.DISARM)
def disarm_room(
    database: Database, room_id: int, until_at: datetime, reason: str, *, by: Person, now: datetime, second: Person | None = None
) -> int:
    """From now on until then nobody is called because of what moves in the room, whatever its hours say; its number.

    Raises Refusal as suspend_alarms does.
    """
    reason = checked(reason, second, now, until_at)
    with database.write() as connection:
        site_id = site_of_room(connection, room_id)
        if site_id is None:
            raise Refusal("There is no room with the number {number}.", number=room_id)
        if _now(connection, room_disarm, now, room_id=room_id):
            raise Refusal("This room is disarmed already. Arm it first.")
        values = {"room_id": room_id, "from_at": now, "until_at": until_at, "reason": reason, **_two(by, second)}
        number: int = connection.execute(room_disarm.insert().values(values).returning(room_disarm.c.id)).scalar_one()
        said = {"disarm": number, "room": room_id, "until": until_at, "reason": reason}
        put_record(connection, site_id, "room_disarmed", said, at=now, rows={"room_disarm": [number]}, **ids(by, second))
    return number


@right(Act.END_SUSPENSION)
def end_suspension(database: Database, camera_id: int, *, by: Person, now: datetime) -> None:
    """The camera's alarms ring again from now on. Raises Refusal where they are not suspended."""
    with database.write() as connection:
        numbers = _now(connection, alarm_suspension, now, camera_id=camera_id)
        if not numbers:
            raise Refusal("The alarms of this camera are not suspended.")
        site_id = site_of_camera(connection, camera_id)
        for number in numbers:
            ended = end_of(connection, by, now, suspension_id=number)
            put_record(connection, site_id, "alarms_resumed", {"suspension": number, "camera": camera_id}, at=now, rows=ended, **ids(by))


@right(Act.END_SUSPENSION)
def arm_room(database: Database, room_id: int, *, by: Person, now: datetime) -> None:
    """The room goes by its hours again from now on. Raises Refusal where it is not disarmed."""
    with database.write() as connection:
        numbers = _now(connection, room_disarm, now, room_id=room_id)
        if not numbers:
            raise Refusal("This room is not disarmed.")
        site_id = site_of_room(connection, room_id)
        for number in numbers:
            ended = end_of(connection, by, now, disarm_id=number)
            put_record(connection, site_id, "room_armed", {"disarm": number, "room": room_id}, at=now, rows=ended, **ids(by))


@right(Act.SEE_WATCH)
def suspensions(database: Database, now: datetime) -> list[Suspension]:
    """What does not ring now, what ends first at the top."""
    with database.read() as connection:
        return suspensions_at(connection, now)


def suspensions_at(connection: sa.Connection, now: datetime) -> list[Suspension]:
    """As `suspensions`, within a transaction."""
    first, second = person.alias(), person.alias()
    found = []
    for table, of_room, camera_id in (
        (alarm_suspension, camera.c.room_id, alarm_suspension.c.camera_id),
        (room_disarm, room_disarm.c.room_id, sa.null()),
    ):
        own = table.c
        columns = sa.select(own.id, of_room, camera_id, own.from_at, own.until_at, own.reason, first.c.name, second.c.name)
        joined = columns.join(first, first.c.id == own.person_id).join(second, second.c.id == own.second_id)
        if table is alarm_suspension:
            joined = joined.join(camera, camera.c.id == own.camera_id)
        found += [Suspension(*row) for row in connection.execute(joined.where(_in_force(table, now)))]
    return sorted(found, key=lambda one: (one.ends_at, one.id))


def suspended_until(table: sa.Table, *among: sa.ColumnElement[bool], started_at: Any, raised_at: Any) -> sa.ScalarSelect[Any]:  # noqa: ANN401
    """For a query of alarms: until when what suspended an alarm when it was raised lasted; empty where nothing did.

    started_at, raised_at: columns of that query. What was ended early lasted until then.
    """
    own, lasted = table.c, _lasted(table)
    covered = sa.and_(own.from_at <= started_at, own.from_at <= raised_at, lasted >= started_at, lasted >= raised_at)
    return sa.select(sa.func.max(lasted)).where(*among, covered).scalar_subquery()


def checked(reason: str, second: Person | None, now: datetime, until_at: datetime | None = None) -> str:
    """The reason as it is kept. Raises Refusal for what none of these acts may lack, and for an end that is too far or over."""
    reason = reason.strip()
    if second is None:
        raise Refusal("This needs a reason and two persons.")
    if not reason:
        raise Refusal("Say why this is needed.")
    if len(reason) > MOST_REASON:
        raise Refusal("The reason is longer than {most} characters.", most=MOST_REASON)
    if until_at is not None and not now < until_at <= now + LONGEST:
        raise Refusal("Say until when: later than now, and at most {hours} hours from now.", hours=int(LONGEST.total_seconds() // 3600))
    return reason


def end_of(connection: sa.Connection, by: Person, now: datetime, **which: int) -> dict[str, list[int]]:
    """Keeps that one of them is over; the row, for the record that tells of it."""
    ended = suspension_end.insert().values(**which, at=now, person_id=by.id).returning(suspension_end.c.id)
    return {"suspension_end": [connection.execute(ended).scalar_one()]}


def _two(by: Person, second: Person | None) -> dict[str, int | None]:
    return {"person_id": by.id, "second_id": second.id if second else None}


def _ends(table: sa.Table) -> sa.ColumnElement[int]:
    own = suspension_end.c
    return own.suspension_id if table is alarm_suspension else own.disarm_id


def _lasted(table: sa.Table) -> sa.ColumnElement[Any]:
    early = sa.select(suspension_end.c.at).where(_ends(table) == table.c.id).scalar_subquery()
    return sa.func.coalesce(early, table.c.until_at)


def _in_force(table: sa.Table, now: datetime) -> sa.ColumnElement[bool]:
    ended = sa.select(suspension_end.c.id).where(_ends(table) == table.c.id).exists()
    return sa.and_(table.c.from_at <= now, table.c.until_at > now, ~ended)


def _now(connection: sa.Connection, table: sa.Table, now: datetime, **whose: int) -> list[int]:
    which: Iterable[sa.ColumnElement[bool]] = (table.c[name] == key for name, key in whose.items())
    return list(connection.scalars(sa.select(table.c.id).where(*which, _in_force(table, now)).order_by(table.c.id)))
