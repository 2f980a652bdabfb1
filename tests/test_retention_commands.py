"""How long footage is kept, listed and changed from a terminal."""

import json
from datetime import UTC, datetime
from pathlib import Path

import pytest

from storage.database import open_database
from storage.people.person import Role, add_person
from storage.places import add_room, add_site
from tests.test_main import run

NOW = datetime(2026, 11, 21, tzinfo=UTC)


@pytest.fixture
def folder(tmp_path: Path) -> str:
    """A data folder with two rooms of one name in two sites, one of another, and two people."""
    database = open_database(tmp_path / "data")
    for code, names in (("31.75", ("A", "B")), ("31.74", ("B",))):
        site = add_site(database, code, f"Gudang {code}", "Asia/Jakarta", now=NOW)
        for name in names:
            add_room(database, site.id, name, now=NOW)
    add_person(database, "Agus", Role.SUPERVISOR, now=NOW)
    add_person(database, "Sari", Role.GUARD, now=NOW)
    database.close()
    (tmp_path / "data" / "recordings").mkdir()
    return str(tmp_path / "data")


def test_limits_are_set_and_listed(folder: str) -> None:
    change = run("--data", folder, "retention", "set", "--room", "a", "--days", "30", "--gb", "500", "--by", "agus")
    assert change.returncode == 0 and "holds from now on" in change.stdout
    found = json.loads(run("--data", folder, "retention", "--json").stdout)
    assert found["free"] > 0
    assert found["rooms"][0] == {
        "room": 1,
        "name": "A",
        "kept": 0,
        "days": 30,
        "bytes": 500 * 10**9,
        "a_day": 0,
        "days_left": None,
    }
    assert [(room["room"], room["days"], room["bytes"]) for room in found["rooms"][1:]] == [(2, None, None), (3, None, None)]
    lines = run("--data", folder, "retention").stdout.splitlines()
    assert lines[:2] == ["1  A: 0 MB; kept: 30 days, at most 500 GB", "2  B: 0 MB; kept until the disk is nearly full"]


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (("--room", "B", "--days", "3", "--by", "Agus"), "Say which room with its number: 2 B, 3 B."),
        (("--room", "C", "--days", "3", "--by", "Agus"), "Say which room with its number: 1 A, 2 B, 3 B."),
        (("--room", "1", "--days", "0", "--by", "Agus"), "at least one day"),
        (("--room", "1", "--days", "3", "--by", "Sari"), "Sari may not do this"),
        (("--room", "1", "--days", "3", "--by", "Nobody"), "Agus, Sari"),
    ],
)
def test_what_is_refused_is_said_in_one_sentence(folder: str, arguments: tuple[str, ...], said: str) -> None:
    refused = run("--data", folder, "retention", "set", *arguments)
    assert refused.returncode == 1
    assert said in refused.stderr
    assert all(room["days"] is None for room in json.loads(run("--data", folder, "retention", "--json").stdout)["rooms"])
