"""How like the picture is to what this camera should show: its edges where they were, as strong and as sharp as they were."""

import math
from dataclasses import dataclass, replace
from typing import Self

import cv2
import numpy as np
from cv2.typing import MatLike

from camera.eyes.blocks import median

BLOCKS = (16, 9)  # what is like and what is not is decided on so many blocks across and down
TOLERANCE = 1.2  # pixels of the halved picture (about half a percent of its width) by which edges may tremble
TEXTURE = 1.0  # variance of the edge strength in a block that has something to be recognised by
LIKE = 0.5  # correlation of a block's edges with those of the reference from which on it is recognised
SAME = 0.85  # correlation from which on a block has not even moved by a pixel
FADED = 0.25  # a block whose edges have less of their strength than this, brightness divided out, is not recognised
NOISE_LEFT = 0.87  # of white noise, in the details of one pixel, and in the edges of the halved picture
FLAT = 2.0  # grey levels over two pixels: no edge
WHITE = 225.0  # grey levels; a blown-out picture of limited range ends at 235
ALIGN_FROM = 0.2  # with less than this lost, nobody needs to know whether the picture has moved
EXPLAINED = 0.6  # of what is lost may still be lost where the shift is taken back; a wide turn takes a part out of the picture
MOVED, SURE = 0.025, 0.15  # of the picture's width; a swaying mast moves it less
FEWEST = 0.08  # of the blocks: with fewer that have texture, edges tell nothing


@dataclass(frozen=True)
class Look:
    """One picture, smoothed over a moment, as the reference remembers it.

    edges: (height/2, width/2) edge strength; variance, level, fine, middle: (9, 16) per block: variance of the edges, mean brightness, and
    the energy of details of one and of about four pixels. low, high: brightness that 2 % of the picture stay below, exceed.
    blown: share of the picture that is white without any edge. noise: mean deviation of what noise is left.
    """

    edges: MatLike
    variance: MatLike
    level: MatLike
    fine: MatLike
    middle: MatLike
    low: float
    high: float
    blown: float
    noise: float

    @classmethod
    def at(cls, picture: MatLike, noise: float) -> Self:
        """picture: (height, width) float32, grey levels. noise: mean deviation of its noise, which is no detail."""
        half = cv2.resize(picture, None, fx=0.5, fy=0.5, interpolation=cv2.INTER_AREA)
        across, down = cv2.Sobel(half, cv2.CV_32F, 1, 0, scale=0.25), cv2.Sobel(half, cv2.CV_32F, 0, 1, scale=0.25)
        strength = cv2.add(np.abs(across), np.abs(down))
        edges = cv2.GaussianBlur(strength, (0, 0), TOLERANCE)
        soft = cv2.GaussianBlur(picture, (0, 0), 1.0)
        softer = cv2.GaussianBlur(half, (0, 0), 2.0)
        mean = _blocks(edges)
        low, high = _low_and_high(half[::2, ::2])
        return cls(
            edges,
            _blocks(edges * edges) - mean * mean,
            _blocks(half),
            _without(noise * NOISE_LEFT, _blocks(np.abs(picture - soft))),
            _blocks(np.abs(half - softer)),
            low,
            high,
            float(np.mean((half > WHITE) & (strength < FLAT))),
            noise,
        )

    @property
    def spread(self) -> float:
        """Grey levels between the darkest and the brightest parts."""
        return self.high - self.low


@dataclass(frozen=True)
class Likeness:
    """A look against a reference.

    lost: share of the reference's textured blocks that are not recognised, 0 to 1; 0 where too few have texture to tell.
    sharpness: of the recognised blocks, as a multiple of the reference's. contrast: of details of about four pixels in all textured blocks,
    brightness divided out, as a multiple of the reference's.
    lost_sharpness, lost_edges: sharpness and edge strength, brightness divided out, of what is where blocks are lost, as multiples of
    the reference's.
    kept: share of the textured blocks whose edges are exactly where they were, however faint.
    shift: by how much of its width the picture has moved, 0 where that cannot be told.
    """

    lost: float
    sharpness: float
    contrast: float = 1.0
    lost_sharpness: float = 1.0
    lost_edges: float = 1.0
    kept: float = 1.0
    shift: float = 0.0


