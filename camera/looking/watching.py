"""Which of a camera's streams is looked at: the small one where there is one and it shows pictures, else the one that is recorded."""

import sys
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass
from functools import partial
from pathlib import Path

from camera.events import OnSight
from camera.fault import Fault
from camera.journal import Cause, WatchedHow
from camera.looking.gaze import OnCells
from camera.looking.looking import Looking
from camera.looking.person import Persons
from camera.looking.person_check import PersonCheck
from camera.looking.remembered_view import RememberedView
from camera.looking.sub_stream import SubStream
from camera.streams.stream import Arrival, Format, Source, StreamError
from camera.view import View

# How long the end waits for eyes that look at what is left.
END_S = 2.0


@dataclass(frozen=True)
class Plan:
    """What the eyes are told: where to look, and what the camera should show. person_model: a detector's file, if there is one."""

    view: View
    remembered: RememberedView
    person_model: str = ""


@dataclass(frozen=True)
class Tellers:
    """Whom the eyes tell. sights: gives every new pair of eyes somebody to tell; cells: takes the motion grid's cells of each look."""

    sights: Callable[[], OnSight]
    cells: OnCells


class Watching:
    """The eyes on one camera over its connections. Used by the thread that reads the main stream, but for `armed` and what is asked.

    The main stream is looked at until the small one has been looked at for some seconds, and again from the first packet after that one
    fell silent: the room is never unwatched longer.
    """

    def __init__(self, plan: Plan, armed: bool, sub: Source | None, tellers: Tellers) -> None:
        self._plan = plan
        self._tellers = tellers
        self._armed = armed
        self._format = Format("", 0, 0, b"")
        self._looking: Looking | None = None
        self._ending: list[threading.Thread] = []
        # Since when the main stream has given key frames and no picture; on the monotonic clock.
        self._blind_s: float | None = None
        self._pictures = 0
        self._sub = SubStream(sub, partial(self._eyes, sub_stream=True)) if sub else None

    def begin(self, stream_format: Format) -> None:
        """The main stream has begun, or is another one from now on."""
        self._end_main()
        self._format = stream_format
        if self._sub:
            self._sub.may_try.set()

    def add(self, arrival: Arrival) -> None:
        """A packet of the main stream. Raises StreamError for a codec that libav does not know, OSError where the disk refuses."""
        if self._plan.remembered.due(arrival.arrived_s):
            self._remember(arrival.arrived_s)
        if self._sub and self._sub.watches(arrival.arrived_s):
            self._blind_s = None
            self._end_main()
            return
        if self._looking is None:
            self._looking = self._eyes(self._format, sub_stream=False)
            self._pictures = 0
        if self._looking.pictures != self._pictures:
            self._pictures = self._looking.pictures
            self._blind_s = None
        elif arrival.key and self._blind_s is None:
            self._blind_s = arrival.arrived_s
        self._looking.add(arrival)

    def _remember(self, now_s: float) -> None:
        looking = self._looking or (self._sub.looking if self._sub else None)
        self._plan.remembered.keep(looking.remembered if looking else [], now_s)

    def end(self) -> None:
        """The main stream has ended. The small one is looked at as long as it comes, but not tried anew."""
        if self._sub:
            self._sub.may_try.clear()
        self._remember(time.monotonic())
        self._end_main()

    def stop(self) -> None:
        """Ends all looking; waits shortly for what is still looked at."""
        if self._sub:
            self._sub.stop()
        self.end()
        until_s = time.monotonic() + END_S
        for thread in self._ending:
            thread.join(max(0.0, until_s - time.monotonic()))
        if self._sub:
            self._sub.join(max(0.1, until_s - time.monotonic()))

    @property
    def armed(self) -> bool:
        """Whether the room is armed."""
        return self._armed

    @armed.setter
    def armed(self, armed: bool) -> None:
        self._armed = armed
        if looking := self._looking:
            looking.armed = armed
        if self._sub and (looking := self._sub.looking):
            looking.armed = armed

    @property
    def how(self) -> WatchedHow | None:
        """Which pictures are looked at now; None: none."""
        if self._sub and self._sub.watches(time.monotonic()):
            return WatchedHow.SUB_STREAM
        looking = self._looking
        return looking.how if looking else None

    @property
    def blind_s(self) -> float | None:
        """When the first of the key frames came that give no picture, on the monotonic clock; None: pictures come, or no packets."""
        return self._blind_s

    def stuck_s(self, now_s: float) -> float:
        """For how long the eyes have been at one packet. More than a few seconds is a fault."""
        seen = [self._looking, self._sub.looking if self._sub else None]
        return max((looking.stuck_s(now_s) for looking in seen if looking), default=0.0)

    def _eyes(self, stream_format: Format, *, sub_stream: bool) -> Looking:
        try:
            return Looking(
                stream_format,
                self._tellers.sights(),
                view=self._plan.view,
                sub_stream=sub_stream,
                armed=self._armed,
                remembered=self._plan.remembered.pictures,
                on_cells=self._tellers.cells,
                persons=persons_of(self._plan.person_model),
            )
        except ValueError:
            raise StreamError(Cause.UNREADABLE, "The camera sends a kind of video that cannot be recorded.") from None

    def _end_main(self) -> None:
        """Eyes that are behind look at what they have; recording does not wait for that."""
        looking, self._looking = self._looking, None
        self._ending = [thread for thread in self._ending if thread.is_alive()]
        if looking:
            thread = threading.Thread(target=looking.close, args=(time.monotonic(),), name="eyes end", daemon=True)
            thread.start()
            self._ending.append(thread)


def persons_of(model: str) -> Persons | None:
    """Whom to ask about persons. A model that cannot be used is said on standard error, and the camera is watched without."""
    if not model:
        return None
    try:
        return Persons(PersonCheck(Path(model)), _say)
    except Fault as fault:
        _say(fault)
        return None


def _say(fault: Fault) -> None:
    # The recorder puts it into its log.
    sys.stderr.write(f"{fault}\n")
    sys.stderr.flush()
