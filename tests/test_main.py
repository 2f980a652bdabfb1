"""The commands as a person runs them: in processes of their own, judged by what they print, leave behind and return."""

import json
import os
import signal
import stat
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path

import pytest

from storage.database import open_database
from storage.ledger.position import totals
from storage.places import add_camera, add_room, add_site
from storage.watch.alarms import list_alarms
from storage.watch.gaps import Gap, gaps_between
from storage.watch.segments import footage_between
from storage.watch.states import RecorderState, recorder_states
from tests.camera.rig import wait_until, write_video
from tests.conftest import NOW

ROOT = Path(__file__).parents[1]
PATIENCE_S = 120


def run(*arguments: str | Path, language: str = "en", **environment: str) -> subprocess.CompletedProcess[str]:
    """main.py in a process of its own, without a screen."""
    return subprocess.run(
        [sys.executable, "-W", "error", str(ROOT / "main.py"), *map(str, arguments)],
        env=_environment(language) | environment,
        capture_output=True,
        text=True,
        timeout=PATIENCE_S,
        check=False,
    )


def _environment(language: str) -> dict[str, str]:
    screens = ("DISPLAY", "WAYLAND_DISPLAY", "QT_QPA_PLATFORM", "JAGA_DATA")
    return {name: value for name, value in os.environ.items() if name not in screens} | {"JAGA_LANG": language, "PYTHONUTF8": "1"}


