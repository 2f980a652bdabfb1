"""The eyes over a video file, as fast as the machine can."""

import functools
from collections.abc import Callable, Generator, Iterator
from dataclasses import astuple
from pathlib import Path
from typing import Any

import av
import cv2
from av.container import InputContainer
from av.video.stream import VideoStream

from camera.events import Box, Phase, Sight
from camera.eyes.eyes import LOOK_EVERY_S, Eyes
from camera.fault import Fault
from camera.looking.gaze import Gaze
from camera.looking.person import Persons
from camera.looking.person_check import PersonCheck
from camera.looking.picture import colour, small_luma
from camera.streams.stream import Format
from camera.view import EVERYTHING, View


class Unreadable(Fault):
    """The file cannot be looked at."""


def scan(
    path: Path,
    *,
    view: View = EVERYTHING,
    sparing: bool = False,
    person_model: Path | None = None,
    progress: Callable[[float], None] | None = None,
) -> Iterator[Sight]:
    """Every event in the file, in the order in which they end. Times count from its first picture.

    sparing: watch it as a camera of an armed room is watched, instead of decoding every picture.
    person_model: a detector's ONNX file, asked how sure it is that a person is what moves.
    progress: told again and again which share of the file has been looked at, 0 to 1.
    A damaged part is passed over.

    Raises Fault for a detector that cannot be used, Unreadable if there is no file, it is no video, or not one of its pictures can be
    decoded.
    """
    persons = Persons(PersonCheck(person_model), _fail) if person_model else None
    cv2.setNumThreads(1)  # the eyes' pictures are small; decoding uses the other cores
    with _open(path) as container:
        if not container.streams.video:
            raise Unreadable("{file} holds no video.", file=path.name)
        stream = container.streams.video[0]
        length_s = container.duration / av.time_base if container.duration else 0.0

        def advance(at_s: float) -> None:
            if progress and length_s:
                progress(min(1.0, max(0.0, at_s / length_s)))

        look = _spare if sparing else _look_at_all
        if (yield from look(container, stream, Eyes(view), persons, advance)) == 0:
            raise Unreadable("{file} holds no picture that can be decoded.", file=path.name)
        if progress:
            progress(1.0)


Pass = Generator[Sight, None, int]


def _fail(fault: Fault) -> None:
    raise fault


def _look_at_all(
    container: InputContainer, stream: VideoStream, eyes: Eyes, persons: Persons | None, advance: Callable[[float], None]
) -> Pass:
    """Events that ended; returns how many pictures were decoded."""
    stream.thread_type = "AUTO"
    at_s, begun_s, pictures = 0.0, None, 0
    for frame_s, frame in _frames(container, stream):
        pictures += 1
        begun_s = frame_s if begun_s is None else begun_s
        at_s = frame_s - begun_s
        if eyes.wants(at_s):
            sights = eyes.look(small_luma(frame), at_s, colour=colour(frame))
            yield from _closed(persons.asked(sights, frame) if persons else sights)
            advance(at_s)
    sights = eyes.finish(at_s)
    yield from _closed(persons.asked(sights, None) if persons else sights)
    return pictures


def _spare(container: InputContainer, stream: VideoStream, eyes: Eyes, persons: Persons | None, advance: Callable[[float], None]) -> Pass:
    """The same through a gaze."""
    context = stream.codec_context
    gaze = Gaze(Format(context.name, context.width, context.height, bytes(context.extradata or b"")), eyes, persons=persons)
    begun_s, at_s, step_s = None, 0.0, 1 / float(stream.average_rate or 25)
    last_s = 0.0
    for packet in _packets(container, stream):
        if not packet.size:
            continue
        ticks = packet.dts if packet.pts is None else packet.pts
        packet_s = at_s + step_s if ticks is None else float(ticks * packet.time_base)
        begun_s = packet_s if begun_s is None else begun_s
        at_s = packet_s - begun_s
        last_s = max(last_s, at_s)
        yield from _closed(gaze.take(bytes(packet), packet.is_keyframe, at_s))
        advance(last_s)
    yield from _closed(gaze.finish(last_s))
    return gaze.pictures


def _open(path: Path) -> InputContainer:
    # libav writes to standard error what we say in one sentence.
    av.logging.set_level(av.logging.PANIC)
    try:
        # "file:" keeps a name with a colon from being taken for a protocol; the list keeps a playlist from reaching the network.
        return av.open(f"file:{path}", mode="r", options={"protocol_whitelist": "file"})
    except FileNotFoundError:
        raise Unreadable("There is no file {file}.", file=path.name) from None
    except (av.error.FFmpegError, OSError):
        raise Unreadable("{file} cannot be read as video.", file=path.name) from None


def _frames(container: InputContainer, stream: VideoStream) -> Iterator[tuple[float, av.VideoFrame]]:
    """Decoded frames with their times in seconds; of streams whose pictures stand alone only those worth a look."""
    alone = stream.codec_context.codec.intra_only
    kept_s: float | None = None
    last_s, step_s = 0.0, 1 / float(stream.average_rate or 25)
    for packet in _packets(container, stream):
        if alone and packet.size and packet.pts is not None:
            packet_s = float(packet.pts * packet.time_base)
            if kept_s is not None and 0 <= packet_s - kept_s < LOOK_EVERY_S:
                continue
            kept_s = packet_s
        try:
            frames = stream.codec_context.decode(packet if packet.size else None)
        except (av.error.FFmpegError, ValueError):
            continue
        for frame in frames:
            last_s = float(frame.pts * frame.time_base) if frame.pts is not None and frame.time_base else last_s + step_s
            yield last_s, frame


def _packets(container: InputContainer, stream: VideoStream) -> Iterator["av.Packet[Any]"]:
    """Until the end of the file, or of its readable part; then the empty packet that drains the decoder."""
    try:
        yield from container.demux(stream)
    except av.error.FFmpegError:
        yield av.Packet()


def _closed(sights: list[Sight]) -> list[Sight]:
    return [sight for sight in sights if sight.phase is Phase.CLOSED]


def facts(event: Sight) -> dict[str, object]:
    """An event as plain values. start_s, end_s: seconds; peak_pct: 0 to 100; person_pct: the same, only where a detector was asked.

    box: [x, y, width, height] in shares of the picture, around all that moved in the event's last picture; None without a place.
    """
    person = {} if event.person_pct is None else {"person_pct": round(event.person_pct, 1)}
    box = functools.reduce(Box.around, event.boxes) if event.boxes else None
    return {
        "kind": event.kind,
        "start_s": round(event.start_s, 2),
        "end_s": round(event.end_s, 2),
        "peak_pct": round(event.peak_pct, 2),
        "box": [round(share, 3) for share in astuple(box)] if box else None,
    } | person
