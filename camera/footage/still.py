"""The picture at an instant, whole and as large as it was recorded."""

import contextlib
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path

import av
import cv2
import numpy as np
from numpy.typing import NDArray

from camera.fault import Fault
from camera.footage.outgoing import Kept, Outgoing
from camera.footage.playback import File
from camera.footage.source import Flaws, Segment, check_inside, opened
from camera.streams.decoding import decode, decoder_for, drain

JPEG_QUALITY = 95
SUFFIXES = (".png", ".jpg", ".jpeg")


@dataclass(frozen=True)
class Still:
    """A picture that was kept. taken_at: its own instant, at or before the one that was asked for."""

    asked_at: datetime
    taken_at: datetime
    size: tuple[int, int]
    file: Kept
    missing: tuple[Path, ...]
    damaged: tuple[Path, ...]


def keep_still(recordings: Path, files: Sequence[File], asked_at: datetime, target: Path) -> Still:
    """Writes the last picture that was taken not after asked_at, as PNG, or as JPEG if the target's name ends so.

    files: the segments in order, below the recordings folder, as far back as a picture may lie.
    The picture is found by decoding its group, so it is exactly that one, and not the key frame before it.

    Raises Fault for a target that may not be written or ends in anything else, a segment outside the recordings folder, or where there is
    no such picture; OSError where the disk refuses. In each case nothing is left of it.
    """
    if target.suffix.lower() not in SUFFIXES:
        raise Fault("A still is written as PNG or JPEG; the name must end in .png or .jpg.")
    check_inside(recordings, [file.path for file in files])
    flaws = Flaws()
    with Outgoing(recordings, target) as outgoing:
        found = _last_picture(recordings, files, asked_at, flaws)
        if found is None:
            raise Fault("There is no footage of that time that could be read.")
        pixels, taken_at = found
        quality = () if target.suffix.lower() == ".png" else (cv2.IMWRITE_JPEG_QUALITY, JPEG_QUALITY)
        _done, coded = cv2.imencode(target.suffix.lower(), pixels, quality)
        with contextlib.closing(outgoing.new_file()) as file:
            file.write(coded.tobytes())
        (kept,) = outgoing.keep()
    return Still(asked_at, taken_at, (pixels.shape[1], pixels.shape[0]), kept, tuple(flaws.missing), tuple(flaws.damaged))


def _last_picture(recordings: Path, files: Sequence[File], at: datetime, flaws: Flaws) -> tuple[NDArray[np.uint8], datetime] | None:
    for file in reversed(files):
        segment = opened(recordings, file, flaws) if file.started_at <= at else None
        if segment is None:
            continue
        with segment:
            found = picture_at(segment, at)
        if segment.torn:
            flaws.damaged.append(file.path)
        if found:
            frame, taken_at = found
            return np.asarray(frame.to_ndarray(format="bgr24"), np.uint8), taken_at
    return None


def picture_at(segment: Segment, at: datetime) -> tuple[av.VideoFrame, datetime] | None:
    """The last picture of a segment that was taken not after an instant, with its own; None if it has none that can be decoded."""
    newest: tuple[av.VideoFrame, datetime] | None = None
    for frame in _decoded(segment, at):
        taken_at = segment.started_at + timedelta(microseconds=frame.pts or 0)
        if taken_at <= at and (newest is None or taken_at > newest[1]):
            newest = frame, taken_at
    return newest


def _decoded(segment: Segment, at: datetime) -> Iterator[av.VideoFrame]:
    """The pictures of the group that an instant lies in, up to it; pts: microseconds from the segment's beginning."""
    decoder = decoder_for(segment.format)
    for packet in segment.packets(at):
        if segment.at(packet.dts) > at:
            break
        yield from decode(decoder, bytes(packet), float((packet.pts or 0) * segment.time_base))
    yield from drain(decoder)
