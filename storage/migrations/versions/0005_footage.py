"""What became of the footage, whose clock it goes by, cameras that are off, how long footage is kept, and alarms about the recorder."""

import sqlalchemy as sa
from alembic import op

from storage.migrations.append_only import append_only

revision = "0005"
down_revision = "0004"

NEW = ("footage_removal", "footage_finding", "set_aside", "camera_off", "retention", "footage_lock", "clock_step")
# What was found and what was deleted stays told.
KEPT = {"footage_removal": [["segment_id"]], "footage_finding": [["id"], ["segment_id", "kind"]], "set_aside": [["id"], ["path"]]}


def upgrade() -> None:
    """Segments are numbered in the order in which their rows were written; everything else is new."""
    _numbers()
    op.add_column("gap", sa.Column("note", sa.String(400), server_default="", nullable=False))
    for column in (
        sa.Column("computer_at", sa.String(27)),
        sa.Column("boot_id", sa.String(64), server_default="", nullable=False),
        sa.Column("uptime_s", sa.Float(), server_default="0", nullable=False),
        sa.Column("stopped_by", sa.String(120), server_default="", nullable=False),
    ):
        op.add_column("recorder", column)
    with op.batch_alter_table("camera_state") as batch:
        batch.add_column(sa.Column("recorder_id", sa.Integer()))
        batch.create_foreign_key(op.f("fk_camera_state_recorder_id"), "recorder", ["recorder_id"], ["id"])
    _without_camera()
    _make_records()
    _make_settings()
    for table, keys in KEPT.items():
        for trigger in append_only(table, *keys):
            op.execute(trigger)
    if op.get_bind().dialect.name == "postgresql":
        own = [table for table in NEW if table not in KEPT]
        op.execute(f"GRANT SELECT, INSERT ON {', '.join(KEPT)} TO jaga_writer")
        op.execute(f"GRANT SELECT, INSERT, UPDATE, DELETE ON {', '.join(own)} TO jaga_writer")
        numbered = [f"{table}_id_seq" for table in NEW if table != "footage_removal"]
        op.execute(f"GRANT USAGE, SELECT ON SEQUENCE {', '.join(numbered)} TO jaga_writer")


def _numbers() -> None:
    op.add_column("segment", sa.Column("number", sa.Integer()))
    op.add_column("segment", sa.Column("first_stamp_us", sa.BigInteger()))
    op.add_column("segment", sa.Column("last_stamp_us", sa.BigInteger()))
    earlier = "SELECT count(*) FROM segment AS other WHERE other.camera_id = segment.camera_id AND other.id <= segment.id"
    op.execute(f"UPDATE segment SET number = ({earlier})")
    with op.batch_alter_table("segment") as batch:
        batch.alter_column("number", existing_type=sa.Integer(), nullable=False)
        batch.create_unique_constraint(op.f("uq_segment_camera_id_number"), ["camera_id", "number"])


def _without_camera() -> None:
    for table in ("watch_event", "alarm"):
        with op.batch_alter_table(table) as batch:
            batch.alter_column("camera_id", existing_type=sa.Integer(), nullable=True)
    for trigger in append_only("alarm", ["id"]):
        op.execute(trigger)


