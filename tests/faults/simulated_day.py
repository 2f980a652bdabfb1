"""A recorder over a simulated day: real recorder, real journal, real database; the clock and the workers are played.

`python -m tests.faults.simulated_day --hours 24` plays a whole day with what happens in one: cameras drop, workers hang and crash, the
computer's clock is set and confirmed, it sleeps and is switched off, the recorder is killed, hours change, midnight passes. Then the
books of the watch are gone through: no time without footage that no row explains, coverage that adds up. It prints what it found as JSON.
"""

import argparse
import json
import logging
import random
import tempfile
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import structlog

from camera.journal import EndReason, WrittenSegment
from camera.live.relay import Relay
from camera.recording.recorder import Recorder
from camera.recording.worker_process import CameraPlan
from camera.streams.timeline import Timeline
from storage.database import Database, open_database
from storage.people.person import Role, add_person
from storage.places import add_camera, add_room, add_site
from storage.rules.hours import Opening, WeekHours
from storage.rules.refusal import Refusal
from storage.watch.coverage import room_coverages
from storage.watch.gaps import gaps_between
from storage.watch.hours import armed_cameras, hours_of, set_hours
from storage.watch.journal import WatchJournal
from storage.watch.recorders import clock_steps, settle_clock
from storage.watch.segments import footage_between
from tests.camera.clocks import Computer

BEGIN = datetime.fromisoformat("2026-11-22T04:00:00+00:00")  # a Sunday, 11:00 in Jakarta
SEGMENT_S = 60.0
# Clocks that are set lead into days before and after.
ENTERED, FAR = BEGIN - timedelta(days=20), BEGIN + timedelta(days=20)
ZONE = ZoneInfo("Asia/Jakarta")
# Two files that follow each other leave no more than this between them.
JOIN = timedelta(seconds=2)
OFFICE = WeekHours(tuple(Opening(day, 8 * 60, 16 * 60) for day in range(7)))
LATER = WeekHours(tuple(Opening(day, 9 * 60, 22 * 60) for day in range(7)))


