"""The process that serves one camera: reads its stream, writes segments, looks at the pictures, relays packets when asked.

Started by the recorder as `python -m camera.recording.worker`. The first line of standard input says which camera, as JSON (a password is
safe there: it stands in no list of processes); later lines are commands; the end of standard input means stop.
"""

import errno
import gc
import json
import os
import signal
import sys
import threading
import time
from datetime import datetime
from io import RawIOBase
from pathlib import Path
from typing import Any

import cv2

from camera.journal import Cause, EndReason, State
from camera.live.group import LiveGroup
from camera.looking.remembered_view import RememberedView
from camera.looking.replay import Replays
from camera.looking.watching import Plan, Tellers, Watching
from camera.message import Header, Outbox
from camera.recording.connection import Connection, Kept
from camera.recording.memory_limit import limit_memory
from camera.recording.reports import Reports
from camera.recording.segment import SegmentWriter
from camera.streams.clock_jump import ClockJumps
from camera.streams.opening import AnyStream, open_stream
from camera.streams.stream import OPEN_S, Source, StreamError
from camera.streams.stream_format import KnownFormat
from camera.streams.timeline import Timeline
from camera.view import View

BEAT_S = 1.0
# How often what was written is made durable: a power cut costs so much, and the fragment that is not written yet.
SYNC_S = 2.0
RETRY_S = (1.0, 2.0, 4.0, 8.0)
# A camera that refused the login is asked seldom: many lock the account after a few wrong tries.
REFUSED_RETRY_S = 30.0
# Packets come and no picture can be made of them for so long: the camera is blind.
UNDECODED_S = 5.0
# The reading thread is at one thing for less than this, but for an opening that is slow in both its steps: a few seconds more.
USUAL_S = OPEN_S + 2.0


