"""Real workers, measured while they serve a small rendered stream."""

import os
import signal
import subprocess
import sys
from pathlib import Path

import pytest

from camera.recording.bench import Carried, Case, Machine, WorkerFailed, measure, measure_machine, render
from camera.recording.process_cost import Cost, NotMeasurable, cost_of
from camera.scenes.camera_streams import CameraStream, kept_stream
from tests.camera.rig import packets_of, wait_until, worker_pids

STREAM_S = 6.0
SMALL = Case(CameraStream("small", (320, 180), 10, 200_000))
BOTH = Case(CameraStream("large", (640, 360), 10, 400_000), SMALL.main)


@pytest.fixture(scope="module")
def streams(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with the stream in it."""
    folder = tmp_path_factory.mktemp("streams")
    render([SMALL, BOTH], folder, seconds=STREAM_S, progress=lambda share: None)
    return folder


def test_a_worker_is_measured_while_it_records_and_is_gone_afterwards(streams: Path) -> None:
    told: list[float] = []
    carried = measure(SMALL, streams, seconds=2, stream_s=STREAM_S, at_once=2, warm_up_s=1, progress=told.append)
    assert worker_pids() == []
    assert set(streams.iterdir()) == {kept_stream(stream, streams, seconds=STREAM_S) for stream in BOTH.streams}
    # It started a Python with its libraries, which costs more than some small pictures, and shares not all of its memory.
    assert 0 < carried.steady.cpu_s < carried.whole.cpu_s < carried.whole_s
    assert carried.seconds < carried.whole_s
    assert carried.steady.own_bytes > 5_000_000
    assert carried.written_bytes_per_s > 0
    assert told == sorted(told)
    assert told[-1] == 1


def test_a_small_stream_is_watched_where_a_camera_has_one(streams: Path) -> None:
    # The main stream is looked at until the small one has been watched for ten seconds.
    carried = measure(BOTH, streams, seconds=2, stream_s=STREAM_S, at_once=1, warm_up_s=12)
    assert carried.how == "sub_stream"
    assert str(BOTH) == "large + small"


def test_a_worker_that_cannot_serve_fails_the_measurement(streams: Path) -> None:
    broken = Case(CameraStream("broken", (320, 180), 10, 200_000))
    (streams / kept_stream(SMALL.main, streams, seconds=STREAM_S).name.replace("small", "broken")).write_bytes(b"no video at all")
    with pytest.raises(WorkerFailed):
        measure(broken, streams, seconds=1, stream_s=STREAM_S, at_once=1, warm_up_s=1)
    assert worker_pids() == []


def test_the_least_part_of_a_machine_limits_what_it_carries() -> None:
    carried = Carried(SMALL, 10.0, 20.0, Cost(0.5, 0.1, 50_000_000), Cost(2.0, 0.3, 50_000_000), 500_000.0, "")
    assert carried.cameras_per_core == 20
    assert carried.recording_pct_of_core == pytest.approx(1)
    assert carried.looking_pct_of_core == pytest.approx(4)
    machine = Machine(4, 8_000_000_000, 100e6)
    assert machine.carries(carried) == {"processor": 80, "memory": 120, "disk": 200}


def test_the_machine_is_tried_and_leaves_nothing_behind(tmp_path: Path) -> None:
    machine = measure_machine(tmp_path)
    assert machine.cores == os.cpu_count()
    assert machine.disk_bytes_per_s > 0
    assert list(tmp_path.iterdir()) == []


def test_the_cost_of_a_process_is_read_from_outside() -> None:
    with subprocess.Popen(["sh", "-c", "while :; do :; done"]) as busy:
        before = cost_of(busy.pid)
        wait_until(lambda: cost_of(busy.pid).since(before).cpu_s >= 0.2, "a busy process to be seen busy")
        assert cost_of(busy.pid).first_thread_s == pytest.approx(cost_of(busy.pid).cpu_s, abs=0.2)
        busy.send_signal(signal.SIGKILL)
        busy.wait()
        with pytest.raises(NotMeasurable):
            cost_of(busy.pid)


def test_a_stream_has_its_groups_and_its_bit_rate(tmp_path: Path) -> None:
    stream = CameraStream("constant", (320, 180), 10, 200_000, constant=True)
    path = kept_stream(stream, tmp_path, seconds=6, visits_s=(1,))
    packets = packets_of(path)
    assert len(packets) == 60
    # NAL type 5: a key frame.
    assert [number for number, units in enumerate(packets) if any(unit[0] & 31 == 5 for unit in units)] == [0, 20, 40]
    assert path.stat().st_size * 8 / 6 == pytest.approx(200_000, rel=0.1)


def test_the_command_tells_what_one_kind_of_camera_costs(tmp_path: Path) -> None:
    root = Path(__file__).parents[2]
    command = [sys.executable, "-W", "error", str(root / "main.py"), "--data", str(tmp_path), "bench", "cameras"]
    few = ["--only", "360p10 H", "--seconds", "1", "--warm-up", "1", "--at-once", "1"]
    done = subprocess.run([*command, *few], env=os.environ | {"JAGA_LANG": "en"}, capture_output=True, text=True, check=False)
    assert (done.returncode, done.stderr) == (0, "")
    assert "360p10 H.264 VBR: " in done.stdout
    assert "what limits is the " in done.stdout
    none = subprocess.run([*command, "--only", "8K"], env=os.environ | {"JAGA_LANG": "en"}, capture_output=True, text=True, check=False)
    assert none.returncode == 1
    assert "360p10 H.264 VBR" in none.stderr
