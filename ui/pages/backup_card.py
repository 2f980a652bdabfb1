"""The card about backups: when the last good one was made, where, and a button that makes one now."""

from collections.abc import Callable
from pathlib import Path

from PySide6.QtWidgets import QFileDialog, QLabel

from storage.backup.last import last_backup
from storage.backup.making import Made, back_up
from storage.rules.refusal import Refusal
from storage.rules.rights import Act
from storage.settings import load_settings
from ui.frame.desk import Desk
from ui.look.card import Card, button, label
from ui.watch.errand import Errand
from ui.words.sentences import sentence
from ui.words.sizes import size
from ui.words.speech import _, whole
from ui.words.times import day_time


class BackupCard(Card):
    """Hidden from who may not make backups. What is being made goes on when the page is left."""

    def __init__(self, desk: Desk) -> None:
        super().__init__(_("Backups"))
        self._desk = desk
        self._errand: Errand[None] | None = None
        # Kept by the work itself: what was finished before it could be called off is there, and is said.
        self._made: Made | None = None
        self.begin = button(_("Back up now"), self.start)
        self.cancel = button(_("Cancel"), self.stop)
        self.cancel.hide()
        self.head.addWidget(self.begin)
        self.head.addWidget(self.cancel)
        self.last, self.late, self.done, self.wrong = label("", "muted"), label("", "warning"), label("", "success"), label("", "error")
        for words in (self.last, self.late, self.done, self.wrong):
            words.setWordWrap(True)
            words.hide()
            self.body.addWidget(words)
        # Shown with its page: what is made visible before it has a parent is a window for a moment, and takes the keyboard.
        if not desk.may(Act.BACK_UP):
            self.hide()

    def refresh(self) -> None:
        """Reads which one was the last. Raises Refusal where the database cannot be read."""
        desk = self._desk
        if desk.may(Act.BACK_UP):
            last = last_backup(desk.database)
            if last is None:
                late = _("There is no backup yet. Name a folder on another disk as backups in settings.toml; then one is made every day.")
            else:
                line = _("Last good backup: {at}, {size}, in {folder}.")
                _say(self.last, line.format(at=day_time(last.at, desk.zone), size=size(last.bytes), folder=last.folder))
                late = _("The last good backup is more than two days old.") if last.is_late(desk.now) else ""
            _say(self.late, late)

    def poll(self) -> None:
        """Takes what has come since."""
        errand = self._errand
        if errand is None:
            return
        self.cancel.setText(_("Cancel ({percent} %)").format(percent=whole(int(100 * errand.share))))
        if not errand.over:
            return
        self._errand = None
        self.begin.show()
        self.cancel.hide()
        if self._made is not None:
            self._tell_made(self._made)
        elif errand.fault is not None:
            _say(self.wrong, sentence(errand.fault))
        self.refresh()

    def start(self) -> None:
        """Makes one in the folder that the settings name; where they name none, it is asked for."""
        desk = self._desk
        try:
            settings = load_settings(desk.database.path.parent)
        except Refusal as refusal:
            _say(self.wrong, sentence(refusal))
            return
        chosen = str(settings.backups or "") or QFileDialog.getExistingDirectory(self, _("Choose where the backup goes"))
        if not chosen:
            return
        by, now, self._made = desk.person, desk.now, None

        def make(tell: Callable[[float], None], cancelled: Callable[[], bool]) -> None:
            self._made = back_up(desk.database, Path(chosen), settings, now=now, by=by, progress=tell, cancelled=cancelled)

        self._errand = Errand(make)
        for words in (self.done, self.wrong):
            _say(words, "")
        self.begin.hide()
        self.cancel.show()
        self.cancel.setFocus()

    def stop(self) -> None:
        """Calls off what is being made."""
        if self._errand:
            self._errand.cancel()

    def _tell_made(self, made: Made) -> None:
        if made.findings:
            line = _("The book itself has {faults} faults, and so has this backup: run check. Keep the earlier backups.")
            _say(self.wrong, line.format(faults=whole(len(made.findings))))
        else:
            _say(self.done, _("The backup is whole: read back and checked."))


def _say(words: QLabel, text: str) -> None:
    """Hidden while there is nothing to say."""
    words.setText(text)
    words.setAccessibleName(text)
    words.setVisible(bool(text))
