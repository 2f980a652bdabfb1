"""A person's body at one moment: joints and limbs in metres, from the place, the step and what the hands do."""

from dataclasses import dataclass
from math import cos, pi, sin

import numpy as np

from camera.scenes.lens import Floats
from camera.scenes.route import Place

CYCLE_M = 1.24
STANCE = 0.58
STEP_M = CYCLE_M * STANCE
THIGH_M, SHIN_M, UPPER_ARM_M, FOREARM_M = 0.43, 0.42, 0.29, 0.26
CARTON_M = (0.34, 0.5, 0.32)

Colour = tuple[float, float, float]


@dataclass(frozen=True)
class Dress:
    """What a person wears, reflectance in BGR, and the body's height in metres.

    stripe: the bright band of a safety vest, or None. scarf: the hair's colour covers neck and shoulders too.
    """

    shirt: Colour
    trousers: Colour
    hair: Colour = (0.02, 0.02, 0.025)
    skin: Colour = (0.16, 0.24, 0.4)
    stripe: Colour | None = None
    scarf: bool = False
    height_m: float = 1.66


@dataclass(frozen=True)
class Limb:
    """A rounded cone between two points of the room, with a radius in metres at each and a reflectance in BGR."""

    start: Floats
    end: Floats
    start_radius: float
    end_radius: float
    colour: Colour


@dataclass(frozen=True)
class Body:
    """All limbs of a person, and the centre of the carton in the arms if one is carried."""

    limbs: tuple[Limb, ...]
    heading: float
    carton: Floats | None


def _bent(root: Floats, tip: Floats, upper: float, lower: float, bend: Floats) -> tuple[Floats, Floats]:
    """The middle joint and the reached tip of a two-part limb whose joint gives way towards bend."""
    way = tip - root
    distance = float(np.linalg.norm(way))
    reach = min(distance, (upper + lower) * 0.995)
    way = way / max(distance, 1e-6)
    along = (upper**2 - lower**2 + reach**2) / (2 * max(reach, 1e-6))
    out = max(upper**2 - along**2, 0.0) ** 0.5
    side = bend - way * float(bend @ way)
    side = side / max(float(np.linalg.norm(side)), 1e-6)
    return (root + way * along + side * out).astype(np.float32), (root + way * reach).astype(np.float32)


def _foot(cycle: float, gait: float) -> tuple[float, float]:
    """How far ahead of the hip and how high a foot is, at this share of the step cycle; still for gait 0."""
    cycle %= 1.0
    if cycle < STANCE:
        return STEP_M * (0.5 - cycle / STANCE) * gait, 0.0
    swing = (cycle - STANCE) / (1 - STANCE)
    return STEP_M * (-0.5 + swing * swing * (3 - 2 * swing)) * gait, 0.13 * sin(pi * swing) * gait


def _legs(cycle: float, gait: float, hip_z: float, dress: Dress) -> list[Limb]:
    limbs = []
    ahead = np.array([1, 0, 0], np.float32)
    for side, shift in ((0.095, 0.0), (-0.095, 0.5)):
        x, lift = _foot(cycle + shift, gait)
        hip = np.array([0, side, hip_z], np.float32)
        knee, ankle = _bent(hip, np.array([x - 0.02, side, 0.085 + lift], np.float32), THIGH_M, SHIN_M, ahead)
        toe = ankle + np.array([0.17, side * 0.15, -0.045 - 0.25 * lift], np.float32)
        limbs += [
            Limb(hip, knee, 0.1, 0.076, dress.trousers),
            Limb(knee, ankle, 0.076, 0.064, dress.trousers),
            Limb(ankle + np.array([-0.03, 0, -0.035], np.float32), toe, 0.048, 0.036, (0.03, 0.03, 0.035)),
        ]
    return limbs


