"""Cameras that lie, stall, flood and repeat themselves: an RTSP server in plain sockets that does one bad thing each.

RTP goes over the RTSP line itself (RFC 2326 10.12), H.264 and H.265 as single NAL units or fragments (RFC 6184, RFC 7798).
"""

import contextlib
import socket
import struct
import threading
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from fractions import Fraction
from itertools import count
from pathlib import Path

import av

FPS = 10
TICKS_PER_S = 90_000
RTP_BYTES = 1400
OK = "RTSP/1.0 200 OK\r\nCSeq: {cseq}\r\nSession: 1\r\n"


@dataclass(frozen=True)
class Picture:
    """One picture as NAL units without start codes; parameter sets stand before a key frame."""

    units: tuple[bytes, ...]
    key: bool


def film(video: Path, *, size: tuple[int, int] = (320, 180), encoder: str = "libx264") -> list[Picture]:
    """The video encoded as a camera sends it: FPS pictures a second, a key frame with its parameter sets every second."""
    context = av.CodecContext.create(encoder, "w")
    assert isinstance(context, av.VideoCodecContext)
    context.width, context.height = size
    context.pix_fmt, context.time_base = "yuv420p", Fraction(1, FPS)
    private = {"libx264": {"x264-params": "repeat-headers=1"}, "libx265": {"x265-params": "repeat-headers=1:log-level=none"}}
    context.options = {"g": str(FPS), "preset": "ultrafast", "tune": "zerolatency", **private[encoder]}
    packets = []
    with av.open(str(video)) as container:
        for number, frame in enumerate(container.decode(video=0)):
            resized = frame.reformat(*size)
            resized.pts, resized.time_base = number, Fraction(1, FPS)
            resized.pict_type = av.video.frame.PictureType.NONE
            packets += context.encode(resized)
    packets += context.encode(None)
    return [Picture(tuple(_units(bytes(packet))), packet.is_keyframe) for packet in packets]


def _units(packet: bytes) -> Iterator[bytes]:
    for unit in packet.replace(b"\0\0\0\1", b"\0\0\1").split(b"\0\0\1"):
        if unit:
            yield unit


class ResetLine(Exception):
    """Raised by what a camera plays: the line is reset at once."""


@dataclass(frozen=True)
class Conduct:
    """How a camera behaves. Everything that is sent comes as pieces, one every `pace_s` seconds; after the last one it is silent.

    play: told how many callers were served before; the pieces after PLAY.
    answer: takes the place of the answer to this method; {cseq} in it is filled in.
    sdp: the description. May raise ResetLine.
    """

    play: Callable[[int], Iterable[bytes]] = lambda _: ()
    answer: tuple[str, Callable[[], Iterable[bytes]]] | None = None
    sdp: Callable[[int], str] = lambda _: described("H264")
    pace_s: float = 1 / FPS


class HostileCamera:
    """Listens on the loopback while the context lasts.

    called_at: when each caller came; played_at: when what was to be played had been sent; sent_bytes: the most in one answer.
    """

    def __init__(self, conduct: Conduct) -> None:
        self.called_at: list[datetime] = []
        self.played_at: list[datetime] = []
        self.sent_bytes = 0
        self._conduct = conduct
        self._listening = socket.create_server(("127.0.0.1", 0))
        self._lines: list[socket.socket] = []
        self._stopping = threading.Event()
        self._threads = [threading.Thread(target=self._listen)]
        self.address = f"rtsp://127.0.0.1:{self._listening.getsockname()[1]}/camera"

    def __enter__(self) -> "HostileCamera":
        self._threads[0].start()
        return self

    def __exit__(self, *_: object) -> None:
        self._stopping.set()
        for line in (self._listening, *self._lines):
            with contextlib.suppress(OSError):
                line.shutdown(socket.SHUT_RDWR)
        for thread in self._threads:
            thread.join()
        for line in (self._listening, *self._lines):
            line.close()

    def _listen(self) -> None:
        while not self._stopping.is_set():
            try:
                line, _ = self._listening.accept()
            except OSError:
                return
            self._lines.append(line)
            self.called_at.append(datetime.now(UTC))
            thread = threading.Thread(target=self._serve, args=(line, len(self.called_at) - 1))
            self._threads.append(thread)
            thread.start()

    def _serve(self, line: socket.socket, call: int) -> None:
        try:
            while request := self._request(line):
                self._send(line, self._answer(*request, call))
                if request[0] == "PLAY":
                    self._send(line, self._conduct.play(call))
                    self.played_at.append(datetime.now(UTC))
        except ResetLine:
            line.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
            line.close()
        except OSError:
            return

    def _request(self, line: socket.socket) -> tuple[str, str] | None:
        """Method and sequence number; None: the caller has gone."""
        text = b""
        while b"\r\n\r\n" not in text:
            came = line.recv(4096)
            if not came:
                return None
            text += came
        head = text.decode(errors="replace")
        return head.split(" ", 1)[0], head.partition("CSeq:")[2].split("\r\n")[0].strip()

    def _answer(self, method: str, cseq: str, call: int) -> Iterable[bytes]:
        if self._conduct.answer and self._conduct.answer[0] in (method, "*"):
            return (piece.replace(b"{cseq}", cseq.encode()) for piece in self._conduct.answer[1]())
        head, body = OK.replace("{cseq}", cseq), b""
        if method == "DESCRIBE":
            body = self._conduct.sdp(call).encode()
            head += f"Content-Type: application/sdp\r\nContent-Length: {len(body)}\r\n"
        elif method == "SETUP":
            head += "Transport: RTP/AVP/TCP;unicast;interleaved=0-1\r\n"
        elif method == "OPTIONS":
            head += "Public: OPTIONS, DESCRIBE, SETUP, PLAY, TEARDOWN\r\n"
        return [(head + "\r\n").encode() + body]

    def _send(self, line: socket.socket, pieces: Iterable[bytes]) -> None:
        sent_bytes = 0
        for number, piece in enumerate(pieces):
            if number and self._stopping.wait(self._conduct.pace_s):
                return
            line.sendall(piece)
            sent_bytes += len(piece)
            self.sent_bytes = max(self.sent_bytes, sent_bytes)


