"""A window's live pictures without the window: `python -m tests.benchmarks.live_wall DATA SECONDS` decodes a tile of every camera.

Says "begun" on standard output when every tile has had its first picture (or some never came), and at the end one JSON object: processor
time in percent of a core, and the delays from a packet's arrival at the worker to its picture in pixels, of the pictures that were made.
"""

import json
import statistics
import sys
import threading
import time
from contextlib import closing
from datetime import UTC, datetime
from functools import partial
from pathlib import Path

from camera.live import pictures
from camera.live.pictures import LivePictures
from main import _relay_doors
from storage.database import open_database
from storage.places import list_cameras

TILE = (320, 180)
FIRST_PICTURES_S = 20.0


class Delays:
    """Notes how old each picture is when it is ready."""

    def __init__(self) -> None:
        self.noted_s: list[float] = []
        paint = pictures._Tile.paint

        def timed(tile: pictures._Tile) -> None:
            paint(tile)
            if tile.picture:
                self.noted_s.append((datetime.now(UTC) - tile.picture.at).total_seconds())

        vars(pictures)["_Tile"].paint = timed


def main() -> None:
    """Shows, measures, says."""
    data, seconds = Path(sys.argv[1]), float(sys.argv[2])
    delays = Delays()
    with closing(open_database(data)) as database:
        cameras = [camera.id for camera in list_cameras(database)]
        live = LivePictures(partial(_relay_doors, database))
        live.start()
        live.show(dict.fromkeys(cameras, TILE))
        pause, until_s = threading.Event(), time.monotonic() + FIRST_PICTURES_S
        while any(live.newest(camera) is None for camera in cameras) and time.monotonic() < until_s:
            pause.wait(0.05)
        print("begun", flush=True)
        delays.noted_s.clear()
        before = {camera: picture.number if (picture := live.newest(camera)) else 0 for camera in cameras}
        cpu_s, begun_s = time.process_time(), time.monotonic()
        pause.wait(seconds)
        cpu_s, took_s = time.process_time() - cpu_s, time.monotonic() - begun_s
        after = {camera: picture.number if (picture := live.newest(camera)) else 0 for camera in cameras}
        noted = sorted(delays.noted_s)
        live.stop()
    rates = [(after[camera] - before[camera]) / took_s for camera in cameras]
    print(
        json.dumps(
            {
                "relay_cpu_pct_window": round(100 * cpu_s / took_s, 1),
                "relay_delay_s": round(statistics.median(noted), 3) if noted else None,
                "relay_delay_p95_s": round(noted[int(0.95 * (len(noted) - 1))], 3) if noted else None,
                "relay_pictures_per_s_per_camera": round(statistics.mean(rates), 1),
                "relay_pictures_per_s_slowest_camera": round(min(rates), 1),
            }
        )
    )


if __name__ == "__main__":
    main()
