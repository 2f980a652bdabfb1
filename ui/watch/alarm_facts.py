"""The facts of an alarm as one sentence."""

from datetime import tzinfo

from storage.watch.alarms import Alarm
from ui.words.names import name_of
from ui.words.speech import _
from ui.words.times import clock_time, day_time


def facts(alarm: Alarm, place: str, zone: tzinfo, zone_word: str) -> str:
    """For example: "Movement in Room B, Camera 1, on 22/11/2026, 02:51:07 to 02:51:44 WIB, after hours; ..."."""
    kind, day = name_of(alarm.kind), day_time(alarm.started_at, zone).split(" ")[0]
    start = clock_time(alarm.started_at, zone)
    if alarm.camera_id is None:
        where = _("{kind} at the recorder, on {day}").format(kind=kind, day=day)
    else:
        where = _("{kind} in {room}, {camera}, on {day}").format(kind=kind, room=place, camera=alarm.camera, day=day)
    if alarm.ended_at is None:
        when = _("since {start} {zone}, still going on").format(start=start, zone=zone_word)
    else:
        when = _("{start} to {end} {zone}").format(start=start, end=clock_time(alarm.ended_at, zone), zone=zone_word)
    outside = _("outside the opening hours")
    said = [f"{where}, {when}" if alarm.camera_id is None else f"{where}, {when}, {outside}"]
    if alarm.peak_pct and alarm.camera_id is None:
        said.append(_("{share} % of the disk was full").format(share=round(alarm.peak_pct)))
    elif alarm.peak_pct:
        said.append(_("at most {share} % of the picture moved").format(share=max(1, round(alarm.peak_pct))))
    if alarm.about:
        said.append(_("by {name}; somebody else judges it").format(name=alarm.about))
    if alarm.suspended_until is not None:
        said.append(_("its alarms were suspended until {time}").format(time=clock_time(alarm.suspended_until, zone)))
    if alarm.person_pct is not None:
        said.append(_("the detector of persons is {share} % sure").format(share=round(alarm.person_pct)))
    return "; ".join(said) + "."
