"""The process that serves one camera: reads its stream, writes segments, looks at the pictures, relays packets when asked.

Started by the recorder as `python -m camera.worker`. The first line of standard input says which camera, as JSON (a password is
safe there: it stands in no list of processes); later lines are commands; the end of standard input means stop.
"""

import base64
import json
import os
import signal
import sys
import threading
import time
from collections import deque
from collections.abc import Callable
from dataclasses import asdict
from datetime import UTC, datetime
from io import RawIOBase
from pathlib import Path
from typing import Any

from camera.arrival_clock import ArrivalClock
from camera.events import Sight
from camera.journal import Cause, EndReason, State, WrittenSegment
from camera.looking import Looking
from camera.message import Header, Outbox
from camera.segment import SegmentWriter
from camera.stream import Arrival, Source, Stream, StreamError

BEAT_S = 1.0
RETRY_S = (1.0, 2.0, 4.0, 8.0)
# A camera that refused the login is asked seldom: many lock the account after a few wrong tries.
REFUSED_RETRY_S = 30.0
# Packets since the last key frame, kept for a window that begins to watch.
KEPT_BYTES = 8 * 1024 * 1024


class Worker:
    """Serves one camera until it is told to stop."""

    def __init__(self, config: Header, outbox: Outbox) -> None:
        self._source = Source(config["address"], config["username"], config["password"])
        self._recordings = Path(config["recordings"])
        self._folder: str = config["folder"]
        self._segment_s: float = config["segment_s"]
        self._outbox = outbox
        self._stop = threading.Event()
        self._relaying = False
        self._kept: deque[tuple[Header, bytes]] = deque()
        self._kept_bytes = 0
        self._kept_lock = threading.Lock()
        self._packets = 0
        self._last_packet_at: datetime | None = None
        self._last_motion_at: datetime | None = None
        self._writing: tuple[str, datetime] | None = None
        self._events_before = self._events = 0

    def run(self) -> None:
        """Connects, serves, reconnects; returns after `stop`."""
        threading.Thread(target=self._beat, name="beat", daemon=True).start()
        tries = 0
        while not self._stop.is_set():
            packets_before = self._packets
            try:
                self._serve()
                break
            except StreamError as error:
                self._lost(error.cause)
                tries = 0 if self._packets > packets_before else tries + 1
                wait_s = REFUSED_RETRY_S if error.cause is Cause.LOGIN_REFUSED else RETRY_S[min(tries, len(RETRY_S) - 1)]
            except OSError:
                self._lost(Cause.STORAGE_FAILED)
                wait_s = RETRY_S[-1]
            self._stop.wait(wait_s)

    def stop(self) -> None:
        """Ends the service after the packet in hand."""
        self._stop.set()

    def relay(self, on: bool) -> None:
        """Begins or ends sending packets; a beginning sends the group of pictures so far at once."""
        with self._kept_lock:
            self._relaying = on
            for header, payload in self._kept if on else ():
                self._outbox.live(header, payload)

    def _serve(self) -> None:
        self._report_state(State.CONNECTING, None)
        clock = ArrivalClock(lambda: datetime.now(UTC), time.monotonic)
        with Stream(self._source) as stream:
            writer = SegmentWriter(self._recordings, self._folder, clock.utc, segment_s=self._segment_s)
            looking = Looking(stream.format, lambda sight: self._saw(sight, clock.utc))
            reason = EndReason.STOPPED
            try:
                live = False
                for arrival in stream.arrivals():
                    self._arrived(arrival, stream, writer, looking, clock)
                    # Not before the first key frame: until then nothing is recorded and nothing can be seen.
                    if not live and writer.writing:
                        self._report_state(State.LIVE, None)
                        live = True
                    if self._stop.is_set():
                        return
            except StreamError:
                reason = EndReason.CAMERA_LOST
                raise
            finally:
                looking.close(time.monotonic())
                self._events_before = self._events
                self._writing = None
                self._whole(writer.finish(reason))

    def _arrived(self, arrival: Arrival, stream: Stream, writer: SegmentWriter, looking: Looking, clock: ArrivalClock) -> None:
        self._packets += 1
        self._last_packet_at = clock.utc(arrival.arrived_s)
        looking.add(arrival)
        header: Header = {"type": "packet", "number": self._packets, "key": arrival.key, "at": self._last_packet_at.isoformat()}
        if arrival.key:
            header |= {"codec": stream.format.codec, "extradata": base64.b64encode(stream.format.extradata).decode()}
        with self._kept_lock:
            if arrival.key or self._kept_bytes > KEPT_BYTES:
                self._kept.clear()
                self._kept_bytes = 0
            if arrival.key or self._kept:
                self._kept.append((header, arrival.payload))
                self._kept_bytes += len(arrival.payload)
            if self._relaying:
                self._outbox.live(header, arrival.payload)
        self._whole(writer.write(arrival, stream.video))
        self._writing = writer.writing

    def _saw(self, sight: Sight, utc: Callable[[float], datetime]) -> None:
        self._events = self._events_before + sight.number
        started_at, ended_at = utc(sight.start_s), utc(sight.end_s)
        self._last_motion_at = ended_at
        self._outbox.report(
            {
                "type": "sight",
                "event": self._events,
                "kind": sight.kind,
                "phase": sight.phase,
                "started_at": started_at.isoformat(),
                "ended_at": ended_at.isoformat(),
                "peak_pct": sight.peak_pct,
                "boxes": [asdict(box) for box in sight.boxes],
            }
        )

    def _whole(self, segment: WrittenSegment | None) -> None:
        if segment:
            values = asdict(segment) | {"started_at": segment.started_at.isoformat(), "ended_at": segment.ended_at.isoformat()}
            self._outbox.report({"type": "segment", "segment": values})

    def _lost(self, cause: Cause) -> None:
        self._report_state(State.LOST, cause)

    def _report_state(self, state: State, cause: Cause | None) -> None:
        at = self._last_packet_at if state is not State.CONNECTING and self._last_packet_at else datetime.now(UTC)
        self._outbox.report({"type": "state", "state": state, "cause": cause, "at": at.isoformat()})

    def _beat(self) -> None:
        packets = 0
        while not self._stop.wait(BEAT_S):
            writing = self._writing
            beat = {
                "type": "beat",
                "frames_per_s": (self._packets - packets) / BEAT_S,
                "last_packet_at": self._last_packet_at.isoformat() if self._last_packet_at else None,
                "last_motion_at": self._last_motion_at.isoformat() if self._last_motion_at else None,
                "writing_path": writing[0] if writing else "",
                "writing_since_at": writing[1].isoformat() if writing else None,
            }
            packets = self._packets
            self._outbox.report(beat)
            if self._outbox.broken.is_set():
                self._stop.set()


