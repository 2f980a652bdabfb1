"""The cameras' passwords: for their owner only, whole after any crash, taken over from the unencrypted file, in the keyring where asked."""

import json
import os
import stat
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import keyring
import pytest
from keyring.backend import KeyringBackend
from keyring.errors import KeyringLocked

from storage.passwords import CameraPasswords
from storage.rules.refusal import Refusal

ROOT = Path(__file__).parents[2]
CANARY = "kenari-7f3a"
posix = pytest.mark.skipif(sys.platform == "win32", reason="Windows has no such rights of files")


class Desktop(KeyringBackend):
    """A keyring that keeps in memory, and may be locked."""

    priority = 1

    def __init__(self) -> None:
        super().__init__()  # type: ignore[no-untyped-call]
        self.entries: dict[tuple[str, str], str] = {}
        self.locked = False

    def get_password(self, service: str, username: str) -> str | None:
        self._open()
        return self.entries.get((service, username))

    def set_password(self, service: str, username: str, password: str) -> None:
        self._open()
        self.entries[service, username] = password

    def delete_password(self, service: str, username: str) -> None:
        self._open()
        del self.entries[service, username]

    def _open(self) -> None:
        if self.locked:
            raise KeyringLocked(f"locked, asked for {CANARY}")


@pytest.fixture
def desktop() -> Iterator[Desktop]:
    before, used = keyring.get_keyring(), Desktop()
    keyring.set_keyring(used)
    yield used
    keyring.set_keyring(before)


def test_passwords_are_kept_forgotten_and_found_by_another_program(tmp_path: Path) -> None:
    passwords = CameraPasswords(tmp_path)
    passwords.keep(3, CANARY)
    passwords.keep(4, "merpati")
    passwords.keep(4, "")
    assert (CameraPasswords(tmp_path).get(3), passwords.get(4), passwords.get(5)) == (CANARY, "", "")


def test_no_file_of_the_folder_holds_a_password(tmp_path: Path) -> None:
    CameraPasswords(tmp_path).keep(3, CANARY)
    files = list(tmp_path.iterdir())
    assert {file.name for file in files} == {"camera-passwords.enc", "camera-passwords.key", "camera-passwords.lock"}
    assert all(CANARY.encode() not in file.read_bytes() for file in files)


@posix
def test_file_and_key_are_for_their_owner_only_whatever_lay_there_before(tmp_path: Path) -> None:
    before = os.umask(0)
    try:
        for name in ("camera-passwords.enc.part", "camera-passwords.key.part"):
            (tmp_path / name).write_text("left by a program that was killed")
        CameraPasswords(tmp_path).keep(3, CANARY)
    finally:
        os.umask(before)
    modes = {file.name: stat.S_IMODE(file.stat().st_mode) for file in tmp_path.iterdir()}
    assert modes == dict.fromkeys(("camera-passwords.enc", "camera-passwords.key", "camera-passwords.lock"), 0o600)


@posix
@pytest.mark.parametrize("mode", [0o640, 0o604, 0o660])
def test_a_key_that_others_may_read_is_refused(tmp_path: Path, mode: int) -> None:
    CameraPasswords(tmp_path).keep(3, CANARY)
    (tmp_path / "camera-passwords.key").chmod(mode)
    for act in (lambda: CameraPasswords(tmp_path).get(3), lambda: CameraPasswords(tmp_path).keep(4, "merpati")):
        with pytest.raises(Refusal, match="chmod 600"):
            act()
    (tmp_path / "camera-passwords.key").chmod(0o600)
    assert [CameraPasswords(tmp_path).get(camera) for camera in (3, 4)] == [CANARY, ""]


@pytest.mark.parametrize("name", ["camera-passwords.enc", "camera-passwords.key"])
@pytest.mark.parametrize("content", [b"", b"{}", b"x" * 44, b"\xff" * 200])
def test_a_broken_file_or_key_is_named_and_left(tmp_path: Path, name: str, content: bytes) -> None:
    CameraPasswords(tmp_path).keep(3, CANARY)
    (tmp_path / name).write_bytes(content)
    before = {file.name: file.read_bytes() for file in tmp_path.iterdir()}
    for act in (lambda: CameraPasswords(tmp_path).get(3), lambda: CameraPasswords(tmp_path).keep(4, "merpati")):
        with pytest.raises(Refusal, match=name) as refusal:
            act()
        assert "merpati" not in f"{refusal.value} {refusal.value!r}"
    assert {file.name: file.read_bytes() for file in tmp_path.iterdir()} == before


