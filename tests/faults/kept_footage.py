"""What the recorder has kept of its cameras, against what they sent: files against rows, rows against the witnesses' packets."""

import bisect
import hashlib
import shutil
import subprocess
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import av
import sqlalchemy as sa

from storage.database import Database
from storage.schema.footage import gap, segment
from storage.schema.watch import camera_state, recorder
from tests.camera.rig import packets_of
from tests.faults.witness import FPS, Witness, digest_of

# A fragment goes to the disk every 2 s; libav hands a packet over when the next one begins, and the machine may be busy.
FRAGMENT_S, SLACK_S = 2.0, 0.5
# Between files that follow each other, and between the end of what is kept and the gap that tells of it.
TOLERANCE = timedelta(seconds=2)
# From the packet's arrival at the witness to the one that the recorder noted for it.
CLOCKS_AGREE_S = 1.5

Row = sa.Row[Any]


def decoder() -> str:
    """Who looks for faults in the files: Debian's ffmpeg where it is installed, else the libav that PyAV brings."""
    return shutil.which("ffmpeg") or "PyAV"


def decoding_warnings(path: Path) -> list[str]:
    """What a decoder says of a file while it decodes every picture; nothing, if it is whole."""
    if shutil.which("ffmpeg") and shutil.which("ffprobe"):
        probe = ["ffprobe", "-v", "warning", "-show_entries", "stream=codec_name,width,height", str(path)]
        decode = ["ffmpeg", "-v", "warning", "-nostdin", "-i", str(path), "-f", "null", "-"]
        runs = [subprocess.run(command, capture_output=True, text=True, check=False) for command in (probe, decode)]
        return [line for run in runs for line in [*run.stderr.splitlines(), *([f"status {run.returncode}"] if run.returncode else [])]]
    before = av.logging.get_level()
    av.logging.set_level(av.logging.WARNING)
    try:
        with av.logging.Capture(local=False) as said, av.open(str(path)) as container:
            container.streams.video[0].thread_count = 1
            pictures = sum(1 for _ in container.decode(video=0))
        return [text.strip() for _level, _name, text in said] + ([] if pictures else ["no picture"])
    except av.error.FFmpegError as error:
        return [str(error)]
    finally:
        av.logging.set_level(before)


@dataclass(frozen=True)
class Kill:
    """A camera's recording was cut at this instant, having begun at live_since."""

    camera_id: int
    at: datetime
    live_since: datetime


@dataclass
class Found:
    """most_missing_s: footage from before a kill that is not there; most_untold_s: footage that is not there, and no gap says so.

    most_late_s: how long a busy machine kept a packet that is not there from the witness.
    recorded_twice: packets that two segments hold, of an old worker that ended a moment after the next one had begun. heads: files
    without a packet that nobody knows of; orphans: those with packets.
    """

    segments: int = 0
    packets: int = 0
    recorded_twice: int = 0
    most_missing_s: float = 0.0
    most_untold_s: float = 0.0
    most_late_s: float = 0.0
    most_between_rows_s: float = 0.0
    most_clock_difference_s: float = 0.0
    heads: int = 0
    orphans: int = 0
    wrong: list[str] = field(default_factory=list)


