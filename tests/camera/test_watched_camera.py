"""What the recorder makes of a worker's messages: when a camera is blind, when it sees again, and what a hurt journal must not stop."""

import threading
from collections.abc import Callable, Sequence
from dataclasses import replace
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

import camera.recording.recorder
from camera.events import Box, Kind
from camera.journal import Beat, CameraReport, Cause, LastRun, SetAside, WrittenSegment
from camera.live.relay import Relay
from camera.recording.recorder import Recorder
from camera.recording.watched_camera import WatchedCamera
from camera.recording.worker_process import CameraPlan, WorkerProcess, without
from tests.camera.clocks import Computer
from tests.camera.rig import wait_until
from tests.conftest import NOW

PLAN = CameraPlan(1, "s/camera-1", "rtsp://127.0.0.1:1/1")


class Notebook:
    """A journal that only remembers; refuses what `refused` names."""

    def __init__(self) -> None:
        self.said: list[tuple[Any, ...]] = []
        self.refused: dict[str, Exception] = {}
        # Cameras that another recorder has.
        self.elsewhere: set[int] = set()
        self.settled = False

    def _say(self, *words: Any) -> None:
        if words[0] in self.refused:
            raise self.refused[words[0]]
        self.said.append(words)

    def named(self, name: str) -> list[tuple[Any, ...]]:
        return [words[1:] for words in list(self.said) if words[0] == name]

    def last_run(self) -> LastRun | None:
        return None

    def recorder_started(self, address: str, public_key: str, window_secret_key: str, beat: Beat) -> None:
        self._say("recorder_started")

    def recorder_beat(self, cameras: Sequence[CameraReport], beat: Beat) -> None:
        self._say("recorder_beat")

    def recorder_stopped(self, by: str, beat: Beat) -> None:
        self._say("recorder_stopped")

    def cameras_held(self, camera_ids: Sequence[int]) -> set[int]:
        return set(camera_ids) - self.elsewhere

    def camera_taken(self, camera_id: int, *, at: datetime) -> tuple[str, datetime] | None:
        self._say("camera_taken", camera_id)
        return None

    def camera_left(self, camera_id: int, *, at: datetime) -> None:
        self._say("camera_left", camera_id)

    def clock_stepped(self, at: datetime, computer_at: datetime) -> None:
        self._say("clock_stepped", at, computer_at)

    def clock_settled(self) -> bool:
        return self.settled

    def strangers(self, camera_id: int, paths: Sequence[str]) -> list[str]:
        return list(paths)

    def file_set_aside(self, camera_id: int, file: SetAside, *, at: datetime) -> None:
        self._say("file_set_aside", file)

    def camera_reported(self, camera: CameraReport) -> None:
        self._say("camera_reported", camera)

    def event_opened(self, camera_id: int, kind: Kind, started_at: datetime, peak_pct: float, boxes: Sequence[Box], *, at: datetime) -> int:
        self._say("event_opened", kind, started_at)
        return 7

    def event_extended(self, event_id: int, seen_at: datetime, peak_pct: float, boxes: Sequence[Box]) -> None:
        self._say("event_extended", event_id, seen_at)

    def event_closed(self, event_id: int, ended_at: datetime, peak_pct: float) -> None:
        self._say("event_closed", event_id, ended_at)

    def event_verified(self, event_id: int, person_pct: float) -> None:
        self._say("event_verified", event_id, person_pct)

    def motion_kept(self, camera_id: int, minute_at: datetime, cells: bytes) -> None:
        self._say("motion_kept", minute_at, cells)

    def segment_written(self, camera_id: int, segment: WrittenSegment) -> None:
        self._say("segment_written", segment)

    def gap_opened(self, camera_id: int, started_at: datetime, cause: Cause, note: str = "") -> None:
        self._say("gap_opened", cause)

    def clock_leapt(self, camera_ids: Sequence[int], before: datetime, after: datetime) -> None:
        self._say("clock_leapt", before, after)

    def gap_closed(self, camera_id: int, ended_at: datetime) -> None:
        self._say("gap_closed")


class Watched:
    """A camera that is watched on a computer whose clocks go as the test says."""

    def __init__(self, camera: WatchedCamera, computer: Computer) -> None:
        self.camera = camera
        self._computer = computer

    @property
    def report(self) -> CameraReport:
        return self.camera.report

    def take(self, header: dict[str, Any], now_s: float) -> None:
        self._computer.run(now_s - self._computer.clocks.monotonic_s)
        self.camera.take(header, now_s)

    def check_sight(self, now_s: float) -> None:
        self._computer.run(now_s - self._computer.clocks.monotonic_s)
        self.camera.check_sight(now_s)


@pytest.fixture
def book() -> Notebook:
    return Notebook()


@pytest.fixture
def computer() -> Computer:
    return Computer()


