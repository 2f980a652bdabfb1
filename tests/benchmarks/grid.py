"""How large a day of the motion grid is, and how fast it is asked: `./run benchmark grid [--quick]`. The last line is one JSON object.

bytes_per_day: what the file grows by in a day of one camera in front of which somebody moves all day; query_day_ms: the median time of
asking that whole day for a shelf. The same for busier days: people by number, who rest now and then or never, and cells that move by
chance. coarse_pct: minutes kept in steps of more than a second. --quick: an hour of each, and its bytes times 24.
"""

import argparse
import json
import statistics
import sys
import tempfile
import time
import zlib
from collections.abc import Iterable
from datetime import UTC, datetime, timedelta
from pathlib import Path

import sqlalchemy as sa

from camera.events import Box
from storage.database import Database, open_database
from storage.places import add_camera, add_room, add_site
from storage.schema.watch import motion_grid
from storage.watch.grid import GRID_BYTES, SECONDS, put_minute, touched
from tests.storage.busy import minutes, noise

BEGUN = datetime(2026, 11, 22, tzinfo=UTC)
SHELF = Box(0.6, 0.3, 0.15, 0.25)
ASKED = 9


def measured(days: Iterable[bytes], count: int) -> dict[str, object]:
    """One camera's day, written as the recorder would, but in one transaction."""
    with tempfile.TemporaryDirectory() as folder:
        database = open_database(Path(folder))
        site = add_site(database, "31.75", "Gudang", "Asia/Jakarta", now=BEGUN)
        room = add_room(database, site.id, "B", now=BEGUN)
        add_camera(database, room.id, "Kamera 1", "rtsp://127.0.0.1/1", "", now=BEGUN)
        before = _size(database)
        with database.write() as connection:
            for minute, cells in enumerate(days):
                put_minute(connection, 1, BEGUN + timedelta(minutes=minute), cells)
        size = _size(database) - before
        with database.read() as connection:
            kept = connection.scalars(sa.select(motion_grid.c.cells)).all()
        times_ms, spans = [], 0
        for _ in range(ASKED):
            begun = time.perf_counter()
            spans = len(touched(database, 1, SHELF, BEGUN, BEGUN + timedelta(days=1)))
            times_ms.append((time.perf_counter() - begun) * 1000)
        database.close()
    coarse = sum(_steps(cells) < SECONDS for cells in kept)
    return {
        "bytes_per_day": size * 1440 // count, "query_day_ms": round(statistics.median(times_ms), 1),
        "coarse_pct": round(100 * coarse / len(kept), 1), "spans": spans,
    }  # fmt: skip


def _size(database: Database) -> int:
    return database.path.stat().st_size


def _steps(cells: bytes) -> int:
    return len(zlib.decompress(cells, -zlib.MAX_WBITS)) // GRID_BYTES


def main() -> None:
    """Plays each day."""
    parser = argparse.ArgumentParser()
    parser.add_argument("--quick", action="store_true")
    count = 60 if parser.parse_args().quick else 1440
    days = {
        "one_all_day": minutes(1, count), "three_all_day": minutes(3, count), "three_without_rest": minutes(3, count, rest_s=0),
        "eight_all_day": minutes(8, count), "twenty_all_day": minutes(20, count), "chance": noise(count),
    }  # fmt: skip
    found = {}
    for name, day in days.items():
        print(name, file=sys.stderr, flush=True)
        found[name] = measured(day, count)
    usual = found["one_all_day"]
    print(json.dumps({"bytes_per_day": usual["bytes_per_day"], "query_day_ms": usual["query_day_ms"], "minutes": count, "days": found}))


if __name__ == "__main__":
    main()
