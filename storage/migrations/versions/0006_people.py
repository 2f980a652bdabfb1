"""Several roles at several sites, secrets, two persons, and records of everything in the chain of each site."""

from pathlib import Path

import sqlalchemy as sa
from alembic import op

from storage.migrations.schema_event import run_frozen, say_so

revision = "0006"
down_revision = "0005"


def upgrade() -> None:
    """First the event that says so, under the guards of then; everybody keeps their role, at every site."""
    connection = op.get_bind()
    for site_id in connection.scalars(sa.text("SELECT DISTINCT site_id FROM chain_link ORDER BY site_id")).all():
        say_so(connection, site_id, revision)
    people = connection.execute(sa.text("SELECT id, role, created_at FROM person ORDER BY id")).all()
    _without_role(connection)
    run_frozen(connection, Path(__file__).with_name(f"0006_{connection.dialect.name}.sql"))
    op.add_column("segment", sa.Column("record_id", sa.Integer()))
    unchained = sa.text("record_id IS NULL")
    op.create_index("ix_segment_unchained", "segment", ["id"], sqlite_where=unchained, postgresql_where=unchained)
    for person_id, role, created_at in people:
        connection.execute(
            sa.text("INSERT INTO role_grant (person_id, role, from_at) VALUES (:person_id, :role, :from_at)"),
            {"person_id": person_id, "role": role, "from_at": created_at},
        )


def _without_role(connection: sa.Connection) -> None:
    if connection.dialect.name == "postgresql":
        op.drop_column("person", "role")
        sequence = "SELECT setval(pg_get_serial_sequence('stock_event', 'id'), max(id)) FROM stock_event HAVING max(id) IS NOT NULL"
        connection.exec_driver_sql(sequence)
        return
    connection.exec_driver_sql("DROP TRIGGER event_rights")  # it asks for the role, and is made anew below
    op.create_table(
        "person_new",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("name", sa.String(length=80), nullable=False),
        sa.Column("created_at", sa.String(27), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_person")),
        sa.UniqueConstraint("name", name=op.f("uq_person_name")),
    )
    connection.exec_driver_sql("INSERT INTO person_new (id, name, created_at) SELECT id, name, created_at FROM person")
    op.drop_table("person")
    # Those that refer to the table by its name shall go on doing so.
    connection.exec_driver_sql("PRAGMA legacy_alter_table = ON")
    op.rename_table("person_new", "person")
    connection.exec_driver_sql("PRAGMA legacy_alter_table = OFF")