class Worker:
    """Serves one camera until it is told to stop."""

    def __init__(self, config: Header, outbox: Outbox) -> None:
        login = config["username"], config["password"]
        self._source = Source(config["address"], *login)
        self._recordings = Path(config["recordings"])
        self._folder: str = config["folder"]
        self._segment_s: float = config["segment_s"]
        self._records_sound: bool = config["sound"]
        self._outbox = outbox
        self._write: bool = config["write"]
        self._stop = threading.Event()
        self._timeline = Timeline.from_plain(config["clock"])
        # Another clock, that the next segment is to go by.
        self._next_timeline: Timeline | None = None
        reports = Reports(outbox)
        sub = Source(config["sub_address"], *login) if config["sub_address"] else None
        folder = self._recordings / self._folder
        plan = Plan(View.from_plain(config["view"]), RememberedView(folder), config["person_model"])
        tellers = Tellers(lambda: reports.teller(self._utc), lambda at_s, cells: reports.moved(self._utc(at_s), cells))
        watching = Watching(plan, config["armed"], sub, tellers)
        known = KnownFormat(folder, config["address"])
        self._kept = Kept(reports, watching, LiveGroup(outbox), Replays(), reports.teller(self._utc), ClockJumps(), known)
        self._packets = 0
        self._last_packet_at: datetime | None = None
        self._writing: tuple[str, datetime] | None = None
        self._writer: SegmentWriter | None = None
        self._disk_error: OSError | None = None
        self._unsure_since: datetime | None = None
        # Since when the thread that reads and writes has been at what it does; no packet and no try takes it longer than the time-outs.
        self._busy_since_s = time.monotonic()

    def run(self) -> None:
        """Connects, serves, reconnects; returns after `stop`."""
        for target in (self._beat, self._sync):
            threading.Thread(target=target, name=target.__name__.strip("_"), daemon=True).start()
        tries = 0
        while not self._stop.is_set():
            packets_before = self._packets
            try:
                self._serve()
                break
            except StreamError as error:
                self._lost(error.cause)
                # What comes and cannot be read is no success.
                tries = 0 if self._packets > packets_before and error.cause is not Cause.UNREADABLE else tries + 1
                wait_s = REFUSED_RETRY_S if error.cause is Cause.LOGIN_REFUSED else RETRY_S[min(tries, len(RETRY_S) - 1)]
            except OSError as error:
                self._disk_error = None
                self._lost(Cause.DISK_FULL if error.errno == errno.ENOSPC else Cause.STORAGE_FAILED)
                wait_s = RETRY_S[-1]
            self._busy_since_s = time.monotonic() + wait_s
            self._stop.wait(wait_s)
        self._kept.watching.stop()
        self._kept.reports.end()

    def stop(self) -> None:
        """Ends the service after the packet in hand."""
        self._stop.set()

    def obey(self, command: Header) -> None:
        """relay: whether packets are wanted by a window; armed: whether the room is; write: whether there is space to record.

        clock: what instants are told by; leaps: it does not go on where the one before was, so that no segment may go by both.
        """
        if "relay" in command:
            self._kept.live.relay(bool(command["relay"]))
        if "armed" in command:
            self._kept.watching.armed = bool(command["armed"])
        if "write" in command:
            self._write = bool(command["write"])
        if "clock" in command:
            timeline = Timeline.from_plain(command["clock"])
            if self._next_timeline or (command["leaps"] and self._writing):
                self._next_timeline = timeline
            else:
                self._timeline = timeline

    def _serve(self) -> None:
        self._kept.reports.state(State.CONNECTING, None, self._now())
        self._busy_since_s = time.monotonic()
        with open_stream(self._source, sound=self._records_sound) as stream:
            writer = self._writer = SegmentWriter(self._recordings, self._folder, self._utc, segment_s=self._segment_s)
            connection = Connection(stream, writer, self._kept, self._utc)
            reason = EndReason.STOPPED
            try:
                self._read(stream, writer, connection)
            except StreamError:
                reason = EndReason.CAMERA_LOST
                raise
            finally:
                begun, self._writing = self._writing, None
                # Until its end is durable: from here on there may be no footage.
                self._unsure_since = begun[1] if begun else None
                connection.end(reason)
                self._unsure_since = None
                self._leap()

    def _read(self, stream: AnyStream, writer: SegmentWriter, connection: Connection) -> None:
        told: bool | None = None
        for arrival in stream.arrivals():
            self._busy_since_s = arrival.arrived_s
            if arrival.sound:
                connection.take(arrival)
                continue
            self._packets += 1
            if self._next_timeline and arrival.key:
                connection.end_segment(EndReason.CLOCK_SET)
                self._leap()
            self._last_packet_at = self._utc(arrival.arrived_s)
            write = self._write
            connection.take(arrival, write=write)
            if self._disk_error:
                raise self._disk_error
            self._writing = writer.writing
            # Not before the first key frame: until then nothing is recorded and nothing can be seen.
            if told is not write and (writer.writing or (not write and connection.begun)):
                self._kept.reports.state(State.LIVE, None if write else Cause.DISK_FULL, self._last_packet_at)
                told = write
            if self._stop.is_set():
                return

    def _utc(self, monotonic_s: float) -> datetime:
        return self._timeline.utc(monotonic_s)

    def _now(self) -> datetime:
        return self._utc(time.monotonic())

    def _leap(self) -> None:
        """Between two segments: goes by the clock that was told."""
        if self._next_timeline:
            self._timeline, self._next_timeline = self._next_timeline, None

    def _lost(self, cause: Cause) -> None:
        self._kept.reports.state(State.LOST, cause, self._unsure_since or self._last_packet_at or self._now())
        self._unsure_since = None

    def _sync(self) -> None:
        """A disk that is slow holds up only this thread."""
        while not self._stop.wait(SYNC_S):
            writer = self._writer
            try:
                if writer:
                    writer.sync()
            except OSError as error:
                self._disk_error = error

    def _beat(self) -> None:
        packets = 0
        while not self._stop.wait(BEAT_S):
            self._outbox.report(self._beat_now(self._packets - packets, time.monotonic()))
            packets = self._packets
            self._kept.reports.minutes_over(self._utc(time.monotonic()))
            if self._outbox.broken.is_set():
                self._stop.set()

    def _beat_now(self, packets: int, now_s: float) -> Header:
        writing, watching = self._writing, self._kept.watching
        blind_s = watching.blind_s
        undecoded = blind_s is not None and now_s - blind_s > UNDECODED_S
        return {
            "type": "beat",
            "frames_per_s": packets / BEAT_S,
            "last_packet_at": _text(self._last_packet_at),
            "last_motion_at": _text(self._kept.reports.last_motion_at),
            "writing_path": writing[0] if writing else "",
            "writing_since_at": _text(writing[1]) if writing else None,
            "watched_how": watching.how,
            "undecoded_since_at": _text(self._utc(blind_s)) if blind_s is not None and undecoded else None,
            "stuck_s": max(watching.stuck_s(now_s), now_s - self._busy_since_s - USUAL_S),
        }


def _text(at: datetime | None) -> str | None:
    return at.isoformat() if at else None


def _obey(worker: Worker, commands: RawIOBase) -> None:
    while line := commands.readline():
        command: dict[str, Any] = json.loads(line)
        worker.obey(command)
    worker.stop()


def _end_at_once(failure: threading.ExceptHookArgs) -> None:
    """A thread that failed by a fault of ours ends the process: the recorder sees it, says so, and starts a new one."""
    sys.excepthook(failure.exc_type, failure.exc_value or failure.exc_type(), failure.exc_traceback)
    sys.stderr.flush()
    os._exit(70)


def main() -> int:
    """Runs the process."""
    threading.excepthook = _end_at_once
    limit_memory()
    # What was imported lives as long as the process: the collector need not go through it again and again.
    gc.freeze()
    # The eyes' pictures are small: sharing one among threads costs more than it saves.
    cv2.setNumThreads(1)
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
