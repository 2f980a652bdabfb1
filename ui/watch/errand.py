"""One piece of work beside the window's own thread, which asks now and then how far it has come."""

import threading
from collections.abc import Callable
from typing import Generic, TypeVar

from camera.fault import Fault
from storage.rules.refusal import Refusal

Result = TypeVar("Result")


class Errand(Generic[Result]):
    """Begins at once. share: how much is done, 0 to 1; over: nothing more comes; result, fault: what came of it, None while it runs.

    A result that comes after `cancel` is not kept.
    """

    def __init__(self, work: Callable[[Callable[[float], None], Callable[[], bool]], Result]) -> None:
        """work: is given what to tell its progress, and what says whether it was called off."""
        self._work = work
        self._cancelled = threading.Event()
        self._over = threading.Event()
        self.share = 0.0
        self.result: Result | None = None
        self.fault: Fault | Refusal | None = None
        threading.Thread(target=self._run, name="errand", daemon=True).start()

    @property
    def over(self) -> bool:
        """Whether it has ended."""
        return self._over.is_set()

    def cancel(self) -> None:
        """Calls it off; it ends by itself, soon after."""
        self._cancelled.set()

    def _run(self) -> None:
        try:
            result = self._work(self._tell, self._cancelled.is_set)
            self.result = None if self._cancelled.is_set() else result
        except (Fault, Refusal) as fault:
            self.fault = fault
        finally:
            self._over.set()

    def _tell(self, share: float) -> None:
        self.share = share
