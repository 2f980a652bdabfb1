"""What a camera worker tells the recorder, as messages. Every thread of the worker may tell."""

import base64
import threading
from collections.abc import Callable
from dataclasses import asdict
from datetime import datetime

import numpy as np
from numpy.typing import NDArray

from camera.events import Kind, OnSight, Phase, Sight
from camera.journal import Cause, State, WrittenSegment
from camera.looking.motion_minutes import MotionMinutes
from camera.message import Outbox


class Reports:
    """Gives the events of all that looks at the camera one row of numbers. last_motion_at: the newest sight of anything."""

    def __init__(self, outbox: Outbox) -> None:
        self._outbox = outbox
        self._events = 0
        self._minutes = MotionMinutes()
        self._lock = threading.Lock()
        self.last_motion_at: datetime | None = None

    def teller(self, utc: Callable[[float], datetime]) -> OnSight:
        """Tells the sights of one pair of eyes, or of something else that numbers its events from 1. utc: maps their times to instants."""
        numbers: dict[int, int] = {}

        def tell(sight: Sight) -> None:
            with self._lock:
                if sight.number not in numbers:
                    self._events += 1
                    numbers[sight.number] = self._events
                self._sight(numbers[sight.number], sight, utc)
                if sight.phase is Phase.CLOSED:
                    del numbers[sight.number]

        return tell

    def moment(self, kind: Kind, at: datetime) -> None:
        """Something that happened and is over at once."""
        tell = self.teller(lambda _: at)
        for phase in (Phase.OPENED, Phase.CLOSED):
            tell(Sight(1, kind, phase, 0.0, 0.0, 0.0, ()))

    def _sight(self, number: int, sight: Sight, utc: Callable[[float], datetime]) -> None:
        started_at, ended_at = utc(sight.start_s), utc(sight.end_s)
        self.last_motion_at = ended_at
        self._outbox.report(
            {
                "type": "sight",
                "event": number,
                "kind": sight.kind,
                "phase": sight.phase,
                "started_at": started_at.isoformat(),
                "ended_at": ended_at.isoformat(),
                "peak_pct": sight.peak_pct,
                "boxes": [asdict(box) for box in sight.boxes],
                "person_pct": sight.person_pct,
            }
        )

    def segment(self, segment: WrittenSegment | None) -> None:
        """A segment is whole on the disk; None is passed over."""
        if segment:
            values = asdict(segment) | {"started_at": segment.started_at.isoformat(), "ended_at": segment.ended_at.isoformat()}
            self._outbox.report({"type": "segment", "segment": values})

    def state(self, state: State, cause: Cause | None, at: datetime) -> None:
        """How the camera does from now on."""
        self._outbox.report({"type": "state", "state": state, "cause": cause, "at": at.isoformat()})

    def moved(self, at: datetime, cells: NDArray[np.bool_]) -> None:
        """Something moved in these cells of the motion grid."""
        with self._lock:
            self._cells(self._minutes.add(at, cells))

    def minutes_over(self, at: datetime) -> None:
        """Tells the minute of the motion grid that is over by now."""
        with self._lock:
            self._cells(self._minutes.over(at))

    def end(self) -> None:
        """Tells what the motion grid has of a minute that is not over."""
        with self._lock:
            self._cells(self._minutes.finish())

    def _cells(self, minutes: list[tuple[datetime, bytes]]) -> None:
        for minute_at, cells in minutes:
            encoded = base64.b64encode(cells).decode()
            self._outbox.report({"type": "cells", "minute_at": minute_at.isoformat(), "cells": encoded})