@pytest.fixture
def watched(book: Notebook, tmp_path: Path, computer: Computer) -> Watched:
    def keep(write: Callable[[], None]) -> None:
        write()

    return Watched(WatchedCamera(PLAN, book, keep, recordings=tmp_path, clock=computer.clock()), computer)


def after(seconds: float) -> datetime:
    return NOW + timedelta(seconds=seconds)


def state(word: str, at: datetime, cause: str | None = None) -> dict[str, Any]:
    return {"type": "state", "state": word, "cause": cause, "at": at.isoformat()}


def beat(last_packet_at: datetime) -> dict[str, Any]:
    silent: dict[str, Any] = {"last_motion_at": None, "writing_path": "", "writing_since_at": None}
    silent |= {"watched_how": None, "undecoded_since_at": None, "stuck_s": 0.0}
    return {"type": "beat", "frames_per_s": 10.0, "last_packet_at": last_packet_at.isoformat(), **silent}


def test_a_camera_that_is_back_is_not_called_blind_before_its_first_beat(book: Notebook, watched: Watched) -> None:
    watched.take(state("live", after(0)), 1000.0)
    watched.take(beat(after(1)), 1001.0)
    watched.take(state("lost", after(1), "camera_lost"), 1006.0)
    watched.check_sight(1010.0)
    assert book.named("event_opened") == [(Kind.SIGNAL_LOST, after(1))]
    watched.take(state("live", after(20)), 1020.0)
    assert book.named("event_closed") == [(7, after(20))]
    watched.check_sight(1020.5)
    assert len(book.named("event_opened")) == 1


def test_a_camera_that_sends_again_by_itself_sees_again(book: Notebook, watched: Watched) -> None:
    watched.take(state("live", after(0)), 1000.0)
    watched.check_sight(1009.0)
    watched.take(beat(after(10)), 1010.0)
    watched.check_sight(1011.0)
    assert book.named("event_closed") == [(7, after(11))]
    watched.check_sight(1030.0)
    assert len(book.named("event_opened")) == 2


@pytest.mark.parametrize("step_s", [7200, -86_400])
def test_setting_the_computers_clock_neither_blinds_a_camera_nor_hides_it(
    book: Notebook, watched: Watched, computer: Computer, step_s: float
) -> None:
    watched.take(state("live", after(0)), 1000.0)
    watched.take(beat(after(1)), 1001.0)
    computer.set_clock(step_s)
    watched.check_sight(1002.0)
    assert book.named("event_opened") == []
    watched.check_sight(1012.0)
    assert [kind for kind, _ in book.named("event_opened")] == [Kind.SIGNAL_LOST]


def test_a_blind_camera_is_told_of_again_and_again_so_that_it_is_judged_when_the_hours_end(book: Notebook, watched: Watched) -> None:
    watched.take(state("live", after(0)), 1000.0)
    for second in range(0, 60, 2):
        watched.check_sight(1000.0 + second)
    assert 3 <= len(book.named("event_extended")) <= 6


def test_a_workers_last_words_hold_no_password_in_either_form() -> None:
    assert without("p@s/s", "bad: rtsp://sari:p%40s%2Fs@10.0.0.1/1 and p@s/s") == "bad: rtsp://sari:***@10.0.0.1/1 and ***"
    assert without("", "as it was") == "as it was"


class Quick:
    """A recorder in a thread whose workers are never more than started."""

    def __init__(self, book: Notebook, plans: list[CameraPlan], folder: Path) -> None:
        self.stop = threading.Event()
        self.asked = threading.Event()
        self._book, self._plans, self._folder = book, plans, folder
        self._thread = threading.Thread(target=self._run)

    def __enter__(self) -> "Quick":
        self._thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self.stop.set()
        self._thread.join()

    def _ask(self, _now: datetime) -> list[CameraPlan]:
        self.asked.set()
        return list(self._plans)

    def _run(self) -> None:
        relay = Relay()
        Recorder(self._ask, self._book, self._folder, relay, outage=OSError).run(self.stop)
        relay.close()


