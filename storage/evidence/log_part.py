"""The part of a site's chain that a package carries: from before its oldest recording was told to the chain, to the head."""

import json
from collections.abc import Sequence
from datetime import datetime
from pathlib import Path

import sqlalchemy as sa

from storage.chain import head
from storage.database import Database
from storage.evidence.incident import Incident, Original
from storage.ledger.links import RECORD_KIND, sealed_events
from storage.rules.chain import FORM, RECORD_FORM, START, Checkpoint
from storage.schema.footage import segment
from storage.schema.ledger import chain_link
from storage.schema.record import record
from storage.watch.chaining import chain_segments


def chain_recordings(database: Database, incident: Incident, now: datetime) -> None:
    """Tells the chain of every recording of the incident that it does not know yet: the newest are less than a minute old."""
    own = segment.c
    here = own.camera_id.in_([camera.id for camera in incident.cameras])
    untold = sa.select(own.id).where(own.record_id.is_(None), here, own.started_at < incident.until_at).limit(1)
    while True:
        with database.write() as connection:
            if connection.scalar(untold) is None:
                return
            chain_segments(connection, now)


def write_log(database: Database, incident: Incident, originals: Sequence[Original], target: Path) -> Checkpoint:
    """Writes it as JSON, a link a line, [number, form, text, hash]; the head where it ends. Raises OSError.

    before: the hash of the link before the first.
    """
    site_id = incident.site.id
    with database.read() as connection, target.open("x", encoding="ascii") as file:
        number, digest = head(connection, site_id)
        first = _first(connection, incident, originals)
        own = chain_link.c
        links = connection.execute(
            sa.select(own.event_id, own.number, own.hash).where(own.site_id == site_id, own.event_id >= first).order_by(own.number)
        )
        places = {row.event_id: (row.number, bytes(row.hash)) for row in links}
        start = min((place[0] for place in places.values()), default=number + 1)
        before = connection.scalar(sa.select(own.hash).where(own.site_id == site_id, own.number == start - 1))
        said = {"site": incident.site.code, "before": (START if before is None else bytes(before)).hex()}
        file.write(json.dumps(said)[:-1] + ', "links": [')
        separator = "\n"
        for event_id, place, kind, sealed in sealed_events(connection, first):
            if place == site_id:
                at, link = places[event_id]
                # Escaped, whatever signs are in it: the text is hashed as it was.
                file.write(separator + json.dumps([at, RECORD_FORM if kind == RECORD_KIND else FORM, sealed, link.hex()]))
                separator = ",\n"
        file.write("\n]}\n")
    return Checkpoint(incident.site.code, number, digest)


def _first(connection: sa.Connection, incident: Incident, originals: Sequence[Original]) -> int:
    """The number of the first event or record that is needed: of the oldest recording, or what was recorded since the incident's time."""
    since = sa.select(sa.func.min(record.c.event_id)).where(record.c.site_id == incident.site.id, record.c.at >= incident.from_at)
    told = [original.record_id for original in originals if original.record_id is not None]
    newest = sa.select(sa.func.max(chain_link.c.event_id)).where(chain_link.c.site_id == incident.site.id)
    return min([*told, *filter(None, [connection.scalar(since), connection.scalar(newest)])], default=0)
