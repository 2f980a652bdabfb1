"""Which recorder serves which camera: all of them with a file of its own, a fair part of them on a server."""

from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest

from storage.database import Database, open_database
from storage.rules.refusal import Refusal
from storage.schema.guards import POSTGRESQL
from storage.watch.claims import RECORDERS, Claims
from tests.storage.postgres import Postgres

CAMERAS = [1, 2, 3, 4, 5]


@pytest.fixture
def server(postgres: Postgres, empty_template: str, tmp_path: Path) -> Iterator[Database]:
    with postgres.copy(empty_template) as url, closing(open_database(tmp_path / POSTGRESQL, url=url)) as database:
        yield database


def forget(postgres: Postgres) -> None:
    """The server ends every connection that holds locks, as it does when a computer is gone."""
    query = "SELECT pg_terminate_backend(pid) FROM pg_locks WHERE locktype = 'advisory' AND classid = %s"
    assert len(postgres.admin.execute(query, [RECORDERS]).fetchall()) == 2


def test_with_a_file_of_its_own_a_recorder_serves_every_camera(tmp_path: Path) -> None:
    with closing(open_database(tmp_path)) as database:
        assert Claims(database).held(1, CAMERAS) == set(CAMERAS)


def test_two_recorders_share_and_no_camera_is_served_twice(server: Database) -> None:
    first, second = Claims(server), Claims(server)
    assert first.held(1, CAMERAS) == set(CAMERAS)
    assert second.held(2, CAMERAS) == set(), "all are the first one's still"
    kept = first.held(1, CAMERAS)
    assert kept == {1, 2, 3}
    assert second.held(2, CAMERAS) == set(), "not before the first one has ended them"
    for camera_id in set(CAMERAS) - kept:
        first.left(camera_id)
    assert second.held(2, CAMERAS) == {4, 5}
    assert first.held(1, CAMERAS) == kept
    first.close()
    second.close()


def test_the_cameras_of_one_that_died_are_taken_over(server: Database) -> None:
    first, second = Claims(server), Claims(server)
    second.held(2, [])
    assert first.held(1, CAMERAS) == {1, 2, 3}
    assert second.held(2, CAMERAS) == {4, 5}
    first.close()
    assert second.held(2, CAMERAS) == set(CAMERAS)
    second.close()


def test_one_whose_connection_was_lost_takes_its_own_again_but_not_what_another_has(postgres: Postgres, server: Database) -> None:
    first, second = Claims(server), Claims(server)
    second.held(2, [])
    assert first.held(1, CAMERAS) == {1, 2, 3}
    assert second.held(2, CAMERAS) == {4, 5}
    forget(postgres)
    for claims, number in ((first, 1), (second, 2)):
        with pytest.raises(Refusal, match="was lost"):
            claims.held(number, CAMERAS)
    assert second.held(2, [4, 5]) == {4, 5}
    assert first.held(1, CAMERAS) == {1, 2, 3}
    first.close()
    second.close()
