"""One camera's stream: opened with time-outs, read packet by packet; a file is played in real time as if it were live."""

import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from itertools import count
from types import TracebackType
from typing import Any, Self

import av
from av.audio.stream import AudioStream
from av.container import InputContainer
from av.video.stream import VideoStream

from camera.fault import Fault
from camera.journal import Cause
from camera.streams.address import PROTOCOLS, file_of, with_credentials

# libav opens in two steps, the call and the first packets, and each may take so long.
OPEN_S = 6.0
# What cameras send that MP4 holds; G.711 it does not.
SOUNDS = {"aac", "mp3", "opus", "ac3"}
READ_S = 5.0


class StreamError(Fault):
    """The stream could not be opened or broke off. cause: what the gap is put down to."""

    def __init__(self, cause: Cause, template: str, **values: object) -> None:
        super().__init__(template, **values)
        self.cause = cause


@dataclass(frozen=True)
class Source:
    """Where a camera's pictures come from. The password is kept out of repr."""

    address: str
    username: str = ""
    password: str = field(default="", repr=False)


@dataclass(frozen=True)
class Format:
    """What a stream consists of. extradata: the decoder's parameter sets as the container gave them."""

    codec: str
    width: int
    height: int
    extradata: bytes


@dataclass(frozen=True)
class Arrival:
    """One packet as it came in.

    packet: libav's own, for muxing; payload: a copy of its bytes; arrived_s: on the monotonic clock, in seconds.
    played: how often the file that is played as a camera was begun anew; 0 for a camera. sound: it holds no pictures.
    """

    packet: "av.Packet[Any]"
    payload: bytes
    key: bool
    arrived_s: float
    played: int = 0
    sound: bool = False

    @property
    def stamp_s(self) -> float | None:
        """The camera's own timestamp in seconds; None where it sends none."""
        stamp = self.packet.dts if self.packet.dts is not None else self.packet.pts
        return None if stamp is None else stamp * float(self.packet.time_base)


class Stream:
    """An open stream. A context manager; leaving it closes the connection."""

    def __init__(
        self,
        source: Source,
        *,
        sound: bool = False,
        monotonic: Callable[[], float] = time.monotonic,
        pause: Callable[[float], object] = time.sleep,
    ) -> None:
        """Opens it. sound: takes that too, where it is of a kind that MP4 holds. monotonic, pause: the clock on which a file is played.

        Raises StreamError within twice OPEN_S, within OPEN_S where the camera does not answer.
        """
        self._monotonic, self._pause = monotonic, pause
        self._file = file_of(source.address)
        self._container = _open(source, sound=sound)
        video = self._container.streams.video
        context = video[0].codec_context if video else None
        if context is None:  # no video, or a codec that libav does not know
            self._container.close()
            raise StreamError(Cause.UNREADABLE, "The camera sends no video.")
        self.video: VideoStream = video[0]
        heard = [stream for stream in self._container.streams.audio if sound and stream.codec_context.name in SOUNDS]
        self.sound: AudioStream | None = next(iter(heard), None)
        self.format = Format(context.name, context.width, context.height, bytes(context.extradata or b""))

    def __enter__(self) -> Self:
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None) -> None:
        self._container.close()

    def arrivals(self) -> Iterator[Arrival]:
        """Every packet of pictures, and of sound if that was asked for, as it comes. A file begins anew at its end, for ever.

        Raises StreamError when the connection ends, breaks, or is silent for READ_S seconds.
        """
        if self._file is None:
            yield from self._live()
        else:
            yield from self._played()

    def _live(self) -> Iterator[Arrival]:
        before_s = self._monotonic()
        for packet in self._packets():
            arrived_s = self._monotonic()
            # libav holds each packet until the next begins. Once its wait is over it gives out the last one first, and would wait again.
            silent = arrived_s - before_s >= READ_S
            sound = self._is_sound(packet)
            if not (silent and sound):
                yield Arrival(packet, bytes(packet), packet.is_keyframe and not sound, before_s if silent else arrived_s, sound=sound)
            if silent:
                raise StreamError(Cause.CAMERA_LOST, "The camera has sent nothing for {seconds} seconds.", seconds=int(READ_S))
            if not sound:  # who is only heard is not seen
                before_s = self._monotonic()
        raise StreamError(Cause.CAMERA_LOST, "The camera ended the stream.")

    def _played(self) -> Iterator[Arrival]:
        begun_s = self._monotonic()
        for played in count():
            length_s = 0.0
            for packet in self._packets():
                tick_s, sound = float(packet.time_base), self._is_sound(packet)
                at_s = (packet.dts or 0) * tick_s
                length_s = max(length_s, at_s + (packet.duration or 0) * tick_s)
                self._pause(max(0.0, begun_s + at_s - self._monotonic()))
                yield Arrival(packet, bytes(packet), packet.is_keyframe and not sound, self._monotonic(), played, sound)
            if length_s <= 0:
                raise StreamError(Cause.UNREADABLE, "The camera sends no video.")
            begun_s += length_s
            self._container.seek(0)

    def _is_sound(self, packet: "av.Packet[Any]") -> bool:
        return self.sound is not None and packet.stream.index == self.sound.index

    def _packets(self) -> Iterator["av.Packet[Any]"]:
        try:
            for packet in self._container.demux([self.video, *([self.sound] if self.sound else [])]):
                if packet.size:
                    yield packet
        except (av.error.ExitError, av.error.TimeoutError):
            raise StreamError(Cause.CAMERA_LOST, "The camera has sent nothing for {seconds} seconds.", seconds=int(READ_S)) from None
        except (av.error.FFmpegError, OSError):
            raise StreamError(Cause.CAMERA_LOST, "The connection to the camera broke off.") from None


def _open(source: Source, *, sound: bool) -> InputContainer:
    """Raises StreamError; libav's own text is dropped on purpose, it may hold the address with its password."""
    # libav writes addresses, passwords and all, to standard error; every fault comes to us as an exception anyway.
    av.logging.set_level(av.logging.PANIC)
    scheme = source.address.split(":", 1)[0]
    options = {"protocol_whitelist": PROTOCOLS[scheme]}
    if scheme.startswith("rtsp"):
        # No guessing of the frame rate: it would hold back the first two seconds of pictures.
        options |= {"rtsp_transport": "tcp", "timeout": str(int(OPEN_S * 1_000_000)), "fpsprobesize": "0"}
        options["allowed_media_types"] = "video+audio" if sound else "video"
    file = file_of(source.address)
    place = str(file) if file else with_credentials(source.address, source.username, source.password)
    begun_s = time.monotonic()
    try:
        return av.open(place, mode="r", options=options, timeout=(OPEN_S, READ_S))
    except (av.error.HTTPUnauthorizedError, av.error.HTTPForbiddenError):
        raise StreamError(Cause.LOGIN_REFUSED, "The camera refused the login. Check its user and password.") from None
    except (av.error.InvalidDataError, av.error.DecoderNotFoundError, av.error.PatchWelcomeError, av.error.PermissionError):
        # The last one is libav's bare -1, with which it gives up on an answer that it does not understand.
        # A camera that takes the call and says nothing ends in the same error, only later.
        if time.monotonic() - begun_s < OPEN_S:
            raise StreamError(Cause.UNREADABLE, "What the camera sends cannot be read as video.") from None
        raise StreamError(Cause.NOT_ANSWERING, "The camera does not answer.") from None
    except (av.error.FFmpegError, OSError):
        raise StreamError(Cause.NOT_ANSWERING, "The camera does not answer.") from None