def likeness(look: Look, reference: Look) -> Likeness:
    """Compares; brightness and contrast of the whole do not count, nor that the mast has bent a little."""
    like = _likeness(look, reference, reference.edges, reference.variance)
    if like.lost < ALIGN_FROM:
        return like
    across, down, sure = _shift(look, reference)
    length = math.hypot(across, down) / reference.edges.shape[1]
    if sure < SURE:
        return like
    height, width = reference.edges.shape[:2]
    moved = cv2.warpAffine(
        reference.edges, np.array([[1, 0, across], [0, 1, down]], np.float32), (width, height), borderMode=cv2.BORDER_REPLICATE
    )
    mean = _blocks(moved)
    aligned = _likeness(look, reference, moved, _blocks(moved * moved) - mean * mean)
    # What repeats itself, as full shelves do, fits elsewhere too: the picture has moved if little has stayed, or if the shift explains it.
    if length >= MOVED:
        return replace(like, shift=length) if like.kept < like.lost or aligned.lost < EXPLAINED * like.lost else like
    return replace(aligned if aligned.lost < like.lost else like, shift=length)


def _likeness(look: Look, reference: Look, edges: MatLike, variance: MatLike) -> Likeness:
    textured = variance > TEXTURE
    count = np.count_nonzero(textured)
    if count < FEWEST * textured.size:
        return Likeness(0.0, 1.0)
    strength, usual_strength = _blocks(look.edges), _blocks(edges)
    correlation = (_blocks(look.edges * edges) - strength * usual_strength) / np.sqrt(np.maximum(look.variance * variance, 1e-6))
    gain = (look.level + 1) / (reference.level + 1)
    faded = np.sqrt(np.maximum(look.variance, 0) / np.maximum(variance, 1e-6)) < FADED * np.maximum(gain, 0.05)
    recognised = textured & (correlation > LIKE) & ~faded
    details = look.middle / np.maximum(reference.middle, 0.1) / np.maximum(gain, 0.05)
    contrast = median(details[textured])
    crisp = (look.fine / np.maximum(look.middle, 0.1)) / np.maximum(reference.fine / np.maximum(reference.middle, 0.1), 1e-3)
    sharpness = median(crisp[recognised] if recognised.any() else crisp)
    lost = textured & ~recognised
    if not lost.any():
        return Likeness(0.0, sharpness, contrast)
    # Medians: the rim of a cover is a strong edge, and the only one.
    there, usually = _without(look.noise * NOISE_LEFT, strength)[lost], (usual_strength * gain)[lost]
    lost_edges = median(there) / max(0.1, median(usually))
    kept = np.count_nonzero(textured & (correlation > SAME)) / count
    return Likeness(np.count_nonzero(lost) / count, sharpness, contrast, median(crisp[lost]), lost_edges, kept)


def _shift(look: Look, reference: Look) -> tuple[float, float, float]:
    """By how many pixels of the halved picture it has moved across and down, and how sure that is, 0 to 1."""
    height, width = reference.edges.shape[:2]
    window = cv2.createHanningWindow((width, height), cv2.CV_32F)
    # Copies: the function works on its arguments.
    (across, down), sure = cv2.phaseCorrelate(reference.edges.copy(), look.edges.copy(), window)
    return float(across), float(down), float(sure)


def _without(noise: float, detail: MatLike) -> MatLike:
    without: MatLike = np.sqrt(np.maximum(detail * detail - np.float32(noise * noise), np.float32(0)))
    return without


def _low_and_high(picture: MatLike) -> tuple[float, float]:
    """The brightness that 2 % of the picture stay below, and that which 2 % exceed."""
    place = round(0.02 * (picture.size - 1))
    ranked = np.partition(picture, (place, picture.size - 1 - place), axis=None)
    return float(ranked[place]), float(ranked[-1 - place])


def _blocks(values: MatLike) -> MatLike:
    return cv2.resize(values, BLOCKS, interpolation=cv2.INTER_AREA)
