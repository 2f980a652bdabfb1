"""The motion grid: which of the picture's 32x18 cells moved in which second, so that who touched a shelf is found without decoding.

A minute in which something moved is one row. Its bytes are put in order of place before they are compressed, because a place that moves
goes on moving: for each of the 72 bytes of a grid its value in every second of the minute. A minute too full for MOST_BYTES is kept in
steps of 2 seconds or more, each with all the cells that moved within it: nothing that moved is lost, only when is told less exactly, and
a day stays below 2 MB whatever happens in front of the camera.
"""

import zlib
from collections.abc import Iterable
from datetime import datetime, timedelta

import sqlalchemy as sa

from storage.database import Database
from storage.people.right import right
from storage.rules.rights import Act
from storage.schema.watch import motion_grid
from storage.watch.shapes import BoxLike

COLUMNS, ROWS = 32, 18
SECONDS = 60
GRID_BYTES = COLUMNS * ROWS // 8
MINUTE_BYTES = SECONDS * GRID_BYTES
# Four such rows fit into a page of SQLite's; 1440 of them are 1.5 MB.
MOST_BYTES = 960
STEPS_S = (1, 2, 3, 4, 5, 6, 10, 12, 15, 20, 30, 60)
# Movements with less than this between them are one.
JOINED_S = 3
SECOND = timedelta(seconds=1)

Spans = list[tuple[datetime, datetime]]


def put_minute(connection: sa.Connection, camera_id: int, minute_at: datetime, cells: bytes) -> None:
    """Keeps the grid of one minute; told again, the two are one: what moved in either.

    cells: second by second, 18 rows of 32 cells, a bit each, the left one of a byte the highest.

    Raises ValueError for another length, and for an instant that is no whole minute.
    """
    if len(cells) != MINUTE_BYTES or minute_at.second or minute_at.microsecond:
        raise ValueError(f"no minute of a motion grid: {len(cells)} bytes at {minute_at}")
    own = motion_grid.c
    same = sa.and_(own.camera_id == camera_id, own.minute_at == minute_at)
    kept = connection.scalar(sa.select(own.cells).where(same))
    if kept is None:
        connection.execute(motion_grid.insert().values(camera_id=camera_id, minute_at=minute_at, cells=packed(cells)))
    else:
        merged = (int.from_bytes(cells) | int.from_bytes(unpacked(kept))).to_bytes(MINUTE_BYTES)
        connection.execute(motion_grid.update().where(same).values(cells=packed(merged)))


@right(Act.SEE_FOOTAGE)
def touched(database: Database, camera_id: int, area: BoxLike, from_at: datetime, until_at: datetime) -> Spans:
    """When something moved in an area of a camera's picture, in order: from the first second to the end of the last one.

    area: in shares of the picture; every cell that it overlaps counts.
    """
    own = motion_grid.c
    first_at = from_at.replace(second=0, microsecond=0)
    of_time = sa.and_(own.camera_id == camera_id, own.minute_at >= first_at, own.minute_at < until_at)
    with database.read() as connection:
        minutes = connection.execute(sa.select(own.minute_at, own.cells).where(of_time).order_by(own.minute_at)).all()
    bits = _bits(area)
    spans: Spans = []
    for begun_s, ended_s in _joined(((minute_at - first_at) // SECOND, _moved(kept, bits)) for minute_at, kept in minutes):
        begun_at, ended_at = max(from_at, first_at + begun_s * SECOND), min(until_at, first_at + ended_s * SECOND)
        if begun_at < ended_at:
            spans.append((begun_at, ended_at))
    return spans


def packed(cells: bytes) -> bytes:
    """A minute's cells as they are kept, MOST_BYTES at most."""
    seconds = [int.from_bytes(cells[place : place + GRID_BYTES]) for place in range(0, MINUTE_BYTES, GRID_BYTES)]
    return next(found for step_s in STEPS_S if len(found := _packed_in_steps(seconds, step_s)) <= MOST_BYTES)


def unpacked(kept: bytes) -> bytes:
    """The cells of a minute, second by second; where it was kept in longer steps, each of their seconds has all of its cells."""
    by_place = zlib.decompress(kept, -zlib.MAX_WBITS)
    steps = len(by_place) // GRID_BYTES
    return b"".join(by_place[step::steps] * (SECONDS // steps) for step in range(steps))


def _packed_in_steps(seconds: list[int], step_s: int) -> bytes:
    steps = []
    for first in range(0, SECONDS, step_s):
        cells = 0
        for second in seconds[first : first + step_s]:
            cells |= second
        steps.append(cells.to_bytes(GRID_BYTES))
    whole = b"".join(steps)
    by_place = b"".join(whole[place::GRID_BYTES] for place in range(GRID_BYTES))
    packer = zlib.compressobj(9, zlib.DEFLATED, -zlib.MAX_WBITS)
    return packer.compress(by_place) + packer.flush()


def _bits(area: BoxLike) -> list[tuple[int, int]]:
    """The bytes of a grid that an area has cells in, by place, and those cells' bits."""
    columns = _overlapped(area.x, area.width, COLUMNS)
    rows = _overlapped(area.y, area.height, ROWS)
    found: dict[int, int] = {}
    for row in rows:
        for column in columns:
            place = row * COLUMNS // 8 + column // 8
            found[place] = found.get(place, 0) | 0x80 >> column % 8
    return list(found.items())


def _overlapped(begin: float, length: float, count: int) -> range:
    """Which of `count` equal parts of 0 to 1 a stretch overlaps; one without length lies in one part."""
    first = min(count - 1, max(0, int(begin * count)))
    end = -int(-(begin + length) * count // 1)
    return range(first, min(count, max(first + 1, end)))


def _moved(kept: bytes, bits: list[tuple[int, int]]) -> bytes:
    """A byte for each step of the minute, not 0 where one of the bits moved."""
    by_place = zlib.decompress(kept, -zlib.MAX_WBITS)
    steps = len(by_place) // GRID_BYTES
    ones = int.from_bytes(b"\1" * steps)
    moved = 0
    for place, mask in bits:
        moved |= int.from_bytes(by_place[place * steps : (place + 1) * steps]) & ones * mask
    return moved.to_bytes(steps)


def _joined(minutes: Iterable[tuple[int, bytes]]) -> list[list[int]]:
    """From when until when something moved, in seconds, from when each minute begins and what moved in its steps."""
    spans: list[list[int]] = []
    ended_s = -JOINED_S
    for minute_s, moved in minutes:
        step_s = SECONDS // len(moved)
        for begun_s, value in zip(range(minute_s, minute_s + SECONDS, step_s), moved, strict=True):
            if value:
                if begun_s - ended_s >= JOINED_S:
                    spans.append([begun_s, begun_s])
                ended_s = spans[-1][1] = begun_s + step_s
    return spans