def _trunk(hip_z: float, lean: float, dress: Dress) -> list[Limb]:
    def at(x: float, y: float, up: float) -> Floats:
        return np.array([x * cos(lean) + up * sin(lean), y, hip_z + up * cos(lean) - x * sin(lean)], np.float32)

    limbs = [Limb(at(0, -0.07, 0.03), at(0, 0.07, 0.03), 0.118, 0.118, dress.trousers)]
    limbs.append(Limb(at(0, -0.06, 0.05), at(0, 0.06, 0.05), 0.128, 0.128, dress.shirt))
    for side in (-1, 1):
        limbs.append(Limb(at(0, side * 0.055, 0.07), at(0, side * 0.085, 0.4), 0.112, 0.122, dress.shirt))
    limbs.append(Limb(at(0, -0.15, 0.47), at(0, 0.15, 0.47), 0.072, 0.072, dress.shirt))
    if dress.stripe:
        limbs.append(Limb(at(0.0, -0.06, 0.2), at(0.0, 0.06, 0.2), 0.135, 0.135, dress.stripe))
        limbs.append(Limb(at(0.0, -0.06, 0.25), at(0.0, 0.06, 0.25), 0.137, 0.137, dress.shirt))
    limbs.append(Limb(at(0.01, 0, 0.5), at(0.03, 0, 0.6), 0.055, 0.052, dress.skin))
    limbs.append(Limb(at(0.05, 0, 0.64), at(0.035, 0, 0.72), 0.072, 0.092, dress.skin))
    if dress.scarf:
        limbs.append(Limb(at(-0.01, 0, 0.5), at(0.005, 0, 0.7), 0.13, 0.108, dress.hair))
    limbs.append(Limb(at(-0.015, 0, 0.69), at(0.01, 0, 0.755), 0.09, 0.09, dress.hair))
    return limbs


def body(place: Place, dress: Dress, *, carrying: bool = False, hands: tuple[Floats, Floats] | None = None, lean: float = 0.03) -> Body:
    """The person at a place, walking at its speed.

    carrying: both arms hold a carton before the chest. hands: left and right, (3,) each, ahead, left and up in metres,
    where the hands are instead of swinging. lean: of the trunk, radians forward.
    """
    gait = float(np.clip(place.speed / 0.9, 0, 1))
    cycle = place.walked_m / CYCLE_M
    hip_z = 0.905 - 0.055 * gait + 0.018 * gait * cos(4 * pi * (cycle - STANCE / 2))
    limbs = _legs(cycle, gait, hip_z, dress) + _trunk(hip_z, lean + 0.04 * gait, dress)
    shoulder_z, shoulder_x = hip_z + 0.47 * cos(lean), 0.47 * sin(lean)
    if carrying:
        hands = np.array([0.3, 0.25, 1.0], np.float32), np.array([0.3, -0.25, 1.0], np.float32)
    for index, side in enumerate((1, -1)):
        shoulder = np.array([shoulder_x, side * 0.2, shoulder_z], np.float32)
        swing = -side * 0.34 * gait * cos(2 * pi * (cycle - 0.02))
        hanging = np.array([0.05 + swing, side * 0.26, shoulder_z - 0.53 + abs(swing) * 0.22], np.float32)
        outwards = np.array([-0.6, side * 0.5, -0.5], np.float32)
        elbow, hand = _bent(shoulder, hands[index] if hands else hanging, UPPER_ARM_M, FOREARM_M, outwards)
        limbs.append(Limb(shoulder, elbow, 0.066, 0.054, dress.shirt))
        limbs.append(Limb(elbow, hand, 0.05, 0.04, dress.skin if dress.stripe else dress.shirt))
        limbs.append(Limb(hand, hand + (hand - elbow) * 0.3, 0.037, 0.034, dress.skin))
    scale = dress.height_m / 1.74
    c, s = cos(place.heading) * scale, sin(place.heading) * scale
    turn = np.array([[c, s, 0], [-s, c, 0], [0, 0, scale]], np.float32)
    here = np.array([place.x, place.y, 0], np.float32)
    carton = np.array([0.36, 0, 1.08], np.float32) @ turn + here if carrying else None
    placed = (Limb(m.start @ turn + here, m.end @ turn + here, m.start_radius * scale, m.end_radius * scale, m.colour) for m in limbs)
    return Body(tuple(placed), place.heading, carton)
