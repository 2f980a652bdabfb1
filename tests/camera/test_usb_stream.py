"""USB cameras: their packets are recorded as they come, pictures are encoded, what is unplugged is lost. OpenCV's capture is a stand-in."""

import io
import time
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from itertools import count
from pathlib import Path
from typing import Any

import av
import cv2
import numpy as np
import pytest
from numpy.typing import NDArray

from camera.journal import Cause, EndReason
from camera.message import Outbox, read_message
from camera.recording.segment import SegmentWriter
from camera.recording.worker import Worker
from camera.streams.address import AddressError, checked_address
from camera.streams.opening import open_stream
from camera.streams.stream import Source, Stream, StreamError
from camera.streams.timeline import Timeline
from camera.streams.usb_stream import MJPG, UsbStream
from camera.view import View
from tests.camera.rig import write_video

BEGIN = datetime(2026, 11, 22, 14, 3, 20, tzinfo=UTC)
FPS = 10


def picture(number: int) -> NDArray[np.uint8]:
    """A grey room with a light bar at a place of its own, (180, 320, 3)."""
    made = np.full((180, 320, 3), 90, np.uint8)
    made[:, number * 4 % 300 : number * 4 % 300 + 20] = 220
    return made


def jpeg(number: int) -> bytes:
    return cv2.imencode(".jpg", picture(number))[1].tobytes()


class Capture:
    """Stands for cv2.VideoCapture: a camera that gives so many pictures and is unplugged then.

    packs: it compresses to JPEG itself; raw: what it gives unconverted otherwise, None for nothing.
    """

    def __init__(self, pictures: int, *, opens: bool = True, packs: bool = True, raw: NDArray[np.uint8] | None = None) -> None:
        self._left, self._opens, self._packs, self._raw = pictures, opens, packs, raw
        self.asked: dict[int, float] = {}
        self.released = False
        self.given = 0
        self.unplugged: Callable[[], object] = lambda: None

    def __call__(self, number: int) -> "Capture":
        self.number = number
        return self

    def isOpened(self) -> bool:
        return self._opens

    def set(self, what: int, value: float) -> bool:
        self.asked[what] = value
        return True

    def read(self) -> tuple[bool, Any]:
        if self.given >= self._left:
            self.unplugged()
            return False, None
        if not self.asked[cv2.CAP_PROP_CONVERT_RGB] and not self._packs:
            return self._raw is not None, self._raw
        self.given += 1
        if self.asked[cv2.CAP_PROP_CONVERT_RGB]:
            return True, picture(self.given)
        # The driver's buffer is larger than the packet.
        return True, np.frombuffer(jpeg(self.given) + bytes(100), np.uint8).reshape(1, -1)

    def release(self) -> None:
        self.released = True


YUYV = np.zeros((180, 320, 2), np.uint8)
ONE_ROW = np.zeros((1, 180 * 320 * 2), np.uint8)
KINDS: dict[str, Callable[[int], Capture]] = {
    "packets": Capture,
    "pictures": lambda pictures: Capture(pictures, packs=False, raw=YUYV),
    "raw in a row": lambda pictures: Capture(pictures, packs=False, raw=ONE_ROW),
    "nothing unconverted": lambda pictures: Capture(pictures, packs=False),
}


@pytest.fixture
def plugged(monkeypatch: pytest.MonkeyPatch) -> Callable[[Capture], Capture]:
    """Plugs a camera in."""

    def plug(capture: Capture) -> Capture:
        monkeypatch.setattr(cv2, "VideoCapture", capture)
        return capture

    return plug


def ticking() -> Callable[[], float]:
    numbers = count()
    return lambda: next(numbers) / FPS


