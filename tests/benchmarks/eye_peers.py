"""What others spend on a minute of the same camera: Debian's motion, DVR-Scan, and the decoding of plain_decoding.

DVR-Scan is never installed with the application: it gets an environment of its own, .venv/dvrscan, from `dvrscan.lock`, compiled with

    echo 'dvr-scan~=1.8.0' | uv pip compile --universal --generate-hashes --python-version 3.11 \\
        --no-header - -o tests/benchmarks/dvrscan.lock

motion is taken from the system (apt-get install motion).
"""

import json
import os
import resource
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Sequence
from pathlib import Path

from camera.recording.process_cost import cost_of

HERE = Path(__file__).resolve().parent
LOCK = HERE / "dvrscan.lock"
ENVIRONMENT = HERE.parents[1] / ".venv" / "dvrscan"
PYTHON = ENVIRONMENT / "bin" / "python"
# Holds the interpreter and the lock; written when everything is there.
STAMP = ENVIRONMENT / "installed"
PATIENCE_S = 900

# Pictures, films and its servers switched off; it reads as fast as the camera sends and looks as often as it does by default.
MOTION_SETTINGS = """
daemon off
netcam_url file://{file}
netcam_params capture_rate=25
width 1920
height 1080
framerate 15
movie_output off
picture_output off
webcontrol_port 0
stream_port 0
target_dir {folder}
log_file {folder}/motion.log
"""


class PeerMissing(Exception):
    """It could not be installed or run; the text says why in one line."""


def cpu_of(command: Sequence[str | Path]) -> tuple[float, str]:
    """Runs it to its end: processor seconds of the process and all that it started, and what it printed.

    Raises PeerMissing with its last word if it fails.
    """
    before = resource.getrusage(resource.RUSAGE_CHILDREN)
    try:
        done = subprocess.run(command, capture_output=True, text=True, check=True, timeout=PATIENCE_S)
    except subprocess.CalledProcessError as failed:
        words = [line for line in (failed.stderr or failed.stdout).splitlines() if line.strip()]
        raise PeerMissing(words[-1].strip() if words else f"exit status {failed.returncode}") from failed
    except (OSError, subprocess.TimeoutExpired) as failed:
        raise PeerMissing(str(failed)) from failed
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    return after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime, done.stdout


def decoding(way: str, minute: Path) -> tuple[float, float]:
    """Processor seconds of plain_decoding: of the whole process, and of its work without its start."""
    whole_s, said = cpu_of([sys.executable, "-m", "tests.benchmarks.plain_decoding", way, minute])
    return whole_s, float(json.loads(said)["steady_cpu_s"])


def live_keyframes(stream: Path, from_s: float, until_s: float) -> float:
    """Processor seconds of the key frames' decoding in real time, between two times of the film."""
    command = [sys.executable, "-m", "tests.benchmarks.plain_decoding", "live_keyframes", str(stream), str(from_s), str(until_s)]
    return float(json.loads(cpu_of(command)[1])["steady_cpu_s"])


def motion(stream: Path, seconds: float) -> float:
    """Processor seconds of motion while it watches the stream for so long, its start included. Raises PeerMissing."""
    program = shutil.which("motion")
    if program is None:
        raise PeerMissing("motion is not installed: apt-get install motion")
    with tempfile.TemporaryDirectory() as folder:
        settings = Path(folder) / "motion.conf"
        settings.write_text(MOTION_SETTINGS.format(file=stream, folder=folder), encoding="utf-8")
        with subprocess.Popen([program, "-n", "-c", settings], stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL) as process:
            try:
                time.sleep(seconds)
                if process.poll() is not None:
                    raise PeerMissing(f"motion ended with exit status {process.returncode}")
                spent_s = cost_of(process.pid).cpu_s
            finally:
                process.terminate()
                process.wait(PATIENCE_S)
        log = (Path(folder) / "motion.log").read_text(encoding="utf-8")
        if "connected" not in log:
            raise PeerMissing("motion did not open the stream")
    return spent_s


def dvr_scan(minute: Path) -> float:
    """Processor seconds of DVR-Scan with its defaults over the file. Raises PeerMissing."""
    _install_dvr_scan()
    return cpu_of([PYTHON, "-m", "dvr_scan", "--input", minute, "--scan-only", "--quiet", "--ignore-user-config"])[0]


def _install_dvr_scan() -> None:
    """Makes the environment unless it is there for this interpreter and this lock."""
    wanted = f"{Path(sys.executable).resolve()}\n{LOCK.read_text(encoding='utf-8')}"
    if STAMP.exists() and STAMP.read_text(encoding="utf-8") == wanted:
        return
    shutil.rmtree(ENVIRONMENT, ignore_errors=True)
    cpu_of([sys.executable, "-m", "venv", ENVIRONMENT])
    quietly = ("--disable-pip-version-check", "--no-input", "--quiet")
    cpu_of([PYTHON, "-m", "pip", "install", "--require-hashes", "--only-binary", ":all:", *quietly, "-r", LOCK])
    STAMP.write_text(wanted, encoding="utf-8")


def system_words() -> dict[str, object]:
    """What the figures depend on."""
    return {"cores": os.cpu_count(), "load_1_min": round(os.getloadavg()[0], 2)}
