"""Rooms whose lock is opened: by two persons, before witnesses who sign; the room stays armed, and open until it is locked again."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

import sqlalchemy as sa

from storage.chain import put_record, site_of_room
from storage.database import Database
from storage.ledger.journal import Entry
from storage.people.person import Person, ids
from storage.people.right import right
from storage.rules.refusal import Refusal
from storage.rules.rights import Act
from storage.schema.places import person
from storage.schema.record import signature_picture
from storage.schema.suspending import room_unlocking, room_witness, suspension_end
from storage.stock.witnesses import Institution, Witness, witness_facts
from storage.watch.suspending import checked, end_of

# Police and election office ask for as many.
WITNESSES = 2


@dataclass(frozen=True)
class Unlocking:
    """A room that was unlocked. locked_at and locked_by: None and empty while it is open. witnesses: with their signatures."""

    id: int
    room_id: int
    from_at: datetime
    reason: str
    person: str
    second: str
    locked_at: datetime | None
    locked_by: str
    witnesses: tuple[Witness, ...]


@right(Act.UNLOCK_ROOM)
def unlock_room(
    database: Database, room_id: int, reason: str, witnesses: Sequence[Witness], *, by: Person, now: datetime, second: Person | None = None
) -> int:
    """Keeps that a room's lock is opened; its number. Its alarms ring as ever: disarming it is another act.

    Raises Refusal without a reason, a second person or two witnesses, for a witness who acts, a signature that is no picture, an unknown
    room, or one that is unlocked already.
    """
    reason = checked(reason, second, now)
    if len(witnesses) < WITNESSES:
        raise Refusal("A room is unlocked before two witnesses. Name both.")
    with database.write() as connection:
        site_id = site_of_room(connection, room_id)
        if site_id is None:
            raise Refusal("There is no room with the number {number}.", number=room_id)
        if _open(connection, room_id) is not None:
            raise Refusal("This room is unlocked already. Lock it first.")
        facts = witness_facts(connection, witnesses, Entry(by, now, now, "", second))
        signed = {row["name"]: row["sha256"] for row in facts["witness_signature"]}
        values = {"room_id": room_id, "from_at": now, "reason": reason, "person_id": by.id, "second_id": second.id if second else None}
        number: int = connection.execute(room_unlocking.insert().values(values).returning(room_unlocking.c.id)).scalar_one()
        rows = [{**row, "sha256": signed.get(row["name"])} for row in facts["witness"]]
        adding = room_witness.insert().returning(room_witness.c.id)
        present = connection.scalars(adding, [{**row, "unlocking_id": number} for row in rows]).all()
        said = {"unlocking": number, "room": room_id, "reason": reason, "witnesses": rows}
        told = {"room_unlocking": [number], "room_witness": present}
        put_record(connection, site_id, "room_unlocked", said, at=now, rows=told, **ids(by, second))
    return number


@right(Act.END_SUSPENSION)
def lock_room(database: Database, room_id: int, *, by: Person, now: datetime) -> None:
    """Keeps that the room is locked again. Raises Refusal where it was not unlocked."""
    with database.write() as connection:
        number = _open(connection, room_id)
        if number is None:
            raise Refusal("This room is not unlocked.")
        ended = end_of(connection, by, now, unlocking_id=number)
        said = {"unlocking": number, "room": room_id}
        put_record(connection, site_of_room(connection, room_id), "room_locked", said, at=now, rows=ended, **ids(by))


@right(Act.SEE_WATCH)
def unlockings(database: Database, *, limit: int = 200) -> list[Unlocking]:
    """Rooms that were unlocked, those that still are first, each part newest first."""
    own, end = room_unlocking.c, suspension_end.c
    first, second, last = person.alias(), person.alias(), person.alias()
    columns = sa.select(own.id, own.room_id, own.from_at, own.reason, first.c.name, second.c.name, end.at, last.c.name)
    query = (
        columns.join(first, first.c.id == own.person_id)
        .join(second, second.c.id == own.second_id)
        .outerjoin(suspension_end, end.unlocking_id == own.id)
        .outerjoin(last, last.c.id == end.person_id)
        .order_by(end.at.is_not(None), own.id.desc())
        .limit(limit)
    )
    with database.read() as connection:
        rows = connection.execute(query).all()
        witnesses = _witnesses(connection, [row[0] for row in rows])
        return [Unlocking(*row[:7], row[7] or "", witnesses.get(row[0], ())) for row in rows]


def _open(connection: sa.Connection, room_id: int) -> int | None:
    ended = sa.select(suspension_end.c.id).where(suspension_end.c.unlocking_id == room_unlocking.c.id).exists()
    found: int | None = connection.scalar(sa.select(room_unlocking.c.id).where(room_unlocking.c.room_id == room_id, ~ended))
    return found


def _witnesses(connection: sa.Connection, numbers: Sequence[int]) -> dict[int, tuple[Witness, ...]]:
    own, picture = room_witness.c, signature_picture.c
    columns = sa.select(own.unlocking_id, own.name, own.institution, picture.png).outerjoin(signature_picture, picture.sha256 == own.sha256)
    found: dict[int, tuple[Witness, ...]] = {}
    for number, name, institution, png in connection.execute(columns.where(own.unlocking_id.in_(numbers)).order_by(own.id)):
        one = Witness(name, Institution(institution), None if png is None else bytes(png))
        found[number] = (*found.get(number, ()), one)
    return found
