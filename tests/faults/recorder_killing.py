"""Kills the recorder, its workers and a window, and looks at what is left.

`python -m tests.faults.recorder_killing [--rounds 200] [--seed N] [--cameras 3] [--segment 6] [--once] [--keep FOLDER]`

A real RTSP server sends small cameras; `main.py record` (with short segments, recording.py) records them; a window without a screen
watches (watching.py). At a random moment one of them is killed with SIGKILL, and what the operating system would start again is started
again; in every third round or so a second kill follows within seconds, while all of it is still coming up. Once every camera is recorded
and shown again, the rows are held against the files and against what a second client of each camera has seen it send (witness.py,
kept_footage.py). A killed recorder's workers must end with it.

What goes on is told on standard error; the last line on standard output is one JSON object; status 1 if anything was wrong.
"""

import argparse
import contextlib
import json
import random
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Iterator
from contextlib import closing, contextmanager
from dataclasses import asdict, dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

from storage.database import Database, open_database
from storage.places import add_camera, add_room, add_site
from storage.rules.coverage import last_night
from storage.watch.coverage import room_coverages
from storage.watch.states import camera_states
from tests.camera.rig import RtspServer, has_rtsp_server, kill_process, worker_pids, write_video
from tests.faults.kept_footage import KeptFootage, Kill, decoder
from tests.faults.witness import Witness, indices_of, loop

LOOP_S = 60
# A round takes some ten seconds; one that waits in vain, a minute.
ROUND_S, SPARE_S = 30, 300
# Before a kill: at most so long after all was well; and so long after the kill before, in a round with two.
LONGEST_CALM_S, LONGEST_UNREST_S = 5.0, 9.0
TWICE = 0.35
# A slow machine may take so long until every camera is recorded and shown again.
SETTLES_S = 60.0
# A recorder that begins adopts what the last one left after 6 s.
ADOPTS_S = 20.0
WORKERS_END_S = 15.0
TARGETS = {"worker": 0.5, "recorder": 0.35, "window": 0.15}
ZONE = ZoneInfo("Asia/Jakarta")
PAUSE = threading.Event()


@dataclass
class Tally:
    """What came of the rounds. second_kills: rounds with one; slowest_settled_s: until all was well again; slowest_workers_s: until a
    killed recorder's workers had ended."""

    rounds: int = 0
    killed: dict[str, int] = field(default_factory=lambda: dict.fromkeys(TARGETS, 0))
    second_kills: int = 0
    slowest_settled_s: float = 0.0
    slowest_workers_s: float = 0.0
    armed_minutes: int = 0
    blind_minutes: int = 0
    wrong: list[str] = field(default_factory=list)


class Child:
    """A process that is started anew after each kill. lines: the newest that it has said, if it is listened to."""

    def __init__(self, module: str, *arguments: str, log: Path) -> None:
        self.module = module
        self._command = [sys.executable, "-m", module, *arguments]
        self._log = log
        self._process: subprocess.Popen[bytes] | None = None
        self.newest = b"{}"

    @property
    def pid(self) -> int:
        assert self._process is not None
        return self._process.pid

    @property
    def runs(self) -> bool:
        return self._process is not None and self._process.poll() is None

    def start(self) -> None:
        self.newest = b"{}"
        with self._log.open("ab") as said:
            process = self._process = subprocess.Popen(self._command, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=said)
        threading.Thread(target=self._listen, args=(process,), daemon=True).start()

    def kill(self) -> None:
        """Returns when it is dead."""
        if self._process:
            self._process.kill()
            self._process.wait()

    def terminate(self) -> None:
        """Tells it to end, and waits until it has."""
        if self._process:
            self._process.terminate()
            self._process.wait(SETTLES_S)

    def _listen(self, process: "subprocess.Popen[bytes]") -> None:
        assert process.stdout is not None
        with process.stdout as pipe:
            for line in pipe:
                if process is self._process:
                    self.newest = line


@dataclass(frozen=True)
class Plan:
    """What is played. segment_s: length of the segments; twice: the share of rounds with a second kill."""

    cameras: int
    rounds: int
    seed: int
    segment_s: float
    twice: float


