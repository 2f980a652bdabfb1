"""Signing in: secrets, kept as Argon2id; waits that grow after wrong ones; and who has signed in, out, or was away."""

import getpass
import socket
import unicodedata
from dataclasses import dataclass, field
from datetime import datetime, timedelta

import sqlalchemy as sa
from argon2 import PasswordHasher, extract_parameters
from argon2.exceptions import InvalidHashError, VerificationError, VerifyMismatchError

from storage.chain import lock_person, put_record
from storage.database import Database
from storage.people.person import Grant, Person, Role, add_person, grant_role, list_people, person_of
from storage.people.right import NotAllowed, right
from storage.rules.refusal import Refusal
from storage.rules.rights import Act
from storage.schema.people import secret, sign_in

LEAST, MOST = 10, 128
# Control signs, halves of signs, and what Unicode has not given a meaning yet.
_NOT_TYPED = {"Cc", "Cs", "Cn"}
# So many wrong secrets are a slip; after each one more the wait doubles.
FREE = 3
FIRST_WAIT, LONGEST_WAIT = timedelta(seconds=30), timedelta(hours=1)
_HASHER = PasswordHasher()
# A kept hash says what it costs to look at it; more than this (KiB, passes, threads) is damage, or meant to make the program stand still.
DEAREST_KIB, DEAREST_PASSES, DEAREST_LANES = 1024 * 1024, 64, 64


class WrongSecret(Refusal):
    """The secret was not the person's, or it was too soon after wrong ones."""


def _login() -> str:
    try:
        return _fact(getpass.getuser())
    except (OSError, KeyError):
        return ""


def _fact(text: str) -> str:
    """As every database can keep it: a name of the operating system may hold bytes that are no text."""
    return text.encode("utf-8", "replace").decode("utf-8").replace("\0", "?")[:80]


@dataclass(frozen=True)
class Seat:
    """Where somebody signs in: the computer, and as whom the operating system knows them. Facts only; nobody is let in by them."""

    computer: str = field(default_factory=lambda: _fact(socket.gethostname()))
    os_login: str = field(default_factory=_login)


def nobody_has_a_secret(database: Database) -> bool:
    """Whether this is the first start: then the first administrator is asked for one."""
    with database.read() as connection:
        return connection.scalar(sa.select(secret.c.id).limit(1)) is None


def enter_first(database: Database, name: str, new: str, *, now: datetime) -> Person:
    """The first administrator and their secret; a person of that name who is known already becomes it.

    Raises Refusal where somebody has a secret already, for an empty name, and for a secret that is too weak.
    """
    if not name.strip():
        raise Refusal("Enter the person's name.")
    new = checked_secret(new, name)
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
        new = checked_secret(new, person_of(connection, person_id).name)
    digest = _HASHER.hash(new)
    with database.write() as connection:
        _keep(connection, person_id, digest, by.id if by else database.signed_in or person_id, now)


def change_secret(database: Database, person_id: int, old: str, new: str, *, now: datetime, seat: Seat | None = None) -> None:
    """Everybody changes their own, by the old one. Raises WrongSecret, and Refusal for a new one that is too weak or the same."""
    prove(database, person_id, old, now=now, seat=seat or Seat())
    with database.read() as connection:
        new = checked_secret(new, person_of(connection, person_id).name)
    if new == normal(old):
        raise Refusal("Choose another secret than the one before.")
    digest = _HASHER.hash(new)
    with database.write() as connection:
        _keep(connection, person_id, digest, person_id, now)


def normal(given: str) -> str:
    """A secret as it is hashed: the same however a keyboard composes its letters (NFC), and every kind of space a plain one.

    Letters that only look alike stay different, and so do capitals. What is far too long stays as it is. Source: RFC 8265, OpaqueString.
    """
    if len(given) > 4 * MOST:
        return given
    return unicodedata.normalize("NFC", "".join(" " if unicodedata.category(sign) == "Zs" else sign for sign in given))


def checked_secret(new: str, name: str) -> str:
    """The secret as it will be hashed.

    Raises Refusal for one that can be guessed: too short, of few different signs, or the person's name; and for signs that nobody types.
    """
    new = normal(new)
    if any(unicodedata.category(sign) in _NOT_TYPED for sign in new[:MOST]):
        raise Refusal("A secret is made of letters, digits, signs and spaces.")
    if not LEAST <= len(new) <= MOST:
        raise Refusal("A secret has {least} to {most} characters.", least=LEAST, most=MOST)
    if len(set(new)) < 5 or name.strip().casefold().replace(" ", "") in new.casefold().replace(" ", ""):
        raise Refusal("This secret is guessed too easily: use different characters, and not the name.")
    return new


def has_secret(database: Database, person_id: int) -> bool:
    """Whether the person can sign in at all."""
    with database.read() as connection:
        return connection.scalar(sa.select(secret.c.id).where(secret.c.person_id == person_id).limit(1)) is not None


@dataclass(frozen=True)
class Standing:
    """How it stands with a person's signing in. last_in: None for who never did. locked_until: None for who need not wait."""

    has_secret: bool
    last_in: datetime | None
    locked_until: datetime | None


