"""The eyes of a camera worker at work: a thread that looks at what arrives and reports what it sees."""

import threading
import time
from collections import deque
from collections.abc import Callable, Sequence
from functools import partial

import numpy as np
from numpy.typing import NDArray

from camera.events import Sight
from camera.eyes.eyes import Eyes
from camera.journal import WatchedHow
from camera.looking.gaze import Gaze, OnCells
from camera.looking.person import Persons
from camera.streams.stream import Arrival, Format
from camera.view import EVERYTHING, View

# About ten seconds of a usual camera. Eyes that fall further behind go on at the next key frame instead of ever later.
BEHIND_PACKETS = 250


class Looking:
    """Looks at the packets of one connection, in a thread of its own; recording never waits for it."""

    def __init__(
        self,
        stream_format: Format,
        on_sight: Callable[[Sight], None],
        *,
        view: View = EVERYTHING,
        sub_stream: bool = False,
        armed: bool = True,
        remembered: Sequence[NDArray[np.uint8]] = (),
        on_cells: OnCells | None = None,
        persons: Persons | None = None,
    ) -> None:
        """on_sight, on_cells: called from the thread. Their times are arrival seconds on the monotonic clock.

        remembered: what earlier eyes knew this camera to show. persons: asked about what moves.
        sub_stream: the stream is the camera's small one, all of which is looked at. Raises ValueError for a codec that libav does not know.
        """
        self._on_sight = on_sight
        self._sub_stream = sub_stream
        eyes = Eyes(view)
        eyes.recall(remembered)
        self._gaze = Gaze(stream_format, eyes, armed=armed, small=sub_stream, on_cells=on_cells, persons=persons)
        # What is to be done, a packet each.
        self._waiting: deque[Callable[[], list[Sight]]] = deque()
        self._idle = False
        self._ready = threading.Condition()
        self._closing = False
        self._skip_to_key = True
        self._at_it_since_s: float | None = None
        self._progress = (0, 0.0)
        self._thread = threading.Thread(target=self._run, name="eyes", daemon=True)
        self._thread.start()

    @property
    def armed(self) -> bool:
        """Whether the room is armed; taken note of at the next packet."""
        return self._gaze.armed

    @armed.setter
    def armed(self, armed: bool) -> None:
        self._gaze.armed = armed

    @property
    def how(self) -> WatchedHow:
        """Which pictures are looked at now."""
        return WatchedHow.SUB_STREAM if self._sub_stream else self._gaze.how

    @property
    def remembered(self) -> list[NDArray[np.uint8]]:
        """What the eyes know this camera to show by now; see `Eyes.remembered`."""
        return self._gaze.eyes.remembered

    @property
    def pictures(self) -> int:
        """How many pictures were decoded so far; a packet that gives none may be damaged, or not be needed."""
        return self._gaze.pictures

    def stuck_s(self, now_s: float) -> float:
        """For how long the thread has been at one packet without decoding a picture. now_s: on the monotonic clock.

        To be asked again and again: a packet that wakes the gaze may cost seconds, but pictures come of it all the time.
        """
        since_s, pictures = self._at_it_since_s, self._gaze.pictures
        if pictures != self._progress[0]:
            self._progress = (pictures, now_s)
        return 0.0 if since_s is None else now_s - max(since_s, self._progress[1])

    def add(self, arrival: Arrival) -> None:
        """Hands over a packet; returns at once."""
        with self._ready:
            if len(self._waiting) >= BEHIND_PACKETS:
                self._waiting.clear()
                self._skip_to_key = True
            if self._skip_to_key and not arrival.key:
                return
            self._skip_to_key = False
            packet = arrival.payload, arrival.key, arrival.arrived_s
            # To wake the thread costs more than what sleeping eyes do with a packet.
            slept = self._idle and not self._waiting and self._gaze.sleeps_through(*packet)
            if slept and not self._gaze.stirred:
                return
            self._waiting.append(partial(self._gaze.rouse, arrival.arrived_s) if slept else partial(self._gaze.take, *packet))
            if slept or not self._gaze.may_wait(arrival.key, arrival.arrived_s):
                self._ready.notify()

    def close(self, at_s: float) -> None:
        """Looks at what is waiting, then closes every open event."""
        with self._ready:
            self._closing = True
            self._ready.notify()
        self._thread.join()
        for sight in self._gaze.finish(at_s):
            self._on_sight(sight)

    def _run(self) -> None:
        while True:
            with self._ready:
                self._idle = True
                self._ready.wait_for(lambda: self._waiting or self._closing)
                self._idle = False
                if not self._waiting:
                    return
                look = self._waiting.popleft()
            self._at_it_since_s = time.monotonic()
            for sight in look():
                self._on_sight(sight)
            self._at_it_since_s = None
