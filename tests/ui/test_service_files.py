"""The files that keep a recorder running hold any name of a folder, or refuse it; and the commands write, show and remove them."""

import configparser
import os
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path
from xml.etree import ElementTree

import pytest

from storage.rules.refusal import Refusal
from tests.test_main import run
from ui.terminal.service_commands import service_file
from ui.terminal.service_files import UNIT_NAME, scheduler_task, systemd_unit

HOSTILE = [
    "plain",
    "two words",
    'with "quotes"',
    "it's",
    "100% sure %h %%",
    "$HOME ${HOME} $$",
    "back\\slash\\n",
    "ends with \\",
    "; semi ; -- @ ! + :",
    "gudang é 仓库",
    "<a & b>",
]
TASK = {"t": "http://schemas.microsoft.com/windows/2004/02/mit/task"}


def command(folder: Path | str) -> list[str]:
    return [sys.executable, f"{folder}/main.py", "--data", f"{folder}/data", "record"]


def test_the_unit_restarts_for_ever_and_is_watched() -> None:
    unit = configparser.RawConfigParser()
    unit.optionxform = str  # type: ignore[assignment, method-assign]
    unit.read_string(systemd_unit(command("/srv/gudang")))
    service = dict(unit["Service"])
    assert service.pop("ExecStart") == f':"{sys.executable}" "/srv/gudang/main.py" "--data" "/srv/gudang/data" "record"'
    assert int(service.pop("WatchdogSec")) > 30
    assert unit["Unit"]["StartLimitIntervalSec"] == "0"
    assert unit["Install"]["WantedBy"] == "default.target"
    wanted = {"Type": "notify", "Restart": "always", "RestartSec": "2", "KillMode": "mixed", "TimeoutStopSec": "60", "UMask": "0077"}
    assert wanted.items() <= service.items()


@pytest.mark.skipif(shutil.which("systemd-analyze") is None, reason="systemd is not installed")
@pytest.mark.parametrize("name", HOSTILE)
def test_systemd_reads_the_unit(tmp_path: Path, name: str) -> None:
    program = tmp_path / "".join(sign for sign in name if sign not in "\"'\\") / "python"
    program.parent.mkdir()
    shutil.copy("/bin/true", program)
    unit = tmp_path / UNIT_NAME
    unit.write_text(systemd_unit([str(program), "--data", str(tmp_path / name), "record"]))
    assert verified(unit) == ""
    program.rename(program.with_name("gone"))
    assert "python" in verified(unit), "it looks at the program's whole path"


def verified(unit: Path) -> str:
    """What systemd finds wrong with a unit."""
    command = ["systemd-analyze", "verify", "--user", "--man=no", str(unit)]
    environment = os.environ | {"XDG_RUNTIME_DIR": str(unit.parent)}
    said = subprocess.run(command, env=environment, capture_output=True, text=True, check=False).stderr
    return "\n".join(line for line in said.splitlines() if unit.name in line or "python" in line)


@pytest.mark.parametrize("sign", ['"', "'", "\\"])
def test_a_program_that_systemd_would_not_start_is_refused(sign: str) -> None:
    with pytest.raises(Refusal, match="Move the program"):
        systemd_unit([f"/opt/a{sign}b/python", "record"])


@pytest.mark.parametrize("name", HOSTILE)
def test_no_name_can_say_more_than_a_name_in_a_unit(name: str) -> None:
    line = next(line for line in systemd_unit(command(name)).splitlines() if line.startswith("ExecStart="))
    assert unquoted(line.removeprefix("ExecStart=:")) == command(name)


def unquoted(line: str) -> list[str]:
    """The words of a line as systemd.syntax(7) has them: in double quotes, backslashes before what is meant literally, %% for a percent."""
    words: list[str] = []
    at = 0
    while at < len(line):
        assert line[at] == '"'
        at, word = at + 1, ""
        while line[at] != '"':
            at += line[at] == "\\" or line[at : at + 2] == "%%"
            word, at = word + line[at], at + 1
        assert line[at + 1 : at + 2] in ("", " ")
        words, at = [*words, word], at + 2
    return words


@pytest.mark.parametrize("name", ["a\nExecStart=/bin/sh", "a\rb", "a\x1bb", "a\u2028b", "a\udcffb"])
def test_what_would_end_a_line_is_refused_everywhere(name: str) -> None:
    for text in (systemd_unit, lambda words: scheduler_task(words, "G\\sari")):
        with pytest.raises(Refusal, match="line break") as refusal:
            text(command(name))
        assert "\n" not in str(refusal.value) and str(refusal.value).isprintable()


@pytest.mark.parametrize("name", [name for name in HOSTILE if "%" not in name])
def test_the_task_is_what_schtasks_reads(name: str) -> None:
    file = service_file(command(name), Path("C:/data"), "win32")
    assert file.content[:2] in (b"\xff\xfe", b"\xfe\xff"), "UTF-16 with its mark"
    task = ElementTree.fromstring(file.content)  # noqa: S314 - our own text
    told = {part.tag.rpartition("}")[2]: part.text for part in task.iter()}
    assert (told["Command"], told["Arguments"]) == (sys.executable, subprocess.list2cmdline(command(name)[1:]))
    assert (told["ExecutionTimeLimit"], told["Count"], told["MultipleInstancesPolicy"]) == ("PT0S", "999", "IgnoreNew")
    assert [part.text for part in task.iterfind(".//t:Interval", TASK)] == ["PT1M"] * 3
    assert {part.tag.rpartition("}")[2] for part in task.findall("t:Triggers/*", TASK)} == {"BootTrigger", "LogonTrigger"}


@pytest.mark.parametrize("name", ["100%", "%TEMP%", "$(Arg0)"])
def test_what_the_task_scheduler_would_replace_is_refused(name: str) -> None:
    with pytest.raises(Refusal, match="cannot be given"):
        scheduler_task(command(name), "G\\sari")


def test_other_systems_are_told_so() -> None:
    with pytest.raises(Refusal, match="systemd and for Windows only"):
        service_file(command("a"), Path("a"), "darwin")


@pytest.mark.skipif(sys.platform != "linux", reason="writes a systemd unit")
def test_install_show_and_uninstall() -> None:
    with tempfile.TemporaryDirectory(prefix="a 100% $HOME ") as place:
        config, data = Path(place) / "config", Path(place) / "data"
        unit = config / "systemd" / "user" / UNIT_NAME
        shown = run("--data", data, "record", "--install", "--show", XDG_CONFIG_HOME=str(config))
        assert (shown.returncode, shown.stderr) == (0, "")
        assert not config.exists()
        assert "100%% $HOME" in shown.stdout
        written = run("--data", data, "record", "--install", XDG_CONFIG_HOME=str(config))
        assert (written.returncode, written.stderr) == (0, "")
        assert unit.read_text() == shown.stdout
        assert [line.strip() for line in written.stdout.splitlines()[1:]] == [
            "systemctl --user daemon-reload",
            f"systemctl --user enable --now {UNIT_NAME}",
            "loginctl enable-linger",
        ]
        enabled = unit.parent / "default.target.wants" / UNIT_NAME
        enabled.parent.mkdir()
        enabled.symlink_to(unit)
        for _again in range(2):
            removed = run("--data", data, "record", "--uninstall", XDG_CONFIG_HOME=str(config))
            assert (removed.returncode, removed.stderr) == (0, "")
            assert f"stop {UNIT_NAME}" in removed.stdout
        assert not unit.exists() and not enabled.is_symlink()
        assert not data.exists(), "no recorder was started"