@right(Act.SEE_PEOPLE)
def standings(database: Database, *, now: datetime) -> dict[int, Standing]:
    """Of everybody, by the person's id."""
    own = sign_in.c
    with database.read() as connection:
        known = set(connection.scalars(sa.select(secret.c.person_id).distinct()))
        last = sa.select(own.person_id, sa.func.max(own.id)).where(own.outcome == "in").group_by(own.person_id)
        entries = {newest: person_id for person_id, newest in connection.execute(last)}
        entered = {entries[row.id]: row.at for row in connection.execute(sa.select(own.id, own.at).where(own.id.in_(entries)))}
        waits = {person.id: _wait(connection, person.id, now) for person in list_people(database)}
    return {
        person_id: Standing(person_id in known, entered.get(person_id), None if wait is None else now + wait)
        for person_id, wait in waits.items()
    }


def enter(database: Database, person_id: int, given: str, *, now: datetime, seat: Seat | None = None) -> Person:
    """Signs a person in.

    Raises WrongSecret for a wrong secret, and while it is too soon after several; NotAllowed for who has no role. All are kept.
    """
    seat = seat or Seat()
    prove(database, person_id, given, now=now, seat=seat)
    with database.write() as connection:
        person = person_of(connection, person_id)
        if person.grants:
            _tell(connection, person_id, "in", now, seat)
            return person
        put_record(connection, None, "sign_in", _said(person_id, "no_role", seat), at=now)
    raise NotAllowed("{person} has no role any more: an administrator gives one.", person=person.name)


def leave(database: Database, person_id: int, *, now: datetime, idle: bool = False, seat: Seat | None = None) -> None:
    """Keeps that a person has signed out, or that the workstation was locked because nobody used it."""
    with database.write() as connection:
        _tell(connection, person_id, "idle" if idle else "out", now, seat or Seat())


def prove(database: Database, person_id: int, given: str, *, now: datetime, seat: Seat) -> None:
    """Raises WrongSecret unless the secret is the person's. Each try counts before it is looked at, so that many at once gain nothing."""
    with database.write() as connection:
        lock_person(connection, person_id)
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
    """False as well for what can be no secret, and where the kept hash is damaged."""
    given = normal(given)
    if len(given) > MOST:
        return False
    try:
        kept = extract_parameters(digest)
        if kept.memory_cost > DEAREST_KIB or kept.time_cost > DEAREST_PASSES or kept.parallelism > DEAREST_LANES:
            return False
        return _HASHER.verify(digest, given)
    except (VerifyMismatchError, VerificationError, InvalidHashError, UnicodeEncodeError):
        return False


def _wait(connection: sa.Connection, person_id: int, now: datetime) -> timedelta | None:
    """How long the person must still wait; None if they may try.

    After a clock was set back the wait begins at the first try since, which is kept as all are: it neither ends early nor lasts for ever.
    """
    own = sign_in.c
    proved = sa.select(sa.func.max(own.id)).where(own.person_id == person_id, own.outcome == "proved").scalar_subquery()
    tried = sa.and_(own.person_id == person_id, own.outcome == "tried", own.id > sa.func.coalesce(proved, 0))
    row = connection.execute(sa.select(sa.func.count().label("n"), sa.func.max(own.id).label("last")).where(tried)).one()
    if row.n < FREE:
        return None
    since = sa.select(sa.func.min(own.at)).where(own.person_id == person_id, own.id >= row.last)
    begun: datetime = min(connection.execute(since).scalar_one(), now)
    wait = min(LONGEST_WAIT, FIRST_WAIT * 2 ** min(row.n - FREE, 20))
    return begun + wait - now if now < begun + wait else None


def _keep(connection: sa.Connection, person_id: int, digest: str, by: int, now: datetime) -> None:
    values = {"person_id": person_id, "hash": digest, "set_at": now, "set_by": by}
    secret_id = connection.execute(secret.insert().values(values).returning(secret.c.id)).scalar_one()
    put_record(connection, None, "secret_set", {"person": person_id}, at=now, by=by, rows={"secret": [secret_id]})


def _tell(connection: sa.Connection, person_id: int, outcome: str, now: datetime, seat: Seat) -> None:
    row_id = connection.execute(sign_in.insert().values(_row(person_id, outcome, now, seat)).returning(sign_in.c.id)).scalar_one()
    if outcome != "tried":
        by = person_id if outcome in ("in", "out", "idle") else None
        put_record(connection, None, "sign_in", _said(person_id, outcome, seat), at=now, by=by, rows={"sign_in": [row_id]})


def _said(person_id: int, outcome: str, seat: Seat) -> dict[str, object]:
    return {"person": person_id, "outcome": outcome, "computer": seat.computer, "os_login": seat.os_login}


def _row(person_id: int, outcome: str, now: datetime, seat: Seat) -> dict[str, object]:
    return {"person_id": person_id, "at": now, "outcome": outcome, "computer": seat.computer, "os_login": seat.os_login}
