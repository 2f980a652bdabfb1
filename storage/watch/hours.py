"""The opening hours of rooms: kept, changed from now on, and what they say at an instant."""

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
from storage.schema.places import camera, room, site
from storage.schema.watch import opening_hours


@dataclass(frozen=True)
class RoomState:
    """A room now. changes_at: when it is armed or opened next by its hours; None if never."""

    room_id: int
    site_id: int
    name: str
    armed: bool
    changes_at: datetime | None


@right(Act.CHANGE_HOURS)
def set_hours(
    database: Database, room_id: int, hours: WeekHours, *, now: datetime, by: Person | None = None, second: Person | None = None
) -> None:
    """Gives a room new weekly hours from now on; what was judged before stays."""
    with database.write() as connection:
        current = sa.and_(opening_hours.c.room_id == room_id, opening_hours.c.valid_until.is_(None))
        connection.execute(opening_hours.update().where(current).values(valid_until=now))
        for opening in hours.openings:
            values = {"weekday": opening.weekday, "opens_min": opening.opens_min, "closes_min": opening.closes_min}
            connection.execute(opening_hours.insert().values(room_id=room_id, valid_from=now, **values))
        week = [[opening.weekday, opening.opens_min, opening.closes_min] for opening in hours.openings]
        put_record(connection, site_of_room(connection, room_id), "hours_set", {"room": room_id, "week": week}, at=now, **ids(by, second))


@right(Act.SEE_WATCH)
def hours_of(database: Database, room_id: int, at: datetime) -> WeekHours:
    """The hours that held for a room at an instant."""
    with database.read() as connection:
        return hours_at(connection, room_id, at)


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
        states = []
        for row in connection.execute(columns.order_by(site.c.code, room.c.name)).all():
            hours, zone = hours_at(connection, row.id, now), ZoneInfo(row.zone)
            states.append(RoomState(row.id, row.site_id, row.name, not hours.is_open(now, zone), hours.next_change(now, zone)))
        return states


@right(Act.SEE_WATCH)
def armed_cameras(database: Database, at: datetime, *, ahead: timedelta) -> set[int]:
    """The cameras whose room is armed at some moment from `at` until `ahead` later."""
    until_at = at + ahead
    armed = {state.room_id for state in room_states(database, at) if state.armed or (state.changes_at and state.changes_at <= until_at)}
    with database.read() as connection:
        return {row.id for row in connection.execute(sa.select(camera.c.id, camera.c.room_id)) if row.room_id in armed}
