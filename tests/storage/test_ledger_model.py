"""Hypothesis plays the books against a model that only remembers what was said and has not been reversed."""

import shutil
import tempfile
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path

from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, rule

from storage.rules.refusal import Refusal
from tests.storage.store import open_store

START = datetime(2026, 11, 1, 1, 0, tzinfo=UTC)
few = st.integers(0, 40)
which = st.integers(0, 1)


@dataclass
class Said:
    """An act the books took. figures: declared, received / good, damaged / for_damaged, for_short / sheets, request's id."""

    kind: str
    ballot: int
    figures: tuple[int, int]
    reversed: bool = False


@dataclass
class Model:
    """Everything follows from the acts that stand."""

    said: dict[int, Said] = field(default_factory=dict)

    def figures(self, kind: str, ballot: int) -> list[tuple[int, int]]:
        return [act.figures for act in self.said.values() if act.kind == kind and act.ballot == ballot and not act.reversed]

    def received(self, ballot: int) -> int:
        return sum(received for _, received in self.figures("delivery", ballot))

    def short(self, ballot: int) -> int:
        return sum(max(0, declared - received) for declared, received in self.figures("delivery", ballot))

    def over(self, ballot: int) -> int:
        return sum(max(0, received - declared) for declared, received in self.figures("delivery", ballot))

    def good(self, ballot: int) -> int:
        return sum(good for good, _ in self.figures("sorting", ballot))

    def damaged(self, ballot: int) -> int:
        return sum(damaged for _, damaged in self.figures("sorting", ballot))

    def reprinted(self, ballot: int) -> int:
        return sum(sheets for sheets, _ in self.figures("receipt", ballot))

    def unsorted(self, ballot: int) -> int:
        return self.received(ballot) + self.reprinted(ballot) - self.good(ballot) - self.damaged(ballot)

    def claims(self, ballot: int) -> tuple[int, int]:
        asked = self.figures("request", ballot)
        return self.damaged(ballot) - sum(first for first, _ in asked), self.short(ballot) - sum(second for _, second in asked)

    def open(self, request_id: int) -> int:
        request = self.said[request_id]
        came = sum(sheets for sheets, answered in self.figures("receipt", request.ballot) if answered == request_id)
        return sum(request.figures) - came

    def may_reverse(self, event_id: int) -> bool:
        act = self.said[event_id]
        if act.reversed or (act.kind == "request" and self.open(event_id) < sum(act.figures)):
            return False
        act.reversed = True
        allowed = self.unsorted(act.ballot) >= 0 and min(self.claims(act.ballot)) >= 0
        act.reversed = False
        return allowed


class Books(RuleBasedStateMachine):
    @initialize()
    def open(self) -> None:
        self.folder = Path(tempfile.mkdtemp())
        self.store = open_store(self.folder, START)
        self.model = Model()

    def teardown(self) -> None:
        if hasattr(self, "store"):
            self.store.database.close()
            shutil.rmtree(self.folder)

    def _say(self, allowed: bool, act: Said, event_id: int | None) -> None:
        assert (event_id is not None) == allowed, (act, event_id)
        if event_id is not None:
            self.model.said[event_id] = act

    @rule(ballot=which, declared=few, received=few)
    def deliver(self, ballot: int, declared: int, received: int) -> None:
        event_id = _taken(lambda: self.store.deliver(declared, received, class_id=self.store.classes[ballot]))
        self._say(declared + received > 0, Said("delivery", ballot, (declared, received)), event_id)

    @rule(ballot=which, good=few, damaged=st.integers(0, 6))
    def sort(self, ballot: int, good: int, damaged: int) -> None:
        allowed = 0 < good + damaged <= self.model.unsorted(ballot)
        event_id = _taken(lambda: self.store.sort(good, damaged, class_id=self.store.classes[ballot]))
        self._say(allowed, Said("sorting", ballot, (good, damaged)), event_id)

    @rule(ballot=which, for_damaged=st.integers(0, 8), for_short=st.integers(0, 20))
    def request(self, ballot: int, for_damaged: int, for_short: int) -> None:
        damaged, short = self.model.claims(ballot)
        allowed = for_damaged + for_short > 0 and for_damaged <= damaged and for_short <= short
        event_id = _taken(lambda: self.store.request(for_damaged, for_short, class_id=self.store.classes[ballot]))
        self._say(allowed, Said("request", ballot, (for_damaged, for_short)), event_id)

    @rule(pick=st.integers(0, 9), sheets=st.integers(0, 20))
    def receive(self, pick: int, sheets: int) -> None:
        requests = [event_id for event_id, act in self.model.said.items() if act.kind == "request"]
        if requests:
            request_id = requests[pick % len(requests)]
            request = self.model.said[request_id]
            allowed = not request.reversed and 0 < sheets <= self.model.open(request_id)
            event_id = _taken(lambda: self.store.receive(request_id, sheets))
            self._say(allowed, Said("receipt", request.ballot, (sheets, request_id)), event_id)

    @rule(pick=st.integers(0, 99))
    def reverse(self, pick: int) -> None:
        if self.model.said:
            event_id = list(self.model.said)[pick % len(self.model.said)]
            allowed = self.model.may_reverse(event_id)
            assert (_taken(lambda: self.store.reverse(event_id)) is not None) == allowed, self.model.said[event_id]
            self.model.said[event_id].reversed |= allowed

    @invariant()
    def books_say_what_the_model_says(self) -> None:
        if not hasattr(self, "store"):
            return
        self.store.check_books()
        for ballot in (0, 1):
            line, model = self.store.line(self.store.classes[ballot]), self.model
            assert (line.received, line.short, line.over) == (model.received(ballot), model.short(ballot), model.over(ballot))
            assert line.declared == line.received + line.short - line.over
            assert (line.unsorted, line.good, line.damaged) == (model.unsorted(ballot), model.good(ballot), model.damaged(ballot))
            assert line.reprinted == model.reprinted(ballot)
            assert line.reprint_open >= 0
            assert line.reprinted + line.reprint_open <= line.damaged + line.short


def _taken(act: Callable[[], int]) -> int | None:
    """The event's id, or None if it was refused with a sentence."""
    try:
        return act()
    except Refusal as refusal:
        assert str(refusal).endswith(".")
        return None


Books.TestCase.settings = settings(
    max_examples=12, stateful_step_count=25, deadline=None, derandomize=True, suppress_health_check=[HealthCheck.too_slow]
)
TestBooks = Books.TestCase
