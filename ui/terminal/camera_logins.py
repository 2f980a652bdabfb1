"""The cameras' logins as the recorder needs them: read as far as they can be, and taken out of addresses that still hold them."""

from datetime import datetime

import structlog

from camera.fault import Fault
from camera.streams.address import checked_address, wants_login
from storage.database import Database
from storage.passwords import CameraPasswords
from storage.places import Camera, list_cameras, set_camera_login
from storage.rules.refusal import Refusal

log = structlog.get_logger()


class CameraLogins:
    """User and password of each camera. While passwords cannot be read, those that were read last hold."""

    def __init__(self, passwords: CameraPasswords) -> None:
        self._passwords = passwords
        self._known: dict[int, str] = {}
        self._said: set[str] = set()

    def of(self, camera: Camera) -> tuple[str, str]:
        """The user and the password; both empty where they are not wanted, or where the password was never read.

        A user without the password would only be refused, and after a few tries be locked out of the camera.
        """
        if not (camera.username or wants_login(camera.address) or (camera.sub_address and wants_login(camera.sub_address))):
            return "", ""
        try:
            self._known[camera.id] = self._passwords.get(camera.id)
        except Refusal as error:
            if str(error) not in self._said:  # asked every few seconds
                self._said.add(str(error))
                log.error("camera passwords not read", reason=str(error))
        return (camera.username, self._known[camera.id]) if camera.id in self._known else ("", "")


def take_logins_out(database: Database, passwords: CameraPasswords, now: datetime) -> None:
    """Moves the logins that stand in the cameras' addresses to where logins are kept.

    Earlier versions left them there where they were part of a query or a path. A password is kept before its row is changed. A camera
    that has another password already, or whose password cannot be kept, is left as it is and named in the log. Where the
    database cannot be read, that too is left to the next start.
    """
    try:
        cameras = list_cameras(database)
    except Refusal as error:
        log.warning("cameras not read", reason=str(error))
        return
    for camera in cameras:
        try:
            _take_login_out(database, passwords, camera, now)
        except (Refusal, Fault) as error:
            log.error("login stays in the camera's address", camera=camera.id, reason=str(error))


def _take_login_out(database: Database, passwords: CameraPasswords, camera: Camera, now: datetime) -> None:
    found = [_split(one) for one in (camera.address, camera.sub_address)]
    if not any(user or password for _address, user, password in found):
        return
    users = {camera.username, found[0][1], found[1][1]} - {""}
    secrets = {passwords.get(camera.id), found[0][2], found[1][2]} - {""}
    if len(users) > 1 or len(secrets) > 1:
        raise Fault("The camera's address holds two users or passwords. Enter one of each, in their own fields.")
    for secret in secrets:
        passwords.keep(camera.id, secret)
    set_camera_login(database, camera.id, "".join(users), address=found[0][0], sub_address=found[1][0], now=now)
    log.info("login taken out of the camera's address", camera=camera.id)


def _split(address: str) -> tuple[str, str, str]:
    """As checked_address; what it does not take (the demo's files) is no login's place."""
    try:
        return checked_address(address)
    except Fault:
        return address, "", ""
