"""The packets of a camera for the windows that watch it: those since the last key frame are kept, the next ones sent as they come."""

import base64
import threading
from collections import deque
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime

from camera.message import Header, Outbox
from camera.streams.stream import Arrival, Format

KEPT_BYTES = 8 * 1024 * 1024


@dataclass(frozen=True)
class _Packet:
    """What a message is made of, should a window watch: most packets are never sent."""

    number: int
    arrival: Arrival
    format: Format
    utc: Callable[[float], datetime]

    def header(self) -> Header:
        at = self.utc(self.arrival.arrived_s).isoformat()
        header: Header = {"type": "packet", "number": self.number, "key": self.arrival.key, "at": at}
        if self.arrival.key:
            header |= {"codec": self.format.codec, "extradata": base64.b64encode(self.format.extradata).decode()}
        return header


class LiveGroup:
    """Used by the thread that reads the stream and by the one that takes commands."""

    def __init__(self, outbox: Outbox) -> None:
        self._outbox = outbox
        self._number = 0
        self._relaying = False
        self._kept: deque[_Packet] = deque()
        self._kept_bytes = 0
        self._lock = threading.Lock()

    def relay(self, on: bool) -> None:
        """Begins or ends sending packets; a beginning sends the group of pictures so far at once."""
        with self._lock:
            self._relaying = on
            for packet in self._kept if on else ():
                self._outbox.live(packet.header(), packet.arrival.payload)

    def add(self, arrival: Arrival, stream_format: Format, utc: Callable[[float], datetime]) -> None:
        """The next packet. utc: maps its arrival to an instant."""
        with self._lock:
            self._number += 1
            packet = _Packet(self._number, arrival, stream_format, utc)
            if arrival.key or self._kept_bytes > KEPT_BYTES:
                self._kept.clear()
                self._kept_bytes = 0
            if arrival.key or self._kept:
                self._kept.append(packet)
                self._kept_bytes += len(arrival.payload)
            if self._relaying:
                self._outbox.live(packet.header(), arrival.payload)
