"""The demo's people: everybody signs in with the secret that the demo shows, also in a demo of an earlier version."""

from datetime import datetime

import pytest

from storage.database import Database
from storage.demo.people import PEOPLE, SECRET, write_people
from storage.people.person import Role, add_person, list_people
from storage.people.sign_in import WrongSecret, change_secret, enter


def test_everybody_signs_in_with_the_secret_that_is_shown(database: Database, now: datetime) -> None:
    write_people(database, now=now)
    people = list_people(database)
    assert {person.name: person.role for person in people} == PEOPLE
    for person in people:
        assert enter(database, person.id, SECRET, now=now) == person


def test_a_demo_of_an_earlier_version_gets_those_who_are_missing_and_the_secret(database: Database, now: datetime) -> None:
    sari = add_person(database, "Sari Wulandari", Role.GUARD, now=now)
    write_people(database, now=now)
    assert len(list_people(database)) == len(PEOPLE)
    assert enter(database, sari.id, SECRET, now=now) == sari


def test_a_secret_that_somebody_has_changed_stays(database: Database, now: datetime) -> None:
    write_people(database, now=now)
    sari = next(person for person in list_people(database) if person.name == "Sari Wulandari")
    change_secret(database, sari.id, SECRET, "kenari-kuning", now=now)
    write_people(database, now=now)
    assert enter(database, sari.id, "kenari-kuning", now=now) == sari
    with pytest.raises(WrongSecret):
        enter(database, sari.id, SECRET, now=now)
