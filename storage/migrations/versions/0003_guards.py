"""More of the rules are held by the database itself: consignments that end once, closed times, whole numbers, packed boxes.

Only triggers change, and on a server the next numbers of tables that an earlier upgrade had filled. What was written before is not
asked by the newer rules: an event of the kind `schema` in each site says from where on they hold.
"""

import re
from datetime import UTC, datetime
from pathlib import Path

import sqlalchemy as sa
from alembic import op

from storage.rules.chain import Value, link_hash, sealed_text

revision = "0003"
down_revision = "0002"

NUMBERED = ("person", "ballot_class", "container", "stock_event", "movement")


def upgrade() -> None:
    """First the event, under the guards of then; then the guards that changed, and the new ones."""
    connection = op.get_bind()
    dialect = connection.dialect.name
    for site_id in connection.scalars(sa.text("SELECT DISTINCT site_id FROM chain_link ORDER BY site_id")).all():
        _say_so(connection, site_id)
    text = Path(__file__).with_name(f"0003_{dialect}.sql").read_text(encoding="utf-8")
    statements = [part.strip() for part in text.split("\n-- next\n")]
    for statement in statements:
        name = re.match(r"CREATE (TRIGGER|FUNCTION) (\w+)", statement)
        if name is not None and dialect == "sqlite":
            connection.exec_driver_sql(f"DROP TRIGGER IF EXISTS {name[2]}")
        elif name is not None and name[1] == "FUNCTION":
            connection.exec_driver_sql(f"DROP FUNCTION IF EXISTS {name[2]}() CASCADE")
        connection.exec_driver_sql(statement)
    if dialect == "postgresql":
        for table in NUMBERED:
            # What an upgrade writes has its numbers already, and the sequences do not know of them.
            query = f"SELECT setval(pg_get_serial_sequence('{table}', 'id'), max(id)) FROM {table} HAVING max(id) IS NOT NULL"
            connection.exec_driver_sql(query)


def _say_so(connection: sa.Connection, site_id: int) -> None:
    """In the name of whoever is responsible for the books."""
    person_id = connection.execute(
        sa.text("SELECT id FROM person WHERE role IN ('supervisor', 'officer') ORDER BY CASE role WHEN 'supervisor' THEN 1 ELSE 2 END, id")
    ).scalar()
    last = connection.execute(
        sa.text("SELECT number, hash FROM chain_link WHERE site_id = :site_id ORDER BY number DESC LIMIT 1"), {"site_id": site_id}
    ).one()
    event_id = 1 + (connection.execute(sa.text("SELECT max(id) FROM stock_event")).scalar() or 0)
    now = datetime.now(UTC).strftime("%Y-%m-%dT%H:%M:%S.%fZ")
    event: tuple[Value, ...] = (event_id, site_id, "schema", now, now, person_id, None, "0003", None, None, f"0003-schema-{site_id}")
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