@pytest.mark.parametrize("kind", KINDS)
def test_a_segment_of_it_plays(kind: str, plugged: Callable[[Capture], Capture], tmp_path: Path) -> None:
    capture = plugged(KINDS[kind](32))
    writing = SegmentWriter(tmp_path, "31-75/camera-1", lambda s: BEGIN + timedelta(seconds=s))
    with UsbStream(Source("usb:3"), monotonic=ticking()) as stream:
        assert (stream.format.codec, stream.format.width, stream.format.height) == ("mjpeg", 320, 180)
        arrivals = []
        with pytest.raises(StreamError) as lost:
            for arrival in stream.arrivals():
                assert arrival.key and arrival.stamp_s is not None and arrival.payload.startswith(b"\xff\xd8")
                assert arrival.payload.endswith(b"\xff\xd9")
                arrivals.append(arrival.arrived_s)
                writing.write(arrival, stream.video)
    assert lost.value.cause is Cause.CAMERA_LOST
    assert capture.number == 3 and capture.released and capture.asked[cv2.CAP_PROP_FOURCC] == MJPG
    segment = writing.finish(EndReason.CAMERA_LOST)
    assert segment is not None and segment.packets == len(arrivals) >= 30
    with av.open(str(tmp_path / segment.path)) as container:
        frames = list(container.decode(video=0))
    assert len(frames) == len(arrivals)
    assert [round(float(frame.time or 0), 2) for frame in frames[:3]] == [0.0, 0.1, 0.2]
    # The bar stands where the camera showed it: nothing is swapped or lost on the way.
    first = capture.given - len(frames) + 1
    for number, frame in enumerate(frames, first):
        shown = frame.to_ndarray(format="bgr24").astype(int)
        assert np.abs(shown - picture(number)).mean() < 6


def test_packets_are_recorded_as_they_come(plugged: Callable[[Capture], Capture]) -> None:
    plugged(Capture(5))
    with UsbStream(Source("usb:0")) as stream:
        assert next(stream.arrivals()).payload == jpeg(3)  # the first tells what it gives, the second what size it has


@pytest.mark.parametrize(
    ("capture", "cause"),
    [
        (Capture(5, opens=False), Cause.NOT_ANSWERING),
        (Capture(0), Cause.CAMERA_LOST),
        (Capture(1), Cause.CAMERA_LOST),
    ],
)
def test_one_that_is_not_there_is_a_state(capture: Capture, cause: Cause, plugged: Callable[[Capture], Capture]) -> None:
    plugged(capture)
    with pytest.raises(StreamError) as failed:
        open_stream(Source("usb:0"))
    assert failed.value.cause is cause and capture.released


def test_one_that_shows_noise_is_unreadable(plugged: Callable[[Capture], Capture], monkeypatch: pytest.MonkeyPatch) -> None:
    capture = plugged(Capture(5))
    monkeypatch.setattr(capture, "read", lambda: (True, np.zeros((180, 320), np.uint8)))
    with pytest.raises(StreamError) as failed:
        open_stream(Source("usb:0"))
    assert failed.value.cause is Cause.UNREADABLE and capture.released


def test_the_worker_records_it_and_says_when_it_is_unplugged(plugged: Callable[[Capture], Capture], tmp_path: Path) -> None:
    capture = plugged(Capture(25))
    pipe = io.BytesIO()
    outbox = Outbox(pipe)
    login = {"username": "", "password": "", "sub_address": "", "person_model": "", "sound": False, "write": True}
    place = {"recordings": str(tmp_path), "folder": "31-75/camera-1", "segment_s": 60.0}
    clock = Timeline(BEGIN, time.monotonic()).plain()
    worker = Worker({"address": "usb:0", **login, **place, "view": View().plain(), "armed": True, "clock": clock}, outbox)
    capture.unplugged = worker.stop
    worker.run()
    outbox.close(timeout_s=10)
    pipe.seek(0)
    reports = []
    while message := read_message(pipe):
        reports.append(message[0])
    states = [(report["state"], report["cause"]) for report in reports if report["type"] == "state"]
    assert states == [("connecting", None), ("live", None), ("lost", "camera_lost")]
    [segment] = [report["segment"] for report in reports if report["type"] == "segment"]
    with av.open(str(tmp_path / segment["path"])) as container:
        assert len(list(container.decode(video=0))) == 23


def test_which_kind_an_address_names(plugged: Callable[[Capture], Capture], tmp_path: Path) -> None:
    plugged(Capture(5))
    write_video(tmp_path / "scene.mp4", seconds=1)
    with open_stream(Source("usb:0")) as usb, open_stream(Source((tmp_path / "scene.mp4").as_uri())) as file:
        assert isinstance(usb, UsbStream) and isinstance(file, Stream)


def test_addresses_of_usb_cameras() -> None:
    assert checked_address(" usb:0 ") == ("usb:0", "", "")
    assert checked_address("usb:63")[0] == "usb:63"
    for wrong in ("usb:", "usb:64", "usb:-1", "usb:00", "usb:0/../1", "usb:/dev/video0", "usb://0", "usb:\u0663", "usb:0?x=1"):
        with pytest.raises(AddressError, match="usb:0 to usb:63"):
            checked_address(wrong)
