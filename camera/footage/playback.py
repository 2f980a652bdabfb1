"""Reading footage back: the pictures of a time range, over as many files as it takes."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path

import av

from camera.live.pictures import Picture, rgb32
from camera.recording.segment import PART


@dataclass(frozen=True)
class File:
    """A segment on the disk, and the instants of its first and its last picture; the last is asked for by time-lapses alone."""

    path: Path
    started_at: datetime
    ended_at: datetime | None = None


def pictures(files: Sequence[File], from_at: datetime, until_at: datetime, size: tuple[int, int]) -> Iterator[Picture]:
    """The pictures from from_at to until_at in order, decoded one by one as they are asked for, at most `size` (width, height) large.

    A file that is missing or damaged gives what can be read of it; the others go on.
    """
    number = 0
    for file in files:
        for frame, at in frames(file, from_at):
            if at > until_at:
                return
            if at >= from_at:
                number += 1
                yield Picture(number, at, rgb32(frame, size))


def frames(file: File, from_at: datetime) -> Iterator[tuple[av.VideoFrame, datetime]]:
    """The decoded frames of one file with their instants, from a key frame at or before from_at on; none if it cannot be read."""
    path = readable(file.path)
    if path is None:
        return
    try:
        with av.open(str(path), format="mp4", options={"protocol_whitelist": "file"}) as container:
            stream = container.streams.video[0]
            skip_s = (from_at - file.started_at).total_seconds()
            if skip_s > 0 and path.suffix != PART and stream.time_base:
                container.seek(int(skip_s / stream.time_base), stream=stream)
            for frame in container.decode(stream):
                if frame.time is not None:
                    yield frame, file.started_at + timedelta(seconds=frame.time)
    except (av.error.FFmpegError, OSError, IndexError):
        return


def readable(path: Path) -> Path | None:
    """Where the file is now: a segment that was growing a moment ago may have got its final name since. None if it is gone."""
    final = path.with_suffix("") if path.suffix == PART else path
    return next((place for place in (path, final) if place.exists()), None)
