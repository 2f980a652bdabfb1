"""Who saw which footage: a record each time somebody opens it."""

import json
from datetime import datetime, timedelta

import sqlalchemy as sa

from storage.chain import put_record, site_of_camera
from storage.database import Database
from storage.people.person import Person
from storage.people.right import right
from storage.rules.refusal import Refusal
from storage.rules.rights import Act
from storage.schema.record import record

SEEN = "footage_seen"
# Who opens the same footage again so soon has gone to and fro between alarms.
AGAIN = timedelta(minutes=1)


@right(Act.SEE_FOOTAGE)
def note_seen(
    database: Database, camera_id: int, from_at: datetime, until_at: datetime, *, now: datetime, by: Person | None = None, login: str = ""
) -> None:
    """Tells the chain that somebody opens a camera's footage of a time; once a minute is enough for the same.

    login: the operating system's, where a command does it for whoever runs it. Raises Refusal for an unknown camera.
    """
    said = {"camera": camera_id, "from": from_at, "until": until_at} | ({"login": login} if login else {})
    with database.write() as connection:
        site_id = site_of_camera(connection, camera_id)
        if site_id is None:
            raise Refusal("There is no camera with the number {number}.", number=camera_id)
        own = record.c
        lately = sa.select(own.body).where(own.site_id == site_id, own.at > now - AGAIN, own.at <= now, own.act == SEEN)
        same = own.person_id == by.id if by else own.person_id.is_(None)
        told = [json.loads(body) for body in connection.scalars(lately.where(same))]
        if not any(one["camera"] == camera_id and datetime.fromisoformat(one["from"]) == from_at for one in told):
            put_record(connection, site_id, SEEN, said, at=now, by=by.id if by else None)