class Rounds:
    """A warehouse that runs, and is killed piece by piece. Everything in it is a process of its own but the witnesses."""

    def __init__(self, folder: Path, database: Database, witnesses: dict[int, Witness], plan: Plan) -> None:
        self.tally = Tally()
        self._twice = plan.twice
        self._chance = random.Random(plan.seed)
        self._database = database
        self._witnesses = witnesses
        self.recorder = Child("tests.faults.recording", str(folder), str(plan.segment_s), log=folder / "recorder.log")
        self.window = Child("tests.faults.watching", str(folder), log=folder / "window.log")
        self.footage = KeptFootage(database, folder / "recordings", witnesses)
        self._begun_at = datetime.now(UTC)
        self._kills: list[Kill] = []
        self._killed_at = dict.fromkeys(witnesses, datetime.now(UTC))

    @contextmanager
    def running(self) -> Iterator[None]:
        """Everything runs inside, and is settled at first."""
        try:
            self.recorder.start()
            self.window.start()
            self._settle()
            self.footage.begin()
            yield
        finally:
            self.window.kill()
            with contextlib.suppress(subprocess.TimeoutExpired):
                self.recorder.terminate()
            self.recorder.kill()

    def kill_one(self) -> None:
        """One round. What is wrong afterwards stands in the tally and in the footage's."""
        self.tally.rounds += 1
        PAUSE.wait(self._chance.uniform(0, LONGEST_CALM_S))
        targets = self._chance.choices(list(TARGETS), list(TARGETS.values()), k=1 + (self._chance.random() < self._twice))
        self.tally.second_kills += len(targets) - 1
        for number, target in enumerate(targets):
            if number:
                PAUSE.wait(self._chance.uniform(0, LONGEST_UNREST_S))
            self._kill(target)
            self.tally.killed[target] += 1
        self._settle()
        self.footage.look(self._kills)
        self._kills.clear()

    def finish(self) -> None:
        """Ends the recorder as it should be ended, and looks at all of it again."""
        self.window.kill()
        self.recorder.terminate()
        self.footage.look([])
        self.footage.check_all_again()
        self._check_coverage()

    def _check_coverage(self) -> None:
        """Every minute of the rounds was armed, for the room has no hours: each is seen or blind, and none is unexplained."""
        now = datetime.now(UTC)
        nights = {last_night(at, ZONE) + timedelta(days=more) for at in (self._begun_at, now) for more in (0, 1)}
        for camera in (one for night in nights for room in room_coverages(self._database, now=now, night=night) for one in room.cameras):
            totals, spans = camera.coverage.totals, camera.coverage.spans
            self.tally.armed_minutes += totals.armed
            self.tally.blind_minutes += totals.blind_minutes
            told = sum(span.minutes for span in spans)
            passed = {minute for span in spans for minute in _minutes(span.from_at, span.until_at)}
            if totals.unexplained or camera.missing_numbers or not totals.armed == told == len(passed):
                self.tally.wrong.append(f"coverage of {camera.camera}: {totals}, {told} told, missing {camera.missing_numbers}")

    def _kill(self, target: str) -> None:
        if target == "window":
            self.window.kill()
            self.window.start()
        elif target == "recorder":
            self._kill_recorder()
        elif workers := worker_pids(self.recorder.pid):
            victim = self._chance.choice(workers)
            number = _camera_of(victim)
            self._note(list(self._witnesses) if number is None else [number])
            with contextlib.suppress(ProcessLookupError):
                kill_process(victim)

    def _kill_recorder(self) -> None:
        workers = worker_pids(self.recorder.pid)
        self._note(list(self._witnesses))
        self.recorder.kill()
        begun_s = time.monotonic()
        self.recorder.start()
        alive = workers
        while alive and time.monotonic() - begun_s < WORKERS_END_S:
            PAUSE.wait(0.02)
            alive = [pid for pid in alive if _lives(pid)]
        self.tally.slowest_workers_s = round(max(self.tally.slowest_workers_s, time.monotonic() - begun_s), 2)
        if alive:
            self.tally.wrong.append(f"round {self.tally.rounds}: {len(alive)} workers outlive their recorder")

    def _note(self, cameras: list[int]) -> None:
        """What is killed now, and since when it was recorded; a camera that is not recorded has nothing to lose."""
        for camera_id in cameras:
            live_since = self.footage.live_since(camera_id)
            at = datetime.now(UTC)
            if live_since and live_since > self._killed_at[camera_id]:
                self._kills.append(Kill(camera_id, at, live_since))
            self._killed_at[camera_id] = at

    def _settle(self) -> None:
        """Waits until all cameras are recorded and shown, and no file is without a row; says what does not come."""
        begun_s, begun_at = time.monotonic(), datetime.now(UTC)
        while missing := self._unsettled(begun_at):
            if time.monotonic() - begun_s > (ADOPTS_S if missing == "a row for every file" else SETTLES_S):
                # A file without a row is told by the footage.
                if missing != "a row for every file":
                    self.tally.wrong.append(f"round {self.tally.rounds}: {missing} did not come")
                break
            PAUSE.wait(0.05)
        for child in (self.recorder, self.window):
            if not child.runs:
                self.tally.wrong.append(f"round {self.tally.rounds}: {child.module} has ended by itself")
                child.start()
        for camera_id, witness in self._witnesses.items():
            if witness.fault:
                raise SystemExit(f"the witness of camera {camera_id} sees nothing more: {witness.fault}")
        self.tally.slowest_settled_s = round(max(self.tally.slowest_settled_s, time.monotonic() - begun_s), 2)

    def _unsettled(self, since_at: datetime) -> str:
        states = {state.camera_id: state for state in camera_states(self._database)}
        shown = json.loads(self.window.newest)
        for camera_id in self._witnesses:
            state = states.get(camera_id)
            if not state or state.state != "live" or not state.last_packet_at or state.last_packet_at <= since_at:
                return "a recorded packet"
            if shown.get(str(camera_id), "") <= since_at.isoformat():
                return f"a picture of camera {camera_id} on the screen"
        return "a row for every file" if self.footage.unknown_files() else ""


