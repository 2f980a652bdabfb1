"""Tables of the watch: hours, what is watched, events, alarms, and how the recorders and their cameras are doing."""

import sqlalchemy as sa

from storage.schema.base import Instant, metadata

opening_hours = sa.Table(
    "opening_hours",
    metadata,
    sa.Column("id", sa.Integer, primary_key=True),
    sa.Column("room_id", sa.ForeignKey("room.id"), nullable=False),
    sa.Column("weekday", sa.Integer, nullable=False),  # 0 is Monday
    # Minutes after midnight in the site's zone; not later than opens: the room closes on the next day.
    sa.Column("opens_min", sa.Integer, nullable=False),
    sa.Column("closes_min", sa.Integer, nullable=False),
    # A change ends the old rows and begins new ones, so that the past stays as it was judged.
    sa.Column("valid_from", Instant, nullable=False),
    sa.Column("valid_until", Instant),
    sa.CheckConstraint("weekday BETWEEN 0 AND 6", name="weekday"),
    sa.CheckConstraint("opens_min BETWEEN 0 AND 1439 AND closes_min BETWEEN 0 AND 1440", name="minutes"),
)

camera_view = sa.Table(
    "camera_view",
    metadata,
    sa.Column("id", sa.Integer, primary_key=True),
    sa.Column("camera_id", sa.ForeignKey("camera.id"), nullable=False),
    sa.Column("sensitivity", sa.Integer, nullable=False),
    # A change ends the old row and begins a new one, so that it stays known who had what watched when.
    sa.Column("valid_from", Instant, nullable=False),
    sa.Column("valid_until", Instant),
    sa.Column("person_id", sa.ForeignKey("person.id"), nullable=False),
    sa.CheckConstraint("sensitivity BETWEEN 0 AND 100", name="sensitivity"),
    # A camera has one view at a time.
    sa.Index(
        "uq_camera_view_now",
        "camera_id",
        unique=True,
        sqlite_where=sa.text("valid_until IS NULL"),
        postgresql_where=sa.text("valid_until IS NULL"),
    ),
)

watch_zone = sa.Table(
    "watch_zone",
    metadata,
    sa.Column("id", sa.Integer, primary_key=True),
    sa.Column("view_id", sa.ForeignKey("camera_view.id"), nullable=False, index=True),
    sa.Column("kind", sa.String(4), nullable=False),
    # Its corners as JSON, [[x, y], ...], in shares of the picture's width and height.
    sa.Column("polygon", sa.Text, nullable=False),
    # The least height of what is worth an event, in percent of the picture's, far from the camera and near it; 0 in a mask.
    sa.Column("least_far_pct", sa.Float, nullable=False),
    sa.Column("least_near_pct", sa.Float, nullable=False),
    sa.CheckConstraint("kind IN ('zone', 'mask')", name="kind"),
    sa.CheckConstraint("least_far_pct BETWEEN 0 AND 100 AND least_near_pct BETWEEN 0 AND 100", name="least"),
)

motion_grid = sa.Table(
    "motion_grid",
    metadata,
    sa.Column("id", sa.Integer, primary_key=True),
    sa.Column("camera_id", sa.ForeignKey("camera.id"), nullable=False),
    sa.Column("minute_at", Instant, nullable=False),
    # Which cells of the picture moved in which of its seconds; packed as storage/watch/grid.py says.
    sa.Column("cells", sa.LargeBinary, nullable=False),
    sa.UniqueConstraint("camera_id", "minute_at"),
)

watch_event = sa.Table(
    "watch_event",
    metadata,
    sa.Column("id", sa.Integer, primary_key=True),
    sa.Column("camera_id", sa.ForeignKey("camera.id")),  # empty where it is about the recorder itself
    sa.Column("kind", sa.String(20), nullable=False),
    sa.Column("started_at", Instant, nullable=False),
    sa.Column("ended_at", Instant),  # empty while it goes on
    sa.Column("arrived_at", Instant, nullable=False),
    sa.Column("peak_pct", sa.Float, nullable=False),
    sa.Column("verdict", sa.String(12), nullable=False),
    # The alarm that it belongs to, if it is flagged: one visit is one alarm, however often it is lost from sight.
    sa.Column("alarm_id", sa.ForeignKey("alarm.id"), index=True),
    # How sure a person detector was at best that somebody is in it, 0 to 100; empty where none was asked.
    sa.Column("person_pct", sa.Float),
    sa.CheckConstraint("(verdict = 'after_hours') = (alarm_id IS NOT NULL)", name="alarm"),
    sa.CheckConstraint("verdict IN ('in_hours', 'after_hours')", name="verdict"),
    sa.CheckConstraint("ended_at IS NULL OR ended_at >= started_at", name="order"),
    sa.Index("ix_watch_event_camera_id_started_at", "camera_id", "started_at"),
)

