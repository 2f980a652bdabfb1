"""The log as a trail: every entry is shown once, newest first, by windows, to whom may see it; and who saw which footage."""

import csv
import json
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest
import sqlalchemy as sa

from storage.audit.trail import ANYBODY, Filter, LogEntry, all_entries, count_entries, log_entries
from storage.audit.writing import write_log
from storage.database import Database
from storage.people.person import Role
from storage.places import add_room
from storage.rules.refusal import Refusal
from storage.schema.ledger import chain_link
from storage.watch.seen import SEEN, note_seen
from tests.storage.everybody import Place, World, open_world
from tests.storage.scene import BEGIN, play


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> World:
    return open_world(tmp_path_factory.mktemp("world") / "data")


@pytest.fixture
def book(made: World, tmp_path: Path) -> Iterator[Database]:
    with made.copied(tmp_path / "data") as database:
        yield database


def links(book: Database) -> list[tuple[int, int, bytes]]:
    own = chain_link.c
    with book.read() as connection:
        rows = connection.execute(sa.select(own.event_id, own.number, own.hash).order_by(own.event_id.desc()))
        return [(row.event_id, row.number, bytes(row.hash)) for row in rows]


def seen(entries: list[LogEntry]) -> list[LogEntry]:
    return [entry for entry in entries if entry.act == SEEN]


def test_every_link_of_every_chain_is_shown_once_newest_first(book: Database) -> None:
    entries = list(all_entries(book))
    assert [(entry.id, entry.number, entry.hash) for entry in entries] == links(book)
    assert {"delivery", "count", "room_unlocked", "person_added", "verdict_given"} <= {entry.act for entry in entries}
    assert count_entries(book) == len(entries)


def test_it_reads_the_same_from_either_database(database: Database) -> None:
    scene = play(database)
    entries = list(all_entries(database, filters=Filter(since=BEGIN - timedelta(days=1))))
    assert [(entry.id, entry.number, entry.hash) for entry in entries] == links(database)
    told = list(all_entries(database, scene.depot.here, Filter(act="delivery")))
    assert told and all(entry.happened_at is not None and entry.said["delivery"] for entry in told)
    assert len(list(all_entries(database, filters=Filter(who=ANYBODY)))) < len(entries)


def test_windows_hang_together_whatever_is_written_meanwhile(made: World, book: Database) -> None:
    before = [entry.id for entry in all_entries(book)]
    first = log_entries(book, limit=7)
    add_room(book, made.here, "Ruang baru", now=made.now)
    rest: list[LogEntry] = []
    while window := log_entries(book, before=(rest or first)[-1].id, limit=7):
        rest += window
    assert [entry.id for entry in [*first, *rest]] == before


def test_it_says_who_before_whom_and_about_what(book: Database) -> None:
    [unlocked] = log_entries(book, filters=Filter(act="room_unlocked"))
    assert (unlocked.person, unlocked.second, unlocked.about) == ("guard everywhere", "supervisor everywhere", ("Ruang B",))
    assert [one["institution"] for one in unlocked.said["witnesses"]] == ["polri", "bawaslu"]
    [verdict] = log_entries(book, filters=Filter(act="verdict_given"))
    assert verdict.about == ("Ruang A", "on") and verdict.said["verdict"] == "real_incident"
    dispatch = log_entries(book, filters=Filter(act="dispatch"))[0]
    assert dispatch.said["consignment"][0]["vehicle"] == "B 1 A" and dispatch.said["movement"] and dispatch.about
    assert dispatch.happened_at is not None and dispatch.facts["at"].endswith("Z")


