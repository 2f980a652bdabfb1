"""A camera on this computer's own USB, read through OpenCV: its JPEG packets as they are, or where it gives none, its pictures encoded."""

import io
import time
from collections.abc import Callable, Iterator
from fractions import Fraction
from types import TracebackType
from typing import Any, Self

import av
import cv2
import numpy as np
from av.video.codeccontext import VideoCodecContext
from av.video.stream import VideoStream
from numpy.typing import NDArray

from camera.journal import Cause
from camera.streams.address import usb_number
from camera.streams.stream import Arrival, Format, Source, StreamError

# Asked for; a camera takes what it has that is nearest.
SIZE = (1280, 720)
MJPG = cv2.VideoWriter.fourcc(*"MJPG")
# Of the JPEG quantiser, 1 (best) to 31, where we encode.
QUANTISER = "3"
_BEGIN, _END = b"\xff\xd8", b"\xff\xd9"


class UsbStream:
    """An open USB camera, in the manner of Stream: `video`, `format`, `arrivals`. A context manager; leaving it frees the camera.

    Most cameras compress to JPEG themselves, because USB carries no more; those packets are recorded as they come. A camera that gives
    pictures only has them encoded as JPEG here: the one place where this program encodes what it records.

    A camera that stops without a word holds the reading up; the worker is ended then, as one that hangs.
    """

    def __init__(self, source: Source, *, monotonic: Callable[[], float] = time.monotonic) -> None:
        """Opens it. Raises StreamError where there is no such camera, another program has it, or it shows nothing."""
        self._monotonic = monotonic
        self.sound = None
        self._encoder: VideoCodecContext | None = None
        self._capture = cv2.VideoCapture(usb_number(source.address))
        try:
            if not self._capture.isOpened():
                raise StreamError(Cause.NOT_ANSWERING, "There is no such USB camera, or another program has it.")
            self._ask_for_packets()
            # The muxer wants a stream of libav's; the first picture, played as a file of one, is one.
            self._file = av.open(io.BytesIO(self._read()), format="mjpeg")
        except av.error.FFmpegError:
            self._capture.release()
            raise StreamError(Cause.UNREADABLE, "What the camera sends cannot be read as video.") from None
        except StreamError:
            self._capture.release()
            raise
        self.video: VideoStream = self._file.streams.video[0]
        self.format = Format("mjpeg", self.video.codec_context.width, self.video.codec_context.height, b"")

    def __enter__(self) -> Self:
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None) -> None:
        self._capture.release()
        self._file.close()

    def arrivals(self) -> Iterator[Arrival]:
        """Every picture as it comes; each is a key frame. Raises StreamError when the camera is unplugged."""
        tick_s = float(self.video.time_base or Fraction(1, 90_000))
        begun_s = self._monotonic()
        while True:
            jpeg = self._read()
            arrived_s = self._monotonic()
            packet: av.Packet[Any] = av.Packet(jpeg)
            packet.time_base = self.video.time_base or Fraction(1, 90_000)
            packet.dts = packet.pts = round((arrived_s - begun_s) / tick_s)
            packet.is_keyframe = True
            yield Arrival(packet, jpeg, True, arrived_s)

    def _ask_for_packets(self) -> None:
        self._capture.set(cv2.CAP_PROP_FOURCC, MJPG)
        self._capture.set(cv2.CAP_PROP_FRAME_WIDTH, SIZE[0])
        self._capture.set(cv2.CAP_PROP_FRAME_HEIGHT, SIZE[1])
        self._capture.set(cv2.CAP_PROP_CONVERT_RGB, 0)
        there, picture = self._capture.read()
        if not there or _packet(np.asarray(picture, np.uint8)) is None:
            self._capture.set(cv2.CAP_PROP_CONVERT_RGB, 1)

    def _read(self) -> bytes:
        """The next picture as JPEG."""
        picture = self._picture()
        return _packet(picture) or self._encoded(picture)

    def _picture(self) -> NDArray[np.uint8]:
        there, picture = self._capture.read()
        if not there or picture is None or picture.size == 0:
            raise StreamError(Cause.CAMERA_LOST, "The USB camera was unplugged.")
        return np.asarray(picture, np.uint8)

    def _encoded(self, picture: NDArray[np.uint8]) -> bytes:
        if picture.ndim != 3 or picture.shape[2] != 3:
            raise StreamError(Cause.UNREADABLE, "What the camera sends cannot be read as video.")
        height, width = picture.shape[:2]
        if self._encoder is None or (self._encoder.width, self._encoder.height) != (width, height):
            self._encoder = _encoder(width, height)
        frame = av.VideoFrame.from_ndarray(picture, format="bgr24").reformat(format="yuvj420p")
        return b"".join(bytes(packet) for packet in self._encoder.encode(frame))


def _encoder(width: int, height: int) -> VideoCodecContext:
    encoder = av.CodecContext.create("mjpeg", "w")
    if not isinstance(encoder, VideoCodecContext):
        raise TypeError("mjpeg is a video codec")
    encoder.width, encoder.height, encoder.pix_fmt, encoder.time_base = width, height, "yuvj420p", Fraction(1, 1000)
    encoder.options = {"qmin": QUANTISER, "qmax": QUANTISER}
    encoder.thread_count = 1  # more of them hold pictures back
    return encoder


def _packet(picture: NDArray[np.uint8]) -> bytes | None:
    """The JPEG that OpenCV gives as a row of bytes; None where it gives a picture."""
    if picture.ndim == 3 and picture.shape[2] > 1:
        return None
    data = picture.tobytes()
    # What lies behind the end is the rest of the buffer.
    return data[: data.rfind(_END) + 2] if data.startswith(_BEGIN) and _END in data else None
