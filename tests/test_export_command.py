"""The command that gives the evidence of an incident out: two persons, each with a secret of their own."""

import json
import subprocess
import sys
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest

from storage.evidence.verify import WITH_GAPS, check
from storage.people.sign_in import has_secret
from tests.storage.incident import SECRETS, open_incident
from tests.test_main import PATIENCE_S, ROOT, _environment


@pytest.fixture(scope="module")
def data(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    folder = tmp_path_factory.mktemp("export") / "data"
    scene = open_incident(folder)
    assert has_secret(scene.database, scene.guard.id)
    scene.database.close()
    yield folder


def export(
    data: Path, to: Path, *options: str, secrets: tuple[str, ...] = (SECRETS["Siti"], SECRETS["Agus"]), by: str = "siti"
) -> "subprocess.CompletedProcess[str]":
    """The command as a script gives it: a secret a line."""
    command = [sys.executable, "-W", "error", ROOT / "main.py", "--data", data, "export", "1", "--to", to, "--by", by, "--second", "Agus"]
    given = "".join(f"{secret}\n" for secret in secrets)
    return subprocess.run(
        [*map(str, command), *options], input=given, env=_environment("en"), capture_output=True, text=True, timeout=PATIENCE_S, check=False
    )


def test_two_secrets_give_the_package_out(data: Path, tmp_path: Path) -> None:
    told = export(data, tmp_path, "--json")
    assert told.returncode == 0, told.stderr
    facts = json.loads(told.stdout)
    assert "Give out the evidence of incident 1" in told.stderr
    assert (facts["files"], facts["gaps"]) == (16, 1)
    assert check(Path(facts["folder"]), facts["fingerprint"].replace(" ", "").lower())[0] == WITH_GAPS
    manifest = json.loads((Path(facts["folder"]) / "manifest.json").read_text("utf-8"))
    assert abs((datetime.fromisoformat(manifest["made"]) - datetime.now(UTC)).total_seconds()) < PATIENCE_S
    assert (manifest["by"], manifest["second"]) == ("Siti", "Agus")


def test_the_result_is_told_in_words(data: Path, tmp_path: Path) -> None:
    told = export(data, tmp_path)
    (folder,) = tmp_path.iterdir()
    first, second, _third = told.stdout.splitlines()
    assert first == f"{folder}: 16 files, 1 gaps."
    assert second.startswith("Fingerprint of the key: ")


def test_without_the_right_secrets_nothing_goes_out(data: Path, tmp_path: Path) -> None:
    wrong = export(data, tmp_path, secrets=("wrong-secret-1", SECRETS["Agus"]))
    assert (wrong.returncode, wrong.stderr) == (1, "That is not the secret of Siti.\n")
    second = export(data, tmp_path, secrets=(SECRETS["Siti"], "wrong-secret-1"))
    assert second.returncode == 1 and second.stderr.endswith("That is not the secret of Agus.\n")
    same = export(data, tmp_path, by="Agus", secrets=(SECRETS["Agus"], SECRETS["Agus"]))
    assert same.returncode == 1 and same.stderr.endswith("The second person must be somebody else than Agus.\n")
    assert list(tmp_path.iterdir()) == []