def test_filters_by_person_time_and_act_find_what_they_say_and_no_more(made: World, book: Database) -> None:
    everything = list(all_entries(book))
    guard = made.people[Role.GUARD, Place.EVERYWHERE]
    by_guard = list(all_entries(book, filters=Filter(who=guard.id)))
    assert by_guard == [entry for entry in everything if guard.name in (entry.person, entry.second)] != []
    persons = list(all_entries(book, filters=Filter(who=ANYBODY)))
    assert persons == [entry for entry in everything if entry.person] and len(persons) < len(everything)
    middle = everything[len(everything) // 2].at
    since, until = (list(all_entries(book, filters=told)) for told in (Filter(since=middle), Filter(until=middle)))
    assert all(entry.at >= middle for entry in since) and all(entry.at < middle for entry in until)
    assert sorted(entry.id for entry in [*since, *until]) == sorted(entry.id for entry in everything)


def test_who_may_see_the_log_of_one_site_sees_that_site_alone(made: World, book: Database) -> None:
    of_other = made.people[Role.AUDITOR, Place.ELSEWHERE]
    add_room(book, made.other, "Ruang jauh", now=made.now)
    sites = {entry.site_code for entry in all_entries(book.used_by(of_other.id))}
    assert len(sites) == 1 and sites < {entry.site_code for entry in all_entries(book)}
    assert count_entries(book.used_by(of_other.id)) == count_entries(book, made.other)
    assert list(all_entries(book.used_by(made.people[Role.AUDITOR, Place.EVERYWHERE].id))) == list(all_entries(book))


def test_opening_footage_is_told_once_a_minute_with_camera_and_time(made: World, book: Database) -> None:
    guard, auditor = made.people[Role.GUARD, Place.HERE], made.people[Role.AUDITOR, Place.EVERYWHERE]
    camera, begins, ends = made.ids["camera on"], made.now - timedelta(hours=1), made.now - timedelta(minutes=58)
    for seconds in (0, 40):
        note_seen(book.used_by(guard.id), camera, begins, ends, by=guard, now=made.now + timedelta(seconds=seconds))
    note_seen(book, camera, begins, ends, by=auditor, now=made.now + timedelta(seconds=41))
    note_seen(book, camera, begins + timedelta(minutes=1), ends, by=guard, now=made.now + timedelta(seconds=42))
    note_seen(book, camera, begins, ends, by=guard, now=made.now + timedelta(seconds=70))
    note_seen(book, camera, begins, ends, login="operator", now=made.now + timedelta(seconds=71))
    found = seen(list(all_entries(book)))
    assert [entry.person for entry in found] == ["", guard.name, guard.name, auditor.name, guard.name]
    assert found[0].said["login"] == "operator" and found[-1].about == ("Ruang A", "on")
    assert {entry.said["camera"] for entry in found} == {camera}
    with pytest.raises(Refusal, match="no camera with the number 99"):
        note_seen(book, 99, begins, ends, now=made.now)


def test_it_is_written_as_a_table_and_as_json_whole_or_not_at_all(book: Database, tmp_path: Path) -> None:
    entries = list(all_entries(book))
    table, array = tmp_path / "log.csv", tmp_path / "log.json"
    told: list[int] = []
    count = write_log(table, entries, ["No.", "Act"], lambda entry: [entry.number, "=" + entry.act], title="Log", tell=told.append)
    rows = list(csv.reader(table.read_text("utf-8-sig").splitlines()))
    assert count == len(entries) == len(rows) - 1
    assert rows[1] == [str(entries[0].number), "'=" + entries[0].act], "no spreadsheet calculates what somebody has written"
    write_log(array, entries, [], lambda _entry: [], title="Log")
    assert json.loads(array.read_text("utf-8")) == [entry.facts for entry in entries]
    write_log(array, [], [], lambda _entry: [], title="Log")
    assert json.loads(array.read_text("utf-8")) == []
    before = table.read_bytes()
    with pytest.raises(Refusal, match="called off"):
        write_log(table, entries, ["No."], lambda entry: [entry.number], title="Log", cancelled=lambda: True)
    with pytest.raises(Refusal, match=r"\.csv or \.xlsx"):
        write_log(tmp_path / "log.doc", entries, ["No."], lambda entry: [entry.number], title="Log")
    with pytest.raises(Refusal, match="cannot be written"):
        write_log(tmp_path / "nowhere" / "log.json", entries, [], lambda _entry: [], title="Log")
    assert table.read_bytes() == before and sorted(path.name for path in tmp_path.glob("log*")) == ["log.csv", "log.json"]
