"""Talking ONVIF with one camera: SOAP over HTTP, answers bounded in size and time, nothing followed that they point to."""

import asyncio
import contextlib
import logging
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from types import TracebackType
from typing import Any, Self, TypeVar

import aiohttp
import zeep.exceptions
from lxml import etree

from camera.fault import Fault
from camera.finding.answers import MOST_BYTES, device_address, parsed, service_address, unreadable
from camera.streams.address import AddressError

# The library's import makes every library's log go to standard error; that is undone.
_root = logging.getLogger()
_log_before = _root.handlers[:], _root.level
import onvif  # noqa: E402
from onvif.client import ONVIFService  # noqa: E402
from onvif.zeep_aiohttp import AIOHTTPTransport  # noqa: E402

_root.handlers[:] = _log_before[0]
_root.setLevel(_log_before[1])

REQUEST_S = 5.0
CONVERSATION_S = 30.0
# These come with the library; what they import lies beside them, and the library loads nothing from the network.
WSDL = Path(onvif.__file__).parent / "wsdl"
# What a service's binding is called in its WSDL.
BINDINGS = {
    "devicemgmt": "{http://www.onvif.org/ver10/device/wsdl}DeviceBinding",
    "media": "{http://www.onvif.org/ver10/media/wsdl}MediaBinding",
    "ptz": "{http://www.onvif.org/ver20/ptz/wsdl}PTZBinding",
}
Result = TypeVar("Result")


class LoginRefused(Fault):
    """The camera wants another user or password, or any at all."""


class NotAnswering(Fault):
    """Nothing came, or not in time."""


class NotDone(Fault):
    """The camera understood and said no."""


@dataclass(frozen=True)
class Login:
    """A camera's device service and who asks it. The password is kept out of repr."""

    address: str
    username: str = ""
    password: str = field(default="", repr=False)


def converse(
    login: Login, now: Callable[[], datetime], act: Callable[["Conversation"], Awaitable[Result]], *, timeout_s: float = CONVERSATION_S
) -> Result:
    """Talks with a camera until `act` is done, in an event loop of its own; what it returns. now: our clock, in UTC.

    Raises AddressError for an address that is none of a camera, else LoginRefused, NotAnswering (after timeout_s at the latest), Unreadable
    or NotDone. None of them holds a word of the camera's, which could repeat the password.
    """
    login = replace(login, address=device_address(login.address))

    async def talk() -> Result:
        async with asyncio.timeout(timeout_s), Conversation(login) as conversation:
            await conversation.compare_clocks(now)
            return await act(conversation)

    try:
        return asyncio.run(talk())
    except (TimeoutError, aiohttp.ClientError, OSError):
        raise NotAnswering("The camera does not answer.") from None


