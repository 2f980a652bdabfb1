"""Rows 29 to 31: the database of yesterday put back, a row edited and everything hashed anew, the tail cut off; what paper says to each.

Whoever does it owns the file of the database. What finds it is a checkpoint that was printed before, given to `check`.
"""

import shutil
import sqlite3
from contextlib import closing
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from storage.database import FILE_NAME, open_database
from storage.evidence.checkpoints import Purpose, issue_checkpoint
from storage.ledger.position import totals
from storage.rules.checkpoint import spoken_text
from tests.paper import qr_text
from tests.storage.depot import open_depot
from tests.storage.tampering import rehash, tamper
from tests.test_main import run

YESTERDAY = datetime(2024, 2, 1, 1, 0, tzinfo=UTC)
TODAY = datetime(2024, 2, 2, 1, 0, tzinfo=UTC)


class Robbed:
    """A data folder; yesterday's file beside it; and today's checkpoint as it stands on paper, in the daily file and is read aloud."""

    def __init__(self, folder: Path, begun: datetime = YESTERDAY) -> None:
        self.data, self.yesterday = folder / "data", folder / "yesterday.db"
        database = open_database(self.data)
        depot = open_depot(database, begun)
        depot.receive(2_000)
        issue_checkpoint(database, depot.here, Purpose.DAILY, now=YESTERDAY)
        with closing(sqlite3.connect(database.path)) as source, closing(sqlite3.connect(self.yesterday)) as target:
            source.backup(target)
        depot.receive(500)
        issued = issue_checkpoint(database, depot.here, Purpose.DOCUMENT, now=TODAY)
        self.text, self.aloud = issued.signed.text, spoken_text(issued.signed.head)
        self.number = issued.signed.head.number
        database.close()

    def check(self, *checkpoints: str) -> tuple[int, str]:
        """What `check` answers, and its exit status."""
        given = [part for text in checkpoints for part in ("--checkpoint", text)]
        done = run("--data", self.data, "check", *given)
        return done.returncode, done.stdout

    def put_back(self) -> None:
        """Yesterday's file takes the place of today's."""
        for end in ("", "-wal", "-shm"):
            (self.data / (FILE_NAME + end)).unlink(missing_ok=True)
        shutil.copyfile(self.yesterday, self.data / FILE_NAME)


@pytest.fixture
def robbed(tmp_path: Path) -> Robbed:
    return Robbed(tmp_path)


def test_before_anything_is_done_to_it_it_is_the_same_book(robbed: Robbed) -> None:
    status, said = robbed.check(robbed.text, robbed.aloud)
    assert status == 0 and said.count("The same book: the checkpoint of 31.75 at entry") == 2


def test_29_yesterdays_database_is_whole_by_itself_and_found_by_todays_checkpoint(robbed: Robbed) -> None:
    robbed.put_back()
    assert robbed.check()[0] == 0, "by itself it is a whole book: nothing but a checkpoint from outside can tell"
    for text in (robbed.text, robbed.aloud):
        status, said = robbed.check(text)
        assert status == 1
        assert f"This is an older state of the book: the checkpoint of 31.75 says {robbed.number} entries, the book ends at" in said
        assert "It was rolled back, or its end was cut off." in said
    assert robbed.yesterday.exists() and (robbed.data / FILE_NAME).exists(), "nothing is repaired by itself"


def test_30_an_edited_row_breaks_the_chain_at_that_row(robbed: Robbed) -> None:
    database = open_database(robbed.data)
    tamper(database, "UPDATE movement SET quantity = quantity - 1 WHERE id = 1")
    database.close()
    status, said = robbed.check()
    assert status == 1 and "is not what was chained: it, or its place, was changed." in said


def test_30_edited_and_hashed_anew_it_is_found_by_the_checkpoint(robbed: Robbed) -> None:
    database = open_database(robbed.data)
    tamper(
        database,
        "UPDATE movement SET quantity = quantity - 1 WHERE id = 1",
        "UPDATE delivery_line SET received = received - 1 WHERE event_id = (SELECT event_id FROM movement WHERE id = 1)",
        "DELETE FROM checkpoint",
    )
    rehash(database)
    database.close()
    assert "made anew" not in robbed.check()[1]
    for text in (robbed.text, robbed.aloud):
        status, said = robbed.check(text)
        assert status == 1 and "The book of 31.75 was made anew, or is another" in said


def test_31_a_tail_that_is_cut_off_is_found_by_the_checkpoint(robbed: Robbed) -> None:
    """The last entry is the checkpoint's own record: without it the rest hangs together."""
    database = open_database(robbed.data)
    tamper(
        database,
        "DELETE FROM record WHERE event_id = (SELECT max(event_id) FROM chain_link)",
        "DELETE FROM chain_link WHERE event_id = (SELECT max(event_id) FROM chain_link)",
        "DELETE FROM checkpoint WHERE id = (SELECT max(id) FROM checkpoint)",
    )
    database.close()
    assert robbed.check()[0] == 0
    status, said = robbed.check(robbed.aloud)
    assert status == 1 and f"says {robbed.number} entries, the book ends at {robbed.number - 1}" in said


def test_another_book_with_the_same_name_is_another_book(robbed: Robbed, tmp_path: Path) -> None:
    other = Robbed(tmp_path / "other", YESTERDAY + timedelta(seconds=1))
    database = open_database(other.data)
    assert totals(database).received == 2_500, "its figures agree"
    database.close()
    status, said = other.check(robbed.text)
    assert status == 1 and "is of another book" in said


def test_the_code_of_a_printed_checkpoint_is_given_as_it_is_read(robbed: Robbed, tmp_path: Path) -> None:
    page = tmp_path / "page.pdf"
    assert run("--data", robbed.data, "checkpoint", "--site", "31.75", "--to", page).returncode == 0
    text = qr_text(page.read_bytes())
    assert robbed.check(text)[0] == 0
    robbed.put_back()
    assert "older state of the book" in robbed.check(text)[1]