class KeptFootage:
    """Looks again and again; each finding is told once."""

    def __init__(self, database: Database, recordings: Path, witnesses: Mapping[int, Witness]) -> None:
        self.found = Found()
        self._database = database
        self._recordings = recordings
        self._witnesses = witnesses
        self._begun_at = datetime.now(UTC)
        self._seen: dict[int, Row] = {}
        self._places: dict[int, set[int]] = {camera_id: set() for camera_id in witnesses}
        self._looked_until = dict.fromkeys(witnesses, 0)
        self._unknown: set[str] = set()

    def begin(self) -> None:
        """The first recorder runs: from its beginning on each moment must be told of."""
        with self._database.read() as connection:
            self._begun_at = connection.execute(sa.select(recorder.c.started_at).order_by(recorder.c.id)).scalars().one()

    def live_since(self, camera_id: int) -> datetime | None:
        """Since when the camera is recorded; None while it is in a gap."""
        mine = sa.select(gap.c.ended_at).where(gap.c.camera_id == camera_id)
        with self._database.read() as connection:
            ends = list(connection.scalars(mine))
        return None if None in ends else max((end for end in ends if end), default=None)

    def unknown_files(self) -> set[str]:
        """Files of which neither a row nor the state of a camera tells, and that were not told of before."""
        files = {str(path.relative_to(self._recordings)) for path in self._recordings.rglob("*.mp4*")}
        with self._database.read() as connection:
            known = set(connection.scalars(sa.select(segment.c.path)))
            growing = set(connection.scalars(sa.select(camera_state.c.writing_path)))
        return files - known - growing - {path.removesuffix(".part") for path in growing} - self._unknown

    def look(self, kills: list[Kill]) -> None:
        """What has come since the last look; kills: since then. To be called when every camera is live again."""
        for name in sorted(self.unknown_files()):
            self._unknown.add(name)
            try:
                orphan = bool(packets_of(self._recordings / name))
            except (av.error.FFmpegError, IndexError):
                orphan = False
            self.found.orphans += orphan
            self.found.heads += not orphan
            if orphan:
                self.found.wrong.append(f"nobody knows of {name}")
        # At one moment: a segment that ends meanwhile would be in neither.
        with self._database.read() as connection:
            # All but the record in the chain, which a segment gets a minute later.
            kept = [column for column in segment.c if column is not segment.c.record_id]
            segments = connection.execute(sa.select(*kept).order_by(segment.c.id)).all()
            gaps = connection.execute(sa.select(gap).order_by(gap.c.started_at)).all()
            states = connection.execute(sa.select(camera_state)).all()
        self._look_at_segments(segments)
        for kill in kills:
            self._look_before(kill)
        for state in states:
            self._look_between(state, [row for row in gaps if row.camera_id == state.camera_id])

    def check_all_again(self) -> None:
        """At the end: every file still is what its row says."""
        for row in self._seen.values():
            self._check_file(row)

    def _look_at_segments(self, rows: Sequence[Row]) -> None:
        for camera_id in self._witnesses:
            numbers = sorted(row.number for row in rows if row.camera_id == camera_id)
            if numbers != list(range(1, len(numbers) + 1)):
                self.found.wrong.append(f"camera {camera_id}: the numbers are {numbers}")
        if gone := self._seen.keys() - {row.id for row in rows}:
            self.found.wrong.append(f"rows of segments are gone: {gone}")
        for row in rows:
            if self._seen.get(row.id, row) != row:
                self.found.wrong.append(f"{row.path}: the row has changed")
            if row.id not in self._seen:
                self._seen[row.id] = row
                self.found.segments += 1
                if self._check_file(row):
                    self._take(row)

    def _check_file(self, row: Row) -> bool:
        path = self._recordings / row.path
        if not path.exists():
            self.found.wrong.append(f"{row.path} is not there")
            return False
        content = path.read_bytes()
        if (len(content), hashlib.sha256(content).hexdigest()) != (row.bytes, row.sha256):
            self.found.wrong.append(f"{row.path} is not what its row says")
        return True

    def _take(self, row: Row) -> None:
        """Its packets must be a stretch of what the camera sent, without a hole, and decode without a word."""
        wrong, witness, path = self.found.wrong, self._witnesses[row.camera_id], self._recordings / row.path
        wrong += [f"{row.path}: {said}" for said in decoding_warnings(path)]
        indices = [witness.indices.get(digest_of(units)) for units in packets_of(path)]
        self.found.packets += len(indices)
        if len(indices) != row.packets:
            wrong.append(f"{row.path}: {len(indices)} packets, not {row.packets}")
        first_index = indices[0] if indices else None
        if first_index is None or indices != [(first_index + number) % len(witness.indices) for number in range(len(indices))]:
            wrong.append(f"{row.path}: not what the camera sent, or with holes")
            return
        first = witness.place(first_index, row.started_at)
        places = set(range(first, first + len(indices)))
        if 0 <= first < len(witness.sent):
            early, late = witness.due_at(first) - row.started_at, row.started_at - witness.sent[first].at
            difference_s = max(early, late).total_seconds()
            self.found.most_clock_difference_s = round(max(self.found.most_clock_difference_s, difference_s), 2)
            if difference_s > CLOCKS_AGREE_S:
                wrong.append(f"{row.path}: begins {difference_s:.1f} s off")
        self.found.recorded_twice += len(places & self._places[row.camera_id])
        self._places[row.camera_id] |= places

    def _look_before(self, kill: Kill) -> None:
        witness, places = self._witnesses[kill.camera_id], self._places[kill.camera_id]
        begin, end = witness.before(kill.live_since), witness.before(kill.at)
        missing = 0
        while end - missing > begin and end - missing - 1 not in places:
            missing += 1
        self.found.most_missing_s = max(self.found.most_missing_s, missing / FPS)
        if missing / FPS > FRAGMENT_S + SLACK_S:
            self.found.wrong.append(f"camera {kill.camera_id}: {missing / FPS} s are missing before the kill at {kill.at:%H:%M:%S.%f}")

    def _look_between(self, state: Row, gap_rows: Sequence[Row]) -> None:
        """Where nothing is recorded, a gap must say so: judged by the rows, and by the packets that the camera sent."""
        if state.writing_since_at is None:
            return
        gaps = [(row.started_at, row.ended_at or datetime.now(UTC)) for row in gap_rows]
        files = [(row.started_at, row.ended_at) for row in self._seen.values() if row.camera_id == state.camera_id]
        reached = self._begun_at
        for begin, end in sorted([*gaps, *files, (state.writing_since_at, state.last_packet_at)]):
            self._between_rows(state.camera_id, reached, begin)
            reached = max(reached, end)
        self._untold(state.camera_id, gaps, state.writing_since_at)

    def _between_rows(self, camera_id: int, from_at: datetime, until_at: datetime) -> None:
        self.found.most_between_rows_s = round(max(self.found.most_between_rows_s, (until_at - from_at).total_seconds()), 2)
        said = f"camera {camera_id}: neither footage nor gap from {from_at:%H:%M:%S.%f} to {until_at:%H:%M:%S.%f}"
        if until_at - from_at > TOLERANCE and said not in self.found.wrong:
            self.found.wrong.append(said)

    def _untold(self, camera_id: int, gaps: list[tuple[datetime, datetime]], until_at: datetime) -> None:
        witness, places = self._witnesses[camera_id], self._places[camera_id]
        end, run = witness.before(until_at), 0
        for place in range(self._looked_until[camera_id], end):
            run = 0 if place in places or self._is_told(witness, place, gaps) else run + 1
            self.found.most_untold_s = max(self.found.most_untold_s, run / FPS)
            if run == round((TOLERANCE.total_seconds() + SLACK_S) * FPS):
                at = witness.sent[place].at
                self.found.wrong.append(f"camera {camera_id}: not recorded and no gap before {at:%H:%M:%S.%f}")
        self._looked_until[camera_id] = end

    def _is_told(self, witness: Witness, place: int, gaps: list[tuple[datetime, datetime]]) -> bool:
        """Whether a packet that is not kept can have been sent in a gap, or before there was a recorder."""
        at, due_at = witness.sent[place].at, witness.due_at(place)
        self.found.most_late_s = round(max(self.found.most_late_s, (at - due_at).total_seconds()), 2)
        return due_at < self._begun_at or any(begin <= at and due_at <= ended for begin, ended in gaps[_near(gaps, due_at) :])


def _near(gaps: list[tuple[datetime, datetime]], at: datetime) -> int:
    """The place of a gap from which on an instant may lie in one; gaps do not overlap by more than a few of them."""
    return max(0, bisect.bisect_right(gaps, at, key=lambda times: times[0]) - 4)
