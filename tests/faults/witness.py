"""A second client of a camera, who notes each packet that was sent: against that is held what the recorder has kept."""

import bisect
import threading
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from hashlib import sha256
from pathlib import Path
from typing import Any

import av

from tests.camera.rig import nal_units, packets_of

FPS = 10
# For so long a busy machine may keep this thread waiting.
MOST_LATE_S = 10


def digest_of(units: Sequence[bytes]) -> bytes:
    """Tells one packet from all others, however it was wrapped."""
    return sha256(b"\0\0\1".join(units)).digest()


def loop(video: Path, path: Path, *, times: int) -> None:
    """The video over and over, by copying packets; it must be of one rate and without B-frames, as `write_video` makes it."""
    with av.open(str(video)) as source, av.open(str(path), "w", format="mp4") as long:
        stream = long.add_stream_from_template(source.streams.video[0])
        packets = [(bytes(packet), packet.is_keyframe, packet.duration or 0) for packet in source.demux(video=0) if packet.size]
        ticks, tick = 0, source.streams.video[0].time_base
        assert tick is not None
        for payload, key, duration in packets * times:
            packet: av.Packet[Any] = av.Packet(payload)
            packet.time_base, packet.is_keyframe, packet.stream = tick, key, stream
            packet.pts = packet.dts = ticks
            packet.duration = duration
            ticks += duration
            long.mux(packet)


@dataclass(frozen=True)
class Sent:
    """A packet that came: when, and which of the video's it is."""

    at: datetime
    index: int


class Witness:
    """Reads a camera in a thread of its own. sent: all that came so far, in order; fault: why no more comes, if so; indices: of packets."""

    def __init__(self, address: str, indices: Mapping[bytes, int]) -> None:
        """indices: of the video's packets, by `digest_of`."""
        self._address = address
        self.indices = indices
        self.sent: list[Sent] = []
        self.fault = ""
        self._stop = threading.Event()
        self._thread = threading.Thread(target=self._run, daemon=True)

    def start(self) -> None:
        self._thread.start()

    def stop(self) -> None:
        self._stop.set()
        self._thread.join()

    def before(self, at: datetime) -> int:
        """How many packets had come by then."""
        return bisect.bisect_right(self.sent, at, key=lambda sent: sent.at)

    def place(self, index: int, at: datetime) -> int:
        """Where in `sent` the packet of this index stands that came nearest to an instant; may lie outside."""
        near = min(self.before(at), len(self.sent) - 1)
        count = len(self.indices)
        return near + (index - self.sent[near].index + count // 2) % count - count // 2

    def due_at(self, place: int) -> datetime:
        """When a packet would have come had nothing kept it waiting, as those that came after it tell; at most when it came.

        A camera sends at its rate: ten packets that come at once were sent in the second before. When in between, nobody can say.
        """
        after = self.sent[place : place + MOST_LATE_S * FPS]
        return min(sent.at - timedelta(seconds=number / FPS) for number, sent in enumerate(after))

    def _run(self) -> None:
        options = {"rtsp_transport": "tcp", "fpsprobesize": "0", "allowed_media_types": "video"}
        try:
            with av.open(self._address, options=options, timeout=(20.0, 20.0)) as container:
                for packet in container.demux(video=0):
                    if packet.size:
                        self._take(bytes(packet))
                    if self._stop.is_set() or self.fault:
                        return
                self.fault = "the camera has ended"
        except (av.error.FFmpegError, OSError) as error:
            self.fault = str(error)

    def _take(self, payload: bytes) -> None:
        index = self.indices.get(digest_of(nal_units(payload)))
        if index is None or (self.sent and index != (self.sent[-1].index + 1) % len(self.indices)):
            self.fault = "a packet was lost on its way to the witness"
        else:
            self.sent.append(Sent(datetime.now(UTC), index))


def indices_of(video: Path) -> dict[bytes, int]:
    """The numbers of a video's packets by what is in them. Raises ValueError where two are the same."""
    packets = packets_of(video)
    indices = {digest_of(units): number for number, units in enumerate(packets)}
    if len(indices) != len(packets):
        raise ValueError(f"{video} has packets that are the same")
    return indices
