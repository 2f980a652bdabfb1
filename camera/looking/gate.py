"""When the sizes of packets say that something moves, and whether on this stream they say anything at all.

A camera sends what changed since the picture before: where a person walks, packets grow at once. Each packet between key frames is
compared with those that stood at the same place in earlier, quiet groups, for encoders spend by place. What is compared is the
logarithm of the size, since sizes scale with the picture's noise; median and MAD, since quiet groups hold a few odd packets too.
"""

import math
from collections import deque
from statistics import median

GROUPS = 12  # quiet groups remembered: enough for a median, few enough to follow dusk and a new light within half a minute
LEAST_GROUPS = 3  # a median of fewer says nothing
RESIDUALS = 400  # quiet packets from which the spread is taken, some 16 s of a camera
OVERHEAD = 100  # bytes added to each size: headers, below which a packet cannot fall; twice nothing is nothing
LEAST_SPREAD = 0.01  # of the logarithm: 4 %; a rendered or frozen picture has no noise of its own
SIGMA = 1.4826  # standard deviations of a normal law in one MAD

# Page's cumulative sum, the quickest test for a lasting shift: each packet adds its excess over SLACK, no more than MOST, until ALARM.
# Four packets well above the usual, or eight at two deviations: 0.2 to 0.4 s at 25 pictures a second. Source: Page, Biometrika 1954.
SLACK = 1.0
MOST = 3.5
ALARM = 9.0

# Encoders wander by themselves, a rate control more than a constant quality: the alarm rises above what quiet groups do, but for the
# oddest of them, so that it is false once in PEAKS groups. At its highest, plain motion still reaches it within half a second.
PEAKS = 60
HIGHEST_ALARM = 30.0

LONGEST_GROUP_S = 2.05  # key frames further apart find what sizes missed too late; a little more than 2 s, as packets come unevenly

# A tight constant bit rate shows itself by groups of one size: what one packet gets more, another gets less. Of independent packets
# the variance of the sum is the sum of the variances; below this share of it, something balances them. By chance: once in 150 times.
BALANCED = 0.25
BALANCE_GROUPS = 5

# What is believed before the eyes have seen anything, in events: sizes tell, unless they are balanced.
TRUST = 1
DISTRUST = 1
LEAST_TOLD = 0.7  # of the events
EVENTS = 20  # remembered; cameras are set up anew
EARLY_S, LATE_S = 0.6, 1.0  # sizes told of an event if they stirred so long before or after its first picture


