"""The eyes of one camera: pictures in, reports about events out."""

from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from camera.events import Box, Kind, Phase, Sight
from camera.eyes.frozen import Frozen
from camera.eyes.keenness import Keenness
from camera.eyes.lights import Lights
from camera.eyes.motion import NOTHING_MOVES, Motion
from camera.eyes.persistence import MEMORY_S, Persistence
from camera.eyes.tampering import HINT_S, Tampering
from camera.view import EVERYTHING, View

LOOK_EVERY_S = 0.09  # about ten looks a second; more tells nothing new about people, and timestamps may be a little early
EXTEND_EVERY_S = 1.0
QUIET_S = 0.8  # an event is over when nobody was seen for so long; visits a second apart stay apart

TAMPERS = frozenset({Kind.COVERED, Kind.MOVED, Kind.BLURRED, Kind.DAZZLED, Kind.DARK})


@dataclass
class _Open:
    """An event that goes on: the newest report about it, when the next extension is due, when something was last there."""

    sight: Sight
    reported_s: float
    present_s: float


class Eyes:
    """Looks at one camera's pictures in the order of stream time.

    Everything is decided in seconds, so any rate from about four pictures a second on gives the same answers. A changed picture
    size, or time that runs backwards, makes it start anew: what is open is closed and the scene is learnt again.
    motion_pct: share of the watched area that moves in the newest look, 0 to 100.
    """

    def __init__(self, view: View = EVERYTHING) -> None:
        self._view = view
        self._number = 0
        self._open: dict[Kind, _Open] = {}
        self._shape: tuple[int, ...] = ()
        self._looked_s = -np.inf
        self._recalled: list[NDArray[np.uint8]] = []
        self._forget()

    def _forget(self) -> None:
        self._tampering = Tampering()
        self._motion: Motion | None = None
        self._lights = Lights()
        self._frozen = Frozen()
        self._persistence = Persistence(Keenness(self._view.sensitivity))

    @property
    def motion_pct(self) -> float:
        return self._motion.share_pct if self._motion else 0.0

    @property
    def cells(self) -> NDArray[np.bool_]:
        """(18, 32), True where something moves in the newest look: the motion grid."""
        return self._motion.cells if self._motion else NOTHING_MOVES

    @property
    def remembered(self) -> list[NDArray[np.uint8]]:
        """What this camera should show, as small luma pictures: by day, by lamp, by infrared."""
        return self._tampering.remembered

    def recall(self, pictures: Sequence[NDArray[np.uint8]]) -> None:
        """Goes on from what other eyes have remembered of this camera, so that nobody can turn it while nobody looks.

        Pictures of another size than those that are looked at are passed over.
        """
        self._recalled = list(pictures)

    @property
    def at_rest(self) -> bool:
        """Whether nothing goes on and nothing is about to: no event is open, and the newest look shows nothing that could become one."""
        motion = self._motion  # asked by another thread too, while a change of light takes it away
        return not self._open and motion is not None and not motion.regions and self._tampering.suspicion is None

    def wants(self, at_s: float) -> bool:
        """Whether `look` would look at a picture of that stream time; spares the caller to shrink one that it would not."""
        return at_s < self._looked_s or at_s - self._looked_s >= LOOK_EVERY_S

    def look(self, luma: NDArray[np.uint8], at_s: float, *, colour: float | None = None, glance: bool = False) -> list[Sight]:
        """What the picture adds to the story.

        luma: (height, width), as `camera.looking.picture.small_luma` gives it; at_s: its stream time in seconds.
        colour: as `camera.looking.picture.colour` gives it; None where it is not known.
        glance: one of few pictures that are looked at of a scene at rest; from it the scene's noise is not learnt.
        Pictures less than LOOK_EVERY_S after the last one looked at are passed over.
        """
        sights: list[Sight] = []
        if luma.shape != self._shape or at_s < self._looked_s:
            sights = self.finish(self._looked_s)
            remembered = self._recalled or self.remembered
            self._recalled = []
            self._shape = luma.shape
            self._forget()
            self._tampering.recall([picture for picture in remembered if picture.shape == luma.shape])
        elif not self.wants(at_s):
            return []
        self._looked_s = at_s
        light_changes = self._lights.look(luma, at_s, colour)
        if light_changes:
            self._frozen.forget()
        self._frozen.look(luma, at_s)
        self._tampering.look(luma, at_s, light_changes=light_changes, free=self._motion.free if self._motion else None)
        sights += self._see_frozen(at_s) + self._see_tampering(at_s)
        if self._lights.over(at_s):
            sights += self._close(Kind.LIGHTS_CHANGED)
        if light_changes:
            return sights + self._see_lights(at_s)
        return sights + self._see_motion(luma, at_s, glance=glance)

    def finish(self, at_s: float) -> list[Sight]:
        """Close what is open. at_s: when the pictures ended; no event is said to last longer."""
        suspicion = self._tampering.suspicion
        opened = []
        if suspicion and at_s - suspicion.since_s >= HINT_S:
            suspicion.confirmed = True
            opened = self._see_tampering(at_s)
        closed = [sight for kind in list(self._open) for sight in self._close(kind)]
        return opened + [replace(sight, end_s=min(sight.end_s, at_s)) for sight in closed]

    def _see_frozen(self, at_s: float) -> list[Sight]:
        since_s = self._frozen.since_s
        if since_s is None:
            return self._close(Kind.FROZEN)
        if Kind.FROZEN not in self._open and self._tampering.suspicion:
            return []  # a cover does not stir either
        return self._report(Kind.FROZEN, at_s, start_s=since_s, end_s=at_s, pct=100.0)

    def _see_tampering(self, at_s: float) -> list[Sight]:
        suspicion = self._tampering.suspicion
        open_kind = next((kind for kind in self._open if kind in TAMPERS), None)
        if suspicion is None:
            return self._close(open_kind) if open_kind else []
        if not suspicion.confirmed:
            return []
        # What it was called first it is called to its end: one act is one event.
        return self._report(open_kind or suspicion.kind, at_s, start_s=suspicion.since_s, end_s=suspicion.seen_s, pct=100.0)

    def _see_lights(self, at_s: float) -> list[Sight]:
        # The scene is learnt again under the new light; an event of motion waits, it is not over because of a switch.
        self._motion = None
        self._persistence = Persistence(Keenness(self._view.sensitivity))
        if Kind.MOTION in self._open:
            self._open[Kind.MOTION].present_s = at_s
        lights = self._lights
        if lights.infrared:
            return []
        return self._report(Kind.LIGHTS_CHANGED, at_s, start_s=at_s, end_s=lights.unsteady_s, pct=lights.changed_pct)

    def _see_motion(self, luma: NDArray[np.uint8], at_s: float, *, glance: bool) -> list[Sight]:
        if self._motion is None:
            self._motion = Motion(luma, at_s, self._view)
            return []
        tracks = self._persistence.look(self._motion.look(luma, at_s, glance=glance), at_s)
        going_on = self._open.get(Kind.MOTION)
        over = going_on is not None and at_s - going_on.present_s > QUIET_S + (
            self._persistence.doubt_s if self._doubtful(going_on) else 0.0
        )
        sights = self._close(Kind.MOTION) if over else []
        if tracks:
            # Who stands still keeps the event open, but it ends with the last picture that showed a movement.
            end_s = at_s if any(track.region.moving for track in tracks) else None
            boxes = tuple(track.region.box for track in tracks)
            start_s = min(track.first_s for track in tracks)
            sights += self._report(Kind.MOTION, at_s, start_s=start_s, end_s=end_s, pct=self._motion.share_pct, boxes=boxes)
        return sights

    def _doubtful(self, going_on: _Open) -> bool:
        """Whether what is seen now came while the event's people were still there: it may be one of them, and needs time to show that."""
        return any(abs(first_s - going_on.present_s) <= MEMORY_S for first_s in self._persistence.seen_since_s)

    def _report(
        self, kind: Kind, at_s: float, *, start_s: float, end_s: float | None, pct: float, boxes: tuple[Box, ...] = ()
    ) -> list[Sight]:
        """Open the event of this kind or carry it on; a report when one is due. end_s: None leaves it as it was."""
        going_on = self._open.get(kind)
        if going_on is None:
            self._number += 1
            sight = Sight(self._number, kind, Phase.OPENED, start_s, at_s if end_s is None else end_s, pct, boxes)
            self._open[kind] = _Open(sight, at_s, at_s)
            return [sight]
        before = going_on.sight
        end_s = before.end_s if end_s is None else end_s
        going_on.sight = replace(before, phase=Phase.EXTENDED, end_s=end_s, peak_pct=max(before.peak_pct, pct), boxes=boxes)
        going_on.present_s = at_s
        if at_s - going_on.reported_s < EXTEND_EVERY_S:
            return []
        going_on.reported_s = at_s
        return [going_on.sight]

    def _close(self, kind: Kind) -> list[Sight]:
        going_on = self._open.pop(kind, None)
        return [replace(going_on.sight, phase=Phase.CLOSED)] if going_on else []
