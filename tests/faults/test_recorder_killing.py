"""What the recorder has kept outlives the kill of any of its processes: a few rounds of recorder_killing.py, which runs hundreds."""

import json
import subprocess
import sys
from pathlib import Path

import pytest

from tests.camera.rig import has_rtsp_server, write_video
from tests.faults.kept_footage import decoding_warnings

ROUNDS = ("--rounds", "3", "--seed", "48", "--cameras", "2", "--segment", "60", "--once")


@pytest.mark.skipif(sys.platform != "linux", reason="reads what the processes do in /proc")
@pytest.mark.skipif(not has_rtsp_server(), reason="Debian's GStreamer RTSP server is not installed; ./run test installs it")
def test_a_killed_worker_recorder_or_window_costs_two_seconds_and_a_gap() -> None:
    command = [sys.executable, "-m", "tests.faults.recorder_killing", *ROUNDS]
    run = subprocess.run(command, capture_output=True, text=True, check=False, timeout=240)
    assert run.returncode == 0, run.stdout + run.stderr
    found = json.loads(run.stdout.splitlines()[-1])
    assert found["wrong"] == []
    # Otherwise the run says nothing about one of them.
    assert found["killed"] == {"worker": 1, "recorder": 1, "window": 1}
    assert found["segments"] >= 4
    assert found["packets"] > 100
    assert found["most_missing_s"] <= 2.5
    assert found["armed_minutes"] >= 2


def test_the_decoder_is_silent_about_a_whole_file_and_tells_of_a_damaged_one(tmp_path: Path) -> None:
    video = tmp_path / "camera.mp4"
    write_video(video, seconds=3, noise=16)
    assert decoding_warnings(video) == []
    content = bytearray(video.read_bytes())
    begin = len(content) // 2
    content[begin : begin + 6000] = bytes(6000)
    video.write_bytes(content)
    assert decoding_warnings(video) != []
