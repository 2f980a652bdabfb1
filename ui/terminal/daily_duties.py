"""What the recorder does once a day beside recording: checkpoints to a folder, and backups."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING

from ui.terminal.checkpoint_command import stamper_of

if TYPE_CHECKING:
    from storage.database import Database
    from storage.settings import Settings


@contextmanager
def daily_duties(database: "Database", folder: Path, settings: "Settings", clock: Callable[[], datetime]) -> Iterator[None]:
    """Does them while inside, in threads of their own. folder: the data folder, read anew for where backups go. Raises Refusal."""
    from storage.backup.daily import DailyBackups
    from storage.evidence.daily import DailyCheckpoints
    from storage.settings import load_settings

    checkpoints = DailyCheckpoints(database, settings.checkpoints, clock, stamper_of(settings))
    with checkpoints.running(), DailyBackups(database, lambda: load_settings(folder), clock).running():
        yield
