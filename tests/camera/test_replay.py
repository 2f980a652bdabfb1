"""Old pictures sent anew: what is a recording, what is a still, and what is neither."""

import random
from collections.abc import Iterable, Iterator
from pathlib import Path

import av
import pytest

import camera.looking.replay
from camera.events import Kind, Phase, Sight
from camera.looking.replay import FLAT_BYTES, IN_ORDER, STILL_S, STILL_TIMES, Replays
from camera.streams.stream import Arrival, Format
from tests.camera.rig import write_video

SMALL = Format("h264", 320, 180, b"")
START = b"\0\0\0\1"
SPS = START + b"\x67size"
FLAT = int(FLAT_BYTES * 320 * 180 / 256)


def picture(number: int, size: int = 500) -> bytes:
    """A slice whose bytes are its own; a start code in it would end it."""
    return START + b"\x65" + bytes(random.Random(number).choices(range(1, 256), k=size))


def key(payload: bytes, at_s: float, played: int = 0) -> Arrival:
    return Arrival(av.Packet(payload), payload, True, at_s, played)


def shown(numbers: Iterable[int], *, replays: Replays | None = None, from_s: float = 0.0, every_s: float = 1.0) -> list[Sight]:
    """What is told of these pictures, one every `every_s`."""
    replays = replays or Replays()
    return [sight for index, number in enumerate(numbers) for sight in replays.take(key(picture(number), from_s + index * every_s), SMALL)]


def told(sights: Iterable[Sight]) -> list[tuple[Kind, Phase]]:
    return [(sight.kind, sight.phase) for sight in sights if sight.phase is not Phase.EXTENDED]


def test_a_loop_is_told_at_its_third_known_picture_and_begins_where_it_began() -> None:
    sights = shown([*range(30), *range(10)])
    assert told(sights) == [(Kind.REPLAYED, Phase.OPENED)]
    assert (sights[0].start_s, sights[0].end_s) == (30.0, 30.0 + IN_ORDER - 1)
    assert [sight.number for sight in sights] == [1] * 8
    assert sights[-1].end_s == 39.0


def test_a_loop_goes_on_as_one_event_round_after_round() -> None:
    assert told(shown([*range(20)] * 5)) == [(Kind.REPLAYED, Phase.OPENED)]


def test_a_loop_with_a_seam_where_pictures_are_lost_stays_one_event() -> None:
    assert told(shown([*range(20), *range(20), *range(3, 20), *range(20)])) == [(Kind.REPLAYED, Phase.OPENED)]


def test_a_recording_played_from_its_middle_is_found() -> None:
    assert told(shown([*range(60), *range(25, 35)])) == [(Kind.REPLAYED, Phase.OPENED)]


def test_live_pictures_after_a_recording_end_it() -> None:
    sights = shown([*range(20), *range(10), *range(100, 110)])
    assert told(sights) == [(Kind.REPLAYED, Phase.OPENED), (Kind.REPLAYED, Phase.CLOSED)]
    assert sights[-1].end_s == 29.0, "seen last with the last old picture"


@pytest.mark.parametrize("repeated", [[5], [5, 6], [5, 9, 2, 14], [9, 8, 7, 6, 5]])
def test_single_known_pictures_or_known_ones_in_another_order_are_nothing(repeated: list[int]) -> None:
    assert shown([*range(20), *repeated, *range(50, 60)]) == []


def test_pictures_that_are_all_new_are_nothing() -> None:
    assert shown(range(500)) == []


def test_one_picture_again_and_again_is_a_still_within_the_deadline() -> None:
    sights = shown([0, 1, *[2] * 20])
    assert told(sights) == [(Kind.FROZEN, Phase.OPENED)]
    assert sights[0].start_s == 3.0, "the first that came again"
    assert sights[0].end_s - sights[0].start_s == STILL_S


def test_a_still_of_few_key_frames_needs_some_of_them() -> None:
    every_s = 4.0
    (opened, *_) = shown([0, *[1] * 8], every_s=every_s)
    assert opened.end_s - opened.start_s == every_s * (STILL_TIMES - 1)


def test_two_pictures_in_turns_are_a_still_and_no_recording() -> None:
    assert told(shown([0, 1] * 15)) == [(Kind.FROZEN, Phase.OPENED)]


def test_a_still_that_lives_again_is_over() -> None:
    assert told(shown([*[0] * 12, *range(1, 5)])) == [(Kind.FROZEN, Phase.OPENED), (Kind.FROZEN, Phase.CLOSED)]


def test_a_picture_that_comes_twice_is_no_still() -> None:
    assert shown([0, 0, 1, 1, 2, 2, 3, 3, 4, 4]) == []


def test_flat_pictures_are_nothing_however_often_they_come() -> None:
    replays = Replays()
    flat = picture(0, size=FLAT - 10)
    assert [sight for at_s in range(60) for sight in replays.take(key(flat, at_s), SMALL)] == []
    assert told(shown([1] * 12, replays=replays, from_s=60)) == [(Kind.FROZEN, Phase.OPENED)], "what shows something is told"


def test_what_stands_before_the_picture_may_differ() -> None:
    replays, sights = Replays(), []
    for at_s in range(12):
        message = START + b"\x06" + bytes([at_s + 1]) * 20
        sights += replays.take(key(SPS + message + picture(7), at_s), SMALL)
    assert told(sights) == [(Kind.FROZEN, Phase.OPENED)]


def test_a_recording_played_over_a_new_connection_is_found() -> None:
    replays = Replays()
    assert shown(range(10), replays=replays) == []
    assert replays.finish() == []
    assert told(shown(range(10), replays=replays, from_s=20)) == [(Kind.REPLAYED, Phase.OPENED)]
    (closed,) = replays.finish()
    assert (closed.phase, closed.end_s) == (Phase.CLOSED, 29.0)
    assert replays.finish() == []


def test_the_seam_of_a_played_file_is_nothing_and_a_loop_in_it_is_found() -> None:
    replays = Replays()
    rounds = [key(picture(number), played * 10 + number, played) for played in range(4) for number in range(10)]
    assert [sight for arrival in rounds for sight in replays.take(arrival, SMALL)] == []
    again = [key(picture(number), 40 + number, 4) for number in (*range(5), *range(5))]
    assert told(sight for arrival in again for sight in replays.take(arrival, SMALL)) == [(Kind.REPLAYED, Phase.OPENED)]


def test_no_more_is_remembered_than_was_allowed(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(camera.looking.replay, "REMEMBERED", 20)
    assert shown([*range(21), *range(21)]) == []
    assert told(shown([*range(19), *range(19)])) == [(Kind.REPLAYED, Phase.OPENED)]


def _keys(path: Path) -> Iterator[bytes]:
    with av.open(str(path)) as container:
        yield from (bytes(packet) for packet in container.demux(video=0) if packet.size and packet.is_keyframe)


def test_a_real_quiet_room_is_nothing_and_the_same_film_again_is_a_recording(tmp_path: Path) -> None:
    write_video(tmp_path / "room.mp4", seconds=8)
    replays = Replays()
    keys = list(_keys(tmp_path / "room.mp4"))
    assert len(keys) == 8
    assert [sight for at_s, payload in enumerate(keys) for sight in replays.take(key(payload, at_s), SMALL)] == []
    again = [sight for at_s, payload in enumerate(keys) for sight in replays.take(key(payload, 8 + at_s), SMALL)]
    assert told(again) == [(Kind.REPLAYED, Phase.OPENED)]