def _obey(worker: Worker, commands: RawIOBase) -> None:
    while line := commands.readline():
        command: dict[str, Any] = json.loads(line)
        worker.relay(bool(command["relay"]))
    worker.stop()


def _end_at_once(failure: threading.ExceptHookArgs) -> None:
    """A thread that failed by a fault of ours ends the process: the recorder sees it, says so, and starts a new one."""
    sys.excepthook(failure.exc_type, failure.exc_value or failure.exc_type(), failure.exc_traceback)
    sys.stderr.flush()
    os._exit(70)


def main() -> int:
    """Runs the process."""
    threading.excepthook = _end_at_once
    # The recorder ends workers by their pipe; Ctrl+C in a terminal reaches the whole group and is the recorder's business.
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    # Unbuffered: a daemon thread inside a buffered read would abort the interpreter at its end.
    commands = open(0, "rb", buffering=0)  # noqa: SIM115 - lives as long as the process
    config = json.loads(commands.readline())
    outbox = Outbox(sys.stdout.buffer)
    worker = Worker(config, outbox)
    threading.Thread(target=_obey, args=(worker, commands), name="commands", daemon=True).start()
    worker.run()
    outbox.close(timeout_s=5.0)
    return 0


if __name__ == "__main__":
    sys.exit(main())
