"""From a decoded frame to the small luma picture that the eyes look at."""

import av
import cv2
import numpy as np
from numpy.typing import NDArray

WIDTH, HEIGHT = 320, 180

# Pixel formats whose first plane is 8-bit luma and nothing else: it can be read where it lies.
LUMA_FIRST = frozenset({"yuv420p", "yuvj420p", "yuv422p", "yuvj422p", "yuv444p", "yuvj444p", "yuv440p", "yuvj440p", "nv12", "nv21", "gray"})
# Those of them with two chroma planes of their own.
CHROMA_APART = LUMA_FIRST - {"nv12", "nv21", "gray"}


def small_luma(frame: av.VideoFrame) -> NDArray[np.uint8]:
    """The frame's brightness, shrunk to fit into 320x180 with its aspect kept; never enlarged.

    Returns (height, width), 0 to 255 as the stream codes it: limited and full range are not told apart.
    Only the luma plane is read; formats without one (RGB, more than 8 bits) are converted to grey first.
    """
    if frame.format.name not in LUMA_FIRST:
        frame = frame.reformat(format="gray")
    plane = frame.planes[0]
    # Rows are padded to line_size bytes; what lies behind the width is not picture.
    luma: NDArray[np.uint8] = np.frombuffer(memoryview(plane), np.uint8).reshape(-1, plane.line_size)[: frame.height, : frame.width]
    scale = min(WIDTH / frame.width, HEIGHT / frame.height)
    if scale >= 1:
        return luma.copy()  # the frame's memory goes back to the decoder
    size = (max(1, round(frame.width * scale)), max(1, round(frame.height * scale)))
    # Of many rows some are enough: two for each of the small picture's average its noise away, and the others cost as much again.
    luma = luma[:: max(1, frame.height // (2 * size[1]))]
    return cv2.resize(luma, size, interpolation=cv2.INTER_AREA).astype(np.uint8, copy=False)


def colour(frame: av.VideoFrame) -> float | None:
    """How much colour the picture has: mean distance of its chroma from grey, in levels of 0 to 128.

    An infrared picture has none. None for pixel formats without chroma planes of 8 bits.
    """
    if frame.format.name not in CHROMA_APART:
        return None
    planes = (np.frombuffer(memoryview(plane), np.uint8).reshape(-1, plane.line_size) for plane in frame.planes[1:3])
    # Every eighth sample both ways is enough for a mean.
    samples = [plane[: frame.height // 2 : 8, : frame.width // 2 : 8].astype(np.int16) for plane in planes]
    return float(np.mean([np.abs(sample - 128).mean() for sample in samples]))
