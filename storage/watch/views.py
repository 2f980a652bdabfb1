"""What a camera is asked to look at: zones, masks and one number for sensitivity; who changed it, and when."""

import json
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

import sqlalchemy as sa

from storage.chain import put_record, site_of_camera
from storage.database import Database
from storage.people.person import Person, ids
from storage.people.right import right
from storage.rules.refusal import Refusal
from storage.rules.rights import Act
from storage.schema.places import camera, person
from storage.schema.watch import camera_view, watch_zone

USUAL_SENSITIVITY = 50
LEAST_CORNERS, MOST_CORNERS = 3, 32
MOST_AREAS = 16
# A thousandth of the picture; less is a slip of the hand.
LEAST_AREA = 0.001

# Corners in shares of the picture's width and height: (0, 0) is the top left corner, (1, 1) the bottom right.
Polygon = tuple[tuple[float, float], ...]


@dataclass(frozen=True)
class WatchZone:
    """An area to be watched; how tall the smallest thing worth an event is far from the camera and near it, in percent of the picture."""

    polygon: Polygon
    least_far_pct: float = 0.0
    least_near_pct: float = 0.0


@dataclass(frozen=True)
class CameraView:
    """zones: without any, the whole picture is watched; masks: never looked at; sensitivity: 0 to 100."""

    zones: tuple[WatchZone, ...] = ()
    masks: tuple[Polygon, ...] = ()
    sensitivity: int = USUAL_SENSITIVITY


@dataclass(frozen=True)
class ViewChange:
    """Who gave a camera a view, and when."""

    at: datetime
    person: str
    view: CameraView


@right(Act.SEE_WATCH)
def view_of(database: Database, camera_id: int) -> CameraView:
    """What a camera is asked to look at now; everything, if nobody has said anything else."""
    return views(database).get(camera_id, CameraView())


@right(Act.SEE_WATCH)
def views(database: Database) -> dict[int, CameraView]:
    """The views that hold now, by camera; those of which nobody has said anything are missing."""
    with database.read() as connection:
        now = camera_view.c.valid_until.is_(None)
        return {camera_id: change.view for camera_id, change in _changes(connection, now)}


@right(Act.SEE_WATCH)
def view_changes(database: Database, camera_id: int) -> list[ViewChange]:
    """Every view that a camera was given, oldest first."""
    with database.read() as connection:
        return [change for _camera_id, change in _changes(connection, camera_view.c.camera_id == camera_id)]


@right(Act.CHANGE_VIEW)
def set_view(database: Database, camera_id: int, view: CameraView, *, by: Person, now: datetime, second: Person | None = None) -> None:
    """Gives a camera a view from now on; the one before stays known. What is said already is not said again.

    Raises Refusal for an unknown camera, and for figures that are no view.
    """
    check_view(view)
    own = camera_view.c
    with database.write() as connection:
        if connection.scalar(sa.select(camera.c.id).where(camera.c.id == camera_id)) is None:
            raise Refusal("There is no camera with the number {number}.", number=camera_id)
        current = sa.and_(own.camera_id == camera_id, own.valid_until.is_(None))
        if [view] == [change.view for _camera_id, change in _changes(connection, current)]:
            return
        told = list(connection.scalars(sa.select(own.id).where(current)))
        connection.execute(camera_view.update().where(current).values(valid_until=now))
        values = {"camera_id": camera_id, "sensitivity": view.sensitivity, "valid_from": now, "person_id": by.id}
        view_id = connection.execute(camera_view.insert().values(values).returning(own.id)).scalar_one()
        masks = (WatchZone(polygon) for polygon in view.masks)
        rows = [_row(view_id, kind, zone) for kind, zones in (("zone", view.zones), ("mask", masks)) for zone in zones]
        if rows:
            connection.execute(watch_zone.insert(), rows)
        said = {"camera": camera_id, "sensitivity": view.sensitivity, "areas": [[row["kind"], row["polygon"]] for row in rows]}
        areas = connection.scalars(sa.select(watch_zone.c.id).where(watch_zone.c.view_id == view_id)).all()
        changed = {"camera_view": [*told, view_id], "watch_zone": areas}
        put_record(connection, site_of_camera(connection, camera_id), "view_set", said, at=now, **ids(by, second), rows=changed)


def check_view(view: CameraView) -> None:
    """Raises Refusal for figures that are no view."""
    if not 0 <= view.sensitivity <= 100:
        raise Refusal("The sensitivity is a number from 0 to 100.")
    if max(len(view.zones), len(view.masks)) > MOST_AREAS:
        raise Refusal("A camera has at most {most} zones and {most} masks.", most=MOST_AREAS)
    for polygon in [*(zone.polygon for zone in view.zones), *view.masks]:
        _check_polygon(polygon)
    for zone in view.zones:
        if not (0 <= zone.least_far_pct <= 100 and 0 <= zone.least_near_pct <= 100):
            raise Refusal("The least size of a zone is from 0 to 100 percent of the picture's height.")


def _check_polygon(polygon: Polygon) -> None:
    if not LEAST_CORNERS <= len(polygon) <= MOST_CORNERS:
        raise Refusal("An area has {least} to {most} corners.", least=LEAST_CORNERS, most=MOST_CORNERS)
    if not all(0 <= share <= 1 for corner in polygon for share in corner):
        raise Refusal("The corners of an area lie within the picture.")
    following = (*polygon[1:], polygon[0])
    twice = sum(x * next_y - next_x * y for (x, y), (next_x, next_y) in zip(polygon, following, strict=True))
    if abs(twice) / 2 < LEAST_AREA:
        raise Refusal("The area is too small; move its corners apart.")


def _row(view_id: int, kind: str, zone: WatchZone) -> dict[str, object]:
    sizes = {"least_far_pct": zone.least_far_pct, "least_near_pct": zone.least_near_pct}
    return {"view_id": view_id, "kind": kind, "polygon": json.dumps(zone.polygon)} | sizes


def _changes(connection: sa.Connection, condition: sa.ColumnElement[bool]) -> list[tuple[int, ViewChange]]:
    """The views of a condition with their cameras, in the order in which they were given."""
    own, area = camera_view.c, watch_zone.c
    columns = sa.select(own.id, own.camera_id, own.sensitivity, own.valid_from, person.c.name)
    given = connection.execute(columns.join(person, person.c.id == own.person_id).where(condition).order_by(own.id)).all()
    of_areas = sa.select(area.view_id, area.kind, area.polygon, area.least_far_pct, area.least_near_pct)
    areas = connection.execute(of_areas.join(camera_view, own.id == area.view_id).where(condition).order_by(area.id)).all()
    found = []
    for row in given:
        mine = [area for area in areas if area.view_id == row.id]
        zones = (WatchZone(_polygon(area.polygon), area.least_far_pct, area.least_near_pct) for area in mine if area.kind == "zone")
        masks = (_polygon(area.polygon) for area in mine if area.kind == "mask")
        found.append((row.camera_id, ViewChange(row.valid_from, row.name, CameraView(tuple(zones), tuple(masks), row.sensitivity))))
    return found


def _polygon(text: str) -> Polygon:
    corners: Sequence[tuple[float, float]] = json.loads(text)
    return tuple((float(x), float(y)) for x, y in corners)
