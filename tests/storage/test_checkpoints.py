"""Checkpoints: their text, the groups that are read aloud, and what they say of a book that is the same, older, made anew or another."""

import shutil
import string
from datetime import UTC, datetime
from pathlib import Path

import pytest

from storage.database import FILE_NAME, Database, open_database
from storage.evidence.checkpoints import Issued, Purpose, issue_checkpoint, last_checkpoints
from storage.evidence.daily import DailyCheckpoints
from storage.ledger.against import Verdict, compare
from storage.ledger.check import check_books
from storage.rules.checkpoint import groups, read_checkpoints, spoken_text
from storage.rules.refusal import Refusal
from storage.schema.guards import SQLITE
from tests.storage.depot import Depot, open_depot

NOW = datetime(2026, 11, 22, 12, 0, tzinfo=UTC)


@pytest.fixture
def depot(database: Database) -> Depot:
    """A day of work in two warehouses."""
    opened = open_depot(database, datetime(2024, 2, 1, 1, 0, tzinfo=UTC))
    opened.receive(2_000)
    return opened


@pytest.fixture
def issued(depot: Depot) -> Issued:
    return issue_checkpoint(depot.database, depot.here, Purpose.ASKED, now=NOW)


def verdicts(database: Database, text: str) -> list[Verdict]:
    with database.read() as connection:
        return [one.verdict for one in compare(connection, read_checkpoints(text))]


def test_the_same_book_says_so_in_every_form(depot: Depot, issued: Issued) -> None:
    head = issued.signed.head
    for text in (issued.signed.text, head.text, spoken_text(head)):
        assert verdicts(depot.database, text) == [Verdict.SAME]
    assert check_books(depot.database).findings == ()
    assert [kept.text for kept in last_checkpoints(depot.database, depot.here)] == [issued.signed.text]


@pytest.mark.parametrize("product", [SQLITE], indirect=True)
def test_yesterdays_file_put_back_is_an_older_state(depot: Depot, tmp_path: Path) -> None:
    issue_checkpoint(depot.database, depot.here, Purpose.DAILY, now=NOW)
    older = tmp_path / "older"
    older.mkdir()
    shutil.copyfile(depot.database.path, older / FILE_NAME)
    today = issue_checkpoint(depot.database, depot.here, Purpose.DAILY, now=NOW)
    restored = open_database(older)
    for text in (today.signed.text, spoken_text(today.signed.head)):
        assert verdicts(restored, text) == [Verdict.OLDER]
    restored.close()


def test_another_book_is_told_from_an_older_one(depot: Depot, issued: Issued) -> None:
    other = issued.signed.text.replace(issued.signed.book, "0" * 16)
    # Signed by a key that this book does not know: its signature cannot be judged, the book can.
    assert verdicts(depot.database, other.replace(issued.signed.key, "f" * 16)) == [Verdict.OTHER]
    assert verdicts(depot.database, f"JG1 99.99 1 {'0' * 64}") == [Verdict.OTHER]


def test_every_changed_sign_of_a_signed_text_is_noticed(depot: Depot, issued: Issued) -> None:
    text = issued.signed.text
    for at, sign in enumerate(text):
        if sign == " " or text[at:].startswith("Z "):
            continue
        changed = text[:at] + next(other for other in string.hexdigits[:16] if other != sign.lower()) + text[at + 1 :]
        try:
            found = verdicts(depot.database, changed)
        except Refusal:
            continue
        assert found in ([Verdict.FORGED], [Verdict.OTHER]) or changed.split()[6] != text.split()[6], changed


def test_a_misheard_group_is_named(issued: Issued) -> None:
    words = spoken_text(issued.signed.head).split()
    for place, group in enumerate(groups(issued.signed.head)):
        for at in range(len(group)):
            wrong = group[:at] + str((int(group[at]) + 1) % 10) + group[at + 1 :]
            heard = " ".join([*words[: 3 + place], wrong, *words[4 + place :]])
            with pytest.raises(Refusal, match=f"Group {place + 1} "):
                read_checkpoints(heard)


def test_groups_that_changed_places_are_noticed(issued: Issued) -> None:
    words = spoken_text(issued.signed.head).split()
    words[3], words[4] = words[4], words[3]
    with pytest.raises(Refusal, match="misheard"):
        read_checkpoints(" ".join(words))


def test_a_misheard_number_is_noticed(issued: Issued) -> None:
    words = spoken_text(issued.signed.head).split()
    number, check = words[2].split("-")
    words[2] = f"{int(number) + 1}-{check}"
    with pytest.raises(Refusal, match="number of the checkpoint"):
        read_checkpoints(" ".join(words))


def test_the_day_is_written_once_and_read_back(depot: Depot, tmp_path: Path) -> None:
    daily = DailyCheckpoints(depot.database, tmp_path / "elsewhere", lambda: NOW)
    written = daily.look()
    assert len(written) == 2 and daily.look() == []
    assert {verdict for file in written for verdict in verdicts(depot.database, file.read_text())} == {Verdict.SAME}


def test_a_folder_that_is_away_is_told_once_and_tried_again(depot: Depot, tmp_path: Path) -> None:
    away = tmp_path / "away"
    away.write_text("no folder")
    daily = DailyCheckpoints(depot.database, away, lambda: NOW)
    assert daily.look() == [] and daily.look() == []
    with depot.database.read() as connection:
        told = connection.exec_driver_sql("SELECT count(*) FROM record WHERE act = 'checkpoint_not_written'").scalar_one()
    away.unlink()
    assert len(daily.look()) == told > 0
