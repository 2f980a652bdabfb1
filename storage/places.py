"""Sites, their rooms, and the cameras in them."""

from dataclasses import dataclass
from datetime import datetime
from zoneinfo import ZoneInfo, available_timezones

import sqlalchemy as sa

from storage.database import Database
from storage.rules.refusal import Refusal
from storage.schema.places import camera, room, site


@dataclass(frozen=True)
class Site:
    """A warehouse. code: its regency's official code (31.75) or any short code; zone: IANA name."""

    id: int
    code: str
    name: str
    zone: str

    @property
    def tz(self) -> ZoneInfo:
        return ZoneInfo(self.zone)


@dataclass(frozen=True)
class Room:
    """A room of a site that may be watched."""

    id: int
    site_id: int
    name: str


@dataclass(frozen=True)
class Camera:
    """A camera and where it hangs. address: checked, without user and password; username beside it; the password is kept elsewhere."""

    id: int
    room_id: int
    name: str
    address: str
    username: str
    room: str
    site_id: int
    site_code: str


def add_site(database: Database, code: str, name: str, zone: str, *, now: datetime) -> Site:
    """Enters a warehouse. Raises Refusal for an empty or taken code, an empty name, or an unknown zone."""
    code, name = code.strip(), name.strip()
    if not code or not name:
        raise Refusal("Enter the warehouse's code and name.")
    if zone not in available_timezones():
        raise Refusal("{zone} is no time zone; use Asia/Jakarta, Asia/Makassar or Asia/Jayapura.", zone=zone)
    with database.write() as connection:
        if connection.scalar(sa.select(site.c.id).where(site.c.code == code)):
            raise Refusal("There is a warehouse with the code {code} already.", code=code)
        values = {"kind": "warehouse", "code": code, "name": name, "zone": zone, "created_at": now}
        return Site(connection.execute(site.insert().values(values).returning(site.c.id)).scalar_one(), code, name, zone)


def add_room(database: Database, site_id: int, name: str, *, now: datetime) -> Room:
    """Enters a room of a site. Raises Refusal for an empty name or one taken in that site."""
    name = name.strip()
    if not name:
        raise Refusal("Enter the room's name.")
    with database.write() as connection:
        if connection.scalar(sa.select(room.c.id).where(room.c.site_id == site_id, room.c.name == name)):
            raise Refusal("There is a room named {name} already.", name=name)
        row = connection.execute(room.insert().values(site_id=site_id, name=name, created_at=now).returning(room.c.id))
        return Room(row.scalar_one(), site_id, name)


def add_camera(database: Database, room_id: int, name: str, address: str, username: str, *, now: datetime) -> Camera:
    """Enters a camera of a room; address must be checked and free of user and password before it comes here.

    Raises Refusal for an empty name, one taken in that room, or an address with credentials in it.
    """
    name = name.strip()
    if not name:
        raise Refusal("Enter the camera's name.")
    if "@" in address.split("://", 1)[-1].split("/", 1)[0]:
        raise Refusal("Enter the camera's user and password in their own fields, not in its address.")
    with database.write() as connection:
        if connection.scalar(sa.select(camera.c.id).where(camera.c.room_id == room_id, camera.c.name == name)):
            raise Refusal("There is a camera named {name} already.", name=name)
        values = {"room_id": room_id, "name": name, "address": address, "username": username, "created_at": now}
        camera_id = connection.execute(camera.insert().values(values).returning(camera.c.id)).scalar_one()
        return Camera(*connection.execute(_cameras().where(camera.c.id == camera_id)).one())


def list_sites(database: Database) -> list[Site]:
    """All warehouses by code."""
    with database.read() as connection:
        rows = connection.execute(sa.select(site.c.id, site.c.code, site.c.name, site.c.zone).order_by(site.c.code))
        return [Site(*row) for row in rows]


def list_rooms(database: Database, site_id: int) -> list[Room]:
    """The rooms of a site by name."""
    with database.read() as connection:
        columns = sa.select(room.c.id, room.c.site_id, room.c.name)
        return [Room(*row) for row in connection.execute(columns.where(room.c.site_id == site_id).order_by(room.c.name))]


def list_cameras(database: Database) -> list[Camera]:
    """All cameras in the order in which they were entered; the wall never changes its order by itself."""
    with database.read() as connection:
        return [Camera(*row) for row in connection.execute(_cameras().order_by(camera.c.id))]


def _cameras() -> sa.Select[int, int, str, str, str, str, int, str]:
    return (
        sa.select(
            *(camera.c.id, camera.c.room_id, camera.c.name, camera.c.address, camera.c.username),
            *(room.c.name.label("room"), room.c.site_id, site.c.code),
        )
        .join(room, room.c.id == camera.c.room_id)
        .join(site, site.c.id == room.c.site_id)
    )
