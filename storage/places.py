"""Sites, their rooms, and the cameras in them."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Any
from zoneinfo import ZoneInfo, available_timezones

import sqlalchemy as sa

from storage.chain import home_site, put_record, site_of_camera, site_of_room, tell_known
from storage.database import Database
from storage.people.right import right
from storage.rules.refusal import Refusal
from storage.rules.rights import Act
from storage.schema.people import role_grant
from storage.schema.places import camera, person, region, room, site
from storage.schema.watch import camera_view
from storage.told import address_place
from storage.watch.views import USUAL_SENSITIVITY


class SiteKind(StrEnum):
    """What a site is in the chain from the printer to the polling station."""

    PRINTER = "printer"
    WAREHOUSE = "warehouse"
    KECAMATAN = "kecamatan"
    KELURAHAN = "kelurahan"
    TPS = "tps"
    TRANSIT = "transit"


@dataclass(frozen=True)
class Site:
    """A place that holds ballots. code: its region's official code (31.75) or any short code; zone: IANA name.

    confirmed: it is agreed; nothing is sent to one that is not. region_code: where it lies, if that is known.
    """

    id: int
    code: str
    name: str
    zone: str
    kind: SiteKind = SiteKind.WAREHOUSE
    confirmed: bool = True
    region_code: str | None = None

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
    """A camera and where it hangs. address: checked, without user and password; username beside it; the password is kept elsewhere.

    sub_address: of the small stream that it sends beside, empty if it has none; sensitivity: 0 to 100, as storage/watch/views.py has it.
    """

    id: int
    room_id: int
    name: str
    address: str
    username: str
    room: str
    site_id: int
    site_code: str
    sub_address: str = ""
    sensitivity: int = USUAL_SENSITIVITY


@right(Act.SET_UP_PLACES)
def add_site(
    database: Database,
    code: str,
    name: str,
    zone: str,
    *,
    now: datetime,
    kind: SiteKind = SiteKind.WAREHOUSE,
    confirmed: bool = True,
    region_code: str | None = None,
) -> Site:
    """Enters a site. Raises Refusal for an empty or taken code, an empty name, an unknown zone or region."""
    with database.write() as connection:
        site_id = enter_site(connection, code, name, zone, now=now, kind=kind, confirmed=confirmed, region_code=region_code)
        return site_of(connection, site_id)


def enter_site(
    connection: sa.Connection,
    code: str,
    name: str,
    zone: str,
    *,
    now: datetime,
    kind: SiteKind,
    confirmed: bool,
    region_code: str | None = None,
) -> int:
    """As add_site, within a transaction; its id."""
    code, name = code.strip(), name.strip()
    if not code or not name:
        raise Refusal("Enter the warehouse's code and name.")
    if zone not in available_timezones():
        raise Refusal("{zone} is no time zone; use Asia/Jakarta, Asia/Makassar or Asia/Jayapura.", zone=zone)
    if connection.scalar(sa.select(site.c.id).where(site.c.code == code)):
        raise Refusal("There is a warehouse with the code {code} already.", code=code)
    if region_code is not None and connection.scalar(sa.select(region.c.code).where(region.c.code == region_code)) is None:
        raise Refusal("There is no region with the code {code}.", code=region_code)
    values = {"kind": kind.value, "code": code, "name": name, "zone": zone, "created_at": now, "region_code": region_code}
    values["status"] = "confirmed" if confirmed else "pending"
    first = home_site(connection) is None
    site_id: int = connection.execute(site.insert().values(values).returning(site.c.id)).scalar_one()
    if first and kind is SiteKind.WAREHOUSE:
        _begin(connection, site_id, now)
    place = site_id if kind is SiteKind.WAREHOUSE else None
    put_record(connection, place, "site_added", {"site": site_id, **_said(values)}, at=now, rows={"site": [site_id]})
    return site_id


def _begin(connection: sa.Connection, site_id: int, now: datetime) -> None:
    """The first warehouse's chain begins with everybody who is known by then: until now there was nowhere to record it."""
    names = {row.id: row.name for row in connection.execute(sa.select(person.c.id, person.c.name).order_by(person.c.id))}
    held = sa.select(role_grant.c.person_id, role_grant.c.role).where(role_grant.c.until_at.is_(None)).order_by(role_grant.c.id)
    roles = [[row.person_id, row.role] for row in connection.execute(held)]
    put_record(connection, site_id, "begun", {"people": [[key, name] for key, name in names.items()], "roles": roles}, at=now)
    tell_known(connection, now)