class PlayedWorker:
    """Stands for a worker process: says what a real one would, second by second."""

    def __init__(
        self, plan: CameraPlan, _recordings: Path, on_message: Any, _on_error_line: Any, *, segment_s: float, timeline: Timeline
    ) -> None:
        self.plan = plan
        self._on_message = on_message
        self._segment_s = segment_s
        self._timeline = timeline
        self._next_timeline: Timeline | None = None
        self._begun_s: float | None = None
        self._last_s: float | None = None
        self.live = self.stopping = self.ended = self.hangs = False
        self.serial = 0

    def command(self, command: dict[str, Any]) -> None:
        if "clock" in command:
            timeline = Timeline.from_plain(command["clock"])
            if command["leaps"] and self._begun_s is not None:
                self._next_timeline = timeline
            else:
                self._timeline = timeline

    def ask_to_stop(self) -> None:
        self.stopping = True

    def kill(self) -> None:
        self.end()

    def wait(self, _timeout_s: float) -> None:
        self.end()

    def end(self) -> None:
        """It is gone. What it wrote can be played, as a real one's file can, and is taken in."""
        if not self.ended:
            self.ended = True
            if self._begun_s is not None:
                self._finish("cut_short")
            self._on_message(self, None, b"")

    def second(self, now_s: float, *, camera_sends: bool) -> None:
        """What it does within a second."""
        if self.ended or self.hangs:
            return
        if self._begun_s is not None and (self.stopping or not camera_sends or self._next_timeline or now_s - self._begun_s >= SEGMENT_S):
            self._finish("stopped" if self.stopping else "full" if camera_sends else "camera_lost")
        if self._next_timeline:
            self._timeline, self._next_timeline = self._next_timeline, None
        if self.stopping:
            self.end()
            return
        if camera_sends:
            if not self.live:
                self._state("live", None, now_s)
            self.live, self._last_s = True, now_s
            self._begun_s = self._begun_s or now_s
        elif self.live:
            self.live = False
            self._state("lost", "camera_lost", self._last_s or now_s)
        self._beat()

    def _finish(self, reason: str) -> None:
        assert self._begun_s is not None
        assert self._last_s is not None
        started_at, ended_at = self._timeline.utc(self._begun_s), self._timeline.utc(self._last_s)
        path = f"{self.plan.folder}/{started_at:%Y/%m/%d}/{started_at:%Y-%m-%dT%H-%M-%S.%fZ}-{id(self)}.mp4"
        values = {"path": path, "started_at": started_at.isoformat(), "ended_at": ended_at.isoformat(), "packets": 1, "bytes": 1}
        self._on_message(self, {"type": "segment", "segment": values | {"sha256": "", "end_reason": reason}}, b"")
        self._begun_s = None

    def left(self) -> WrittenSegment | None:
        """What the next recorder finds of it after both were killed."""
        if self.ended or self._begun_s is None or self._last_s is None:
            return None
        started_at, ended_at = self._timeline.utc(self._begun_s), self._timeline.utc(self._last_s)
        path = f"{self.plan.folder}/{started_at:%Y/%m/%d}/{started_at:%Y-%m-%dT%H-%M-%S.%fZ}-{id(self)}.mp4"
        return WrittenSegment(path, started_at, ended_at, 1, 1, "", EndReason.CUT_SHORT)

    def _state(self, state: str, cause: str | None, at_s: float) -> None:
        self._on_message(self, {"type": "state", "state": state, "cause": cause, "at": self._timeline.utc(at_s).isoformat()}, b"")

    def _beat(self) -> None:
        last = None if self._last_s is None else self._timeline.utc(self._last_s).isoformat()
        silent: dict[str, Any] = {"last_motion_at": None, "writing_path": "", "writing_since_at": None, "watched_how": None}
        silent |= {"undecoded_since_at": None, "stuck_s": 0.0}
        self._on_message(self, {"type": "beat", "frames_per_s": 10.0, "last_packet_at": last, **silent}, b"")


