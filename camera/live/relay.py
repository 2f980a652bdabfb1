"""The recorder's side of the relay: live packets and row notices, published to windows that hold the key."""

import json
from collections.abc import Iterator
from dataclasses import dataclass, field

import zmq
from zmq.auth.thread import ThreadAuthenticator

from camera.message import Header

ROWS = b"rows"
# Messages that may wait for one window; more are dropped, and the window goes on at the next key frame.
WAITING_MESSAGES = 400


@dataclass(frozen=True)
class RelayDoor:
    """Where a window subscribes, and the keys it needs."""

    address: str
    public_key: str
    window_secret_key: str = field(repr=False)


def live_topic(camera_id: int) -> bytes:
    """The topic of a camera's live packets; ends with a slash, so that camera 1's is no beginning of camera 10's."""
    return f"live/{camera_id}/".encode()


class _Callers:
    """Lets in who proves to hold the window's key."""

    def __init__(self, public_key: bytes) -> None:
        self._public_key = public_key

    def callback(self, domain: str, key: bytes) -> bool:
        return bytes(key) == self._public_key


class Relay:
    """Publishes, encrypted, to windows on this computer, or to others too. Used by one thread."""

    def __init__(self, host: str = "127.0.0.1") -> None:
        """host: this computer's address, under which the windows reach it."""
        self._context = zmq.Context()
        public, secret = zmq.curve_keypair()
        window_public, window_secret = zmq.curve_keypair()
        self._authenticator = ThreadAuthenticator(self._context)
        self._authenticator.start()
        self._authenticator.configure_curve_callback(domain="*", credentials_provider=_Callers(window_public))
        self._socket = self._context.socket(zmq.XPUB)
        self._socket.setsockopt(zmq.CURVE_SERVER, 1)
        self._socket.setsockopt(zmq.CURVE_SECRETKEY, secret)
        self._socket.setsockopt(zmq.SNDHWM, WAITING_MESSAGES)
        self._socket.setsockopt(zmq.LINGER, 0)
        port = self._socket.bind_to_random_port(f"tcp://{host}")
        self.door = RelayDoor(f"tcp://{host}:{port}", public.decode(), window_secret.decode())

    def notice(self, table: str, row_id: int) -> None:
        """Tells every window that a row was written or changed; it reads the row itself."""
        self._socket.send_multipart([ROWS, json.dumps({"table": table, "id": row_id}).encode()])

    def packet(self, camera_id: int, header: Header, payload: bytes) -> None:
        """Sends a live packet to the windows that show this camera."""
        self._socket.send_multipart([live_topic(camera_id), json.dumps(header).encode(), payload])

    def wishes(self) -> Iterator[tuple[bytes, bool]]:
        """Topics that windows have begun (True) or all ended (False) to want since the last call."""
        while self._socket.poll(0):
            message = self._socket.recv()
            if message and message[1:].startswith(b"live/"):
                yield message[1:], message[0] == 1

    def close(self) -> None:
        """Ends the relay."""
        self._socket.close()
        self._authenticator.stop()
        self._context.term()
