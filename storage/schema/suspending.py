"""Tables of times in which an armed room does not ring, and of rooms that were unlocked; two persons answer for each row."""

import sqlalchemy as sa

from storage.schema.base import Instant, metadata

# Nothing in these tables is ever changed: what ends before its time has a row in suspension_end.
alarm_suspension = sa.Table(
    "alarm_suspension",
    metadata,
    sa.Column("id", sa.Integer, primary_key=True),
    sa.Column("camera_id", sa.ForeignKey("camera.id"), nullable=False, index=True),
    sa.Column("from_at", Instant, nullable=False),
    sa.Column("until_at", Instant, nullable=False),
    sa.Column("reason", sa.String(200), nullable=False),
    sa.Column("person_id", sa.ForeignKey("person.id"), nullable=False),
    sa.Column("second_id", sa.ForeignKey("person.id"), nullable=False),
    sa.CheckConstraint("until_at > from_at", name="order"),
    sa.CheckConstraint("second_id <> person_id", name="second"),
    sa.CheckConstraint("reason <> ''", name="reason"),
)

room_disarm = sa.Table(
    "room_disarm",
    metadata,
    sa.Column("id", sa.Integer, primary_key=True),
    sa.Column("room_id", sa.ForeignKey("room.id"), nullable=False, index=True),
    sa.Column("from_at", Instant, nullable=False),
    sa.Column("until_at", Instant, nullable=False),
    sa.Column("reason", sa.String(200), nullable=False),
    sa.Column("person_id", sa.ForeignKey("person.id"), nullable=False),
    sa.Column("second_id", sa.ForeignKey("person.id"), nullable=False),
    sa.CheckConstraint("until_at > from_at", name="order"),
    sa.CheckConstraint("second_id <> person_id", name="second"),
    sa.CheckConstraint("reason <> ''", name="reason"),
)

# A room whose lock was opened; it stays armed, and open until it is said to be locked again.
room_unlocking = sa.Table(
    "room_unlocking",
    metadata,
    sa.Column("id", sa.Integer, primary_key=True),
    sa.Column("room_id", sa.ForeignKey("room.id"), nullable=False, index=True),
    sa.Column("from_at", Instant, nullable=False),
    sa.Column("reason", sa.String(200), nullable=False),
    sa.Column("person_id", sa.ForeignKey("person.id"), nullable=False),
    sa.Column("second_id", sa.ForeignKey("person.id"), nullable=False),
    sa.CheckConstraint("second_id <> person_id", name="second"),
    sa.CheckConstraint("reason <> ''", name="reason"),
)

room_witness = sa.Table(
    "room_witness",
    metadata,
    sa.Column("id", sa.Integer, primary_key=True),
    sa.Column("unlocking_id", sa.ForeignKey("room_unlocking.id"), nullable=False),
    sa.Column("name", sa.String(80), nullable=False),
    sa.Column("institution", sa.String(16), nullable=False),
    # Of the picture of the signature; empty where nobody signed.
    sa.Column("sha256", sa.ForeignKey("signature_picture.sha256")),
    sa.UniqueConstraint("unlocking_id", "name"),
    sa.CheckConstraint("name <> ''", name="name"),
)

suspension_end = sa.Table(
    "suspension_end",
    metadata,
    sa.Column("id", sa.Integer, primary_key=True),
    sa.Column("suspension_id", sa.ForeignKey("alarm_suspension.id"), unique=True),
    sa.Column("disarm_id", sa.ForeignKey("room_disarm.id"), unique=True),
    sa.Column("unlocking_id", sa.ForeignKey("room_unlocking.id"), unique=True),
    sa.Column("at", Instant, nullable=False),
    sa.Column("person_id", sa.ForeignKey("person.id"), nullable=False),
    sa.CheckConstraint(
        "(suspension_id IS NOT NULL AND disarm_id IS NULL AND unlocking_id IS NULL) OR "
        "(suspension_id IS NULL AND disarm_id IS NOT NULL AND unlocking_id IS NULL) OR "
        "(suspension_id IS NULL AND disarm_id IS NULL AND unlocking_id IS NOT NULL)",
        name="of_one",
    ),
)
