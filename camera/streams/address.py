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

# Stands in an address where its user or password stood: the name before it says which.
PLACEHOLDER = "***"
_USER_NAMES = ("user", "username", "usr", "loginuse")
_PASSWORD_NAMES = ("password", "passwd", "pwd", "pass", "loginpas")
_NAMES = "|".join(_USER_NAMES + _PASSWORD_NAMES)
# A value ends where the next one begins. Some cameras take all this in the path, /user=admin_password=kenari_channel=1.sdp; there an
# underscore parts as well.
_IN_QUERY = re.compile(rf"(?:^|(?<=[&;]))({_NAMES})=(.*?)(?=$|&|;[a-z]+=)", re.IGNORECASE)
_IN_PATH = re.compile(rf"(?<=[/&;_])({_NAMES})=(.*?)(?=$|[&/]|[;_][a-z]+=)", re.IGNORECASE)
# What cameras that never decode an address must find as it was typed; all the rest is quoted.
_LEFT_AS_TYPED = "!$'(),:@"


class AddressError(Fault):
    """An address that is not taken."""


def checked_address(text: str, *, files_below: Path | None = None) -> tuple[str, str, str]:
    """Takes an address as a person typed it; returns it without user and password, and these two beside it.

    Where they stood in the query or the path, PLACEHOLDER stands now; an address that has it already is taken as it is. A token is
    no password: it stays where it is.

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
        urlsplit(f"//{parts.netloc.rpartition('@')[2]}")  # a bracket in the login can make up for one that lacks in the host
    except ValueError:
        raise AddressError("The camera's address cannot be read. It looks like rtsp://192.168.1.20:554/stream1.") from None
    if parts.scheme not in PROTOCOLS:
        allowed = ", ".join(sorted(PROTOCOLS.keys() - {"file"} | {"usb"}))
        raise AddressError("Camera addresses begin with one of: {allowed}.", allowed=allowed)
    if parts.scheme == "file":
        return _file_address(parts.path, parts.netloc, files_below), "", ""
    if "@" in parts.path:
        # A slash in a password ends the host too early, and the rest of the password would be kept as part of the path.
        raise AddressError("Enter the camera's user and password in their own fields, not in its address.")
    if not parts.hostname:
        raise AddressError("The camera's address names no camera. It looks like rtsp://192.168.1.20:554/stream1.")
    path, query, username, password = _without_login(parts.path, parts.query)
    if (username or password) and parts.username is not None:
        raise AddressError("Enter the camera's user and password in their own fields, not in its address.")
    host = f"[{parts.hostname}]" if ":" in parts.hostname else parts.hostname
    place = host if port is None else f"{host}:{port}"
    username, password = username or unquote(parts.username or ""), password or unquote(parts.password or "")
    return urlunsplit((parts.scheme, place, path, query, "")), username, password


def _without_login(path: str, query: str) -> tuple[str, str, str, str]:
    """Path and query with placeholders, and the user and password that stood there. Raises AddressError where there are two of a kind."""
    users: set[str] = set()
    passwords: set[str] = set()

    def take_out(match: re.Match[str]) -> str:
        name, value = match[1], match[2]
        if value in ("", PLACEHOLDER):
            return match[0]
        (users if name.lower() in _USER_NAMES else passwords).add(unquote(value))
        return f"{name}={PLACEHOLDER}"

    path, query = _IN_PATH.sub(take_out, path), _IN_QUERY.sub(take_out, query)
    if len(users) > 1 or len(passwords) > 1:
        raise AddressError("The camera's address holds two users or passwords. Enter one of each, in their own fields.")
    return path, query, "".join(users), "".join(passwords)


def wants_login(address: str) -> bool:
    """Whether user or password have their place in the address's query or path."""
    parts = urlsplit(address)
    found = [*_IN_PATH.finditer(parts.path), *_IN_QUERY.finditer(parts.query)]
    return any(match[2] == PLACEHOLDER for match in found)


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
    """The address as libav wants it, the login where its place is. Never log, store or show what this returns."""
    parts = urlsplit(address)
    if wants_login(address):

        def put_back(match: re.Match[str]) -> str:
            value = username if match[1].lower() in _USER_NAMES else password
            return f"{match[1]}={as_in_query(value)}" if match[2] == PLACEHOLDER and value else match[0]

        return urlunsplit(parts._replace(path=_IN_PATH.sub(put_back, parts.path), query=_IN_QUERY.sub(put_back, parts.query)))
    if not username:
        return address
    return urlunsplit(parts._replace(netloc=f"{quote(username, safe='')}:{quote(password, safe='')}@{parts.netloc}"))


def as_in_query(value: str) -> str:
    """A user or password as it stands in an address's query or path."""
    return quote(value, safe=_LEFT_AS_TYPED)


def file_of(address: str) -> Path | None:
    """The file that a file: address plays; None for any other scheme."""
    parts = urlsplit(address)
    return Path(_path_of(parts.path)) if parts.scheme == "file" else None


def _path_of(path: str) -> str:
    from urllib.request import url2pathname  # only now: it brings a web client along, eight megabytes in every worker

    return url2pathname(path)
