"""Telling systemd that the recorder is ready and alive, so that it starts one again that hangs. Elsewhere nothing is told to anybody.

Source: sd_notify(3). A datagram to the Unix socket that NOTIFY_SOCKET names; systemd ends a service that is silent for its WatchdogSec.
"""

import contextlib
import os
import socket
import sys


class Watchdog:
    """Never waits and never fails: a service manager that does not listen is no reason to stop recording."""

    def __init__(self, address: str | None = None) -> None:
        """address: the socket; what NOTIFY_SOCKET says if nothing is given. One that begins with @ has no file."""
        named = os.environ.get("NOTIFY_SOCKET", "") if address is None else address
        self._address = "\0" + named[1:] if named.startswith("@") else named

    def ready(self) -> None:
        """The recorder has begun."""
        self._tell("READY=1")

    def beat(self) -> None:
        """It is alive."""
        self._tell("WATCHDOG=1")

    def stopping(self) -> None:
        """It ends as it was told to."""
        self._tell("STOPPING=1")

    def _tell(self, state: str) -> None:
        if sys.platform == "win32" or not self._address:
            return
        with contextlib.suppress(OSError), socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM) as sender:
            sender.setblocking(False)
            sender.sendto(state.encode(), self._address)
