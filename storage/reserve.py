"""A file that only takes up space: where footage shares the disk of the books, it is given up when a full disk refuses them a write."""

import os
from pathlib import Path

FILE_NAME = "reserve"
# The largest act of the books takes less, its journal included; enough for thousands of small ones.
RESERVE_BYTES = 4 << 20
_PIECE = 1 << 16


def keep_reserve(folder: Path, *, bytes_: int = RESERVE_BYTES) -> None:
    """Makes the file in the data folder, if it is not there. Raises OSError where the disk refuses; then there is none."""
    place = folder / FILE_NAME
    if place.exists():
        return
    making = place.with_suffix(".part")
    try:
        with making.open("wb") as file:
            # Written and not only made long, and of bytes that no file system can make fewer of: else it would hold no space.
            for _piece in range(bytes_ // _PIECE):
                file.write(os.urandom(_PIECE))
            os.fsync(file.fileno())
        making.rename(place)
    except OSError:
        making.unlink(missing_ok=True)
        raise


def release_reserve(folder: Path) -> bool:
    """Gives its space to the books; whether there was any to give."""
    try:
        (folder / FILE_NAME).unlink()
    except OSError:
        return False
    return True
