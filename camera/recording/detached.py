"""Starting a process that outlives the one that starts it: the recorder goes on when the window is closed or killed."""

import subprocess
import sys
from pathlib import Path

if sys.platform == "win32":
    FLAGS = subprocess.DETACHED_PROCESS | subprocess.CREATE_NEW_PROCESS_GROUP
else:
    FLAGS = 0


def start_detached(command: list[str], log: Path) -> "subprocess.Popen[bytes]":
    """Starts it without a terminal, in a session of its own; all it says is added to the log file.

    Raises OSError where the file cannot be written or the process cannot be started.
    """
    with log.open("ab") as said:
        return subprocess.Popen(
            command, stdin=subprocess.DEVNULL, stdout=said, stderr=said, start_new_session=sys.platform != "win32", creationflags=FLAGS
        )
