"""Below the bars of the live page stands what was seen last night in each room, worked out one room a second."""

from datetime import datetime, timedelta

from camera.journal import Cause, EndReason, WrittenSegment
from storage.people.person import Role
from storage.places import add_camera, add_room, list_rooms
from storage.rules.coverage import Totals
from tests.ui.warehouse import House
from ui.pages.live_page import LivePage
from ui.watch.covered import LastNights, said_totals

# 02:51 on Sunday in Jakarta: last night began on Saturday at noon.
NOON_H = 14 + 51 / 60 + 7 / 3600


def film(house: House, camera_id: int, from_at: datetime, until_at: datetime) -> None:
    written = WrittenSegment(f"s/{camera_id}/{from_at:%H%M}.mp4", from_at, until_at, 9, 9, "0" * 64, EndReason.FULL)
    house.recorder.journal.segment_written(camera_id, written)


def test_the_live_page_says_what_was_seen_last_night(house: House) -> None:
    now = house.clock()
    empty = add_room(house.database, house.site.id, "Ruang A", now=now)
    noon = now - timedelta(hours=NOON_H)
    film(house, house.camera.id, noon, noon + timedelta(hours=10))
    house.recorder.journal.gap_opened(house.camera.id, noon + timedelta(hours=10), Cause.CAMERA_LOST)
    house.recorder.somebody_moves(house.camera.id, noon + timedelta(hours=1))
    page = house.open(Role.GUARD).pages["live"]
    assert isinstance(page, LivePage)
    assert page.last_night.isHidden()
    for _room in (empty, house.room):
        page.tick(now)
    said = "Ruang B, last night: 892 armed minutes, 599 seen clear, 1 with an event, 292 blind (Camera lost 292)"
    assert (page.last_night.text(), page.last_night.isHidden()) == (said, False)


def test_a_room_is_worked_out_anew_after_ten_minutes_and_one_at_a_time(house: House) -> None:
    second = add_room(house.database, house.site.id, "Ruang C", now=house.clock())
    add_camera(house.database, second.id, "Kamera 2", "rtsp://192.168.1.21/1", "", now=house.clock() - timedelta(hours=1))
    rooms, now = list_rooms(house.database, house.site.id), house.clock()
    nights = LastNights(house.database)
    assert [nights.work(rooms, now) for _room in range(3)] == [True, True, False]
    before = nights.lines(rooms)
    assert before.count("last night") == 2
    later = now + timedelta(minutes=10)
    assert nights.work(rooms, later - timedelta(seconds=1)) is False
    assert nights.work(rooms, later) is True
    assert nights.lines(rooms) != before
    assert nights.work([], later) is False


def test_what_is_no_longer_kept_is_said_where_there_is_any() -> None:
    assert said_totals(Totals(clear=1_200)) == "1,200 armed minutes, 1,200 seen clear, 0 with an event, 0 blind"
    assert said_totals(Totals(clear=3, not_kept=2)).endswith("0 blind, 2 no longer kept")
