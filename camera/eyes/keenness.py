"""What the one number for sensitivity means."""

from camera.view import USUAL_SENSITIVITY

LEAST_SHARE = 0.0025  # of the picture; a person of a ninth of its height is as large


class Keenness:
    """sensitivity: 0 to 100. Every 25 above the usual halve the least size; every 50 halve the least contrast and the time to persist.

    least_share: of the picture, the smallest region looked at. level_factor: on every threshold of brightness. time_factor: on how long
    something must be seen.
    """

    def __init__(self, sensitivity: int) -> None:
        steps = (USUAL_SENSITIVITY - sensitivity) / 50
        self.least_share = LEAST_SHARE * 4**steps
        self.level_factor = 2**steps
        self.time_factor = 2**steps
