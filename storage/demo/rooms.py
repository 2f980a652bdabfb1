"""The demo's people and watched rooms: where its four cameras hang, and hours that make the demo's night fall whenever it is started."""

from datetime import datetime, timedelta
from pathlib import Path

from storage.database import Database
from storage.demo.people import write_people
from storage.places import Room, add_camera, add_room, list_cameras, list_rooms, list_sites
from storage.rules.hours import DAY_MIN, Opening, WeekHours
from storage.watch.hours import set_hours

SITE_CODE = "31.75"
SORTING_HALL = "Ruang sortir-lipat"
# Room, camera, scene.
CAMERAS = (
    (SORTING_HALL, "Kamera 1 - meja sortir", "sorting_hall.mp4"),
    ("Gudang kotak A", "Kamera 2 - rak", "store_night.mp4"),
    ("Gudang kotak B", "Kamera 3 - pintu dalam", "store_lights.mp4"),
    ("Lorong barat", "Kamera 4 - lorong", "corridor_insect.mp4"),
)


def write_rooms(database: Database, scenes: Path, *, now: datetime) -> None:
    """Enters people, rooms and cameras once, and sets the hours of this start: the sorting hall is open, the stores are closed.

    scenes: the folder of the rendered scenes, which the cameras play.
    """
    write_people(database, now=now)
    site = next(site for site in list_sites(database) if site.code == SITE_CODE)
    rooms = {room.name: room for room in list_rooms(database, site.id)}
    cameras = {camera.name for camera in list_cameras(database)}
    for room_name, camera_name, scene in CAMERAS:
        if room_name not in rooms:
            rooms[room_name] = add_room(database, site.id, room_name, now=now)
        if camera_name not in cameras:
            add_camera(database, rooms[room_name].id, camera_name, (scenes / scene).resolve().as_uri(), "", now=now)
    local = now.astimezone(site.tz)
    for room in rooms.values():
        set_hours(database, room.id, _hours(room, local), now=now)


def _hours(room: Room, local: datetime) -> WeekHours:
    """Open around this hour in the sorting hall, around the opposite hour of the day in the stores, never in the corridor."""
    if room.name == CAMERAS[-1][0]:
        return WeekHours()
    hours = 5 if room.name == SORTING_HALL else 3
    middle = local if room.name == SORTING_HALL else local + timedelta(hours=12)
    opens = (middle - timedelta(hours=hours)).hour * 60
    return WeekHours(tuple(Opening(weekday, opens, (opens + 2 * hours * 60) % DAY_MIN) for weekday in range(7)))
