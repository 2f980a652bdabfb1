"""No acknowledged event is lost and none is there by halves when the program is killed: a few rounds of killing.py, which runs hundreds."""

import json
import subprocess
import sys

import pytest

pytestmark = pytest.mark.skipif(sys.platform == "win32", reason="needs fork and SIGKILL")


@pytest.mark.parametrize("journal", ["truncate", "wal"])
def test_a_killed_program_loses_nothing_and_leaves_nothing_half(journal: str) -> None:
    command = [sys.executable, "-m", "tests.faults.killing", "--rounds", "12", "--seed", "7", "--journal", journal]
    run = subprocess.run(command, capture_output=True, text=True, check=False, timeout=240)
    assert run.returncode == 0, run.stdout + run.stderr
    found = json.loads(run.stdout.splitlines()[-1])
    assert (found["rounds"], found["lost"], found["half"], found["wrong"]) == (12, 0, 0, [])
    assert found["acknowledged"] > 0
    assert found["torn"] == 2
    # Otherwise nothing was interrupted, and the run says nothing.
    assert found["killed"]["writing"] + found["killed"]["committing"] > 0
