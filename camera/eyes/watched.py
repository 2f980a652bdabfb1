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


def _corners(polygon: Polygon, height: int, width: int) -> MatLike:
    corners: MatLike = np.round(np.array(polygon) * (width - 1, height - 1)).astype(np.int32)
    return corners