class Conversation:
    """A context manager within which services of one camera are asked.

    clock_ahead_s: by how many seconds its clock is ahead of ours; None if it tells none in UTC to somebody without a login.
    """

    def __init__(self, login: Login) -> None:
        self.login = login
        self.clock_ahead_s: float | None = None
        self._services: dict[str, ONVIFService] = {}
        self._addresses: dict[str, str] | None = None

    async def __aenter__(self) -> Self:
        # A certificate of a camera is its own make. The login is a digest, so that what is overheard opens nothing for long.
        self._session = aiohttp.ClientSession(
            connector=aiohttp.TCPConnector(ssl=False, force_close=True),
            timeout=aiohttp.ClientTimeout(total=REQUEST_S),
            cookie_jar=aiohttp.DummyCookieJar(),
            auto_decompress=False,
        )
        return self

    async def __aexit__(self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None) -> None:
        for service in self._services.values():
            await service.close()
        await self._session.close()

    async def compare_clocks(self, now: Callable[[], datetime]) -> None:
        """Learns the camera's time. A login carries the time, and a camera whose clock is wrong takes it by its own clock only."""
        with contextlib.suppress(NotDone, LoginRefused):
            said = await self.call("devicemgmt", "GetSystemDateAndTime", login=False)
            self.clock_ahead_s = _ahead_s(said, now())
            await self._services.pop("devicemgmt").close()  # made anew, it signs by the camera's clock

    async def call(self, service: str, request: str, params: dict[str, Any] | None = None, *, login: bool = True) -> Any:  # noqa: ANN401
        """What the camera answers to a request of a service, in the shape of its WSDL. login: False asks as nobody.

        Raises what `converse` does.
        """
        asked = await self._service(service)
        try:
            return await getattr(asked, request if login and self.login.username else f"authless_{request}")(params)
        except zeep.exceptions.Fault as error:
            if _refuses_login(error):
                raise _login_refused() from None
            raise NotDone("The camera does not do what it was asked: {request}.", request=request) from None
        except (zeep.exceptions.Error, onvif.ONVIFError, etree.LxmlError, LookupError, TypeError, ValueError, AttributeError):
            # Well-formed XML of another shape than the WSDL's trips the library in many ways.
            raise unreadable() from None

    async def call_for_list(self, service: str, request: str, params: dict[str, Any] | None = None) -> list[Any]:
        """As `call`, where the answer is a list; empty where it is none."""
        said = await self.call(service, request, params)
        return said if isinstance(said, list) else []

    async def has(self, service: str) -> bool:
        """Whether the camera has this service."""
        return service in await self._named()

    async def _service(self, name: str) -> ONVIFService:
        if name not in self._services:
            address = self.login.address if name == "devicemgmt" else (await self._named()).get(name)
            if address is None:
                raise NotDone("The camera does not do what it was asked: {request}.", request=name)
            wsdl, user = f"{WSDL}/{name}.wsdl", (self.login.username, self.login.password)
            ahead = None if self.clock_ahead_s is None else timedelta(seconds=self.clock_ahead_s)
            made = ONVIFService(address, *user, wsdl, no_cache=True, dt_diff=ahead, binding_name=BINDINGS[name])
            made.transport = _Transport(self._session)
            self._services[name] = made
            await made.setup()
        return self._services[name]

    async def _named(self) -> dict[str, str]:
        """The addresses of the services that the camera has beside the first one."""
        if self._addresses is None:
            try:
                services = await self.call_for_list("devicemgmt", "GetServices", {"IncludeCapability": False})
                named = {str(getattr(service, "Namespace", "")): getattr(service, "XAddr", "") for service in services}
            except NotDone:  # older cameras
                found = await self.call("devicemgmt", "GetCapabilities", {"Category": "All"})
                capabilities = {"media": getattr(found, "Media", None), "ptz": getattr(found, "PTZ", None)}
                named = {_namespace(BINDINGS[name]): getattr(one, "XAddr", "") for name, one in capabilities.items()}
            self._addresses = {}
            for name, binding in BINDINGS.items():
                with contextlib.suppress(AddressError):
                    self._addresses[name] = service_address(str(named.get(_namespace(binding), "")), self.login.address)
        return self._addresses


def _refuses_login(error: zeep.exceptions.Fault) -> bool:
    """Cameras say it in many ways, few of them by ONVIF's code ter:NotAuthorized."""
    codes = error.subcodes if isinstance(error.subcodes, list) else [error.subcodes]
    said = [error.message, error.code, *(getattr(code, "text", code) for code in codes)]
    return any("auth" in str(one).lower() for one in said)


def _login_refused() -> LoginRefused:
    return LoginRefused("The camera refused the login. Check its user and password.")


def _namespace(binding: str) -> str:
    return binding[1 : binding.index("}")]


@dataclass(frozen=True)
class _Answer:
    """As much of an HTTP answer as the library reads."""

    status_code: int
    content: bytes
    headers: dict[str, str] = field(default_factory=lambda: {"Content-Type": "text/xml"})
    encoding: str = "utf-8"


class _Transport(AIOHTTPTransport):  # type: ignore[misc]
    """Sends one message and reads one answer: at most MOST_BYTES of XML that declares nothing; a redirection is not followed."""

    async def post_xml(self, address: str, envelope: etree._Element, headers: dict[str, str]) -> _Answer:
        head = {**headers, "Content-Type": headers.get("Content-Type", 'text/xml; charset="utf-8"'), "Accept-Encoding": "identity"}
        async with self.session.post(address, data=etree.tostring(envelope), headers=head, allow_redirects=False) as response:
            if response.status in (401, 403):
                raise _login_refused()
            content = bytearray()
            async for chunk in response.content.iter_any():
                content += chunk
                if len(content) > MOST_BYTES:
                    raise unreadable()
        return _Answer(response.status, etree.tostring(parsed(bytes(content)), encoding="utf-8"))


def _ahead_s(said: Any, now: datetime) -> float | None:  # noqa: ANN401 - the library's own shape
    try:
        date, time = said.UTCDateTime.Date, said.UTCDateTime.Time
        # Some clocks show a leap second.
        at = datetime(date.Year, date.Month, date.Day, time.Hour, time.Minute, min(time.Second, 59), tzinfo=UTC)
    except (AttributeError, TypeError, ValueError, OverflowError):
        return None
    return (at - now).total_seconds()