def described(codec: str) -> str:
    """A description that promises this codec (H264 or H265) and no parameter sets: they come before each key frame."""
    mode = "a=fmtp:96 packetization-mode=1\r\n" if codec == "H264" else ""
    session = "v=0\r\no=- 1 1 IN IP4 127.0.0.1\r\ns=camera\r\nc=IN IP4 0.0.0.0\r\nt=0 0\r\n"
    return f"{session}m=video 0 RTP/AVP 96\r\na=rtpmap:96 {codec}/{TICKS_PER_S}\r\n{mode}a=control:track\r\n"


AUDIO_ONLY = described("H264").replace("m=video", "m=audio").replace("H264/90000", "PCMU/8000")


def endless(head: bytes, line: bytes) -> Iterator[bytes]:
    """A beginning, then the same line for ever, 64 KiB at a time."""
    yield head
    while True:
        yield line * (65536 // len(line))


def dribble(text: bytes) -> Iterator[bytes]:
    """Byte by byte."""
    return (bytes([byte]) for byte in text)


def sent(pictures: Iterable[Picture], *, codec: str = "H264", stamps: Callable[[int], int] | None = None) -> Iterator[bytes]:
    """Each picture as interleaved RTP packets. stamps: the timestamp of picture number n in ticks; a clock that goes right if None."""
    sequence = count()
    for number, picture in enumerate(pictures):
        stamp = stamps(number) if stamps else number * TICKS_PER_S // FPS
        parts = [part for unit in picture.units for part in _parts(unit, codec)]
        packets = []
        for index, part in enumerate(parts):
            last = 0x80 if index == len(parts) - 1 else 0
            head = struct.pack("!BBHII", 0x80, 96 | last, next(sequence) % 65536, stamp % 2**32, 7)
            packets.append(struct.pack("!BBH", 0x24, 0, len(head) + len(part)) + head + part)
        yield b"".join(packets)


def _parts(unit: bytes, codec: str) -> Iterator[bytes]:
    if len(unit) <= RTP_BYTES:
        yield unit
        return
    if codec == "H264":
        indicator, kind, body = bytes([unit[0] & 0x60 | 28]), unit[0] & 31, unit[1:]
    else:
        indicator, kind, body = bytes([unit[0] & 0x81 | 49 << 1, unit[1]]), unit[0] >> 1 & 63, unit[2:]
    for at in range(0, len(body), RTP_BYTES):
        first, last = at == 0, at + RTP_BYTES >= len(body)
        yield indicator + bytes([0x80 * first | 0x40 * last | kind]) + body[at : at + RTP_BYTES]


def truncated(pictures: Iterable[Picture], keep: Callable[[bytes], int]) -> Iterator[Picture]:
    """The pictures with each slice cut to so many bytes; what is short, such as parameter sets, stays whole."""
    for picture in pictures:
        yield Picture(tuple(unit if len(unit) < 60 else unit[: keep(unit)] for unit in picture.units), picture.key)
