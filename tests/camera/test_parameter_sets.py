"""The head of a key frame: found in all three codecs, and in whatever bytes a hostile camera sends."""

from fractions import Fraction
from pathlib import Path
from typing import Any

import av
import numpy as np
import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from camera.streams.decoding import decode, decoder_for, drain
from camera.streams.parameter_sets import HEAD_UNITS, Head, head_of
from camera.streams.stream import Format
from tests.camera.rig import nal_units, write_video

START = b"\0\0\0\1"
NOTHING = Head(b"", b"", 0)
SPS, PPS, SLICE = b"\x67size", b"\x68kind", b"\x65picture"
HEVC_VPS, HEVC_SPS, HEVC_PPS, HEVC_SLICE = b"\x40\1video", b"\x42\1size", b"\x44\1kind", b"\x26\1picture"


def key_packet(encoder: str, width: int, height: int, options: dict[str, str]) -> bytes:
    """The first key frame of a grainy picture, with its parameter sets in the packet."""
    grain = np.random.default_rng(1).integers(0, 255, (height * 3 // 2, width), dtype=np.uint8)
    context = av.CodecContext.create(encoder, "w")
    assert isinstance(context, av.VideoCodecContext)
    context.width, context.height, context.time_base = width, height, Fraction(1, 10)
    context.pix_fmt = "yuvj420p" if encoder == "mjpeg" else "yuv420p"
    context.options = options
    frame = av.VideoFrame.from_ndarray(grain, format="yuv420p").reformat(format=context.pix_fmt)
    frame.pts, frame.time_base = 0, Fraction(1, 10)
    packets = context.encode(frame) or context.encode(None)
    return bytes(packets[0])


ENCODERS = {
    "h264": ("libx264", {"preset": "ultrafast", "tune": "zerolatency"}),
    "hevc": ("libx265", {"preset": "ultrafast", "tune": "zerolatency", "x265-params": "log-level=none:repeat-headers=1"}),
    "mjpeg": ("mjpeg", {}),
}


@pytest.mark.parametrize("codec", ENCODERS)
def test_a_real_key_frame_of_another_size_has_another_identity(codec: str) -> None:
    small, again, large = (
        head_of(codec, key_packet(ENCODERS[codec][0], *size, ENCODERS[codec][1])) for size in ((64, 48), (64, 48), (96, 64))
    )
    assert small.identity
    assert small == again
    assert small.identity != large.identity


@pytest.mark.parametrize("codec", ["h264", "hevc"])
def test_the_sets_of_a_real_key_frame_are_what_a_decoder_needs(codec: str) -> None:
    packet = key_packet(ENCODERS[codec][0], 64, 48, ENCODERS[codec][1])
    head = head_of(codec, packet)
    decoder = decoder_for(Format(codec, 0, 0, head.sets))
    frames = decode(decoder, START + packet[head.picture_at :], 0.0) + drain(decoder)
    assert [(frame.width, frame.height) for frame in frames] == [(64, 48)]


@pytest.mark.parametrize("marks", ["start codes", "lengths"])
def test_units_are_told_apart_however_they_are_marked(marks: str) -> None:
    def joined(*units: bytes) -> bytes:
        return b"".join((START if marks == "start codes" else len(unit).to_bytes(4, "big")) + unit for unit in units)

    delimiter, message = b"\x09\xf0", b"\x06message"
    packet = joined(delimiter, SPS, PPS, message, SLICE)
    assert head_of("h264", packet) == Head(SPS, START + SPS + START + PPS, packet.index(SLICE))
    packet = joined(HEVC_VPS, HEVC_SPS, HEVC_PPS, HEVC_SLICE)
    sets = START + HEVC_VPS + START + HEVC_SPS + START + HEVC_PPS
    assert head_of("hevc", packet) == Head(HEVC_VPS + HEVC_SPS, sets, packet.index(HEVC_SLICE))


def test_another_picture_parameter_set_is_no_other_stream() -> None:
    first, second = (head_of("h264", START + SPS + START + pps + START + SLICE) for pps in (b"\x68one", b"\x68two"))
    assert first.identity == second.identity
    assert first.sets != second.sets


def test_a_key_frame_without_sets_has_no_identity_and_begins_at_once() -> None:
    assert head_of("h264", START + SLICE) == Head(b"", b"", 4)
    assert head_of("hevc", START + HEVC_SLICE) == Head(b"", b"", 4)


def test_a_jpegs_identity_is_its_frame_header_whatever_stands_before_it() -> None:
    comment = b"\xff\xfe\0\5abc"
    frame = b"\xff\xc0\0\x0b\x08\0\x30\0\x40\1\1\x11\0"
    assert head_of("mjpeg", b"\xff\xd8" + comment + frame + b"\xff\xda").identity == frame
    assert head_of("mjpeg", b"\xff\xd8" + frame).identity == frame


def test_a_codec_that_is_not_known_has_no_head() -> None:
    assert head_of("vp9", START + SPS + START + SLICE) == NOTHING


MARKED = st.lists(
    st.sampled_from([b"\0\0\1", START, b"\0\0\0", SPS, HEVC_SPS, b"\xff\xd8", b"\xff\xc0", b"\0\0\0\2", b"\xff\xff"])
    | st.binary(max_size=8)
)


@given(st.sampled_from(["h264", "hevc", "mjpeg", "vp9"]), st.binary(max_size=300) | MARKED.map(b"".join))
@example("h264", b"")
@example("h264", b"\xff\xff\xff\xff")
@example("hevc", b"\0\0\1")
@example("mjpeg", b"\xff\xd8\xff\xc0\xff\xff")
@example("mjpeg", b"\xff\xd8\xff")
def test_whatever_comes_the_head_lies_in_the_packet(codec: str, packet: bytes) -> None:
    head = head_of(codec, packet)
    assert 0 <= head.picture_at <= len(packet)
    assert len(head.identity) <= len(packet)
    assert head_of(codec, packet) == head


class Counted(bytes):
    """Bytes that count how many of them were looked at: the length of every slice, and of every stretch that was searched."""

    looked_at = 0

    def __getitem__(self, key: Any) -> Any:
        got = super().__getitem__(key)
        self.looked_at += len(got) if isinstance(got, bytes) else 1
        return got

    def find(self, sub: Any, start: Any = 0, end: Any = None) -> int:
        found = super().find(sub, start, end)
        until = found if found >= 0 else min(len(self), len(self) if end is None else end)
        self.looked_at += max(0, until - start)
        return found


HUGE = 4_000_000


@pytest.mark.parametrize(
    ("codec", "packet"),
    [
        pytest.param("h264", START + b"\x06" + bytes([1]) * HUGE, id="a message without end"),
        pytest.param("h264", (START + SPS) * (HUGE // 9), id="sizes without end"),
        pytest.param("hevc", (START + HEVC_SPS) * (HUGE // 10), id="sizes without end, H.265"),
        pytest.param("h264", b"\0\0\0\2\x06x" * (HUGE // 6), id="lengths without end"),
        pytest.param("h264", b"\xff\xff\xff\xff" + bytes([6]) * HUGE, id="a length beyond the packet"),
        pytest.param("h264", START + bytes(HUGE), id="zeros"),
        pytest.param("mjpeg", b"\xff\xd8" + b"\xff\xfe\0\2" * (HUGE // 4), id="comments without end"),
    ],
)
def test_a_huge_packet_costs_no_more_than_its_head(codec: str, packet: bytes) -> None:
    counted = Counted(packet)
    head_of(codec, counted)
    assert counted.looked_at <= (HEAD_UNITS + 1) * 2 * 4096 + 64


def test_a_real_file_says_where_its_pictures_begin(tmp_path: Path) -> None:
    write_video(tmp_path / "room.mp4", seconds=2)
    with av.open(str(tmp_path / "room.mp4")) as container:
        keys = [bytes(packet) for packet in container.demux(video=0) if packet.size and packet.is_keyframe]
    assert len(keys) == 2
    for key in keys:
        assert key[head_of("h264", key).picture_at] & 31 == 5
        assert nal_units(key)[-1][0] & 31 == 5
