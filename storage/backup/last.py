"""The newest backup that the site's log tells of, for whoever must know that there is one."""

import json
from dataclasses import dataclass
from datetime import datetime, timedelta

import sqlalchemy as sa

from storage.database import Database
from storage.people.right import right
from storage.rules.rights import Act
from storage.schema.record import record

OVERDUE = timedelta(days=2)


@dataclass(frozen=True)
class LastBackup:
    """When and where it was made, by which computer; bytes: of all its files; faults: what the check found in the book then."""

    at: datetime
    folder: str
    computer: str
    bytes: int
    faults: int

    def is_late(self, now: datetime) -> bool:
        """Whether it is older than two days, or of a time to come, when the clock was wrong."""
        return not -timedelta(minutes=10) <= now - self.at < OVERDUE


@right(Act.BACK_UP)
def last_backup(database: Database) -> LastBackup | None:
    """The newest one without faults; None if there never was one."""
    query = sa.select(record.c.at, record.c.body).where(record.c.act == "backup_made").order_by(record.c.event_id.desc())
    with database.read() as connection:
        for at, body in connection.execute(query):
            said = json.loads(body)
            if not said["faults"]:
                return LastBackup(at, said["folder"], said["computer"], said["bytes"], said["faults"])
    return None
