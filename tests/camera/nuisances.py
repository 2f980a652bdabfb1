"""What happens before a camera and is nobody's doing to it: light, weather, insects, somebody close to the lens, a stack of cartons."""

from collections.abc import Iterator

import cv2
import numpy as np

from tests.camera.bases import Picture
from tests.camera.tampers import Act, Shown, progress

SETTLES_S = 1.5


def nuisances() -> Iterator[Act]:
    """None of them is to be called tampering."""
    yield Act("quiet", None, "")
    for strength, factor in (("half", 0.45), ("full", 0.2)):
        yield Act("lights off", None, strength, _light(1.0, factor), tint=lambda since_s: 1.0 if since_s < 0 else 0.7)
        yield Act("lights on", None, strength, _light(factor, 1.0), tint=lambda since_s: 0.7 if since_s < 0 else 1.0, own_run_in=True)
    yield Act(
        "to infrared", None, "", _infrared, tint=lambda since_s: 1.0 if since_s < 0 else 0.05, gain=lambda since_s: 1 + (since_s >= 0)
    )
    yield Act(
        "from infrared",
        None,
        "",
        lambda picture, since_s: _infrared(picture, -since_s),
        tint=lambda since_s: 0.05 if since_s < 0 else 1.0,
        own_run_in=True,
    )
    yield Act("sun out", None, "", _sun(1.7))
    yield Act("cloud", None, "", _sun(0.55))
    yield Act("exposure swing", None, "", _swing)
    yield Act("close past the lens", None, "half", _passer_by(0.5))
    yield Act("close past the lens", None, "most", _passer_by(0.7))
    yield Act("stack in front", None, "for good", _stack)
    yield Act("heavy rain", None, "", _rain)
    yield Act("insects", None, "", _insects)
    yield Act("tremble", None, "1 px", _tremble)
    yield Act("dusk", None, "in 60 s", _dusk, held_s=75)
    yield Act("night noise", None, "", gain=lambda since_s: 1 + 2 * progress(since_s, 10))


def _light(before: float, after: float) -> Shown:
    """The factor of the light changes at once; what is left comes from another side."""

    def shown(picture: Picture, since_s: float) -> Picture:
        factor = before if since_s < 0 else after
        if factor == 1.0:
            return picture
        slope = np.linspace(1.2, 0.8, picture.shape[1], dtype=np.float32)[None, :]
        lit: Picture = ((picture - 16) * factor * slope + 16).astype(np.float32)
        return lit

    return shown


def _infrared(picture: Picture, since_s: float) -> Picture:
    """Lit by the lamp beside the lens: bright in the middle; the exposure overshoots and settles."""
    if since_s <= 0:
        return picture
    height, width = picture.shape
    rows, columns = np.ogrid[:height, :width]
    spot = np.exp(-(((columns - width / 2) / (0.5 * width)) ** 2) - ((rows - height / 2) / (0.5 * height)) ** 2)
    overshoot = 1 + 0.5 * (1 - progress(since_s, SETTLES_S))
    lit: Picture = (((picture - 16) * (0.25 + 0.75 * spot) + 24) * overshoot).astype(np.float32)
    return lit


def _sun(factor: float) -> Shown:
    """Two thirds of the picture become brighter or darker within two seconds, with a soft edge."""

    def shown(picture: Picture, since_s: float) -> Picture:
        rows, columns = np.ogrid[: picture.shape[0], : picture.shape[1]]
        edge = (columns + 0.4 * rows) / picture.shape[1]
        inside = 1 / (1 + np.exp(np.clip((edge - 0.75) / 0.03, -30, 30)))
        lit: Picture = (picture * (1 + (factor - 1) * inside * progress(since_s, 2.0))).astype(np.float32)
        return lit

    return shown


def _swing(picture: Picture, since_s: float) -> Picture:
    if since_s < 0:
        return picture
    swung: Picture = (picture * np.float32(1 + 0.45 * np.sin(1.2 * since_s) * np.exp(-since_s / 6))).astype(np.float32)
    return swung


def _passer_by(share: float) -> Shown:
    """A person, out of focus, covers that share of the picture for two seconds; the coming and going takes half a second each."""

    def shown(picture: Picture, since_s: float) -> Picture:
        if not 0 <= since_s < 3:
            return picture
        height, width = picture.shape
        middle = np.interp(since_s, [0, 0.5, 2.5, 3], [-share, 0.4, 0.6, 1 + share]) * width
        columns = np.arange(width, dtype=np.float32)[None, :]
        alpha = np.clip((share * width / 2 - np.abs(columns - middle)) / 12, 0, 1)
        cloth = 55 + 15 * np.sin(np.arange(height, dtype=np.float32)[:, None] / 25 + 8 * since_s)
        laid: Picture = (picture * (1 - alpha) + cloth * alpha).astype(np.float32)
        return laid

    return shown


def _stack(picture: Picture, since_s: float) -> Picture:
    """Cartons that cover 30 % of the picture for good."""
    if since_s < 0.5:
        return picture
    stacked = picture.copy()
    height, width = picture.shape
    left = round(0.7 * width)
    rows, columns = np.mgrid[:height, : width - left]
    stacked[:, left:] = np.where((rows // (height // 5) + columns // (width // 8)) % 2, 95, 120)
    return stacked


def _rain(picture: Picture, since_s: float) -> Picture:
    if since_s < 0:
        return picture
    random, wet = np.random.default_rng(round(since_s * 1000)), picture.copy()
    height, width = picture.shape
    for across, down, length in zip(
        random.integers(0, width, 200), random.integers(0, height, 200), random.integers(8, 40, 200), strict=True
    ):
        tip = (int(across + 0.15 * length), int(down + length))
        cv2.line(wet, (int(across), int(down)), tip, float(picture[down, across]) + float(random.uniform(15, 60)), 1)
    return wet


def _insects(picture: Picture, since_s: float) -> Picture:
    if since_s < 0 or since_s % 2 > 1.2:
        return picture
    height, width = picture.shape
    flown_s, turn = since_s % 2, int(since_s // 2)
    across, down = (0.1 + 0.7 * flown_s) * width, (0.2 + 0.13 * (turn % 5) + 0.1 * np.sin(6 * flown_s)) * height
    radius = (0.02 + 0.03 * (turn % 4)) * width
    rows, columns = np.ogrid[:height, :width]
    lit: Picture = (picture + 130 * np.exp(-1.5 * ((columns - across) ** 2 + (rows - down) ** 2) / radius**2)).astype(np.float32)
    return lit


def _tremble(picture: Picture, since_s: float) -> Picture:
    if since_s < 0:
        return picture
    height, width = picture.shape
    reach = 2 * width / 640  # one pixel of the shrunk picture
    shift = np.array([[1, 0, reach * np.sin(9 * since_s)], [0, 1, 0.7 * reach * np.cos(11 * since_s)]])
    return cv2.warpAffine(picture, shift, (width, height), borderMode=cv2.BORDER_REPLICATE).astype(np.float32)


def _dusk(picture: Picture, since_s: float) -> Picture:
    dimmed: Picture = ((picture - 16) * np.float32(1 - 0.75 * progress(since_s, 60)) + 16).astype(np.float32)
    return dimmed
