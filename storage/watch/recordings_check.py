"""The recordings compared with their rows: files that are missing, changed, or known to nobody, and rows that were taken out."""

import hashlib
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from pathlib import Path
from typing import Any

import sqlalchemy as sa

from storage.chain import put_record, site_of_camera
from storage.database import Database
from storage.people.right import right
from storage.rules.refusal import Refusal
from storage.rules.rights import Act
from storage.schema.footage import footage_finding, footage_removal, segment
from storage.schema.watch import camera_state
from storage.watch.gaps import keep_gap
from storage.watch.segments import missing_numbers, unknown_files

# So many segments are read, looked at and kept at once.
BATCH = 500
BLOCK_BYTES = 1 << 20
# A file that is younger may be growing, or its row be on its way.
ORPHAN_AFTER = timedelta(minutes=5)
GROWING = ".part"


class Depth(StrEnum):
    """How deep is looked: is the file there; is it as long as it was; are its bytes what they were."""

    PRESENCE = "presence"
    SIZE = "size"
    HASH = "hash"


@dataclass(frozen=True)
class FileFinding:
    """One difference between the recordings and their rows. said: the sentence for it, which names the file.

    kind: missing, size, hash or unreadable of a segment; number where a segment's row was taken out; orphan of a file without a row.
    """

    kind: str
    path: str
    camera_id: int | None
    segment_id: int | None
    said: Refusal


@dataclass(frozen=True)
class Report:
    """segments: how many were looked at; findings: what was found now, whether or not it was known."""

    segments: int
    findings: tuple[FileFinding, ...]


@right(Act.CHECK)
def check(
    database: Database,
    recordings: Path,
    depth: Depth,
    *,
    now: Callable[[], datetime],
    progress: Callable[[float], None] = lambda _share: None,
    tell: Callable[[FileFinding], None] = lambda _finding: None,
) -> Report:
    """Compares every segment that was not removed with its file, the numbers of the segments, and the files with the rows.

    What is missing or changed is kept once as a row, a missing file as a gap too; they are kept as they are found, so that a check
    which is called off in the middle loses none. tell: told of each finding. Raises Refusal where there is no folder of recordings.
    """
    findings = []
    for finding in _findings(database, recordings, depth, now, progress):
        findings.append(finding)
        tell(finding)
    with database.read() as connection:
        segments = connection.scalar(sa.select(sa.func.count()).select_from(_to_look_at(segment.c.id).subquery())) or 0
    return Report(segments, tuple(findings))


@right(Act.CHECK)
def check_presence(database: Database, recordings: Path, now: datetime, stopped: Callable[[], bool]) -> Iterator[FileFinding]:
    """Whether every segment has its file; ends early once `stopped` says so. What is missing is kept as in `check`.

    Raises Refusal where the database cannot be written.
    """
    for rows in _batches(database, BATCH):
        if stopped():
            return
        yield from _keep(database, _look(recordings, rows, Depth.PRESENCE), now)


def _findings(
    database: Database, recordings: Path, depth: Depth, now: Callable[[], datetime], progress: Callable[[float], None]
) -> Iterator[FileFinding]:
    if not recordings.is_dir():
        raise Refusal("The folder for recordings {folder} is not there. Is its disk connected?", folder=recordings)
    weight = segment.c.bytes if depth is Depth.HASH else sa.literal(1)
    with database.read() as connection:
        whole = connection.scalar(sa.select(sa.func.sum(_to_look_at(weight.label("weight")).subquery().c.weight))) or 1
    done = 0
    for rows in _batches(database, 1 if depth is Depth.HASH else BATCH):
        looked = []
        try:
            for row in rows:
                looked += _look(recordings, [row], depth)
                done += row.bytes if depth is Depth.HASH else 1
                progress(min(1.0, done / whole))
        finally:  # also where somebody calls it off
            kept = _keep(database, looked, now())
        yield from kept
    yield from _taken_out(database)
    yield from _orphans(database, recordings, now())


def _to_look_at(*columns: sa.ColumnElement[Any]) -> sa.Select[*tuple[Any, ...]]:
    gone = sa.exists().where(footage_removal.c.segment_id == segment.c.id)
    return sa.select(*columns).where(~gone)


def _batches(database: Database, most: int) -> Iterator[Sequence[sa.Row[*tuple[Any, ...]]]]:
    own, last = segment.c, 0
    columns = (own.id, own.camera_id, own.path, own.started_at, own.ended_at, own.bytes, own.sha256)
    while True:
        with database.read() as connection:
            rows = connection.execute(_to_look_at(*columns).where(own.id > last).order_by(own.id).limit(most)).all()
        if not rows:
            return
        last = rows[-1].id
        yield rows


Found = tuple[sa.Row[*tuple[Any, ...]], FileFinding]


