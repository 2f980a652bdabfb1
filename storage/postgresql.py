"""What is PostgreSQL's own: who connects and how, which failures are worth another attempt, and the sentences for the others."""

from typing import Any

import psycopg
import sqlalchemy as sa
from psycopg.abc import Buffer
from psycopg.adapt import Loader
from psycopg.pq import Format

from storage.rules.refusal import Refusal

SCHEME = "postgresql"
# Rights instead of triggers: this role may add rows to the books and change none. The migrations make it.
WRITER = "jaga_writer"
# One migration at a time; beside the two-number locks of storage/ledger/journal.py.
MIGRATION_LOCK = 7411
CONNECT_S = 10
# A reader sees one state of everything and changes nothing.
READING: dict[str, Any] = {"isolation_level": "REPEATABLE READ", "postgresql_readonly": True}
# A writer first waits for the lock of its site, and must then read what the one before it has left. In REPEATABLE READ the waiting
# statement itself would fix what is seen to the state before; in READ COMMITTED each statement sees what is committed when it begins.
WRITING: dict[str, Any] = {"isolation_level": "READ COMMITTED"}
SERIALIZATION_FAILURE, DEADLOCK = "40001", "40P01"
DISK_FULL, LOCKED, TOO_MANY = ("53100", "58030"), "55P03", "53300"
TOO_LONG = "22001"
NOT_ALLOWED = ("42501", "25006")  # no right, and a transaction or server that only reads
# What the server says before it has asked who comes, when there is no code yet.
_NOT_KNOWN = ("authentication failed", "no password supplied", "pg_hba.conf", 'role "', "fe_sendauth")


def engine(url: str, busy_s: float, *, owner: bool = False) -> sa.Engine:
    """Connections to the database of a URL. owner: with the rights of who connects, as migrations need; else with those of the writer."""
    place = sa.make_url(url).set(drivername=f"{SCHEME}+psycopg")
    alive = {"keepalives_idle": 10, "keepalives_interval": 5, "keepalives_count": 3, "tcp_user_timeout": 30_000}
    arguments = {"connect_timeout": CONNECT_S, "application_name": "jaga-gudang", "client_encoding": "utf8"} | alive
    opened = sa.create_engine(place, connect_args=arguments, pool_pre_ping=True, **WRITING)

    @sa.event.listens_for(opened, "connect")
    def _on_connect(raw: psycopg.Connection[Any], _record: object) -> None:
        raw.adapters.register_loader("numeric", _WholeNumber)
        raw.autocommit = True  # what is set in a transaction that is rolled back is lost
        settings = ("timezone", "UTC"), ("lock_timeout", f"{round(busy_s * 1000)}ms"), ("search_path", "public, pg_temp")
        for setting in settings:
            raw.execute("SELECT set_config(%s, %s, false)", setting)
        if not owner:
            raw.execute(f"SET ROLE {WRITER}")
        raw.autocommit = False

    return opened


class _WholeNumber(Loader):
    """The books hold whole numbers only; a sum of them is one as well, though PostgreSQL gives it a wider type."""

    format = Format.TEXT

    def load(self, data: Buffer) -> int:
        return int(bytes(data))


def lock_migration(connection: sa.Connection) -> None:
    """Until the end of the transaction nobody else migrates."""
    connection.execute(sa.select(sa.func.pg_advisory_xact_lock(MIGRATION_LOCK)))


def name_of(url: str) -> str:
    """For sentences."""
    return sa.make_url(url).set(query={}).render_as_string(hide_password=True)


def passes(error: sa.exc.DBAPIError) -> bool:
    """Whether the same work may well succeed when it is done anew: two got in each other's way, or the connection was lost."""
    return error.connection_invalidated or getattr(error.orig, "sqlstate", None) in (SERIALIZATION_FAILURE, DEADLOCK)


def refusal(server: str, error: sa.exc.DBAPIError) -> Refusal | None:
    """The sentence for an outage; None for what is none."""
    state, said = getattr(error.orig, "sqlstate", None), str(error.orig)
    if error.connection_invalidated:
        return Refusal("The connection to {server} was lost. Check the network and the server, and try again.", server=server)
    if state in (SERIALIZATION_FAILURE, DEADLOCK):
        return Refusal("Others write in {server} at the same time; nothing was changed. Try again.", server=server)
    if state == LOCKED:
        return Refusal("{server} is locked by another workstation; nothing was changed. Try again.", server=server)
    if state in DISK_FULL:
        return Refusal("The disk of {server} is full or faulty; nothing was changed. Free space on the server.", server=server)
    if state == TOO_MANY or "too many clients" in said or "connection slots" in said:
        return Refusal("{server} takes no more connections. Close windows that are not needed, and try again.", server=server)
    if state == TOO_LONG:
        return Refusal("A text is longer than its field; nothing was changed. Shorten it.")
    if state in NOT_ALLOWED or "permission denied" in said:
        return Refusal("{server} does not allow this; nothing was changed. Ask its administrator for the rights.", server=server)
    if error.statement is None and isinstance(error.orig, psycopg.Error):
        if any(part in said for part in _NOT_KNOWN):
            return Refusal(
                "{server} does not let this user in. Check the user in settings.toml and the password in ~/.pgpass.", server=server
            )
        return Refusal("{server} cannot be reached: {why}.", server=server, why=_last_line(said))
    return None


def _last_line(said: str) -> str:
    lines = [line.strip() for line in said.splitlines() if line.strip()]
    return lines[-1].rstrip(".") if lines else "no answer"
