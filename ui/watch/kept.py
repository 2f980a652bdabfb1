"""How much footage there is of a room and how long the disk lasts, in words."""

import shutil
from pathlib import Path

from storage.watch.retention import Outlook
from ui.words.sizes import size
from ui.words.speech import _, _n


def free_bytes(recordings: Path) -> int | None:
    """What is free on the disk of the footage; None where this computer does not see it."""
    try:
        return shutil.disk_usage(recordings).free
    except OSError:
        return None


def said_kept(outlook: Outlook) -> str:
    """For example: "412 GB, about 38 days left"."""
    kept = size(outlook.kept_bytes)
    if outlook.days_left is None or not outlook.a_day:
        return kept
    return _("{kept}, {left}").format(kept=kept, left=_n("about {n} day left", "about {n} days left", round(outlook.days_left)))
