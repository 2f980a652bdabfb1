"""What the recorder knows of one camera, and what it tells the journal about it."""

import base64
from collections.abc import Callable
from dataclasses import replace
from datetime import datetime
from pathlib import Path

import structlog

from camera.events import Box, Kind, Phase
from camera.journal import CameraReport, Cause, EndReason, Journal, State, WatchedHow, WrittenSegment
from camera.message import Header
from camera.recording.clock import RecordingClock
from camera.recording.segment import adopt
from camera.recording.worker_process import CameraPlan, WorkerProcess

RESTART_S = (0.0, 1.0, 2.0, 5.0)
# A camera that sends nothing for so long is an event of its own: an armed room must not go blind unnoticed.
BLIND_S = 8.0
# How often it is said that the camera is still blind: the room's hours may have ended meanwhile.
STILL_BLIND_S = 10.0
# A worker that has just been started may take so long for its first word, with many starting at once on a slow computer.
FIRST_WORD_S = 30.0

log = structlog.get_logger()


class WatchedCamera:
    """One camera's worker over its restarts. keep: takes a call of the journal, and repeats it until the journal has written."""

    def __init__(
        self, plan: CameraPlan, journal: Journal, keep: Callable[[Callable[[], None]], None], *, recordings: Path, clock: RecordingClock
    ) -> None:
        self.plan = plan
        self._recordings = recordings
        self._clock = clock
        self.process: WorkerProcess | None = None
        self.start_at_s = 0.0
        self.heard_s = 0.0
        self.report = CameraReport(plan.camera_id, State.CONNECTING, clock.now(), None, None, 0.0, "", "", None)
        self._journal = journal
        self._keep = keep
        self._falls = 0
        self._stopping = False
        # Row ids of the events that go on, by the worker's number; kept in a list of one, as the row may be written later.
        self._open: dict[int, tuple[list[int], datetime, float]] = {}
        self._blind: list[int] | None = None
        # On the monotonic clock: a computer's clock that is set must neither blind a camera nor hide that it is blind.
        self._packet_s = self._blind_told_s = clock.monotonic()
        # Packets come, and since then no picture could be made of them.
        self._undecoded_since: datetime | None = None
        # For how long the worker says that it has been at one thing.
        self.stuck_s = 0.0

    def begin(self, process: WorkerProcess, now_s: float) -> None:
        """A worker was started."""
        self.process, self.heard_s, self.stuck_s = process, now_s + FIRST_WORD_S, 0.0

    def take(self, header: Header | None, now_s: float) -> None:
        """A message of the worker; None: it has ended."""
        self.heard_s = now_s
        if header is None:
            self._ended(now_s)
        elif header["type"] == "sight":
            self._sight(header)
        elif header["type"] == "segment":
            self._segment(header)
        elif header["type"] == "cells":
            self._cells(header)
        elif header["type"] == "state":
            if header["state"] == State.LIVE:
                self._packet_s = now_s
            self._state(State(header["state"]), header["cause"], datetime.fromisoformat(header["at"]))
        elif header["type"] == "beat":
            self._beat(header, now_s)

    def restart(self) -> None:
        """The worker, if one runs, ends and another begins."""
        if self.process:
            self.process.ask_to_stop()

    def ask_to_stop(self) -> None:
        """From now on the worker's end is what was asked for."""
        self._stopping = True
        if self.process:
            self.process.ask_to_stop()

    def end(self, timeout_s: float) -> None:
        """Ends the worker, if one runs, and what it left open."""
        self.ask_to_stop()
        if self.process:
            self.process.wait(timeout_s)
            self.process = None
        self._close_events()
        self._see_again(self._clock.now())

    def _ended(self, now_s: float) -> None:
        self.process = None
        self._close_events()
        kept_until = self._adopt()
        if self._stopping:
            return
        self.start_at_s = now_s + RESTART_S[min(self._falls, len(RESTART_S) - 1)]
        self._falls += 1
        log.warning("worker ended", camera=self.plan.camera_id)
        self._state(State.LOST, Cause.WORKER_LOST, kept_until or self.report.last_packet_at or self._clock.now())

    def _adopt(self) -> datetime | None:
        """Keeps the segment that was growing when the worker ended, unless it was told of as whole. Returns until when there is footage.

        That is up to a fragment before the last packet of which the worker told; None where nothing is known of a growing segment.
        """
        path, since = self.report.writing_path, self.report.writing_since_at
        if not path or since is None:
            return None
        try:
            segment = adopt(self._recordings, path, since)
        except OSError as error:
            log.warning("segment not adopted", camera=self.plan.camera_id, segment=path, reason=error.strerror)
            return None
        if segment is None:
            return since
        self._keep(lambda: self._journal.segment_written(self.plan.camera_id, segment))
        return segment.ended_at

    def _state(self, state: State, cause: str | None, at: datetime) -> None:
        log.info("camera", camera=self.plan.camera_id, state=state, cause=cause)
        camera_id = self.plan.camera_id
        if state is State.LIVE:
            self._falls = 0
            self.report = replace(self.report, last_packet_at=at)
            self._keep(lambda: self._journal.gap_closed(camera_id, at))
            if cause is not None:  # pictures, and no space for them
                full = Cause(cause)
                self._keep(lambda: self._journal.gap_opened(camera_id, at, full))
            if self._undecoded_since is None:
                self._see_again(at)
        elif state is State.LOST and cause is not None:
            lost = Cause(cause)
            self._keep(lambda: self._journal.gap_opened(camera_id, at, lost))
        if state is State.CONNECTING and self.report.state is State.LOST:
            return  # a further try: for the guard the camera stays lost, and since when it was lost first
        if state is not self.report.state:
            self.report = replace(self.report, since_at=at)
        self.report = replace(self.report, state=state, reason=cause or "", writing_path="", writing_since_at=None)
        self._tell()

    def _beat(self, header: Header, now_s: float) -> None:
        # Packets of a camera that is lost all the same, such as one whose disk takes nothing, are no sight.
        comes = header["last_packet_at"] and _instant(header["last_packet_at"]) != self.report.last_packet_at
        if comes and self.report.state is State.LIVE:
            self._packet_s = now_s
        self.report = replace(
            self.report,
            frames_per_s=header["frames_per_s"],
            last_packet_at=_instant(header["last_packet_at"]) or self.report.last_packet_at,
            last_motion_at=_instant(header["last_motion_at"]) or self.report.last_motion_at,
            writing_path=header["writing_path"] if self.report.state is State.LIVE else "",
            writing_since_at=_instant(header["writing_since_at"]) if self.report.state is State.LIVE else None,
            watched_how=WatchedHow(header["watched_how"]) if header["watched_how"] else None,
        )
        self._undecoded_since = _instant(header["undecoded_since_at"])
        self.stuck_s = header["stuck_s"]

    def check_sight(self, now_s: float) -> None:
        """Opens an event when the camera has sent nothing for BLIND_S seconds, whatever the reason, and closes it when it sends again.

        The same where what it sends cannot be made a picture: that is recorded all the same, in case somebody can repair it.
        now_s: on the monotonic clock.
        """
        now = self._clock.now()
        is_blind = now_s - self._packet_s > BLIND_S or self._undecoded_since is not None
        since = self.report.last_packet_at if self.report.state is State.LIVE else self.report.since_at
        since = self._undecoded_since or since
        if self._blind is None and is_blind:
            self._blind = self._open_event(Kind.SIGNAL_LOST, since or self.report.since_at, 0.0, [])
            self._blind_told_s = now_s
        elif self._blind is not None and is_blind and now_s - self._blind_told_s >= STILL_BLIND_S:
            self._blind_told_s = now_s
            self._extend_event(self._blind, now, 0.0, [])
        elif self._blind is not None and not is_blind and self.report.state is State.LIVE:
            self._see_again(now)

    def _see_again(self, at: datetime) -> None:
        if self._blind is not None:
            blind, self._blind = self._blind, None
            self._close_event(blind, at, 0.0)

    def _sight(self, header: Header) -> None:
        number, peak_pct = header["event"], header["peak_pct"]
        seen_at = datetime.fromisoformat(header["ended_at"])
        boxes = [Box(**box) for box in header["boxes"]]
        self.report = replace(self.report, last_motion_at=seen_at)
        if header["phase"] == Phase.OPENED:
            row = self._open_event(Kind(header["kind"]), datetime.fromisoformat(header["started_at"]), peak_pct, boxes)
            self._open[number] = (row, seen_at, peak_pct)
            self._verify(row, header["person_pct"])
            self._tell()
            return
        row = self._open[number][0]
        self._verify(row, header["person_pct"])
        if header["phase"] == Phase.EXTENDED:
            self._open[number] = (row, seen_at, peak_pct)
            self._extend_event(row, seen_at, peak_pct, boxes)
        else:
            del self._open[number]
            self._close_event(row, seen_at, peak_pct)

    def _open_event(self, kind: Kind, started_at: datetime, peak_pct: float, boxes: list[Box]) -> list[int]:
        row: list[int] = []
        at, camera_id = self._clock.now(), self.plan.camera_id
        self._keep(lambda: row.append(self._journal.event_opened(camera_id, kind, started_at, peak_pct, boxes, at=at)))
        return row

    def _extend_event(self, row: list[int], seen_at: datetime, peak_pct: float, boxes: list[Box]) -> None:
        def write() -> None:
            if row:  # empty where the journal never took its beginning
                self._journal.event_extended(row[0], seen_at, peak_pct, boxes)

        self._keep(write)

    def _verify(self, row: list[int], person_pct: float | None) -> None:
        def write() -> None:
            if row and person_pct is not None:
                self._journal.event_verified(row[0], person_pct)

        if person_pct is not None:
            self._keep(write)

    def _close_events(self) -> None:
        for row, seen_at, peak_pct in self._open.values():
            self._close_event(row, seen_at, peak_pct)
        self._open.clear()

    def _close_event(self, row: list[int], ended_at: datetime, peak_pct: float) -> None:
        def write() -> None:
            if row:
                self._journal.event_closed(row[0], ended_at, peak_pct)

        self._keep(write)

    def _segment(self, header: Header) -> None:
        values = header["segment"]
        instants = {name: datetime.fromisoformat(values[name]) for name in ("started_at", "ended_at")}
        segment = WrittenSegment(**{**values, **instants, "end_reason": EndReason(values["end_reason"])})
        if self.report.writing_since_at == segment.started_at:
            self.report = replace(self.report, writing_path="", writing_since_at=None)
        self.report = replace(self.report, last_packet_at=max(segment.ended_at, self.report.last_packet_at or segment.ended_at))
        self._keep(lambda: self._journal.segment_written(self.plan.camera_id, segment))

    def _cells(self, header: Header) -> None:
        minute_at, cells = datetime.fromisoformat(header["minute_at"]), base64.b64decode(header["cells"])
        self._keep(lambda: self._journal.motion_kept(self.plan.camera_id, minute_at, cells))

    def _tell(self) -> None:
        """What a guard should see at once does not wait for the next beat."""
        report = self.report
        self._keep(lambda: self._journal.camera_reported(report))


def _instant(text: str | None) -> datetime | None:
    return datetime.fromisoformat(text) if text else None
