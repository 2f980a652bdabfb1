"""The first schema: places and people, the watch, the books."""

import sqlalchemy as sa
from alembic import op

from storage.migrations.append_only import append_only

revision = "0001"
down_revision = None

# Table: its unique keys.
APPEND_ONLY = {
    "stock_event": [["id"], ["key"], ["reverses_id"]],
    "posting": [["event_id", "site_id", "class_id", "state"]],
    "delivery": [["event_id"]],
    "delivery_line": [["event_id", "class_id"]],
    "reprint_request": [["event_id"]],
    "reprint_receipt": [["event_id"]],
    "stock_count": [["event_id"]],
    "count_acceptance": [["event_id"]],
    "alarm": [["id"]],
    "alarm_step": [["id"]],
}


def upgrade() -> None:
    """Makes every table, then the triggers that keep what was written."""
    _places()
    _stock()
    _watch()
    for table, keys in APPEND_ONLY.items():
        for trigger in append_only(table, *keys):
            op.execute(trigger)


def _places() -> None:
    op.create_table(
        "person",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("name", sa.String(length=80), nullable=False),
        sa.Column("role", sa.String(length=16), nullable=False),
        sa.Column("created_at", sa.String(27), nullable=False),
        sa.CheckConstraint("role IN ('guard', 'officer', 'supervisor', 'auditor', 'administrator')", name=op.f("ck_person_role")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_person")),
        sa.UniqueConstraint("name", name=op.f("uq_person_name")),
    )
    op.create_table(
        "site",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("kind", sa.String(length=16), nullable=False),
        sa.Column("code", sa.String(length=16), nullable=False),
        sa.Column("name", sa.String(length=80), nullable=False),
        sa.Column("zone", sa.String(length=40), nullable=False),
        sa.Column("created_at", sa.String(27), nullable=False),
        sa.CheckConstraint("kind IN ('warehouse')", name=op.f("ck_site_kind")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_site")),
        sa.UniqueConstraint("code", name=op.f("uq_site_code")),
    )
    op.create_table(
        "room",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("site_id", sa.Integer(), nullable=False),
        sa.Column("name", sa.String(length=80), nullable=False),
        sa.Column("created_at", sa.String(27), nullable=False),
        sa.ForeignKeyConstraint(["site_id"], ["site.id"], name=op.f("fk_room_site_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_room")),
        sa.UniqueConstraint("site_id", "name", name=op.f("uq_room_site_id_name")),
    )
    op.create_table(
        "camera",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("room_id", sa.Integer(), nullable=False),
        sa.Column("name", sa.String(length=80), nullable=False),
        sa.Column("address", sa.String(length=400), nullable=False),
        sa.Column("username", sa.String(length=80), server_default="", nullable=False),
        sa.Column("created_at", sa.String(27), nullable=False),
        sa.ForeignKeyConstraint(["room_id"], ["room.id"], name=op.f("fk_camera_room_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_camera")),
        sa.UniqueConstraint("room_id", "name", name=op.f("uq_camera_room_id_name")),
    )


def _stock() -> None:
    op.create_table(
        "ballot_class",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("election", sa.String(length=40), nullable=False),
        sa.Column("type", sa.String(length=16), nullable=False),
        sa.Column("district", sa.String(length=80), nullable=False),
        sa.Column("purpose", sa.String(length=8), nullable=False),
        sa.CheckConstraint("purpose IN ('regular', 're_vote')", name=op.f("ck_ballot_class_purpose")),
        sa.CheckConstraint("type IN ('ppwp', 'dpr', 'dpd', 'dprd_provinsi', 'dprd_kabko')", name=op.f("ck_ballot_class_type")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_ballot_class")),
        sa.UniqueConstraint("election", "type", "district", "purpose", name=op.f("uq_ballot_class_election_type_district_purpose")),
    )
    op.create_table(
        "balance",
        sa.Column("site_id", sa.Integer(), nullable=False),
        sa.Column("class_id", sa.Integer(), nullable=False),
        sa.Column("state", sa.String(length=12), nullable=False),
        sa.Column("quantity", sa.BigInteger(), nullable=False),
        sa.CheckConstraint("quantity >= 0 OR state IN ('printer', 'short_claim', 'variance')", name=op.f("ck_balance_quantity")),
        sa.CheckConstraint("state IN ('unsorted', 'good', 'damaged', 'printer', 'short_claim', 'variance')", name=op.f("ck_balance_state")),
        sa.ForeignKeyConstraint(["class_id"], ["ballot_class.id"], name=op.f("fk_balance_class_id")),
        sa.ForeignKeyConstraint(["site_id"], ["site.id"], name=op.f("fk_balance_site_id")),
        sa.PrimaryKeyConstraint("site_id", "class_id", "state", name=op.f("pk_balance")),
    )
    op.create_table(
        "entitlement",
        sa.Column("site_id", sa.Integer(), nullable=False),
        sa.Column("class_id", sa.Integer(), nullable=False),
        sa.Column("sheets", sa.BigInteger(), nullable=False),
        sa.CheckConstraint("sheets BETWEEN 0 AND 10000000000", name=op.f("ck_entitlement_sheets")),
        sa.ForeignKeyConstraint(["class_id"], ["ballot_class.id"], name=op.f("fk_entitlement_class_id")),
        sa.ForeignKeyConstraint(["site_id"], ["site.id"], name=op.f("fk_entitlement_site_id")),
        sa.PrimaryKeyConstraint("site_id", "class_id", name=op.f("pk_entitlement")),
    )
    op.create_table(
        "stock_event",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("site_id", sa.Integer(), nullable=False),
        sa.Column("kind", sa.String(length=20), nullable=False),
        sa.Column("happened_at", sa.String(27), nullable=False),
        sa.Column("recorded_at", sa.String(27), nullable=False),
        sa.Column("person_id", sa.Integer(), nullable=False),
        sa.Column("reason", sa.String(length=400), server_default="", nullable=False),
        sa.Column("reverses_id", sa.Integer(), nullable=True),
        sa.Column("holds_from", sa.Integer(), nullable=True),
        sa.Column("key", sa.String(length=80), nullable=False),
        sa.CheckConstraint("(kind = 'reversal') = (reverses_id IS NOT NULL)", name=op.f("ck_stock_event_reversal")),
        sa.CheckConstraint(
            "kind IN ('delivery', 'sorting', 'reprint_request', 'reprint_receipt', 'count', 'count_acceptance', 'reversal')",
            name=op.f("ck_stock_event_kind"),
        ),
        sa.CheckConstraint("happened_at <= recorded_at", name=op.f("ck_stock_event_order")),
        sa.CheckConstraint("holds_from < id", name=op.f("ck_stock_event_holds_from")),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name=op.f("fk_stock_event_person_id")),
        sa.ForeignKeyConstraint(["reverses_id"], ["stock_event.id"], name=op.f("fk_stock_event_reverses_id")),
        sa.ForeignKeyConstraint(["site_id"], ["site.id"], name=op.f("fk_stock_event_site_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_stock_event")),
        sa.UniqueConstraint("key", name=op.f("uq_stock_event_key")),
        sa.UniqueConstraint("reverses_id", name=op.f("uq_stock_event_reverses_id")),
    )
    op.create_index("ix_stock_event_site_id_kind", "stock_event", ["site_id", "kind"], unique=False)
    op.create_table(
        "delivery",
        sa.Column("event_id", sa.Integer(), nullable=False),
        sa.Column("note_number", sa.String(length=60), nullable=False),
        sa.ForeignKeyConstraint(["event_id"], ["stock_event.id"], name=op.f("fk_delivery_event_id")),
        sa.PrimaryKeyConstraint("event_id", name=op.f("pk_delivery")),
    )
    op.create_index(op.f("ix_delivery_note_number"), "delivery", ["note_number"], unique=False)
    op.create_table(
        "posting",
        sa.Column("event_id", sa.Integer(), nullable=False),
        sa.Column("site_id", sa.Integer(), nullable=False),
        sa.Column("class_id", sa.Integer(), nullable=False),
        sa.Column("state", sa.String(length=12), nullable=False),
        sa.Column("quantity", sa.BigInteger(), nullable=False),
        sa.CheckConstraint("state IN ('unsorted', 'good', 'damaged', 'printer', 'short_claim', 'variance')", name=op.f("ck_posting_state")),
        sa.CheckConstraint("quantity <> 0", name=op.f("ck_posting_quantity")),
        sa.ForeignKeyConstraint(["class_id"], ["ballot_class.id"], name=op.f("fk_posting_class_id")),
        sa.ForeignKeyConstraint(["event_id"], ["stock_event.id"], name=op.f("fk_posting_event_id")),
        sa.ForeignKeyConstraint(["site_id"], ["site.id"], name=op.f("fk_posting_site_id")),
        sa.PrimaryKeyConstraint("event_id", "site_id", "class_id", "state", name=op.f("pk_posting")),
        sqlite_with_rowid=False,
    )
    op.create_index(
        "ix_posting_site_id_class_id_event_id", "posting", ["site_id", "class_id", "event_id", "state", "quantity"], unique=False
    )
    op.create_table(
        "reprint_request",
        sa.Column("event_id", sa.Integer(), nullable=False),
        sa.Column("class_id", sa.Integer(), nullable=False),
        sa.Column("for_damaged", sa.BigInteger(), nullable=False),
        sa.Column("for_short", sa.BigInteger(), nullable=False),
        sa.CheckConstraint("for_damaged >= 0 AND for_short >= 0 AND for_damaged + for_short > 0", name=op.f("ck_reprint_request_sheets")),
        sa.ForeignKeyConstraint(["class_id"], ["ballot_class.id"], name=op.f("fk_reprint_request_class_id")),
        sa.ForeignKeyConstraint(["event_id"], ["stock_event.id"], name=op.f("fk_reprint_request_event_id")),
        sa.PrimaryKeyConstraint("event_id", name=op.f("pk_reprint_request")),
    )
    op.create_table(
        "stock_count",
        sa.Column("event_id", sa.Integer(), nullable=False),
        sa.Column("class_id", sa.Integer(), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("began_at", sa.String(27), nullable=False),
        sa.Column("unsorted", sa.BigInteger(), nullable=False),
        sa.Column("good", sa.BigInteger(), nullable=False),
        sa.Column("damaged", sa.BigInteger(), nullable=False),
        sa.CheckConstraint("unsorted >= 0 AND good >= 0 AND damaged >= 0", name=op.f("ck_stock_count_sheets")),
        sa.ForeignKeyConstraint(["class_id"], ["ballot_class.id"], name=op.f("fk_stock_count_class_id")),
        sa.ForeignKeyConstraint(["event_id"], ["stock_event.id"], name=op.f("fk_stock_count_event_id")),
        sa.PrimaryKeyConstraint("event_id", name=op.f("pk_stock_count")),
    )
    op.create_table(
        "count_acceptance",
        sa.Column("event_id", sa.Integer(), nullable=False),
        sa.Column("count_id", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["count_id"], ["stock_count.event_id"], name=op.f("fk_count_acceptance_count_id")),
        sa.ForeignKeyConstraint(["event_id"], ["stock_event.id"], name=op.f("fk_count_acceptance_event_id")),
        sa.PrimaryKeyConstraint("event_id", name=op.f("pk_count_acceptance")),
    )
    op.create_index(op.f("ix_count_acceptance_count_id"), "count_acceptance", ["count_id"], unique=False)
    op.create_table(
        "delivery_line",
        sa.Column("event_id", sa.Integer(), nullable=False),
        sa.Column("class_id", sa.Integer(), nullable=False),
        sa.Column("declared", sa.BigInteger(), nullable=False),
        sa.Column("received", sa.BigInteger(), nullable=False),
        sa.CheckConstraint("declared >= 0 AND received >= 0 AND declared + received > 0", name=op.f("ck_delivery_line_sheets")),
        sa.ForeignKeyConstraint(["class_id"], ["ballot_class.id"], name=op.f("fk_delivery_line_class_id")),
        sa.ForeignKeyConstraint(["event_id"], ["delivery.event_id"], name=op.f("fk_delivery_line_event_id")),
        sa.PrimaryKeyConstraint("event_id", "class_id", name=op.f("pk_delivery_line")),
        sqlite_with_rowid=False,
    )
    op.create_table(
        "reprint_receipt",
        sa.Column("event_id", sa.Integer(), nullable=False),
        sa.Column("request_id", sa.Integer(), nullable=False),
        sa.Column("sheets", sa.BigInteger(), nullable=False),
        sa.Column("for_short", sa.BigInteger(), nullable=False),
        sa.CheckConstraint("sheets > 0 AND for_short BETWEEN 0 AND sheets", name=op.f("ck_reprint_receipt_sheets")),
        sa.ForeignKeyConstraint(["event_id"], ["stock_event.id"], name=op.f("fk_reprint_receipt_event_id")),
        sa.ForeignKeyConstraint(["request_id"], ["reprint_request.event_id"], name=op.f("fk_reprint_receipt_request_id")),
        sa.PrimaryKeyConstraint("event_id", name=op.f("pk_reprint_receipt")),
    )
    op.create_index(op.f("ix_reprint_receipt_request_id"), "reprint_receipt", ["request_id"], unique=False)


def _watch() -> None:
    op.create_table(
        "recorder",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("host", sa.String(length=80), nullable=False),
        sa.Column("pid", sa.Integer(), nullable=False),
        sa.Column("started_at", sa.String(27), nullable=False),
        sa.Column("beat_at", sa.String(27), nullable=False),
        sa.Column("stopped_at", sa.String(27), nullable=True),
        sa.Column("address", sa.String(length=80), nullable=False),
        sa.Column("public_key", sa.String(length=40), nullable=False),
        sa.Column("window_secret_key", sa.String(length=40), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_recorder")),
    )
    op.create_table(
        "opening_hours",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("room_id", sa.Integer(), nullable=False),
        sa.Column("weekday", sa.Integer(), nullable=False),
        sa.Column("opens_min", sa.Integer(), nullable=False),
        sa.Column("closes_min", sa.Integer(), nullable=False),
        sa.Column("valid_from", sa.String(27), nullable=False),
        sa.Column("valid_until", sa.String(27), nullable=True),
        sa.CheckConstraint("opens_min BETWEEN 0 AND 1439 AND closes_min BETWEEN 0 AND 1440", name=op.f("ck_opening_hours_minutes")),
        sa.CheckConstraint("weekday BETWEEN 0 AND 6", name=op.f("ck_opening_hours_weekday")),
        sa.ForeignKeyConstraint(["room_id"], ["room.id"], name=op.f("fk_opening_hours_room_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_opening_hours")),
    )
    op.create_table(
        "alarm",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("camera_id", sa.Integer(), nullable=False),
        sa.Column("kind", sa.String(length=20), nullable=False),
        sa.Column("raised_at", sa.String(27), nullable=False),
        sa.ForeignKeyConstraint(["camera_id"], ["camera.id"], name=op.f("fk_alarm_camera_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_alarm")),
    )
    op.create_index(op.f("ix_alarm_camera_id"), "alarm", ["camera_id"], unique=False)
    op.create_table(
        "camera_state",
        sa.Column("camera_id", sa.Integer(), nullable=False),
        sa.Column("state", sa.String(length=12), nullable=False),
        sa.Column("since_at", sa.String(27), nullable=False),
        sa.Column("last_packet_at", sa.String(27), nullable=True),
        sa.Column("last_motion_at", sa.String(27), nullable=True),
        sa.Column("frames_per_s", sa.Float(), server_default="0", nullable=False),
        sa.Column("reason", sa.String(length=24), server_default="", nullable=False),
        sa.Column("writing_path", sa.String(length=400), server_default="", nullable=False),
        sa.Column("writing_since_at", sa.String(27), nullable=True),
        sa.CheckConstraint("state IN ('connecting', 'live', 'lost')", name=op.f("ck_camera_state_state")),
        sa.ForeignKeyConstraint(["camera_id"], ["camera.id"], name=op.f("fk_camera_state_camera_id")),
        sa.PrimaryKeyConstraint("camera_id", name=op.f("pk_camera_state")),
    )
    op.create_table(
        "gap",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("camera_id", sa.Integer(), nullable=False),
        sa.Column("started_at", sa.String(27), nullable=False),
        sa.Column("ended_at", sa.String(27), nullable=True),
        sa.Column("cause", sa.String(length=24), nullable=False),
        sa.ForeignKeyConstraint(["camera_id"], ["camera.id"], name=op.f("fk_gap_camera_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_gap")),
    )
    op.create_index("ix_gap_camera_id_started_at", "gap", ["camera_id", "started_at"], unique=False)
    op.create_index(
        "uq_gap_open",
        "gap",
        ["camera_id"],
        unique=True,
        sqlite_where=sa.text("ended_at IS NULL"),
        postgresql_where=sa.text("ended_at IS NULL"),
    )
    op.create_table(
        "segment",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("camera_id", sa.Integer(), nullable=False),
        sa.Column("path", sa.String(length=400), nullable=False),
        sa.Column("started_at", sa.String(27), nullable=False),
        sa.Column("ended_at", sa.String(27), nullable=False),
        sa.Column("packets", sa.Integer(), nullable=False),
        sa.Column("bytes", sa.Integer(), nullable=False),
        sa.Column("sha256", sa.String(length=64), nullable=False),
        sa.Column("end_reason", sa.String(length=16), nullable=False),
        sa.CheckConstraint("ended_at >= started_at", name=op.f("ck_segment_order")),
        sa.ForeignKeyConstraint(["camera_id"], ["camera.id"], name=op.f("fk_segment_camera_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_segment")),
        sa.UniqueConstraint("path", name=op.f("uq_segment_path")),
    )
    op.create_index("ix_segment_camera_id_started_at", "segment", ["camera_id", "started_at"], unique=False)
    op.create_table(
        "alarm_step",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("alarm_id", sa.Integer(), nullable=False),
        sa.Column("at", sa.String(27), nullable=False),
        sa.Column("person_id", sa.Integer(), nullable=False),
        sa.Column("step", sa.String(length=12), nullable=False),
        sa.Column("verdict", sa.String(length=16), nullable=True),
        sa.Column("note", sa.String(length=400), server_default="", nullable=False),
        sa.CheckConstraint("(step = 'verdict') = (verdict IS NOT NULL)", name=op.f("ck_alarm_step_verdict_given")),
        sa.CheckConstraint("step IN ('acknowledged', 'verdict')", name=op.f("ck_alarm_step_step")),
        sa.CheckConstraint("verdict IN ('real_incident', 'authorised', 'false_alarm', 'test')", name=op.f("ck_alarm_step_verdict")),
        sa.ForeignKeyConstraint(["alarm_id"], ["alarm.id"], name=op.f("fk_alarm_step_alarm_id")),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name=op.f("fk_alarm_step_person_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_alarm_step")),
    )
    op.create_index(op.f("ix_alarm_step_alarm_id"), "alarm_step", ["alarm_id"], unique=False)
    op.create_table(
        "watch_event",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("camera_id", sa.Integer(), nullable=False),
        sa.Column("kind", sa.String(length=20), nullable=False),
        sa.Column("started_at", sa.String(27), nullable=False),
        sa.Column("ended_at", sa.String(27), nullable=True),
        sa.Column("arrived_at", sa.String(27), nullable=False),
        sa.Column("peak_pct", sa.Float(), nullable=False),
        sa.Column("verdict", sa.String(length=12), nullable=False),
        sa.Column("alarm_id", sa.Integer(), nullable=True),
        sa.CheckConstraint("(verdict = 'after_hours') = (alarm_id IS NOT NULL)", name=op.f("ck_watch_event_alarm")),
        sa.CheckConstraint("verdict IN ('in_hours', 'after_hours')", name=op.f("ck_watch_event_verdict")),
        sa.CheckConstraint("ended_at IS NULL OR ended_at >= started_at", name=op.f("ck_watch_event_order")),
        sa.ForeignKeyConstraint(["alarm_id"], ["alarm.id"], name=op.f("fk_watch_event_alarm_id")),
        sa.ForeignKeyConstraint(["camera_id"], ["camera.id"], name=op.f("fk_watch_event_camera_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_watch_event")),
    )
    op.create_index(op.f("ix_watch_event_alarm_id"), "watch_event", ["alarm_id"], unique=False)
    op.create_index("ix_watch_event_camera_id_started_at", "watch_event", ["camera_id", "started_at"], unique=False)
    op.create_table(
        "watch_box",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("event_id", sa.Integer(), nullable=False),
        sa.Column("at", sa.String(27), nullable=False),
        sa.Column("x", sa.Float(), nullable=False),
        sa.Column("y", sa.Float(), nullable=False),
        sa.Column("width", sa.Float(), nullable=False),
        sa.Column("height", sa.Float(), nullable=False),
        sa.ForeignKeyConstraint(["event_id"], ["watch_event.id"], name=op.f("fk_watch_box_event_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_watch_box")),
    )
    op.create_index(op.f("ix_watch_box_event_id"), "watch_box", ["event_id"], unique=False)
