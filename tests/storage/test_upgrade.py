"""A database of each released schema, with data in it, opens in this version: nothing is lost and everything is checked."""

import sqlite3
from contextlib import closing
from datetime import timedelta
from pathlib import Path

import pytest
import sqlalchemy as sa

from storage.database import FILE_NAME, HEAD, Database, open_database
from storage.ledger.check import check_books
from storage.ledger.position import StockLine, stock_lines, totals
from storage.ledger.reversal import reverse_event
from storage.migrations import draft
from storage.people.person import Grant, Role, end_role, grant_role, list_people
from storage.people.right import NotAllowed
from storage.people.sign_in import nobody_has_a_secret
from storage.places import list_cameras, list_sites
from storage.rules.movement import State
from storage.rules.refusal import Refusal
from storage.stock.counts import accept_count, list_counts, record_sheet
from storage.stock.deliveries import list_deliveries
from storage.stock.reprints import list_reprints
from storage.watch.alarms import list_alarms
from storage.watch.chaining import chain_segments
from storage.watch.events import alarm_boxes
from storage.watch.gaps import gaps_between
from storage.watch.grid import MINUTE_BYTES, touched
from storage.watch.journal import WatchJournal
from storage.watch.segments import footage_between
from storage.watch.states import camera_states
from storage.watch.views import CameraView, set_view, views
from tests.storage.store import assert_balanced

# By revision: a dump of a small database that the version of then had written.
RELEASED = {
    "0001": "first_schema.sql",
    "0002": "second_schema.sql",
    "0003": "third_schema.sql",
    "0004": "fourth_schema.sql",
    "0005": "fifth_schema.sql",
}
# The books as the first schema's own code listed them.
LINES = [
    StockLine(1, 1, need=1000, declared=1000, received=980, short=20, reprinted=25, reprint_open=4, unsorted=193, good=800, damaged=10),
    StockLine(1, 2, need=500, declared=500, received=512, over=12, unsorted=512),
    StockLine(1, 3, declared=100, received=100, unsorted=100),
    StockLine(2, 1, need=300, declared=300, received=300, unsorted=300),
]


def load(revision: str, folder: Path) -> Path:
    """Puts the database of then into a data folder."""
    folder.mkdir()
    with closing(sqlite3.connect(folder / FILE_NAME)) as raw:
        raw.executescript((Path(__file__).with_name(RELEASED[revision])).read_text(encoding="utf-8"))
        raw.commit()
    return folder


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """The first schema's, of which the books were of another kind."""
    return load("0001", tmp_path / "data")


def rows(database: Database, query: str) -> list[tuple[object, ...]]:
    with database.read() as connection:
        return [tuple(row) for row in connection.execute(sa.text(query))]


def test_the_books_say_what_they_said(folder: Path) -> None:
    with closing(sqlite3.connect(folder / FILE_NAME)) as raw:
        events = raw.execute("SELECT id, site_id, kind, happened_at, recorded_at, person_id, reason, key FROM stock_event").fetchall()
    database = open_database(folder)
    assert rows(database, "SELECT version_num FROM alembic_version") == [(HEAD,)]
    assert stock_lines(database) == LINES
    sums = totals(database)
    assert (sums.need, sums.received, sums.short, sums.over, sums.reprint_open) == (1_800, 1_917, 20, 12, 4)
    kept = rows(database, "SELECT id, site_id, kind, happened_at, recorded_at, person_id, reason, key FROM stock_event ORDER BY id")
    assert kept[: len(events)] == events
    new = [(1, "need"), (1, "schema"), (2, "need"), (2, "schema"), (1, "schema"), (2, "schema"), (1, "schema"), (2, "schema")]
    assert [row[1:3] for row in kept[len(events) :]] == new
    assert_balanced(database)
    assert check_books(database).findings == ()
    assert rows(database, "PRAGMA foreign_key_check") == []
    database.close()


def test_everything_beside_the_sheets_is_still_there(folder: Path) -> None:
    database = open_database(folder)
    assert [site.code for site in list_sites(database)] == ["31.01", "31.74", "31.75"]
    assert [note.note_number for note in list_deliveries(database, 1)] == ["SJ/2", "SJ/1"]
    [reprint] = list_reprints(database, 1)
    assert (reprint.for_damaged, reprint.for_short, reprint.received, reprint.open) == (9, 20, 25, 4)
    [count] = list_counts(database, 1)
    assert count.accepted
    assert count.variance == {State.UNSORTED: -2, State.GOOD: 0, State.DAMAGED: 0, State.SURPLUS: 0, State.PACKED: 0}
    assert [camera.name for camera in list_cameras(database)] == ["Kamera 1"]
    [alarm] = list_alarms(database)
    assert rows(database, "SELECT alarm_id, step FROM alarm_step") == [(alarm.id, "acknowledged")]
    database.close()


