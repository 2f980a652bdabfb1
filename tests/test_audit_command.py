"""`audit` from a terminal: in lines, as JSON, filtered; and what is asked wrongly is said in one sentence."""

import json
from pathlib import Path

import pytest

from storage.audit.trail import all_entries
from storage.database import open_database
from tests.storage.everybody import open_world
from tests.test_main import run

SINCE = ("audit", "--since", "2024-01-01")


@pytest.fixture(scope="module")
def data(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return open_world(tmp_path_factory.mktemp("audit") / "data").folder


def test_every_entry_is_a_line_with_its_time_its_place_and_its_persons(data: Path) -> None:
    told = run("--data", data, *SINCE).stdout.splitlines()
    database = open_database(data)
    entries = list(all_entries(database))
    database.close()
    assert len(told) == len(entries)
    assert "31.75 #" in told[0] and "Room unlocked  guard everywhere, supervisor everywhere  Ruang B" in told[0]
    assert "witnesses: Iptu Wahyu, Dewi Lestari" in told[0] and "WIB" in told[0]


def test_as_json_it_is_an_object_a_line_with_the_hash_of_the_link(data: Path) -> None:
    told = [json.loads(line) for line in run("--data", data, *SINCE, "--json").stdout.splitlines()]
    database = open_database(data)
    assert told == [json.loads(json.dumps(entry.facts)) for entry in all_entries(database)]
    database.close()


def test_it_is_filtered_by_warehouse_person_kind_and_time(data: Path) -> None:
    told = run("--data", data, *SINCE, "--site", "31.75", "--person", "Guard Everywhere", "--act", "room_unlocked", "--json")
    [entry] = [json.loads(line) for line in told.stdout.splitlines()]
    assert (entry["site"], entry["act"], entry["person"]) == ("31.75", "room_unlocked", "guard everywhere")
    assert run("--data", data, "audit", "--since", "2024-01-01", "--until", "2024-01-02").stdout == ""
    assert run("--data", data, "audit", "--since", entry["at"], "--json").stdout.splitlines()[0] == told.stdout.splitlines()[0]


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (("--since", "lately"), "lately is no day or instant. Write it like 2026-11-20 or 2026-11-20T21:03."),
        (("--since", "2024-02-02", "--until", "2024-02-01"), "The end must be later than the beginning."),
        (("--since", "2024-02-02", "--act", "secret"), "There is no kind of entry secret. There are: adjustment, "),
        (("--since", "2024-02-02", "--person", "Nobody"), "Nobody here is called Nobody. There are: "),
        (("--since", "2024-02-02", "--site", "99"), "99"),
    ],
)
def test_what_is_asked_wrongly_is_said_in_one_sentence(data: Path, arguments: tuple[str, ...], said: str) -> None:
    told = run("--data", data, "audit", *arguments)
    assert told.returncode == 1 and told.stdout == "" and said in told.stderr and len(told.stderr.splitlines()) == 1
