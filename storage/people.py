"""The persons who work with the program."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

import sqlalchemy as sa

from storage.database import Database
from storage.rules.refusal import Refusal
from storage.schema.places import person


class Role(StrEnum):
    """What a person is here for."""

    GUARD = "guard"
    OFFICER = "officer"
    SUPERVISOR = "supervisor"
    AUDITOR = "auditor"
    ADMINISTRATOR = "administrator"

    @property
    def keeps_books(self) -> bool:
        """Whether such a person may write in the books of the stock."""
        return self in (Role.OFFICER, Role.SUPERVISOR)

    @property
    def sets_up(self) -> bool:
        """Whether such a person may say which rooms and cameras there are, and what they watch."""
        return self in (Role.SUPERVISOR, Role.ADMINISTRATOR)


@dataclass(frozen=True)
class Person:
    """One person; name is unique."""

    id: int
    name: str
    role: Role


def add_person(database: Database, name: str, role: Role, *, now: datetime) -> Person:
    """Enters a person. Raises Refusal for an empty name or one that is taken."""
    name = name.strip()
    if not name:
        raise Refusal("Enter the person's name.")
    with database.write() as connection:
        if connection.scalar(sa.select(person.c.id).where(person.c.name == name)):
            raise Refusal("There is a person named {name} already.", name=name)
        row = connection.execute(person.insert().values(name=name, role=role.value, created_at=now).returning(person.c.id))
        return Person(row.scalar_one(), name, role)


def list_people(database: Database) -> list[Person]:
    """All persons by name."""
    with database.read() as connection:
        rows = connection.execute(sa.select(person.c.id, person.c.name, person.c.role).order_by(person.c.name))
        return [Person(row.id, row.name, Role(row.role)) for row in rows]


def named(database: Database, name: str) -> Person:
    """The person of that name, in any case of letters. Raises Refusal, with the names that there are, if there is none."""
    people = list_people(database)
    found = [person for person in people if person.name.casefold() == name.strip().casefold()]
    if not found:
        raise Refusal("Say who it is with --by: {people}.", people=", ".join(person.name for person in people) or "-")
    return found[0]
