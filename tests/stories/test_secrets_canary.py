"""A whole day with secrets that would be recognised anywhere; then they are looked for everywhere.

First start, persons, two cameras with logins (one right, one refused), a recorder whose worker is killed, a window in which persons sign in
rightly and wrongly, evidence given out, a backup, a checkpoint, the log read and the cameras listed. Every secret is looked for in every
file that came of it, in what was said, in the lists of processes and their environments, as text, in base64, in hexadecimal and UTF-16.
"""

import base64
import contextlib
import os
import signal
import subprocess
import sys
import urllib.parse
from collections.abc import Iterator
from pathlib import Path

import pytest
from cryptography.fernet import Fernet
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from storage.database import open_database
from storage.password_file import FILE_NAME as SEALED
from storage.password_file import KEY_NAME
from storage.passwords import CameraPasswords
from storage.people.sign_in import WrongSecret, enter
from storage.places import add_camera
from storage.watch.states import camera_states
from tests.camera.rig import rtsp_server, wait_until, write_video
from tests.faults.test_camera_passwords import family
from tests.paper import page_text
from tests.storage.incident import LATER, SECRETS, open_incident
from tests.test_main import PATIENCE_S, ROOT, _environment
from tests.ui.conftest import english
from tests.ui.seat import entering
from tests.ui.warehouse import Bare, Clock, Recorder, Sound

__all__ = ["english"]

CAMERA, REFUSED, MISTYPED = "kenari-7f3a9e-kamera", "kenari-51bc0d-ditolak", "kenari-e2d480-salah"
SIGNING_KEY = "checkpoint.key"

pytestmark = pytest.mark.skipif(sys.platform != "linux", reason="reads /proc")


def forms(secret: str) -> Iterator[bytes]:
    """How a secret may lie about."""
    plain = secret.encode()
    yield from (plain, urllib.parse.quote(secret, safe="").encode(), secret.encode("utf-16-le"), plain.hex().encode(), plain[::-1])
    for before in range(3):  # wherever it begins within a longer text
        # Its first and last signs depend on what stands before and after.
        yield base64.b64encode(b"\0" * before + plain)[4 if before else 0 : -4]


def test_base64_is_found_wherever_it_begins() -> None:
    for before in (b"", b"x", b"xy", b"xyz", b"user:"):
        text = base64.b64encode(before + CAMERA.encode() + b" and more")
        assert any(form in text for form in forms(CAMERA)), before


class Day:
    """What is done in it, and all that was said."""

    def __init__(self, folder: Path) -> None:
        self.folder, self.data = folder, folder / "data"
        self.environment = _environment("en") | {"TMPDIR": str(folder / "tmp")}
        (folder / "tmp").mkdir()
        self.processes: list[bytes] = []

    def run(self, *arguments: object, given: str = "") -> None:
        """A command; what it says is kept in a file."""
        command = [sys.executable, str(ROOT / "main.py"), "--data", str(self.data), *map(str, arguments)]
        with (self.folder / "said.txt").open("ab") as said:
            subprocess.run(command, input=given.encode(), env=self.environment, stdout=said, stderr=said, timeout=PATIENCE_S, check=False)

    def record(self) -> "subprocess.Popen[bytes]":
        command = [sys.executable, str(ROOT / "main.py"), "--data", str(self.data), "record"]
        with (self.folder / "recorder.txt").open("wb") as said:
            return subprocess.Popen(command, env=self.environment, stdout=said, stderr=said)

    def look_at(self, recorder: int) -> list[Path]:
        """Keeps how the recorder and its workers stand in the list of processes; the workers."""
        members = family(recorder)
        for member in members:
            with contextlib.suppress(OSError):  # it has just ended
                self.processes += [(member / name).read_bytes() for name in ("cmdline", "environ")]
        return members[1:]

    def files(self) -> Iterator[tuple[str, bytes]]:
        """Everything that came of it, by its name; what a PDF holds packed is unpacked."""
        for file in sorted(path for path in self.folder.rglob("*") if path.is_file()):
            name, content = file.relative_to(self.folder).as_posix(), file.read_bytes()
            yield name, content + (page_text(content) if file.suffix == ".pdf" else b"")


@pytest.fixture
def day(tmp_path: Path) -> Day:
    return Day(tmp_path)


