"""`checkpoint` and `check --checkpoint` from a terminal: every form that is given out is taken back; what is no checkpoint is said."""

import json
from datetime import UTC, datetime
from pathlib import Path

import pytest

from storage.database import open_database
from storage.evidence.checkpoints import last_checkpoints
from tests.storage.depot import open_depot
from tests.test_main import run


@pytest.fixture(scope="module")
def data(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("book") / "data"
    database = open_database(folder)
    open_depot(database, datetime(2024, 2, 1, 1, 0, tzinfo=UTC)).receive(2_000)
    database.close()
    return folder


def test_it_is_printed_as_code_as_text_and_to_be_read_aloud(data: Path) -> None:
    told = run("--data", data, "checkpoint", "--site", "31.75").stdout.splitlines()
    text, aloud = (next(line for line in told if line.startswith(form)) for form in ("JG2 ", "JG3 "))
    assert any("█" in line or "▄" in line for line in told), "the QR code"
    assert told[-1].startswith("Fingerprint of the key: ")
    checked = run("--data", data, "check", "--checkpoint", text, "--checkpoint", aloud)
    assert checked.returncode == 0 and checked.stdout.count("The same book") == 2


def test_it_is_written_to_a_file_that_check_reads_and_never_over_another(data: Path, tmp_path: Path) -> None:
    file = tmp_path / "checkpoint.txt"
    facts = json.loads(run("--data", data, "checkpoint", "--site", "31.75", "--to", file, "--json").stdout)
    assert facts["checkpoint"] in file.read_text() and facts["aloud"] in file.read_text() and facts["stamped"] is False
    checked = json.loads(run("--data", data, "check", "--json", "--checkpoint", file).stdout)
    assert checked["ok"] and [one["verdict"] for one in checked["checkpoints"]] == ["same", "same"]
    before = file.read_bytes()
    refused = run("--data", data, "checkpoint", "--site", "31.75", "--to", file)
    assert refused.returncode == 1 and len(refused.stderr.splitlines()) == 1 and file.read_bytes() == before


def test_each_one_is_kept_in_the_book_that_it_is_of(data: Path) -> None:
    text = json.loads(run("--data", data, "checkpoint", "--site", "31.75", "--json").stdout)["checkpoint"]
    database = open_database(data)
    assert last_checkpoints(database, 1)[0].text == text
    database.close()


@pytest.mark.parametrize(
    ("given", "said"),
    [
        ("nonsense", "This is no checkpoint: nonsense."),
        ("JG2 31.75 3 abc", "This is no checkpoint: JG2 31.75 3 abc."),
        ("", "no checkpoint"),
        ("JG3 31.75 3-9 00000 00000 00000 00000 00000 00000 00000", "3"),
    ],
)
def test_what_is_no_checkpoint_is_said_in_one_sentence(data: Path, given: str, said: str) -> None:
    refused = run("--data", data, "check", "--checkpoint", given)
    assert refused.returncode == 1 and refused.stdout == ""
    assert said in refused.stderr and len(refused.stderr.splitlines()) == 1


def test_a_signature_that_was_changed_is_said(data: Path) -> None:
    text = json.loads(run("--data", data, "checkpoint", "--site", "31.75", "--json").stdout)["checkpoint"]
    forged = text[:-1] + ("0" if text[-1] != "0" else "1")
    told = run("--data", data, "check", "--checkpoint", forged)
    assert told.returncode == 1 and "was changed: its signature does not fit." in told.stdout


def test_without_that_warehouse_or_its_authority_it_says_so(data: Path, tmp_path: Path) -> None:
    assert "99" in run("--data", data, "checkpoint", "--site", "99").stderr
    (data / "settings.toml").write_text('time_stamps = "http://127.0.0.1:9/tsr"\n')
    refused = run("--data", data, "checkpoint", "--site", "31.75")
    (data / "settings.toml").unlink()
    assert refused.returncode == 1 and len(refused.stderr.splitlines()) == 1 and "time_stamp_roots" in refused.stderr
