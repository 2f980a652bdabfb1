"""What a camera is asked to look at: kept, changed by somebody named, and the past stays known."""

from datetime import datetime, timedelta

import pytest

from camera.view import EVERYTHING, View
from storage.database import Database
from storage.people.person import Person, Role, add_person
from storage.places import add_camera, add_room, add_site, list_cameras, set_sub_address
from storage.rules.refusal import Refusal
from storage.watch.views import CameraView, ViewChange, WatchZone, set_view, view_changes, view_of, views

DOOR = ((0.1, 0.1), (0.4, 0.1), (0.4, 0.9))
FAN = ((0.8, 0.0), (1.0, 0.0), (1.0, 0.2), (0.8, 0.2))


@pytest.fixture
def agus(database: Database, now: datetime) -> Person:
    """The supervisor of a warehouse with two cameras."""
    room = add_room(database, add_site(database, "31.75", "Gudang", "Asia/Jakarta", now=now).id, "B", now=now)
    for number in (1, 2):
        add_camera(database, room.id, f"Kamera {number}", f"rtsp://127.0.0.1/{number}", "", now=now)
    return add_person(database, "Agus", Role.SUPERVISOR, now=now)


def test_a_camera_of_which_nobody_said_anything_watches_everything(database: Database, agus: Person) -> None:
    assert view_of(database, 1) == CameraView()
    assert views(database) == {}
    assert [camera.sensitivity for camera in list_cameras(database)] == [50, 50]


def test_a_view_holds_until_it_is_changed_and_stays_known(database: Database, agus: Person, now: datetime) -> None:
    first = CameraView((WatchZone(DOOR, 5, 12.5), WatchZone(FAN)), (FAN,), 70)
    second = CameraView((), (FAN, DOOR), 0)
    later = now + timedelta(hours=1)
    set_view(database, 1, first, by=agus, now=now)
    assert view_of(database, 1) == first
    assert view_of(database, 2) == CameraView()
    eko = add_person(database, "Eko", Role.ADMINISTRATOR, now=now)
    set_view(database, 1, second, by=eko, now=later)
    assert views(database) == {1: second}
    assert view_changes(database, 1) == [ViewChange(now, "Agus", first), ViewChange(later, "Eko", second)]
    assert [camera.sensitivity for camera in list_cameras(database)] == [0, 50]


def test_what_is_said_already_is_not_said_again(database: Database, agus: Person, now: datetime) -> None:
    view = CameraView((WatchZone(DOOR, 5, 12.5),), (FAN,), 70)
    for hours in range(3):
        set_view(database, 1, view, by=agus, now=now + timedelta(hours=hours))
    assert view_changes(database, 1) == [ViewChange(now, "Agus", view)]


def test_the_cameras_own_view_has_the_same_shape(database: Database, agus: Person, now: datetime) -> None:
    from dataclasses import asdict

    view = CameraView((WatchZone(DOOR, 5, 12.5),), (FAN,), 70)
    set_view(database, 1, view, by=agus, now=now)
    assert View.from_plain(asdict(view_of(database, 1))).plain() == asdict(view)
    assert View.from_plain(asdict(view_of(database, 2))) == EVERYTHING


def zone(*corners: tuple[float, float]) -> CameraView:
    return CameraView((WatchZone(corners),))


@pytest.mark.parametrize(
    ("view", "said"),
    [
        (zone((0, 0), (1, 1)), "3 to 32 corners"),
        (CameraView(masks=(((0, 0), (1, 1)),)), "3 to 32 corners"),
        (zone(*((number / 100, number % 2) for number in range(33))), "3 to 32 corners"),
        (zone((0, 0), (1.01, 0), (1, 1)), "within the picture"),
        (zone((0, 0), (1, -0.01), (1, 1)), "within the picture"),
        (zone((0, 0), (float("nan"), 0), (1, 1)), "within the picture"),
        (zone((0, 0), (0.5, 0.5), (1, 1)), "too small"),
        (CameraView(masks=(((0, 0), (0.01, 0), (0, 0.01)),)), "too small"),
        (CameraView((WatchZone(DOOR, -1, 0),)), "0 to 100 percent"),
        (CameraView((WatchZone(DOOR, 0, 100.5),)), "0 to 100 percent"),
        (CameraView(sensitivity=101), "number from 0 to 100"),
        (CameraView(sensitivity=-1), "number from 0 to 100"),
        (CameraView(masks=(FAN,) * 17), "at most 16"),
    ],
)
def test_what_is_no_view_is_refused_in_a_sentence(database: Database, agus: Person, now: datetime, view: CameraView, said: str) -> None:
    set_view(database, 1, zone(*DOOR), by=agus, now=now)
    with pytest.raises(Refusal, match=said):
        set_view(database, 1, view, by=agus, now=now)
    assert view_of(database, 1) == zone(*DOOR)


def test_only_who_sets_up_cameras_changes_what_they_watch(database: Database, agus: Person, now: datetime) -> None:
    for role in (Role.GUARD, Role.OFFICER, Role.AUDITOR):
        with pytest.raises(Refusal, match=f"{role.value} may not do this: change_view"):
            set_view(database, 1, zone(*DOOR), by=add_person(database, role.value, role, now=now), now=now)
    with pytest.raises(Refusal, match="no camera with the number 9"):
        set_view(database, 9, zone(*DOOR), by=agus, now=now)
    assert views(database) == {}


def test_a_camera_may_have_a_small_stream_without_credentials_in_its_address(database: Database, agus: Person, now: datetime) -> None:
    camera = add_camera(database, 1, "Kamera 3", "rtsp://127.0.0.1/3", "jaga", now=now, sub_address="rtsp://127.0.0.1/3/sub")
    assert camera.sub_address == "rtsp://127.0.0.1/3/sub"
    set_sub_address(database, 1, "rtsp://127.0.0.1/1/sub", now=now)
    set_sub_address(database, camera.id, "", now=now)
    assert [camera.sub_address for camera in list_cameras(database)] == ["rtsp://127.0.0.1/1/sub", "", ""]
    with pytest.raises(Refusal, match="own fields"):
        set_sub_address(database, 1, "rtsp://jaga:kenari@127.0.0.1/1/sub", now=now)
    with pytest.raises(Refusal, match="own fields"):
        add_camera(database, 1, "Kamera 4", "rtsp://127.0.0.1/4", "", now=now, sub_address="rtsp://jaga:kenari@127.0.0.1/4")
    with pytest.raises(Refusal, match="no camera"):
        set_sub_address(database, 9, "", now=now)
