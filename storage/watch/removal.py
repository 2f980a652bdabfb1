"""Removing footage: first the rows that say so, then the files. What lies between when the power goes is found again."""

import contextlib
from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime, timedelta
from pathlib import Path

import sqlalchemy as sa
import structlog

from storage.chain import put_record, site_of_camera
from storage.database import Database
from storage.people.right import program_only, right
from storage.rules.retention import KeptSegment, Marks, Standing
from storage.rules.rights import Act
from storage.schema.footage import footage_removal, gap, segment
from storage.schema.places import camera
from storage.schema.watch import motion_grid
from storage.watch.locks import watch_marks
from storage.watch.retention import Due

CAUSE = "retention"
# Segments follow each other within this: what is between them is no gap of its own.
TOUCHING = timedelta(seconds=2)
# What moved is known for so long, whether there is footage or not; events and alarms for ever.
GRID_KEPT = timedelta(days=400)
# How far back one looks, after a start, for files that should have gone.
LOOK_BACK = timedelta(days=1)

log = structlog.get_logger()

Span = tuple[datetime, datetime]


@program_only
def remove(database: Database, recordings: Path, wanted: Sequence[Due], now: datetime) -> list[str]:
    """Removes segments, but for those that somebody has locked meanwhile. The paths of files that could not be deleted: try them again.

    Raises Refusal where the rows cannot be written; then no file was touched.
    """
    if not wanted:
        return []
    with database.write() as connection:
        marks = Marks(watch_marks(connection))
        ids = [one.segment.id for one in wanted]
        gone = set(connection.scalars(sa.select(footage_removal.c.segment_id).where(footage_removal.c.segment_id.in_(ids))))
        going = [one for one in wanted if one.segment.id not in gone and marks.standing(one.segment) is not Standing.KEPT]
        if going:
            rows = [{"segment_id": one.segment.id, "at": now, "reason": one.reason.value} for one in going]
            connection.execute(footage_removal.insert(), rows)
            _tell(connection, going, _enter_gaps(connection, [one.segment for one in going]), now)
    return delete_files(recordings, [one.segment.path for one in going], now)


def _tell(connection: sa.Connection, going: Sequence[Due], gaps: Mapping[int, set[int]], now: datetime) -> None:
    """What was removed, one record for each camera and reason. gaps: of each camera, those that came of it."""
    gone: dict[tuple[int, str], list[KeptSegment]] = {}
    for one in going:
        gone.setdefault((one.segment.camera_id, one.reason.value), []).append(one.segment)
    for (camera_id, reason), removed in gone.items():
        said = {"camera": camera_id, "reason": reason, "paths": [one.path for one in removed]}
        rows = {"footage_removal": [one.id for one in removed], "gap": gaps[camera_id]}
        put_record(connection, site_of_camera(connection, camera_id), "footage_removed", said, at=now, rows=rows)


def delete_files(recordings: Path, paths: Iterable[str], now: datetime) -> list[str]:
    """Deletes files below the recordings folder, and the folders of days long past that become empty; those that could not be deleted."""
    left = []
    for path in paths:
        place = inside(recordings, path)
        if place is None:
            log.error("footage lies outside the recordings, left there", segment=path)
            continue
        try:
            place.unlink(missing_ok=True)
        except OSError as error:
            log.warning("footage not deleted, will be tried again", segment=path, reason=error.strerror)
            left.append(path)
            continue
        _tidy(recordings / path, now)
    return left


@right(Act.SEE_FOOTAGE)
def removed_between(database: Database, camera_id: int, from_at: datetime, until_at: datetime) -> bool:
    """Whether footage of this time of a camera was there and is kept no longer."""
    touches = sa.and_(segment.c.camera_id == camera_id, segment.c.started_at < until_at, segment.c.ended_at > from_at)
    found = sa.select(footage_removal.c.segment_id).join(segment, segment.c.id == footage_removal.c.segment_id).where(touches).limit(1)
    with database.read() as connection:
        return connection.scalar(found) is not None