def _minutes(from_at: datetime, until_at: datetime) -> Iterator[datetime]:
    """The wall-clock minutes that a time touches."""
    minute = from_at.replace(second=0, microsecond=0)
    while minute < until_at:
        yield minute
        minute += timedelta(minutes=1)


def _lives(pid: int) -> bool:
    """Whether it runs; a dead one that nobody has asked for does not."""
    try:
        return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0] != "Z"
    except OSError:
        return False


def _camera_of(worker: int) -> int | None:
    """Whose file a worker has open; None while it has none."""
    with contextlib.suppress(OSError):
        for handle in Path(f"/proc/{worker}/fd").iterdir():
            with contextlib.suppress(OSError):
                parts = handle.readlink().parts
                if parts[-1].endswith(".part"):
                    return next(int(part.removeprefix("camera-")) for part in parts if part.startswith("camera-"))
    return None


@contextmanager
def warehouse(folder: Path, plan: Plan) -> Iterator[Rounds]:
    """A recorder and a window on cameras that send a minute over and over, for longer than the rounds take."""
    write_video(folder / "minute.mp4", seconds=LOOP_S, walks=((20, 24), (40, 46)), group_s=2, noise=16)
    loop(folder / "minute.mp4", folder / "camera.mp4", times=round((SPARE_S + plan.rounds * ROUND_S) / LOOP_S))
    server = RtspServer(folder / "camera.mp4", cameras=plan.cameras)
    server.start()
    try:
        with closing(open_database(folder)) as database:
            now = datetime.now(UTC)
            room = add_room(database, add_site(database, "31.75", "Gudang", ZONE.key, now=now).id, "Gudang kotak", now=now)
            entered = [add_camera(database, room.id, address, address, "", now=now) for address in server.addresses]
            indices = indices_of(folder / "minute.mp4")
            witnesses = {camera.id: Witness(camera.address, indices) for camera in entered}
            for witness in witnesses.values():
                witness.start()
            rounds = Rounds(folder, database, witnesses, plan)
            with rounds.running():
                yield rounds
            for witness in witnesses.values():
                witness.stop()
    finally:
        server.kill()


def main() -> None:
    """Runs the rounds."""
    parser = argparse.ArgumentParser()
    parser.add_argument("--rounds", type=int, default=200)
    parser.add_argument("--cameras", type=int, default=3)
    parser.add_argument("--seed", type=int, default=20_240_214)
    parser.add_argument("--keep", type=Path, help="an empty folder for the data, which is kept")
    parser.add_argument("--segment", type=float, default=6.0, help="length of the segments, in seconds")
    parser.add_argument("--once", action="store_true", help="no second kill while everything is still coming up")
    options = parser.parse_args()
    if not has_rtsp_server():
        raise SystemExit("Debian's GStreamer RTSP server is not installed; ./run test installs it")
    begun_s = time.monotonic()
    with contextlib.ExitStack() as stack:
        folder = options.keep or Path(stack.enter_context(tempfile.TemporaryDirectory()))
        plan = Plan(options.cameras, options.rounds, options.seed, options.segment, 0.0 if options.once else TWICE)
        rounds = stack.enter_context(warehouse(folder, plan))
        tally, found = rounds.tally, rounds.footage.found
        while tally.rounds < options.rounds:
            known = len(tally.wrong), len(found.wrong)
            rounds.kill_one()
            new = tally.wrong[known[0] :] + found.wrong[known[1] :]
            if tally.rounds % 10 == 0 or new:
                said = f"{tally.rounds} rounds, killed {tally.killed}, {found.segments} segments, wrong: {new}"
                print(said, file=sys.stderr, flush=True)
        rounds.finish()
    how = {"seed": options.seed, "decoder": decoder(), "seconds": round(time.monotonic() - begun_s, 1)}
    wrong = tally.wrong + found.wrong
    print(json.dumps(asdict(tally) | asdict(found) | {"wrong": wrong} | how))
    if wrong:
        raise SystemExit(1)


if __name__ == "__main__":
    main()
