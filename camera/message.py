"""How a camera worker and the recorder talk: over the worker's own pipes, one JSON header and perhaps a payload at a time.

A pipe and not a socket, because it dies with its process: the end of the pipe is the news of the end.
"""

import json
import struct
import threading
from collections import deque
from typing import Any, BinaryIO

Header = dict[str, Any]
_SIZES = struct.Struct("!II")
# A worker's message is never larger; a key frame of a 4K camera stays well below.
LARGEST = 64 * 1024 * 1024


def read_message(pipe: BinaryIO) -> tuple[Header, bytes] | None:
    """The next message; None at the end of the pipe, also in the middle of a message. Raises ValueError for one too large to be ours."""
    sizes = pipe.read(_SIZES.size)
    if len(sizes) < _SIZES.size:
        return None
    header_size, payload_size = _SIZES.unpack(sizes)
    if header_size + payload_size > LARGEST:
        raise ValueError("a message larger than any of ours")
    header, payload = pipe.read(header_size), pipe.read(payload_size)
    if len(header) < header_size or len(payload) < payload_size:
        return None
    return json.loads(header), payload


class Outbox:
    """Writes messages to a pipe from a thread of its own, so that a reader who is slow or gone never holds up the camera.

    Reports are never dropped; live packets are, the newest first, while more than `live_bytes` wait.
    """

    def __init__(self, pipe: BinaryIO, *, live_bytes: int = 4 * 1024 * 1024) -> None:
        self._pipe = pipe
        self._live_bytes = live_bytes
        self._waiting: deque[tuple[bytes, bytes, bool]] = deque()
        self._live_waiting = 0
        self._ready = threading.Condition()
        self._closing = False
        self.broken = threading.Event()
        self._thread = threading.Thread(target=self._run, name="outbox", daemon=True)
        self._thread.start()

    def report(self, header: Header) -> None:
        """Sends a report, in order."""
        self._put(json.dumps(header).encode(), b"", live=False)

    def live(self, header: Header, payload: bytes) -> None:
        """Sends a live packet, or drops it when the reader is behind."""
        if self._live_waiting + len(payload) <= self._live_bytes:
            self._put(json.dumps(header).encode(), payload, live=True)

    def close(self, timeout_s: float) -> None:
        """Waits until all is written, or the time is up."""
        with self._ready:
            self._closing = True
            self._ready.notify()
        self._thread.join(timeout_s)

    def _put(self, header: bytes, payload: bytes, *, live: bool) -> None:
        with self._ready:
            self._waiting.append((header, payload, live))
            self._live_waiting += len(payload) if live else 0
            self._ready.notify()

    def _run(self) -> None:
        while True:
            with self._ready:
                self._ready.wait_for(lambda: self._waiting or self._closing)
                if not self._waiting:
                    return
                header, payload, live = self._waiting.popleft()
                self._live_waiting -= len(payload) if live else 0
            try:
                self._pipe.write(_SIZES.pack(len(header), len(payload)) + header + payload)
                self._pipe.flush()
            except OSError:
                self.broken.set()
                return
