"""How the entries of the log are told: what was done, and what of it matters most."""

from collections import Counter
from collections.abc import Mapping
from datetime import datetime, tzinfo
from typing import Any

from storage.audit.trail import LogEntry
from storage.rules.movement import State
from ui.words.names import name_of
from ui.words.speech import _, whole
from ui.words.times import day_time, short_time


def act_word(act: str) -> str:
    """What was done, of a record as of a stock event."""
    return record_names().get(act) or name_of(act)


def record_names() -> dict[str, str]:
    """Every kind of record with its name."""
    return _people() | _places() | _watch() | _footage()


def in_short(entry: LogEntry, zone: tzinfo) -> str:
    """What of an entry matters most, in one line; all of it stands in its fields."""
    said = entry.said
    parts = [_movements(said.get("movement", ())), *(_worded(said, name) for name in ("kind", "cause", "verdict", "role", "outcome"))]
    parts.append(_time(said, zone))
    parts += [str(said[name]) for name in ("reason", "note", "remark", "why", "said", "name", "folder", "file") if said.get(name)]
    if isinstance(said.get("witnesses"), list):
        parts.append(_("witnesses: {names}").format(names=", ".join(one["name"] for one in said["witnesses"])))
    if isinstance(said.get("alarms"), list):
        parts.append(_("{count} alarms in {seconds} s").format(count=len(said["alarms"]), seconds=round(said.get("seconds", 0))))
    return "; ".join(filter(None, parts))


def _movements(rows: Any) -> str:  # noqa: ANN401 - as the log holds them
    moved: Counter[tuple[str, str]] = Counter()
    for row in rows:
        moved[row["from_state"], row["to_state"]] += row["quantity"]
    said = _("{count} sheets: {before} to {after}")
    return ", ".join(said.format(count=whole(count), before=name_of(State(a)), after=name_of(State(b))) for (a, b), count in moved.items())


def _worded(said: Mapping[str, Any], name: str) -> str:
    value = said.get(name)
    if not isinstance(value, str):
        return ""
    if name == "outcome":
        return _outcomes().get(value, "")
    word = name_of(value)
    return "" if word == value else word


def _time(said: Mapping[str, Any], zone: tzinfo) -> str:
    """From when to when, or until when."""
    try:
        first, last = (datetime.fromisoformat(said[name]) if said.get(name) else None for name in ("from", "until"))
    except (TypeError, ValueError):
        return ""
    if last is None:
        return ""
    end = short_time(last, zone) if first and first.astimezone(zone).date() == last.astimezone(zone).date() else day_time(last, zone)
    return _("{start} to {end}").format(start=day_time(first, zone), end=end) if first else _("until {time}").format(time=end)


def _outcomes() -> dict[str, str]:
    return {
        "in": _("signed in"),
        "out": _("signed out"),
        "idle": _("locked, as nobody used it"),
        "wrong": _("wrong secret"),
        "locked": _("has to wait"),
        "no_role": _("has no role"),
    }


def _people() -> dict[str, str]:
    return {
        "begun": _("Log of the warehouse begun"),
        "person_added": _("Person entered"),
        "role_granted": _("Role given"),
        "role_ended": _("Role withdrawn"),
        "secret_set": _("Secret set"),
        "sign_in": _("Signing in"),
        "confirmed": _("Answer of the second person"),
        "shift_handed_over": _("Shift handed over"),
        "rows_known": _("Rows of an earlier version told"),
        "signing_key_made": _("Signing key made"),
        "checkpoint_issued": _("Checkpoint issued"),
        "checkpoint_not_written": _("Checkpoint not written"),
        "backup_made": _("Backup made"),
        "backup_failed": _("Backup failed"),
        "backup_removed": _("Old backup removed"),
        "backup_restored": _("Backup restored"),
    }


def _places() -> dict[str, str]:
    return {
        "site_added": _("Warehouse entered"),
        "site_confirmed": _("Warehouse confirmed"),
        "room_added": _("Room entered"),
        "camera_added": _("Camera entered"),
        "sub_stream_set": _("Sub-stream changed"),
        "camera_login_set": _("Camera's login changed"),
        "hours_set": _("Hours changed"),
        "view_set": _("View changed"),
        "camera_switched_off": _("Camera switched off"),
        "camera_switched_on": _("Camera switched on"),
        "room_disarmed": _("Room disarmed"),
        "room_armed": _("Room armed again"),
        "room_unlocked": _("Room unlocked"),
        "room_locked": _("Room locked"),
    }


def _watch() -> dict[str, str]:
    return {
        "watch_event": _("Event"),
        "watch_event_reopened": _("Event goes on"),
        "alarm_raised": _("Alarm raised"),
        "alarm_acknowledged": _("Alarm acknowledged"),
        "verdict_given": _("Verdict given"),
        "answered_in_haste": _("Alarms answered in haste"),
        "alarms_suspended": _("Alarms suspended"),
        "alarms_resumed": _("Alarms ring again"),
        "gap": _("Gap"),
        "recorder_started": _("Recorder started"),
        "recorder_stopped": _("Recorder stopped"),
        "clock_stepped": _("Clock jumped"),
        "clock_confirmed": _("Clock confirmed"),
    }


def _footage() -> dict[str, str]:
    return {
        "segments_kept": _("Recordings finished"),
        "footage_seen": _("Footage seen"),
        "footage_locked": _("Footage kept"),
        "footage_released": _("Footage let go"),
        "footage_removed": _("Footage removed"),
        "footage_finding": _("Fault of a recording found"),
        "retention_set": _("Keeping of footage changed"),
        "evidence_exported": _("Evidence given out"),
    }
