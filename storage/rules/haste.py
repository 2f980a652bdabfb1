"""When alarms are answered faster than anybody can look: that is itself something a supervisor must know."""

from collections.abc import Sequence
from datetime import datetime, timedelta

# More alarms than this acknowledged by one person in a minute: the key was held down, not the pictures looked at.
MOST_SEEN = 10
SEEN_WITHIN = timedelta(minutes=1)
# So many verdicts in a row in less than this part of the time that their clips last.
JUDGED = 5
LEAST_PART = 4


def seen_in_haste(times: Sequence[datetime]) -> bool:
    """Whether the newest of these is the one with which it became too many. times: of one person's acknowledgements, newest first."""
    return _too_many(times) and not _too_many(times[1:])


def judged_in_haste(verdicts: Sequence[tuple[datetime, timedelta]]) -> bool:
    """The same for verdicts: each with how long the alarm's clip lasts."""
    return _too_fast(verdicts) and not _too_fast(verdicts[1:])


def _too_many(times: Sequence[datetime]) -> bool:
    return len(times) > MOST_SEEN and times[0] - times[MOST_SEEN] <= SEEN_WITHIN


def _too_fast(verdicts: Sequence[tuple[datetime, timedelta]]) -> bool:
    if len(verdicts) < JUDGED:
        return False
    # The clip of the first one was looked at before its verdict.
    later = verdicts[: JUDGED - 1]
    clips = sum((clip for _at, clip in later), timedelta())
    return verdicts[0][0] - verdicts[JUDGED - 1][0] < clips / LEAST_PART
