"""A plain model of a depot's books: a list of what was said, and sums over it. It knows no table, trigger or transaction."""

from collections.abc import Sequence
from dataclasses import dataclass, field

from storage.rules.movement import COUNTED, State

# A site, a state, and a container; None for loose sheets.
Spot = tuple[int, State, int | None]
Move = tuple[int, Spot, Spot]


@dataclass
class Act:
    """An event. holds: the number of the event from which on it holds. about: the act it speaks of, such as a receipt's request.

    figures: declared and received, asked for damaged and short, the position at which a count began.
    """

    number: int
    kind: str
    site: int
    moves: tuple[Move, ...] = ()
    holds: int = 0
    about: int = 0
    figures: tuple[int, ...] = ()
    undone: bool = False


@dataclass
class Box:
    """A container. packed: the packing that it was labelled for; 0 for a carton. seals: unbroken ones."""

    number: int
    packed: int = 0
    station: int = -1
    seals: int = 0


@dataclass
class Days:
    """What stands in the books after everything that was said so far, at one warehouse (here) and wherever it sent sheets."""

    here: int
    acts: dict[int, Act] = field(default_factory=dict)
    boxes: dict[int, Box] = field(default_factory=dict)

    def say(self, act: Act) -> None:
        act.holds = act.holds or act.number
        self.acts[act.number] = act

    def undo(self, number: int, reversal: int) -> None:
        """What was said no longer stands; its sheets go back from where it held."""
        act = self.acts[number]
        act.undone = True
        back = tuple((sheets, target, source) for sheets, source, target in act.moves)
        self.say(Act(reversal, "reversal", act.site, back, holds=act.holds, about=number))

    def standing(self, kind: str, *, about: int | None = None) -> list[Act]:
        return [act for act in self.acts.values() if act.kind == kind and not act.undone and about in (None, act.about)]

    def spots(self, until: int | None = None) -> dict[Spot, int]:
        """Sheets wherever any are; until: of what holds from no later event than that."""
        sums: dict[Spot, int] = {}
        for act in self.acts.values():
            if until is None or act.holds <= until:
                for sheets, source, target in act.moves:
                    sums[source] = sums.get(source, 0) - sheets
                    sums[target] = sums.get(target, 0) + sheets
        return {spot: sheets for spot, sheets in sums.items() if sheets}

    def balances(self) -> dict[tuple[int, State], int]:
        return _by_state(self.spots())

    def counted(self, position: int) -> dict[State, int]:
        """What a count that began at a position should find here."""
        sums = _by_state(self.spots(position))
        return {state: sums.get((self.here, state), 0) for state in COUNTED}

    def loose(self, state: State) -> int:
        return self.spots().get((self.here, state, None), 0)

    def inside(self, box: int) -> dict[tuple[int, State], int]:
        return {(site, state): sheets for (site, state, number), sheets in self.spots().items() if number == box}

    def holds_here(self, box: int, states: Sequence[State]) -> bool:
        """Whether nothing lies in the container but sheets of these states, here."""
        return all(site == self.here and state in states for site, state in self.inside(box))

    def claims(self) -> tuple[int, int]:
        """Found damaged and found short here, less what was asked for."""
        damaged = 0
        for act in self.acts.values():
            for sheets, source, target in act.moves:
                if target[:2] == (self.here, State.DAMAGED):
                    damaged += sheets
                if source[:2] == (self.here, State.DAMAGED) and target[1] is not State.DESTROYED:
                    damaged -= sheets
        short = sum(max(0, act.figures[0] - act.figures[1]) for act in self.standing("delivery"))
        asked = self.standing("reprint_request")
        return damaged - sum(act.figures[0] for act in asked), short - sum(act.figures[1] for act in asked)

    def claims_allow(self, state: State, change: int) -> bool:
        """Damaged sheets that reprints were asked for are not taken away."""
        return state is not State.DAMAGED or change >= 0 or self.claims()[0] >= -change

    def still_to_come(self, request: int) -> int:
        """Sheets of a request that the printer has not sent."""
        came = sum(act.figures[0] for act in self.standing("reprint_receipt", about=request))
        return 0 if self.acts[request].undone else sum(self.acts[request].figures) - came

    def is_packed(self, station: int) -> bool:
        undone = {act.about for act in self.standing("unpacking")}
        return any(act.figures[0] == station and act.number not in undone for act in self.standing("packing"))

    def travelling(self, consignment: int) -> tuple[Move, ...]:
        """What of a consignment has neither arrived nor come back nor been lost."""
        if self.acts[consignment].undone:
            return ()
        spots = self.spots()
        return tuple(move for move in self.acts[consignment].moves if spots.get(move[2], 0) >= move[0])


def _by_state(spots: dict[Spot, int]) -> dict[tuple[int, State], int]:
    sums: dict[tuple[int, State], int] = {}
    for (site, state, _box), sheets in spots.items():
        sums[site, state] = sums.get((site, state), 0) + sheets
    return {key: sheets for key, sheets in sums.items() if sheets}
