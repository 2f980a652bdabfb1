"""The script `run`, started on a machine of fakes: what it installs, when it does not, and what it hands over."""

import sys
from pathlib import Path

import pytest

from tests.setup.machine import PROJECT, Machine

pytestmark = pytest.mark.skipif(sys.platform == "win32", reason="a POSIX shell script")


@pytest.fixture
def machine(tmp_path: Path) -> Machine:
    """Nothing is installed yet."""
    return Machine(tmp_path)


@pytest.fixture
def ready(machine: Machine) -> Machine:
    """The application has been started once."""
    assert machine.run().returncode == 0
    machine.log()
    return machine


def test_the_first_start_installs_the_packages_the_environment_and_the_lock_with_hashes(machine: Machine) -> None:
    done = machine.run("demo")
    update, install, venv, pip, main = machine.log()
    assert update == "apt-get update"
    assert " -y --no-install-recommends python3-venv " in install
    assert "libxcb-cursor0" in install
    assert "gst-rtsp-server" not in install
    assert venv == "venv"
    assert "--require-hashes" in pip
    assert pip.endswith(f"-r {machine.checkout}/requirements.lock")
    assert main == f"{machine.checkout}/main.py demo"
    assert done.stdout.startswith(f"<{machine.checkout}/main.py><demo>\n"), "standard output belongs to the command"


def test_a_second_start_installs_nothing(ready: Machine) -> None:
    done = ready.run("demo")
    assert ready.log() == [f"{ready.checkout}/main.py demo"]
    assert done.stderr == ""


def test_arguments_and_the_working_directory_arrive_unharmed(ready: Machine, tmp_path: Path) -> None:
    elsewhere = tmp_path / "else where"
    elsewhere.mkdir()
    done = ready.run("--data", "my data", "scan", 'it\'s "this" $HOME *', "", "-x", cwd=elsewhere)
    assert done.stdout == f'<{ready.checkout}/main.py><--data><my data><scan><it\'s "this" $HOME *><><-x>\nin {elsewhere}\n'


def test_the_exit_status_is_the_commands(ready: Machine) -> None:
    assert ready.run("check", MAIN_STATUS="7").returncode == 7


def test_a_link_to_the_script_finds_its_checkout(ready: Machine, tmp_path: Path) -> None:
    ready.script = tmp_path / "jaga"
    ready.script.symlink_to(ready.checkout / "run")
    assert ready.run().stdout.startswith(f"<{ready.checkout}/main.py>")


def test_an_unfinished_installation_is_not_taken_for_a_whole_one(machine: Machine) -> None:
    failed = machine.run("demo", PIP_STATUS="1")
    assert failed.returncode == 1
    assert "check the network" in failed.stderr
    assert failed.stdout == "", "main.py must not start"
    (machine.checkout / ".venv/half").touch()
    machine.log()
    assert machine.run("demo").returncode == 0
    assert machine.log()[0] == "venv"
    assert not (machine.checkout / ".venv/half").exists()


def test_a_changed_lock_is_installed_into_the_same_environment(ready: Machine) -> None:
    (ready.checkout / "requirements.lock").write_text("app==2\n")
    ready.run("demo")
    assert [line.split()[0] for line in ready.log()] == ["pip", f"{ready.checkout}/main.py".split()[0]]


def test_a_failed_change_leaves_an_environment_that_is_made_anew(ready: Machine) -> None:
    (ready.checkout / "requirements.lock").write_text("app==2\n")
    assert ready.run("demo", PIP_STATUS="1").returncode == 1
    (ready.checkout / "requirements.lock").write_text("app==1\n")
    ready.log()
    ready.run("demo")
    assert ready.log()[0] == "venv"


def test_a_vanished_interpreter_makes_the_environment_anew(ready: Machine) -> None:
    (ready.fakes / "python3").rename(ready.fakes / "python3.12")
    assert ready.run("demo").returncode == 0
    assert ready.log()[0] == "venv"


def test_an_upgraded_interpreter_makes_the_environment_anew(ready: Machine) -> None:
    (ready.fakes / "python3").rename(ready.fakes / "python3.99")
    (ready.fakes / "python3").symlink_to("python3.99")
    assert ready.run("demo").returncode == 0
    assert ready.log()[0] == "venv"


def test_without_rights_one_sentence_names_the_command(machine: Machine) -> None:
    machine.command("id", "#!/bin/sh\necho 1000\n")
    refused = machine.run("demo")
    assert refused.returncode == 1
    assert machine.log() == []
    assert len(refused.stderr.splitlines()) == 1
    assert "run this as root, then try again: apt-get update && apt-get install -y --no-install-recommends python3-venv" in refused.stderr


