"""Handing a shift over: who leaves, who comes, what is open, and a checkpoint of the book at that moment."""

import json
from dataclasses import dataclass
from datetime import datetime

import sqlalchemy as sa

from storage.chain import lock_sites, put_record
from storage.database import Database
from storage.evidence.checkpoints import Issued, Purpose, keep_checkpoint, signed_head
from storage.evidence.signing import own_key, public_keys
from storage.people.person import Person, ids
from storage.people.right import right
from storage.rules.checkpoint import Signed, read_checkpoints
from storage.rules.rights import Act
from storage.schema.ledger import chain_link
from storage.schema.places import camera, person, room
from storage.schema.record import checkpoint, record
from storage.schema.watch import alarm, alarm_step

HANDED_OVER = "shift_handed_over"
MOST_REMARK = 800


@right(Act.HAND_OVER)
def hand_over(database: Database, site_id: int, *, by: Person, second: Person, remark: str, now: datetime) -> Issued:
    """Records that `by` leaves and `second` takes over, with the alarms that nobody has judged; the checkpoint of it.

    Both have proved who they are: the second by a confirmation of this act.
    """
    key = own_key(database.used_by(None), now=now)
    with database.write() as connection:
        lock_sites(connection, [site_id])
        said = {"remark": remark.strip()[:MOST_REMARK], "open_alarms": open_alarms(connection, site_id)}
        put_record(connection, site_id, HANDED_OVER, said, at=now, **ids(by, second))
        signed = signed_head(connection, site_id, key, now)
        keep_checkpoint(connection, site_id, signed, Purpose.SHIFT)
    return Issued(signed, key.public)


def open_alarms(connection: sa.Connection, site_id: int) -> int:
    """How many alarms of a site's cameras nobody has given a verdict on."""
    judged = sa.exists().where(alarm_step.c.alarm_id == alarm.c.id, alarm_step.c.verdict.is_not(None))
    query = (
        sa.select(sa.func.count())
        .select_from(alarm)
        .join(camera, camera.c.id == alarm.c.camera_id)
        .join(room, room.c.id == camera.c.room_id)
        .where(room.c.site_id == site_id, ~judged)
    )
    return connection.scalar(query) or 0


@dataclass(frozen=True)
class HandOver:
    """A change of shift as it was recorded, with the checkpoint that it ended with."""

    leaving: str
    coming: str
    remark: str
    open_alarms: int
    issued: Issued


@right(Act.SEE_WATCH)
def last_hand_over(database: Database, site_id: int) -> HandOver | None:
    """The newest of a warehouse; None where there was none."""
    own, kept = record.c, checkpoint.c
    # The checkpoint ends with the record itself.
    told = (
        sa.select(own.body, own.person_id, own.second_id, kept.text)
        .join(chain_link, chain_link.c.event_id == own.event_id)
        .join(checkpoint, sa.and_(kept.site_id == own.site_id, kept.number == chain_link.c.number, kept.purpose == Purpose.SHIFT.value))
        .where(own.site_id == site_id, own.act == HANDED_OVER)
    )
    with database.read() as connection:
        row = connection.execute(told.order_by(own.event_id.desc()).limit(1)).one_or_none()
        if row is None:
            return None
        names = {one.id: one.name for one in connection.execute(sa.select(person.c.id, person.c.name))}
    [signed] = read_checkpoints(row.text)
    assert isinstance(signed, Signed)  # noqa: S101 - the guards of the table let no other form in
    said = json.loads(row.body)
    issued = Issued(signed, public_keys(database)[signed.key])
    return HandOver(names[row.person_id], names[row.second_id], said["remark"], said["open_alarms"], issued)