def _look(recordings: Path, rows: Sequence[sa.Row[*tuple[Any, ...]]], depth: Depth) -> list[Found]:
    found = []
    for row in rows:
        said = _difference(recordings, row, depth)
        if said is not None:
            found.append((row, FileFinding(said[0], row.path, row.camera_id, row.id, said[1])))
    return found


def _difference(recordings: Path, row: sa.Row[*tuple[Any, ...]], depth: Depth) -> tuple[str, Refusal] | None:
    """A path that leads out of the recordings is not followed: there is no such recording."""
    folder, file = recordings.resolve(), (recordings / row.path).resolve()
    try:
        size = file.stat().st_size if file.is_relative_to(folder) and file.is_file() else None
        if size is None:
            return "missing", Refusal("MISSING: the file {file} is not there any more.", file=row.path)
        if depth is Depth.PRESENCE:
            return None
        if size != row.bytes:
            return "size", Refusal("CHANGED: {file} has {bytes} bytes and had {before}.", file=row.path, bytes=size, before=row.bytes)
        if depth is Depth.HASH and _sha256(file) != row.sha256:
            return "hash", Refusal("CHANGED: what is in {file} is not what was recorded.", file=row.path)
    except OSError as error:
        return "unreadable", Refusal("The file {file} cannot be read: {why}.", file=row.path, why=error.strerror)
    return None


def _sha256(file: Path) -> str:
    digest = hashlib.sha256()
    with file.open("rb") as opened:
        while block := opened.read(BLOCK_BYTES):
            digest.update(block)
    return digest.hexdigest()


def _keep(database: Database, found: Sequence[Found], now: datetime) -> list[FileFinding]:
    """Keeps each once; leaves out what was removed by right while it was looked for."""
    if not found:
        return []
    ids = [row.id for row, _finding in found]
    with database.write() as connection:
        removed = set(connection.scalars(sa.select(footage_removal.c.segment_id).where(footage_removal.c.segment_id.in_(ids))))
        own = footage_finding.c
        known = {
            (row.segment_id, row.kind) for row in connection.execute(sa.select(own.segment_id, own.kind).where(own.segment_id.in_(ids)))
        }
        for row, finding in found:
            if finding.kind == "unreadable" or row.id in removed or (row.id, finding.kind) in known:
                continue
            values = {"segment_id": row.id, "found_at": now, "kind": finding.kind}
            rows = {"footage_finding": [connection.execute(footage_finding.insert().values(values).returning(own.id)).scalar_one()]}
            said = {"camera": row.camera_id, "path": row.path, "finding": finding.kind}
            put_record(connection, site_of_camera(connection, row.camera_id), "footage_finding", said, at=now, rows=rows)
            if finding.kind == "missing":
                keep_gap(connection, row.camera_id, row.started_at, row.ended_at, cause="missing", note=row.path)
    return [finding for row, finding in found if row.id not in removed]


def _taken_out(database: Database) -> Iterator[FileFinding]:
    """The numbers that no segment has."""
    with database.read() as connection:
        last = sa.select(segment.c.camera_id, sa.func.max(segment.c.number).label("last")).group_by(segment.c.camera_id)
        for row in connection.execute(last.order_by(segment.c.camera_id)).all():
            for number in missing_numbers(connection, row.camera_id, 1, row.last):
                said = Refusal(
                    "TAKEN OUT: the row of segment {number} of camera {camera} is not there any more.", number=number, camera=row.camera_id
                )
                yield FileFinding("number", "", row.camera_id, None, said)


def _orphans(database: Database, recordings: Path, now: datetime) -> Iterator[FileFinding]:
    """Files of recordings that no row names, folder by folder."""
    for folder in sorted({file.parent for file in _files(recordings)}):
        names = sorted(file.relative_to(recordings).as_posix() for file in _files(folder, deep=False) if _is_old(file, now))
        for begin in range(0, len(names), BATCH):
            some = names[begin : begin + BATCH]
            with database.read() as connection:
                growing = set(connection.scalars(sa.select(camera_state.c.writing_path)))
                strangers = unknown_files(connection, some)
            for name in strangers:
                if name not in growing:
                    yield FileFinding("orphan", name, None, None, Refusal("UNKNOWN: no row names the file {file}.", file=name))


def _files(folder: Path, *, deep: bool = True) -> Iterator[Path]:
    for pattern in ("*.mp4", f"*{GROWING}"):
        yield from (file for file in (folder.rglob(pattern) if deep else folder.glob(pattern)) if file.is_file())


def _is_old(file: Path, now: datetime) -> bool:
    try:
        return now.timestamp() - file.stat().st_mtime > ORPHAN_AFTER.total_seconds()
    except OSError:  # gone or renamed meanwhile
        return False
