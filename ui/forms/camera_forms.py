"""The forms of cameras: a new one, and the sub-stream and the login of one that is there."""

from collections.abc import Callable

from PySide6.QtWidgets import QLineEdit

from camera.fault import Fault
from storage.places import Camera, Room, add_camera, set_camera_login, set_sub_address
from ui.forms.form import Form, WrongInput
from ui.frame.desk import Desk
from ui.look.card import label
from ui.words.sentences import sentence
from ui.words.speech import _


class CameraForm(Form):
    """Enters a camera of the chosen room. Its password goes to where passwords are kept, never into the books."""

    def __init__(self, desk: Desk, room: Callable[[], Room | None]) -> None:
        super().__init__(_("Add camera"), self._enter)
        self._desk, self._room = desk, room
        self.name, self.address, self.user, self.password = QLineEdit(), QLineEdit(), QLineEdit(), QLineEdit()
        self.sub_address = QLineEdit()
        self.where = label("", "muted")
        self.address.setPlaceholderText("rtsp://192.168.1.20:554/stream1")
        self.sub_address.setPlaceholderText("rtsp://192.168.1.20:554/stream2")
        self.password.setEchoMode(QLineEdit.EchoMode.Password)
        self.add_plain(self.where)
        self.add(_("Name of the camera"), self.name)
        self.add(_("Address"), self.address)
        self.add(_("Address of its sub-stream; empty if it has none"), self.sub_address)
        self.add_side_by_side((_("User"), self.user), (_("Password"), self.password))

    def propose(self, address: str, sub_address: str, user: str, password: str) -> None:
        """Fills in what a camera said about itself; its name is left to the person."""
        for field, text in ((self.address, address), (self.sub_address, sub_address), (self.user, user), (self.password, password)):
            field.setText(text)
        self.name.setFocus()

    def _enter(self, _key: str) -> str:
        room = self._room()
        if room is None:
            raise WrongInput(self.name, _("Choose the room at the left first."))
        address, user, password = self._desk.services.check_address(self.address.text())
        user, password = self.user.text() or user, self.password.text() or password
        sub_address = _sub_address(self._desk, self.sub_address, (user, password))
        camera = add_camera(self._desk.database, room.id, self.name.text(), address, user, now=self._desk.now, sub_address=sub_address)
        if password:
            self._desk.services.keep_password(camera.id, password)
        for field in (self.name, self.address, self.sub_address, self.user, self.password):
            field.clear()
        return _("{camera} in {room} is entered; the recorder begins with it within a few seconds.").format(
            camera=camera.name, room=room.name
        )


class SubStreamForm(Form):
    """Changes the sub-stream of the chosen camera."""

    def __init__(self, desk: Desk) -> None:
        super().__init__(_("Change sub-stream"), self._enter)
        self._desk = desk
        self._camera: Camera | None = None
        self.where, self.address = label("", "muted"), QLineEdit()
        self.address.setPlaceholderText("rtsp://192.168.1.20:554/stream2")
        self.add_plain(self.where)
        self.add(_("Address of its sub-stream; empty if it has none"), self.address)

    def show_camera(self, camera: Camera) -> None:
        """Shows the sub-stream that a camera has."""
        self._camera = camera
        self.where.setText(_("Of: {place}").format(place=f"{camera.name}, {camera.room}"))
        self.address.setText(camera.sub_address)

    def _enter(self, _key: str) -> str:
        if self._camera is None:
            raise WrongInput(self.address, _("Choose the camera at the left first."))
        set_sub_address(self._desk.database, self._camera.id, _sub_address(self._desk, self.address), now=self._desk.now)
        return _("The sub-stream of {camera} is entered; the recorder takes it within a few seconds.").format(camera=self._camera.name)


class LoginForm(Form):
    """Gives the chosen camera another user and password, or none."""

    def __init__(self, desk: Desk) -> None:
        super().__init__(_("Change login"), self._enter)
        self._desk = desk
        self._camera: Camera | None = None
        self.user, self.password = QLineEdit(), QLineEdit()
        self.password.setEchoMode(QLineEdit.EchoMode.Password)
        self.add_side_by_side((_("User"), self.user), (_("Password; empty if it has none"), self.password))

    def show_camera(self, camera: Camera) -> None:
        """Shows the user that a camera has; its password is never read here."""
        self._camera = camera
        self.user.setText(camera.username)
        self.password.clear()

    def _enter(self, _key: str) -> str:
        camera, user = self._camera, self.user.text().strip()
        if camera is None:
            raise WrongInput(self.user, _("Choose the camera at the left first."))
        self._desk.services.keep_password(camera.id, self.password.text())
        set_camera_login(self._desk.database, camera.id, user, address=camera.address, sub_address=camera.sub_address, now=self._desk.now)
        self.password.clear()
        return _("The login of {camera} is entered; the recorder takes it within a few seconds.").format(camera=camera.name)


def _sub_address(desk: Desk, field: QLineEdit, login: tuple[str, str] = ("", "")) -> str:
    """What was typed, checked as the camera's own address is; its user and password are those of the camera. login: these, if known."""
    typed = field.text().strip()
    if not typed:
        return ""
    try:
        address, user, password = desk.services.check_address(typed)
    except Fault as error:
        raise WrongInput(field, sentence(error)) from error
    if (user or password) and (user, password) != login:
        said = _("The sub-stream has the camera's user and password; leave them out of its address, or write *** in their place.")
        raise WrongInput(field, said)
    return address
