"""The warehouse that the tests of the window work in, and the stand-ins for clock, recorder and loudspeaker."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import av
import numpy as np
from PySide6.QtCore import QSettings
from PySide6.QtWidgets import QApplication

from camera.events import Box, Kind
from camera.finding.conversation import Login
from camera.finding.onvif import CameraFacts, ask_camera
from camera.finding.probe import Found, find_cameras
from camera.journal import Beat, EndReason, WrittenSegment
from camera.live.pictures import Notice, Picture
from camera.streams.address import checked_address
from storage.database import Database
from storage.people.person import Person, Role, add_person
from storage.people.sign_in import give_secret, has_secret
from storage.places import Camera, Room, Site, add_camera, add_room, add_site
from storage.rules.refusal import Refusal
from storage.stock.classes import BallotClass, BallotType, Purpose, add_class
from storage.stock.entitlements import set_entitlement
from storage.watch.journal import WatchJournal
from ui.forms.sign_in_form import SignInForm
from ui.frame.window import Window
from ui.services import Services
from ui.words.speech import language

SECRET = "kenari-kuning"
BEGUN = datetime(2026, 11, 1, 1, 0, tzinfo=UTC)
FRAMES_PER_S = 10


class Clock:
    """Stands still until it is moved."""

    def __init__(self, at: datetime) -> None:
        self.at = at

    def __call__(self) -> datetime:
        return self.at

    def advance(self, seconds: float) -> None:
        self.at += timedelta(seconds=seconds)


# For a story of days in which somebody sits at the window all the time: a second that really passes would lock it.
ALWAYS_THERE = {"lock_after_s": 10**9}


class Sound:
    """Makes no sound and counts how often it should have."""

    audible = True

    def __init__(self) -> None:
        self.times = 0

    def play(self) -> None:
        self.times += 1


class Recorder:
    """The recorder's relay as the window sees it; rows are written by the real journal."""

    def __init__(self, database: Database, clock: Clock) -> None:
        self._notices: list[Notice] = []
        self.pictures: dict[int, Picture] = {}
        self.shown: dict[int, tuple[int, int]] = {}
        self.passwords: dict[int, str] = {}
        # Where the search of the tests goes instead of into the network.
        self.discovery: tuple[str, int] | None = None
        self.refusal: Refusal | None = None
        self.starter: Callable[[], None] | None = None
        self.journal = WatchJournal(database, lambda table, row: self._notices.append(Notice(table, row)), computer=clock)
        self._clock = clock
        self.journal.recorder_started("tcp://127.0.0.1:1", "public", "secret", self._beat_now())

    def beat(self) -> None:
        """Leaves a sign of life."""
        self.journal.recorder_beat([], self._beat_now())

    def end(self) -> None:
        """Ends as it was told to."""
        self.journal.recorder_stopped("SIGTERM, sari", self._beat_now())

    def _beat_now(self) -> Beat:
        return Beat(self._clock(), self._clock(), "boot", 60.0)

    def show(self, sizes: Mapping[int, tuple[int, int]]) -> None:
        self.shown = dict(sizes)

    def newest(self, camera_id: int) -> Picture | None:
        return self.pictures.get(camera_id)

    def drain(self) -> list[Notice]:
        taken, self._notices = self._notices, []
        return taken

    def keep_password(self, camera_id: int, password: str) -> None:
        if self.refusal:
            raise self.refusal
        self.passwords[camera_id] = password

    def find_cameras(self, *, progress: Callable[[float], None], cancelled: Callable[[], bool]) -> list[Found]:
        assert self.discovery is not None, "no test searches the real network"
        return find_cameras(self.discovery, wait_s=1.5, progress=progress, cancelled=cancelled)

    def ask_camera(self, address: str, username: str, password: str) -> CameraFacts:
        return ask_camera(Login(address, username, password), lambda: datetime.now(UTC))

    def somebody_moves(self, camera_id: int, at: datetime, *, length_s: float = 4) -> None:
        """An event from `at` on, seen and over."""
        box = Box(0.4, 0.3, 0.1, 0.3)
        event = self.journal.event_opened(camera_id, Kind.MOTION, at, 3.0, (box,), at=at)
        self.journal.event_closed(event, at + timedelta(seconds=length_s), 4.0)


