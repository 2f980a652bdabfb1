"""Two persons for one act: the second answers with a secret of their own, at the same workstation or from theirs."""

from dataclasses import dataclass
from datetime import datetime

import sqlalchemy as sa

from storage.chain import put_record
from storage.database import Database
from storage.people.person import Person, person_of
from storage.people.right import CONFIRMED_FOR, NeedsSecond, NotAllowed, check_right, roles_of
from storage.people.sign_in import Seat, prove
from storage.rules.refusal import Refusal
from storage.rules.rights import Act, seconds
from storage.schema.people import confirmation
from storage.schema.places import person as person_table


@dataclass(frozen=True)
class Confirmed(Person):
    """The second person of one act, who has confirmed it; serves once, for ten minutes."""

    confirmation_id: int


@dataclass(frozen=True)
class Asked:
    """What somebody wants to do and waits for a second person. said: the sentence that both read."""

    id: int
    act: Act
    site_id: int | None
    said: str
    first: str
    asked_at: datetime


def may_confirm(person: Person, act: Act, site_id: int | None, first: Person) -> bool:
    """Whether a person can be asked: what the window offers goes by it."""
    return person.id != first.id and bool(person.roles_at(site_id) & seconds(act))


def confirm(
    database: Database,
    act: Act,
    said: str,
    *,
    by: Person,
    second_id: int,
    given: str,
    now: datetime,
    site_id: int | None = None,
    seat: Seat | None = None,
) -> Confirmed:
    """The second person, at the same workstation, with their secret.

    said: the sentence that says what will be done. Raises Refusal for the first person once more, and somebody without the right;
    WrongSecret as signing in does.
    """
    with database.read() as connection:
        _check_second(connection, act, by.id, second_id, site_id)
    prove(database, second_id, given, now=now, seat=seat or Seat())
    asked_id = ask(database, act, said, by=by, now=now, site_id=site_id)
    return _answer(database, asked_id, second_id, now, given=True)


def ask(database: Database, act: Act, said: str, *, by: Person, now: datetime, site_id: int | None = None) -> int:
    """Asks whoever may be the second person, at their own workstation; the question's id. Raises NotAllowed for who may not do the act."""
    _check_signed_in(database, by)
    values = {"act": act.value, "site_id": site_id, "said": said[:800], "first_id": by.id, "asked_at": now}
    with database.write() as connection:
        check_right(connection, act, by.id, site_id)
        asked_id: int = connection.execute(confirmation.insert().values(values).returning(confirmation.c.id)).scalar_one()
    return asked_id


def waiting_for(database: Database, person: Person, *, now: datetime) -> list[Asked]:
    """What the person may answer, oldest first; a question waits ten minutes."""
    own, first = confirmation.c, person_table.c
    columns = sa.select(own.id, own.act, own.site_id, own.said, first.name, own.asked_at).join(person_table, first.id == own.first_id)
    still = sa.and_(own.given.is_(None), own.first_id != person.id, own.asked_at > now - CONFIRMED_FOR, own.asked_at <= now + CONFIRMED_FOR)
    with database.read() as connection:
        rows = [Asked(row[0], Act(row[1]), *row[2:]) for row in connection.execute(columns.where(still).order_by(own.id))]
        return [asked for asked in rows if roles_of(connection, person.id, asked.site_id) & seconds(asked.act)]


def answer(
    database: Database, asked_id: int, secret: str, *, by: Person, now: datetime, given: bool = True, seat: Seat | None = None
) -> None:
    """The second person's answer from their own workstation, with their secret; given: whether they agree.

    Raises WrongSecret, NotAllowed for who may not answer, and Refusal where it has been answered or was called off.
    """
    _check_signed_in(database, by)
    with database.read() as connection:
        row = connection.execute(sa.select(confirmation).where(confirmation.c.id == asked_id)).one_or_none()
        if row is None or row.given is not None:
            raise Refusal("This has been answered or called off already.")
        if abs(now - row.asked_at) > CONFIRMED_FOR:
            raise Refusal("This was asked too long ago or has been called off. Whoever asked asks again.")
        _check_second(connection, Act(row.act), row.first_id, by.id, row.site_id)
    prove(database, by.id, secret, now=now, seat=seat or Seat())
    _answer(database, asked_id, by.id, now, given=given)


def answer_to(database: Database, asked_id: int) -> Confirmed | None:
    """The second person who has confirmed; None while nobody has answered. Raises NeedsSecond if somebody has said no."""
    with database.read() as connection:
        row = connection.execute(sa.select(confirmation).where(confirmation.c.id == asked_id)).one()
        if row.given is None:
            return None
        second = person_of(connection, row.second_id)
    if not row.given:
        raise NeedsSecond("{person} does not agree.", person=second.name)
    return Confirmed(second.id, second.name, second.grants, asked_id)


def call_off(database: Database, asked_id: int, *, by: Person, now: datetime) -> None:
    """Whoever asked does not want it any more; an answer that has been given stays unused."""
    _check_signed_in(database, by)
    own = confirmation.c
    with database.write() as connection:
        open_one = sa.and_(own.id == asked_id, own.first_id == by.id, own.given.is_(None))
        connection.execute(confirmation.update().where(open_one).values(asked_at=now - 2 * CONFIRMED_FOR))


def _check_signed_in(database: Database, by: Person) -> None:
    if database.signed_in not in (None, by.id):
        raise NotAllowed("{person} is not the one who has signed in.", person=by.name)


def _check_second(connection: sa.Connection, act: Act, first_id: int, second_id: int, site_id: int | None) -> None:
    second = person_of(connection, second_id)
    if second_id == first_id:
        raise NotAllowed("The second person must be somebody else than {person}.", person=second.name)
    if not roles_of(connection, second_id, site_id) & seconds(act):
        raise NotAllowed("{person} may not do this: {act}.", person=second.name, act=act.value)


def _answer(database: Database, asked_id: int, second_id: int, now: datetime, *, given: bool) -> Confirmed:
    own = confirmation.c
    with database.write() as connection:
        answered = {"second_id": second_id, "answered_at": now, "given": int(given)}
        if connection.execute(confirmation.update().where(own.id == asked_id, own.given.is_(None)).values(answered)).rowcount == 0:
            raise Refusal("This has been answered or called off already.")
        row = connection.execute(sa.select(confirmation).where(own.id == asked_id)).one()
        said = {"act": row.act, "said": row.said, "first": row.first_id, "second": second_id, "given": given}
        put_record(connection, row.site_id, "confirmed", said, at=now, by=second_id, rows={"confirmation": [asked_id]})
        second = person_of(connection, second_id)
    return Confirmed(second.id, second.name, second.grants, asked_id)
