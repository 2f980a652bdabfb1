"""The opening hours of rooms: kept, changed from now on, and what they say at an instant."""

import json
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

import sqlalchemy as sa

from storage.chain import put_record, site_of_room
from storage.database import Database
from storage.people.person import Person, ids
from storage.people.right import right
from storage.rules.hours import Opening, WeekHours
from storage.rules.rights import Act
from storage.schema.places import camera, person, room, site
from storage.schema.record import record
from storage.schema.watch import opening_hours
from storage.watch.suspending import Suspension, suspensions_at

HOURS_SET = "hours_set"


@dataclass(frozen=True)
class RoomState:
    """A room now. changes_at: when it is armed or opened next by its hours; None if never.

    disarmed_until: until when nobody is called because of it, whatever its hours say; suspended_until: because of some of its cameras.
    """

    room_id: int
    site_id: int
    name: str
    armed: bool
    changes_at: datetime | None
    disarmed_until: datetime | None = None
    suspended_until: datetime | None = None


@dataclass(frozen=True)
class HoursChange:
    """New hours that persons gave a room. second: who answered for it too; empty where the program was told from outside the window."""

    at: datetime
    room_id: int
    room: str
    person: str
    second: str


@right(Act.CHANGE_HOURS)
def set_hours(
    database: Database, room_id: int, hours: WeekHours, *, now: datetime, by: Person | None = None, second: Person | None = None
) -> None:
    """Gives a room new weekly hours from now on; what was judged before stays."""
    with database.write() as connection:
        current = sa.and_(opening_hours.c.room_id == room_id, opening_hours.c.valid_until.is_(None))
        own = opening_hours.c
        rows = list(connection.scalars(sa.select(own.id).where(current)))
        connection.execute(opening_hours.update().where(current).values(valid_until=now))
        for opening in hours.openings:
            values = {"weekday": opening.weekday, "opens_min": opening.opens_min, "closes_min": opening.closes_min}
            entered = opening_hours.insert().values(room_id=room_id, valid_from=now, **values).returning(own.id)
            rows.append(connection.execute(entered).scalar_one())
        week = [[opening.weekday, opening.opens_min, opening.closes_min] for opening in hours.openings]
        said, told = {"room": room_id, "week": week}, {"opening_hours": rows}
        put_record(connection, site_of_room(connection, room_id), HOURS_SET, said, at=now, **ids(by, second), rows=told)


@right(Act.SEE_WATCH)
def hours_of(database: Database, room_id: int, at: datetime) -> WeekHours:
    """The hours that held for a room at an instant."""
    with database.read() as connection:
        return hours_at(connection, room_id, at)


@right(Act.SEE_WATCH)
def hours_changes(database: Database, site_id: int, from_at: datetime, until_at: datetime) -> list[HoursChange]:
    """What persons changed at the rooms of a site in a time, oldest first: it is shown beside the events of that time."""
    own, first, second = record.c, person.alias(), person.alias()
    columns = sa.select(own.at, own.body, first.c.name.label("by"), second.c.name.label("too"))
    joined = columns.join(first, first.c.id == own.person_id).outerjoin(second, second.c.id == own.second_id)
    query = joined.where(own.site_id == site_id, own.at >= from_at, own.at <= until_at, own.act == HOURS_SET).order_by(own.event_id)
    with database.read() as connection:
        names = {row.id: row.name for row in connection.execute(sa.select(room.c.id, room.c.name))}
        rows = [(row, json.loads(row.body)["room"]) for row in connection.execute(query)]
    return [HoursChange(row.at, room_id, names[room_id], row.by, row.too or "") for row, room_id in rows]


@right(Act.SEE_WATCH)
def hours_begun(database: Database, room_id: int, from_at: datetime, until_at: datetime) -> list[datetime]:
    """When the room's hours were changed within a time, in order, by whomever."""
    own = opening_hours.c
    instants = sa.union(
        *(sa.select(at).where(own.room_id == room_id, at > from_at, at < until_at) for at in (own.valid_from, own.valid_until))
    )
    with database.read() as connection:
        return sorted(connection.scalars(instants))


def hours_at(connection: sa.Connection, room_id: int, at: datetime) -> WeekHours:
    """As `hours_of`, within a transaction."""
    columns = sa.select(opening_hours.c.weekday, opening_hours.c.opens_min, opening_hours.c.closes_min)
    until = opening_hours.c.valid_until
    rows = connection.execute(
        columns.where(opening_hours.c.room_id == room_id, opening_hours.c.valid_from <= at, sa.or_(until.is_(None), until > at))
    )
    return WeekHours(tuple(sorted(Opening(*row) for row in rows)))


@right(Act.SEE_WATCH)
def room_states(database: Database, now: datetime) -> list[RoomState]:
    """Every room that has hours or none, by site and name, with its arming now."""
    with database.read() as connection:
        columns = sa.select(room.c.id, room.c.site_id, room.c.name, site.c.zone).join(site, site.c.id == room.c.site_id)
        states, quiet = [], suspensions_at(connection, now)
        for row in connection.execute(columns.order_by(site.c.code, room.c.name)).all():
            hours, zone = hours_at(connection, row.id, now), ZoneInfo(row.zone)
            ends = (_last_end(quiet, row.id, whole=whole) for whole in (True, False))
            states.append(RoomState(row.id, row.site_id, row.name, not hours.is_open(now, zone), hours.next_change(now, zone), *ends))
        return states


def _last_end(quiet: Sequence[Suspension], room_id: int, *, whole: bool) -> datetime | None:
    """The last end among what does not ring in a room. whole: the room itself, not its cameras."""
    return max((one.ends_at for one in quiet if one.room_id == room_id and (one.camera_id is None) == whole), default=None)


@right(Act.SEE_WATCH)
def armed_cameras(database: Database, at: datetime, *, ahead: timedelta) -> set[int]:
    """The cameras whose room is armed at some moment from `at` until `ahead` later."""
    until_at = at + ahead
    armed = {state.room_id for state in room_states(database, at) if state.armed or (state.changes_at and state.changes_at <= until_at)}
    with database.read() as connection:
        return {row.id for row in connection.execute(sa.select(camera.c.id, camera.c.room_id)) if row.room_id in armed}
