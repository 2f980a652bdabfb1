"""Alembic runs this file for every command; the connection comes from storage/migrations/upgrade.py."""

from alembic import context

from storage.schema import footage, goods, ledger, places, stock, suspending, watch
from storage.schema.base import metadata

TABLES = (places, ledger, stock, goods, watch, footage, suspending)  # importing them puts their tables on the metadata

context.configure(connection=context.config.attributes["connection"], target_metadata=metadata, render_as_batch=True)
with context.begin_transaction():
    context.run_migrations()
