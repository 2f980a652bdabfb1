"""The gaps: when there is no footage of a camera, and why. A camera is in one gap at a time."""

from dataclasses import dataclass
from datetime import datetime

import sqlalchemy as sa

from storage.database import Database
from storage.people.right import right
from storage.rules.rights import Act
from storage.schema.footage import gap
from storage.watch.chaining import chain_gap

# Causes that say only that nobody was recording; the first real reason takes their place.
IDLE_CAUSES = ("starting", "recorder_stopped", "recorder_lost")
# Somebody switched the camera off: from then on that is why, whatever was before.
DISABLED = "disabled"


@dataclass(frozen=True)
class Gap:
    """No footage of a camera from started_at on; ended_at is None while it lasts. note: who or what brought it about, and why."""

    id: int
    camera_id: int
    started_at: datetime
    ended_at: datetime | None
    cause: str
    note: str = ""


@right(Act.SEE_WATCH)
def gaps_between(database: Database, from_at: datetime, until_at: datetime) -> list[Gap]:
    """The gaps of all cameras that touch this time, oldest first."""
    touches = sa.and_(gap.c.started_at < until_at, sa.or_(gap.c.ended_at.is_(None), gap.c.ended_at > from_at))
    columns = sa.select(gap.c.id, gap.c.camera_id, gap.c.started_at, gap.c.ended_at, gap.c.cause, gap.c.note)
    with database.read() as connection:
        return [Gap(*row) for row in connection.execute(columns.where(touches).order_by(gap.c.started_at, gap.c.id))]


def open_gap(connection: sa.Connection, camera_id: int, started_at: datetime, cause: str, note: str = "") -> int | None:
    """Begins a gap; returns its id, or None if the camera is in one already. It ends the open one where it says more of why."""
    is_open = sa.and_(gap.c.camera_id == camera_id, gap.c.ended_at.is_(None))
    row = connection.execute(sa.select(gap.c.cause).where(is_open)).one_or_none()
    if row is not None:
        says_more = row.cause in IDLE_CAUSES and cause not in IDLE_CAUSES
        if not says_more and (cause != DISABLED or row.cause == DISABLED):
            return None
        close_gap(connection, camera_id, started_at)
    values = {"camera_id": camera_id, "started_at": started_at, "cause": cause, "note": note}
    gap_id: int = connection.execute(gap.insert().values(values).returning(gap.c.id)).scalar_one()
    return gap_id


def close_gap(connection: sa.Connection, camera_id: int, ended_at: datetime) -> int | None:
    """Ends the camera's open gap; returns its id, or None if none is open."""
    is_open = sa.and_(gap.c.camera_id == camera_id, gap.c.ended_at.is_(None))
    row = connection.execute(sa.select(gap.c.id, gap.c.started_at).where(is_open)).one_or_none()
    if row is None:
        return None
    connection.execute(gap.update().where(gap.c.id == row.id).values(ended_at=max(ended_at, row.started_at)))
    chain_gap(connection, row.id)
    gap_id: int = row.id
    return gap_id


def keep_gap(connection: sa.Connection, camera_id: int, started_at: datetime, ended_at: datetime, cause: str, *, note: str = "") -> int:
    """Keeps a time without footage that is over; the row's id. A gap that is open stays as it is."""
    values = {"camera_id": camera_id, "started_at": started_at, "ended_at": max(started_at, ended_at), "cause": cause, "note": note}
    gap_id: int = connection.execute(gap.insert().values(values).returning(gap.c.id)).scalar_one()
    chain_gap(connection, gap_id)
    return gap_id


def begin_anew(connection: sa.Connection, camera_id: int, before: datetime, after: datetime) -> None:
    """Ends the camera's open gap, if there is one, and lets it go on from another instant, because the clock went there."""
    row = connection.execute(sa.select(gap).where(gap.c.camera_id == camera_id, gap.c.ended_at.is_(None))).one_or_none()
    if row is not None:
        close_gap(connection, camera_id, before)
        open_gap(connection, camera_id, after, row.cause, row.note)
