"""Somebody or something keeps the camera from seeing what it should: covered, turned, out of focus, dazzled, in the dark."""

import math
from collections.abc import Sequence
from dataclasses import dataclass, field

import cv2
import numpy as np
from cv2.typing import MatLike
from numpy.typing import NDArray

from camera.events import Kind
from camera.eyes.blocks import median
from camera.eyes.likeness import BLOCKS, MOVED, Likeness, Look, likeness

SMOOTH_S = 0.5  # pictures are averaged over so long: noise and passers-by fade, what stays stays
EVERY_S = 0.4  # between two comparisons
LEARN_S = 60.0  # time constant in which the reference follows the season of the day, a shelf that fills, a mast that settles
RENEW_S = 2.0
FIRST_S = 0.8  # the reference is taken from the first pictures, there is nothing else
AFTER_LIGHT_S = 1.5  # so long after a change of light the picture is what it will be

LOST = 0.5  # of what should be seen: a person or a stack covers less, but for a moment
LOST_IN_NEW_LIGHT = 0.85  # other shadows are other edges
SAME_LIGHT = 0.3  # natural logarithm of the brightness's factor
HAZY = 0.45  # contrast left; a sun that goes behind clouds leaves more
BLURRED = 0.6  # sharpness left; compression and dusk leave more
DARK_SPREAD, DARK_HIGH = 14.0, 60.0  # grey levels: nothing to be told apart, and nothing bright
DARKENED = 0.125  # of the reference's spread; a room that is lit by one lamp of many keeps more
BLOWN = 0.25  # of the picture, beyond what is usual here
KEPT = 0.08  # of what should be seen, exactly where it was: the camera has not moved, something is before it
CRISP, EDGES = 0.6, 0.45  # sharpness and edges of a picture that shows another place, and not a cover before the lens

CONFIRM_S = 3.5  # who walks past the lens is gone by then
STEADY_SHARE = 0.8  # of the comparisons since; a picture that trembles is blurred now and then
HINT_S = 0.5  # a suspicion that is as old when the pictures end is told: cutting the cable may be part of it
OVER_S = 2.0
NEW_VIEW_S = 60.0  # a camera that was turned is told once; then what it shows now is what it should show
REFERENCES = 3  # by day, by lamp, by infrared


class Reference:
    """What the camera should show: an average picture, (height, width) float32, and the look of it."""

    def __init__(self, picture: MatLike, noise: float) -> None:
        self.picture = picture.copy()
        self.look = Look.at(picture, noise)
        self._noise = noise
        self._learnt_s = 0.0

    def learn(self, picture: MatLike, free: MatLike | None, passed_s: float) -> None:
        """Follows slowly where nobody moves. free: (height, width) uint8, 1 there; None: everywhere."""
        share = _fade(passed_s, LEARN_S)
        cv2.accumulateWeighted(picture, self.picture, share, free)
        self._noise *= 1 - share  # an average of many has none
        self._learnt_s += passed_s
        if self._learnt_s >= RENEW_S:
            self._learnt_s = 0.0
            self.look = Look.at(self.picture, self._noise)


@dataclass
class Suspicion:
    """Something is wrong since since_s, and was last at seen_s. votes: which kind it looked like, how often, of so many looks."""

    since_s: float
    seen_s: float
    votes: dict[Kind, int] = field(default_factory=dict)
    looks: int = 0
    confirmed: bool = False

    @property
    def kind(self) -> Kind:
        """What it looked like most often, the newest before others as often."""
        return max(reversed(self.votes), key=lambda kind: self.votes[kind])


