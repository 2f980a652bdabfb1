"""A supervisor widens the hours of a room and then enters: it takes two, it is not retroactive, and the change stands beside the event."""

from datetime import timedelta

import pytest

from camera.events import Kind
from storage.audit.trail import Filter, all_entries
from storage.people.confirmation import confirm
from storage.people.person import Role, add_person
from storage.people.right import NeedsSecond, NotAllowed
from storage.people.sign_in import give_secret
from storage.rules.hours import Opening, WeekHours
from storage.rules.rights import Act
from storage.rules.verdict import EventVerdict
from storage.watch.events import events_between
from storage.watch.hours import hours_changes, set_hours
from tests.ui.conftest import bare, house, quick_secrets
from tests.ui.warehouse import BEGUN, SECRET, House
from ui.pages.live_page import LivePage
from ui.watch.night import room_nights

__all__ = ["bare", "house", "quick_secrets"]

ALWAYS = WeekHours(tuple(Opening(day, 0, 1440) for day in range(7)))


def enter_room(house: House, minutes: int) -> None:
    at = house.clock() + timedelta(minutes=minutes)
    event = house.recorder.journal.event_opened(house.camera.id, Kind.MOTION, at, 4.0, (), at=at)
    house.recorder.journal.event_closed(event, at + timedelta(seconds=10), 4.0)


def test_alone_nobody_widens_them(house: House) -> None:
    agus, sari = house.people[Role.SUPERVISOR], house.people[Role.GUARD]
    with pytest.raises(NeedsSecond):
        set_hours(house.database.used_by(agus.id), house.room.id, ALWAYS, by=agus, now=house.clock())
    with pytest.raises(NeedsSecond):
        set_hours(house.database.used_by(agus.id), house.room.id, ALWAYS, by=agus, second=sari, now=house.clock())
    with pytest.raises(NotAllowed):
        set_hours(house.database.used_by(sari.id), house.room.id, ALWAYS, by=sari, now=house.clock())
    assert hours_changes(house.database, house.site.id, BEGUN, house.clock()) == []


def test_widened_by_two_the_entry_before_stays_flagged_and_the_change_stands_beside_the_one_after(house: House) -> None:
    agus, eko = house.people[Role.SUPERVISOR], house.people[Role.ADMINISTRATOR]
    give_secret(house.database, eko.id, SECRET, now=BEGUN)
    enter_room(house, -30)
    view = house.database.used_by(agus.id)
    second = confirm(view, Act.CHANGE_HOURS, "Ruang B", by=agus, second_id=eko.id, given=SECRET, now=house.clock(), site_id=house.site.id)
    set_hours(view, house.room.id, ALWAYS, by=agus, second=second, now=house.clock())
    enter_room(house, 20)
    now = house.clock() + timedelta(minutes=30)
    before, after = events_between(house.database, BEGUN, now)
    assert (before.verdict, after.verdict) == (EventVerdict.AFTER_HOURS, EventVerdict.IN_HOURS)
    [night] = room_nights(house.database, house.site, now)
    assert [stretch.flagged for stretch in night.events] == [True, False]
    assert night.armed[-1].until_at == house.clock(), "until then it was armed, whatever its hours say now"
    [change] = hours_changes(house.database, house.site.id, BEGUN, now)
    assert (change.room, change.person, change.second, change.at) == ("Ruang B", "Agus", "Eko", house.clock())
    told = list(all_entries(house.database, house.site.id, Filter(act="hours_set")))
    assert [(entry.person, entry.second, entry.about) for entry in told] == [("Agus", "Eko", ("Ruang B",))]


def test_the_guard_sees_the_change_below_the_rooms(house: House) -> None:
    agus, eko = house.people[Role.SUPERVISOR], house.people[Role.ADMINISTRATOR]
    add_person(house.database, "Rudi", Role.GUARD, now=BEGUN)
    set_hours(house.database, house.room.id, ALWAYS, by=agus, second=eko, now=house.clock())
    window = house.open(Role.GUARD)
    page = window.pages["live"]
    assert isinstance(page, LivePage) and not page.hours_changed.isHidden()
    assert page.hours_changed.text().startswith("The hours of Ruang B were changed on 22/11/2026 02:51 by Agus, Eko;")
    house.clock.advance(25 * 3600)
    page.refresh()
    assert page.hours_changed.isHidden()