def test_no_secret_is_anywhere_but_where_it_is_kept(day: Day, qtbot: QtBot) -> None:
    scene = open_incident(day.data)
    database, room_id = scene.database, 1
    write_video(day.folder / "scene.mp4", seconds=20)
    with rtsp_server(day.folder / "scene.mp4", "sari", CAMERA) as server:
        let_in = add_camera(database, room_id, "Pintu timur", server.address, "sari", now=LATER)
        refused = add_camera(database, room_id, "Pintu barat", server.address, "sari", now=LATER)
        passwords = CameraPasswords(day.data)
        passwords.keep(let_in.id, CAMERA)
        passwords.keep(refused.id, REFUSED)
        recorder = day.record()
        try:
            wanted = {(let_in.id, "live", ""), (refused.id, "lost", "login_refused")}
            wait_until(lambda: wanted <= {(one.camera_id, one.state, one.reason) for one in camera_states(database)}, "the cameras")
            workers = day.look_at(recorder.pid)
            killed = next(int(worker.name) for worker in workers if b"camera.recording.worker" in (worker / "cmdline").read_bytes())
            os.kill(killed, signal.SIGKILL)
            wait_until(lambda: len(day.look_at(recorder.pid)) == len(workers) and not Path(f"/proc/{killed}").exists(), "a new worker")
            sit_at_the_window(day)
            out, stick = day.folder / "out", day.folder / "stick"
            out.mkdir()
            stick.mkdir()
            both = "".join(f"{SECRETS[name]}\n" for name in ("Siti", "Agus"))
            day.run("export", 1, "--to", out, "--by", "Siti", "--second", "Agus", given=both)
            day.run("export", 1, "--to", out, "--by", "Siti", "--second", "Agus", given=f"{MISTYPED}\n{SECRETS['Agus']}\n")
            day.run("backup", "--to", stick)
            day.run("backup", "--to", stick, "--by", "Agus", given=f"{SECRETS['Agus']}\n")
            day.run("checkpoint", "--site", "31.75", "--to", out / "checkpoint.pdf")
            day.run("audit", "--since", "2020-01-01", "--json")
            day.run("check", "--json")
            day.run("coverage", "--night", "2026-11-22", "--json")
        finally:
            recorder.send_signal(signal.SIGTERM)
            recorder.wait(60)
    database.close()
    look_everywhere(day)


def sit_at_the_window(day: Day) -> None:
    """Somebody types a wrong secret, then the right one."""
    opened = open_database(day.data)
    clock = Clock(LATER)
    bare = Bare(opened, day.data, clock, Recorder(opened, clock), Sound(), [])
    window = bare.open_gate()
    form = entering(window)
    form.name.setEditText("Siti")
    form.secret.setText(MISTYPED)
    form.button.click()
    assert window.gate is not None and "not the secret" in form.error.text()
    form.secret.setText(SECRETS["Siti"])
    form.button.click()
    QApplication.processEvents()
    assert window.desk.person.name == "Siti"
    window.close()
    window.deleteLater()
    with pytest.raises(WrongSecret):
        enter(opened, window.desk.person.id, MISTYPED, now=LATER)
    opened.close()


def look_everywhere(day: Day) -> None:
    files = dict(day.files())
    kept_in = {"the signing key": f"data/{SIGNING_KEY}", "the passwords' key": f"data/{KEY_NAME}"}
    keys = {title: files[name].decode().strip() for title, name in kept_in.items()}
    kept = Fernet(keys["the passwords' key"].encode()).decrypt(files[f"data/{SEALED}"])
    assert CAMERA.encode() in kept and REFUSED.encode() in kept, "they are kept, sealed"
    of_people = {"the first secret": "kunci-pertama-5", **{f"the secret of {name}": secret for name, secret in SECRETS.items()}}
    secrets = {"the camera's": CAMERA, "the refused one": REFUSED, "the mistyped one": MISTYPED, **of_people, **keys}
    # Where a key may lie: in its own file, for its owner alone.
    allowed = set(kept_in.items())
    found = {
        (title, name)
        for title, secret in secrets.items()
        for name, content in files.items()
        if any(form in content for form in forms(secret))
    }
    assert found == allowed
    for _title, name in allowed:
        assert (day.folder / name).stat().st_mode & 0o077 == 0
    seen = [title for title, secret in secrets.items() for text in day.processes if any(form in text for form in forms(secret))]
    assert seen == [] and len(day.processes) > 10
    said = files["said.txt"].decode()
    assert "not the secret of Siti" in said
    for wanted in ("out/insiden-", "out/checkpoint.pdf", "stick/cadangan-", "recorder.txt"):
        assert any(name.startswith(wanted) for name in files), (wanted, said)
