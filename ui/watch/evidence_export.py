"""The button that gives the evidence of an alarm out, and takes it back while the package is made."""

from collections.abc import Callable
from pathlib import Path

from PySide6.QtWidgets import QFileDialog, QHBoxLayout, QWidget

from storage.evidence.export import Exported, export_incident
from storage.evidence.incident import incident_of
from storage.rules.refusal import Refusal
from storage.rules.rights import Act
from storage.watch.alarms import Alarm
from ui.evidence.making import EvidenceMakers
from ui.forms.two_persons import ask_second
from ui.frame.desk import Desk
from ui.look.card import button
from ui.terminal.export_command import said_export
from ui.watch.errand import Errand
from ui.words.sentences import sentence
from ui.words.speech import _, whole


class EvidenceExport(QWidget):
    """Hidden for an alarm without a camera, and for who may not give evidence out."""

    def __init__(self, desk: Desk, say: Callable[[str, str], None]) -> None:
        """say: shows a sentence, as error or as success."""
        super().__init__()
        self._desk, self._say = desk, say
        self._alarm: Alarm | None = None
        self._errand: Errand[None] | None = None
        # Kept by the work itself: what was finished before it could be called off is there, and is said.
        self._made: Exported | None = None
        self.begin = button(_("Export evidence"), self._begin)
        self.cancel = button(_("Cancel"), self.stop)
        self.cancel.hide()
        line = QHBoxLayout(self)
        line.setContentsMargins(0, 0, 0, 0)
        line.addWidget(self.begin)
        line.addWidget(self.cancel)

    def show_alarm(self, alarm: Alarm | None) -> None:
        """From now on the button is about this alarm; what is being made goes on."""
        self._alarm = alarm
        self._show_state()

    def poll(self) -> None:
        """Takes what has come since."""
        errand = self._errand
        if errand is None:
            return
        self.cancel.setText(_("Cancel ({percent} %)").format(percent=whole(int(100 * errand.share))))
        if not errand.over:
            return
        self._errand = None
        if self._made:
            said = _("The evidence is in {folder}. Fingerprint of the key: {fingerprint}")
            self._say("success", said.format(folder=self._made.folder, fingerprint=self._made.fingerprint))
        elif errand.fault:
            self._say("error", sentence(errand.fault))
        self._show_state()

    def stop(self) -> None:
        """Calls off what is being made."""
        if self._errand:
            self._errand.cancel()

    def _show_state(self) -> None:
        self.setVisible(self._alarm is not None and self._alarm.camera_id is not None and self._desk.may(Act.EXPORT_FOOTAGE))
        self.begin.setVisible(self._errand is None)
        self.cancel.setVisible(self._errand is not None)

    def _begin(self) -> None:
        alarm, desk = self._alarm, self._desk
        if alarm is None:
            return
        try:
            site_id = incident_of(desk.database, alarm.id, desk.now).site.id
        except Refusal as refusal:
            self._say("error", sentence(refusal))
            return
        folder = QFileDialog.getExistingDirectory(self, _("Choose where the evidence goes"))
        second = ask_second(self, desk, said_export(alarm.id), Act.EXPORT_FOOTAGE, site_id) if folder else None
        if second is None:
            return
        by, now, recordings, self._made = desk.person, desk.now, desk.services.recordings, None

        def make(tell: Callable[[float], None], cancelled: Callable[[], bool]) -> None:
            self._made = export_incident(
                *(desk.database, alarm.id, Path(folder), EvidenceMakers()),
                recordings=recordings,
                by=by,
                second=second,
                now=now,
                progress=tell,
                cancelled=cancelled,
            )

        self._errand = Errand(make)
        self._show_state()
