"""Which rows of people, places, watch and footage a record must tell, and what of each: what the check compares them with.

A record of the chain holds, under `rows`, what the rows that it is about said after it: by table, the key and these columns in this order.
A column that comes later is put at the end: what has been told once is compared as far as it goes.
"""

from dataclasses import dataclass, field


@dataclass(frozen=True)
class Told:
    """One table. key: its primary key. untold: SQL, true for rows that no record need tell (yet); empty: every row is told.

    digested: columns that a record holds as a digest alone, because they are or may hold a secret; places: those that are addresses.
    """

    table: str
    columns: tuple[str, ...]
    key: str = "id"
    untold: str = ""
    digested: frozenset[str] = field(default_factory=frozenset)
    places: frozenset[str] = field(default_factory=frozenset)


TOLD = (
    Told("person", ("name", "created_at")),
    Told("role_grant", ("person_id", "role", "site_id", "from_at", "until_at")),
    Told("secret", ("person_id", "set_at", "set_by", "hash"), digested=frozenset({"hash"})),
    # A try is counted before it is looked at; what came of it is told.
    Told("sign_in", ("person_id", "at", "outcome", "computer", "os_login"), untold="outcome IN ('tried', 'proved')"),
    Told(
        "confirmation",
        ("act", "site_id", "said", "first_id", "asked_at", "second_id", "answered_at", "given"),
        untold="given IS NULL",
    ),
    Told("signing_key", ("public_key", "made_at", "computer")),
    # Those below a warehouse come by the thousand with a table, whose hash is in the chain.
    Told("site", ("kind", "code", "name", "zone", "status"), untold="kind IN ('kecamatan', 'kelurahan', 'tps')"),
    Told("room", ("site_id", "name")),
    Told("camera", ("room_id", "name", "address", "username", "sub_address"), places=frozenset({"address", "sub_address"})),
    Told("opening_hours", ("room_id", "weekday", "opens_min", "closes_min", "valid_from", "valid_until")),
    Told("camera_view", ("camera_id", "sensitivity", "valid_from", "valid_until", "person_id")),
    Told("watch_zone", ("view_id", "kind", "polygon", "least_far_pct", "least_near_pct")),
    Told("camera_off", ("camera_id", "from_at", "until_at", "person_id", "reason")),
    Told("retention", ("room_id", "days", "bytes", "valid_from", "valid_until", "person_id")),
    Told("footage_lock", ("camera_id", "from_at", "until_at", "reason", "locked_at", "locked_by", "released_at", "released_by")),
    Told("footage_removal", ("at", "reason"), key="segment_id"),
    Told("footage_finding", ("segment_id", "found_at", "kind")),
    Told("alarm", ("camera_id", "kind", "raised_at")),
    Told("alarm_step", ("alarm_id", "at", "person_id", "step", "verdict", "note")),
    # While they go on they are only rows.
    Told("watch_event", ("camera_id", "kind", "started_at", "ended_at", "verdict", "alarm_id", "peak_pct"), untold="ended_at IS NULL"),
    Told("gap", ("camera_id", "started_at", "ended_at", "cause", "note"), untold="ended_at IS NULL"),
    Told("alarm_suspension", ("camera_id", "from_at", "until_at", "reason", "person_id", "second_id")),
    Told("room_disarm", ("room_id", "from_at", "until_at", "reason", "person_id", "second_id")),
    Told("room_unlocking", ("room_id", "from_at", "reason", "person_id", "second_id")),
    Told("room_witness", ("unlocking_id", "name", "institution", "sha256")),
    Told("suspension_end", ("suspension_id", "disarm_id", "unlocking_id", "at", "person_id")),
    Told("clock_step", ("recorder_id", "at", "computer_at", "settled_at", "settled_by")),
)
TOLD_BY_NAME = {told.table: told for told in TOLD}
# What a later record may say otherwise of a row that was told before, by the record's act; everything else is said once and for ever.
CHANGES = {
    "camera_login_set": frozenset({"username", "address", "sub_address"}),
    "camera_switched_on": frozenset({"until_at"}),
    "clock_confirmed": frozenset({"settled_at", "settled_by"}),
    "footage_released": frozenset({"released_at", "released_by"}),
    "footage_removed": frozenset({"ended_at"}),
    "hours_set": frozenset({"valid_until"}),
    "retention_set": frozenset({"valid_until"}),
    "role_ended": frozenset({"until_at"}),
    "site_confirmed": frozenset({"status"}),
    "sub_stream_set": frozenset({"sub_address"}),
    "view_set": frozenset({"valid_until"}),
    "watch_event": frozenset({"ended_at", "peak_pct", "verdict", "alarm_id"}),
    "watch_event_reopened": frozenset({"ended_at", "peak_pct"}),
}
