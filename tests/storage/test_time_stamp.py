"""Time stamps by an authority that runs here: right ones are kept, and of every wrong one the checkpoint says that it lacks a stamp."""

import shutil
import socket
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest

from storage.database import Database
from storage.evidence.checkpoints import Issued, Purpose, issue_checkpoint
from storage.evidence.time_stamp import MOST_BYTES, check_stamp, stamper
from storage.ledger.check import check_books
from storage.places import add_site
from storage.rules.refusal import Refusal
from tests.storage.authority import Authority, make_authority, serving

NOW = datetime(2026, 11, 22, 12, 0, tzinfo=UTC)

pytestmark = pytest.mark.skipif(shutil.which("openssl") is None, reason="openssl plays the authority")


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Authority:
    return make_authority(tmp_path_factory.mktemp("authority") / "tsa")


@pytest.fixture
def authority(made: Authority) -> Iterator[Authority]:
    made.answer = made.stamped
    made.asked.clear()
    with serving(made):
        yield made


def issued(database: Database, authority: Authority, roots: bytes | None = None) -> Issued:
    site = add_site(database, "31.75", "Gudang", "Asia/Jakarta", now=NOW)
    stamp = stamper(authority.url, roots or authority.roots)
    return issue_checkpoint(database, site.id, Purpose.DAILY, now=NOW, stamp=stamp)


def test_the_stamp_is_of_the_checkpoints_text_and_no_other(database: Database, authority: Authority) -> None:
    made = issued(database, authority)
    assert made.stamp is not None and made.unstamped is None and len(authority.asked) == 1
    text = made.signed.text.encode()
    assert text not in authority.asked[0], "the authority learns a digest alone"
    assert datetime.fromisoformat(check_stamp(made.stamp, text, authority.roots)).tzinfo is not None
    with pytest.raises(Refusal, match="does not fit"):
        check_stamp(made.stamp, text + b"0", authority.roots)
    with pytest.raises(Refusal, match="does not fit"):
        check_stamp(b"nonsense", text, authority.roots)


def test_a_stamp_of_another_request_is_not_taken(database: Database, authority: Authority) -> None:
    """The answer to an earlier question, played again."""
    first = stamper(authority.url, authority.roots)(b"an earlier text")
    authority.answer = lambda _request: first
    said = issued(database, authority).unstamped
    assert said is not None and "is wrong" in str(said)


def test_who_is_not_led_to_by_the_given_certificates_is_not_believed(database: Database, authority: Authority, tmp_path: Path) -> None:
    stranger = make_authority(tmp_path / "stranger")
    said = issued(database, authority, stranger.roots).unstamped
    assert said is not None and "is wrong" in str(said)


@pytest.mark.parametrize(
    ("answer", "said"),
    [(b"nonsense", "is wrong"), (b"0" * (MOST_BYTES + 10), "has no end"), (b"", "cannot be reached")],
    ids=["nonsense", "endless", "refusing"],
)
def test_whatever_it_answers_the_checkpoint_is_issued_and_says_that_it_lacks_a_stamp(
    database: Database, authority: Authority, answer: bytes, said: str
) -> None:
    authority.answer = lambda _request: answer
    made = issued(database, authority)
    assert made.stamp is None and said in str(made.unstamped)
    assert check_books(database).findings == ()


def test_one_that_is_silent_is_not_waited_for_long(database: Database, authority: Authority, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("storage.evidence.time_stamp.WAIT_S", 0.2)
    with socket.create_server(("127.0.0.1", 0)) as silent:
        authority.url = f"http://127.0.0.1:{silent.getsockname()[1]}/"
        assert "cannot be reached" in str(issued(database, authority).unstamped)


@pytest.mark.parametrize("url", ["file:///etc/passwd", "ftp://127.0.0.1/", "127.0.0.1", "http://", "http://me:secret@127.0.0.1/"])
def test_only_web_addresses_without_a_login_are_asked(url: str, authority: Authority) -> None:
    with pytest.raises(Refusal, match="no address of a time stamp authority"):
        stamper(url, authority.roots)
    with pytest.raises(Refusal, match="no certificate"):
        stamper(authority.url, b"nonsense")
