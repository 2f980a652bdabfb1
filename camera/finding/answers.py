"""What a stranger in the network answers, made harmless: XML that declares nothing, and addresses that lead to the camera only."""

import contextlib
import re
from ipaddress import IPv4Address, IPv6Address, ip_address
from urllib.parse import unquote, urlsplit, urlunsplit

from lxml import etree

from camera.fault import Fault
from camera.streams.address import AddressError, checked_address

# A camera's longest answer, all of its profiles, takes some ten thousand bytes.
MOST_BYTES = 1 << 20
# As many signs as the books keep of an address.
MOST_SIGNS = 400
DEVICE_PATH = "/onvif/device_service"
STREAM_SCHEMES = ("rtsp", "rtsps", "http", "https")
_PASSWORD = re.compile(r"(?:pass|passwd|password|pwd|psw)=[^&/;]", re.IGNORECASE)
# What is shorter stands in many addresses by chance.
_SECRET_SIGNS = 4


class Unreadable(Fault):
    """What came is no answer of a camera."""


def unreadable() -> Unreadable:
    """The fault of an answer that is none; it repeats nothing of it."""
    return Unreadable("What the camera answers cannot be read.")


def parsed(answer: bytes) -> etree._Element:
    """The root of an XML document. Raises Unreadable for what is none, is larger than MOST_BYTES, or declares a document type.

    Entities need a document type, in whatever encoding they come; no answer of a camera has one.
    """
    if len(answer) > MOST_BYTES:
        raise unreadable()
    parser = etree.XMLParser(
        resolve_entities=False, load_dtd=False, no_network=True, huge_tree=False, remove_comments=True, remove_pis=True
    )
    try:
        root = etree.fromstring(answer, parser)
    except (etree.XMLSyntaxError, ValueError):
        raise unreadable() from None
    if root.getroottree().docinfo.doctype:
        raise unreadable()
    return root


def device_address(text: str) -> str:
    """The address of a camera's device service, from it or from a mere host. Raises AddressError for anything but http and https."""
    text = text.strip()
    address, user, password = checked_address(text if "://" in text else f"http://{_bracketed(text)}")
    if user or password:
        raise AddressError("Enter the camera's user and password in their own fields, not in its address.")
    parts = urlsplit(address)
    if parts.scheme not in ("http", "https"):
        raise AddressError("ONVIF cameras are asked at an address that begins with http or https.")
    return address if parts.path.strip("/") else urlunsplit(parts._replace(path=DEVICE_PATH))


def service_address(named: str, asked: str) -> str:
    """Where a service of a camera is, that it names itself: always at the host that was asked, so that no answer sends a login elsewhere.

    The port is the named one where the host is the same; a camera that names another host is behind a router, whose port is the asked one.
    Raises AddressError for what is no address.
    """
    parts, at = urlsplit(device_address(named)), urlsplit(asked)
    if parts.hostname != at.hostname:
        parts = parts._replace(netloc=at.netloc, scheme=at.scheme)
    return urlunsplit(parts)


def stream_address(named: str, asked: str, password: str) -> str:
    """The address of a stream as a camera names it, without user and password.

    Its host is replaced by the asked one only where the named one leads nowhere from here: none at all, the camera itself, its own cable,
    or a private network that is asked from outside. Any other may be meant: a camera with two networks, or a recorder in front of it.

    Raises AddressError where it is none, leads to a file or a device of this computer, or holds the password in its path.
    """
    address = checked_address(named)[0]
    if urlsplit(address).scheme not in STREAM_SCHEMES or len(address) > MOST_SIGNS:
        raise AddressError("The camera names a stream that is no address of a camera.")
    said = unquote(address)
    if _PASSWORD.search(said) or (len(password) >= _SECRET_SIGNS and password in said):
        raise AddressError("The camera names a stream with the password in its address. Enter the address by hand, without the password.")
    parts, host = urlsplit(address), urlsplit(asked).hostname or ""
    if parts.hostname and _leads_nowhere(parts.hostname, host):
        port = "" if parts.port is None else f":{parts.port}"
        address = urlunsplit(parts._replace(netloc=_bracketed(host) + port))
    return address


def _leads_nowhere(named: str, asked: str) -> bool:
    there, here = _ip(named), _ip(asked)
    if there is None or there == here:
        return False
    alone = there.is_unspecified or there.is_loopback or there.is_link_local
    return alone or (there.is_private and here is not None and here.is_global)


def _ip(host: str) -> IPv4Address | IPv6Address | None:
    with contextlib.suppress(ValueError):
        return ip_address(host)
    return None


def _bracketed(host: str) -> str:
    return f"[{host}]" if isinstance(_ip(host), IPv6Address) else host


def words(said: object) -> str:
    """One line of at most 80 visible signs, of whatever a camera says about itself."""
    line = " ".join(str(said or "").split())
    return "".join(sign for sign in line if sign.isprintable())[:80]
