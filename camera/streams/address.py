"""Camera addresses: which are allowed, and how a password is kept out of everything that is shown."""

import re
from pathlib import Path
from urllib.parse import quote, unquote, urlsplit, urlunsplit

from camera.fault import Fault

# The protocols that libav may use for each scheme, so that no answer of a camera can lead it to a file or a program.
PROTOCOLS = {
    "rtsp": "rtsp,rtp,udp,tcp",
    "rtsps": "rtsps,rtsp,rtp,udp,tcp,tls,crypto",
    "http": "http,tcp",
    "https": "https,http,tcp,tls,crypto",
    "file": "file",
}
# A camera on this computer's own USB, by its number: usb:0.
USB = "usb:"
_USB_ADDRESS = re.compile(r"usb:([0-9]|[1-5][0-9]|6[0-3])")


class AddressError(Fault):
    """An address that is not taken."""


def checked_address(text: str, *, files_below: Path | None = None) -> tuple[str, str, str]:
    """Takes an address as a person typed it; returns it without user and password, and these two beside it.

    files_below: the only folder from which file: addresses may play; None allows none.

    Raises AddressError, whose sentence never holds the password.
    """
    text = text.strip()
    if not text or any(character.isspace() or ord(character) < 32 or ord(character) == 127 for character in text):
        raise AddressError("Enter the camera's address without spaces, such as rtsp://192.168.1.20/stream1.")
    if text.startswith(USB):
        return f"{USB}{usb_number(text)}", "", ""
    try:
        parts = urlsplit(text)
        port = parts.port
    except ValueError:
        raise AddressError("The camera's address cannot be read. It looks like rtsp://192.168.1.20:554/stream1.") from None
    if parts.scheme not in PROTOCOLS:
        allowed = ", ".join(sorted(PROTOCOLS.keys() - {"file"} | {"usb"}))
        raise AddressError("Camera addresses begin with one of: {allowed}.", allowed=allowed)
    if parts.scheme == "file":
        return _file_address(parts.path, parts.netloc, files_below), "", ""
    if "@" in parts.path and "@" not in parts.netloc:
        # A slash in a password ends the host too early, and the password would be kept as part of the path.
        raise AddressError("Enter the camera's user and password in their own fields, not in its address.")
    if not parts.hostname:
        raise AddressError("The camera's address names no camera. It looks like rtsp://192.168.1.20:554/stream1.")
    host = f"[{parts.hostname}]" if ":" in parts.hostname else parts.hostname
    place = host if port is None else f"{host}:{port}"
    return urlunsplit((parts.scheme, place, parts.path, parts.query, "")), unquote(parts.username or ""), unquote(parts.password or "")


def _file_address(path: str, host: str, files_below: Path | None) -> str:
    file = Path(_path_of(path)).resolve()
    if host or files_below is None or not file.is_relative_to(files_below.resolve()):
        raise AddressError("Files may be played as cameras in the demo only.")
    return file.as_uri()


def usb_number(address: str) -> int:
    """The number of the USB camera that a usb: address names. Raises AddressError for anything but usb:0 to usb:63."""
    named = _USB_ADDRESS.fullmatch(address)
    if named is None:
        raise AddressError("USB cameras are named by their number: usb:0 to usb:63.")
    return int(named[1])


def with_credentials(address: str, username: str, password: str) -> str:
    """The address as libav wants it. Never log, store or show what this returns."""
    if not username:
        return address
    parts = urlsplit(address)
    return urlunsplit(parts._replace(netloc=f"{quote(username, safe='')}:{quote(password, safe='')}@{parts.netloc}"))


def file_of(address: str) -> Path | None:
    """The file that a file: address plays; None for any other scheme."""
    parts = urlsplit(address)
    return Path(_path_of(parts.path)) if parts.scheme == "file" else None


def _path_of(path: str) -> str:
    from urllib.request import url2pathname  # only now: it brings a web client along, eight megabytes in every worker

    return url2pathname(path)