class Gate:
    """Watches the packets of one stream, in stream time.

    stirred: whether the newest packets are unusual for so long that something moves there.
    """

    def __init__(self) -> None:
        self.stirred = False
        self._rise = self._fall = 0.0
        self._sizes: list[float] = []
        self._residuals_now: list[float] = []
        self._peak = 0.0
        self._peaks: deque[float] = deque(maxlen=PEAKS)
        self._alarm = ALARM
        self._disturbed = True  # what came before the first key frame is no group
        self._groups: deque[list[float]] = deque(maxlen=GROUPS)
        self._usual: list[float] = []
        self._residuals: deque[float] = deque(maxlen=RESIDUALS)
        self._spread = LEAST_SPREAD
        self._key_s = -math.inf
        self._lengths_s: deque[float] = deque(maxlen=LEAST_GROUPS)
        self._stirs: deque[tuple[float, float]] = deque(maxlen=50)
        self._begun: deque[float] = deque(maxlen=EVENTS)
        self._told: deque[bool] = deque(maxlen=EVENTS)
        self._balanced = False

    @property
    def learnt(self) -> bool:
        """Whether enough quiet groups were met to tell the unusual from the usual."""
        return len(self._groups) >= BALANCE_GROUPS

    @property
    def tells(self) -> bool:
        """Whether sizes tell on this stream, as far as is known."""
        if not self.learnt or max(self._lengths_s, default=math.inf) > LONGEST_GROUP_S:
            return False
        trust, distrust = (0, DISTRUST) if self._balanced else (TRUST, 0)
        return (trust + sum(self._told)) / (trust + distrust + len(self._told)) >= LEAST_TOLD

    def add(self, size: int, key: bool, at_s: float) -> None:
        """The next packet: its size in bytes, and when it came."""
        if key:
            self._end_group(at_s)
            self._sizes.append(float(size))
        else:
            place = len(self._sizes)
            self._sizes.append(float(size))
            if place < len(self._usual):
                self._weigh(math.log(size + OVERHEAD) - self._usual[place], at_s)
        while self._begun and at_s >= self._begun[0] + LATE_S:
            self._judge(self._begun.popleft())

    def moved(self) -> None:
        """The eyes saw something in this group: it shows nothing about quiet ones."""
        self._disturbed = True

    def began(self, start_s: float) -> None:
        """The eyes report an event that began then: sizes are asked whether they told of it."""
        self._begun.append(start_s)

    def _weigh(self, residual: float, at_s: float) -> None:
        self._residuals_now.append(residual)
        unusual = residual / self._spread
        self._rise = min(2 * HIGHEST_ALARM, max(0.0, self._rise + min(unusual, MOST) - SLACK))
        self._fall = min(2 * HIGHEST_ALARM, max(0.0, self._fall + min(-unusual, MOST) - SLACK))
        highest = max(self._rise, self._fall)
        self._peak = max(self._peak, highest)
        stirred = highest >= self._alarm
        if stirred:
            since_s = self._stirs.pop()[0] if self.stirred and self._stirs else at_s
            self._stirs.append((since_s, at_s))
        self.stirred = stirred

    def _judge(self, start_s: float) -> None:
        """Did sizes tell of the event that began then? They cannot be asked while they stirred for another reason already."""
        begun = [since_s for since_s, until_s in self._stirs if until_s >= start_s - EARLY_S and since_s <= start_s + LATE_S]
        if not begun:
            self._told.append(False)
        elif min(begun) >= start_s - EARLY_S:
            self._told.append(True)

    def _end_group(self, at_s: float) -> None:
        self._lengths_s.append(at_s - self._key_s)
        self._key_s = at_s
        if not self._disturbed:
            self._groups.append(self._sizes)
            self._residuals.extend(self._residuals_now)
            if self.learnt:
                self._peaks.append(self._peak)
                self._alarm = min(HIGHEST_ALARM, max(ALARM, 1.0 + sorted(self._peaks)[-2])) if len(self._peaks) > 1 else ALARM
            self._learn()
        self._sizes, self._residuals_now, self._disturbed, self._peak = [], [], False, 0.0

    def _learn(self) -> None:
        if len(self._groups) < LEAST_GROUPS:
            return
        longest = sorted(len(group) for group in self._groups)[-LEAST_GROUPS]
        logs = [[math.log(size + OVERHEAD) for size in group[:longest]] for group in self._groups]
        self._usual = [median(log[place] for log in logs if place < len(log)) for place in range(longest)]
        if self._residuals:
            middle = median(self._residuals)
            self._spread = max(LEAST_SPREAD, SIGMA * median(abs(residual - middle) for residual in self._residuals))
        if len(self._groups) >= BALANCE_GROUPS:
            self._balanced = _balance(list(self._groups)) < BALANCED


def _balance(groups: list[list[float]]) -> float:
    """Variance of the groups' sums by the sum of the variances at each place; 1 where packets do not know of each other."""
    length = min(len(group) for group in groups)
    apart = sum(_variance([group[place] for group in groups]) for place in range(length))
    return _variance([sum(group[:length]) for group in groups]) / apart if apart else 1.0


def _variance(values: list[float]) -> float:
    mean = sum(values) / len(values)
    return sum((value - mean) ** 2 for value in values) / (len(values) - 1)