@program_only
def undeleted(database: Database, recordings: Path) -> list[str]:
    """The files that are still there although the newest removals name them: their deletion was cut short.

    Not one of another size: after a clock that was days ahead was put back, another recording may have got the same name.
    """
    with database.read() as connection:
        newest = connection.scalar(sa.select(sa.func.max(footage_removal.c.at)))
        if newest is None:
            return []
        of_last_day = sa.select(segment.c.path, segment.c.bytes).join(footage_removal, footage_removal.c.segment_id == segment.c.id)
        rows = connection.execute(of_last_day.where(footage_removal.c.at >= newest - LOOK_BACK)).all()
    return [row.path for row in rows if _size(recordings / row.path) == row.bytes]


def _size(file: Path) -> int | None:
    try:
        return file.stat().st_size
    except OSError:
        return None


@program_only
def forget_old_motion(database: Database, now: datetime) -> None:
    """Deletes the motion grids that are older than any question."""
    with database.read() as connection:
        cameras = connection.scalars(sa.select(camera.c.id)).all()
        old = motion_grid.c.minute_at < now - GRID_KEPT
        with_old = [one for one in cameras if connection.scalar(sa.select(sa.exists().where(motion_grid.c.camera_id == one, old)))]
    for camera_id in with_old:
        with database.write() as connection:
            connection.execute(motion_grid.delete().where(motion_grid.c.camera_id == camera_id, old))


def inside(recordings: Path, path: str) -> Path | None:
    """The file's real place; None where that is not below the recordings folder, by whatever path or link."""
    real = (recordings / path).resolve()
    return real if real.is_relative_to(recordings.resolve()) and real != recordings.resolve() else None


def _tidy(file: Path, now: datetime) -> None:
    """Removes the folders of day, month and year above a file if they are empty, but none that a recorder may be writing into."""
    in_use = {f"{at:%Y/%m/%d}" for at in (now - timedelta(days=1), now, now + timedelta(days=1))}
    for folder, depth in zip(file.parents, (3, 2, 1), strict=False):
        part = "/".join(folder.parts[-depth:])
        if not all(name.isdigit() for name in folder.parts[-depth:]) or any(day == part or day.startswith(f"{part}/") for day in in_use):
            return
        with contextlib.suppress(OSError):  # not empty
            folder.rmdir()


def _enter_gaps(connection: sa.Connection, segments: list[KeptSegment]) -> dict[int, set[int]]:
    """The time of what goes becomes gaps of its camera, one with the gap of what went just before it; the open gap stays as it is.

    The gaps of each camera.
    """
    times: dict[int, list[Span]] = {}
    for one in segments:
        times.setdefault(one.camera_id, []).append((one.started_at, one.ended_at))
    own, entered = gap.c, {camera_id: set[int]() for camera_id in times}
    for camera_id, spans in times.items():
        for started_at, ended_at in _joined(spans):
            before = sa.and_(own.camera_id == camera_id, own.cause == CAUSE, own.started_at <= started_at)
            touching = sa.and_(before, own.ended_at >= started_at - TOUCHING)
            earlier = connection.execute(
                sa.select(own.id, own.ended_at).where(touching).order_by(own.started_at.desc()).limit(1)
            ).one_or_none()
            if earlier:
                connection.execute(gap.update().where(own.id == earlier.id).values(ended_at=max(ended_at, earlier.ended_at)))
                entered[camera_id].add(earlier.id)
            else:
                values = {"camera_id": camera_id, "started_at": started_at, "ended_at": ended_at, "cause": CAUSE}
                entered[camera_id].add(connection.execute(gap.insert().values(values).returning(own.id)).scalar_one())
    return entered


def _joined(spans: list[Span]) -> list[Span]:
    joined: list[Span] = []
    for started_at, ended_at in sorted(spans):
        if joined and started_at <= joined[-1][1] + TOUCHING:
            joined[-1] = (joined[-1][0], max(ended_at, joined[-1][1]))
        else:
            joined.append((started_at, ended_at))
    return joined
