"""The motion grid: what moved where is found again to the second, a day stays small, and asking a day is quick."""

import random
from datetime import UTC, datetime, timedelta

import pytest
import sqlalchemy as sa

from camera.events import Box
from storage.database import Database
from storage.places import add_camera, add_room, add_site
from storage.schema.guards import SQLITE
from storage.schema.watch import motion_grid
from storage.watch.grid import COLUMNS, GRID_BYTES, MOST_BYTES, ROWS, packed, put_minute, touched, unpacked
from storage.watch.journal import WatchJournal
from tests.storage.busy import minutes, noise

NIGHT = datetime(2026, 11, 22, 17, 0, tzinfo=UTC)
PICTURE = Box(0, 0, 1, 1)


def told(_table: str, _row: int) -> None:
    """No window listens."""


@pytest.fixture
def journal(database: Database) -> WatchJournal:
    site = add_site(database, "31.75", "Gudang", "Asia/Jakarta", now=NIGHT)
    room = add_room(database, site.id, "B", now=NIGHT)
    for name in ("Kamera 1", "Kamera 2"):
        add_camera(database, room.id, name, "rtsp://127.0.0.1/1", "", now=NIGHT)
    return WatchJournal(database, told)


def minute(moved: dict[int, set[tuple[int, int]]]) -> bytes:
    """A minute in which cells (column, row) moved, by second."""
    grids = [bytearray(GRID_BYTES) for _second in range(60)]
    for second, cells in moved.items():
        for column, row in cells:
            grids[second][row * COLUMNS // 8 + column // 8] |= 0x80 >> column % 8
    return b"".join(grids)


def cell(column: int, row: int) -> Box:
    """The middle of one cell."""
    return Box((column + 0.25) / COLUMNS, (row + 0.25) / ROWS, 0.5 / COLUMNS, 0.5 / ROWS)


def after(seconds: float) -> datetime:
    return NIGHT + timedelta(seconds=seconds)


def test_a_shelf_was_touched_in_the_seconds_in_which_its_cells_moved(database: Database, journal: WatchJournal) -> None:
    journal.motion_kept(1, NIGHT, minute({5: {(9, 4)}, 6: {(9, 4), (10, 4)}, 30: {(31, 17)}, 59: {(9, 4)}}))
    journal.motion_kept(1, after(60), minute({0: {(9, 4)}}))
    journal.motion_kept(2, NIGHT, minute({20: {(9, 4)}}))
    until = after(3600)
    assert touched(database, 1, cell(9, 4), NIGHT, until) == [(after(5), after(7)), (after(59), after(61))]
    assert touched(database, 1, cell(31, 17), NIGHT, until) == [(after(30), after(31))]
    assert touched(database, 1, cell(10, 4), NIGHT, until) == [(after(6), after(7))]
    assert touched(database, 1, cell(8, 4), NIGHT, until) == touched(database, 1, cell(9, 5), NIGHT, until) == []
    assert touched(database, 2, PICTURE, NIGHT, until) == [(after(20), after(21))]


def test_an_area_is_every_cell_that_it_overlaps(database: Database, journal: WatchJournal) -> None:
    journal.motion_kept(1, NIGHT, minute({0: {(0, 0)}, 10: {(8, 9)}, 20: {(31, 17)}}))
    areas = {
        PICTURE: [0, 10, 20],
        Box(0.25, 0.5, 0.001, 0.001): [10],
        Box(0.24, 0.49, 0.011, 0.011): [10],
        Box(0.2, 0.45, 0.05, 0.05): [],
        Box(0.25, 0.5, 0, 0): [10],
        Box(1, 1, 0, 0): [20],
        Box(-1, -1, 3, 3): [0, 10, 20],
    }
    for area, seconds in areas.items():
        assert [begun_at for begun_at, _ended_at in touched(database, 1, area, NIGHT, after(60))] == [after(at) for at in seconds], area


def test_seconds_that_follow_each_other_closely_are_one_visit(database: Database, journal: WatchJournal) -> None:
    moved = (0, 1, 4, 7, 11, 15, 16)
    journal.motion_kept(1, NIGHT, minute({second: {(3, 3)} for second in moved}))
    spans = [(after(begin), after(end)) for begin, end in ((0, 8), (11, 12), (15, 17))]
    assert touched(database, 1, PICTURE, NIGHT, after(60)) == spans


def test_only_the_time_asked_for_is_told(database: Database, journal: WatchJournal) -> None:
    journal.motion_kept(1, NIGHT, minute({second: {(3, 3)} for second in range(60)}))
    assert touched(database, 1, PICTURE, after(10.5), after(20.25)) == [(after(10.5), after(20.25))]
    assert touched(database, 1, PICTURE, after(60), after(90)) == []
    assert touched(database, 1, PICTURE, after(-90), NIGHT) == []


def test_the_same_minute_told_by_two_workers_is_one(database: Database, journal: WatchJournal) -> None:
    journal.motion_kept(1, NIGHT, minute({5: {(1, 1)}, 6: {(1, 1)}}))
    journal.motion_kept(1, NIGHT, minute({6: {(2, 2)}, 40: {(1, 1)}}))
    assert touched(database, 1, cell(1, 1), NIGHT, after(60)) == [(after(5), after(7)), (after(40), after(41))]
    assert touched(database, 1, cell(2, 2), NIGHT, after(60)) == [(after(6), after(7))]
    with database.read() as connection:
        assert connection.scalar(sa.select(sa.func.count()).select_from(motion_grid)) == 1


@pytest.mark.parametrize("cells", [b"", bytes(4319), bytes(4321)])
def test_what_is_no_minute_is_refused(journal: WatchJournal, cells: bytes) -> None:
    with pytest.raises(ValueError, match="no minute"):
        journal.motion_kept(1, NIGHT, cells)
    with pytest.raises(ValueError, match="no minute"):
        journal.motion_kept(1, after(1), bytes(4320))


def test_a_minute_that_is_not_too_full_comes_back_as_it_was() -> None:
    for cells in (bytes(4320), b"\xff" * 4320, *minutes(1, 20)):
        assert unpacked(packed(cells)) == cells


def test_of_a_minute_that_is_too_full_nothing_is_lost_but_when_exactly() -> None:
    for cells in (*minutes(12, 5), *noise(5)):
        kept = packed(cells)
        assert len(kept) <= MOST_BYTES
        back = unpacked(kept)
        assert int.from_bytes(back) & int.from_bytes(cells) == int.from_bytes(cells)
        assert back != cells, "a test of what is too full needs a minute that is"
        ever = [0, 0]
        for number, grid in enumerate((cells, back)):
            for place in range(0, len(grid), GRID_BYTES):
                ever[number] |= int.from_bytes(grid[place : place + GRID_BYTES])
        assert ever[0] == ever[1]


def test_what_moved_is_found_as_looking_at_every_cell_finds_it(database: Database, journal: WatchJournal) -> None:
    chance = random.Random(3)
    film = list(minutes(1, 3, seed=7))
    for number, cells in enumerate(film):
        journal.motion_kept(1, after(60 * number), cells)
    seconds = [cells[place : place + GRID_BYTES] for cells in film for place in range(0, len(cells), GRID_BYTES)]
    for _ in range(40):
        column, row = chance.randrange(COLUMNS), chance.randrange(ROWS)
        place, bit = row * COLUMNS // 8 + column // 8, 0x80 >> column % 8
        moved = {number for number, grid in enumerate(seconds) if grid[place] & bit}
        spans = touched(database, 1, cell(column, row), NIGHT, after(180))
        found = {number for number in range(180) if any(begun_at <= after(number) < ended_at for begun_at, ended_at in spans)}
        assert moved <= found
        # Between the seconds of one span at most two are still.
        assert all({number, number + 1, number + 2} & moved for number in found if number + 2 in found)


class TestADayOfOneCamera:
    """The file on the disk; on a server the same rows are a little larger."""

    @pytest.fixture
    def product(self) -> str:
        return SQLITE

    @pytest.mark.parametrize("people", [1, 8])
    def test_takes_less_than_two_million_bytes(self, database: Database, journal: WatchJournal, people: int) -> None:
        """Two hours of it: pages are filled alike in all of them."""
        self.fill(database, list(minutes(people, 20)) * 6)
        before = database.path.stat().st_size
        self.fill(database, list(minutes(people, 30)) * 4, from_minute=120)
        assert (database.path.stat().st_size - before) * 12 < 2_000_000

    def test_is_small_even_if_every_cell_moves_by_chance(self, database: Database, journal: WatchJournal) -> None:
        before = database.path.stat().st_size
        self.fill(database, list(noise(20)) * 18)
        assert (database.path.stat().st_size - before) * 4 < 2_000_000

    @staticmethod
    def fill(database: Database, film: list[bytes], from_minute: int = 0) -> None:
        with database.write() as connection:
            for number, cells in enumerate(film, from_minute):
                put_minute(connection, 1, after(60 * number), cells)
