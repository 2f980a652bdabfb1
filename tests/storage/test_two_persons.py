"""An act of two persons: the second answers with their own secret, here or elsewhere; the answer serves once, for ten minutes."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

import pytest
import sqlalchemy as sa
from argon2 import PasswordHasher

from storage.database import Database
from storage.people.confirmation import Confirmed, answer, answer_to, ask, call_off, confirm, may_confirm, waiting_for
from storage.people.person import Grant, Person, Role, add_person, end_role
from storage.people.right import CONFIRMED_FOR, NeedsSecond, NotAllowed
from storage.people.roles_page import operations
from storage.people.sign_in import WrongSecret, give_secret
from storage.places import add_camera, add_room, add_site
from storage.rules.refusal import Refusal
from storage.rules.rights import RIGHTS, Act
from storage.schema.record import record
from storage.watch.suspending import disarm_room, suspend_alarms, suspensions

NIGHT = datetime(2026, 11, 21, 15, 0, tzinfo=UTC)
UNTIL = NIGHT + timedelta(hours=1)
WHY = "Lembur sortir lipat"
SAID = "Sari disarms B until 23:00. Reason: Lembur sortir lipat"
SECRETS = {"Sari": "kenari-kuning", "Wati": "merpati-putih", "Dewi": "elang-hitam-1", "Budi": "jalak-bali-22"}


@pytest.fixture(autouse=True)
def quick_secrets(monkeypatch: pytest.MonkeyPatch) -> None:
    """Secrets are kept as always, but at a cost that is not what these tests are about."""
    monkeypatch.setattr("storage.people.sign_in._HASHER", PasswordHasher(time_cost=1, memory_cost=8, parallelism=1))


@dataclass
class Post:
    """Two guards, an auditor and an officer, each with a secret; Sari has signed in here, Wati at another workstation."""

    database: Database
    people: dict[str, Person]

    @property
    def here(self) -> Database:
        return self.database.used_by(self.people["Sari"].id)

    @property
    def there(self) -> Database:
        return self.database.used_by(self.people["Wati"].id)

    @property
    def sari(self) -> Person:
        return self.people["Sari"]

    @property
    def wati(self) -> Person:
        return self.people["Wati"]

    def confirmed(self, act: Act = Act.DISARM, at: datetime = NIGHT, secret: str = SECRETS["Wati"], second: str = "Wati") -> Confirmed:
        """The second person's answer at the same workstation."""
        return confirm(self.here, act, SAID, by=self.sari, second_id=self.people[second].id, given=secret, now=at, site_id=1)

    def disarm(self, second: Person | None, at: datetime = NIGHT, room_id: int = 1) -> None:
        disarm_room(self.here, room_id, at + timedelta(hours=1), WHY, by=self.sari, now=at, second=second)

    def nothing_done(self, at: datetime = NIGHT) -> bool:
        return suspensions(self.database, at) == []

    def told(self, act: str) -> list[tuple[int | None, int | None]]:
        """Who stands in the records of this kind: the first person, and the second."""
        with self.database.read() as connection:
            rows = connection.execute(
                sa.select(record.c.person_id, record.c.second_id).where(record.c.act == act).order_by(record.c.event_id)
            )
            return [(row.person_id, row.second_id) for row in rows]


@pytest.fixture
def post(database: Database) -> Post:
    for code, name in (("31.75", "Gudang Timur"), ("31.74", "Gudang Selatan")):
        site = add_site(database, code, name, "Asia/Jakarta", now=NIGHT)
        room = add_room(database, site.id, "B", now=NIGHT)
        add_camera(database, room.id, "Kamera 1", "rtsp://127.0.0.1/1", "", now=NIGHT)
    roles = {"Sari": Role.GUARD, "Wati": Role.GUARD, "Dewi": Role.AUDITOR, "Budi": Role.OFFICER}
    people = {name: add_person(database, name, role, now=NIGHT) for name, role in roles.items()}
    for name, person in people.items():
        give_secret(database, person.id, SECRETS[name], now=NIGHT)
    return Post(database, people)


