"""Entering the cameras of a list: all of them, or none and a sentence for every row that is wrong."""

from collections.abc import Callable
from datetime import datetime
from pathlib import Path

import sqlalchemy as sa

from storage.database import Database
from storage.exchange.imports import Lines
from storage.exchange.reading import Kind, Progress, Row, read_table
from storage.people.right import check_here, right
from storage.places import Camera, enter_camera, room_named, site_with_code
from storage.rules.refusal import Refusal
from storage.rules.rights import Act

# Judges an address as a person wrote it: without user and password, and these two. Raises Refusal.
Check = Callable[[str], tuple[str, str, str]]


@right(Act.SET_UP_PLACES)
def import_cameras(
    database: Database,
    path: Path,
    check: Check,
    keep_password: Callable[[int, str], None],
    *,
    now: datetime,
    progress: Progress | None = None,
) -> tuple[list[Camera], tuple[str, ...]]:
    """Enters the cameras of a table; what was entered, and the columns that were passed over.

    Raises WrongRows with every wrong line, Refusal for a file that is no such table or passwords that cannot be kept; nothing is entered or
    kept then.
    """
    table = read_table(path, Kind.CAMERAS, progress=progress)
    kept: list[int] = []
    try:
        with database.write() as connection:
            lines = Lines(connection, path.name)
            entered: list[tuple[Camera, str]] = []
            for row in table.rows:
                lines.post(row.line, lambda row=row: entered.append(_enter(connection, row, check, now)))  # type: ignore[misc]
            lines.finish()
            # Before the rows are kept for good: a camera without its password would be one that is lost.
            for camera, password in entered:
                if password:
                    kept.append(camera.id)
                    keep_password(camera.id, password)
    except BaseException:
        for camera_id in kept:
            keep_password(camera_id, "")
        raise
    return [camera for camera, _password in entered], table.ignored


def _enter(connection: sa.Connection, row: Row, check: Check, now: datetime) -> tuple[Camera, str]:
    site = site_with_code(connection, _text(row, "site"))
    check_here(connection, Act.SET_UP_PLACES, site.id)
    room = room_named(connection, site, _text(row, "room"))
    address, user, password = check(_text(row, "address"))
    sub_address = ""
    if _text(row, "sub_address"):
        sub_address, *login = check(_text(row, "sub_address"))
        if any(login):
            raise Refusal("The sub-stream has the camera's user and password; leave them out of its address.")
    user = _text(row, "user") or user
    camera = enter_camera(connection, room.id, _text(row, "name"), address, user, now=now, sub_address=sub_address)
    return camera, _text(row, "password") or password


def _text(row: Row, field: str) -> str:
    value = row.values.get(field)
    return "" if value is None else str(value)
