"""Somebody at the workstation calls the program's functions directly: with a made-up role, in another's name, for themself, or twice."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest

from storage.database import Database
from storage.people.confirmation import Confirmed, confirm
from storage.people.person import Grant, Person, Role, add_person, grant_role, list_people
from storage.people.right import NeedsSecond, NotAllowed
from storage.people.sign_in import give_secret
from storage.places import add_room
from storage.rules.refusal import Refusal
from storage.rules.rights import Act
from storage.watch.alarms import Verdict, give_verdict
from storage.watch.removal import remove
from storage.watch.suspending import arm_room, disarm_room
from tests.storage.everybody import SECRET, Place, World, open_world


@pytest.fixture(scope="module")
def world(tmp_path_factory: pytest.TempPathFactory) -> World:
    return open_world(tmp_path_factory.mktemp("world") / "data")


@pytest.fixture
def book(world: World, tmp_path: Path) -> Iterator[Database]:
    with world.copied(tmp_path / "data") as database:
        yield database


@pytest.fixture
def guard(world: World) -> Person:
    return world.people[Role.GUARD, Place.HERE]


def test_a_role_that_one_says_to_have_is_looked_up_in_the_database(world: World, book: Database, guard: Person) -> None:
    pretending = replace(guard, grants=frozenset({Grant(Role.SUPERVISOR), Grant(Role.ADMINISTRATOR)}))
    assert pretending.may(Act.SET_UP_PLACES, world.here), "the object says so itself; storage does not believe it"
    with pytest.raises(NotAllowed):
        add_room(book.used_by(pretending.id), world.here, "Ruang rahasia", now=world.now)
    with pytest.raises(NotAllowed):
        add_person(book.used_by(guard.id), "Teman", Role.GUARD, by=pretending, now=world.now)


def test_nobody_acts_in_anothers_name(world: World, book: Database, guard: Person) -> None:
    supervisor = world.people[Role.SUPERVISOR, Place.EVERYWHERE]
    for someone in (supervisor, replace(guard, id=supervisor.id), replace(supervisor, id=99)):
        with pytest.raises(NotAllowed, match="is not the one who has signed in"):
            add_person(book.used_by(guard.id), "Teman", Role.GUARD, by=someone, now=world.now)
    with pytest.raises(NotAllowed, match="is not the one who has signed in"):
        give_verdict(book.used_by(guard.id), 2, Verdict.FALSE_ALARM, "a cat", by=supervisor, now=world.now)


def test_nobody_gives_themself_a_role_or_another_a_secret(world: World, book: Database, guard: Person) -> None:
    view = book.used_by(guard.id)
    with pytest.raises(NotAllowed):
        grant_role(view, guard.id, Grant(Role.SUPERVISOR), by=guard, now=world.now)
    with pytest.raises(NotAllowed):
        give_secret(view, world.people[Role.SUPERVISOR, Place.EVERYWHERE].id, "kunci-curian-1", by=guard, now=world.now)
    of_here = world.people[Role.ADMINISTRATOR, Place.HERE]
    with pytest.raises(NotAllowed, match="reaches further"):
        grant_role(book.used_by(of_here.id), of_here.id, Grant(Role.SUPERVISOR), by=of_here, now=world.now)
    assert next(one for one in list_people(book) if one.id == guard.id).grants == {Grant(Role.GUARD, world.here)}


def test_who_has_lost_the_role_may_nothing_any_more_though_the_window_still_has_them(world: World, book: Database) -> None:
    gone = world.people[Role.SUPERVISOR, Place.NOWHERE_NOW]
    still = replace(gone, grants=frozenset({Grant(Role.SUPERVISOR)}))
    with pytest.raises(NotAllowed):
        add_room(book.used_by(still.id), world.here, "Ruang rahasia", now=world.now)


@pytest.mark.parametrize("second", ["themself", "the auditor", "a made-up answer", "of nobody's question"])
def test_the_second_person_is_another_one_who_may_and_has_answered(world: World, book: Database, guard: Person, second: str) -> None:
    view, until = book.used_by(guard.id), world.now + timedelta(hours=1)
    auditor, other = world.people[Role.AUDITOR, Place.HERE], world.people[Role.SUPERVISOR, Place.HERE]
    if second in ("themself", "the auditor"):
        wanted = guard if second == "themself" else auditor
        with pytest.raises(Refusal):
            confirm(view, Act.DISARM, "Ruang A", by=guard, second_id=wanted.id, given=SECRET, now=world.now, site_id=world.here)
        answered: Person = wanted
    else:
        answered = Confirmed(other.id, other.name, other.grants, 1 if second == "a made-up answer" else 999)
    with pytest.raises((NeedsSecond, NotAllowed)):
        disarm_room(view, world.ids["room"], until, "stocktaking", by=guard, second=answered, now=world.now)


def test_an_answer_that_was_given_once_is_not_played_again(world: World, book: Database, guard: Person) -> None:
    view, other = book.used_by(guard.id), world.people[Role.SUPERVISOR, Place.HERE]
    until = world.now + timedelta(hours=1)
    answer = confirm(view, Act.DISARM, "Ruang A", by=guard, second_id=other.id, given=SECRET, now=world.now, site_id=world.here)
    disarm_room(view, world.ids["room"], until, "stocktaking", by=guard, second=answer, now=world.now)
    arm_room(view, world.ids["room"], by=guard, now=world.now + timedelta(minutes=1))
    with pytest.raises(NeedsSecond, match="serves once"):
        disarm_room(view, world.ids["room"], until, "stocktaking", by=guard, second=answer, now=world.now + timedelta(minutes=2))


def test_no_person_deletes_footage_past_the_rules_of_keeping(world: World, book: Database) -> None:
    for person in world.people.values():
        with pytest.raises(NotAllowed, match="by no person"):
            remove(book.used_by(person.id), world.folder, [], world.now)
