"""The eyes of a camera worker at work: a thread that decodes what arrives and reports what it sees."""

import threading
from collections import deque
from collections.abc import Callable
from typing import Any

import av
from av.video.codeccontext import VideoCodecContext

from camera.events import Sight
from camera.eyes.eyes import Eyes
from camera.picture import small_luma
from camera.stream import Arrival, Format

# About ten seconds of a usual camera. Eyes that fall further behind go on at the next key frame instead of ever later.
BEHIND_PACKETS = 250


class Looking:
    """Decodes the packets of one connection, in a thread of its own; recording never waits for it."""

    def __init__(self, stream_format: Format, on_sight: Callable[[Sight], None]) -> None:
        """on_sight: called from the thread. Sight times are arrival seconds on the monotonic clock."""
        self._format = stream_format
        self._on_sight = on_sight
        self._eyes = Eyes()
        self._waiting: deque[Arrival] = deque()
        self._ready = threading.Condition()
        self._closing = False
        self._skip_to_key = True
        self._thread = threading.Thread(target=self._run, name="eyes", daemon=True)
        self._thread.start()

    def add(self, arrival: Arrival) -> None:
        """Hands over a packet; returns at once."""
        with self._ready:
            if len(self._waiting) >= BEHIND_PACKETS:
                self._waiting.clear()
                self._skip_to_key = True
            if self._skip_to_key and not arrival.key:
                return
            self._skip_to_key = False
            self._waiting.append(arrival)
            self._ready.notify()

    def close(self, at_s: float) -> None:
        """Looks at what is waiting, then closes every open event."""
        with self._ready:
            self._closing = True
            self._ready.notify()
        self._thread.join()
        for sight in self._eyes.finish(at_s):
            self._on_sight(sight)

    def _run(self) -> None:
        decoder = decoder_for(self._format)
        while True:
            with self._ready:
                self._ready.wait_for(lambda: self._waiting or self._closing)
                if not self._waiting:
                    return
                arrival = self._waiting.popleft()
            for frame in decode(decoder, arrival.payload, arrival.arrived_s):
                at_s = frame.pts / 1_000_000 if frame.pts is not None else arrival.arrived_s
                if self._eyes.wants(at_s):
                    for sight in self._eyes.look(small_luma(frame), at_s):
                        self._on_sight(sight)


def decoder_for(stream_format: Format) -> VideoCodecContext:
    """A decoder for a stream of this format. Raises av.error.DecoderNotFoundError for a codec that libav does not know."""
    decoder = av.CodecContext.create(stream_format.codec, "r")
    if not isinstance(decoder, VideoCodecContext):
        raise TypeError(f"{stream_format.codec} is no video codec")
    if stream_format.extradata:
        decoder.extradata = stream_format.extradata
    decoder.thread_count = 1
    return decoder


def decode(decoder: VideoCodecContext, payload: bytes, at_s: float) -> list[av.VideoFrame]:
    """The pictures that this packet completes; each carries the at_s of its own packet as pts, in microseconds.

    A damaged packet gives none: the decoder goes on at the next whole one.
    """
    packet: av.Packet[Any] = av.Packet(payload)
    packet.pts = packet.dts = round(at_s * 1_000_000)
    try:
        return decoder.decode(packet)
    except av.error.FFmpegError:
        return []