class Tampering:
    """Compares what is seen with what should be seen, a few times a second.

    Source for the kinds and for comparing edges and not levels: Mantini and Shah, UHCTD: a comprehensive dataset for camera tampering
    detection, AVSS 2019.
    """

    def __init__(self) -> None:
        self._smooth: MatLike | None = None
        self._references: list[Reference] = []
        self._blown_usually = self._noise = 0.0
        self._looked_s = self._compared_s = self._first_s = -math.inf
        self._lit_s = -math.inf
        self._new_light = self._recalled = False
        self.suspicion: Suspicion | None = None

    @property
    def remembered(self) -> list[NDArray[np.uint8]]:
        """The pictures that this camera should show, (height, width) uint8 each."""
        return [np.clip(reference.picture, 0, 255).astype(np.uint8) for reference in self._references]

    def recall(self, pictures: Sequence[MatLike]) -> None:
        """Goes on from what was remembered, if anything; what the light is now is not known."""
        if not pictures:
            return
        self._references = [Reference(picture.astype(np.float32), 0.0) for picture in pictures[-REFERENCES:]]
        self._new_light = self._recalled = True

    def look(self, picture: MatLike, at_s: float, *, light_changes: bool, free: MatLike | None) -> None:
        """Takes a picture, (height, width) uint8.

        light_changes: the room's lights are being switched right now. free: (height, width) uint8, 1 where nobody moves; None: everywhere.
        suspicion: what is wrong, None while nothing is.
        """
        share = _fade(at_s - self._looked_s, SMOOTH_S)
        smooth = self._average(picture, at_s, share)
        if light_changes:
            self._lit_s, self._new_light = at_s, True
        if at_s - self._compared_s < EVERY_S or at_s - self._lit_s < AFTER_LIGHT_S:
            return
        passed_s = min(at_s - self._compared_s, LEARN_S)
        self._compared_s = at_s
        # What is left of the noise of single pictures in their mean that forgets.
        self._noise = _grain(picture - smooth) * math.sqrt(share / (2 - share))
        look = Look.at(smooth, self._noise)
        if not self._references or (at_s - self._first_s <= FIRST_S and not self._recalled):
            self._references = [Reference(smooth, self._noise)]
            self._blown_usually = look.blown
            return
        like, reference = self._nearest(look)
        self._judge(self._wrong(look, like, reference.look), at_s)
        if self.suspicion is None:
            self._blown_usually += _fade(passed_s, LEARN_S) * (look.blown - self._blown_usually)
            if self._new_light and (like.lost > 1 - LOST_IN_NEW_LIGHT or _apart(look, reference.look) > SAME_LIGHT):
                self._references = [*self._references[1 - REFERENCES :], Reference(smooth, self._noise)]
            else:
                reference.learn(smooth, free, passed_s)
            self._new_light = False

    def _nearest(self, look: Look) -> tuple[Likeness, Reference]:
        """The reference that the look is most like; of those as like the one in the most similar light."""
        pairs = [(likeness(look, known.look), known) for known in self._references]
        return min(pairs, key=lambda pair: pair[0].lost + _apart(look, pair[1].look) / 10)

    def _average(self, picture: MatLike, at_s: float, share: float) -> MatLike:
        if self._smooth is None:
            self._smooth = picture.astype(np.float32)
            self._first_s = at_s
            if self._recalled:
                self._lit_s = at_s
        else:
            cv2.accumulateWeighted(picture, self._smooth, share)
        self._looked_s = at_s
        return self._smooth

    def _judge(self, kind: Kind | None, at_s: float) -> None:
        going_on = self.suspicion
        if going_on is not None:
            going_on.looks += 1
        if kind is None:
            if going_on is not None and at_s - going_on.seen_s >= OVER_S:
                self.suspicion = None
            return
        if going_on is None:
            going_on = self.suspicion = Suspicion(at_s, at_s, looks=1)
        going_on.votes[kind] = going_on.votes.pop(kind, 0) + 1
        going_on.seen_s = at_s
        steady = sum(going_on.votes.values()) >= STEADY_SHARE * going_on.looks
        going_on.confirmed |= steady and at_s - going_on.since_s >= CONFIRM_S
        if going_on.confirmed and going_on.kind is Kind.MOVED and at_s - going_on.since_s >= NEW_VIEW_S:
            self._references, self.suspicion = [], None

    def _wrong(self, look: Look, like: Likeness, reference: Look) -> Kind | None:
        if look.spread < min(DARK_SPREAD, DARKENED * reference.spread) and look.high < DARK_HIGH:
            return Kind.DARK
        if look.blown - self._blown_usually >= BLOWN and like.lost >= BLOWN:
            return Kind.DAZZLED
        if like.shift >= MOVED:
            return Kind.MOVED
        another_view = like.lost_sharpness >= CRISP and like.lost_edges >= EDGES and like.kept < KEPT
        # New light makes new shadows, but it does not wipe out edges as a cover does.
        wiped = like.lost_sharpness < CRISP or like.lost_edges < EDGES
        if like.lost >= (LOST_IN_NEW_LIGHT if self._new_light and not wiped else LOST):
            return Kind.MOVED if another_view else Kind.COVERED
        if (like.sharpness < BLURRED or like.contrast < HAZY) and not self._new_light:
            return Kind.BLURRED
        return None


def _grain(change: MatLike) -> float:
    """Mean deviation of the noise in the difference of two pictures of one scene."""
    # Exposure and shadows change whole areas alike: that is no noise. The median block: nobody walks everywhere.
    grain = cv2.resize(np.abs(change - cv2.blur(change, (5, 5))), BLOCKS, interpolation=cv2.INTER_AREA)
    return median(grain)


def _apart(one: Look, other: Look) -> float:
    """How differently bright two looks are: 0 for the same, 0.7 for twice as bright."""
    return abs(math.log(float(one.level.mean() + 1) / float(other.level.mean() + 1)))


def _fade(seconds: float, constant_s: float) -> float:
    """Weight of the newest look in a mean that forgets with the time constant."""
    return 1 - math.exp(-seconds / constant_s)
