"""More of the rules are held by the database itself: consignments that end once, closed times, whole numbers, packed boxes.

Only triggers change, and on a server the next numbers of tables that an earlier upgrade had filled. What was written before is not
asked by the newer rules: an event of the kind `schema` in each site says from where on they hold.
"""

from pathlib import Path

import sqlalchemy as sa
from alembic import op

from storage.migrations.schema_event import run_frozen, say_so

revision = "0003"
down_revision = "0002"

NUMBERED = ("person", "ballot_class", "container", "stock_event", "movement")


def upgrade() -> None:
    """First the event, under the guards of then; then the guards that changed, and the new ones."""
    connection = op.get_bind()
    dialect = connection.dialect.name
    for site_id in connection.scalars(sa.text("SELECT DISTINCT site_id FROM chain_link ORDER BY site_id")).all():
        say_so(connection, site_id, revision)
    run_frozen(connection, Path(__file__).with_name(f"0003_{dialect}.sql"))
    if dialect == "postgresql":
        for table in NUMBERED:
            # What an upgrade writes has its numbers already, and the sequences do not know of them.
            query = f"SELECT setval(pg_get_serial_sequence('{table}', 'id'), max(id)) FROM {table} HAVING max(id) IS NOT NULL"
            connection.exec_driver_sql(query)
