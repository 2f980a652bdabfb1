"""Signing in on the terminal: who does something, and who answers for it too, each with a secret of their own.

A secret is asked for without showing it; where standard input is no terminal, each is read from a line of it.
"""

import getpass
import sys
from datetime import datetime
from typing import TYPE_CHECKING

from ui.words.speech import _

if TYPE_CHECKING:
    from storage.database import Database
    from storage.people.confirmation import Confirmed
    from storage.people.person import Person
    from storage.rules.rights import Act


def signed_in(database: "Database", name: str, *, now: datetime) -> "tuple[Database, Person]":
    """The database as this person uses it, and the person. Raises Refusal for an unknown name, WrongSecret."""
    from storage.people.person import named
    from storage.people.sign_in import enter

    person = enter(database, named(database, name).id, _secret(name), now=now)
    return database.used_by(person.id), person


def second_person(
    database: "Database", name: str, act: "Act", said: str, *, by: "Person", site_id: int | None, now: datetime
) -> "Confirmed":
    """The second person of an act. said: the sentence that both read. Raises Refusal where they may not answer for it, WrongSecret."""
    from storage.people.confirmation import confirm
    from storage.people.person import named

    print(said, file=sys.stderr)
    return confirm(database, act, said, by=by, second_id=named(database, name).id, given=_secret(name), now=now, site_id=site_id)


def _secret(name: str) -> str:
    if sys.stdin.isatty():
        return getpass.getpass(_("Secret of {person}: ").format(person=name))
    return sys.stdin.readline().rstrip("\r\n")
