"""Tables of the footage: segments and what became of them, gaps, cameras that are off, how long footage is kept and what is locked."""

import sqlalchemy as sa

from storage.schema.base import Instant, metadata

NOW = sa.text("valid_until IS NULL")
IS_OFF = sa.text("until_at IS NULL")
UNCHAINED = sa.text("record_id IS NULL")

segment = sa.Table(
    "segment",
    metadata,
    sa.Column("id", sa.Integer, primary_key=True),
    sa.Column("camera_id", sa.ForeignKey("camera.id"), nullable=False),
    # 1, 2, 3, ... for each camera, in the order of recording whatever the clocks say: one that is missing was taken out of the table.
    sa.Column("number", sa.Integer, nullable=False),
    sa.Column("path", sa.String(400), nullable=False, unique=True),  # below the recordings folder
    sa.Column("started_at", Instant, nullable=False),
    sa.Column("ended_at", Instant, nullable=False),
    sa.Column("packets", sa.Integer, nullable=False),
    sa.Column("bytes", sa.Integer, nullable=False),
    sa.Column("sha256", sa.String(64), nullable=False),
    sa.Column("end_reason", sa.String(16), nullable=False),
    # The camera's own timestamps of the first and the last packet, in microseconds of its clock; empty where it sent none.
    sa.Column("first_stamp_us", sa.BigInteger),
    sa.Column("last_stamp_us", sa.BigInteger),
    # The record in the site's chain that tells of it; empty for the minute until there is one.
    sa.Column("record_id", sa.Integer),
    sa.CheckConstraint("ended_at >= started_at", name="order"),
    sa.UniqueConstraint("camera_id", "number"),
    sa.Index("ix_segment_camera_id_started_at", "camera_id", "started_at"),
    sa.Index("ix_segment_unchained", "id", sqlite_where=UNCHAINED, postgresql_where=UNCHAINED),
)

footage_removal = sa.Table(
    "footage_removal",
    metadata,
    # The row is written before the file is deleted, so that nothing ever goes without one.
    sa.Column("segment_id", sa.ForeignKey("segment.id"), primary_key=True),
    sa.Column("at", Instant, nullable=False),
    sa.Column("reason", sa.String(12), nullable=False),
    sa.CheckConstraint("reason IN ('days', 'bytes', 'disk_low')", name="reason"),
)

footage_finding = sa.Table(
    "footage_finding",
    metadata,
    sa.Column("id", sa.Integer, primary_key=True),
    sa.Column("segment_id", sa.ForeignKey("segment.id"), nullable=False),
    sa.Column("found_at", Instant, nullable=False),
    sa.Column("kind", sa.String(8), nullable=False),
    sa.CheckConstraint("kind IN ('missing', 'size', 'hash')", name="kind"),
    # The same told once, however often it is checked.
    sa.UniqueConstraint("segment_id", "kind"),
)

set_aside = sa.Table(
    "set_aside",
    metadata,
    sa.Column("id", sa.Integer, primary_key=True),
    sa.Column("camera_id", sa.ForeignKey("camera.id")),  # empty where its folder names no camera of ours
    sa.Column("path", sa.String(400), nullable=False, unique=True),  # where it lies now, below the recordings folder
    sa.Column("found_at", Instant, nullable=False),
    sa.Column("bytes", sa.Integer, nullable=False),
    sa.Column("reason", sa.String(200), nullable=False),
)

gap = sa.Table(
    "gap",
    metadata,
    sa.Column("id", sa.Integer, primary_key=True),
    sa.Column("camera_id", sa.ForeignKey("camera.id"), nullable=False),
    sa.Column("started_at", Instant, nullable=False),
    sa.Column("ended_at", Instant),  # empty while the camera is not recorded
    sa.Column("cause", sa.String(24), nullable=False),
    # Who or what brought it about and why, where somebody did.
    sa.Column("note", sa.String(400), nullable=False, server_default=""),
    sa.Index("ix_gap_camera_id_started_at", "camera_id", "started_at"),
    # A camera is in one gap at a time.
    sa.Index(
        "uq_gap_open", "camera_id", unique=True, sqlite_where=sa.text("ended_at IS NULL"), postgresql_where=sa.text("ended_at IS NULL")
    ),
)

camera_off = sa.Table(
    "camera_off",
    metadata,
    sa.Column("id", sa.Integer, primary_key=True),
    sa.Column("camera_id", sa.ForeignKey("camera.id"), nullable=False),
    sa.Column("from_at", Instant, nullable=False),
    sa.Column("until_at", Instant),  # empty while it is off
    sa.Column("person_id", sa.ForeignKey("person.id"), nullable=False),
    sa.Column("reason", sa.String(200), nullable=False),
    sa.CheckConstraint("reason <> ''", name="reason"),
    sa.Index("uq_camera_off_now", "camera_id", unique=True, sqlite_where=IS_OFF, postgresql_where=IS_OFF),
)

retention = sa.Table(
    "retention",
    metadata,
    sa.Column("id", sa.Integer, primary_key=True),
    sa.Column("room_id", sa.ForeignKey("room.id"), nullable=False),
    # Footage older than so many days goes; what is more than so many bytes goes. Empty: no such limit.
    sa.Column("days", sa.Integer),
    sa.Column("bytes", sa.BigInteger),
    # A change ends the old row and begins a new one.
    sa.Column("valid_from", Instant, nullable=False),
    sa.Column("valid_until", Instant),
    sa.Column("person_id", sa.ForeignKey("person.id"), nullable=False),
    sa.CheckConstraint("days > 0 AND bytes > 0", name="limits"),
    sa.Index("uq_retention_now", "room_id", unique=True, sqlite_where=NOW, postgresql_where=NOW),
)

footage_lock = sa.Table(
    "footage_lock",
    metadata,
    sa.Column("id", sa.Integer, primary_key=True),
    sa.Column("camera_id", sa.ForeignKey("camera.id"), nullable=False, index=True),
    sa.Column("from_at", Instant, nullable=False),
    sa.Column("until_at", Instant, nullable=False),
    sa.Column("reason", sa.String(200), nullable=False),
    sa.Column("locked_at", Instant, nullable=False),
    sa.Column("locked_by", sa.ForeignKey("person.id"), nullable=False),
    sa.Column("released_at", Instant),
    sa.Column("released_by", sa.ForeignKey("person.id")),
    sa.CheckConstraint("until_at > from_at", name="order"),
    sa.CheckConstraint("(released_at IS NULL) = (released_by IS NULL)", name="released"),
)
