"""The gaze: what it decodes, what it goes back for, and that nothing is lost by it."""

from collections.abc import Iterator
from pathlib import Path

import av
import numpy as np
import pytest

from camera.events import Kind, Phase, Sight
from camera.eyes.eyes import Eyes
from camera.journal import WatchedHow
from camera.looking.gate import Gate
from camera.looking.gaze import LEARN_EVERY_S, START_S, Gaze
from camera.looking.scan import scan
from camera.streams.decoding import decoder_for
from camera.streams.stream import Format
from tests.camera.encodings import FOOTAGE, Codec, Encoding, Piece, Rate
from tests.camera.equality import compare
from tests.camera.rig import write_video

FPS = 10
QUIET_FROM_S = START_S + 4


def packets(path: Path) -> Iterator[tuple[bytes, bool, float]]:
    with av.open(str(path)) as container:
        for packet in container.demux(video=0):
            if packet.size and packet.pts is not None:
                yield bytes(packet), packet.is_keyframe, float(packet.pts * packet.time_base)


def format_of(path: Path) -> Format:
    with av.open(str(path)) as container:
        context = container.streams.video[0].codec_context
        return Format(context.name, context.width, context.height, bytes(context.extradata or b""))


def watch(path: Path, gaze: Gaze) -> tuple[list[Sight], list[int]]:
    """The closed events, and how many pictures had been decoded after each packet."""
    sights, decoded, at_s = [], [], 0.0
    for payload, key, at_s in packets(path):
        sights += gaze.take(payload, key, at_s)
        decoded.append(gaze.pictures)
    return [sight for sight in [*sights, *gaze.finish(at_s)] if sight.phase is Phase.CLOSED], decoded


