"""How the cameras are doing, believed only as long as the recorder beats."""

from dataclasses import replace
from datetime import datetime

from storage.database import Database
from storage.watch.states import CameraState, RecorderState, camera_states, recorder_states
from storage.watch.switching import SwitchedOff
from ui.words.names import name_of
from ui.words.speech import _


def said_how(state: CameraState) -> str:
    """By which of its pictures a camera is watched; empty while none are looked at."""
    if state.state != "live" or not state.watched_how:
        return ""
    return _("watched by {how}").format(how=name_of(state.watched_how))


def said_off(off: SwitchedOff) -> str:
    """Who switched a camera off, and why."""
    return _("Camera switched off by {person}: {reason}").format(person=off.person, reason=off.reason)


def watched_states(database: Database, now: datetime) -> dict[int, CameraState]:
    """The state of each camera by its id; those of a recorder that does not beat are lost."""
    recorders = {recorder.id: recorder for recorder in recorder_states(database)}
    newest = next(iter(recorders.values()), None)
    return {state.camera_id: _as_watched(state, recorders.get(state.recorder_id or 0, newest), now) for state in camera_states(database)}


def _as_watched(state: CameraState, recorder: RecorderState | None, now: datetime) -> CameraState:
    if recorder is not None and recorder.lives(now):
        return state
    since_at = (recorder.stopped_at or recorder.beat_at) if recorder else now
    reason = "recorder_stopped" if recorder is None or recorder.stopped_at else "recorder_lost"
    return replace(state, state="lost", since_at=since_at, reason=reason)