def test_while_the_journal_is_away_nothing_is_given_up(book: Notebook, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(camera.recording.recorder, "RETRY_S", 0.01)
    names = ("recorder_started", "camera_taken", "recorder_beat", "camera_reported", "event_opened", "recorder_stopped")
    book.refused = {name: OSError("away") for name in names}
    with Quick(book, [PLAN], tmp_path) as quick:
        threading.Timer(1.5, book.refused.clear).start()
        assert quick.asked.wait(30)
        quick.stop.set()
    assert book.named("recorder_started") == [()]
    assert book.named("camera_taken") == [(1,)]
    assert book.said[-1] == ("recorder_stopped",), "the end waits for the journal"


def test_a_worker_that_cannot_be_started_is_tried_again(book: Notebook, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    tries: list[CameraPlan] = []

    def start(_recorder: Recorder, plan: CameraPlan) -> WorkerProcess:
        tries.append(plan)
        raise OSError(11, "Resource temporarily unavailable")

    monkeypatch.setattr(Recorder, "_start", start)
    monkeypatch.setattr(camera.recording.recorder, "START_AGAIN_S", 0.1)
    with Quick(book, [PLAN], tmp_path):
        wait_until(lambda: len(tries) >= 2, "the second try")


def test_a_camera_whose_password_comes_later_is_asked_with_it(book: Notebook, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    started: list[CameraPlan] = []
    start = Recorder._start

    def remember(recorder: Recorder, plan: CameraPlan) -> WorkerProcess:
        started.append(plan)
        return start(recorder, plan)

    monkeypatch.setattr(Recorder, "_start", remember)
    monkeypatch.setattr(camera.recording.recorder, "PLANS_S", 0.1)
    plans = [CameraPlan(1, "s/camera-1", "rtsp://127.0.0.1:1/1", "sari", "")]
    with Quick(book, plans, tmp_path):
        wait_until(lambda: len(started) == 1, "the first worker")
        plans[:] = [CameraPlan(1, "s/camera-1", "rtsp://127.0.0.1:1/1", "sari", "kenari")]
        wait_until(lambda: len(started) > 1, "a worker that knows the password")
    assert [plan.password for plan in started[:2]] == ["", "kenari"]


def test_a_camera_of_which_no_picture_can_be_made_is_blind_until_one_can(book: Notebook, watched: Watched) -> None:
    watched.take(state("live", after(0)), 1000.0)
    watched.take(beat(after(6)) | {"undecoded_since_at": after(1).isoformat()}, 1006.0)
    watched.check_sight(1006.0)
    assert book.named("event_opened") == [(Kind.SIGNAL_LOST, after(1))]
    watched.take(state("lost", after(16), "unreadable"), 1016.0)
    watched.take(state("live", after(18)), 1018.0)
    watched.check_sight(1018.0)
    assert book.named("event_closed") == [], "packets alone are no sight"
    watched.take(beat(after(19)), 1019.0)
    watched.check_sight(1019.0)
    assert book.named("event_closed") == [(7, after(19))]


def test_what_a_worker_says_of_looking_reaches_the_journal(book: Notebook, watched: Watched) -> None:
    watched.take(beat(after(1)) | {"watched_how": "sub_stream"}, 1001.0)
    assert watched.report.watched_how == "sub_stream"
    watched.take({"type": "cells", "minute_at": after(0).isoformat(), "cells": "AAH/"}, 1001.0)
    assert book.named("motion_kept") == [(after(0), b"\0\1\xff")]
    sight = {"type": "sight", "event": 1, "kind": "motion", "started_at": after(0).isoformat(), "ended_at": after(1).isoformat()}
    for phase, person_pct in (("opened", None), ("extended", 80.0), ("closed", None)):
        watched.take(sight | {"phase": phase, "peak_pct": 1.0, "boxes": [], "person_pct": person_pct}, 1001.0)
    assert book.named("event_verified") == [(7, 80.0)]


class Process:
    """A worker's process that only remembers."""

    def __init__(self) -> None:
        self.did: list[Any] = []

    def command(self, command: dict[str, Any]) -> None:
        self.did.append(command)

    def ask_to_stop(self) -> None:
        self.did.append("stop")

    def kill(self) -> None:
        self.did.append("kill")

    def wait(self, _timeout_s: float) -> None:
        return


def test_arming_is_a_command_any_other_change_a_new_worker_and_one_that_hangs_is_ended(
    book: Notebook, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    process = Process()
    monkeypatch.setattr(Recorder, "_start", lambda _recorder, _plan: process)
    monkeypatch.setattr(camera.recording.recorder, "PLANS_S", 0.0)
    plans = [PLAN]
    relay = Relay()
    watching = Recorder(lambda _now: plans, book, tmp_path, relay, outage=OSError)
    watching._follow_plans()
    watching._supervise(1000.0)
    plans[:] = [replace(PLAN, armed=False)]
    watching._follow_plans()
    assert process.did == [{"armed": False, "write": True}]
    plans[:] = [replace(PLAN, armed=False, sub_address="rtsp://127.0.0.1:1/2")]
    watching._follow_plans()
    assert process.did == [{"armed": False, "write": True}, "stop"]
    watching._cameras[1].take(beat(after(1)) | {"stuck_s": 5.0}, 1001.0)
    watching._supervise(1001.0)
    assert "kill" not in process.did
    watching._cameras[1].take(beat(after(2)) | {"stuck_s": 7.0}, 1002.0)
    watching._supervise(1002.0)
    assert process.did[-1] == "kill"
    relay.close()
