"""Signing in: secrets, kept as Argon2id; waits that grow after wrong ones; and who has signed in, out, or was away."""

import getpass
import socket
from dataclasses import dataclass, field
from datetime import datetime, timedelta

import sqlalchemy as sa
from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError, VerifyMismatchError

from storage.chain import put_record
from storage.database import Database
from storage.people.person import Grant, Person, Role, add_person, grant_role, list_people, person_of
from storage.people.right import NotAllowed, right
from storage.rules.refusal import Refusal
from storage.rules.rights import Act
from storage.schema.people import secret, sign_in

LEAST, MOST = 10, 128
# So many wrong secrets are a slip; after each one more the wait doubles.
FREE = 3
FIRST_WAIT, LONGEST_WAIT = timedelta(seconds=30), timedelta(hours=1)
_HASHER = PasswordHasher()


class WrongSecret(Refusal):
    """The secret was not the person's, or it was too soon after wrong ones."""


def _login() -> str:
    try:
        return getpass.getuser()[:80]
    except (OSError, KeyError):
        return ""


@dataclass(frozen=True)
class Seat:
    """Where somebody signs in: the computer, and as whom the operating system knows them. Facts only; nobody is let in by them."""

    computer: str = field(default_factory=lambda: socket.gethostname()[:80])
    os_login: str = field(default_factory=_login)


def nobody_has_a_secret(database: Database) -> bool:
    """Whether this is the first start: then the first administrator is asked for one."""
    with database.read() as connection:
        return connection.scalar(sa.select(secret.c.id).limit(1)) is None


def enter_first(database: Database, name: str, new: str, *, now: datetime) -> Person:
    """The first administrator and their secret; a person of that name who is known already becomes it.

    Raises Refusal where somebody has a secret already, for an empty name, and for a secret that is too weak.
    """
    checked_secret(new, name)
    if not nobody_has_a_secret(database):
        raise NotAllowed("Somebody is the administrator already: sign in.")
    known = [person for person in list_people(database) if person.name.casefold() == name.strip().casefold()]
    if known and Grant(Role.ADMINISTRATOR) not in known[0].grants:
        grant_role(database, known[0].id, Grant(Role.ADMINISTRATOR), now=now)
    person_id = known[0].id if known else add_person(database, name, Role.ADMINISTRATOR, now=now).id
    digest = _HASHER.hash(new)
    with database.write() as connection:
        if connection.scalar(sa.select(secret.c.id).limit(1)) is not None:
            raise NotAllowed("Somebody is the administrator already: sign in.")
        _keep(connection, person_id, digest, person_id, now)
        return person_of(connection, person_id)


@right(Act.SET_UP_PEOPLE)
def give_secret(database: Database, person_id: int, new: str, *, now: datetime, by: Person | None = None) -> None:
    """An administrator gives a person a first secret, or a new one for one that was forgotten. Raises Refusal for one that is too weak."""
    with database.read() as connection:
        checked_secret(new, person_of(connection, person_id).name)
    digest = _HASHER.hash(new)
    with database.write() as connection:
        _keep(connection, person_id, digest, by.id if by else person_id, now)


def change_secret(database: Database, person_id: int, old: str, new: str, *, now: datetime, seat: Seat | None = None) -> None:
    """Everybody changes their own, by the old one. Raises WrongSecret, and Refusal for a new one that is too weak or the same."""
    prove(database, person_id, old, now=now, seat=seat or Seat())
    with database.read() as connection:
        checked_secret(new, person_of(connection, person_id).name)
    if new == old:
        raise Refusal("Choose another secret than the one before.")
    digest = _HASHER.hash(new)
    with database.write() as connection:
        _keep(connection, person_id, digest, person_id, now)


def checked_secret(new: str, name: str) -> None:
    """Raises Refusal for a secret that can be guessed: too short, of few different signs, or the person's name."""
    if not LEAST <= len(new) <= MOST:
        raise Refusal("A secret has {least} to {most} characters.", least=LEAST, most=MOST)
    if len(set(new)) < 5 or name.strip().casefold().replace(" ", "") in new.casefold().replace(" ", ""):
        raise Refusal("This secret is guessed too easily: use different characters, and not the name.")


