"""How the cameras are doing, believed only as long as the recorder beats."""

from dataclasses import replace
from datetime import datetime, timedelta

from storage.database import Database
from storage.watch.states import CameraState, camera_states, recorder_state
from ui.words.names import name_of
from ui.words.speech import _

# A recorder that has not beaten for so long is taken for dead; what it said last is no longer true.
DEAD = timedelta(seconds=10)


def said_how(state: CameraState) -> str:
    """By which of its pictures a camera is watched; empty while none are looked at."""
    if state.state != "live" or not state.watched_how:
        return ""
    return _("watched by {how}").format(how=name_of(state.watched_how))


def watched_states(database: Database, now: datetime) -> dict[int, CameraState]:
    """The state of each camera by its id; all are lost while no recorder beats."""
    states = {state.camera_id: state for state in camera_states(database)}
    recorder = recorder_state(database)
    if recorder is not None and recorder.stopped_at is None and now - recorder.beat_at <= DEAD:
        return states
    since_at = (recorder.stopped_at or recorder.beat_at) if recorder else now
    reason = "recorder_stopped" if recorder is None or recorder.stopped_at else "recorder_lost"
    return {camera_id: replace(state, state="lost", since_at=since_at, reason=reason) for camera_id, state in states.items()}
