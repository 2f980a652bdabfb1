"""The recorder: one worker process per camera, supervised; the only one who tells the journal; the relay's owner."""

import queue
import threading
import time
from collections import deque
from collections.abc import Callable, Iterable, Sequence
from dataclasses import replace
from datetime import datetime
from functools import partial
from pathlib import Path

import structlog

from camera.journal import Beat, Cause, Journal
from camera.live.relay import Relay
from camera.message import Header
from camera.recording.clock import Leap, RecordingClock, Sleep, Step
from camera.recording.computer import Clocks, boot, clocks
from camera.recording.orphans import Orphans, Search
from camera.recording.segment import SEGMENT_S
from camera.recording.service_watch import Watchdog
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
# The workers of another recorder that was killed end within a second; until then the camera would be recorded twice.
DYING_S = 2.0
# How long the end waits for a journal that does not take what is still to be kept.
LAST_WORDS_S = 30.0
# A worker's clock that runs by so much less or more than the recorder's is told at once; else once in a while.
RATE_PPM, TOLD_S = 10.0, 30.0

log = structlog.get_logger()


class Recorder:
    """Runs in the thread that calls `run`. plans: the cameras there are now, asked again and again, so that new ones join."""

    def __init__(
        self,
        plans: Callable[[datetime], Sequence[CameraPlan]],
        journal: Journal,
        recordings: Path,
        relay: Relay,
        *,
        outage: type[Exception],
        segment_s: float = SEGMENT_S,
        read_clocks: Callable[[], Clocks] = clocks,
        boot_id: str = "",
        stopped_by: Callable[[], str] = str,
        start_worker: Callable[..., WorkerProcess] = WorkerProcess,
    ) -> None:
        """plans is given the instant now. stopped_by: who or what ended it, asked at the end. boot_id: of the computer's run.

        outage: what the journal raises while it cannot write; anything else it raises is a fault of ours, told in the log.
        """
        self._plans = plans
        self._journal = journal
        self._recordings = recordings
        self._relay = relay
        self._outage = outage
        self._segment_s = segment_s
        self._stopped_by = stopped_by
        self._start_worker = start_worker
        self._cameras: dict[int, WatchedCamera] = {}
        self._wanted_live: set[int] = set()
        self._inbox: queue.Queue[tuple[WorkerProcess, Header | None, bytes]] = queue.Queue()
        # What the journal has not taken yet, in order: while the database is away, nothing is lost.
        self._unkept: deque[Callable[[], None]] = deque()
        self._retry_at_s = 0.0
        self._clock = RecordingClock(read_clocks, boot_id or boot(), journal.last_run())
        self._told = self._clock.timeline
        self._orphans = Orphans(recordings, journal, outage, self._clock.now)
        self._next_beat_s = self._next_plans_s = 0.0
        self._watchdog = Watchdog()

    def run(self, stop: threading.Event) -> None:
        """Records until `stop` is set; ends every worker and closes the books of the watch before it returns."""
        self.begin()
        self._orphans.start()
        self._watchdog.ready()
        try:
            while not stop.is_set():
                self.step(wait_s=0.05)
        finally:
            self._watchdog.stopping()
            self.end()

    def now(self) -> datetime:
        """This instant by the recordings' clock; from any thread."""
        return self._clock.now()

    def begin(self) -> None:
        """Tells the journal that the recorder begins."""
        door, beat = self._relay.door, self._beat_now()
        self._keep(lambda: self._journal.recorder_started(door.address, door.public_key, door.window_secret_key, beat))

    def step(self, *, wait_s: float) -> None:
        """What is to be done now. wait_s: how long to wait for a message of a worker."""
        now_s = self._clock.monotonic()
        if now_s >= self._next_plans_s:
            self._next_plans_s = now_s + PLANS_S
            self._follow_plans()
        self._take_messages(wait_s)
        self._follow_wishes()
        self._supervise(now_s)
        if now_s >= self._next_beat_s:
            self._next_beat_s = now_s + BEAT_S
            self._follow_clock()
            self._beat()
        self._write_unkept()

    def _follow_clock(self) -> None:
        news = self._clock.follow()
        if isinstance(news, Step):
            log.warning("the computer's clock was set", at=news.at.isoformat(), computer=news.computer_at.isoformat())
            self._keep(partial(self._journal.clock_stepped, news.at, news.computer_at))
        elif isinstance(news, Sleep):
            log.warning("the computer slept", since=news.from_at.isoformat())
            for camera in self._cameras.values():
                self._keep_gap(camera.plan.camera_id, camera.report.last_packet_at or news.from_at, Cause.MACHINE_OFF)
                camera.restart()
        elif news is None and self._settled():
            news = self._clock.take_over()
        if isinstance(news, Leap):
            log.warning("the computer's clock is taken over", before=news.before.isoformat(), after=news.after.isoformat())
            self._keep(partial(self._journal.clock_leapt, list(self._cameras), news.before, news.after))
        timeline = self._clock.timeline
        turned = abs(timeline.rate_ppm - self._told.rate_ppm) > RATE_PPM
        if news is not None or turned or timeline.monotonic_s - self._told.monotonic_s > TOLD_S:
            self._tell_clock(leaps=isinstance(news, Sleep | Leap))

    def _settled(self) -> bool:
        try:
            return self._clock.held and self._journal.clock_settled()
        except self._outage:
            return False

    def _tell_clock(self, *, leaps: bool) -> None:
        self._told = self._clock.timeline
        for camera in self._cameras.values():
            if camera.process:
                camera.process.command({"clock": self._told.plain(), "leaps": leaps})

    def _follow_plans(self) -> None:
        try:
            plans = {plan.camera_id: plan for plan in self._plans(self._clock.now())}
            held = self._journal.cameras_held(list(plans))
        except self._outage as error:  # go on with the cameras known
            log.warning("cameras not read", reason=str(error))
            return
        self._give_up([camera_id for camera_id in self._cameras if camera_id not in held], plans.keys())
        for camera_id in plans.keys() & held - self._cameras.keys():
            self._take_over(plans[camera_id])
        for camera_id, camera in self._cameras.items():
            self._follow_plan(camera, plans[camera_id])

    def _give_up(self, camera_ids: Sequence[int], planned: Iterable[int]) -> None:
        """Ends cameras that are no longer to be recorded, or that another recorder is to take."""
        for camera_id in camera_ids:
            self._cameras[camera_id].ask_to_stop()
        # What they tell last is still taken: the segment that ends with them.
        end_s = time.monotonic() + STOP_S
        while any(self._cameras[camera_id].process for camera_id in camera_ids) and time.monotonic() < end_s:
            self._take_messages(0.05)
        for camera_id in camera_ids:
            camera = self._cameras.pop(camera_id)
            camera.end(0.1)
            cause = Cause.STARTING if camera_id in planned else Cause.DISABLED
            at = self._clock.now()
            self._keep_gap(camera_id, camera.report.last_packet_at or at, cause)
            self._keep(partial(self._journal.camera_left, camera_id, at=at))
            log.info("camera left", camera=camera_id)

    def _take_over(self, plan: CameraPlan) -> None:
        camera_id, at = plan.camera_id, self._clock.now()

        camera = WatchedCamera(plan, self._journal, self._keep, recordings=self._recordings, clock=self._clock)
        first = self._next_beat_s == 0.0

        def write() -> None:
            growing = self._journal.camera_taken(camera_id, at=at)
            self._orphans.look(Search(camera_id, plan.folder, at, growing))
            if growing and not first:
                camera.start_at_s = self._clock.monotonic() + DYING_S

        self._keep(write)
        self._cameras[camera_id] = camera
        log.info("camera joined", camera=camera_id)

    def _follow_plan(self, camera: WatchedCamera, new: CameraPlan) -> None:
        old = camera.plan
        if old == new:
            return
        camera.plan = new
        if replace(old, armed=new.armed, write=new.write) == new:
            if camera.process:
                camera.process.command({"armed": new.armed, "write": new.write})
        else:
            # A password is kept a moment after its camera is entered, or was corrected: the worker begins anew with it.
            log.info("camera changed", camera=new.camera_id)
            camera.restart()

    def _supervise(self, now_s: float) -> None:
        for camera in self._cameras.values():
            camera.check_sight(now_s)
            if camera.process is None and now_s >= camera.start_at_s:
                try:
                    camera.begin(self._start(camera.plan), now_s)
                except (OSError, RuntimeError, MemoryError) as error:  # no memory, process or thread to be had now; the other cameras go on
                    log.error("worker not started", camera=camera.plan.camera_id, reason=str(error))
                    camera.start_at_s = now_s + START_AGAIN_S
            elif camera.process and (now_s - camera.heard_s > SILENT_S or camera.stuck_s > STUCK_S):
                log.warning("worker hangs, ended", camera=camera.plan.camera_id, stuck_s=round(camera.stuck_s))
                camera.heard_s, camera.stuck_s = now_s, 0.0
                camera.process.kill()

    def _start(self, plan: CameraPlan) -> WorkerProcess:
        timeline = self._clock.timeline
        process = self._start_worker(plan, self._recordings, self._put, _log_line, segment_s=self._segment_s, timeline=timeline)
        if plan.camera_id in self._wanted_live:
            process.command({"relay": True})
        return process

    def _put(self, process: WorkerProcess, header: Header | None, payload: bytes) -> None:
        self._inbox.put((process, header, payload))

    def _take_messages(self, wait_s: float) -> None:
        """Waits shortly for a message, then takes all there are."""
        try:
            message = self._inbox.get(block=wait_s > 0, timeout=wait_s)
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
            camera.take(header, self._clock.monotonic())

    def _follow_wishes(self) -> None:
        for topic, on in self._relay.wishes():
            number = topic.split(b"/")[1]
            camera_id = int(number) if number.isdigit() else 0
            (self._wanted_live.add if on else self._wanted_live.discard)(camera_id)
            camera = self._cameras.get(camera_id)
            if camera and camera.process:
                camera.process.command({"relay": on})

    def _beat(self) -> None:
        self._watchdog.beat()
        reports = [camera.report for camera in self._cameras.values()]
        if not self._unkept:  # a beat is worth nothing later
            beat = self._beat_now()
            self._keep(lambda: self._journal.recorder_beat(reports, beat))

    def _beat_now(self) -> Beat:
        computer = self._clock.read()
        return Beat(self._clock.now(), computer.computer_at, self._clock.boot_id, computer.uptime_s)

    def _keep_gap(self, camera_id: int, at: datetime, cause: Cause, note: str = "") -> None:
        self._keep(lambda: self._journal.gap_opened(camera_id, at, cause, note))

    def _keep(self, write: Callable[[], None]) -> None:
        self._unkept.append(write)
        self._write_unkept()

    def _write_unkept(self) -> None:
        if self._clock.monotonic() < self._retry_at_s:
            return
        while self._unkept:
            try:
                self._unkept[0]()
            except self._outage as error:
                log.error("journal did not write", waiting=len(self._unkept), reason=str(error))
                self._retry_at_s = self._clock.monotonic() + RETRY_S
                return
            except Exception:  # it would fail for ever and hold up everything behind it
                log.exception("journal refused a report")
            self._unkept.popleft()

    def end(self) -> None:
        """Ends every worker and tells the journal."""
        by = self._stopped_by()
        for camera in self._cameras.values():
            camera.ask_to_stop()
        end_s = time.monotonic() + STOP_S
        while any(camera.process for camera in self._cameras.values()) and time.monotonic() < end_s:
            self._take_messages(0.05)
        for camera_id, camera in self._cameras.items():
            camera.end(0.1)
            self._keep_gap(camera_id, camera.report.last_packet_at or self._clock.now(), Cause.RECORDER_STOPPED, by)
        self._orphans.stop()
        self._retry_at_s = 0.0
        beat = self._beat_now()
        self._keep(lambda: self._journal.recorder_stopped(by, beat))
        end_s = time.monotonic() + LAST_WORDS_S
        while self._unkept and time.monotonic() < end_s:
            time.sleep(0.1)
            self._write_unkept()
        if self._unkept:
            log.error("journal did not take the last words", lost=len(self._unkept))


def _log_line(camera_id: int, line: str) -> None:
    log.warning("worker says", camera=camera_id, line=line)