def test_a_lost_key_is_never_made_anew_beside_its_file(tmp_path: Path) -> None:
    CameraPasswords(tmp_path).keep(3, CANARY)
    key = (tmp_path / "camera-passwords.key").read_bytes()
    (tmp_path / "camera-passwords.key").unlink()
    with pytest.raises(Refusal, match="Put it back"):
        CameraPasswords(tmp_path).keep(4, "merpati")
    (tmp_path / "camera-passwords.key").write_bytes(key)
    (tmp_path / "camera-passwords.key").chmod(0o600)
    assert CameraPasswords(tmp_path).get(3) == CANARY


def test_a_password_that_cannot_be_kept_says_why(tmp_path: Path) -> None:
    with pytest.raises(Refusal, match="could not be kept") as refusal:
        CameraPasswords(tmp_path / "away").keep(3, CANARY)
    assert CANARY not in str(refusal.value)


def test_programs_that_keep_at_once_lose_none(tmp_path: Path) -> None:
    keep = (
        "import sys; from pathlib import Path; from storage.passwords import CameraPasswords\n"
        "for camera in range(20): CameraPasswords(Path(sys.argv[1])).keep(int(sys.argv[2]) * 100 + camera, 'merpati')"
    )
    programs = [subprocess.Popen([sys.executable, "-c", keep, str(tmp_path), str(number)], cwd=ROOT) for number in range(3)]
    assert [program.wait() for program in programs] == [0, 0, 0]
    assert [CameraPasswords(tmp_path).get(number * 100 + camera) for number in range(3) for camera in range(20)] == ["merpati"] * 60


def test_the_unencrypted_file_is_taken_over_once(tmp_path: Path) -> None:
    plain = tmp_path / "camera-passwords.json"
    CameraPasswords(tmp_path).keep(4, "newer")
    plain.write_text(json.dumps({"3": CANARY, "4": "older"}))
    assert CameraPasswords(tmp_path).get(3) == CANARY
    assert CameraPasswords(tmp_path).get(4) == "newer"
    assert not plain.exists()


def test_the_unencrypted_file_stays_until_its_passwords_are_safe(tmp_path: Path) -> None:
    plain = tmp_path / "camera-passwords.json"
    plain.write_text(json.dumps({"3": CANARY}))
    (tmp_path / "camera-passwords.enc").write_bytes(b"broken")
    with pytest.raises(Refusal):
        CameraPasswords(tmp_path).get(3)
    assert json.loads(plain.read_text()) == {"3": CANARY}


@pytest.mark.parametrize("text", ["{", "[]", '{"3": 5}', '{"door": "x"}'])
def test_a_broken_unencrypted_file_is_named_and_left(tmp_path: Path, text: str) -> None:
    plain = tmp_path / "camera-passwords.json"
    plain.write_text(text)
    with pytest.raises(Refusal, match=r"camera-passwords\.json"):
        CameraPasswords(tmp_path).keep(3, "merpati")
    assert plain.read_text() == text


def test_the_keyring_is_used_where_the_settings_say_so(tmp_path: Path, desktop: Desktop) -> None:
    CameraPasswords(tmp_path).keep(3, "in the file")
    assert desktop.entries == {}
    (tmp_path / "settings.toml").write_text('passwords = "keyring"')
    (tmp_path / "camera-passwords.json").write_text(json.dumps({"5": "from before"}))
    passwords = CameraPasswords(tmp_path)
    passwords.keep(3, CANARY)
    passwords.keep(4, "merpati")
    passwords.keep(4, "")
    passwords.keep(6, "")
    assert [passwords.get(camera) for camera in (3, 4, 5)] == [CANARY, "", "from before"]
    assert set(desktop.entries.values()) == {CANARY, "from before"}
    assert not (tmp_path / "camera-passwords.json").exists()


def test_two_data_folders_share_no_password_in_the_keyring(tmp_path: Path, desktop: Desktop) -> None:
    for name in ("a", "b"):
        (tmp_path / name).mkdir()
        (tmp_path / name / "settings.toml").write_text('passwords = "keyring"')
        CameraPasswords(tmp_path / name).keep(1, name)
    assert [CameraPasswords(tmp_path / name).get(1) for name in ("a", "b")] == ["a", "b"]


def test_a_locked_keyring_is_a_sentence_without_what_it_said(tmp_path: Path, desktop: Desktop) -> None:
    (tmp_path / "settings.toml").write_text('passwords = "keyring"')
    desktop.locked = True
    with pytest.raises(Refusal, match="unlock it") as refusal:
        CameraPasswords(tmp_path).get(3)
    assert CANARY not in f"{refusal.value!r} {refusal.value} {refusal.value.__cause__}"
