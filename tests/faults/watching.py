"""What a window does, without a screen: `python -m tests.faults.watching DATA`. Decodes every camera's live pictures and reads the rows.

A line on standard output, three times a second: the instant of each camera's newest picture, as JSON.
"""

import json
import sys
import threading
from contextlib import closing
from functools import partial
from pathlib import Path

from camera.live.pictures import LivePictures
from main import _relay_doors
from storage.database import open_database
from storage.places import list_cameras
from storage.watch.alarms import list_alarms
from storage.watch.states import camera_states

EVERY_S = 0.3
TILE = (160, 90)


def main() -> None:
    """Watches until it is killed, or nobody reads."""
    with closing(open_database(Path(sys.argv[1]))) as database:
        cameras = [camera.id for camera in list_cameras(database)]
        live = LivePictures(partial(_relay_doors, database))
        live.start()
        live.show(dict.fromkeys(cameras, TILE))
        pause = threading.Event()
        while not pause.wait(EVERY_S):
            if live.drain():
                list_alarms(database)
            camera_states(database)
            newest = {camera: picture.at.isoformat() for camera in cameras if (picture := live.newest(camera))}
            print(json.dumps(newest), flush=True)


if __name__ == "__main__":
    main()
