"""What the window is given by the program that opens it."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, Protocol

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import QSettings

from storage.database import Database

if TYPE_CHECKING:
    from camera.finding.onvif import CameraFacts
    from camera.finding.probe import Found


class Picture(Protocol):
    """One decoded picture of a camera."""

    @property
    def at(self) -> datetime:
        """When it was taken."""

    @property
    def rgb32(self) -> NDArray[np.uint8]:
        """(height, width, 4), blue, green, red and an unused byte, contiguous."""


class LivePictureSource(Protocol):
    """The newest pictures of the cameras that are on the screen."""

    def show(self, sizes: Mapping[int, tuple[int, int]]) -> None:
        """From now on decode these cameras only, each for a tile of (width, height) pixels."""

    def newest(self, camera_id: int) -> Picture | None:
        """The newest picture of a camera; None if there is none yet."""


class Notice(Protocol):
    """A row that has just been written."""

    @property
    def table(self) -> str:
        """alarm, watch_event, camera_state, gap or segment."""

    @property
    def id(self) -> int:
        """The row's id."""


class NoticeSource(Protocol):
    """Which rows were written since one last asked."""

    def drain(self) -> Sequence[Notice]:
        """All notices since the last call; never waits."""


class Live(LivePictureSource, NoticeSource, Protocol):
    """Both from one place, as the recorder's relay gives them."""


class AddressCheck(Protocol):
    """Says which camera addresses are taken."""

    def __call__(self, text: str, /) -> tuple[str, str, str]:
        """The address without user and password, and these two. Raises a Fault whose sentence never holds the password."""


class FindCameras(Protocol):
    """Finds the cameras of the network."""

    def __call__(self, *, progress: Callable[[float], None], cancelled: Callable[[], bool]) -> "Sequence[Found]":
        """Those that answered. progress: told the share that is done; cancelled: asked several times a second. Raises Fault."""


class AskCamera(Protocol):
    """Asks one camera who it is and for its streams."""

    def __call__(self, address: str, username: str, password: str, /) -> "CameraFacts":
        """What it says; within a minute. Raises Fault, whose sentence never holds the password."""


class AlarmSound(Protocol):
    """What is heard when an alarm comes."""

    @property
    def audible(self) -> bool:
        """Whether this computer can make the sound at all."""

    def play(self) -> None:
        """Sounds once; returns at once."""


@dataclass(frozen=True)
class Services:
    """live and notices: None where no recorder can be reached; the window then shows the books and says that nothing is watched.

    check_address: judges an address as a person typed it. keep_password: takes a camera's id and its password to where passwords are kept.
    start_recorder: starts one where none beats, or raises Refusal or OSError; None where the window may only say so.
    lock_after_s: nobody touches the window for so long: then it is locked.
    demo_secret: what everybody signs in with in the demonstration; empty elsewhere.
    """

    database: Database
    recordings: Path
    clock: Callable[[], datetime]
    live: LivePictureSource | None
    notices: NoticeSource | None
    settings: QSettings
    demo: bool
    sound: AlarmSound
    check_address: AddressCheck
    keep_password: Callable[[int, str], None]
    find_cameras: FindCameras
    ask_camera: AskCamera
    start_recorder: Callable[[], None] | None = None
    lock_after_s: int = 300
    demo_secret: str = ""
