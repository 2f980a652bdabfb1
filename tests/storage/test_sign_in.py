"""Signing in: no default, waits that grow and that no restart, thread or clock shortens; and a fuzz of strange secrets and long stories."""

import random
import threading
from datetime import UTC, datetime, timedelta

import pytest
import sqlalchemy as sa
from argon2 import PasswordHasher
from hypothesis import given, settings
from hypothesis import strategies as st

from storage.database import Database, open_database
from storage.ledger.check import check_books
from storage.people.person import Grant, Person, Role, add_person, end_role, grant_role
from storage.people.right import NotAllowed
from storage.people.sign_in import FIRST_WAIT, FREE, LONGEST_WAIT, WrongSecret, change_secret, enter, enter_first, give_secret
from storage.people.sign_in import nobody_has_a_secret as first_start
from storage.places import add_site
from storage.rules.refusal import Refusal
from storage.schema.guards import SQLITE
from storage.schema.people import secret, sign_in

NOW = datetime(2026, 11, 22, 12, 0, tzinfo=UTC)
RIGHT, WRONG = "gerbang-besi-9", "gerbang-kayu-8"


@pytest.fixture(autouse=True)
def quick(monkeypatch: pytest.MonkeyPatch) -> None:
    """Secrets are kept as always, at a cost that a test need not pay."""
    monkeypatch.setattr("storage.people.sign_in._HASHER", PasswordHasher(time_cost=1, memory_cost=8, parallelism=1))


@pytest.fixture
def sari(database: Database) -> Person:
    add_site(database, "31.75", "Gudang", "Asia/Jakarta", now=NOW)
    eko = enter_first(database, "Eko", "kunci-pertama-5", now=NOW)
    person = add_person(database, "Sari", Role.GUARD, now=NOW)
    give_secret(database, person.id, RIGHT, now=NOW, by=eko)
    return person


def wrong(database: Database, person: Person, at: datetime, times: int = 1) -> None:
    for _time in range(times):
        with pytest.raises(WrongSecret, match="not the secret"):
            enter(database, person.id, WRONG, now=at)


def waits(database: Database, person: Person, at: datetime) -> bool:
    """Whether even the right secret is not looked at now."""
    try:
        enter(database, person.id, RIGHT, now=at)
    except WrongSecret as refusal:
        assert "Try again in" in str(refusal)
        return True
    return False


def test_at_the_first_start_nobody_has_a_secret_and_only_one_becomes_the_first(database: Database) -> None:
    assert first_start(database)
    eko = enter_first(database, "Eko", "kunci-pertama-5", now=NOW)
    assert not first_start(database) and eko.grants == {Grant(Role.ADMINISTRATOR)}
    with pytest.raises(NotAllowed, match="already"):
        enter_first(database, "Pencuri", "kunci-pertama-6", now=NOW)
    for given_secret in ("", "admin", "Eko", "kunci-pertama-6"):
        with pytest.raises(WrongSecret):
            enter(database, eko.id, given_secret, now=NOW + timedelta(days=len(given_secret)))


def test_three_are_a_slip_then_each_doubles_the_wait_up_to_an_hour(database: Database, sari: Person) -> None:
    at, wait = NOW, FIRST_WAIT
    wrong(database, sari, at, FREE)
    for _time in range(9):
        assert waits(database, sari, at + wait - timedelta(seconds=1))
        at += wait
        wrong(database, sari, at)
        wait = min(2 * wait, LONGEST_WAIT)
    assert wait == LONGEST_WAIT
    assert not waits(database, sari, at + wait)
    wrong(database, sari, at + wait, FREE - 1)
    assert not waits(database, sari, at + wait), "who has been let in begins anew"


def test_one_persons_wait_is_nobody_elses(database: Database, sari: Person) -> None:
    wati = add_person(database, "Wati", Role.GUARD, now=NOW)
    give_secret(database, wati.id, RIGHT, now=NOW)
    wrong(database, sari, NOW, FREE)
    assert waits(database, sari, NOW) and not waits(database, wati, NOW)


@pytest.mark.parametrize("product", [SQLITE], indirect=True)
def test_a_restart_shortens_no_wait(database: Database, sari: Person) -> None:
    wrong(database, sari, NOW, FREE)
    again = open_database(database.path.parent)
    assert waits(again, sari, NOW + FIRST_WAIT - timedelta(seconds=1))
    again.close()


def test_a_clock_that_is_set_back_neither_shortens_the_wait_nor_makes_it_endless(database: Database, sari: Person) -> None:
    wrong(database, sari, NOW, FREE)
    earlier = NOW - timedelta(days=2)
    assert waits(database, sari, earlier)
    assert waits(database, sari, earlier + FIRST_WAIT - timedelta(seconds=1))
    assert not waits(database, sari, earlier + FIRST_WAIT + timedelta(seconds=1))