def test_the_work_goes_on_in_an_upgraded_database(folder: Path) -> None:
    database = open_database(folder)
    people = {person.role: person for person in list_people(database)}
    budi, agus = people[Role.OFFICER], people[Role.SUPERVISOR]
    now = list_counts(database, 2)[0].began_at.replace(year=2027)
    [waiting] = list_counts(database, 2)
    assert waiting.next_team == 2
    with pytest.raises(Refusal, match="No two teams"):
        accept_count(database, waiting.id, "one is missing", by=agus, now=now, key="too early")
    record_sheet(database, waiting.id, 2, {State.UNSORTED: 299}, by=agus, now=now, key="second team")
    sorting = rows(database, "SELECT max(id) FROM stock_event WHERE kind = 'sorting'")[0][0]
    assert isinstance(sorting, int)
    reverse_event(database, sorting, "not sorted after all", by=budi, now=now, key="taken back")
    line = stock_lines(database, 1)[0]
    assert (line.unsorted, line.good, line.damaged) == (294, 700, 9)
    assert check_books(database).findings == ()
    database.close()


def test_a_second_opening_changes_nothing(folder: Path) -> None:
    open_database(folder).close()
    before = (folder / FILE_NAME).read_bytes()
    open_database(folder).close()
    assert (folder / FILE_NAME).read_bytes() == before