def test_with_sudo_it_installs(machine: Machine) -> None:
    machine.command("id", "#!/bin/sh\necho 1000\n")
    machine.command("sudo", '#!/bin/sh\necho "sudo $1" >>"$FAKES/log"\nexec "$@"\n')
    assert machine.run("demo").returncode == 0
    assert "sudo apt-get" in machine.log()


def test_a_package_that_provides_the_name_counts(ready: Machine) -> None:
    installed = ready.fakes / "installed"
    installed.write_text(installed.read_text().replace("installed libglib2.0-0 ", "installed libglib2.0-0t64 libglib2.0-0 (= 2.84)"))
    (ready.checkout / ".venv/installed").unlink()
    ready.run("demo")
    assert ready.log()[0] == "venv"


def test_where_there_is_no_apt_the_rest_is_installed(machine: Machine) -> None:
    (machine.fakes / "apt-get").unlink()
    assert machine.run("demo").returncode == 0
    assert machine.log()[0] == "venv"


def test_without_a_fit_python_one_sentence_says_so(machine: Machine) -> None:
    machine.command("python3", "#!/bin/sh\nexit 1\n")
    refused = machine.run("demo")
    assert refused.returncode == 1
    assert "Python 3.11 or later" in refused.stderr.splitlines()[-1]


def test_indonesian_unless_english_is_asked_for(machine: Machine) -> None:
    machine.command("id", "#!/bin/sh\necho 1000\n")
    del machine.env["JAGA_LANG"]
    assert "jalankan ini sebagai root" in machine.run().stderr
    assert "jalankan ini sebagai root" in machine.run(LANG="C.UTF-8").stderr
    assert "run this as root" in machine.run(LANG="en_GB.UTF-8").stderr
    assert "jalankan ini sebagai root" in machine.run(LANG="en_GB.UTF-8", JAGA_LANG="id").stderr


def test_the_tests_install_both_locks_and_run_every_check(machine: Machine) -> None:
    assert machine.run("test").returncode == 0
    _, install, _, pip, *checks = machine.log()
    assert "gir1.2-gst-rtsp-server-1.0" in install
    assert pip.endswith(f"-r {machine.checkout}/requirements.lock -r {machine.checkout}/tests/requirements.lock")
    assert checks == ["-m ruff check .", "-m ruff format --check .", "-m mypy", ".venv/bin/lint-imports", "-m pytest -n 3"]
    machine.run("demo")
    assert machine.log() == [f"{machine.checkout}/main.py demo"], "who can test can start"


def test_the_application_is_not_enough_for_the_tests(ready: Machine) -> None:
    ready.run("test")
    assert any(line.startswith("pip") for line in ready.log())


def test_given_arguments_only_pytest_runs(machine: Machine) -> None:
    done = machine.run("test", "tests/camera", "-k", "one or two")
    assert done.stdout == f"<-m><pytest><tests/camera><-k><one or two>\nin {machine.checkout}\n"


@pytest.mark.parametrize("verdict", ["echo 'warning: unused'", "exit 1"])
def test_a_lint_that_warns_or_fails_stops_the_run(machine: Machine, verdict: str) -> None:
    lint = f'case "$*" in *ruff*) {verdict}; exit 0 ;; esac\n'
    machine.command("python3", (machine.fakes / "python3").read_text().replace("#!/bin/sh\n", f"#!/bin/sh\n{lint}"))
    assert machine.run("test").returncode == 1
    assert "-m pytest -n 3" not in machine.log()


@pytest.mark.parametrize("arguments", [(), ("nothing",), ("../hello",), ("Hello",)])
def test_an_unknown_benchmark_names_those_there_are(machine: Machine, arguments: tuple[str, ...]) -> None:
    (machine.checkout / "tests/benchmarks").mkdir()
    (machine.checkout / "tests/benchmarks/hello.py").touch()
    (machine.checkout / "tests/hello.py").touch()
    refused = machine.run("benchmark", *arguments)
    assert refused.returncode == 2
    assert refused.stderr.rstrip().endswith(": hello")
    assert machine.log() == []


def test_a_benchmark_runs_with_its_arguments(machine: Machine) -> None:
    (machine.checkout / "tests/benchmarks").mkdir()
    (machine.checkout / "tests/benchmarks/hello.py").touch()
    assert machine.run("benchmark", "hello", "--quick").stdout.startswith("<-m><tests.benchmarks.hello><--quick>\n")


def test_the_continuous_check_is_the_test_command() -> None:
    assert (PROJECT / ".ci/run").read_text().splitlines()[1:] == ['cd "$(dirname "$0")/.." && exec ./run test']