watch_box = sa.Table(
    "watch_box",
    metadata,
    sa.Column("id", sa.Integer, primary_key=True),
    sa.Column("event_id", sa.ForeignKey("watch_event.id"), nullable=False, index=True),
    sa.Column("at", Instant, nullable=False),
    # Shares of the picture's width and height.
    sa.Column("x", sa.Float, nullable=False),
    sa.Column("y", sa.Float, nullable=False),
    sa.Column("width", sa.Float, nullable=False),
    sa.Column("height", sa.Float, nullable=False),
)

alarm = sa.Table(
    "alarm",
    metadata,
    sa.Column("id", sa.Integer, primary_key=True),
    sa.Column("camera_id", sa.ForeignKey("camera.id"), index=True),  # empty where it is about the recorder itself
    sa.Column("kind", sa.String(20), nullable=False),
    sa.Column("raised_at", Instant, nullable=False),
)

alarm_step = sa.Table(
    "alarm_step",
    metadata,
    sa.Column("id", sa.Integer, primary_key=True),
    sa.Column("alarm_id", sa.ForeignKey("alarm.id"), nullable=False, index=True),
    sa.Column("at", Instant, nullable=False),
    sa.Column("person_id", sa.ForeignKey("person.id"), nullable=False),
    sa.Column("step", sa.String(12), nullable=False),
    sa.Column("verdict", sa.String(16)),
    sa.Column("note", sa.String(400), nullable=False, server_default=""),
    sa.CheckConstraint("step IN ('acknowledged', 'verdict')", name="step"),
    sa.CheckConstraint("(step = 'verdict') = (verdict IS NOT NULL)", name="verdict_given"),
    sa.CheckConstraint("verdict IN ('real_incident', 'authorised', 'false_alarm', 'test')", name="verdict"),
)

recorder = sa.Table(
    "recorder",
    metadata,
    sa.Column("id", sa.Integer, primary_key=True),
    sa.Column("host", sa.String(80), nullable=False),
    sa.Column("pid", sa.Integer, nullable=False),
    sa.Column("started_at", Instant, nullable=False),
    sa.Column("beat_at", Instant, nullable=False),
    sa.Column("stopped_at", Instant),
    # Where windows subscribe, and the keys without which the relay does not answer them.
    sa.Column("address", sa.String(80), nullable=False),
    sa.Column("public_key", sa.String(40), nullable=False),
    sa.Column("window_secret_key", sa.String(40), nullable=False),
    # What the computer's clock said at the beat; beat_at is by the recorder's, which does not follow one that is set (docs/time.md).
    sa.Column("computer_at", Instant),
    # Which run of the computer it is, and how many seconds that had lasted at the beat: a later recorder knows from it how long none ran.
    sa.Column("boot_id", sa.String(64), nullable=False, server_default=""),
    sa.Column("uptime_s", sa.Float, nullable=False, server_default="0"),
    # How it came to stop: by whom or by what; empty if it was killed.
    sa.Column("stopped_by", sa.String(120), nullable=False, server_default=""),
)

clock_step = sa.Table(
    "clock_step",
    metadata,
    sa.Column("id", sa.Integer, primary_key=True),
    sa.Column("recorder_id", sa.ForeignKey("recorder.id"), nullable=False, index=True),
    # Both clocks at the moment when they were found to differ: the recorder's, and the computer's, which somebody has set.
    sa.Column("at", Instant, nullable=False),
    sa.Column("computer_at", Instant, nullable=False),
    # Who said that the computer's clock is right, when; from then on the recorder goes by it.
    sa.Column("settled_at", Instant),
    sa.Column("settled_by", sa.ForeignKey("person.id")),
    sa.CheckConstraint("(settled_at IS NULL) = (settled_by IS NULL)", name="settled"),
)

camera_state = sa.Table(
    "camera_state",
    metadata,
    sa.Column("camera_id", sa.ForeignKey("camera.id"), primary_key=True),
    sa.Column("state", sa.String(12), nullable=False),
    sa.Column("since_at", Instant, nullable=False),
    sa.Column("last_packet_at", Instant),
    sa.Column("last_motion_at", Instant),
    sa.Column("frames_per_s", sa.Float, nullable=False, server_default="0"),
    sa.Column("reason", sa.String(24), nullable=False, server_default=""),  # a gap's cause while it is not live
    # The segment that is growing now, below the recordings folder.
    sa.Column("writing_path", sa.String(400), nullable=False, server_default=""),
    sa.Column("writing_since_at", Instant),
    # Which of its pictures are looked at now; empty while none are.
    sa.Column("watched_how", sa.String(16), nullable=False, server_default=""),
    # Which recorder has it.
    sa.Column("recorder_id", sa.ForeignKey("recorder.id")),
    sa.CheckConstraint("state IN ('connecting', 'live', 'lost')", name="state"),
)
