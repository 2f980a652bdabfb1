"""Tampers of every kind at three strengths, to be laid over quiet scenes; and the playing of them.

Source for the kinds: Mantini and Shah, UHCTD, AVSS 2019: covered, defocused, moved, of varying extent and rate.
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass

import cv2
import numpy as np

from camera.events import Kind
from tests.camera.bases import FPS, SMALL, WINDOW, Base, Luma, Noise, Picture

STRENGTHS = ("weak", "medium", "strong")
RUN_IN_S, RUN_IN_FROZEN_S, HELD_S = 20.0, 60.0, 30.0

Shown = Callable[[Picture, float], Picture]


@dataclass(frozen=True)
class Act:
    """Something that is done to a camera, or happens before it. All functions take the seconds since it began, negative before.

    kind: what it is to be called; None where it is not to be called tampering. shown: the picture in working size -> the picture.
    glance: where a camera looks that can be moved. tint: factor on the colour. gain: factor on the noise.
    still: the newest small picture, the small picture at the beginning -> the small picture that is sent.
    own_run_in: `shown` changes the picture before the act begins, too.
    """

    name: str
    kind: Kind | None
    strength: str
    shown: Shown = lambda picture, since_s: picture
    glance: Callable[[float], tuple[float, float, float]] | None = None
    tint: Callable[[float], float] = lambda since_s: 1.0
    gain: Callable[[float], float] = lambda since_s: 1.0
    still: Callable[[Luma, Luma, float], Luma] | None = None
    own_run_in: bool = False
    run_in_s: float = RUN_IN_S
    held_s: float = HELD_S


def looks(base: Base, act: Act, first_s: float, last_s: float, seed: int = 1) -> Iterator[tuple[Luma, float, float | None]]:
    """The small pictures of the scene with the act, their stream times and colour, from first_s to before last_s.

    The act begins at act.run_in_s.
    """
    size = base.size(SMALL)
    noise = Noise(size, seed)
    held: Luma | None = None
    for number in range(round(first_s * FPS), round(last_s * FPS)):
        at_s = number / FPS
        since_s = at_s - act.run_in_s
        picture = act.shown(base.seen(number, act.glance(since_s) if act.glance else None), since_s)
        shrunk = cv2.resize(np.clip(picture, 0, 255), size, interpolation=cv2.INTER_AREA)
        luma = np.clip(np.rint(shrunk + base.noise * act.gain(since_s) * noise.field()), 0, 255).astype(np.uint8)
        if act.still and since_s >= 0:
            held = luma if held is None else held
            luma = act.still(luma, held, since_s)
        yield luma, at_s, None if base.colour is None else base.colour * act.tint(since_s)


def tampers() -> Iterator[Act]:
    """Every tamper at every strength."""
    for level, strength in enumerate(STRENGTHS):
        yield from _covered(strength, (0.6, 0.85, 1.0)[level])
        yield from _moved(strength, (0.08, 0.25, 0.6)[level])
        yield from _blurred(strength, (3.0, 5.0, 9.0)[level])
        yield from _dazzled(strength, (0.3, 0.6, 0.95)[level])
        yield from _dark(strength, (0.05, 0.02, 0.0)[level])
        yield from _frozen(strength, level)


def progress(since_s: float, ramp_s: float) -> float:
    """0 before, 1 after the ramp."""
    return float(np.clip(since_s / ramp_s, 0, 1))


def _texture(picture: Picture) -> Picture:
    """A cloth or a carton close to the lens, as large as the picture."""
    grain = np.random.default_rng(7).normal(0, 60, picture.shape).astype(np.float32)
    woven: Picture = (90 + 3 * cv2.GaussianBlur(grain, (0, 0), 4)).astype(np.float32)
    return woven


def _covered(strength: str, share: float) -> Iterator[Act]:
    def slides(cover: Callable[[Picture], Picture], opaque: float, soft: float, side: int, ramp_s: float) -> Shown:
        def shown(picture: Picture, since_s: float) -> Picture:
            if since_s <= 0:
                return picture
            height, width = picture.shape
            # Rotated so that the cover always comes from the left; soft: how far its edge is out of focus, of the width.
            place = (
                np.linspace(0, 1, width, dtype=np.float32)[None, :]
                if side % 2 == 0
                else np.linspace(0, 1, height, dtype=np.float32)[:, None]
            )
            place = 1 - place if side >= 2 else place
            reach = progress(since_s, ramp_s) * share * (1 + soft)
            alpha = opaque * np.clip((reach - place) / max(soft, 1e-3), 0, 1)
            laid: Picture = (picture * (1 - alpha) + cover(picture) * alpha).astype(np.float32)
            return laid

        return shown

    def flat(level: float) -> Callable[[Picture], Picture]:
        return lambda picture: np.full_like(picture, level)

    def tint(since_s: float) -> float:
        return 1 - 0.85 * share * progress(since_s, 1)

    yield Act("dark cloth", Kind.COVERED, strength, slides(flat(22), 1.0, 0.02, 0, 0.5), tint=tint)
    yield Act("light paper", Kind.COVERED, strength, slides(flat(165), 1.0, 0.02, 1, 1.0), tint=tint)
    yield Act("textured", Kind.COVERED, strength, slides(_texture, 1.0, 0.02, 2, 1.5), tint=tint)
    yield Act("out of focus", Kind.COVERED, strength, slides(flat(70), 1.0, 0.3, 3, 0.5), tint=tint)
    yield Act("translucent", Kind.COVERED, strength, slides(flat(120), 0.85, 0.1, 0, 1.0), tint=tint)


def _moved(strength: str, share: float) -> Iterator[Act]:
    room = 1 - WINDOW

    def pan(since_s: float) -> tuple[float, float, float]:
        return share * WINDOW * progress(since_s, 1.0), room / 2, 0.0

    def tilt(since_s: float) -> tuple[float, float, float]:
        return room / 2, share * WINDOW * progress(since_s, 1.5), 0.0

    def roll(since_s: float) -> tuple[float, float, float]:
        return room / 2, room / 2, float(np.degrees(np.arctan(2 * share))) * progress(since_s, 0.5)

    yield Act("pan", Kind.MOVED, strength, glance=pan)
    yield Act("tilt", Kind.MOVED, strength, glance=tilt)
    yield Act("roll", Kind.MOVED, strength, glance=roll)


def _blurred(strength: str, sigma: float) -> Iterator[Act]:
    def defocused(picture: Picture, since_s: float, haze: float = 0.0) -> Picture:
        done = progress(since_s, 1.0)
        if done == 0:
            return picture
        soft = cv2.GaussianBlur(picture, (0, 0), done * sigma * (0.6 if haze else 1.0) * picture.shape[1] / 640)
        laid: Picture = (soft * (1 - done * haze) + 150 * done * haze).astype(np.float32)
        return laid

    yield Act("defocus", Kind.BLURRED, strength, defocused)
    yield Act("fog", Kind.BLURRED, strength, lambda picture, since_s: defocused(picture, since_s, min(0.75, sigma / 12)), tint=_pale)


def _pale(since_s: float) -> float:
    return 1 - 0.5 * progress(since_s, 1.0)


def _dazzled(strength: str, share: float) -> Iterator[Act]:
    def lamp(across: float) -> Shown:
        def shown(picture: Picture, since_s: float) -> Picture:
            done = progress(since_s, 0.5)
            if done == 0:
                return picture
            height, width = picture.shape
            rows, columns = np.ogrid[:height, :width]
            far = np.hypot(columns - across * width, rows - height / 2)
            radius = float(np.quantile(far, done * share))
            glare = 320 * np.exp(-np.maximum(0, far - radius) / (0.06 * width))
            lit: Picture = np.minimum(picture * (1 - 0.4 * done) + 70 * done + glare, 235 if across < 0.5 else 255).astype(np.float32)
            return lit

        return shown

    def tint(since_s: float) -> float:
        return 1 - 0.9 * share * progress(since_s, 0.5)

    yield Act("torch in the middle", Kind.DAZZLED, strength, lamp(0.5), tint=tint)
    yield Act("lamp from the side", Kind.DAZZLED, strength, lamp(0.15), tint=tint)


def _dark(strength: str, left: float) -> Iterator[Act]:
    def gain(ramp_s: float) -> Shown:
        def shown(picture: Picture, since_s: float) -> Picture:
            done = progress(since_s, ramp_s)
            dimmed: Picture = ((picture - 16) * (1 - done * (1 - left)) + 16).astype(np.float32)
            return dimmed if done else picture

        return shown

    yield Act("lights out", Kind.DARK, strength, gain(0.1), tint=lambda since_s: 0.1 if since_s >= 0.1 else 1.0)
    yield Act("dimmed to nothing", Kind.DARK, strength, gain(1.5), tint=lambda since_s: 1 - 0.9 * progress(since_s, 1.5))


def _frozen(strength: str, level: int) -> Iterator[Act]:
    # Weak: a still that is encoded anew every two seconds and carries a running clock; strong: the very same picture.
    def still(_newest: Luma, held: Luma, since_s: float) -> Luma:
        sent = held.copy()
        if level < 2 and round(since_s * FPS) % (2 * FPS) == 0:
            random = np.random.default_rng(round(since_s * FPS))
            coarse = cv2.resize(
                random.standard_normal((23, 40), np.float32), (held.shape[1], held.shape[0]), interpolation=cv2.INTER_NEAREST
            )
            sent = np.clip(np.rint(held + 0.35 * coarse), 0, 255).astype(np.uint8)
        if level < 1:
            cv2.putText(sent, f"{since_s % 60:05.2f}", (4, 14), cv2.FONT_HERSHEY_SIMPLEX, 0.4, 255, 1)
        return sent

    name = ("encoded anew, with a clock", "encoded anew", "the same picture")[level]
    yield Act(name, Kind.FROZEN, strength, still=still, run_in_s=RUN_IN_FROZEN_S)