def test_at_the_same_workstation(post: Post) -> None:
    post.disarm(post.confirmed())
    [one] = suspensions(post.database, NIGHT)
    assert (one.person, one.second) == ("Sari", "Wati")
    assert post.told("room_disarmed") == [(post.sari.id, post.wati.id)]
    assert post.told("confirmed") == [(post.wati.id, None)]


def test_from_another_workstation(post: Post) -> None:
    number = ask(post.here, Act.DISARM, SAID, by=post.sari, now=NIGHT, site_id=1)
    assert answer_to(post.here, number) is None
    [asked] = waiting_for(post.there, post.wati, now=NIGHT)
    assert (asked.id, asked.act, asked.said, asked.first) == (number, Act.DISARM, SAID, "Sari")
    answer(post.there, number, SECRETS["Wati"], by=post.wati, now=NIGHT + timedelta(minutes=1))
    assert waiting_for(post.there, post.wati, now=NIGHT) == []
    second = answer_to(post.here, number)
    assert second is not None and second.id == post.wati.id
    post.disarm(second, NIGHT + timedelta(minutes=2))
    assert post.told("room_disarmed") == [(post.sari.id, post.wati.id)]


def test_only_who_may_answer_is_asked(post: Post) -> None:
    ask(post.here, Act.DISARM, SAID, by=post.sari, now=NIGHT, site_id=1)
    for name in ("Sari", "Dewi", "Budi"):
        assert waiting_for(post.database, post.people[name], now=NIGHT) == []
        assert not may_confirm(post.people[name], Act.DISARM, 1, post.sari)
    assert may_confirm(post.wati, Act.DISARM, 1, post.sari)


def test_declined(post: Post) -> None:
    number = ask(post.here, Act.DISARM, SAID, by=post.sari, now=NIGHT, site_id=1)
    answer(post.there, number, SECRETS["Wati"], by=post.wati, now=NIGHT, given=False)
    with pytest.raises(NeedsSecond, match="Wati does not agree"):
        answer_to(post.here, number)
    with pytest.raises(NeedsSecond):
        post.disarm(Confirmed(post.wati.id, "Wati", post.wati.grants, number))
    with pytest.raises(Refusal, match="answered or called off already"):
        answer(post.there, number, SECRETS["Wati"], by=post.wati, now=NIGHT)
    assert post.nothing_done()


def test_a_wrong_secret_confirms_nothing_and_several_make_one_wait(post: Post) -> None:
    number = ask(post.here, Act.DISARM, SAID, by=post.sari, now=NIGHT, site_id=1)
    for _again in range(3):
        with pytest.raises(WrongSecret, match="not the secret of Wati"):
            answer(post.there, number, "anything-at-all", by=post.wati, now=NIGHT)
    with pytest.raises(WrongSecret, match="Try again in"):
        post.confirmed()  # the right one now, and at the other workstation: it counts the same
    assert answer_to(post.here, number) is None and post.nothing_done()


def test_an_answer_is_too_old_after_ten_minutes(post: Post) -> None:
    second, late = post.confirmed(), NIGHT + CONFIRMED_FOR + timedelta(seconds=1)
    with pytest.raises(NeedsSecond, match="too long ago"):
        post.disarm(second, late)
    assert post.nothing_done(late)


def test_a_question_is_not_answered_after_ten_minutes_or_when_it_was_called_off(post: Post) -> None:
    number = ask(post.here, Act.DISARM, SAID, by=post.sari, now=NIGHT, site_id=1)
    late = NIGHT + CONFIRMED_FOR + timedelta(seconds=1)
    assert waiting_for(post.there, post.wati, now=late) == []
    with pytest.raises(Refusal, match="too long ago"):
        answer(post.there, number, SECRETS["Wati"], by=post.wati, now=late)
    other = ask(post.here, Act.DISARM, SAID, by=post.sari, now=NIGHT, site_id=1)
    call_off(post.here, other, by=post.sari, now=NIGHT)
    assert [asked.id for asked in waiting_for(post.there, post.wati, now=NIGHT)] == [number]
    with pytest.raises(Refusal, match="called off"):
        answer(post.there, other, SECRETS["Wati"], by=post.wati, now=NIGHT)


