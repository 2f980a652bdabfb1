"""The names of states, kinds, roles and causes: one word or two for each value that the program keeps."""

from enum import Enum

from storage.people.person import RANK, Person
from storage.rules.movement import State
from storage.rules.rights import Act
from ui.words.acts import act_name
from ui.words.speech import _


def said_of(person: Person) -> str:
    """A person's name with every role that they have somewhere."""
    roles = [name_of(role) for role in RANK if role in person.roles_at(None)] or [_("no role")]
    return f"{person.name} ({', '.join(roles)})"


def name_of(value: Enum | str) -> str:
    """The word for a kept value such as "unsorted" or Role.GUARD; the value itself where it is no word of the program."""
    if isinstance(value, Act):
        return act_name(value)
    key = str(value.value) if isinstance(value, Enum) else value
    if isinstance(value, State) and value is State.LOST:
        return _("Lost on the way")  # of a camera's picture the same word says something else
    for table in (_stock_names, _figure_names, _watch_names, _how_names, _cause_names, _person_names):
        names = table()
        if key in names:
            return names[key]
    return key


def _stock_names() -> dict[str, str]:
    return {
        "unsorted": _("Unsorted"),
        "good": _("Good"),
        "damaged": _("Damaged"),
        "printer": _("Printer"),
        "short_claim": _("Short, claimed"),
        "variance": _("Variance"),
        "regular": _("Regular"),
        "re_vote": _("Re-vote"),
        "delivery": _("Delivery"),
        "sorting": _("Sort and fold"),
        "reprint_request": _("Reprint asked for"),
        "reprint_receipt": _("Reprint received"),
        "count": _("Stock count"),
        "count_acceptance": _("Variance accepted"),
        "reversal": _("Reversal"),
        "surplus": _("Surplus"),
        "packed": _("Packed"),
        "in_transit": _("On the way"),
        "delivered": _("Delivered"),
        "destroyed": _("Destroyed"),
        "need": _("Need"),
        "voters": _("Voters"),
        "print_order": _("Print order"),
        "inspection": _("Inspection"),
        "repack": _("Put into a container"),
        "placement": _("Placed"),
        "sealing": _("Sealed"),
        "opening": _("Seal broken"),
        "packing": _("Packed for a polling station"),
        "unpacking": _("Unpacked"),
        "dispatch": _("Sent"),
        "arrival": _("Arrived"),
        "return": _("Came back"),
        "loss": _("Lost on the way"),
        "count_sheet": _("Counted by a team"),
        "adjustment": _("Adjustment"),
        "destruction": _("Destruction"),
        "close": _("Books closed"),
        "schema": _("New rules of the books"),
    }


def _figure_names() -> dict[str, str]:
    return {
        "ordered": _("Ordered"),
        "declared": _("Declared"),
        "received": _("Received"),
        "short": _("Short"),
        "over": _("Over"),
        "reprinted": _("Reprints received"),
        "arrived": _("Arrived from elsewhere"),
        "sent": _("Sent and arrived"),
        "transferred": _("Transferred elsewhere"),
    }


def _watch_names() -> dict[str, str]:
    return {
        "motion": _("Movement"),
        "lights_changed": _("Lights changed"),
        "covered": _("Camera covered"),
        "moved": _("Camera moved"),
        "blurred": _("Picture blurred"),
        "dazzled": _("Camera dazzled"),
        "dark": _("Picture dark"),
        "frozen": _("Picture frozen"),
        "replayed": _("Old pictures replayed"),
        "signal_lost": _("Picture lost"),
        "stream_changed": _("Stream changed"),
        "clock_jump": _("Clock jumped"),
        "recorder_stopped": _("Recorder stopped"),
        "disk_low": _("Disk nearly full"),
        "backup_late": _("Backup overdue"),
        "hasty_answers": _("Alarms answered in haste"),
        "real_incident": _("Real incident"),
        "authorised": _("Authorised"),
        "false_alarm": _("False alarm"),
        "test": _("Test"),
        "acknowledged": _("Seen"),
        "verdict": _("Verdict"),
        "connecting": _("Connecting"),
        "live": _("Live"),
        "lost": _("Lost"),
    }


def _how_names() -> dict[str, str]:
    """Which pictures of a camera are looked at."""
    return {
        "sub_stream": _("sub-stream"),
        "packets": _("packet sizes"),
        "every_picture": _("every picture"),
        "key_frames": _("key frames"),
    }


def _cause_names() -> dict[str, str]:
    return {
        "starting": _("Recorder starting"),
        "camera_lost": _("Camera lost"),
        "not_answering": _("Camera does not answer"),
        "login_refused": _("Login refused"),
        "unreadable": _("Stream cannot be read"),
        "worker_lost": _("Camera process lost"),
        "storage_failed": _("Disk failed"),
        "recorder_lost": _("Recorder lost"),
        "machine_off": _("Computer off"),
        "disk_full": _("Disk full"),
        "disabled": _("Camera switched off"),
        "clock_set": _("Clock put forward"),
        "retention": _("Kept no longer"),
        "missing": _("File missing"),
        "altered": _("File changed afterwards"),
        "unexplained": _("Unexplained"),
        "seen_clear": _("Seen clear"),
        "event": _("Event"),
    }


def _person_names() -> dict[str, str]:
    return {
        "guard": _("duty guard"),
        "officer": _("inventory officer"),
        "supervisor": _("supervisor"),
        "auditor": _("auditor"),
        "administrator": _("administrator"),
        "bawaslu": "Bawaslu",
        "polri": "Polri",
        "tni": "TNI",
        "kpu": "KPU",
        "party": _("party"),
        "public": _("the public"),
    }


def weekday_names() -> tuple[str, ...]:
    """Monday to Sunday."""
    return _("Monday"), _("Tuesday"), _("Wednesday"), _("Thursday"), _("Friday"), _("Saturday"), _("Sunday")