def _make_records() -> None:
    op.create_table(
        "footage_removal",
        sa.Column("segment_id", sa.Integer(), nullable=False),
        sa.Column("at", sa.String(27), nullable=False),
        sa.Column("reason", sa.String(12), nullable=False),
        sa.CheckConstraint("reason IN ('days', 'bytes', 'disk_low')", name=op.f("ck_footage_removal_reason")),
        sa.ForeignKeyConstraint(["segment_id"], ["segment.id"], name=op.f("fk_footage_removal_segment_id")),
        sa.PrimaryKeyConstraint("segment_id", name=op.f("pk_footage_removal")),
    )
    op.create_table(
        "footage_finding",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("segment_id", sa.Integer(), nullable=False),
        sa.Column("found_at", sa.String(27), nullable=False),
        sa.Column("kind", sa.String(8), nullable=False),
        sa.CheckConstraint("kind IN ('missing', 'size', 'hash')", name=op.f("ck_footage_finding_kind")),
        sa.ForeignKeyConstraint(["segment_id"], ["segment.id"], name=op.f("fk_footage_finding_segment_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_footage_finding")),
        sa.UniqueConstraint("segment_id", "kind", name=op.f("uq_footage_finding_segment_id_kind")),
    )
    op.create_table(
        "set_aside",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("camera_id", sa.Integer()),
        sa.Column("path", sa.String(400), nullable=False),
        sa.Column("found_at", sa.String(27), nullable=False),
        sa.Column("bytes", sa.Integer(), nullable=False),
        sa.Column("reason", sa.String(200), nullable=False),
        sa.ForeignKeyConstraint(["camera_id"], ["camera.id"], name=op.f("fk_set_aside_camera_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_set_aside")),
        sa.UniqueConstraint("path", name=op.f("uq_set_aside_path")),
    )
    op.create_table(
        "clock_step",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("recorder_id", sa.Integer(), nullable=False),
        sa.Column("at", sa.String(27), nullable=False),
        sa.Column("computer_at", sa.String(27), nullable=False),
        sa.Column("settled_at", sa.String(27)),
        sa.Column("settled_by", sa.Integer()),
        sa.CheckConstraint("(settled_at IS NULL) = (settled_by IS NULL)", name=op.f("ck_clock_step_settled")),
        sa.ForeignKeyConstraint(["recorder_id"], ["recorder.id"], name=op.f("fk_clock_step_recorder_id")),
        sa.ForeignKeyConstraint(["settled_by"], ["person.id"], name=op.f("fk_clock_step_settled_by")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_clock_step")),
    )
    op.create_index("ix_clock_step_recorder_id", "clock_step", ["recorder_id"])


def _make_settings() -> None:
    op.create_table(
        "camera_off",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("camera_id", sa.Integer(), nullable=False),
        sa.Column("from_at", sa.String(27), nullable=False),
        sa.Column("until_at", sa.String(27)),
        sa.Column("person_id", sa.Integer(), nullable=False),
        sa.Column("reason", sa.String(200), nullable=False),
        sa.CheckConstraint("reason <> ''", name=op.f("ck_camera_off_reason")),
        sa.ForeignKeyConstraint(["camera_id"], ["camera.id"], name=op.f("fk_camera_off_camera_id")),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name=op.f("fk_camera_off_person_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_camera_off")),
    )
    is_off = sa.text("until_at IS NULL")
    op.create_index("uq_camera_off_now", "camera_off", ["camera_id"], unique=True, sqlite_where=is_off, postgresql_where=is_off)
    op.create_table(
        "retention",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("room_id", sa.Integer(), nullable=False),
        sa.Column("days", sa.Integer()),
        sa.Column("bytes", sa.BigInteger()),
        sa.Column("valid_from", sa.String(27), nullable=False),
        sa.Column("valid_until", sa.String(27)),
        sa.Column("person_id", sa.Integer(), nullable=False),
        sa.CheckConstraint("days > 0 AND bytes > 0", name=op.f("ck_retention_limits")),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name=op.f("fk_retention_person_id")),
        sa.ForeignKeyConstraint(["room_id"], ["room.id"], name=op.f("fk_retention_room_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_retention")),
    )
    now = sa.text("valid_until IS NULL")
    op.create_index("uq_retention_now", "retention", ["room_id"], unique=True, sqlite_where=now, postgresql_where=now)
    op.create_table(
        "footage_lock",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("camera_id", sa.Integer(), nullable=False),
        sa.Column("from_at", sa.String(27), nullable=False),
        sa.Column("until_at", sa.String(27), nullable=False),
        sa.Column("reason", sa.String(200), nullable=False),
        sa.Column("locked_at", sa.String(27), nullable=False),
        sa.Column("locked_by", sa.Integer(), nullable=False),
        sa.Column("released_at", sa.String(27)),
        sa.Column("released_by", sa.Integer()),
        sa.CheckConstraint("until_at > from_at", name=op.f("ck_footage_lock_order")),
        sa.CheckConstraint("(released_at IS NULL) = (released_by IS NULL)", name=op.f("ck_footage_lock_released")),
        sa.ForeignKeyConstraint(["camera_id"], ["camera.id"], name=op.f("fk_footage_lock_camera_id")),
        sa.ForeignKeyConstraint(["locked_by"], ["person.id"], name=op.f("fk_footage_lock_locked_by")),
        sa.ForeignKeyConstraint(["released_by"], ["person.id"], name=op.f("fk_footage_lock_released_by")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_footage_lock")),
    )
    op.create_index("ix_footage_lock_camera_id", "footage_lock", ["camera_id"])
