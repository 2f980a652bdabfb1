"""What a camera is asked to look at, its small stream, which cells of its picture moved when, and a person detector's scores."""

import sqlalchemy as sa
from alembic import op

revision = "0004"
down_revision = "0003"

NEW = ("camera_view", "watch_zone", "motion_grid")


def upgrade() -> None:
    """Only the watch grows; the books stay as they are."""
    op.add_column("camera", sa.Column("sub_address", sa.String(400), server_default="", nullable=False))
    op.add_column("watch_event", sa.Column("person_pct", sa.Float()))
    op.add_column("camera_state", sa.Column("watched_how", sa.String(16), server_default="", nullable=False))
    _make_views()
    op.create_table(
        "motion_grid",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("camera_id", sa.Integer(), nullable=False),
        sa.Column("minute_at", sa.String(27), nullable=False),
        sa.Column("cells", sa.LargeBinary(), nullable=False),
        sa.ForeignKeyConstraint(["camera_id"], ["camera.id"], name=op.f("fk_motion_grid_camera_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_motion_grid")),
        sa.UniqueConstraint("camera_id", "minute_at", name=op.f("uq_motion_grid_camera_id_minute_at")),
    )
    if op.get_bind().dialect.name == "postgresql":
        op.execute(f"GRANT SELECT, INSERT, UPDATE, DELETE ON {', '.join(NEW)} TO jaga_writer")
        op.execute(f"GRANT USAGE, SELECT ON SEQUENCE {', '.join(f'{table}_id_seq' for table in NEW)} TO jaga_writer")


def _make_views() -> None:
    op.create_table(
        "camera_view",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("camera_id", sa.Integer(), nullable=False),
        sa.Column("sensitivity", sa.Integer(), nullable=False),
        sa.Column("valid_from", sa.String(27), nullable=False),
        sa.Column("valid_until", sa.String(27)),
        sa.Column("person_id", sa.Integer(), nullable=False),
        sa.CheckConstraint("sensitivity BETWEEN 0 AND 100", name=op.f("ck_camera_view_sensitivity")),
        sa.ForeignKeyConstraint(["camera_id"], ["camera.id"], name=op.f("fk_camera_view_camera_id")),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name=op.f("fk_camera_view_person_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_camera_view")),
    )
    now = sa.text("valid_until IS NULL")
    op.create_index("uq_camera_view_now", "camera_view", ["camera_id"], unique=True, sqlite_where=now, postgresql_where=now)
    op.create_table(
        "watch_zone",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("view_id", sa.Integer(), nullable=False),
        sa.Column("kind", sa.String(4), nullable=False),
        sa.Column("polygon", sa.Text(), nullable=False),
        sa.Column("least_far_pct", sa.Float(), nullable=False),
        sa.Column("least_near_pct", sa.Float(), nullable=False),
        sa.CheckConstraint("kind IN ('zone', 'mask')", name=op.f("ck_watch_zone_kind")),
        sa.CheckConstraint("least_far_pct BETWEEN 0 AND 100 AND least_near_pct BETWEEN 0 AND 100", name=op.f("ck_watch_zone_least")),
        sa.ForeignKeyConstraint(["view_id"], ["camera_view.id"], name=op.f("fk_watch_zone_view_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_watch_zone")),
    )
    op.create_index("ix_watch_zone_view_id", "watch_zone", ["view_id"])