@dataclass
class Bare:
    """What stands around the window; nothing is in the books yet."""

    database: Database
    folder: Path
    clock: Clock
    recorder: Recorder
    sound: Sound
    windows: list[Window]

    @property
    def recordings(self) -> Path:
        return self.folder / "recordings"

    def open_for(self, person: Person, secret: str = SECRET) -> Window:
        """The window as a person sees it who has signed in."""
        window = self.open_gate()
        sign_in(window, person, secret)
        return window

    def open_gate(self, **changed: object) -> Window:
        """The window as it opens: nobody has signed in. On the screen that is none. changed: services that are others."""
        services = Services(
            database=self.database,
            recordings=self.recordings,
            clock=self.clock,
            live=self.recorder,
            notices=self.recorder,
            settings=QSettings(str(self.folder / "window.ini"), QSettings.Format.IniFormat),
            demo=False,
            sound=self.sound,
            check_address=checked_address,
            keep_password=self.recorder.keep_password,
            find_cameras=self.recorder.find_cameras,
            ask_camera=self.recorder.ask_camera,
            start_recorder=self.recorder.starter,
        )
        window = Window(replace(services, **changed))  # type: ignore[arg-type]
        window.resize(1366, 768)
        window.show()
        window.activateWindow()
        self.windows.append(window)
        return window


def sign_in(window: Window, person: Person, secret: str = SECRET) -> None:
    """Signs a person in at the gate; who has no secret yet is given one, and who sits there signs out."""
    database = window.services.database
    if not has_secret(database, person.id):
        give_secret(database, person.id, SECRET, now=BEGUN)
    if window.gate is None:
        window.sign_out()
    elif not isinstance(window.gate.form, SignInForm):
        window.choose_language(language())  # nobody had a secret when the gate was built
    gate = window.gate
    assert gate is not None and isinstance(gate.form, SignInForm)
    gate.form.name.setEditText(person.name)
    gate.form.secret.setText(secret)
    gate.form.button.click()
    QApplication.processEvents()


@dataclass
class House(Bare):
    """A warehouse with its people."""

    site: Site
    room: Room
    camera: Camera
    ballot: BallotClass
    people: dict[Role, Person]

    def open(self, role: Role, **changed: object) -> Window:
        """The window as the person with this role sees it. changed: services that are others."""
        window = self.open_gate(**changed)
        sign_in(window, self.people[role])
        return window


def furnished(bare: Bare) -> House:
    """A warehouse in Jakarta Timur with a room that is always armed, a camera, a ballot class, and one person of each role."""
    database = bare.database
    site = add_site(database, "31.75", "Gudang Jakarta Timur", "Asia/Jakarta", now=BEGUN)
    room = add_room(database, site.id, "Ruang B", now=BEGUN)
    camera = add_camera(database, room.id, "Kamera 1", "rtsp://192.168.1.20/stream1", "", now=BEGUN)
    ballot = add_class(database, "Pemilu 2024", BallotType.DPR, "DKI JAKARTA I", Purpose.REGULAR)
    names = {Role.GUARD: "Sari", Role.OFFICER: "Budi", Role.SUPERVISOR: "Agus", Role.AUDITOR: "Dewi", Role.ADMINISTRATOR: "Eko"}
    people = {role: add_person(database, name, role, now=BEGUN) for role, name in names.items()}
    set_entitlement(database, site.id, ballot.id, 2_436_059, by=people[Role.SUPERVISOR], now=BEGUN, key="need")
    return House(**vars(bare), site=site, room=room, camera=camera, ballot=ballot, people=people)


def film(house: House, started_at: datetime, *, length_s: int) -> None:
    """Writes a small segment of the camera, each picture brighter than the last, and its row."""
    house.recordings.mkdir()
    path = house.recordings / "segment.mp4"
    count = length_s * FRAMES_PER_S
    with av.open(str(path), "w") as container:
        stream = container.add_stream("libx264", rate=FRAMES_PER_S, options={"preset": "ultrafast", "bf": "0"})
        stream.width, stream.height, stream.pix_fmt = 160, 96, "yuv420p"
        for number in range(count):
            luma = np.full((96, 160, 3), 40 + number % 120, np.uint8)
            container.mux(stream.encode(av.VideoFrame.from_ndarray(luma, format="rgb24")))
        container.mux(stream.encode())
    ended_at = started_at + timedelta(seconds=length_s)
    written = WrittenSegment("segment.mp4", started_at, ended_at, count, path.stat().st_size, "0" * 64, EndReason.FULL)
    house.recorder.journal.segment_written(house.camera.id, written)