@dataclass
class Day:
    """What is played, and with what."""

    folder: Path
    cameras: int
    seed: int
    computer: Computer = field(default_factory=lambda: Computer(BEGIN))
    workers: list[PlayedWorker] = field(default_factory=list)
    silent_until_s: dict[int, float] = field(default_factory=dict)
    happened: Counter[str] = field(default_factory=Counter)

    def __post_init__(self) -> None:
        self.chance = random.Random(self.seed)
        self.database = open_database(self.folder)
        site = add_site(self.database, "31.75", "Gudang", "Asia/Jakarta", now=ENTERED)
        self.rooms = [add_room(self.database, site.id, name, now=ENTERED).id for name in ("A", "B")]
        for room_id in self.rooms:
            set_hours(self.database, room_id, OFFICE, now=ENTERED)
        self.camera_ids = [
            add_camera(self.database, self.rooms[number % 2], f"Kamera {number}", "rtsp://127.0.0.1/1", "", now=ENTERED).id
            for number in range(self.cameras)
        ]
        self.supervisor = add_person(self.database, "Agus", Role.SUPERVISOR, now=BEGIN)
        self.relay = Relay()
        self.recorder = self._begin()

    def _plans(self, now: datetime) -> list[CameraPlan]:
        armed = {
            camera_id
            for at in (now, self.computer.clocks.computer_at)
            for camera_id in armed_cameras(self.database, at, ahead=timedelta(seconds=60))
        }
        return [CameraPlan(number, f"s/camera-{number}", "rtsp://127.0.0.1/1", armed=number in armed) for number in self.camera_ids]

    def _begin(self) -> Recorder:
        def start(*arguments: Any, **named: Any) -> PlayedWorker:
            worker = PlayedWorker(*arguments, **named)
            self.workers.append(worker)
            return worker

        journal = self.journal = WatchJournal(self.database, self.relay.notice, computer=lambda: self.computer.clocks.computer_at)
        recorder = Recorder(
            self._plans, journal, self.folder, self.relay, outage=Refusal, read_clocks=self.computer.read, boot_id=self.computer.boot_id,
            stopped_by=lambda: "the end of the day", start_worker=start,  # type: ignore[arg-type]
        )  # fmt: skip
        recorder.begin()
        return recorder

    def second(self) -> None:
        """A second passes."""
        self.computer.run(1.0, drift_ppm=40.0)
        now_s = self.computer.clocks.monotonic_s
        for worker in self.workers:
            worker.second(now_s, camera_sends=now_s >= self.silent_until_s.get(worker.plan.camera_id, 0.0))
        self.workers = [worker for worker in self.workers if not worker.ended]
        self.recorder.step(wait_s=0.0)

    def happen(self, what: str) -> None:
        """Something happens now."""
        self.happened[what] += 1
        getattr(self, f"_{what}")()

    def _camera_drops(self) -> None:
        camera_id = self.chance.choice(self.camera_ids)
        self.silent_until_s[camera_id] = self.computer.clocks.monotonic_s + self.chance.uniform(1, 300)

    def _worker_crashes(self) -> None:
        self.chance.choice(self.workers).end()

    def _worker_hangs(self) -> None:
        self.chance.choice(self.workers).hangs = True

    def _clock_is_set(self) -> None:
        self.computer.set_clock(self.chance.choice([7200.0, -86_400.0, 30.0, -30.0, -3600.0]))

    def _clock_is_confirmed(self) -> None:
        if clock_steps(self.database):
            settle_clock(self.database, by=self.supervisor, now=self.computer.clocks.computer_at)

    def _computer_sleeps(self) -> None:
        self.computer.sleep(self.chance.uniform(60, 900))

    def _recorder_is_killed(self) -> None:
        left = self._kill()
        self.computer.run(self.chance.uniform(1, 60))
        self._begin_again(left)

    def _kill(self) -> list[tuple[int, WrittenSegment]]:
        left = [(worker.plan.camera_id, segment) for worker in self.workers if (segment := worker.left())]
        self.workers.clear()
        return left

    def _begin_again(self, left: list[tuple[int, WrittenSegment]]) -> None:
        """With the files that were left: taking in real ones is what other tests do."""
        self.recorder = self._begin()
        for camera_id, segment in left:
            self.journal.segment_written(camera_id, segment)

    def _computer_is_off(self) -> None:
        left = self._kill()
        self.silent_until_s.clear()
        self.computer.restart(self.chance.uniform(60, 1800))
        self.computer.run(30.0)
        self._begin_again(left)

    def _hours_change(self) -> None:
        now = self.computer.clocks.computer_at
        set_hours(self.database, self.chance.choice(self.rooms), self.chance.choice([OFFICE, LATER]), now=now)

    def close(self) -> None:
        """The day is over."""
        for worker in self.workers:
            worker.stopping = True
            worker.second(self.computer.clocks.monotonic_s, camera_sends=True)
        self.recorder.end()
        self.relay.close()


# How often each happens in a day.
USUAL = {
    "camera_drops": 120, "worker_crashes": 12, "worker_hangs": 6, "clock_is_set": 6, "clock_is_confirmed": 8, "computer_sleeps": 2,
    "recorder_is_killed": 6, "computer_is_off": 2, "hours_change": 6,
}  # fmt: skip


def play(day: Day, hours: float, *, progress: Callable[[float], None] = lambda _share: None) -> None:
    """Plays so many hours, with everything of USUAL at chance moments."""
    seconds = round(hours * 3600)
    due = sorted((day.chance.randrange(60, seconds - 60), what) for what, times in USUAL.items() for _ in range(times))
    for second in range(seconds):
        day.second()
        while due and due[0][0] <= second:
            day.happen(due.pop(0)[1])
        if second % 600 == 0:
            progress(second / seconds)
    day.close()


