"""Which pixels of a picture a view asks to look at."""

import cv2
import numpy as np
from cv2.typing import MatLike

from camera.view import Polygon, View


def watched_area(view: View, height: int, width: int) -> MatLike:
    """(height, width) uint8: 1 where to look, 0 elsewhere."""
    area = np.zeros((height, width), np.uint8) if view.zones else np.ones((height, width), np.uint8)
    for zone in view.zones:
        cv2.fillPoly(area, [_corners(zone.polygon, height, width)], 1)
    for mask in view.masks:
        cv2.fillPoly(area, [_corners(mask, height, width)], 0)
    return area


def least_heights(view: View, height: int, width: int) -> MatLike:
    """(height, width) float32: how tall, in pixels, a thing whose foot stands there has to be. Where zones overlap, the least counts."""
    heights = np.full((height, width), np.inf, np.float32)
    rows = np.arange(height, dtype=np.float32)[:, np.newaxis]
    for zone in view.zones:
        inside = cv2.fillPoly(np.zeros((height, width), np.uint8), [_corners(zone.polygon, height, width)], 1) > 0
        highest, lowest = (edge(y for _, y in zone.polygon) * (height - 1) for edge in (min, max))
        least_pct = np.interp(rows, (highest, max(lowest, highest + 1)), (zone.least_far_pct, zone.least_near_pct))
        heights = np.where(inside, np.minimum(heights, least_pct * (height / 100)), heights)
    least: MatLike = np.where(np.isinf(heights), 0, heights).astype(np.float32)
    return least


def _corners(polygon: Polygon, height: int, width: int) -> MatLike:
    corners: MatLike = np.round(np.array(polygon) * (width - 1, height - 1)).astype(np.int32)
    return corners
