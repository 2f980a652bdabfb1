"""The judgement of one motion event against the room's hours."""

from enum import StrEnum


class EventVerdict(StrEnum):
    """in_hours: kept, not flagged. after_hours: flagged, an alarm."""

    IN_HOURS = "in_hours"
    AFTER_HOURS = "after_hours"


def judge(*, open_at_start: bool, open_at_arrival: bool) -> EventVerdict:
    """After hours as soon as the room was armed at the frame's time or when the report came in.

    Both, because a camera's or a computer's clock that was set wrong must not open a room.
    """
    return EventVerdict.IN_HOURS if open_at_start and open_at_arrival else EventVerdict.AFTER_HOURS