def has_secret(database: Database, person_id: int) -> bool:
    """Whether the person can sign in at all."""
    with database.read() as connection:
        return connection.scalar(sa.select(secret.c.id).where(secret.c.person_id == person_id).limit(1)) is not None


def enter(database: Database, person_id: int, given: str, *, now: datetime, seat: Seat | None = None) -> Person:
    """Signs a person in. Raises WrongSecret for a wrong secret, and while it is too soon after several; both are kept."""
    seat = seat or Seat()
    prove(database, person_id, given, now=now, seat=seat)
    with database.write() as connection:
        _tell(connection, person_id, "in", now, seat)
        return person_of(connection, person_id)


def leave(database: Database, person_id: int, *, now: datetime, idle: bool = False, seat: Seat | None = None) -> None:
    """Keeps that a person has signed out, or that the workstation was locked because nobody used it."""
    with database.write() as connection:
        _tell(connection, person_id, "idle" if idle else "out", now, seat or Seat())


def prove(database: Database, person_id: int, given: str, *, now: datetime, seat: Seat) -> None:
    """Raises WrongSecret unless the secret is the person's. Each try counts before it is looked at, so that many at once gain nothing."""
    with database.write() as connection:
        name = person_of(connection, person_id).name
        wait = _wait(connection, person_id, now)
        if wait is None:
            _tell(connection, person_id, "tried", now, seat)
            newest = sa.select(secret.c.hash).where(secret.c.person_id == person_id).order_by(secret.c.id.desc()).limit(1)
            digest = connection.scalar(newest)
        else:
            _tell(connection, person_id, "locked", now, seat)
    if wait is not None:
        raise WrongSecret(
            "There were too many wrong secrets for {person}. Try again in {seconds} s.", person=name, seconds=int(wait.total_seconds()) + 1
        )
    if digest is None:
        raise WrongSecret("{person} has no secret yet: an administrator gives one.", person=name)
    if not _matches(digest, given):
        with database.write() as connection:
            _tell(connection, person_id, "wrong", now, seat)
        raise WrongSecret("That is not the secret of {person}.", person=name)
    with database.write() as connection:
        connection.execute(sign_in.insert().values(_row(person_id, "proved", now, seat)))


def _matches(digest: str, given: str) -> bool:
    try:
        return _HASHER.verify(digest, given[:MOST])
    except (VerifyMismatchError, VerificationError, InvalidHashError, UnicodeEncodeError):
        return False


def _wait(connection: sa.Connection, person_id: int, now: datetime) -> timedelta | None:
    """How long the person must still wait; None if they may try. A clock that was set back does not lock anybody out for ever."""
    own = sign_in.c
    proved = sa.select(sa.func.max(own.id)).where(own.person_id == person_id, own.outcome == "proved").scalar_subquery()
    tried = sa.and_(own.person_id == person_id, own.outcome == "tried", own.id > sa.func.coalesce(proved, 0))
    row = connection.execute(sa.select(sa.func.count().label("n"), sa.func.max(own.id).label("last")).where(tried)).one()
    if row.n < FREE:
        return None
    last: datetime = connection.execute(sa.select(own.at).where(own.id == row.last)).scalar_one()
    wait = min(LONGEST_WAIT, FIRST_WAIT * 2 ** min(row.n - FREE, 20))
    return last + wait - now if last <= now < last + wait else None


def _keep(connection: sa.Connection, person_id: int, digest: str, by: int, now: datetime) -> None:
    connection.execute(secret.insert().values(person_id=person_id, hash=digest, set_at=now, set_by=by))
    put_record(connection, None, "secret_set", {"person": person_id}, at=now, by=by)


def _tell(connection: sa.Connection, person_id: int, outcome: str, now: datetime, seat: Seat) -> None:
    connection.execute(sign_in.insert().values(_row(person_id, outcome, now, seat)))
    if outcome != "tried":
        said = {"person": person_id, "outcome": outcome, "computer": seat.computer, "os_login": seat.os_login}
        put_record(connection, None, "sign_in", said, at=now, by=person_id if outcome in ("in", "out", "idle") else None)


def _row(person_id: int, outcome: str, now: datetime, seat: Seat) -> dict[str, object]:
    return {"person_id": person_id, "at": now, "outcome": outcome, "computer": seat.computer, "os_login": seat.os_login}