def test_an_answer_serves_once(post: Post) -> None:
    second = post.confirmed()
    suspend_room = disarm_room(post.here, 1, UNTIL, WHY, by=post.sari, now=NIGHT, second=second)
    assert suspend_room == 1
    later = UNTIL + timedelta(minutes=1)
    with pytest.raises(NeedsSecond, match=r"too long ago|serves once"):
        post.disarm(second, later)
    with pytest.raises(NeedsSecond, match="serves once"):
        post.disarm(second, NIGHT + timedelta(minutes=1))
    assert post.told("room_disarmed") == [(post.sari.id, post.wati.id)]


def test_a_refused_act_gives_the_answer_back(post: Post) -> None:
    second = post.confirmed()
    with pytest.raises(Refusal, match="at most 8 hours"):
        disarm_room(post.here, 1, NIGHT + timedelta(days=2), WHY, by=post.sari, now=NIGHT, second=second)
    post.disarm(second)
    assert not post.nothing_done()


ELSEWHERE: dict[str, Callable[[Post, Confirmed], object]] = {
    "another act": lambda post, second: suspend_alarms(post.here, 1, UNTIL, WHY, by=post.sari, now=NIGHT, second=second),
    "another site": lambda post, second: post.disarm(second, room_id=2),
    "another second": lambda post, second: post.disarm(Confirmed(post.people["Budi"].id, "Budi", frozenset(), second.confirmation_id)),
    "another first": lambda post, second: disarm_room(
        post.database.used_by(post.wati.id), 1, UNTIL, WHY, by=post.wati, now=NIGHT, second=second
    ),
}


@pytest.mark.parametrize("way", ELSEWHERE)
def test_an_answer_serves_for_nothing_else(post: Post, way: str) -> None:
    second = post.confirmed()
    with pytest.raises(NeedsSecond, match="something else"):
        ELSEWHERE[way](post, second)
    assert post.nothing_done()


def test_the_second_person_is_somebody_else_who_may(post: Post) -> None:
    refused = {"Sari": "somebody else than Sari", "Dewi": "Dewi may not do this", "Budi": "Budi may not do this"}
    for name, said in refused.items():
        with pytest.raises(NotAllowed, match=said):
            post.confirmed(secret=SECRETS[name], second=name)
    number = ask(post.here, Act.DISARM, SAID, by=post.sari, now=NIGHT, site_id=1)
    for name in ("Sari", "Dewi", "Budi"):
        person = post.people[name]
        with pytest.raises(NotAllowed):
            answer(post.database.used_by(person.id), number, SECRETS[name], by=person, now=NIGHT)
    assert answer_to(post.here, number) is None


def test_nobody_answers_in_anothers_name(post: Post) -> None:
    number = ask(post.here, Act.DISARM, SAID, by=post.sari, now=NIGHT, site_id=1)
    with pytest.raises(NotAllowed, match="not the one who has signed in"):
        answer(post.here, number, SECRETS["Wati"], by=post.wati, now=NIGHT)


def test_who_loses_the_role_after_answering_no_longer_answers(post: Post) -> None:
    second = post.confirmed()
    end_role(post.database, post.wati.id, Grant(Role.GUARD), now=NIGHT)
    with pytest.raises(NotAllowed, match="Wati may not do this"):
        post.disarm(second)
    assert post.nothing_done()


def test_a_name_alone_is_no_answer(post: Post) -> None:
    for second in (None, post.wati):
        with pytest.raises(NeedsSecond, match="two persons"):
            post.disarm(second)
    assert post.nothing_done()


def test_every_act_of_two_persons_has_an_operation() -> None:
    assert {act for act, right in RIGHTS.items() if right.two} <= {operation.act for operation in operations()}