def _said(values: Mapping[str, Any]) -> dict[str, object]:
    """For a record, which stays for ever: of an address only what stands before its path, where some cameras want a password."""
    said = {
        key: address_place(str(value)) if key.endswith("address") else value for key, value in values.items() if value not in (None, "")
    }
    said.pop("created_at", None)
    return said


@right(Act.SET_UP_PLACES)
def confirm_site(database: Database, site_id: int, *, now: datetime) -> None:
    """From now on sheets may be sent there. Raises Refusal for an unknown site."""
    with database.write() as connection:
        site_of(connection, site_id)
        connection.execute(site.update().where(site.c.id == site_id).values(status="confirmed"))
        put_record(connection, None, "site_confirmed", {"site": site_id}, at=now, rows={"site": [site_id]})


def site_of(connection: sa.Connection, site_id: int) -> Site:
    """The site with this number. Raises Refusal if there is none."""
    row = connection.execute(_sites().where(site.c.id == site_id)).one_or_none()
    if row is None:
        raise Refusal("There is no warehouse with the number {number}.", number=site_id)
    return _site(row)


def site_with_code(connection: sa.Connection, code: str) -> Site:
    """The site with this code. Raises Refusal if there is none."""
    row = connection.execute(_sites().where(site.c.code == code.strip())).one_or_none()
    if row is None:
        raise Refusal("There is no site with the code {code}.", code=code)
    return _site(row)


@right(Act.SET_UP_PLACES)
def add_room(database: Database, site_id: int, name: str, *, now: datetime) -> Room:
    """Enters a room of a site. Raises Refusal for an empty name or one taken in that site."""
    name = name.strip()
    if not name:
        raise Refusal("Enter the room's name.")
    with database.write() as connection:
        if connection.scalar(sa.select(room.c.id).where(room.c.site_id == site_id, room.c.name == name)):
            raise Refusal("There is a room named {name} already.", name=name)
        row = connection.execute(room.insert().values(site_id=site_id, name=name, created_at=now).returning(room.c.id))
        room_id: int = row.scalar_one()
        put_record(connection, site_id, "room_added", {"room": room_id, "name": name}, at=now, rows={"room": [room_id]})
        return Room(room_id, site_id, name)


def room_named(connection: sa.Connection, site_: Site, name: str) -> Room:
    """The room of a site with this name. Raises Refusal if there is none."""
    row = connection.execute(sa.select(room.c.id).where(room.c.site_id == site_.id, room.c.name == name)).one_or_none()
    if row is None:
        raise Refusal("There is no room named {name} in {site}.", name=name, site=site_.name)
    return Room(row.id, site_.id, name)


@right(Act.SET_UP_PLACES)
def add_camera(database: Database, room_id: int, name: str, address: str, username: str, *, now: datetime, sub_address: str = "") -> Camera:
    """Enters a camera of a room; its addresses must be checked and free of user and password before they come here.

    Raises Refusal for an empty name, one taken in that room, or an address with credentials in it.
    """
    with database.write() as connection:
        return enter_camera(connection, room_id, name, address, username, now=now, sub_address=sub_address)


def enter_camera(
    connection: sa.Connection, room_id: int, name: str, address: str, username: str, *, now: datetime, sub_address: str
) -> Camera:
    """As add_camera, within a transaction."""
    name = name.strip()
    if not name:
        raise Refusal("Enter the camera's name.")
    for one in (address, sub_address):
        _check_no_credentials(one)
    if connection.scalar(sa.select(camera.c.id).where(camera.c.room_id == room_id, camera.c.name == name)):
        raise Refusal("There is a camera named {name} already.", name=name)
    values = {"room_id": room_id, "name": name, "address": address, "username": username, "created_at": now, "sub_address": sub_address}
    camera_id = connection.execute(camera.insert().values(values).returning(camera.c.id)).scalar_one()
    said, rows = {"camera": camera_id, **_said(values)}, {"camera": [camera_id]}
    put_record(connection, site_of_room(connection, room_id), "camera_added", said, at=now, rows=rows)
    return Camera(*connection.execute(_cameras().where(camera.c.id == camera_id)).one())


