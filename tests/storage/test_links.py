"""What is sealed is the same text, whether the database writes it or Python does."""

import json

import pytest
import sqlalchemy as sa

from storage.database import Database
from storage.ledger.check import check_books
from storage.ledger.links import RECORD_KIND, chained_events, sealed_events
from storage.rules.chain import sealed_text, sorted_facts
from storage.schema.chained import FACTS
from storage.schema.guards import SQLITE
from storage.stock.containers import ContainerKind, enter_containers
from tests.storage.depot import Depot
from tests.storage.scene import play
from tests.storage.tampering import found, tamper

# What a writer of JSON might write in more than one way.
ODD = 'Gudang "Timur" \\ é 字 \U0001f5f3 / \x7f'


@pytest.fixture
def depot(database: Database) -> Depot:
    """Everything has happened at least once, some of it with odd names."""
    opened = play(database).depot
    codes = [f"{ODD} {number}" for number in (10, 9, 1)]
    with database.write() as connection:
        enter_containers(connection, opened.here, ContainerKind.CARTON, codes, opened.entry(f"line\nbreak\t{ODD}\r\x01"))
    return opened


def test_the_texts_of_the_database_are_those_of_python(depot: Depot) -> None:
    with depot.database.read() as connection:
        sealed = list(sealed_events(connection))
        records = connection.execute(sa.text("SELECT event_id, act FROM record ORDER BY event_id")).all()
        chained = {event.event[0]: event for event in chained_events(connection)}
    assert {table for event in chained.values() for table in event.facts} == set(FACTS)
    assert [event_id for event_id, _site, _kind, _text in sealed] == sorted([*chained, *(row.event_id for row in records)])
    texts = {event_id: text for event_id, _site, kind, text in sealed if kind != RECORD_KIND}
    assert texts == {event_id: event.text for event_id, event in chained.items()}
    assert {json.loads(f"[{text}")[0][2] for _id, _site, kind, text in sealed if kind == RECORD_KIND} == {row.act for row in records}
    assert max(len(rows) for event in chained.values() for rows in event.facts.values()) > 1
    assert check_books(depot.database).findings == ()


def test_facts_are_sealed_by_their_columns_as_text_an_empty_one_first() -> None:
    rows = [(10, "b"), (9, "b"), (9, None), (9, "a")]
    assert sorted_facts(rows) == [(10, "b"), (9, None), (9, "a"), (9, "b")]
    assert sorted_facts([(10, "b"), (9, "c"), (9, "a")]) == [(10, "b"), (9, "a"), (9, "c")]
    assert sealed_text((1, "a"), [], {"seal": [("x", 2)]}) == '[1,"a"],[],{"seal":[["x",2]]}]'


class TestOfTheFile:
    """Whoever owns it can put in what is no text and no number."""

    @pytest.fixture
    def product(self) -> str:
        return SQLITE

    def test_bytes_in_place_of_a_text_are_an_edited_entry(self, depot: Depot) -> None:
        with depot.database.read() as connection:
            event_id = connection.execute(sa.text("SELECT max(event_id) FROM sorting_run")).scalar_one()
        tamper(depot.database, f"UPDATE sorting_run SET team = x'00ff' WHERE event_id = {event_id}")
        assert found(depot.database) == {("edited", str(event_id))}
