"""The events that cameras reported, and where in the picture."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

import sqlalchemy as sa

from storage.database import Database
from storage.people.right import right
from storage.rules.rights import Act
from storage.schema.watch import watch_box, watch_event
from storage.watch.chaining import chain_event
from storage.watch.shapes import BoxLike


@dataclass(frozen=True)
class WatchEvent:
    """One event. camera_id: None where it is about the recorder; ended_at: None while it goes on; verdict: in_hours or after_hours.

    person_pct: how sure a person detector was at best that somebody is in it, 0 to 100; None where none was asked.
    """

    id: int
    camera_id: int | None
    kind: str
    started_at: datetime
    ended_at: datetime | None
    peak_pct: float
    verdict: str
    person_pct: float | None = None


@dataclass(frozen=True)
class BoxAt:
    """Where something moved at an instant, in shares of the picture's width and height."""

    at: datetime
    x: float
    y: float
    width: float
    height: float


@right(Act.SEE_WATCH)
def events_between(database: Database, from_at: datetime, until_at: datetime) -> list[WatchEvent]:
    """The events of all cameras that touch this time, oldest first."""
    own = watch_event.c
    touches = sa.and_(own.started_at < until_at, sa.or_(own.ended_at.is_(None), own.ended_at >= from_at))
    with database.read() as connection:
        return [WatchEvent(*row) for row in connection.execute(_events().where(touches).order_by(own.started_at, own.id))]


@right(Act.SEE_WATCH)
def newest_events(database: Database, camera_id: int, limit: int) -> list[WatchEvent]:
    """The last events of one camera, newest first."""
    query = _events().where(watch_event.c.camera_id == camera_id).order_by(watch_event.c.started_at.desc(), watch_event.c.id.desc())
    with database.read() as connection:
        return [WatchEvent(*row) for row in connection.execute(query.limit(limit))]


@right(Act.SEE_WATCH, event_id="watch_event_id")
def event_boxes(database: Database, event_id: int) -> list[BoxAt]:
    """Where an event was seen, in order of time."""
    return _boxes(database, watch_box.c.event_id == event_id)


@right(Act.SEE_WATCH)
def alarm_boxes(database: Database, alarm_id: int) -> list[BoxAt]:
    """Where all the events of an alarm were seen, in order of time."""
    return _boxes(database, watch_box.c.event_id.in_(sa.select(watch_event.c.id).where(watch_event.c.alarm_id == alarm_id)))


def _events() -> sa.Select[int, int | None, str, datetime, datetime | None, float, str, float | None]:
    own = watch_event.c
    return sa.select(own.id, own.camera_id, own.kind, own.started_at, own.ended_at, own.peak_pct, own.verdict, own.person_pct)


def _boxes(database: Database, condition: sa.ColumnElement[bool]) -> list[BoxAt]:
    own = watch_box.c
    with database.read() as connection:
        rows = connection.execute(sa.select(own.at, own.x, own.y, own.width, own.height).where(condition).order_by(own.at, own.id))
        return [BoxAt(*row) for row in rows]


def put_boxes(connection: sa.Connection, event_id: int, at: datetime, boxes: Sequence[BoxLike]) -> None:
    """Keeps where an event was seen at an instant."""
    rows = [{"event_id": event_id, "at": at, "x": box.x, "y": box.y, "width": box.width, "height": box.height} for box in boxes]
    if rows:
        connection.execute(watch_box.insert(), rows)


def close_events(connection: sa.Connection, camera_id: int) -> None:
    """Ends the camera's open events where they were seen last: whoever watched it is gone."""
    own = watch_event.c
    seen = sa.select(sa.func.max(watch_box.c.at)).where(watch_box.c.event_id == own.id).scalar_subquery()
    ended = sa.func.coalesce(seen, own.started_at)
    later = sa.case((ended > own.started_at, ended), else_=own.started_at)
    still = connection.scalars(sa.select(own.id).where(own.camera_id == camera_id, own.ended_at.is_(None))).all()
    connection.execute(watch_event.update().where(own.id.in_(still)).values(ended_at=later))
    for event_id in still:
        chain_event(connection, event_id)