def test_an_upgrade_that_fails_leaves_the_file_as_it_was(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    before = list(closing_dump(folder))

    def fail(_connection: object) -> None:
        raise OSError("no more")

    monkeypatch.setattr("storage.ledger.links.pages", fail)
    with pytest.raises(TypeError):
        open_database(folder)
    monkeypatch.undo()
    assert list(closing_dump(folder)) == before
    database = open_database(folder)
    assert stock_lines(database) == LINES
    database.close()


def closing_dump(folder: Path) -> list[str]:
    with closing(sqlite3.connect(folder / FILE_NAME)) as raw:
        return list(raw.iterdump())


def test_the_books_of_the_second_schema_go_on_under_more_guards(tmp_path: Path) -> None:
    folder = load("0002", tmp_path / "data")
    tables = ("stock_event", "chain_link", "movement", "balance", "content", "delivery_line", "packing", "consignment_end", "witness")
    with closing(sqlite3.connect(folder / FILE_NAME)) as raw:
        before = {table: raw.execute(f"SELECT * FROM {table}").fetchall() for table in tables}
        sites = {row[0] for row in raw.execute("SELECT DISTINCT site_id FROM chain_link")}
    database = open_database(folder)
    for table in tables:
        of_stock = " WHERE kind <> 'record' ORDER BY event_id" if table == "chain_link" else ""
        kept = [tuple(row) for row in rows(database, f"SELECT * FROM {table}{of_stock}")]
        new = 2 * len(sites) if table in ("stock_event", "chain_link") else 0
        assert (len(kept), kept[: len(before[table])]) == (len(before[table]) + new, before[table]), table
    said = rows(database, f"SELECT site_id, kind, reason FROM stock_event ORDER BY id DESC LIMIT {2 * len(sites)}")
    assert sorted(said) == [(site_id, "schema", revision) for site_id in sorted(sites) for revision in ("0003", "0006")]
    assert check_books(database).findings == ()
    statement = "INSERT INTO movement (event_id, class_id, quantity, from_site_id, from_state, to_site_id, to_state) "
    with pytest.raises(sa.exc.IntegrityError, match="whole numbers"), database.write() as connection:
        connection.exec_driver_sql(statement + "VALUES (1, 1, 1.5, 1, 'good', 1, 'surplus')")
    database.close()


def test_there_is_a_dump_of_every_schema_but_the_newest() -> None:
    assert sorted([*RELEASED, HEAD]) == sorted(path.stem[:4] for path in Path(draft.__file__).with_name("versions").glob("0*.py"))


def test_the_watch_of_the_third_schema_watches_everything_as_before(tmp_path: Path) -> None:
    database = open_database(load("0003", tmp_path / "data"))
    assert [(camera.name, camera.sub_address, camera.sensitivity) for camera in list_cameras(database)] == [
        ("Kamera 1", "", 50),
        ("Kamera 2", "", 50),
    ]
    assert views(database) == {}
    [alarm] = list_alarms(database)
    assert (alarm.kind, alarm.peak_pct, alarm.person_pct, alarm.verdict) == ("motion", 7.0, None, "authorised")
    assert [(state.camera_id, state.state, state.watched_how) for state in camera_states(database)] == [(1, "live", "")]
    journal = WatchJournal(database, lambda _table, _row: None)
    journal.event_verified(alarm.event_id, 88.0)
    minute_at = alarm.started_at.replace(second=0, microsecond=0)
    journal.motion_kept(1, minute_at, b"\xff" * MINUTE_BYTES)
    assert list_alarms(database)[0].person_pct == 88.0
    assert touched(database, 1, alarm_boxes(database, alarm.id)[0], minute_at, minute_at + timedelta(hours=1)) == [
        (minute_at, minute_at + timedelta(minutes=1))
    ]
    agus = next(person for person in list_people(database) if person.role is Role.SUPERVISOR)
    set_view(database, 1, CameraView(sensitivity=80), by=agus, now=alarm.started_at)
    assert list_cameras(database)[0].sensitivity == 80
    assert check_books(database).findings == ()
    assert rows(database, "PRAGMA foreign_key_check") == []
    database.close()


def test_the_footage_of_the_fourth_schema_is_numbered(tmp_path: Path) -> None:
    database = open_database(load("0004", tmp_path / "data"))
    assert rows(database, "SELECT camera_id, number FROM segment ORDER BY id") == [(1, 1), (1, 2), (1, 3), (2, 1), (2, 2)]
    [alarm] = list_alarms(database)
    assert (alarm.camera, alarm.verdict, alarm.note) == ("Kamera 1", "false_alarm", "a cat")
    at = alarm.started_at
    assert len(footage_between(database, 1, at, at + timedelta(minutes=2))) == 3
    assert [(gap.camera_id, gap.cause) for gap in gaps_between(database, at, at + timedelta(hours=1))] == [
        (2, "camera_lost"),
        (2, "login_refused"),
    ]
    with pytest.raises(sa.exc.IntegrityError, match="append-only"), database.write() as connection:
        connection.execute(sa.text("DELETE FROM alarm"))
    assert check_books(database).findings == ()
    assert rows(database, "PRAGMA foreign_key_check") == []
    database.close()


def test_the_people_of_the_fifth_schema_keep_their_roles_at_every_site(tmp_path: Path) -> None:
    folder = load("0005", tmp_path / "data")
    with closing(sqlite3.connect(folder / FILE_NAME)) as raw:
        before = raw.execute("SELECT id, name, role, created_at FROM person ORDER BY id").fetchall()
    assert {row[2] for row in before} == {role.value for role in Role}
    database = open_database(folder)
    assert {person.id: (person.name, person.grants) for person in list_people(database)} == {
        person_id: (name, frozenset({Grant(Role(role))})) for person_id, name, role, _at in before
    }
    assert rows(database, "SELECT person_id, role, site_id, from_at, until_at FROM role_grant ORDER BY id") == [
        (person_id, role, None, created_at, None) for person_id, _name, role, created_at in before
    ]
    assert check_books(database).findings == ()
    assert rows(database, "PRAGMA foreign_key_check") == []
    database.close()


def test_the_chain_of_the_fifth_schema_goes_on_with_records(tmp_path: Path) -> None:
    folder = load("0005", tmp_path / "data")
    with closing(sqlite3.connect(folder / FILE_NAME)) as raw:
        links = raw.execute("SELECT * FROM chain_link ORDER BY event_id").fetchall()
    database = open_database(folder)
    people = {person.role: person for person in list_people(database)}
    agus, rahmat = people[Role.SUPERVISOR], people[Role.ADMINISTRATOR]
    now = list_alarms(database)[0].raised_at
    assert nobody_has_a_secret(database)
    end_role(database, agus.id, Grant(Role.SUPERVISOR), now=now, by=rahmat)
    grant_role(database, agus.id, Grant(Role.OFFICER, 1), now=now, by=rahmat)
    assert rows(database, "SELECT * FROM chain_link ORDER BY event_id")[: len(links)] == links
    told = rows(database, "SELECT act, person_id FROM record ORDER BY event_id")
    assert told[-2:] == [("role_ended", rahmat.id), ("role_granted", rahmat.id)]
    assert set(told[:-2]) == {("rows_known", None)}
    with pytest.raises(NotAllowed):
        set_view(database, 1, CameraView(sensitivity=10), by=agus, now=now)
    with database.write() as connection:
        chain_segments(connection, now)
    kept = "SELECT r.act, count(*) FROM segment s JOIN record r ON r.event_id = s.record_id GROUP BY r.act"
    assert rows(database, kept) == [("segments_kept", 5)]
    assert check_books(database).findings == ()
    database.close()
