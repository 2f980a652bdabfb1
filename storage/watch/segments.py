"""The segments of footage: their rows, and which of them show a time."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

import sqlalchemy as sa

from storage.database import Database
from storage.people.right import right
from storage.rules.rights import Act
from storage.schema.footage import footage_removal, segment, set_aside
from storage.schema.watch import camera_state
from storage.watch.shapes import FileLike, SegmentLike

# Names in one query.
AT_ONCE = 500
# The first number of the lock under which the next number of a camera is given; the others: storage/watch/claims.py.
NUMBER_LOCK = 7414


@dataclass(frozen=True)
class Footage:
    """A file with a camera's pictures. path: below the recordings folder; ended_at: of the last packet known."""

    camera_id: int
    path: str
    started_at: datetime
    ended_at: datetime


@right(Act.SEE_FOOTAGE)
def footage_between(database: Database, camera_id: int, from_at: datetime, until_at: datetime) -> list[Footage]:
    """The files that show a camera in this time, in order, without those that were removed; the one that still grows is the last."""
    touches = sa.and_(segment.c.camera_id == camera_id, segment.c.started_at < until_at, segment.c.ended_at > from_at, not_removed())
    columns = sa.select(segment.c.camera_id, segment.c.path, segment.c.started_at, segment.c.ended_at)
    now = camera_state.c
    growing = sa.select(now.camera_id, now.writing_path, now.writing_since_at, now.last_packet_at)
    with database.read() as connection:
        files = [Footage(*row) for row in connection.execute(columns.where(touches).order_by(segment.c.started_at))]
        row = connection.execute(growing.where(now.camera_id == camera_id)).one_or_none()
    if row and row.writing_path and row.writing_since_at < until_at and all(file.started_at != row.writing_since_at for file in files):
        files.append(Footage(*row))
    return files


def not_removed() -> sa.ColumnElement[bool]:
    """Whether the segment of a query is still kept, for use in it."""
    return ~sa.exists().where(footage_removal.c.segment_id == segment.c.id)


@right(Act.SEE_WATCH)
def recorded_until(database: Database, camera_id: int) -> datetime | None:
    """When the newest picture that is on the disk was taken; None if nothing is recorded of a camera."""
    now = camera_state.c
    with database.read() as connection:
        whole = connection.scalar(sa.select(sa.func.max(segment.c.ended_at)).where(segment.c.camera_id == camera_id))
        growing = connection.scalar(sa.select(now.last_packet_at).where(now.camera_id == camera_id, now.writing_path != ""))
    return max((at for at in (whole, growing) if at is not None), default=None)


def put_segment(connection: sa.Connection, camera_id: int, whole: SegmentLike) -> None:
    """Keeps a segment's row under the camera's next number; the same segment told again is kept once."""
    if connection.scalar(sa.select(segment.c.id).where(segment.c.path == whole.path)) is not None:
        return
    if connection.dialect.name == "postgresql":  # the recorder and its search for orphans may both write now
        connection.execute(sa.select(sa.func.pg_advisory_xact_lock(NUMBER_LOCK, camera_id)))
    newest = connection.scalar(sa.select(sa.func.max(segment.c.number)).where(segment.c.camera_id == camera_id))
    connection.execute(
        segment.insert().values(
            camera_id=camera_id,
            number=(newest or 0) + 1,
            path=whole.path,
            started_at=whole.started_at,
            ended_at=whole.ended_at,
            packets=whole.packets,
            bytes=whole.bytes,
            sha256=whole.sha256,
            end_reason=str(whole.end_reason),
            first_stamp_us=whole.first_stamp_us,
            last_stamp_us=whole.last_stamp_us,
        )
    )


def unknown_files(connection: sa.Connection, paths: Sequence[str]) -> list[str]:
    """Those of the files, below the recordings folder, that are neither a segment nor set aside."""
    known: set[str] = set()
    for table in (segment, set_aside):
        for start in range(0, len(paths), AT_ONCE):
            known |= set(connection.scalars(sa.select(table.c.path).where(table.c.path.in_(paths[start : start + AT_ONCE]))))
    return [path for path in paths if path not in known]


def put_aside(connection: sa.Connection, camera_id: int, file: FileLike, at: datetime) -> None:
    """Keeps where a file lies that is no segment; the same told again is kept once."""
    if connection.scalar(sa.select(set_aside.c.id).where(set_aside.c.path == file.path)) is None:
        values = {"camera_id": camera_id, "path": file.path, "found_at": at, "bytes": file.bytes, "reason": file.reason[:200]}
        connection.execute(set_aside.insert().values(values))


def missing_numbers(connection: sa.Connection, camera_id: int, first: int, last: int) -> list[int]:
    """Which numbers from the one before `first` up to `last` no segment of the camera has: their rows were taken out of the table."""
    first = max(1, first - 1)
    own = segment.c
    between = sa.and_(own.camera_id == camera_id, own.number >= first, own.number <= last)
    if connection.scalar(sa.select(sa.func.count()).where(between)) == last - first + 1:
        return []
    return sorted(set(range(first, last + 1)) - set(connection.scalars(sa.select(own.number).where(between))))
