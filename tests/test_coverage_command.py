"""`coverage` from a terminal: in words, as JSON, and the exit status where something is unexplained."""

import json
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from camera.journal import Cause, EndReason, WrittenSegment
from storage.database import Database, open_database
from storage.people.person import Role, add_person
from storage.places import add_camera, add_room, add_site
from storage.watch.journal import WatchJournal
from storage.watch.switching import switched_off
from tests.test_main import run

NOON = datetime(2026, 11, 22, 3, 0, tzinfo=UTC)  # in Jayapura
ENTERED = NOON + timedelta(hours=22)
NIGHT = ("--night", "2026-11-22")


@pytest.fixture
def data(tmp_path: Path) -> Path:
    """Two rooms in Jayapura, always armed; a camera in the first for the last two hours of the night, lost for five minutes of them."""
    folder = tmp_path / "data"
    database = open_database(folder)
    site = add_site(database, "91.71", "Gudang Jayapura", "Asia/Jayapura", now=NOON)
    room, _empty = (add_room(database, site.id, name, now=NOON) for name in ("Ruang B", "Ruang C"))
    add_camera(database, room.id, "Kamera 1", "rtsp://127.0.0.1/1", "", now=ENTERED)
    journal = WatchJournal(database, lambda _table, _row: None)
    film(journal, 0, 60)
    journal.gap_opened(1, ENTERED + timedelta(minutes=60), Cause.CAMERA_LOST)
    journal.gap_closed(1, ENTERED + timedelta(minutes=65))
    film(journal, 65, 120)
    event = journal.event_opened(1, "motion", ENTERED + timedelta(minutes=30), 3.0, (), at=ENTERED)
    journal.event_closed(event, ENTERED + timedelta(minutes=30, seconds=20), 3.0)
    database.close()
    return folder


def film(journal: WatchJournal, from_min: int, until_min: int) -> None:
    begins, ends = (ENTERED + timedelta(minutes=minutes) for minutes in (from_min, until_min))
    journal.segment_written(1, WrittenSegment(f"s/{from_min}.mp4", begins, ends, 9, 9, "0" * 64, EndReason.FULL))


def without_its_first_segment(data: Path) -> None:
    import sqlalchemy as sa

    from storage.schema.footage import segment

    database: Database = open_database(data)
    with database.write() as connection:
        connection.execute(sa.delete(segment).where(segment.c.number == 1))
    database.close()


def test_a_night_in_words(data: Path) -> None:
    told = run("--data", data, "coverage", *NIGHT)
    assert (told.returncode, told.stderr) == (0, "")
    assert told.stdout.splitlines() == [
        "Gudang Jayapura, Ruang B: the night of 22/11/2026, 22/11/2026 12:00 to 23/11/2026 12:00 WIT",
        "  Kamera 1: 120 armed minutes, 114 seen clear, 1 with an event, 5 blind (Camera lost 5)",
        "    23/11/2026 10:30 - 10:31  1 minute  Event  (events 1)",
        "    23/11/2026 11:00 - 11:05  5 minutes  Camera lost",
        "Gudang Jayapura, Ruang C: the night of 22/11/2026, 22/11/2026 12:00 to 23/11/2026 12:00 WIT",
        "  No camera watches this room.",
    ]
    assert "menit dijaga" in run("--data", data, "coverage", *NIGHT, language="id").stdout


def test_a_night_as_json_of_one_room(data: Path) -> None:
    told = run("--data", data, "coverage", "--room", "ruang b", *NIGHT, "--json")
    found = json.loads(told.stdout)
    (room,) = found["rooms"]
    (camera,) = room["cameras"]
    assert (found["ok"], room["room"], room["zone"], room["night"]) == (True, "Ruang B", "Asia/Jayapura", "2026-11-22")
    for facts in (room, camera):
        assert facts["armed"] == facts["seen_clear"] + facts["event"] + facts["blind"] == 120
        assert facts["blind_by_cause"] == {"camera_lost": 5}
    assert camera["spans"][1] == {
        "from": "2026-11-23T01:30:00+00:00",
        "until": "2026-11-23T01:31:00+00:00",
        "minutes": 1,
        "seen": "event",
        "cause": "",
        "events": [1],
    }
    assert sum(span["minutes"] for span in camera["spans"]) == 120


def test_what_is_unexplained_is_named_and_fails(data: Path) -> None:
    without_its_first_segment(data)
    told = run("--data", data, "coverage", *NIGHT)
    assert told.returncode == 1
    assert "60 minutes  Unexplained  (events 1)" in told.stdout
    assert "Segments were taken out of the table: 1" in told.stdout
    assert json.loads(run("--data", data, "coverage", *NIGHT, "--json").stdout)["ok"] is False


def test_a_room_that_is_not_there_and_a_night_that_is_none(data: Path) -> None:
    refused = run("--data", data, "coverage", "--room", "Ruang Z")
    assert (refused.returncode, refused.stderr) == (1, "There is no room named Ruang Z.\n")
    assert run("--data", data, "coverage", "--night", "kemarin").returncode == 2


def test_a_camera_is_switched_off_and_on_by_name(data: Path) -> None:
    database = open_database(data)
    for name, role in (("Agus", Role.SUPERVISOR), ("Sari", Role.GUARD)):
        add_person(database, name, role, now=NOON)
    off = ("--data", data, "cameras", "off", "1", "--reason", "Lensa dibersihkan", "--by")
    for name, said in (("Sari", "Sari may not do this"), ("Dewi", "Nobody here is called Dewi")):
        refused = run(*off, name)
        assert refused.returncode == 1 and said in refused.stderr
    assert "Camera 1 is switched off" in run(*off, "agus").stdout
    assert [one.reason for one in switched_off(database).values()] == ["Lensa dibersihkan"]
    assert run("--data", data, "cameras", "on", "1", "--by", "Agus").returncode == 0
    assert switched_off(database) == {}
    database.close()
