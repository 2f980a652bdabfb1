"""A table of which made tampers are found, as what and how soon, and of what is taken for tampering and is none.

python -m tests.camera.tamper_table [--quick] [--json] [--misses] [--only KIND]
"""

import argparse
import copy
import json
from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import asdict, dataclass

from camera.events import Kind, Phase
from camera.eyes.eyes import Eyes
from tests.camera.bases import FOOTAGE, Base, bases, real_base, rendered_base
from tests.camera.nuisances import nuisances
from tests.camera.tampers import STRENGTHS, Act, looks, tampers

TAMPERING = {Kind.COVERED, Kind.MOVED, Kind.BLURRED, Kind.DAZZLED, Kind.DARK, Kind.FROZEN}
WITHIN_S = {Kind.COVERED: 10, Kind.MOVED: 10, Kind.BLURRED: 30, Kind.DAZZLED: 10, Kind.DARK: 10, Kind.FROZEN: 15}
# What may pass for it: the alarm is the same, and where one ends and the other begins is a matter of words.
LIKE = {
    Kind.COVERED: {Kind.COVERED, Kind.DARK, Kind.DAZZLED},
    Kind.MOVED: {Kind.MOVED, Kind.COVERED, Kind.BLURRED},
    Kind.BLURRED: {Kind.BLURRED, Kind.COVERED},
    Kind.DAZZLED: {Kind.DAZZLED},
    Kind.DARK: {Kind.DARK, Kind.COVERED},
    Kind.FROZEN: {Kind.FROZEN},
}
EARLY_S = 0.5


@dataclass(frozen=True)
class Outcome:
    """One act over one scene. told: the tampers that were told, each with the seconds since the act began; lights: how many switches."""

    scene: str
    act: str
    kind: str
    strength: str
    told: tuple[tuple[str, float], ...]
    lights: int

    @property
    def found_s(self) -> float | None:
        """How long after it began a fitting kind was told; None if it was not."""
        fitting = LIKE[Kind(self.kind)]
        return next((after_s for kind, after_s in self.told if Kind(kind) in fitting and after_s >= -EARLY_S), None)

    @property
    def in_time(self) -> bool:
        return self.found_s is not None and self.found_s <= WITHIN_S[Kind(self.kind)]

    @property
    def exact(self) -> bool:
        return self.found_s is not None and self.told[0][0] == self.kind


class Player:
    """Plays acts over scenes; what the eyes have learnt before an act begins is kept for the next act that begins alike."""

    def __init__(self) -> None:
        self._ready: dict[tuple[object, ...], tuple[Eyes, list[tuple[str, float]]]] = {}

    def play(self, base: Base, act: Act) -> Outcome:
        """A tamper is played until it is told in a fitting way, or to its end; what is no tamper to its end."""
        eyes, told = self._prepared(base, act)
        lights = 0
        for luma, at_s, colour in looks(base, act, act.run_in_s, act.run_in_s + act.held_s, seed=2):
            for sight in eyes.look(luma, at_s, colour=colour):
                lights += sight.kind is Kind.LIGHTS_CHANGED and sight.phase is Phase.OPENED
                if sight.kind in TAMPERING and sight.phase is Phase.OPENED:
                    told = [*told, (sight.kind.value, round(at_s - act.run_in_s, 1))]
            if act.kind and any(Kind(kind) in LIKE[act.kind] and after_s >= 0 for kind, after_s in told):
                break
        return Outcome(base.name, act.name, act.kind.value if act.kind else "", act.strength, tuple(told), lights)

    def _prepared(self, base: Base, act: Act) -> tuple[Eyes, list[tuple[str, float]]]:
        pose = act.glance(-1) if act.glance else None
        key = (base.name, pose, act.run_in_s, (act.name, act.strength) if act.own_run_in else None)
        if key not in self._ready:
            eyes, told = Eyes(), []
            for luma, at_s, colour in looks(base, act, 0, act.run_in_s):
                for sight in eyes.look(luma, at_s, colour=colour):
                    if sight.kind in TAMPERING and sight.phase is Phase.OPENED:
                        told.append((sight.kind.value, round(at_s - act.run_in_s, 1)))
            self._ready[key] = eyes, told
        eyes, told = self._ready[key]
        return copy.deepcopy(eyes), told


def play_all(scenes: Iterable[Base], acts: Iterable[Act]) -> Iterator[Outcome]:
    """Every act over every scene."""
    acts = list(acts)
    for base in scenes:
        player = Player()
        for act in acts:
            yield player.play(base, act)


def quick_scenes() -> list[Base]:
    """Two real scenes where there is footage, else two rendered ones."""
    if FOOTAGE.is_dir():
        return [real_base("intel_one-by-one-person-detection.mp4"), real_base("vas_Displacement.mp4")]
    return [rendered_base("store_night"), rendered_base("corridor_insect")]


def table(outcomes: list[Outcome]) -> list[str]:
    """The lines that are printed."""
    groups: dict[tuple[str, str], list[Outcome]] = defaultdict(list)
    for outcome in outcomes:
        groups[outcome.kind or outcome.act, outcome.strength].append(outcome)
    lines = [f"{'tamper':<10}{'strength':<10}{'n':>4}{'found':>7}{'exact':>7}{'in time':>9}{'missed':>8}  slowest"]
    for kind in WITHIN_S:
        for strength in STRENGTHS:
            if played := groups.get((kind.value, strength)):
                found = [outcome.found_s for outcome in played if outcome.found_s is not None]
                exact, in_time = sum(outcome.exact for outcome in played), sum(outcome.in_time for outcome in played)
                missed = len(played) - len(found)
                slowest = f"{max(found):.1f} s" if found else "-"
                lines.append(f"{kind.value:<10}{strength:<10}{len(played):>4}{len(found):>7}{exact:>7}{in_time:>9}{missed:>8}  {slowest}")
    lines.append(f"\n{'no tamper':<30}{'n':>4}{'false':>7}{'switches':>10}  told as")
    for (name, strength), played in groups.items():
        if not played[0].kind:
            told = [kind for outcome in played for kind, _ in outcome.told]
            false = sum(bool(outcome.told) for outcome in played)
            switches = sum(outcome.lights for outcome in played)
            lines.append(f"{name + ' ' + strength:<30}{len(played):>4}{false:>7}{switches:>10}  {' '.join(sorted(set(told)))}")
    return lines


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else "")
    parser.add_argument("--quick", action="store_true", help="two scenes only")
    parser.add_argument("--json", action="store_true", help="one line for every act over every scene")
    parser.add_argument("--misses", action="store_true", help="name what was missed, late, or falsely told")
    parser.add_argument("--only", default="", help="one kind, or 'none' for what is no tamper")
    chosen = parser.parse_args()
    acts = [act for act in (*tampers(), *nuisances()) if chosen.only in ("", act.kind.value if act.kind else "none")]
    outcomes = []
    for outcome in play_all(quick_scenes() if chosen.quick else bases(), acts):
        outcomes.append(outcome)
        if chosen.json:
            print(json.dumps(asdict(outcome)), flush=True)
    if not chosen.json:
        print("\n".join(table(outcomes)))
    if chosen.misses:
        for outcome in outcomes:
            if not outcome.in_time if outcome.kind else outcome.told:
                print(outcome.scene, outcome.kind or "none", outcome.act, outcome.strength, outcome.told)


if __name__ == "__main__":
    main()
