"""What one camera watches: its picture with zones and masks on it, the sensitivity, and what all this would have flagged."""

from collections.abc import Callable

import numpy as np
from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QImage, QKeyEvent
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from storage.places import Camera
from storage.rules.refusal import Refusal
from storage.rules.rights import Act
from storage.watch.views import CameraView, check_view, set_view, view_changes
from ui.forms.two_persons import ask_second
from ui.frame.desk import Desk
from ui.look.card import Card, button, label
from ui.look.theme import GRID
from ui.services import Picture
from ui.watch.area_canvas import AreaCanvas
from ui.watch.area_panel import AreaPanel
from ui.watch.areas import AreaKind, Areas
from ui.watch.preview_panel import PreviewPanel
from ui.words.sentences import sentence
from ui.words.speech import _
from ui.words.times import day_time

_LIVE_SIZE = (960, 540)


class ViewEditor(QWidget):
    """Nothing holds before it is saved. closed: one wants to go back."""

    closed = Signal()

    def __init__(self, desk: Desk, camera: Camera) -> None:
        super().__init__()
        self._desk = desk
        self.camera = camera
        self._areas = Areas()
        self._saved = CameraView()
        self.canvas = AreaCanvas(desk.tokens, self._areas)
        self.panel = AreaPanel(self._areas)
        self.preview = PreviewPanel(desk, camera)
        self.hint, self.error, self.who = label("", "muted"), label("", "error"), label("", "muted")
        self.save = button(_("Save"), self._save, "primary")
        self.back = button(_("Back"), self.closed.emit)
        self._lay_out()
        self._read()
        self.canvas.changed.connect(self._follow_canvas)
        self.canvas.chosen.connect(self._follow_canvas)
        self.canvas.drawing.connect(self._say_hint)
        self.panel.changed.connect(self._follow_panel)
        self.panel.chosen.connect(self._follow_panel)
        self.panel.wanted.connect(lambda kind: self.canvas.draw(AreaKind(kind)))
        self.preview.shown.connect(self._show_picture)
        if desk.services.live:
            desk.services.live.show({camera.id: _LIVE_SIZE})

    @property
    def view(self) -> CameraView:
        """What stands on the screen."""
        return self._areas.view(self.panel.sensitivity.value())

    @property
    def changed(self) -> bool:
        """Whether something has not been saved."""
        return self.view != self._saved

    def poll(self) -> None:
        """Takes what the preview has found, and the newest live picture."""
        self.preview.poll()
        live = self._desk.services.live
        picture = live.newest(self.camera.id) if live else None
        if picture is not None and self.preview.chosen is None:
            self.canvas.show_picture(image_of(picture))

    def stop(self) -> None:
        """Ends what runs for it."""
        self.preview.stop()
        if self._desk.services.live:
            self._desk.services.live.show({})

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Escape goes back, as long as nothing would be lost."""
        if event.key() == Qt.Key.Key_Escape and not self.changed:
            self.closed.emit()
        else:
            super().keyPressEvent(event)

    def _lay_out(self) -> None:
        line = QHBoxLayout(self)
        line.setContentsMargins(0, 0, 0, 0)
        line.setSpacing(GRID)
        left = QVBoxLayout()
        left.setSpacing(GRID)
        left.addWidget(self.canvas, 1)
        self.hint.setWordWrap(True)
        # Of one height, whatever is said: the picture does not move under a hand.
        self.hint.setFixedHeight(2 * self.hint.fontMetrics().lineSpacing())
        self.hint.setAlignment(Qt.AlignmentFlag.AlignTop)
        left.addWidget(self.hint)
        found = Card()
        found.body.addWidget(self.preview)
        left.addWidget(found)
        line.addLayout(left, 1)
        right = Card(_("What is watched: {place}").format(place=f"{self.camera.name}, {self.camera.room}"))
        right.setFixedWidth(46 * GRID)
        right.body.setSpacing(2 * GRID)
        right.body.addWidget(self.panel)
        right.body.addStretch(1)
        for said in (self.who, self.error):
            said.setWordWrap(True)
            right.body.addWidget(said)
        self.error.hide()
        foot = QHBoxLayout()
        foot.setSpacing(GRID)
        foot.addWidget(self.back)
        foot.addStretch(1)
        foot.addWidget(self.save)
        right.body.addLayout(foot)
        line.addWidget(right)

    def _read(self) -> None:
        changes = view_changes(self._desk.database, self.camera.id)
        self._saved = changes[-1].view if changes else CameraView()
        self._areas.show(self._saved)
        self.panel.show_sensitivity(self._saved.sensitivity)
        if changes:
            at = day_time(changes[-1].at, self._desk.zone)
            self.who.setText(_("As {person} set it on {at}.").format(person=changes[-1].person, at=at))
        else:
            self.who.setText(_("Nobody has changed this yet."))
        self.canvas.follow()
        self.panel.follow()
        self._follow()

    def _follow_canvas(self) -> None:
        self.panel.follow()
        self._follow()

    def _follow_panel(self) -> None:
        self.canvas.follow()
        self._follow()

    def _follow(self) -> None:
        """Something was changed or chosen: what would it have flagged, and can it be saved?"""
        self._say_hint()
        self.save.setEnabled(self.changed)
        self.back.setText(_("Discard changes") if self.changed else _("Back"))
        self.back.setAccessibleName(self.back.text())
        if self._try(lambda: check_view(self.view)):
            self.preview.ask(self.view)

    def _save(self) -> None:
        desk = self._desk
        said = _("{person} changes what {camera} watches.").format(person=desk.person.name, camera=self.camera.name)
        second = ask_second(self, desk, said, Act.CHANGE_VIEW, desk.site_of_room(self.camera.room_id))
        if second is None:
            return
        if self._try(lambda: set_view(desk.database, self.camera.id, self.view, by=desk.person, now=desk.now, second=second)):
            self._read()
            self.back.setFocus()

    def _try(self, act: Callable[[], object]) -> bool:
        """Does something; says the refusal if there is one."""
        try:
            act()
        except Refusal as refusal:
            self.error.setText(sentence(refusal))
            self.error.setAccessibleName(self.error.text())
            self.error.show()
            return False
        self.error.hide()
        return True

    def _say_hint(self) -> None:
        self.hint.setText(self.canvas.said())

    def _show_picture(self) -> None:
        still, boxes = self.preview.picture
        if still is not None:
            self.canvas.show_picture(QImage.fromData(still.jpeg), boxes)


def image_of(picture: Picture) -> QImage:
    """A decoded picture as the window paints it, with pixels of its own."""
    pixels = np.ascontiguousarray(picture.rgb32)
    height, width = pixels.shape[:2]
    return QImage(pixels.data, width, height, width * 4, QImage.Format.Format_RGB32).copy()
