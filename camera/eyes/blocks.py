"""The picture in coarse blocks, and what is usual among many values."""

from typing import Any

import cv2
import numpy as np
from cv2.typing import MatLike
from numpy.typing import NDArray

BLOCKS = (32, 18)  # across and down
BLACK = 4.0  # grey levels added before brightnesses are divided, so that black does not blow up the quotient


def levels(picture: MatLike) -> MatLike:
    """(18, 32) float32: the mean brightness of each block, and BLACK, so that two of them can be divided."""
    means: MatLike = cv2.resize(picture, BLOCKS, interpolation=cv2.INTER_AREA).astype(np.float32, copy=False) + np.float32(BLACK)
    return means


def median(values: NDArray[Any]) -> float:
    """Of all values, at least one, of whatever shape. On small arrays much faster than numpy's own, which looks for what is no number."""
    half = values.size // 2
    if values.size % 2:
        return float(np.partition(values, half, axis=None)[half])
    near = np.partition(values, (half - 1, half), axis=None)
    return (float(near[half - 1]) + float(near[half])) / 2