@pytest.fixture(scope="module")
def visit(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """50 s of a grainy room at 10 pictures a second, a key frame each second; somebody is there from 40.4 to 44.4."""
    path = tmp_path_factory.mktemp("gaze") / "visit.mp4"
    write_video(path, seconds=50, fps=FPS, walks=((40.4, 44.4),))
    return path


def test_a_quiet_stream_costs_its_key_frames_and_a_visit_is_seen_from_its_first_picture(visit: Path) -> None:
    stream_format = format_of(visit)
    gaze = Gaze(stream_format, Eyes())
    events, decoded = watch(visit, gaze)
    everything, _ = watch(visit, Gaze(stream_format, Eyes(), sparing=False))
    assert [event.kind for event in events] == [Kind.MOTION]
    assert [(event.start_s, event.end_s) for event in events] == [(event.start_s, event.end_s) for event in everything]
    assert gaze.how is WatchedHow.PACKETS
    begin, end = round(QUIET_FROM_S * FPS), 40 * FPS
    assert decoded[end] - decoded[begin] < (end - begin) / 2
    # It woke within half a second, and by then had looked at the kept pictures of this group and the one before.
    assert decoded[409] - decoded[403] >= 10


def test_packets_that_are_slept_through_change_nothing(visit: Path) -> None:
    stream_format = format_of(visit)
    handed, gaze = [], Gaze(stream_format, Eyes())
    slept = 0
    for payload, key, at_s in packets(visit):
        if not gaze.sleeps_through(payload, key, at_s):
            handed += gaze.take(payload, key, at_s)
            continue
        slept += 1
        if gaze.stirred:
            handed += gaze.rouse(at_s)
    plain = Gaze(stream_format, Eyes())
    taken = [sight for packet in packets(visit) for sight in plain.take(*packet)]
    assert handed == taken != []
    assert gaze.pictures == plain.pictures
    assert slept > 5 * FPS


def test_a_key_frame_that_gives_no_picture_wakes_the_eyes(visit: Path) -> None:
    gaze = Gaze(format_of(visit), Eyes())
    broken_s = QUIET_FROM_S + 4
    decoded = {}
    for payload, key, at_s in packets(visit):
        gaze.take(b"\0\0\0\1\x65" + bytes(400) if key and at_s == broken_s else payload, key, at_s)
        decoded[round(at_s, 1)] = gaze.pictures
    assert decoded[broken_s - 0.1] - decoded[broken_s - 2] <= 2
    assert decoded[broken_s + 2.9] - decoded[broken_s + 1] >= 15


def test_a_small_stream_is_decoded_whole_and_looked_at_seldom_while_nothing_is_seen(visit: Path) -> None:
    stream_format = format_of(visit)
    gaze = Gaze(stream_format, Eyes(), small=True)
    waits, pictures = [], []
    for payload, key, at_s in packets(visit):
        assert not gaze.sleeps_through(payload, key, at_s)
        waits.append(gaze.may_wait(key, at_s))
        gaze.take(payload, key, at_s)
        pictures.append(gaze.pictures)
    asleep = slice(round((START_S + 8) * FPS), 40 * FPS)
    assert [after - before for before, after in zip(pictures[asleep], pictures[asleep][1:], strict=False)].count(1) == 8 * FPS - 1
    assert waits[asleep].count(True) >= 4 * FPS
    assert not any(waits[41 * FPS : 44 * FPS])


def test_the_scan_of_a_file_may_be_sparing(visit: Path) -> None:
    assert [(event.start_s, event.end_s) for event in scan(visit, sparing=True)] == [(event.start_s, event.end_s) for event in scan(visit)]


def test_a_damaged_packet_is_passed_over(visit: Path) -> None:
    gaze = Gaze(format_of(visit), Eyes())
    sights = []
    for number, (payload, key, at_s) in enumerate(packets(visit)):
        sights += gaze.take(payload[: len(payload) // 3] if number in (15, 355, 406) else payload, key, at_s)
    assert Kind.MOTION in {sight.kind for sight in sights if sight.phase is Phase.OPENED}


@pytest.mark.parametrize(("armed", "how"), [(True, WatchedHow.EVERY_PICTURE), (False, WatchedHow.KEY_FRAMES)])
def test_of_long_groups_an_armed_room_has_every_picture_looked_at(tmp_path: Path, armed: bool, how: WatchedHow) -> None:
    path = tmp_path / "long.mp4"
    write_video(path, seconds=48, fps=5)  # key frames a second apart, made four by playing it slowly
    gaze = Gaze(format_of(path), Eyes(), armed=armed)
    slow = [(payload, key, at_s * 4) for payload, key, at_s in packets(path)]
    for payload, key, at_s in slow:
        gaze.take(payload, key, at_s)
    assert gaze.how is how
    assert (gaze.pictures >= len(slow)) is armed


def test_a_room_that_is_armed_is_looked_at_whole_at_once(tmp_path: Path) -> None:
    path = tmp_path / "long.mp4"
    write_video(path, seconds=48, fps=5)
    gaze = Gaze(format_of(path), Eyes(), armed=False)
    slow = [(payload, key, at_s * 4) for payload, key, at_s in packets(path)]
    for payload, key, at_s in slow[:-3]:
        gaze.take(payload, key, at_s)
    gaze.armed = True
    before = gaze.pictures
    gaze.take(*slow[-3])
    assert gaze.how is WatchedHow.EVERY_PICTURE
    assert gaze.pictures == before + 3  # the kept key frame again, and the two pictures behind it


def test_pictures_that_stand_alone_are_decoded_as_the_eyes_want_them(tmp_path: Path) -> None:
    path = tmp_path / "alone.avi"
    with av.open(str(path), "w") as container:
        stream = container.add_stream("mjpeg", rate=25)
        stream.width, stream.height, stream.pix_fmt = 64, 48, "yuvj420p"
        for _ in range(50):
            container.mux(stream.encode(av.VideoFrame.from_ndarray(np.full((72, 64), 90, np.uint8), format="yuvj420p")))
        container.mux(stream.encode(None))
    gaze = Gaze(format_of(path), Eyes())
    _, decoded = watch(path, gaze)
    assert (decoded[-1], gaze.how) == (17, WatchedHow.EVERY_PICTURE)


def test_a_group_is_looked_at_whole_from_time_to_time(visit: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(Gate, "tells", True)
    gaze = Gaze(format_of(visit), Eyes())
    quiet = [packet for packet in packets(visit) if packet[2] < 40]
    decoded = []
    for turn in range(6):
        for payload, key, at_s in quiet:
            gaze.take(payload, key, at_s + turn * 40)
            decoded.append(gaze.pictures)
    asleep = decoded[round(QUIET_FROM_S * FPS) :]
    groups = [after - before for before, after in zip(asleep[::FPS], asleep[FPS::FPS], strict=False)]
    assert groups.count(1) > len(groups) / 2
    assert max(groups) >= FPS
    assert len(groups) > LEARN_EVERY_S


def test_the_decoder_without_loop_filter_is_for_the_same_pictures(visit: Path) -> None:
    plain, blocky = (decoder_for(format_of(visit), loop_filter=loop_filter) for loop_filter in (True, False))
    assert (plain.options.get("skip_loop_filter"), blocky.options["skip_loop_filter"]) == (None, "all")


# --- the gate's statistics ----------------------------------------------------------------------------------------------------


def fed(gate: Gate, groups: int, *, balanced: bool = False, begin_s: float = 0.0) -> float:
    """Quiet groups of 25 packets a second; balanced: of one size together. Returns when they end."""
    random = np.random.default_rng(4)
    at_s = begin_s
    for _ in range(groups):
        sizes = np.array([40_000, *([3000] * 24)]) * random.lognormal(0, 0.1, 25)
        if balanced:
            sizes *= 112_000 / sizes.sum()
        for place, size in enumerate(sizes):
            gate.add(round(size), place == 0, at_s)
            at_s += 0.04
    return at_s


@pytest.mark.parametrize("factor", [2.0, 0.5], ids=["more", "less"])
def test_sizes_stir_within_half_a_second_and_not_before(factor: float) -> None:
    gate = Gate()
    at_s = fed(gate, 40)
    assert gate.tells
    gate.add(40_000, True, at_s)
    stirred = []
    for number in range(1, 13):
        gate.add(round(3000 * factor), False, at_s + number * 0.04)
        stirred.append(gate.stirred)
    assert not stirred[0]
    assert stirred[-1]


def test_groups_of_one_size_are_not_trusted_until_they_have_told_of_events() -> None:
    gate = Gate()
    at_s = fed(gate, 20, balanced=True)
    assert not gate.tells
    for _ in range(3):
        begun_s = at_s + 0.04
        gate.add(40_000, True, at_s)
        for number in range(1, 25):
            gate.add(9000, False, at_s + number * 0.04)
        gate.moved()
        gate.began(begun_s)
        at_s = fed(gate, 6, balanced=True, begin_s=at_s + 1)
    assert gate.tells


def test_sizes_that_told_of_no_event_are_trusted_no_longer() -> None:
    gate = Gate()
    at_s = fed(gate, 20)
    assert gate.tells
    gate.began(at_s + 1)
    fed(gate, 4, begin_s=at_s)
    assert not gate.tells


# --- nothing lost -------------------------------------------------------------------------------------------------------------


@pytest.mark.skipif(not FOOTAGE.is_dir(), reason="the labelled footage (../shared/footage) is not on this machine")
@pytest.mark.parametrize(
    ("codec", "rate", "night"),
    [("libx264", "quality", False), ("libx264", "quality", True), ("libx264", "constant", False), ("libx265", "quality", False)],
)
def test_the_events_with_the_gate_are_those_without(codec: Codec, rate: Rate, night: bool, tmp_path: Path) -> None:
    piece = Piece("intel_bottle-detection.mp4", 0.0, 8.0, run_in_s=32.0)
    encoding = Encoding(codec, 25, rate, night, size=(320, 180), bits_per_pixel=0.1)
    result = compare(piece, encoding, tmp_path)
    assert result["verdict"] == "equal", result
    assert len(result["without"]) >= 1
    if rate == "quality" and not night:
        assert result["how"] == WatchedHow.PACKETS
        assert result["decoded_pct"] < 95
