"""The commands `backup` and `restore` as a person runs them, and the recorder's own backup of the day."""

import json
import os
import signal
import subprocess
import sys
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest

from storage.backup.form import BOOK
from storage.people.sign_in import give_secret
from tests.camera.rig import wait_until
from tests.storage.store import Store, open_store
from tests.test_main import PATIENCE_S, ROOT, _environment, run

SECRET = "kunci-gudang-timur"


@pytest.fixture
def data(tmp_path: Path) -> Path:
    return tmp_path / "data"


@pytest.fixture
def store(data: Path) -> Iterator[Store]:
    opened = open_store(data, datetime(2026, 11, 21, 1, 0, tzinfo=UTC))
    opened.deliver(1000, 998)
    yield opened
    opened.database.close()


@pytest.fixture
def place(tmp_path: Path) -> Path:
    folder = tmp_path / "stick"
    folder.mkdir()
    return folder


def backup(data: Path, place: Path) -> dict[str, object]:
    told = run("--data", data, "backup", "--to", place, "--json")
    assert told.returncode == 0, told.stderr
    return dict(json.loads(told.stdout))


def test_the_folder_of_several_backups_is_none_and_names_them(store: Store, data: Path, place: Path, tmp_path: Path) -> None:
    made = Path(str(backup(data, place)["folder"]))
    told = run("--data", data, "restore", place, "--to", tmp_path / "new")
    assert told.returncode == 1 and not (tmp_path / "new").exists()
    assert told.stderr == f"{place} holds backups and is none itself. Name one of them: {made.name}.\n"


def test_a_backup_is_made_and_brought_back(store: Store, data: Path, place: Path, tmp_path: Path) -> None:
    told = run("--data", data, "backup", "--to", place)
    assert told.returncode == 0, told.stderr
    (folder,) = place.iterdir()
    assert told.stdout.startswith(f"{folder}: 1 MB, read back and checked.\n")
    assert "Not in it: the footage" in told.stdout and "\nJG1 31.75 " in told.stdout
    restored = run("--data", data, "restore", folder, "--to", tmp_path / "new")
    assert restored.returncode == 0, restored.stderr
    assert "is restored and checked: 0 faults." in restored.stdout
    # The record of the backup itself came after it.
    assert "31.75: ROLLBACK: 1 entries are missing" in restored.stderr
    checked = run("--data", tmp_path / "new", "check", "--json")
    assert json.loads(checked.stdout)["ok"]


def test_yesterdays_is_compared_with_a_printed_checkpoint(store: Store, data: Path, place: Path, tmp_path: Path) -> None:
    made = backup(data, place)
    store.deliver(10, 10)
    (printed,) = json.loads(run("--data", data, "check", "--json").stdout)["heads"]
    said = run("--data", tmp_path / "nothing", "restore", str(made["folder"]), "--to", tmp_path / "new", "--checkpoint", printed, "--json")
    assert said.returncode == 0, said.stderr
    (compared,) = json.loads(said.stdout)["checkpoints"]
    assert (compared["site"], compared["number"], compared["verdict"]) == ("31.75", int(printed.split()[2]), "truncated")
    assert not (tmp_path / "nothing" / BOOK).exists()


def test_a_flipped_byte_is_found_and_named(store: Store, data: Path, place: Path, tmp_path: Path) -> None:
    file = Path(str(backup(data, place)["folder"])) / BOOK
    raw = bytearray(file.read_bytes())
    raw[len(raw) // 2] ^= 1
    file.write_bytes(raw)
    told = run("--data", data, "restore", file.parent, "--to", tmp_path / "new")
    assert (told.returncode, told.stderr) == (1, f"In the backup {file.parent}, {BOOK} is not as it was written.\n")
    assert not (tmp_path / "new").exists()


def test_who_makes_it_gives_a_secret_and_needs_the_right(store: Store, data: Path, place: Path) -> None:
    for person in (store.supervisor, store.officer):
        give_secret(store.database, person.id, SECRET, now=store.clock)

    def by(name: str, secret: str) -> "subprocess.CompletedProcess[str]":
        command = [sys.executable, "-W", "error", ROOT / "main.py", "--data", data, "backup", "--to", place, "--by", name]
        how = {"env": _environment("en"), "capture_output": True, "text": True, "timeout": PATIENCE_S}
        return subprocess.run([*map(str, command)], input=f"{secret}\n", check=False, **how)  # type: ignore[call-overload, no-any-return]

    assert by("Agus", "wrong").stderr == "That is not the secret of Agus.\n"
    assert by("Budi", SECRET).returncode == 1
    assert list(place.iterdir()) == []
    assert by("Agus", SECRET).returncode == 0


def test_without_a_folder_it_is_asked_for_one(store: Store, data: Path, place: Path) -> None:
    told = run("--data", data, "backup")
    assert (told.returncode, told.stderr) == (1, "Say where the backup goes with --to, or write backups into settings.toml.\n")
    (data / "settings.toml").write_text(f'backups = "{place.as_posix()}"\n')
    assert run("--data", data, "backup").returncode == 0
    assert len(list(place.iterdir())) == 1


@pytest.mark.skipif(os.name == "nt", reason="signals of POSIX")
def test_the_recorder_makes_one_by_itself(store: Store, data: Path, place: Path) -> None:
    (data / "settings.toml").write_text(f'backups = "{place.as_posix()}"\n')
    command = [sys.executable, str(ROOT / "main.py"), "--data", str(data), "record"]
    recorder = subprocess.Popen(command, env=_environment("en"), stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    try:
        wait_until(lambda: any(not folder.name.endswith(".unfinished") for folder in place.iterdir()), "the backup of the day")
    finally:
        recorder.send_signal(signal.SIGTERM)
        assert recorder.wait(PATIENCE_S) == 0
