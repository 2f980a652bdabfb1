"""What one tile of the wall says: plain facts in, words out."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from storage.watch.alarms import Alarm
from storage.watch.states import CameraState
from storage.watch.switching import SwitchedOff
from ui.look.mark import Mark, Tone
from ui.watch.watched import said_how, said_off
from ui.words.names import name_of
from ui.words.speech import _
from ui.words.times import span

# A picture older than this is no live picture: it is taken down and the time since it was lost stands in its place.
FRESH = timedelta(seconds=5)
# The recorder tells of a movement every two or three seconds while it lasts.
MOVING = timedelta(seconds=5)


@dataclass(frozen=True)
class Face:
    """The words of a tile. lost: what stands in place of the picture, empty while there is one; moved: at the right of the strip.

    how: which of the camera's pictures are looked at, where the strip has room for it; empty while none are.
    """

    title: str
    mark: Mark
    moved: str
    lost: str
    alarmed: bool
    how: str = ""


def face_of(
    title: str,
    state: CameraState | None,
    alarm: Alarm | None,
    picture_at: datetime | None,
    now: datetime,
    *,
    off: SwitchedOff | None = None,
) -> Face:
    """The face of a camera's tile. alarm: the newest unacknowledged one of this camera; picture_at: when its newest picture was taken.

    off: who switched the camera off, if somebody did.
    """
    lost = said_off(off) if off else _lost(state, picture_at, now)
    moved_at = state.last_motion_at if state else None
    moved = "" if moved_at is None else span(now - moved_at)
    if alarm is not None:
        mark = Mark(Tone.ALARM, name_of(alarm.kind))
    elif off:
        mark = Mark(Tone.BLIND, name_of("disabled"))
    elif lost:
        connecting = state is not None and state.state == "connecting"
        mark = Mark(Tone.WARNING, _("Connecting")) if connecting else Mark(Tone.BLIND, _("No picture"))
    elif state is not None and state.reason:
        mark = Mark(Tone.WARNING, name_of(state.reason))  # seen and not recorded
    elif moved_at is not None and now - moved_at <= MOVING:
        mark = Mark(Tone.INFO, _("Movement"))
    else:
        mark = Mark(Tone.CALM, _("Quiet"))
    return Face(title, mark, moved, lost, alarm is not None, said_how(state) if state and not lost else "")


def _lost(state: CameraState | None, picture_at: datetime | None, now: datetime) -> str:
    if state is None:
        return _("Not being watched: the recorder has not begun with this camera")
    if state.state == "live" and picture_at is not None and now - picture_at <= FRESH:
        return ""
    if state.state == "connecting":
        return _("Connecting for {age}").format(age=span(now - state.since_at))
    since = state.since_at
    if state.state == "live":
        since = max(since, picture_at) if picture_at else since
        return _("Waiting for a picture for {age}").format(age=span(now - since))
    why = name_of(state.reason)
    return _("No picture for {age}").format(age=span(now - since)) + (f"\n{why}" if why else "")
