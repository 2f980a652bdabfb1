"""Finding the cameras of the network and asking one for what a new camera is entered with."""

from dataclasses import dataclass
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QHBoxLayout, QLineEdit, QProgressBar, QWidget

from storage.places import list_cameras
from ui.forms.form import Form, WrongInput
from ui.frame.desk import Desk
from ui.look.card import Card, OrEmpty, button, label
from ui.look.table import Column, Table
from ui.look.theme import GRID
from ui.watch.errand import Errand
from ui.words.camera_facts import told
from ui.words.sentences import sentence
from ui.words.speech import _

if TYPE_CHECKING:
    from camera.finding.onvif import CameraFacts
    from camera.finding.probe import Found


@dataclass(frozen=True)
class Proposal:
    """What a camera is to be entered with."""

    address: str
    sub_address: str
    username: str
    password: str


class CameraFinder(QWidget):
    """At the left who answered, at the right what one says about itself. Searches at once.

    closed: one wants to go back; proposed: a Proposal is to be entered.
    """

    closed = Signal()
    proposed = Signal(object)

    def __init__(self, desk: Desk) -> None:
        super().__init__()
        self._desk = desk
        self._search: Errand[list[Found]] | None = None
        self._asking: Errand[CameraFacts] | None = None
        self._asked = ("", "")
        self._facts: CameraFacts | None = None
        self._entered = {urlsplit(camera.address).hostname: camera.name for camera in list_cameras(desk.database)}
        columns: list[Column[Found]] = [
            Column(_("Address"), lambda one: urlsplit(one.address).netloc),
            Column(_("Name"), lambda one: " ".join(filter(None, (one.name, one.hardware)))),
            Column(_("Entered as"), lambda one: self._entered.get(urlsplit(one.address).hostname, "")),
        ]
        self.table = Table("found cameras", _("Cameras that answered"), columns, desk.services.settings)
        self.content = OrEmpty(self.table, "", (_("Search again"), self.search))
        self.again = button(_("Search again"), self.search)
        self.bar, self.cancel = QProgressBar(), button(_("Cancel"), self._call_off)
        self.form = Form(_("Ask camera"), self._ask)
        self.address, self.user, self.password = QLineEdit(), QLineEdit(), QLineEdit()
        self.waiting, self.give_up = label(_("The camera is being asked ..."), "muted"), button(_("Cancel"), self._give_up)
        self.said = label("")
        self.take = button(_("Enter this camera"), self._propose, "primary")
        self._lay_out()
        self.table.chosen.connect(self._follow_table)
        self._show_facts(None)
        self.search()

    def search(self) -> None:
        """Asks who is there."""
        self.stop()
        self.table.show_rows([])
        self.content.say(_("Searching the network ..."), with_action=False)
        self.content.show_content(False)
        self._search = Errand(lambda tell, cancelled: list(self._desk.services.find_cameras(progress=tell, cancelled=cancelled)))
        self._show_state()

    def poll(self) -> None:
        """Takes what has come since."""
        if self._search:
            self.bar.setValue(round(100 * self._search.share))
            if self._search.over:
                self._show_found(self._search)
        if self._asking and self._asking.over:
            asking, self._asking = self._asking, None
            if asking.fault:
                self.form.fail(sentence(asking.fault))
            self._show_facts(asking.result)
        self._show_state()

    def stop(self) -> None:
        """Ends what runs for it."""
        for errand in (self._search, self._asking):
            if errand:
                errand.cancel()
        self._search = self._asking = None

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Escape goes back."""
        if event.key() == Qt.Key.Key_Escape:
            self.closed.emit()
        else:
            super().keyPressEvent(event)

    def _show_found(self, search: "Errand[list[Found]]") -> None:
        self._search = None
        self.table.show_rows(search.result or [])
        self.content.show_content(bool(search.result))
        if search.result:
            self.table.selectRow(0)
        elif search.fault:
            self.content.say(sentence(search.fault), with_action=True)
        else:
            self.content.say(
                _(
                    "No camera answered. Look whether it has power and is in this network, and whether ONVIF is switched on in its "
                    "settings. One whose address you know can be asked at the right."
                ),
                with_action=True,
            )

    def _call_off(self) -> None:
        if self._search:
            self._search.cancel()
            self._search = None
            self.content.say(_("The search was cancelled."), with_action=True)
        self._show_state()

    def _follow_table(self) -> None:
        chosen = self.table.chosen_row
        if chosen:
            self.address.setText(chosen.address)
            self._give_up()
            self._show_facts(None)

    def _ask(self, _key: str) -> str:
        if not self.address.text().strip():
            raise WrongInput(self.address, _("Choose a camera at the left, or enter the address of one."))
        address, user, password = self.address.text(), self.user.text(), self.password.text()
        self._give_up()
        self._show_facts(None)
        self._asked = (user, password)
        self._asking = Errand(lambda _tell, _cancelled: self._desk.services.ask_camera(address, user, password))
        self._show_state()
        return ""

    def _give_up(self) -> None:
        if self._asking:
            self._asking.cancel()
            self._asking = None
        self._show_state()

    def _propose(self) -> None:
        if self._facts and self._facts.main:
            sub = self._facts.sub.address if self._facts.sub else ""
            self.proposed.emit(Proposal(self._facts.main.address, sub, *self._asked))

    def _show_facts(self, facts: "CameraFacts | None") -> None:
        self._facts = facts
        self.said.setText("\n".join(told(facts)) if facts else "")
        self.said.setVisible(facts is not None)
        self.take.setVisible(facts is not None and facts.main is not None)

    def _show_state(self) -> None:
        self.bar.setVisible(self._search is not None)
        self.cancel.setVisible(self._search is not None)
        self.again.setVisible(self._search is None and not self.content.empty)
        self.form.button.setEnabled(self._asking is None)
        self.waiting.setVisible(self._asking is not None)
        self.give_up.setVisible(self._asking is not None)

    def _lay_out(self) -> None:
        found = Card(_("Cameras that answered"), tight=True)
        self.bar.setAccessibleName(_("Progress"))
        self.bar.setTextVisible(False)
        self.bar.setFixedWidth(20 * GRID)
        for widget in (self.bar, self.cancel, self.again, button(_("Back"), self.closed.emit)):
            found.head.addWidget(widget)
        found.body.addWidget(self.content)
        self.address.setPlaceholderText("192.168.1.20")
        self.password.setEchoMode(QLineEdit.EchoMode.Password)
        self.form.add(_("Address of the camera, or of its ONVIF service"), self.address)
        self.form.add_side_by_side((_("User"), self.user), (_("Password"), self.password))
        asked = Card(_("What the camera says"))
        asked.setFixedWidth(68 * GRID)
        self.said.setWordWrap(True)
        self.said.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
        waiting = QHBoxLayout()
        waiting.addWidget(self.waiting, 1)
        waiting.addWidget(self.give_up)
        asked.body.addWidget(self.form)
        asked.body.addLayout(waiting)
        asked.body.addWidget(self.said)
        asked.body.addWidget(self.take, 0, Qt.AlignmentFlag.AlignRight)
        asked.body.addStretch(1)
        line = QHBoxLayout(self)
        line.setContentsMargins(0, 0, 0, 0)
        line.setSpacing(GRID)
        line.addWidget(found, 1)
        line.addWidget(asked)
