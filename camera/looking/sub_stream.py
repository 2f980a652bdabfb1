"""A camera's small stream: read in a thread of its own for the eyes alone, tried again and again while it cannot be had."""

import threading
import time
from collections.abc import Callable

from camera.journal import Cause
from camera.looking.looking import Looking
from camera.streams.opening import open_stream
from camera.streams.stream import Format, Source, StreamError

RETRY_S = (2.0, 5.0, 15.0, 30.0, 60.0)
# A camera that refuses the login is asked seldom: many lock the account after a few wrong tries.
REFUSED_RETRY_S = 60.0
# New eyes learn the scene for so long before the main stream is left to itself.
SETTLE_S = 10.0
# Without a picture for so long the small stream does not count as watched.
SILENT_S = 2.0


class SubStream:
    """may_try: set while the main stream comes; a camera that is away is asked by that one alone.

    looking: the eyes that are on it now.
    """

    def __init__(self, source: Source, eyes_on: Callable[[Format], Looking]) -> None:
        """eyes_on: gives new eyes for a stream of that format, or raises StreamError."""
        self._source = source
        self._eyes_on = eyes_on
        self.may_try = threading.Event()
        self.looking: Looking | None = None
        self._stopping = threading.Event()
        # When the first and the newest picture of this connection was looked at, on the monotonic clock.
        self._pictures_s: tuple[float, float] | None = None
        self._thread = threading.Thread(target=self._run, name="sub stream", daemon=True)
        self._thread.start()

    def watches(self, now_s: float) -> bool:
        """Whether the eyes know the scene in this stream and see it now."""
        pictures_s = self._pictures_s
        return pictures_s is not None and now_s - pictures_s[0] >= SETTLE_S and now_s - pictures_s[1] < SILENT_S

    def stop(self) -> None:
        """Ends it after the packet in hand."""
        self._stopping.set()
        self.may_try.set()

    def join(self, timeout_s: float) -> None:
        """Waits for the end."""
        self._thread.join(timeout_s)

    def _run(self) -> None:
        tries = 0
        while not self._stopping.is_set():
            self.may_try.wait()
            cause = Cause.CAMERA_LOST
            begun_s = time.monotonic()
            try:
                self._look()
            except StreamError as error:
                cause = error.cause
            tries = 0 if self._pictures_s and time.monotonic() - begun_s > RETRY_S[-1] else tries + 1
            self._pictures_s = None
            wait_s = REFUSED_RETRY_S if cause is Cause.LOGIN_REFUSED else RETRY_S[min(tries, len(RETRY_S)) - 1]
            self._stopping.wait(wait_s)

    def _look(self) -> None:
        """Until told to stop. Raises StreamError when the stream ends."""
        if self._stopping.is_set():
            return
        with open_stream(self._source) as stream:
            looking = self.looking = self._eyes_on(stream.format)
            pictures = 0
            try:
                for arrival in stream.arrivals():
                    looking.add(arrival)
                    if looking.pictures != pictures:
                        pictures = looking.pictures
                        first_s = self._pictures_s[0] if self._pictures_s else arrival.arrived_s
                        self._pictures_s = (first_s, arrival.arrived_s)
                    if self._stopping.is_set():
                        return
            finally:
                self.looking = None
                looking.close(time.monotonic())
