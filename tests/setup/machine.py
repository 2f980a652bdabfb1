"""A machine made of fakes, on which the script `run` is really run: its own PATH, a fake Python, pip, apt-get and dpkg-query.

The fakes write each call into a log, so that a test sees what was installed and in which order.
"""

import shutil
import subprocess
from pathlib import Path

PROJECT = Path(__file__).resolve().parents[2]
TOOLS = "awk basename cat cmp dirname env find grep head ln mkdir mv readlink rm sed sh sort tr"

PYTHON = """#!/bin/sh
case "$*" in
    "-c import sys, venv"*) exit 0 ;;
    "-m venv "*) echo venv >>"$FAKES/log"; mkdir -p "$3/bin"; ln -s "$0" "$3/bin/python" ;;
    "-m pip install "*) echo "pip $*" >>"$FAKES/log"; exit "${PIP_STATUS:-0}" ;;
    *) printf '<%s>' "$@"; echo; echo "in $(pwd)"; echo "$*" >>"$FAKES/log"; exit "${MAIN_STATUS:-0}" ;;
esac
"""
DPKG_QUERY = """#!/bin/sh
case "$*" in *'${db:Status-Status} ${Package} ${Provides}'*) cat "$FAKES/installed" ;; esac
"""
APT_GET = """#!/bin/sh
echo "apt-get $*" >>"$FAKES/log"
case "$*" in
    *install*) for name in "$@"; do echo "installed $name " >>"$FAKES/installed"; done ;;
esac
"""


class Machine:
    """A checkout whose path has spaces, and a PATH that holds nothing but common tools and the fakes.

    script: what a start starts. env: what every start sees; a test adds to it.
    """

    def __init__(self, folder: Path) -> None:
        self.fakes = folder / "fakes"
        self.checkout = folder / "a check out"
        self.script = self.checkout / "run"
        self.env = {"PATH": str(self.fakes), "FAKES": str(self.fakes), "JAGA_LANG": "en"}
        self.fakes.mkdir()
        for tool in TOOLS.split():
            (self.fakes / tool).symlink_to(Path(shutil.which(tool) or f"/usr/bin/{tool}"))
        self.command("python3", PYTHON)
        self.command("dpkg-query", DPKG_QUERY)
        self.command("dpkg", "#!/bin/sh\n")
        self.command("apt-get", APT_GET)
        self.command("id", "#!/bin/sh\necho 0\n")
        for file in ("installed", "log"):
            (self.fakes / file).touch()
        (self.checkout / "tests").mkdir(parents=True)
        shutil.copy(PROJECT / "run", self.checkout)
        (self.checkout / "requirements.lock").write_text("app==1\n")
        (self.checkout / "tests/requirements.lock").write_text("tool==1\n")

    def command(self, name: str, script: str) -> None:
        """Put a command of this name on the PATH."""
        (self.fakes / name).write_text(script)
        (self.fakes / name).chmod(0o755)

    def run(self, *arguments: str, cwd: Path | None = None, **env: str) -> subprocess.CompletedProcess[str]:
        """Start `run` with these arguments, by default from the checkout's parent folder."""
        return subprocess.run(
            [self.script, *arguments],
            cwd=cwd or self.checkout.parent,
            env=self.env | env,
            capture_output=True,
            text=True,
            check=False,
        )

    def log(self) -> list[str]:
        """What the fakes were called for since the last look, one line a call."""
        lines = (self.fakes / "log").read_text().splitlines()
        (self.fakes / "log").write_text("")
        return lines
