"""An RTSP server that does to its caller what broken and hostile cameras do. Plain sockets; RTP over the same line (RFC 2326 10.12)."""

import contextlib
import itertools
import socket
import struct
import threading
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from fractions import Fraction

import av
import numpy as np

FPS = 10
TICKS_PER_S = 90_000
RTP_BYTES = 1400
# A hostile camera sends as fast as the line takes it, but must not take the test's own computer down.
FLOOD_BYTES = 256 * 1024
FLOOD_PAUSE_S = 0.005


@dataclass(frozen=True)
class Picture:
    """One picture as NAL units without start codes."""

    units: tuple[bytes, ...]
    key: bool


def film(seconds: int, *, size: tuple[int, int] = (320, 180), codec: str = "libx264", seed: int = 1) -> list[Picture]:
    """A grainy room; a key frame every second, parameter sets before each."""
    grain = np.random.default_rng(seed)
    width, height = size
    room = grain.integers(60, 180, (height // 4, width // 4), dtype=np.uint8).repeat(4, 0).repeat(4, 1)
    encoder = av.CodecContext.create(codec, "w")
    assert isinstance(encoder, av.VideoCodecContext)
    encoder.width, encoder.height, encoder.pix_fmt = width, height, "yuv420p"
    encoder.time_base, encoder.framerate = Fraction(1, FPS), Fraction(FPS)
    quiet = {"x265-params": "log-level=none:repeat-headers=1"} if codec == "libx265" else {"x264-params": "repeat-headers=1"}
    encoder.options = {"g": str(FPS), "preset": "ultrafast", "tune": "zerolatency"} | quiet
    packets = []
    for number in range(seconds * FPS):
        luma = room + grain.integers(0, 4, room.shape, dtype=np.uint8)
        frame = av.VideoFrame.from_ndarray(np.concatenate([luma, np.full((height // 2, width), 128, np.uint8)]), format="yuv420p")
        frame.pts, frame.time_base = number, Fraction(1, FPS)
        packets += encoder.encode(frame)
    packets += encoder.encode(None)
    return [Picture(_units(bytes(packet)), packet.is_keyframe) for packet in packets]


def _units(packet: bytes) -> tuple[bytes, ...]:
    return tuple(unit.rstrip(b"\0") for unit in packet.replace(b"\0\0\0\1", b"\0\0\1").split(b"\0\0\1") if unit.rstrip(b"\0"))


class Hang(Exception):
    """The camera goes on holding the line and says nothing more."""


# What is sent to a caller: a picture with its timestamp in ticks, raw bytes, or an end (reset or silence) raised as an exception.
Script = Callable[[int], Iterator[tuple[Picture, int] | bytes]]


@dataclass(frozen=True)
class Manners:
    """How a camera behaves. script: told the number of the call, counted from 0.

    answers: takes the place of all RTSP answers; describes: takes the place of the answer to DESCRIBE. Both are pieces, sent one by one.
    codec: H264 or H265, for each call.
    """

    script: Script = lambda _: iter(())
    answers: Callable[[], Iterator[bytes]] | None = None
    describes: Callable[[], Iterator[bytes]] | None = None
    codec: Callable[[int], str] = lambda _: "H264"


class HostileCamera:
    """Listens on the loopback as a context manager; each call is served in a thread.

    calls: how often it was called; called_s: when first, on the monotonic clock.
    """

    def __init__(self, manners: Manners) -> None:
        self.calls = 0
        self.called_s = 0.0
        self._manners = manners
        self._listening = socket.create_server(("127.0.0.1", 0))
        self._lines: list[socket.socket] = []
        self._stopping = threading.Event()
        self.address = f"rtsp://127.0.0.1:{self._listening.getsockname()[1]}/camera"

    def __enter__(self) -> "HostileCamera":
        threading.Thread(target=self._listen, daemon=True).start()
        return self

    def __exit__(self, *_: object) -> None:
        self._stopping.set()
        with contextlib.suppress(OSError):
            self._listening.shutdown(socket.SHUT_RDWR)
        self._listening.close()
        for line in self._lines:
            with contextlib.suppress(OSError):
                line.shutdown(socket.SHUT_RDWR)
            line.close()

    def _listen(self) -> None:
        with contextlib.suppress(OSError):
            while True:
                line, _ = self._listening.accept()
                self._lines.append(line)
                self.called_s = self.called_s or time.monotonic()
                call, self.calls = self.calls, self.calls + 1
                threading.Thread(target=self._serve, args=(line, call), daemon=True).start()

    def _serve(self, line: socket.socket, call: int) -> None:
        try:
            self._talk(line, call)
        except Hang:
            self._stopping.wait()
        except ConnectionResetError:
            line.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
            line.close()
        except OSError:
            line.close()

    def _talk(self, line: socket.socket, call: int) -> None:
        while True:
            request = b""
            while b"\r\n\r\n" not in request:
                came = line.recv(4096)
                if not came:
                    return
                request += came
            method = request.split(b" ", 1)[0].decode()
            sequence = request.lower().partition(b"cseq:")[2].split(b"\r\n")[0].strip().decode()
            pieces = self._manners.answers or (self._manners.describes if method == "DESCRIBE" else None)
            if pieces:
                for piece in pieces():
                    line.sendall(piece.replace(b"{cseq}", sequence.encode()))
                raise Hang
            line.sendall(self._answer(method, sequence, call))
            if method == "PLAY":
                self._play(line, call)

    def _answer(self, method: str, sequence: str, call: int) -> bytes:
        head, body = f"RTSP/1.0 200 OK\r\nCSeq: {sequence}\r\nSession: 7\r\n", ""
        if method == "OPTIONS":
            head += "Public: OPTIONS, DESCRIBE, SETUP, PLAY, TEARDOWN\r\n"
        elif method == "DESCRIBE":
            body = sdp(self._manners.codec(call))
            head += f"Content-Type: application/sdp\r\nContent-Length: {len(body)}\r\n"
        elif method == "SETUP":
            head += "Transport: RTP/AVP/TCP;unicast;interleaved=0-1\r\n"
        return (head + "\r\n" + body).encode()

    def _play(self, line: socket.socket, call: int) -> None:
        codec, sequence = self._manners.codec(call), itertools.count()
        begun_s = time.monotonic()
        for number, sent in enumerate(self._manners.script(call)):
            if self._stopping.wait(max(0.0, begun_s + number / FPS - time.monotonic())):
                return
            if isinstance(sent, bytes):
                line.sendall(sent)
            else:
                picture, ticks = sent
                line.sendall(b"".join(_rtp(picture, ticks, codec, sequence)))
        raise Hang


def sdp(codec: str) -> str:
    """What a camera with this codec promises; its parameter sets come with the pictures."""
    lines = ("v=0", "o=- 1 1 IN IP4 127.0.0.1", "s=camera", "c=IN IP4 0.0.0.0", "t=0 0", "m=video 0 RTP/AVP 96")
    fmtp = ("a=fmtp:96 packetization-mode=1",) if codec == "H264" else ()
    return "\r\n".join((*lines, f"a=rtpmap:96 {codec}/{TICKS_PER_S}", *fmtp, "a=control:track", ""))


def _rtp(picture: Picture, ticks: int, codec: str, sequence: Iterator[int]) -> Iterator[bytes]:
    """RFC 6184 and RFC 7798: single units, and fragments of those that are too long; framed as RFC 2326 10.12 says."""
    parts = [part for unit in picture.units for part in _parts(unit, codec)]
    for index, part in enumerate(parts):
        marker = 0x80 if index == len(parts) - 1 else 0
        head = struct.pack("!BBHII", 0x80, marker | 96, next(sequence) & 0xFFFF, ticks & 0xFFFFFFFF, 1)
        yield b"$\0" + struct.pack("!H", len(head) + len(part)) + head + part


def _parts(unit: bytes, codec: str) -> list[bytes]:
    if len(unit) <= RTP_BYTES:
        return [unit]
    if codec == "H264":
        outer, kind, body = bytes([unit[0] & 0xE0 | 28]), unit[0] & 31, unit[1:]
    else:
        outer, kind, body = bytes([unit[0] & 0x81 | 49 << 1, unit[1]]), unit[0] >> 1 & 63, unit[2:]
    pieces = [body[at : at + RTP_BYTES] for at in range(0, len(body), RTP_BYTES)]
    ends = {0: 0x80, len(pieces) - 1: 0x40}
    return [outer + bytes([kind | ends.get(index, 0)]) + piece for index, piece in enumerate(pieces)]


def timed(pictures: Iterator[Picture] | list[Picture], *, start: int = 0, jump: tuple[int, int] = (0, 0)) -> Iterator[tuple[Picture, int]]:
    """Pictures with their timestamps. jump: from that picture on the clock is off by so many ticks."""
    for number, picture in enumerate(pictures):
        yield picture, start + number * TICKS_PER_S // FPS + (jump[1] if jump[0] and number >= jump[0] else 0)


def torn(pictures: list[Picture]) -> Iterator[Picture]:
    """The pictures with nothing left of each but the first bytes; parameter sets stay whole."""
    for picture in pictures:
        yield Picture(tuple(unit if len(unit) < 60 else unit[:3] for unit in picture.units), picture.key)


def slowly(text: bytes, pause_s: float = 1.0) -> Iterator[bytes]:
    """One byte at a time."""
    for byte in text:
        time.sleep(pause_s)
        yield bytes([byte])


def endlessly(head: bytes, line: bytes) -> Iterator[bytes]:
    """A beginning, and lines for ever."""
    yield head
    block = line * (FLOOD_BYTES // len(line))
    while True:
        yield block
        time.sleep(FLOOD_PAUSE_S)


def described(body: bytes) -> Iterator[bytes]:
    """An answer to DESCRIBE with this body."""
    yield b"RTSP/1.0 200 OK\r\nCSeq: {cseq}\r\nContent-Type: application/sdp\r\nContent-Length: %d\r\n\r\n" % len(body) + body
