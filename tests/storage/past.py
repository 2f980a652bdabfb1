"""Writing past the acts, so that only the database can refuse: what plain SQL, or an act that forgot its check, would write."""

from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager

import pytest
import sqlalchemy as sa

from storage.database import Database
from storage.ledger import journal
from storage.ledger.journal import Draft, post
from storage.ledger.stores import Stores
from storage.rules.movement import State
from storage.rules.refusal import Refusal

Act = Callable[[sa.Connection], object]
# Sheets by site, class and state; and what a Draft is made of once the transaction has begun, for it may ask for new numbers.
Key = tuple[int, int, State]
Changes = Mapping[Key, int]
Drafting = Callable[[sa.Connection], Draft]


@contextmanager
def unchecked() -> Iterator[None]:
    """Nothing in Python refuses what is posted meanwhile."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(journal, "check_movements", lambda *_args: None)
        patch.setattr(journal, "_check_entry", lambda *_args: None)
        patch.setattr(journal, "_check_rights", lambda *_args: None)
        patch.setattr(journal, "_check_then", lambda *_args: None)
        patch.setattr(Stores, "move", lambda *_args: None)
        yield


def said(error: sa.exc.IntegrityError) -> str:
    """The sentence with which the database refused; PostgreSQL adds where it was."""
    return str(error.orig).splitlines()[0]


def write(database: Database, act: Act) -> None:
    with database.write() as connection:
        act(connection)


class _Undone(Exception):
    """Ends a transaction of which nothing is kept."""


def both_ways(database: Database, act: Act, draft: Drafting, *, allowed: bool, changes: Changes, broken: str) -> None:
    """What is allowed is taken past the acts and by the act, with exactly these changes; else both refuse, and nothing changes.

    The draft is of what the act would post. broken: a pattern of what the database says. What is taken is kept once, as the act wrote it.
    """
    before = _books(database)
    if allowed:
        after = _changed(before, changes)
        with pytest.raises(_Undone), unchecked(), database.write() as connection:
            post(connection, draft(connection))
            assert _read(connection) == after
            raise _Undone
        assert _books(database) == before
        write(database, act)
        assert _books(database) == after
    else:
        refused_past(database, draft, broken)
        refused(database, act)


def refused(database: Database, act: Act) -> None:
    """The act refuses with a sentence, and nothing changes."""
    before = _books(database)
    with pytest.raises(Refusal) as refusal:
        write(database, act)
    assert str(refusal.value).endswith(".")
    assert _books(database) == before


def refused_past(database: Database, draft: Drafting, broken: str) -> None:
    """The database refuses by itself, and nothing changes."""
    before = _books(database)
    with pytest.raises(sa.exc.IntegrityError, match=broken), unchecked():
        write(database, lambda connection: post(connection, draft(connection)))
    assert _books(database) == before


def _changed(before: tuple[int, dict[Key, int]], changes: Changes) -> tuple[int, dict[Key, int]]:
    """One event later."""
    events, balances = before
    after = {key: balances.get(key, 0) + changes.get(key, 0) for key in balances.keys() | changes.keys()}
    return events + 1, {key: sheets for key, sheets in after.items() if sheets}


def _books(database: Database) -> tuple[int, dict[Key, int]]:
    """How many events there are, and every balance that is not zero."""
    with database.read() as connection:
        return _read(connection)


def _read(connection: sa.Connection) -> tuple[int, dict[Key, int]]:
    rows = connection.execute(sa.text("SELECT site_id, class_id, state, quantity FROM balance WHERE quantity <> 0"))
    balances = {(site_id, class_id, State(state)): sheets for site_id, class_id, state, sheets in rows}
    return connection.scalar(sa.text("SELECT count(*) FROM chain_link")) or 0, balances