@right(Act.SET_UP_PLACES)
def set_sub_address(database: Database, camera_id: int, sub_address: str, *, now: datetime) -> None:
    """Gives a camera another small stream, or none if empty. Raises Refusal for an address with credentials in it, or no such camera."""
    _check_no_credentials(sub_address)
    with database.write() as connection:
        if connection.execute(camera.update().where(camera.c.id == camera_id).values(sub_address=sub_address)).rowcount == 0:
            raise Refusal("There is no camera with the number {number}.", number=camera_id)
        said = {"camera": camera_id, **_said({"sub_address": sub_address})}
        put_record(connection, site_of_camera(connection, camera_id), "sub_stream_set", said, at=now, rows={"camera": [camera_id]})


@right(Act.SET_UP_PLACES)
def set_camera_login(database: Database, camera_id: int, username: str, *, address: str, sub_address: str, now: datetime) -> None:
    """Gives a camera another user, and the addresses with the user's and the password's places in them.

    Raises Refusal for an address with credentials in it, or no such camera.
    """
    for one in (address, sub_address):
        _check_no_credentials(one)
    with database.write() as connection:
        if connection.dialect.name == "sqlite":
            # What stood in the row before may have held a password: its bytes in the file are overwritten.
            connection.exec_driver_sql("PRAGMA secure_delete = ON")
        values = {"username": username, "address": address, "sub_address": sub_address}
        if connection.execute(camera.update().where(camera.c.id == camera_id).values(values)).rowcount == 0:
            raise Refusal("There is no camera with the number {number}.", number=camera_id)
        said, rows = {"camera": camera_id, **_said(values)}, {"camera": [camera_id]}
        put_record(connection, site_of_camera(connection, camera_id), "camera_login_set", said, at=now, rows=rows)


def _check_no_credentials(address: str) -> None:
    if "@" in address.split("://", 1)[-1].split("/", 1)[0]:
        raise Refusal("Enter the camera's user and password in their own fields, not in its address.")


@right(Act.SEE_PLACES)
def find_site(database: Database, code: str) -> Site:
    """As site_with_code, in a transaction of its own."""
    with database.read() as connection:
        return site_with_code(connection, code)


@right(Act.SEE_PLACES)
def site_codes(database: Database, site_ids: set[int]) -> dict[int, str]:
    """The codes of these sites."""
    with database.read() as connection:
        rows = connection.execute(sa.select(site.c.id, site.c.code).where(site.c.id.in_(site_ids)))
        return {row.id: row.code for row in rows}


@right(Act.SEE_PLACES)
def list_sites(database: Database, kind: SiteKind = SiteKind.WAREHOUSE) -> list[Site]:
    """All sites of a kind by code; the warehouses, if nothing else is said."""
    with database.read() as connection:
        return [_site(row) for row in connection.execute(_sites().where(site.c.kind == kind.value).order_by(site.c.code))]


def _sites() -> sa.Select[Any]:
    return sa.select(site.c.id, site.c.code, site.c.name, site.c.zone, site.c.kind, site.c.status, site.c.region_code)


def _site(row: sa.Row[Any]) -> Site:
    return Site(row.id, row.code, row.name, row.zone, SiteKind(row.kind), row.status == "confirmed", row.region_code)


@right(Act.SEE_PLACES)
def list_rooms(database: Database, site_id: int) -> list[Room]:
    """The rooms of a site by name."""
    with database.read() as connection:
        columns = sa.select(room.c.id, room.c.site_id, room.c.name)
        return [Room(*row) for row in connection.execute(columns.where(room.c.site_id == site_id).order_by(room.c.name))]


@right(Act.SEE_PLACES)
def list_cameras(database: Database) -> list[Camera]:
    """All cameras in the order in which they were entered; the wall never changes its order by itself."""
    with database.read() as connection:
        return [Camera(*row) for row in connection.execute(_cameras().order_by(camera.c.id))]


def _cameras() -> sa.Select[int, int, str, str, str, str, int, str, str, int]:
    now = sa.and_(camera_view.c.camera_id == camera.c.id, camera_view.c.valid_until.is_(None))
    return (
        sa.select(
            *(camera.c.id, camera.c.room_id, camera.c.name, camera.c.address, camera.c.username),
            *(room.c.name.label("room"), room.c.site_id, site.c.code, camera.c.sub_address),
            sa.func.coalesce(camera_view.c.sensitivity, USUAL_SENSITIVITY),
        )
        .join(room, room.c.id == camera.c.room_id)
        .join(site, site.c.id == room.c.site_id)
        .outerjoin(camera_view, now)
    )
