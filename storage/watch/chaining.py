"""What the recorder has kept, told to the chain: every segment with its hash, what an event came to, and gaps."""

from datetime import datetime, timedelta

import sqlalchemy as sa

from storage.chain import put_record, site_of_camera
from storage.schema.footage import gap, segment
from storage.schema.places import camera, room
from storage.schema.watch import watch_event

# Segments are chained together, at least so often; who changes a row before that is found by the file's own hash.
CHAINED_EVERY = timedelta(minutes=1)
SEGMENTS = "segments_kept"
# Segments in one record.
AT_ONCE = 500


def chain_segments(connection: sa.Connection, at: datetime) -> None:
    """Records every segment that no record tells of yet, those of a site together.

    Each as [camera, number, path, first packet, last packet, bytes, SHA-256].
    """
    own = segment.c
    columns = sa.select(own.id, room.c.site_id, own.camera_id, own.number, own.path, own.started_at, own.ended_at, own.bytes, own.sha256)
    joined = columns.join(camera, camera.c.id == own.camera_id).join(room, room.c.id == camera.c.room_id)
    rows = connection.execute(joined.where(own.record_id.is_(None)).order_by(own.id).limit(AT_ONCE)).all()
    for site_id in sorted({row.site_id for row in rows}):
        here = [row for row in rows if row.site_id == site_id]
        record_id = put_record(connection, site_id, SEGMENTS, {"segments": [list(row[2:]) for row in here]}, at=at)
        connection.execute(segment.update().where(own.id.in_([row.id for row in here])).values(record_id=record_id))


def chain_event(connection: sa.Connection, event_id: int) -> None:
    """Records what an event of the watch came to, now that it is over."""
    row = connection.execute(sa.select(watch_event).where(watch_event.c.id == event_id)).one_or_none()
    if row is None or row.ended_at is None:
        return
    said = {"event": event_id, "camera": row.camera_id, "kind": row.kind, "started": row.started_at, "ended": row.ended_at}
    said |= {"verdict": row.verdict, "alarm": row.alarm_id, "peak_pct": round(row.peak_pct, 1)}
    put_record(
        connection, site_of_camera(connection, row.camera_id), "watch_event", said, at=row.ended_at, rows={"watch_event": [event_id]}
    )


def chain_gap(connection: sa.Connection, gap_id: int) -> None:
    """Records a time without footage that is over, and why."""
    row = connection.execute(sa.select(gap).where(gap.c.id == gap_id)).one()
    said = {"gap": gap_id, "camera": row.camera_id, "started": row.started_at, "ended": row.ended_at, "cause": row.cause, "note": row.note}
    put_record(connection, site_of_camera(connection, row.camera_id), "gap", said, at=row.ended_at, rows={"gap": [gap_id]})
