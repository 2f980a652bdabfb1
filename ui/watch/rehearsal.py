"""Trying a view on recorded pictures beside the window's own thread: the newest question is answered, older ones are given up."""

import queue
import threading
from dataclasses import dataclass, field

from camera.footage.preview import Film, Seen, preview, read_film
from camera.view import View
from ui.watch.footage import Clip


@dataclass(eq=False)
class Trial:
    """One question and how far its answer has come.

    film: grows while it is read; read_share, looked_share: 0 to 1; seen: the answer, None until it is there.
    """

    clip: Clip
    view: View
    film: Film = field(default_factory=Film)
    read_share: float = 0.0
    looked_share: float = 0.0
    seen: list[Seen] | None = None


class Rehearsal:
    """Reads a stretch once and looks at it with one view after the other, in a thread of its own."""

    def __init__(self) -> None:
        self._asked: queue.Queue[Trial | None] = queue.Queue()
        self._newest: Trial | None = None
        self._read: Trial | None = None
        self._thread = threading.Thread(target=self._run, name="rehearsal", daemon=True)
        self._thread.start()

    def ask(self, clip: Clip, view: View) -> Trial:
        """Asks what would be flagged; gives up what was asked before."""
        trial = Trial(clip, view)
        self._newest = trial
        self._asked.put(trial)
        return trial

    def cancel(self) -> None:
        """Gives up what was asked."""
        self._newest = None

    def stop(self) -> None:
        """Ends the thread and waits for it."""
        self.cancel()
        self._asked.put(None)
        self._thread.join()

    def _run(self) -> None:
        while (trial := self._asked.get()) is not None:
            if trial is self._newest:
                self._answer(trial)

    def _answer(self, trial: Trial) -> None:
        def cancelled() -> bool:
            return trial is not self._newest

        def has_read(share: float) -> None:
            trial.read_share = share

        def has_looked(share: float) -> None:
            trial.looked_share = share

        if self._read is not None and self._read.clip == trial.clip:
            trial.film = self._read.film
        else:
            self._read = None  # the film before is let go, before there are two of them
            clip = trial.clip
            if not read_film(trial.film, clip.files, clip.from_at, clip.until_at, progress=has_read, cancelled=cancelled):
                return
            self._read = trial
        trial.read_share = 1.0
        trial.seen = preview(trial.film, trial.view, progress=has_looked, cancelled=cancelled)
