"""Writing past the acts, so that only the database can refuse: what plain SQL, or an act that forgot its check, would write."""

from collections.abc import Iterator
from contextlib import contextmanager

import pytest
import sqlalchemy as sa

from storage.ledger import journal
from storage.ledger.stores import Stores


@contextmanager
def unchecked() -> Iterator[None]:
    """Nothing in Python refuses what is posted meanwhile."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(journal, "check_movements", lambda *_args: None)
        patch.setattr(journal, "_check_entry", lambda *_args: None)
        patch.setattr(Stores, "move", lambda *_args: None)
        yield


def said(error: sa.exc.IntegrityError) -> str:
    """The sentence with which the database refused; PostgreSQL adds where it was."""
    return str(error.orig).splitlines()[0]
