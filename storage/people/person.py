"""The persons who work with the program, and the roles that each has at each site."""

from dataclasses import dataclass
from datetime import datetime
from typing import TypedDict

import sqlalchemy as sa

from storage.chain import put_record
from storage.database import Database
from storage.people.right import NotAllowed, right
from storage.rules.refusal import Refusal
from storage.rules.rights import RIGHTS, Act
from storage.rules.rights import Role as Role  # noqa: PLC0414 - one imports a person and their role from one place
from storage.schema.people import role_grant
from storage.schema.places import person, site

# Whose right goes furthest first: as whom a person is shown who has several.
RANK = (Role.SUPERVISOR, Role.OFFICER, Role.GUARD, Role.ADMINISTRATOR, Role.AUDITOR)


@dataclass(frozen=True, order=True)
class Grant:
    """A role that a person has. site_id: None at every site."""

    role: Role
    site_id: int | None = None


@dataclass(frozen=True)
class Person:
    """One person; name is unique. What grants say here is for showing: every operation asks the database who may do it."""

    id: int
    name: str
    grants: frozenset[Grant]

    @property
    def role(self) -> Role | None:
        """The role as which the person is shown; None for somebody who has none any more."""
        roles = {grant.role for grant in self.grants}
        return next((role for role in RANK if role in roles), None)

    def roles_at(self, site_id: int | None) -> frozenset[Role]:
        """The roles at a site; None: those at any site."""
        return frozenset(grant.role for grant in self.grants if site_id is None or grant.site_id in (None, site_id))

    def may(self, act: Act, site_id: int | None = None) -> bool:
        """Whether a role of the person at the site allows the act; what the window offers goes by it."""
        return bool(self.roles_at(site_id) & RIGHTS[act].roles)


class Ids(TypedDict):
    """Who did something, and who answers for it too, as a record names them."""

    by: int | None
    second: int | None


def ids(by: Person | None, second: Person | None = None) -> Ids:
    """For put_record."""
    return {"by": by.id if by else None, "second": second.id if second else None}


@right(Act.SET_UP_PEOPLE)
def add_person(database: Database, name: str, role: Role, *, now: datetime, site_id: int | None = None, by: Person | None = None) -> Person:
    """Enters a person with a first role, at one site or at every one. Raises Refusal for an empty name or one that is taken."""
    name = name.strip()
    if not name:
        raise Refusal("Enter the person's name.")
    with database.write() as connection:
        if connection.scalar(sa.select(person.c.id).where(sa.func.lower(person.c.name) == name.lower())):
            raise Refusal("There is a person named {name} already.", name=name)
        row = connection.execute(person.insert().values(name=name, created_at=now).returning(person.c.id))
        person_id: int = row.scalar_one()
        rows = {"person": [person_id], "role_grant": [_grant(connection, person_id, Grant(role, site_id), now)]}
        said = {"person": person_id, "name": name, "role": role.value, "site": site_id}
        put_record(connection, site_id, "person_added", said, at=now, by=by.id if by else None, rows=rows)
        return Person(person_id, name, frozenset({Grant(role, site_id)}))


@right(Act.SET_UP_PEOPLE)
def grant_role(database: Database, person_id: int, grant: Grant, *, now: datetime, by: Person | None = None) -> None:
    """Gives a person one more role.

    Raises Refusal for a role that the person has already, and an unknown person; NotAllowed for somebody's own: who sets up persons would
    have every right alone.
    """
    with database.write() as connection:
        known = person_of(connection, person_id)
        if grant in known.grants:
            raise Refusal("This person has that role already.")
        if person_id in (by.id if by else None, database.signed_in):
            raise NotAllowed("{person} is given a role by another administrator.", person=known.name)
        rows = {"role_grant": [_grant(connection, person_id, grant, now)]}
        said = {"person": person_id, "role": grant.role.value, "site": grant.site_id}
        put_record(connection, grant.site_id, "role_granted", said, at=now, by=by.id if by else None, rows=rows)


@right(Act.SET_UP_PEOPLE)
def end_role(database: Database, person_id: int, grant: Grant, *, now: datetime, by: Person | None = None) -> None:
    """Takes a role from a person from now on.

    Raises Refusal for one that the person does not have, and for the last administrator's.
    """
    own = role_grant.c
    with database.write() as connection:
        if grant not in person_of(connection, person_id).grants:
            raise Refusal("This person does not have that role.")
        others = sa.and_(own.role == Role.ADMINISTRATOR.value, own.site_id.is_(None), own.until_at.is_(None), own.person_id != person_id)
        if grant == Grant(Role.ADMINISTRATOR) and connection.scalar(sa.select(own.id).where(others).limit(1)) is None:
            raise Refusal("Somebody must be the administrator: give another person that role first.")
        held = sa.and_(own.person_id == person_id, own.role == grant.role.value, own.site_id == grant.site_id, own.until_at.is_(None))
        ended = connection.scalars(sa.select(own.id).where(held)).all()
        until_at = sa.case((own.from_at > now, own.from_at), else_=sa.literal(now, own.until_at.type))
        connection.execute(role_grant.update().where(held).values(until_at=until_at))
        said = {"person": person_id, "role": grant.role.value, "site": grant.site_id}
        put_record(connection, grant.site_id, "role_ended", said, at=now, by=by.id if by else None, rows={"role_grant": ended})


@right(Act.SEE_PEOPLE)
def list_people(database: Database) -> list[Person]:
    """All persons by name, also those who have no role any more."""
    with database.read() as connection:
        return _people(connection)


def named(database: Database, name: str) -> Person:
    """The person of that name, in any case of letters. Raises Refusal, with the names that there are, if there is none."""
    people = list_people(database)
    found = [person for person in people if person.name.casefold() == name.strip().casefold()]
    if not found:
        raise Refusal(
            "Nobody here is called {name}. There are: {people}.", name=name, people=", ".join(person.name for person in people) or "-"
        )
    return found[0]


def person_of(connection: sa.Connection, person_id: int) -> Person:
    """The person with this id. Raises Refusal if there is none."""
    found = _people(connection, person_id)
    if not found:
        raise Refusal("There is no person with the number {number}.", number=person_id)
    return found[0]


def _people(connection: sa.Connection, person_id: int | None = None) -> list[Person]:
    wanted = sa.true() if person_id is None else person.c.id == person_id
    grants: dict[int, set[Grant]] = {}
    held = sa.select(role_grant.c.person_id, role_grant.c.role, role_grant.c.site_id).where(role_grant.c.until_at.is_(None))
    for row in connection.execute(held.where(sa.true() if person_id is None else role_grant.c.person_id == person_id)):
        grants.setdefault(row.person_id, set()).add(Grant(Role(row.role), row.site_id))
    rows = connection.execute(sa.select(person.c.id, person.c.name).where(wanted).order_by(person.c.name))
    return [Person(row.id, row.name, frozenset(grants.get(row.id, ()))) for row in rows]


def _grant(connection: sa.Connection, person_id: int, grant: Grant, now: datetime) -> int:
    if grant.site_id is not None and connection.scalar(sa.select(site.c.id).where(site.c.id == grant.site_id)) is None:
        raise Refusal("There is no warehouse with the number {number}.", number=grant.site_id)
    values = {"person_id": person_id, "role": grant.role.value, "site_id": grant.site_id, "from_at": now}
    granted: int = connection.execute(role_grant.insert().values(values).returning(role_grant.c.id)).scalar_one()
    return granted
