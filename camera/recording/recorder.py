"""The recorder: one worker process per camera, supervised; the only one who tells the journal; the relay's owner."""

import queue
import threading
import time
from collections import deque
from collections.abc import Callable, Sequence
from dataclasses import replace
from datetime import UTC, datetime
from functools import partial
from pathlib import Path

import structlog

from camera.journal import Cause, Journal
from camera.live.relay import Relay
from camera.recording.message import Header
from camera.recording.segment import SEGMENT_S, adopt
from camera.recording.watched_camera import WatchedCamera
from camera.recording.worker_process import CameraPlan, WorkerProcess

BEAT_S = 2.0
# A worker that does not beat for so long hangs; with the restart it is back within 15 s.
SILENT_S = 8.0
# One that beats hangs as well if its eyes have been at one packet for so long, or its reading so much longer than usual.
STUCK_S = 6.0
PLANS_S = 3.0
RETRY_S = 1.0
STOP_S = 8.0
START_AGAIN_S = 5.0
# The workers of a recorder that was killed end a moment after it; only then their last segments are whole.
ADOPT_AFTER_S = 6.0
# How long the end waits for a journal that does not take what is still to be kept.
LAST_WORDS_S = 30.0

log = structlog.get_logger()


class Recorder:
    """Runs in the thread that calls `run`. plans: the cameras there are now, asked again and again, so that new ones join."""

    def __init__(
        self,
        plans: Callable[[], Sequence[CameraPlan]],
        journal: Journal,
        recordings: Path,
        relay: Relay,
        *,
        outage: type[Exception],
        segment_s: float = SEGMENT_S,
    ) -> None:
        """outage: what the journal raises while it cannot write; anything else it raises is a fault of ours, told in the log."""
        self._plans = plans
        self._journal = journal
        self._recordings = recordings
        self._relay = relay
        self._outage = outage
        self._segment_s = segment_s
        self._cameras: dict[int, WatchedCamera] = {}
        self._wanted_live: set[int] = set()
        self._inbox: queue.Queue[tuple[WorkerProcess, Header | None, bytes]] = queue.Queue()
        # What the journal has not taken yet, in order: while the database is away, nothing is lost.
        self._unkept: deque[Callable[[], None]] = deque()
        self._retry_at_s = 0.0

    def run(self, stop: threading.Event) -> None:
        """Records until `stop` is set; ends every worker and closes the books of the watch before it returns."""
        door = self._relay.door
        unfinished = self._unfinished()
        adopt_at_s = time.monotonic() + ADOPT_AFTER_S
        self._keep(lambda: self._journal.recorder_started(door.address, door.public_key, door.window_secret_key, at=_now()))
        next_beat_s = next_plans_s = 0.0
        try:
            while not stop.is_set():
                now_s = time.monotonic()
                if now_s >= next_plans_s:
                    next_plans_s = now_s + PLANS_S
                    self._follow_plans()
                if unfinished and now_s >= adopt_at_s:
                    self._adopt(unfinished)
                    unfinished = []
                self._take_messages()
                self._follow_wishes()
                self._supervise(now_s)
                if now_s >= next_beat_s:
                    next_beat_s = now_s + BEAT_S
                    self._beat()
                self._write_unkept()
        finally:
            self._end()

    def _unfinished(self) -> list[tuple[int, str, datetime]]:
        try:
            return list(self._journal.unfinished())
        except self._outage as error:
            log.warning("unfinished segments not read", reason=str(error))
            return []

    def _adopt(self, unfinished: list[tuple[int, str, datetime]]) -> None:
        for camera_id, path, started_at in unfinished:
            try:
                segment = adopt(self._recordings, path, started_at)
            except OSError as error:
                log.warning("segment not adopted", camera=camera_id, segment=path, reason=error.strerror)
                continue
            if segment:
                self._keep(partial(self._journal.segment_written, camera_id, segment))

    def _follow_plans(self) -> None:
        try:
            plans = {plan.camera_id: plan for plan in self._plans()}
        except self._outage as error:  # go on with the cameras known
            log.warning("cameras not read", reason=str(error))
            return
        for camera_id in self._cameras.keys() - plans.keys():
            self._cameras.pop(camera_id).end(STOP_S)
        for camera_id in plans.keys() - self._cameras.keys():
            self._keep_gap(camera_id, _now(), Cause.STARTING)
            self._cameras[camera_id] = WatchedCamera(plans[camera_id], self._journal, self._keep, self._recordings)
            log.info("camera joined", camera=camera_id)
        for camera_id, camera in self._cameras.items():
            old, new = camera.plan, plans[camera_id]
            if old != new and replace(old, armed=new.armed) == new:
                camera.plan = new
                if camera.process:
                    camera.process.command({"armed": new.armed})
            elif old != new:
                # A password is kept a moment after its camera is entered, or was corrected: the worker begins anew with it.
                log.info("camera changed", camera=camera_id)
                camera.plan = new
                if camera.process:
                    camera.process.ask_to_stop()

    def _supervise(self, now_s: float) -> None:
        for camera in self._cameras.values():
            camera.check_sight(_now(), now_s)
            if camera.process is None and now_s >= camera.start_at_s:
                try:
                    camera.begin(self._start(camera.plan), now_s)
                except OSError as error:  # no memory or no process to be had now; the other cameras go on
                    log.error("worker not started", camera=camera.plan.camera_id, reason=error.strerror)
                    camera.start_at_s = now_s + START_AGAIN_S
            elif camera.process and (now_s - camera.heard_s > SILENT_S or camera.stuck_s > STUCK_S):
                log.warning("worker hangs, ended", camera=camera.plan.camera_id, stuck_s=round(camera.stuck_s))
                camera.heard_s, camera.stuck_s = now_s, 0.0
                camera.process.kill()

    def _start(self, plan: CameraPlan) -> WorkerProcess:
        process = WorkerProcess(plan, self._recordings, self._segment_s, lambda *message: self._inbox.put(message), _log_line)
        if plan.camera_id in self._wanted_live:
            process.command({"relay": True})
        return process

    def _take_messages(self) -> None:
        """Waits shortly for a message, then takes all there are."""
        try:
            message = self._inbox.get(timeout=0.05)
            while True:
                self._take(*message)
                message = self._inbox.get_nowait()
        except queue.Empty:
            return

    def _take(self, process: WorkerProcess, header: Header | None, payload: bytes) -> None:
        camera = self._cameras.get(process.plan.camera_id)
        if camera is None or camera.process is not process:
            return
        if header is not None and header["type"] == "packet":
            self._relay.packet(process.plan.camera_id, header, payload)
        else:
            camera.take(header, time.monotonic())

    def _follow_wishes(self) -> None:
        for topic, on in self._relay.wishes():
            number = topic.split(b"/")[1]
            camera_id = int(number) if number.isdigit() else 0
            (self._wanted_live.add if on else self._wanted_live.discard)(camera_id)
            camera = self._cameras.get(camera_id)
            if camera and camera.process:
                camera.process.command({"relay": on})

    def _beat(self) -> None:
        reports = [camera.report for camera in self._cameras.values()]
        if not self._unkept:  # a beat is worth nothing later
            self._keep(lambda: self._journal.recorder_beat(reports, at=_now()))

    def _keep_gap(self, camera_id: int, at: datetime, cause: Cause) -> None:
        self._keep(lambda: self._journal.gap_opened(camera_id, at, cause))

    def _keep(self, write: Callable[[], None]) -> None:
        self._unkept.append(write)
        self._write_unkept()

    def _write_unkept(self) -> None:
        if time.monotonic() < self._retry_at_s:
            return
        while self._unkept:
            try:
                self._unkept[0]()
            except self._outage as error:
                log.error("journal did not write", waiting=len(self._unkept), reason=str(error))
                self._retry_at_s = time.monotonic() + RETRY_S
                return
            except Exception:  # it would fail for ever and hold up everything behind it
                log.exception("journal refused a report")
            self._unkept.popleft()

    def _end(self) -> None:
        for camera in self._cameras.values():
            camera.ask_to_stop()
        end_s = time.monotonic() + STOP_S
        while any(camera.process for camera in self._cameras.values()) and time.monotonic() < end_s:
            self._take_messages()
        for camera in self._cameras.values():
            camera.end(0.1)
            self._keep_gap(camera.plan.camera_id, camera.report.last_packet_at or _now(), Cause.RECORDER_STOPPED)
        self._retry_at_s = 0.0
        self._keep(lambda: self._journal.recorder_stopped(at=_now()))
        end_s = time.monotonic() + LAST_WORDS_S
        while self._unkept and time.monotonic() < end_s:
            time.sleep(0.1)
            self._write_unkept()
        if self._unkept:
            log.error("journal did not take the last words", lost=len(self._unkept))


def _now() -> datetime:
    return datetime.now(UTC)


def _log_line(camera_id: int, line: str) -> None:
    log.warning("worker says", camera=camera_id, line=line)
