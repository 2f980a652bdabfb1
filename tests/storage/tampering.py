"""What somebody does to the books who owns their file, and what the check says to it; for tests of the check and the story of a fraud."""

import sqlite3
from contextlib import closing

from storage.database import Database
from storage.ledger.check import chain_heads, check_books
from storage.ledger.links import sealed_events, sealed_hash
from storage.rules.chain import START, Checkpoint


def tamper(database: Database, *statements: str) -> None:
    """As somebody does who owns the file: the triggers are taken away, and made anew afterwards."""
    with closing(sqlite3.connect(database.path, isolation_level=None)) as raw:
        raw.execute("BEGIN")
        triggers = raw.execute("SELECT name, sql FROM sqlite_master WHERE type = 'trigger'").fetchall()
        for name, _sql in triggers:
            raw.execute(f"DROP TRIGGER {name}")
        for statement in statements:
            raw.execute(statement)
        for _name, sql in triggers:
            raw.execute(sql)
        raw.execute("COMMIT")


def rehash(database: Database) -> None:
    """Makes the whole chain anew over whatever the tables say now."""
    links = []
    heads: dict[int, tuple[int, bytes]] = {}
    with database.read() as connection:
        for sealed in sealed_events(connection):
            event_id, site_id, kind, _text = sealed
            number, before = heads.get(site_id, (0, START))
            digest = sealed_hash(before, number + 1, sealed)
            heads[site_id] = (number + 1, digest)
            links.append(f"INSERT INTO chain_link VALUES ({event_id}, {site_id}, {number + 1}, '{kind}', x'{digest.hex()}')")
    tamper(database, "DELETE FROM chain_link", *links)


def found(database: Database, *checkpoints: Checkpoint) -> set[tuple[str, str]]:
    """The kind of each finding and the row it names."""
    return {(finding.kind, finding.row) for finding in check_books(database, checkpoints).findings}


def printed_checkpoints(database: Database) -> list[Checkpoint]:
    """The heads of all chains as they come back from the paper that they were printed on."""
    with database.read() as connection:
        return chain_heads(connection)
