"""What the recorder needs somebody to keep. Storage fits this by shape; the camera side knows nothing of how it is kept."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Protocol

from camera.events import Box, Kind


class Cause(StrEnum):
    """Why there is no footage of a camera."""

    STARTING = "starting"
    CAMERA_LOST = "camera_lost"
    NOT_ANSWERING = "not_answering"
    LOGIN_REFUSED = "login_refused"
    UNREADABLE = "unreadable"
    WORKER_LOST = "worker_lost"
    STORAGE_FAILED = "storage_failed"
    RECORDER_STOPPED = "recorder_stopped"
    RECORDER_LOST = "recorder_lost"
    MACHINE_OFF = "machine_off"
    DISK_FULL = "disk_full"
    DISABLED = "disabled"
    CLOCK_SET = "clock_set"  # the clock was put forward over this time: there never was any


class State(StrEnum):
    """How a camera is doing."""

    CONNECTING = "connecting"
    LIVE = "live"
    LOST = "lost"


class WatchedHow(StrEnum):
    """Which of a camera's pictures the eyes look at now."""

    SUB_STREAM = "sub_stream"  # all of the small stream that the camera sends beside
    PACKETS = "packets"  # key frames; the sizes of the packets between them tell when to look at every picture
    EVERY_PICTURE = "every_picture"
    KEY_FRAMES = "key_frames"  # packet sizes tell nothing here, and the room is not armed


class EndReason(StrEnum):
    """Why a segment ended."""

    FULL = "full"
    CAMERA_LOST = "camera_lost"
    STREAM_CHANGED = "stream_changed"
    STOPPED = "stopped"
    CUT_SHORT = "cut_short"  # the disk was full, or the worker ended in the middle
    CLOCK_SET = "clock_set"  # the next one goes by another clock


@dataclass(frozen=True)
class WrittenSegment:
    """A segment whole on the disk. path: below the recordings folder, with forward slashes.

    first_stamp_us, last_stamp_us: the camera's own timestamps of its first and last packet, in microseconds of its clock; None where it
    sent none, or they were lost with the process that wrote it.
    """

    path: str
    started_at: datetime
    ended_at: datetime
    packets: int
    bytes: int
    sha256: str
    end_reason: EndReason
    first_stamp_us: int | None = None
    last_stamp_us: int | None = None


@dataclass(frozen=True)
class CameraReport:
    """How one camera is doing at one moment.

    writing_path: the file that is growing now, empty if none; watched_how: None while nothing is looked at.
    """

    camera_id: int
    state: State
    since_at: datetime
    last_packet_at: datetime | None
    last_motion_at: datetime | None
    frames_per_s: float
    reason: str
    writing_path: str
    writing_since_at: datetime | None
    watched_how: WatchedHow | None = None


class LastRun(Protocol):
    """The last sign of life of the recorder before."""

    @property
    def beat_at(self) -> datetime:
        """When, by its own clock."""

    @property
    def boot_id(self) -> str:
        """Which run of the computer it was."""

    @property
    def uptime_s(self) -> float:
        """How long the computer had been on by then."""


@dataclass(frozen=True)
class Beat:
    """A sign of life. at: by the recordings' clock; computer_at: what the computer's says; uptime_s: how long it has been on."""

    at: datetime
    computer_at: datetime
    boot_id: str
    uptime_s: float


@dataclass(frozen=True)
class SetAside:
    """A file that no row tells of and that is no whole segment. path: where it lies now; reason: why it could not be taken in."""

    path: str
    bytes: int
    reason: str


class Journal(Protocol):
    """Each call returns when the row is kept. All instants are aware UTC."""

    def last_run(self) -> LastRun | None:
        """The last recorder that ran here; None if there never was one."""

    def recorder_started(self, address: str, public_key: str, window_secret_key: str, beat: Beat) -> None:
        """A recorder begins. address and keys: of the door at which windows ask for live packets."""

    def recorder_beat(self, cameras: Sequence[CameraReport], beat: Beat) -> None:
        """The recorder lives, and its cameras do as reported."""

    def recorder_stopped(self, by: str, beat: Beat) -> None:
        """The recorder ends as it was told to. by: by whom or by what."""

    def cameras_held(self, camera_ids: Sequence[int]) -> set[int]:
        """Those of the cameras that this recorder serves now; others of the site serve the others. To be asked every few seconds."""

    def camera_taken(self, camera_id: int, *, at: datetime) -> tuple[str, datetime] | None:
        """This recorder serves the camera from now on; events and gaps that an earlier one left open are put right first.

        Path and beginning of the segment that was growing when that one was killed; None if there is none.
        """

    def camera_left(self, camera_id: int, *, at: datetime) -> None:
        """It serves the camera no more; another recorder may."""

    def camera_reported(self, camera: CameraReport) -> None:
        """A camera's state changed, or something moved there."""

    def clock_stepped(self, at: datetime, computer_at: datetime) -> None:
        """Somebody has set the computer's clock. at: what the recordings' clock said at that moment."""

    def clock_leapt(self, camera_ids: Sequence[int], before: datetime, after: datetime) -> None:
        """The recordings' clock has gone from one instant to another: ahead over a time that never was, or back to one that was before."""

    def clock_settled(self) -> bool:
        """Whether a person has said since the last step that the computer's clock is right; True once."""

    def event_opened(self, camera_id: int, kind: Kind, started_at: datetime, peak_pct: float, boxes: Sequence[Box], *, at: datetime) -> int:
        """An event has begun; returns its id."""

    def event_extended(self, event_id: int, seen_at: datetime, peak_pct: float, boxes: Sequence[Box]) -> None:
        """It goes on: seen last at seen_at, there."""

    def event_closed(self, event_id: int, ended_at: datetime, peak_pct: float) -> None:
        """It is over."""

    def event_verified(self, event_id: int, person_pct: float) -> None:
        """A person detector's best score for it so far, 0 to 100; keeps the larger."""

    def motion_kept(self, camera_id: int, minute_at: datetime, cells: bytes) -> None:
        """What moved in one minute, as `camera.looking.motion_minutes` packs it; the same minute told again adds up."""

    def segment_written(self, camera_id: int, segment: WrittenSegment) -> None:
        """A segment is whole on the disk."""

    def strangers(self, camera_id: int, paths: Sequence[str]) -> list[str]:
        """Those of the files that no row tells of."""

    def file_set_aside(self, camera_id: int, file: SetAside, *, at: datetime) -> None:
        """A file was found that is no segment."""

    def gap_opened(self, camera_id: int, started_at: datetime, cause: Cause, note: str = "") -> None:
        """No footage from started_at on. note: who or what brought it about. Does nothing if the camera's gap is open already."""

    def gap_closed(self, camera_id: int, ended_at: datetime) -> None:
        """Footage again. Does nothing if no gap is open."""