@pytest.fixture(scope="module")
def demo(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A demo folder whose scenes are small stand-ins, so that only the books take their time."""
    folder = tmp_path_factory.mktemp("demo") / "data"
    (folder / "scenes").mkdir(parents=True)
    for scene in ("sorting_hall", "store_night", "store_lights", "corridor_insect"):
        write_video(folder / "scenes" / f"{scene}.mp4", seconds=4)
    made = run("--data", folder, "demo", "--no-window")
    assert (made.returncode, made.stderr) == (0, "")
    return folder


def test_the_demo_is_made_whole_and_only_once(demo: Path) -> None:
    database = open_database(demo)
    assert totals(database).received == 33_747_852
    database.close()
    assert not (demo / "unfinished").exists()
    assert stat.S_IMODE((demo / "jaga.db").stat().st_mode) == 0o600
    before = (demo / "jaga.db").stat().st_ino
    assert run("--data", demo, "demo", "--no-window").returncode == 0
    assert (demo / "jaga.db").stat().st_ino == before
    database = open_database(demo)
    assert totals(database).received == 33_747_852
    database.close()


@pytest.mark.parametrize("window", [True, False], ids=["with a window", "without a screen"])
def test_a_demo_that_is_told_to_end_takes_its_recorder_with_it(demo: Path, window: bool) -> None:
    environment = _environment("en") | ({"QT_QPA_PLATFORM": "offscreen"} if window else {})
    command = [sys.executable, str(ROOT / "main.py"), "--data", str(demo), "demo"]
    process = subprocess.Popen(command, env=environment, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    database = open_database(demo)
    begun = datetime.now(UTC)

    def newest() -> RecorderState | None:
        state = next(iter(recorder_states(database)), None)
        return state if state and state.started_at > begun else None

    wait_until(lambda: (state := newest()) is not None and state.beat_at > state.started_at, "the recorder")
    process.send_signal(signal.SIGTERM)
    process.wait(PATIENCE_S)
    wait_until(lambda: (state := newest()) is not None and state.stopped_at is not None, "the recorder's end")
    database.close()


def test_a_recorder_that_is_killed_is_back_while_the_window_is_open(demo: Path) -> None:
    command = [sys.executable, str(ROOT / "main.py"), "--data", str(demo), "demo"]
    environment = _environment("en") | {"QT_QPA_PLATFORM": "offscreen"}
    process = subprocess.Popen(command, env=environment, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    database = open_database(demo)
    begun = datetime.now(UTC)

    def beating(after: datetime) -> RecorderState | None:
        state = next(iter(recorder_states(database)), None)
        return state if state and state.started_at > after and state.stopped_at is None and state.beat_at > state.started_at else None

    wait_until(lambda: beating(begun) is not None, "the recorder")
    first = beating(begun)
    assert first is not None
    os.kill(first.pid, signal.SIGKILL)
    wait_until(lambda: beating(first.started_at) is not None, "the next recorder")
    process.send_signal(signal.SIGTERM)
    process.wait(PATIENCE_S)
    wait_until(lambda: recorder_states(database)[0].stopped_at is not None, "its end")
    database.close()


def test_the_demo_never_touches_real_data(tmp_path: Path) -> None:
    open_database(tmp_path).close()
    before = (tmp_path / "jaga.db").read_bytes()
    refused = run("--data", tmp_path, "demo", "--no-window")
    assert (refused.returncode, refused.stdout) == (1, "")
    assert "holds real data" in refused.stderr
    assert (tmp_path / "jaga.db").read_bytes() == before


def test_the_data_folder_may_come_from_the_environment(demo: Path) -> None:
    made = run("demo", "--no-window", JAGA_DATA=str(demo))
    assert made.returncode == 0
    assert str(demo) in made.stdout


@pytest.mark.parametrize("command", [["record"], ["demo", "--no-window"], []])
def test_a_broken_settings_file_is_one_sentence(tmp_path: Path, command: list[str]) -> None:
    (tmp_path / "settings.toml").write_text("language = ")
    refused = run("--data", tmp_path, *command, language="id")
    assert refused.returncode == 1
    assert refused.stderr.count("\n") == 1
    assert "settings.toml" in refused.stderr
    assert "Traceback" not in refused.stderr
    assert not (tmp_path / "jaga.db").exists()


@pytest.mark.parametrize("command", [["record"], ["demo", "--no-window"]])
def test_a_data_folder_that_cannot_be_made_is_one_sentence(tmp_path: Path, command: list[str]) -> None:
    (tmp_path / "taken").write_text("a file, not a folder")
    refused = run("--data", tmp_path / "taken" / "data", *command)
    assert refused.returncode == 1
    assert refused.stderr.count("\n") == 1
    assert "taken" in refused.stderr


def test_recordings_that_cannot_be_written_are_one_sentence(tmp_path: Path) -> None:
    (tmp_path / "taken").write_text("a file, not a folder")
    (tmp_path / "settings.toml").write_text('recordings = "taken/recordings"')
    refused = run("--data", tmp_path, "record")
    assert refused.returncode == 1
    assert refused.stderr.count("\n") == 1
    assert "recordings" in refused.stderr


def test_without_a_screen_no_window_is_tried(tmp_path: Path) -> None:
    refused = run("--data", tmp_path, language="id")
    assert refused.returncode == 1
    assert refused.stderr.count("\n") == 1
    assert "layar" in refused.stderr


def test_scan_prints_events_and_goes_on_after_an_unreadable_file(tmp_path: Path) -> None:
    write_video(tmp_path / "walk.mp4", seconds=14, walks=((6, 9),))
    (tmp_path / "broken.mp4").write_bytes(b"not a video" * 100)
    scanned = run("scan", tmp_path / "broken.mp4", tmp_path / "walk.mp4", "--json")
    assert scanned.returncode == 1
    assert scanned.stderr.count("\n") == 1
    assert "broken.mp4" in scanned.stderr
    lines = [json.loads(line) for line in scanned.stdout.splitlines()]
    assert lines[:2] == [{"file": "broken.mp4"}, {"file": "walk.mp4"}]
    (event,) = lines[2:]
    assert set(event) == {"file", "kind", "start_s", "end_s", "peak_pct", "box"}
    assert (event["file"], event["kind"]) == ("walk.mp4", "motion")
    assert 5.9 <= event["start_s"] <= 7
    assert 8.5 <= event["end_s"] <= 9.6
    assert len(event["box"]) == 4


def test_scan_speaks_to_people_without_json(tmp_path: Path) -> None:
    write_video(tmp_path / "walk.mp4", seconds=14, walks=((6, 9),))
    scanned = run("scan", tmp_path / "walk.mp4", "--sparing", language="id")
    assert (scanned.returncode, scanned.stderr) == (0, "")
    assert "Gerakan" in scanned.stdout


def test_the_recorder_watches_without_qt_and_stops_when_told(tmp_path: Path) -> None:
    """-X importtime writes every module that is loaded; the watch must do without PySide6, in the recorder and in its workers."""
    data = tmp_path / "data"
    (data / "scenes").mkdir(parents=True)
    (data / "demo").touch()
    write_video(data / "scenes" / "walk.mp4", seconds=14, walks=((5, 8),))
    database = open_database(data)
    room = add_room(database, add_site(database, "31.75", "Gudang", "Asia/Jakarta", now=NOW).id, "B", now=NOW)
    add_camera(database, room.id, "Kamera 1", (data / "scenes" / "walk.mp4").as_uri(), "", now=NOW)
    with running_recorder(data, tmp_path / "log", "-X", "importtime") as recorder:
        wait_until(lambda: bool(list_alarms(database)), "the alarm")
        second = run("--data", data, "record")
    assert recorder.returncode == 0
    database.close()
    loaded = (tmp_path / "log").read_text()
    assert "camera.recording.recorder" in loaded
    assert "camera.eyes" in loaded
    assert "PySide6" not in loaded
    assert second.returncode == 1
    assert "running already" in second.stderr


def test_a_killed_recorder_loses_no_footage_from_sight(tmp_path: Path) -> None:
    data = tmp_path / "data"
    (data / "scenes").mkdir(parents=True)
    (data / "demo").touch()
    write_video(data / "scenes" / "walk.mp4", seconds=14)
    database = open_database(data)
    room = add_room(database, add_site(database, "31.75", "Gudang", "Asia/Jakarta", now=NOW).id, "B", now=NOW)
    add_camera(database, room.id, "Kamera 1", (data / "scenes" / "walk.mp4").as_uri(), "", now=NOW)
    begun = datetime.now(UTC)

    def files() -> list[str]:
        return [footage.path for footage in footage_between(database, 1, begun, datetime.now(UTC))]

    def lost() -> list[Gap]:
        return [gap for gap in gaps_between(database, begun, datetime.now(UTC)) if gap.cause == "recorder_lost"]

    with running_recorder(data, tmp_path / "log") as recorder:
        wait_until(lambda: any(file.endswith(".part") for file in files()), "a growing segment")
        (growing,) = files()
        recorder.kill()
        recorder.wait(PATIENCE_S)
    with running_recorder(data, tmp_path / "log"):
        wait_until(lambda: growing.removesuffix(".part") in files(), "the row of what was growing")
        wait_until(lambda: any(gap.ended_at for gap in lost()), "footage again")
    assert len(lost()) == 1
    assert all((data / "recordings" / file).exists() for file in files())
    assert not list((data / "recordings").rglob("*.part"))
    database.close()


@contextmanager
def running_recorder(data: Path, log: Path, *options: str) -> Iterator["subprocess.Popen[bytes]"]:
    """main.py record in a process of its own; told to stop at the end, if it still runs."""
    command = [sys.executable, *options, str(ROOT / "main.py"), "--data", str(data), "record"]
    # The variable reaches the workers too, so that what they load is written as well.
    environment = _environment("en") | ({"PYTHONPROFILEIMPORTTIME": "1"} if options else {})
    with log.open("ab") as said:
        process = subprocess.Popen(command, env=environment, stdout=said, stderr=said)
    try:
        yield process
    finally:
        if process.poll() is None:
            process.send_signal(signal.SIGTERM)
        process.wait(PATIENCE_S)
