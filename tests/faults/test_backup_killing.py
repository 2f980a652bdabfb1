"""A backup that is killed leaves the good one before it and nothing that looks like one: every fifth line of backup_killing.py."""

import json
import subprocess
import sys

import pytest

pytestmark = pytest.mark.skipif(sys.platform == "win32", reason="needs fork and SIGKILL")


def test_a_killed_backup_leaves_the_last_good_one() -> None:
    command = [sys.executable, "-m", "tests.faults.backup_killing", "--step", "5"]
    run = subprocess.run(command, capture_output=True, text=True, check=False, timeout=240)
    assert run.returncode == 0, run.stdout + run.stderr
    found = json.loads(run.stdout.splitlines()[-1])
    assert found["wrong"] == []
    assert found["points"] > 50
    # Both must have been met, or the points lie where nothing happens.
    assert found["left"] > 10
    assert found["kept"] > 0
