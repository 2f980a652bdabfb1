"""Live pictures for a window: subscribes to the packets of the cameras on screen, decodes them at tile size, keeps the newest."""

import base64
import json
import threading
import time
from collections import deque
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

import numpy as np
import zmq
from av.video.codeccontext import VideoCodecContext
from av.video.frame import VideoFrame
from numpy.typing import NDArray

from camera.live.relay import ROWS, WAITING_MESSAGES, RelayDoor, live_topic
from camera.message import Header
from camera.streams.decoding import decode, decoder_for, drain
from camera.streams.stream import Format

# How often the thread asks where the recorder's door is now; it has another one after each start.
DOOR_S = 1.0
# Pictures are painted at least so often; packets that have waited longer without a break are too many to decode.
PAINT_S, BEHIND_S = 0.04, 0.25
# In a tile so small nobody sees the edges of blocks, and a quarter of the decoding goes into smoothing them.
SMALL_WIDTH = 640
# Rows wait for a window that is busy much longer than pictures do.
WAITING_NOTICES = 10_000


@dataclass(frozen=True)
class Picture:
    """One decoded picture. number: counts a camera's pictures; at: when its packet arrived (aware UTC).

    rgb32: (height, width, 4) uint8, blue, green, red, 255: what QImage calls Format_RGB32.
    """

    number: int
    at: datetime
    rgb32: NDArray[np.uint8]


@dataclass(frozen=True)
class Notice:
    """A row that was written or changed."""

    table: str
    id: int


class LivePictures:
    """Decodes in one thread. Whoever shows the pictures asks for the newest; a slow window loses pictures, never memory."""

    def __init__(self, doors: Callable[[], Sequence[RelayDoor]]) -> None:
        """doors: where the recorders publish now, none while none runs; called from the thread, must not raise."""
        self._doors = doors
        self._shown: dict[int, tuple[int, int]] = {}
        self._tiles: dict[int, _Tile] = {}
        # When no packet was waiting last.
        self._idle_s = 0.0
        self._notices: deque[Notice] = deque(maxlen=WAITING_NOTICES)
        self._stop = threading.Event()
        self._thread = threading.Thread(target=self._run, name="live", daemon=True)

    def start(self) -> None:
        """Starts the thread."""
        self._thread.start()

    def stop(self) -> None:
        """Ends the thread and waits for it."""
        self._stop.set()
        self._thread.join()

    def show(self, sizes: Mapping[int, tuple[int, int]]) -> None:
        """Camera ids with the width and height, in pixels, that their pictures must fit in. Others are no longer decoded."""
        self._shown = dict(sizes)

    def newest(self, camera_id: int) -> Picture | None:
        """The newest picture of a shown camera; None before the first."""
        tile = self._tiles.get(camera_id)
        return tile.picture if tile else None

    def drain(self) -> list[Notice]:
        """The notices since the last call, in order."""
        taken = []
        while self._notices:
            taken.append(self._notices.popleft())
        return taken

    def _run(self) -> None:
        context = zmq.Context()
        try:
            doors = self._doors()
            while not self._stop.is_set():
                if doors:
                    self._listen(context, doors)
                else:
                    self._stop.wait(DOOR_S)
                doors = self._doors()
        finally:
            context.term()

    def _listen(self, context: "zmq.Context[zmq.Socket[bytes]]", doors: Sequence[RelayDoor]) -> None:
        """Until told to stop, or there are other doors. Each camera is published at one of them."""
        with _subscription(context, doors, WAITING_NOTICES) as rows, _subscription(context, doors, WAITING_MESSAGES) as live:
            rows.setsockopt(zmq.SUBSCRIBE, ROWS)
            poller = zmq.Poller()
            poller.register(rows, zmq.POLLIN)
            poller.register(live, zmq.POLLIN)
            self._tiles = {}
            self._idle_s = time.monotonic()
            ask_s = time.monotonic() + DOOR_S
            while not self._stop.is_set():
                self._follow_shown(live)
                ready = dict(poller.poll(50))
                if rows in ready:
                    self._take_notices(rows)
                if live in ready:
                    self._take_packets(live)
                else:
                    self._idle_s = time.monotonic()
                if time.monotonic() >= ask_s:
                    ask_s = time.monotonic() + DOOR_S
                    if self._doors() != doors:
                        return
                    # What came while the database was asked waits for no decoder.
                    self._idle_s = time.monotonic()

    def _follow_shown(self, live: "zmq.Socket[bytes]") -> None:
        shown = self._shown
        for camera_id in self._tiles.keys() - shown.keys():
            live.setsockopt(zmq.UNSUBSCRIBE, live_topic(camera_id))
            del self._tiles[camera_id]
        for camera_id, size in shown.items():
            if camera_id not in self._tiles:
                self._tiles[camera_id] = _Tile()
                live.setsockopt(zmq.SUBSCRIBE, live_topic(camera_id))
            self._tiles[camera_id].size = size

    def _take_notices(self, rows: "zmq.Socket[bytes]") -> None:
        while rows.poll(0):
            notice = json.loads(rows.recv_multipart()[1])
            self._notices.append(Notice(notice["table"], notice["id"]))

    def _take_packets(self, live: "zmq.Socket[bytes]") -> None:
        """Decodes the packets that wait, for a moment, then turns only the newest picture of each camera into pixels.

        More cameras than this thread can decode would leave ever older packets waiting, until some of every camera are lost. So once some
        have waited for BEHIND_S without a break, all but key frames are passed over until none waits: a picture is seldom then, but new.
        """
        decoded: set[int] = set()
        begun_s = now_s = time.monotonic()
        while now_s - begun_s < PAINT_S:
            if not live.poll(0):
                self._idle_s = now_s
                break
            topic, header, payload = live.recv_multipart()
            camera_id = int(topic.split(b"/")[1])
            tile = self._tiles.get(camera_id)
            if tile and tile.take(json.loads(header), payload, behind=now_s - self._idle_s > BEHIND_S):
                decoded.add(camera_id)
            now_s = time.monotonic()
        for camera_id in decoded:
            self._tiles[camera_id].paint()


