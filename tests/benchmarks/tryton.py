"""Tryton's stock module beside ours: `./run benchmark tryton [--quick]`. The last line is one JSON object, see measure_tryton.

Tryton is never installed with the application: it gets an environment of its own, .venv/tryton, from `tryton.lock`, which is compiled with

    printf '%s\\n' 'trytond~=8.2.0' 'trytond-stock~=8.2.0' | uv pip compile --universal --generate-hashes --python-version 3.11 \\
        --no-header - -o tests/benchmarks/tryton.lock
"""

import argparse
import json
import os
import shutil
import subprocess
import sys
import time
from pathlib import Path

HERE = Path(__file__).resolve().parent
LOCK = HERE / "tryton.lock"
PROGRAM = HERE / "tryton_moves.py"
ENVIRONMENT = HERE.parents[1] / ".venv" / "tryton"
PYTHON = ENVIRONMENT / ("Scripts/python.exe" if sys.platform == "win32" else "bin/python")
# Holds the interpreter and the lock; written when everything is there.
STAMP = ENVIRONMENT / "installed"
# Tryton's tables with the module stock and nothing in them: making them takes Tryton as long as 2,000 moves.
DATABASE = ENVIRONMENT / "stock.sqlite"
PATIENCE_S = 600


class TrytonMissing(Exception):
    """Tryton could not be installed; the text says why in one line."""


def measure_tryton(moves: int) -> dict[str, float]:
    """Lets Tryton's stock module do so many moves, at least two, and says how fast it was:

    moves_per_s: created and done, `batch` in a transaction, every other one from the supplier into one of `rooms` rooms, the rest from
    room to room.
    balance_ms, room_balance_ms: medians for the quantity of the product in the whole warehouse and in one room, after `moves` moves;
    early_balance_ms, early_room_balance_ms: the same after `early_moves`. Every balance is compared with what was sent.
    setup_s: opening the database, which is in memory; install_s: making the environment and that database, 0 if they were there.

    Raises TrytonMissing if it cannot be installed, subprocess.CalledProcessError if the measurement fails (Tryton's words are on
    standard error then).
    """
    install_s = _install()
    output = subprocess.run(
        [PYTHON, "-I", PROGRAM, "measure", DATABASE, str(moves)], stdout=subprocess.PIPE, check=True, text=True, env=_surroundings()
    ).stdout
    figures: dict[str, float] = json.loads(output.splitlines()[-1])
    return figures | {"install_s": round(install_s, 1)}


def _install() -> float:
    """Makes the environment and the database unless they are there for this interpreter and this lock; seconds."""
    wanted = f"{Path(sys.executable).resolve()}\n{LOCK.read_text(encoding='utf-8')}"
    if STAMP.exists() and STAMP.read_text(encoding="utf-8") == wanted:
        return 0.0
    begun = time.perf_counter()
    shutil.rmtree(ENVIRONMENT, ignore_errors=True)
    _step(sys.executable, "-m", "venv", ENVIRONMENT)
    _step(
        PYTHON, "-m", "pip", "install", "--require-hashes", "--only-binary", ":all:", "--disable-pip-version-check", "--no-input",
        "--quiet", "-r", LOCK,
    )  # fmt: skip
    _step(PYTHON, "-I", PROGRAM, "create", DATABASE)
    STAMP.write_text(wanted, encoding="utf-8")
    return time.perf_counter() - begun


def _step(*command: str | Path) -> None:
    """Runs one step of the installation silently. Raises TrytonMissing with the last error it named."""
    try:
        subprocess.run(command, capture_output=True, text=True, check=True, timeout=PATIENCE_S, env=_surroundings())
    except subprocess.CalledProcessError as failed:
        lines = [line for line in (failed.stderr or failed.stdout).splitlines() if line.strip()]
        errors = [line for line in lines if line.startswith("ERROR:")] or lines or [f"exit status {failed.returncode}"]
        raise TrytonMissing(f"Tryton could not be installed: {errors[-1].strip()}") from failed
    except (OSError, subprocess.TimeoutExpired) as failed:
        raise TrytonMissing(f"Tryton could not be installed: {failed}") from failed


def _surroundings() -> dict[str, str]:
    """The environment's variables without those that would give Tryton another database or configuration."""
    return {name: value for name, value in os.environ.items() if not name.startswith("TRYTOND_")}


def main() -> None:
    """Measures 10,000 moves, or 2,000."""
    parser = argparse.ArgumentParser()
    parser.add_argument("--quick", action="store_true")
    print(json.dumps(measure_tryton(2_000 if parser.parse_args().quick else 10_000)))


if __name__ == "__main__":
    main()
