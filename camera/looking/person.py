"""When a person detector is asked: about each motion, and never so that an event is taken away."""

from collections.abc import Callable
from dataclasses import replace

import av

from camera.events import Kind, Phase, Sight
from camera.fault import Fault
from camera.looking.person_check import PersonCheck


class Persons:
    """Asks the detector about every motion when it begins and about once a second while it goes on; each event keeps its best score.

    failed: told once, if the model fails; from then on nobody is asked, and the eyes go on.
    """

    def __init__(self, check: PersonCheck, failed: Callable[[Fault], None]) -> None:
        self._check: PersonCheck | None = check
        self._failed = failed
        self._best: dict[int, float] = {}

    def asked(self, sights: list[Sight], frame: av.VideoFrame | None) -> list[Sight]:
        """The sights with their scores. frame: the picture that shows them; None after the last one."""
        return [self._one(sight, frame) if sight.kind is Kind.MOTION else sight for sight in sights]

    def _one(self, sight: Sight, frame: av.VideoFrame | None) -> Sight:
        if sight.phase is Phase.OPENED:
            self._best.pop(sight.number, None)
        if self._check and frame and sight.phase is not Phase.CLOSED:
            try:
                score_pct = self._check.look(frame, sight.boxes)
                self._best[sight.number] = max(score_pct, self._best.get(sight.number, 0.0))
            except Fault as fault:
                self._check = None
                self._failed(fault)
        best_pct = self._best.pop(sight.number, None) if sight.phase is Phase.CLOSED else self._best.get(sight.number)
        return replace(sight, person_pct=best_pct)