class _Tile:
    """One camera's decoder and its newest picture."""

    def __init__(self) -> None:
        self.size = (1, 1)
        self.picture: Picture | None = None
        self._decoder: VideoCodecContext | None = None
        self._format: tuple[str, str] | None = None
        self._next_number = 0
        self._frame: tuple[VideoFrame, datetime] | None = None

    def take(self, header: Header, payload: bytes, *, behind: bool = False) -> bool:
        """Decodes a packet; after a lost one, only from the next key frame on. True if it gave a picture. behind: key frames only."""
        if header["key"]:
            stream_format = (header["codec"], header["extradata"])
            if self._decoder is None or stream_format != self._format or header["number"] != self._next_number:
                self._format = stream_format
                try:
                    stream = Format(header["codec"], 0, 0, base64.b64decode(header["extradata"]))
                    self._decoder = decoder_for(stream, loop_filter=self.size[0] > SMALL_WIDTH)
                except ValueError:  # a codec that this computer does not know; the other tiles go on
                    self._decoder = None
        elif header["number"] != self._next_number:
            self._decoder = None
        self._next_number = header["number"] + 1
        if self._decoder is None or (behind and not header["key"]):
            self._decoder = None
            return False
        frames = decode(self._decoder, payload, 0.0)
        if behind:
            frames += drain(self._decoder)
            self._decoder = None
        if frames:
            self._frame = (frames[-1], datetime.fromisoformat(header["at"]))
        return bool(frames)

    def paint(self) -> None:
        if self._frame:
            frame, at = self._frame
            number = self.picture.number + 1 if self.picture else 1
            self.picture = Picture(number, at, rgb32(frame, self.size))


def rgb32(frame: VideoFrame, size: tuple[int, int]) -> NDArray[np.uint8]:
    """A picture's pixels, shrunk so that they fit in (width, height) pixels with the aspect kept; never enlarged."""
    scale = min(1.0, size[0] / frame.width, size[1] / frame.height)
    width, height = max(2, round(frame.width * scale)), max(2, round(frame.height * scale))
    return np.ascontiguousarray(frame.reformat(width=width, height=height, format="bgra").to_ndarray())


def _subscription(context: "zmq.Context[zmq.Socket[bytes]]", doors: Sequence[RelayDoor], waiting: int) -> "zmq.Socket[bytes]":
    socket = context.socket(zmq.SUB)
    socket.setsockopt(zmq.RCVHWM, waiting)
    socket.setsockopt(zmq.LINGER, 0)
    for door in doors:  # each connection has the keys that were set before it
        secret = door.window_secret_key.encode()
        socket.setsockopt(zmq.CURVE_SERVERKEY, door.public_key.encode())
        socket.setsockopt(zmq.CURVE_SECRETKEY, secret)
        socket.setsockopt(zmq.CURVE_PUBLICKEY, zmq.curve_public(secret))
        socket.connect(door.address)
    return socket
