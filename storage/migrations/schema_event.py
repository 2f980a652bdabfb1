"""What the migrations that change the rules of the books share: the event that says from where on they hold, and frozen statements."""

import re
from datetime import UTC, datetime
from pathlib import Path

import sqlalchemy as sa

from storage.rules.chain import Value, link_hash, sealed_text


def run_frozen(connection: sa.Connection, file: Path) -> None:
    """Runs the statements of a schema as they were released; a trigger or function takes the place of the one of its name."""
    dialect = connection.dialect.name
    for statement in (part.strip() for part in file.read_text(encoding="utf-8").split("\n-- next\n")):
        name = re.match(r"CREATE (TRIGGER|FUNCTION) (\w+)", statement)
        if name is not None and dialect == "sqlite":
            connection.exec_driver_sql(f"DROP TRIGGER IF EXISTS {name[2]}")
        elif name is not None and name[1] == "FUNCTION":
            connection.exec_driver_sql(f"DROP FUNCTION IF EXISTS {name[2]}() CASCADE")
        connection.exec_driver_sql(statement)


def say_so(connection: sa.Connection, site_id: int, revision: str) -> None:
    """In the name of whoever is responsible for the books."""
    person_id = connection.execute(
        sa.text("SELECT id FROM person WHERE role IN ('supervisor', 'officer') ORDER BY CASE role WHEN 'supervisor' THEN 1 ELSE 2 END, id")
    ).scalar()
    last = connection.execute(
        sa.text("SELECT number, hash FROM chain_link WHERE site_id = :site_id ORDER BY number DESC LIMIT 1"), {"site_id": site_id}
    ).one()
    event_id = 1 + (connection.execute(sa.text("SELECT max(id) FROM stock_event")).scalar() or 0)
    now = datetime.now(UTC).strftime("%Y-%m-%dT%H:%M:%S.%fZ")
    event: tuple[Value, ...] = (
        event_id,
        site_id,
        "schema",
        now,
        now,
        person_id,
        None,
        revision,
        None,
        None,
        f"{revision}-schema-{site_id}",
    )
    columns = "id, site_id, kind, happened_at, recorded_at, person_id, second_id, reason, reverses_id, holds_from, key"
    names = columns.split(", ")
    marks = ", ".join(f":{name}" for name in names)
    connection.execute(sa.text(f"INSERT INTO stock_event ({columns}) VALUES ({marks})"), dict(zip(names, event, strict=True)))
    connection.execute(
        sa.text("INSERT INTO chain_link (event_id, site_id, number, kind, hash) VALUES (:event_id, :site_id, :number, 'schema', :hash)"),
        {
            "event_id": event_id, "site_id": site_id, "number": last.number + 1,
            "hash": link_hash(bytes(last.hash), last.number + 1, sealed_text(event, [], {})),
        },
    )  # fmt: skip