def unexplained(database: Database, camera_id: int) -> list[tuple[datetime, datetime]]:
    """Times since the first footage that neither a segment nor a gap covers."""
    far = timedelta(days=30)
    spans = [(part.started_at, part.ended_at) for part in footage_between(database, camera_id, BEGIN - far, BEGIN + far)]
    spans += [
        (gap.started_at, gap.ended_at or BEGIN + far)
        for gap in gaps_between(database, BEGIN - far, BEGIN + far)
        if gap.camera_id == camera_id
    ]
    found, covered = [], None
    for start, end in sorted(spans):
        if covered is not None and start - covered > JOIN:
            found.append((covered, start))
        covered = max(covered or end, end)
    return found


def broken_numbers(database: Database, camera_id: int) -> int:
    """How many numbers are missing or told twice."""
    import sqlalchemy as sa

    from storage.schema.footage import segment

    with database.read() as connection:
        numbers = list(connection.scalars(sa.select(segment.c.number).where(segment.c.camera_id == camera_id).order_by(segment.c.id)))
    return sum(number != place for place, number in enumerate(numbers, start=1))


def coverage_faults(day: Day) -> tuple[int, list[str]]:
    """The armed minutes of all nights and cameras, and where their coverage does not add up to them, or one is not explained."""
    minutes, found = 0, []
    for offset in range(-4, 4):
        night = (BEGIN + timedelta(days=offset)).date()
        for room in room_coverages(day.database, now=FAR, night=night):
            for camera in room.cameras:
                totals, spans = camera.coverage.totals, camera.coverage.spans
                begun_at = spans[0].from_at if spans else room.until_at
                armed = armed_minutes(day.database, room.room_id, max(room.from_at, begun_at), room.until_at)
                minutes += armed
                if totals.armed != armed or totals.unexplained or camera.missing_numbers:
                    found.append(f"{night} {camera.camera}: {totals}, {armed} armed, missing {camera.missing_numbers}")
    return minutes, found


def armed_minutes(database: Database, room_id: int, from_at: datetime, until_at: datetime) -> int:
    """Wall-clock minutes in which the room was armed at their beginning or at their end."""
    minute, count = from_at.replace(second=0, microsecond=0), 0
    while minute < until_at:
        ends = max(minute, from_at), min(minute + timedelta(seconds=60), until_at) - timedelta(microseconds=1)
        count += any(not hours_of(database, room_id, at).is_open(at, ZONE) for at in ends)
        minute += timedelta(minutes=1)
    return count


def main() -> int:
    """Plays a day and prints what the books say."""
    parser = argparse.ArgumentParser()
    parser.add_argument("--hours", type=float, default=24.0)
    parser.add_argument("--cameras", type=int, default=8)
    parser.add_argument("--seed", type=int, default=1)
    options = parser.parse_args()
    structlog.configure(wrapper_class=structlog.make_filtering_bound_logger(logging.CRITICAL))
    with tempfile.TemporaryDirectory() as folder:
        day = Day(Path(folder), options.cameras, options.seed)
        play(day, options.hours)
        found = {camera_id: unexplained(day.database, camera_id) for camera_id in day.camera_ids}
        minutes, wrong = coverage_faults(day)
        gaps = gaps_between(day.database, BEGIN - timedelta(days=30), BEGIN + timedelta(days=30))
        report = {
            "hours": options.hours,
            "happened": dict(day.happened),
            "gaps": dict(Counter(gap.cause for gap in gaps)),
            "unexplained": sum(len(spans) for spans in found.values()),
            "armed_minutes": minutes,
            "coverage": wrong,
            "broken_numbers": sum(broken_numbers(day.database, camera_id) for camera_id in day.camera_ids),
        }
        print(json.dumps(report))
        day.database.close()
    return 1 if report["unexplained"] or report["broken_numbers"] or report["coverage"] else 0


if __name__ == "__main__":
    raise SystemExit(main())
