"""Alarms that are answered faster than anybody can look: an alarm of its own, which somebody else judges, with its record."""

import json
from datetime import timedelta
from pathlib import Path

import pytest
import sqlalchemy as sa

from storage.database import Database
from storage.ledger.check import check_books
from storage.rules.haste import JUDGED, MOST_SEEN
from storage.rules.refusal import Refusal
from storage.watch.alarms import Alarm, Verdict, acknowledge, get_alarm, give_verdict, list_alarms
from tests.conftest import NOW
from tests.storage.footage import Archive, open_archive


@pytest.fixture
def night(database: Database, tmp_path: Path) -> Archive:
    """A dozen alarms and one more, twenty minutes apart, and nobody has answered them yet."""
    archive = open_archive(database, tmp_path / "recordings", NOW)
    for number in range(MOST_SEEN + 3):
        archive.event(1, 20.0 * number)
    return archive


def hasty(archive: Archive) -> list[Alarm]:
    return [alarm for alarm in list_alarms(archive.database) if alarm.kind == "hasty_answers"]


def see(archive: Archive, count: int, every_s: float) -> None:
    for number in range(count):
        at = archive.after(600) + timedelta(seconds=every_s * number)
        acknowledge(archive.database, number + 1, by=archive.guard, now=at)


def judge(archive: Archive, count: int, every_s: float) -> None:
    see(archive, MOST_SEEN + 3, 30)
    for number in range(count):
        at = archive.after(700) + timedelta(seconds=every_s * number)
        give_verdict(archive.database, number + 1, Verdict.FALSE_ALARM, "cat", by=archive.guard, now=at)


def test_a_dozen_alarms_acknowledged_in_a_minute_are_an_alarm_that_names_who(night: Archive) -> None:
    see(night, MOST_SEEN, 2)
    assert hasty(night) == [], "as many as one can look at"
    acknowledge(night.database, MOST_SEEN + 1, by=night.guard, now=night.after(600.9))
    [alarm] = hasty(night)
    assert (alarm.camera_id, alarm.about, alarm.acknowledged_at) == (None, "Siti", None)
    assert check_books(night.database).findings == ()


def test_its_record_lists_the_alarms_and_the_seconds(night: Archive) -> None:
    see(night, MOST_SEEN + 1, 2)
    with night.database.read() as connection:
        query = "SELECT person_id, body FROM record WHERE act = 'answered_in_haste'"
        [(person_id, body)] = connection.execute(sa.text(query)).all()
    said = json.loads(body)
    assert (person_id, said["step"], said["seconds"]) == (night.guard.id, "acknowledged", 20.0)
    assert sorted(said["alarms"]) == list(range(1, MOST_SEEN + 2))


def test_going_on_in_haste_is_told_once_and_a_second_time_after_a_rest(night: Archive) -> None:
    see(night, MOST_SEEN + 3, 1)
    assert len(hasty(night)) == 1
    more = [night.event(2, 620 + 20.0 * number) for number in range(MOST_SEEN + 1)]
    for number in range(MOST_SEEN + 1):
        alarm_id = next(alarm.id for alarm in list_alarms(night.database) if alarm.camera_id == 2 and alarm.acknowledged_at is None)
        acknowledge(night.database, alarm_id, by=night.guard, now=night.after(900) + timedelta(seconds=number))
    assert len(more) == MOST_SEEN + 1
    assert len(hasty(night)) == 2


def test_at_a_walking_pace_or_by_two_persons_it_is_no_haste(night: Archive) -> None:
    for number in range(MOST_SEEN + 2):
        by = (night.guard, night.supervisor)[number % 2]
        acknowledge(night.database, number + 1, by=by, now=night.after(600) + timedelta(seconds=number))
    assert hasty(night) == []


def test_verdicts_faster_than_a_quarter_of_their_clips_are_haste(night: Archive) -> None:
    # A clip of these alarms lasts 21 s.
    judge(night, JUDGED, 5.0)
    [alarm] = hasty(night)
    assert alarm.about == "Siti"


def test_verdicts_for_which_the_clips_could_be_looked_at_are_not(night: Archive) -> None:
    judge(night, JUDGED + 1, 5.3)
    assert hasty(night) == []


def test_nobody_judges_their_own_haste(night: Archive) -> None:
    see(night, MOST_SEEN + 1, 2)
    [alarm] = hasty(night)
    with pytest.raises(Refusal, match="somebody else"):
        give_verdict(night.database, alarm.id, Verdict.AUTHORISED, "busy", by=night.guard, now=night.after(620))
    assert get_alarm(night.database, alarm.id).verdict is None
    give_verdict(night.database, alarm.id, Verdict.REAL_INCIDENT, "nobody looked", by=night.supervisor, now=night.after(630))
    assert get_alarm(night.database, alarm.id).verdict_by == "Agus"
