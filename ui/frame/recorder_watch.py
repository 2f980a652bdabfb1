"""Looks after the recorder while the window is open."""

from datetime import timedelta

from storage.rules.refusal import Refusal
from storage.watch.states import recorder_states
from ui.services import Services
from ui.words.sentences import sentence
from ui.words.speech import _

# Between two starts; a recorder needs a few seconds until its first beat.
AGAIN = timedelta(seconds=15)


class RecorderWatch:
    """Has a recorder started again when none beats, where the program that opened the window lets it."""

    def __init__(self, services: Services) -> None:
        self._services = services
        # Whoever opened the window has just started one, if none ran.
        self._started_at = services.clock()
        self._why_not = ""

    def look(self) -> str:
        """What there is to say of the recorder; empty while it beats. Raises Refusal where the database cannot be read."""
        now = self._services.clock()
        if any(recorder.lives(now) for recorder in recorder_states(self._services.database)):
            self._why_not = ""
            return ""
        said = _("No recorder runs: nothing is recorded and nothing is watched.")
        start = self._services.start_recorder
        if start is None:
            return said
        # A clock that was set back must not put the next start off.
        if not timedelta(0) <= now - self._started_at < AGAIN:
            self._started_at = now
            try:
                start()
                self._why_not = ""
            except Refusal as error:
                self._why_not = sentence(error)
            except OSError as error:
                self._why_not = _("The computer refused: {why} ({file}).").format(why=error.strerror, file=error.filename or "-")
        return " ".join((said, self._why_not or _("It is being started.")))
