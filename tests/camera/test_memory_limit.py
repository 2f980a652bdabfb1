"""A worker's bound on its own memory, in a process of its own."""

import subprocess
import sys

import pytest

from camera.recording.memory_limit import WRITABLE_BYTES
from camera.recording.worker_process import ROOT

TAKE = "import sys; from camera.recording.memory_limit import limit_memory; limit_memory(); bytearray(int(sys.argv[1])); print('had it')"


@pytest.mark.skipif(sys.platform == "win32", reason="Windows knows no such limit")
@pytest.mark.parametrize(("share", "had"), [(0.25, True), (1.0, False)])
def test_what_is_more_than_a_camera_needs_is_refused(share: float, had: bool) -> None:
    taking = subprocess.run([sys.executable, "-c", TAKE, str(int(WRITABLE_BYTES * share))], cwd=ROOT, capture_output=True, check=False)
    assert (taking.stdout == b"had it\n") is had
    assert (b"MemoryError" in taking.stderr) is not had
