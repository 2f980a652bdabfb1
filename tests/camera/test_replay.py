"""Key frames that came before: a loop, a picture that stands, and what is neither."""

import av

from camera.events import Kind, Phase, Sight
from camera.replay import Replays
from camera.stream import Arrival, Format

FORMAT = Format("h264", 320, 180, b"")
# Parameter sets and a message that differs each time, and then the picture.
HEAD = b"\0\0\0\1\x67\x42\0\x0a\0\0\0\1\x68\xce\0\0\0\1\x06\x05"


def picture(number: int, message: int = 1) -> bytes:
    return HEAD + bytes([message]) + b"\0\0\0\1\x65" + number.to_bytes(4, "big") * 100


def told(payloads: list[bytes], *, played: list[int] | None = None) -> list[Sight]:
    """What is made of these key frames, one a second."""
    replays = Replays()
    rounds = played or [0] * len(payloads)
    arrivals = [Arrival(av.Packet(0), payload, True, float(s), rounds[s]) for s, payload in enumerate(payloads)]
    return [sight for arrival in arrivals for sight in replays.take(arrival, FORMAT)] + replays.finish()


def living(first: int, last: int) -> list[bytes]:
    return [picture(number, number % 7 + 1) for number in range(first, last)]


def test_a_loop_is_one_replay_from_the_first_picture_that_came_again() -> None:
    sights = told(living(100, 110) * 3 + living(200, 205))
    assert {sight.kind for sight in sights} == {Kind.REPLAYED}
    assert [sight.phase for sight in sights if sight.phase is not Phase.EXTENDED] == [Phase.OPENED, Phase.CLOSED]
    assert (sights[0].start_s, sights[0].end_s, sights[-1].end_s) == (10, 12, 29)


def test_a_loop_whose_messages_differ_is_a_replay_all_the_same() -> None:
    once = living(100, 110)
    again = [picture(number, 9) for number in range(100, 110)]
    assert [sight.kind for sight in told(once + again)][:1] == [Kind.REPLAYED]


def test_single_pictures_that_came_before_are_nothing() -> None:
    seen = living(100, 120)
    assert told([*seen, seen[3], *living(120, 125), seen[9], seen[2], seen[17], *living(125, 130)]) == []


def test_one_picture_again_and_again_is_frozen_also_where_key_frames_are_numbered_in_turns() -> None:
    for standing in ([picture(7)], [picture(7), picture(8)]):
        sights = told(living(100, 105) + standing * 8)
        assert {sight.kind for sight in sights} == {Kind.FROZEN}
        assert sights[0].end_s - 5 <= 10, "within ten seconds"


def test_flat_pictures_and_a_played_files_next_round_are_nothing() -> None:
    flat = HEAD + b"\1\0\0\0\1\x65" + b"\7" * 60
    assert told([flat] * 20) == []
    assert told(living(100, 110) * 2, played=[0] * 10 + [1] * 10) == []
    assert told(living(100, 105) * 3, played=[0] * 5 + [1] * 10)[0].kind is Kind.REPLAYED, "a loop within one round is one"
