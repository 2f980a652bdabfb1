"""The line that stands above every page while the disk of the footage is nearly full or full, or there is no new backup."""

from PySide6.QtWidgets import QLabel

from ui.frame.lookout import Lookout
from ui.words.speech import _


class DiskBar(QLabel):
    """Hidden while there is space. Says it as long as it is so, whoever has acknowledged or judged the alarm."""

    def __init__(self, desk: Lookout) -> None:
        super().__init__()
        self._desk = desk
        self.setWordWrap(True)
        self.hide()

    def tick(self) -> None:
        """Reads the newest alarms."""
        going_on = {alarm.kind: alarm for alarm in self._desk.book.alarms if alarm.camera_id is None and alarm.ended_at is None}
        said, name = "", "warning"
        if "backup_late" in going_on:
            said = _("There is no good backup of the last two days. Is the disk for backups connected, and is there space on it?")
        if "disk_low" in going_on:
            line = _("The disk of the footage is {used} % full. Below 5 % free, old footage goes; free space, or keep it for less long.")
            said = line.format(used=min(99, round(going_on["disk_low"].peak_pct)))
        if "recorder_stopped" in going_on:
            said, name = _("Recording has stopped: the disk is full, and all footage on it must be kept. Free space now."), "error"
        if said != self.text():
            self.setObjectName(name)
            self.style().unpolish(self)
            self.style().polish(self)
            self.setText(said)
            self.setAccessibleName(said)
        self.setVisible(bool(said))