def test_many_at_once_gain_nothing(database: Database, sari: Person) -> None:
    """Each try is counted before it is looked at."""
    looked_at, start = [], threading.Barrier(12)

    def try_it() -> None:
        start.wait()
        try:
            enter(database, sari.id, WRONG, now=NOW)
        except WrongSecret as refusal:
            looked_at.append("not the secret" in str(refusal))

    threads = [threading.Thread(target=try_it) for _number in range(12)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(looked_at) == 12 and sum(looked_at) == FREE


def test_every_try_has_its_record_and_none_the_secret(database: Database, sari: Person) -> None:
    wrong(database, sari, NOW, FREE)
    assert waits(database, sari, NOW)
    enter(database, sari.id, RIGHT, now=NOW + FIRST_WAIT)
    own = sign_in.c
    with database.read() as connection:
        outcomes = list(connection.scalars(sa.select(own.outcome).where(own.person_id == sari.id).order_by(own.id)))
        bodies = " ".join(connection.scalars(sa.text("SELECT body FROM record")))
    assert outcomes == ["tried", "wrong"] * FREE + ["locked", "tried", "proved", "in"]
    assert RIGHT not in bodies and WRONG not in bodies and check_books(database).findings == ()


STRANGE = [
    *("", " ", "\0", RIGHT + "\0", "\0" + RIGHT, RIGHT.upper(), RIGHT + " ", " " + RIGHT, RIGHT[:-1], "gerbang\u2010besi\u20109"),
    *("' OR 1=1 --", '"; DROP TABLE secret; --', "%", "$argon2id$v=19$m=9,t=1,p=1$", "\ud800", "🔑" * 12, "x" * 1_000_000, "e\u0301" * 60),
    *("../../etc/passwd", "{person}", "%s%n", "\r\n", "\u202e" + RIGHT, "gerbang-besi-９"),
]


@pytest.mark.parametrize("product", [SQLITE], indirect=True)
@pytest.mark.parametrize("strange", STRANGE, ids=range(len(STRANGE)))
def test_nothing_strange_lets_anybody_in_breaks_anything_or_is_kept(database: Database, sari: Person, strange: str) -> None:
    with pytest.raises(WrongSecret, match="not the secret of Sari"):
        enter(database, sari.id, strange, now=NOW)
    with pytest.raises(Refusal):
        change_secret(database, sari.id, strange, RIGHT + "0", now=NOW)
    assert enter(database, sari.id, RIGHT, now=NOW + LONGEST_WAIT).id == sari.id
    database.close()
    if len(strange) > 8 and RIGHT not in strange:
        kept = b"".join(file.read_bytes() for file in database.path.parent.glob("jaga.db*"))
        assert strange.encode("utf-8", "surrogatepass") not in kept


def test_however_a_keyboard_composes_its_letters_it_is_the_same_secret(database: Database, sari: Person) -> None:
    change_secret(database, sari.id, RIGHT, "kopi-enak-caf\u00e9", now=NOW)
    assert enter(database, sari.id, "kopi-enak-cafe\u0301", now=NOW).id == sari.id


@given(story=st.integers(min_value=0, max_value=10**9))
@settings(max_examples=25, deadline=None)
def test_long_stories_let_in_whom_a_small_model_lets_in(story: int, tmp_path_factory: pytest.TempPathFactory) -> None:
    """Secrets right and wrong, changed and given anew, roles that come and go, clocks that run, jump back, and restarts."""
    chance, folder = random.Random(story), tmp_path_factory.mktemp("story")
    database = open_database(folder)
    site = add_site(database, "31.75", "Gudang", "Asia/Jakarta", now=NOW)
    enter_first(database, "Eko", "kunci-pertama-5", now=NOW)
    person = add_person(database, "Sari", Role.GUARD, site_id=site.id, now=NOW)
    give_secret(database, person.id, RIGHT, now=NOW)
    model = Model(RIGHT)
    for step in range(30):
        act = chance.choice(("right", "wrong", "wrong", "change", "give", "role", "later", "later", "back", "restart"))
        if act in ("right", "wrong"):
            said = model.secret if act == "right" else f"salah-{step}-{chance.random()}"
            assert came_in(database, person, said, model.now) == model.enter(said)
        elif act == "change":
            new = f"kata-baru-{step}-{chance.randrange(1000)}"
            try:
                change_secret(database, person.id, model.secret, new, now=model.now)
                changed = True
            except WrongSecret:
                changed = False
            assert changed == model.prove(model.secret)
            model.secret = new if changed else model.secret
        elif act == "give":
            model.secret = f"kata-diberi-{step}"
            give_secret(database, person.id, model.secret, now=model.now)
        elif act == "role":
            (end_role if model.role else grant_role)(database, person.id, Grant(Role.GUARD, site.id), now=model.now)
            model.role = not model.role
        elif act == "restart":
            database.close()
            database = open_database(folder)
        else:
            model.pass_time(timedelta(seconds=chance.choice((1, 29, 31, 200, 4000))) * (1 if act == "later" else -1))
    assert check_books(database).findings == ()
    with database.read() as connection:
        assert (connection.scalar(sa.select(sa.func.count()).select_from(secret)) or 0) >= 2
    database.close()


class Model:
    """What ought to come of it. tries: instants since the last right one, in their order."""

    def __init__(self, first: str) -> None:
        self.secret, self.role, self.now = first, True, NOW
        self.tries: list[datetime] = []

    def pass_time(self, length: timedelta) -> None:
        self.now += length

    def prove(self, said: str) -> bool:
        if len(self.tries) >= FREE:
            wait = min(LONGEST_WAIT, FIRST_WAIT * 2 ** (len(self.tries) - FREE))
            begun = min(self.tries[-1], self.now)
            self.tries[-1] = begun
            if self.now < begun + wait:
                return False
        self.tries.append(self.now)
        if said != self.secret:
            return False
        self.tries.clear()
        return True

    def enter(self, said: str) -> bool:
        return self.prove(said) and self.role


def came_in(database: Database, person: Person, said: str, now: datetime) -> bool:
    try:
        enter(database, person.id, said, now=now)
    except (WrongSecret, NotAllowed):
        return False
    return True
