"""Events about the recorder itself that last: begun, gone on, over."""

from datetime import datetime

import sqlalchemy as sa

from storage.chain import put_record
from storage.database import Database
from storage.people.right import program_only
from storage.schema.watch import watch_event
from storage.watch.chaining import chain_event
from storage.watch.recorders import recorder_event


@program_only
def open_recorder_event(database: Database, kind: str, peak_pct: float, *, now: datetime) -> int:
    """Keeps that something has begun; its id. As at a camera, one that follows its like within a visit belongs to the same alarm."""
    with database.write() as connection:
        return recorder_event(connection, kind, now, now, peak_pct=peak_pct)[0]


@program_only
def extend_recorder_event(database: Database, event_id: int, peak_pct: float) -> None:
    """It goes on, even if a recorder on another computer, which has just started, has ended it."""
    with database.write() as connection:
        ended_at = connection.scalar(sa.select(watch_event.c.ended_at).where(watch_event.c.id == event_id))
        connection.execute(watch_event.update().where(watch_event.c.id == event_id).values(ended_at=None, peak_pct=peak_pct))
        if ended_at is not None:
            put_record(connection, None, "watch_event_reopened", {"event": event_id}, at=ended_at, rows={"watch_event": [event_id]})


@program_only
def close_recorder_event(database: Database, event_id: int, *, now: datetime) -> None:
    """It is over; not before it began, whatever the clocks say."""
    with database.write() as connection:
        row = watch_event.c.id == event_id
        started_at = connection.execute(sa.select(watch_event.c.started_at).where(row)).scalar_one()
        connection.execute(watch_event.update().where(row).values(ended_at=max(now, started_at)))
        chain_event(connection, event_id)


@program_only
def close_left_open(database: Database, kinds: tuple[str, ...], *, now: datetime) -> None:
    """Ends what an earlier recorder could not: such as one that had no space left to say so."""
    with database.write() as connection:
        own = watch_event.c
        still = sa.and_(own.camera_id.is_(None), own.kind.in_(kinds), own.ended_at.is_(None))
        ended = sa.case((own.started_at > now, own.started_at), else_=sa.literal(now, watch_event.c.ended_at.type))
        left = connection.scalars(sa.select(own.id).where(still)).all()
        connection.execute(watch_event.update().where(own.id.in_(left)).values(ended_at=ended))
        for event_id in left:
            chain_event(connection, event_id)
