"""Which cameras this recorder serves. With the file in the data folder: all of them, there is no other recorder.

On a server several recorders share a site's cameras by advisory locks, which the server frees when the connection that holds them ends.
Each takes a fair part; when one dies, the others find its cameras free and take them. Locks are held by a connection of their own, which
the server ends when nothing is heard over it for SILENT_S: so a computer that lost its power or its network gives its cameras up too.
"""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager, suppress

import sqlalchemy as sa

from storage.database import Database
from storage.rules.refusal import Refusal

# The first number of the locks: one for cameras, one for the recorders themselves, by which they count each other.
CAMERAS, RECORDERS = 7412, 7413
# More than a recorder takes to end a camera, between two looks.
SILENT_S = 14


class Claims:
    """Used by one thread."""

    def __init__(self, database: Database) -> None:
        self._database = database
        self._connection: sa.Connection | None = None
        self._held: set[int] = set()
        # No longer ours to serve, but locked until the recorder has ended them.
        self._leaving: set[int] = set()
        # Held when the connection was lost: asked for first, so that nothing changes hands without need.
        self._before: set[int] = set()

    def held(self, recorder_id: int, camera_ids: Sequence[int]) -> set[int]:
        """Those of the cameras that are this recorder's; takes what is free and due to it. Raises Refusal if the server cannot be asked."""
        if not self._database.shared:
            return set(camera_ids)
        if recorder_id == 0:
            raise Refusal("The recorder is not entered in the database yet.")
        with self._database.sentences(), self._giving_up():
            return self._shared_out(recorder_id, sorted(camera_ids))

    def left(self, camera_id: int) -> None:
        """The recorder has ended its service: another may take the camera. Raises Refusal if the server cannot be told."""
        self._leaving.discard(camera_id)
        self._held.discard(camera_id)
        if self._connection is not None:
            with self._database.sentences(), self._giving_up():
                self._connection.execute(sa.select(sa.func.pg_advisory_unlock(CAMERAS, camera_id)))

    def close(self) -> None:
        """Gives everything up, at once where the server still answers: it may read the end of a connection a while after it was sent."""
        if self._connection is not None:
            with suppress(sa.exc.SQLAlchemyError):
                self._connection.execute(sa.select(sa.func.pg_advisory_unlock_all()))
        self._drop()

    def _drop(self) -> None:
        connection, self._connection = self._connection, None
        self._before = self._held | self._leaving
        self._held.clear()
        self._leaving.clear()
        if connection is not None:
            connection.close()

    @contextmanager
    def _giving_up(self) -> Iterator[None]:
        """A connection that failed once holds nothing any more, and is not used again."""
        try:
            yield
        except sa.exc.SQLAlchemyError as error:
            self._drop()
            if isinstance(error, sa.exc.DBAPIError):
                raise
            raise Refusal("The connection to the server was lost.") from error

    def _shared_out(self, recorder_id: int, camera_ids: list[int]) -> set[int]:
        connection = self._connection or self._connect(recorder_id)
        here = sa.text(
            "SELECT count(DISTINCT objid) FROM pg_locks WHERE locktype = 'advisory' AND classid = :recorders AND objsubid = 2 AND granted"
            " AND database = (SELECT oid FROM pg_database WHERE datname = current_database())"
        )
        recorders = max(1, connection.execute(here, {"recorders": RECORDERS}).scalar_one())
        part = -(-len(camera_ids) // recorders)
        mine = [camera_id for camera_id in camera_ids if camera_id in self._held]
        self._leaving |= self._held - set(mine[:part])
        self._held &= set(mine[:part])
        for camera_id in sorted(camera_ids, key=lambda camera_id: camera_id not in self._before):
            if len(self._held) >= part:
                break
            if camera_id in self._leaving or camera_id in self._held:
                continue
            if connection.execute(sa.select(sa.func.pg_try_advisory_lock(CAMERAS, camera_id))).scalar_one():
                self._held.add(camera_id)
        return set(self._held)

    def _connect(self, recorder_id: int) -> sa.Connection:
        connection = self._database.own_connection()
        connection.execute(sa.text(f"SET idle_session_timeout = '{SILENT_S}s'"))
        connection.execute(sa.select(sa.func.pg_advisory_lock(RECORDERS, recorder_id)))
        self._connection = connection
        return connection
