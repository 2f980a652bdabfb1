"""Whether a stream is still what it was: within a connection by its parameter sets, over restarts by what is kept beside the recordings."""

import json
from dataclasses import replace
from pathlib import Path

import av
import pytest

from camera.streams.stream import Arrival, Format, Source, Stream
from camera.streams.stream_format import NAME, FormatWatch, KnownFormat
from tests.camera.rig import write_video
from tests.camera.test_parameter_sets import ENCODERS, key_packet

ADDRESS = "rtsp://10.0.0.7/1"
PROMISED = Format("h264", 64, 48, b"promised")


def arrival(payload: bytes) -> Arrival:
    return Arrival(av.Packet(payload), payload, True, 0.0)


def picture(width: int, height: int, codec: str = "h264") -> Arrival:
    return arrival(key_packet(ENCODERS[codec][0], width, height, ENCODERS[codec][1]))


def test_the_same_camera_all_day_is_the_same_stream() -> None:
    watch = FormatWatch(PROMISED)
    assert [watch.changed(picture(64, 48)) for _ in range(3)] == [False] * 3


def test_other_sets_than_the_promised_ones_are_no_change() -> None:
    watch = FormatWatch(PROMISED)
    before = watch.identity
    assert not watch.changed(picture(64, 48))
    assert watch.identity != before, "what really comes is what is known"
    assert watch.format == PROMISED


@pytest.mark.parametrize("codec", ["h264", "hevc"])
def test_another_size_in_mid_stream_is_noticed_at_its_first_key_frame(codec: str) -> None:
    watch = FormatWatch(replace(PROMISED, codec=codec))
    watch.changed(picture(64, 48, codec))
    before = watch.identity
    assert watch.changed(picture(96, 64, codec))
    assert (watch.format.width, watch.format.height) == (96, 64)
    assert watch.format.extradata != b"promised"
    assert watch.identity != before
    assert not watch.changed(picture(96, 64, codec))
    assert watch.changed(picture(64, 48, codec)), "and the way back"


def test_a_jpeg_of_another_size_is_another_stream() -> None:
    watch = FormatWatch(replace(PROMISED, codec="mjpeg", extradata=b""))
    assert not watch.changed(picture(64, 48, "mjpeg"))
    assert watch.changed(picture(96, 64, "mjpeg"))
    assert (watch.format.width, watch.format.height) == (96, 64)


def test_key_frames_without_sets_change_nothing() -> None:
    watch = FormatWatch(PROMISED)
    slice_only = arrival(b"\0\0\0\1\x65picture")
    assert not watch.changed(slice_only)
    assert not watch.changed(picture(64, 48))
    assert not watch.changed(slice_only)
    assert not watch.changed(picture(64, 48))


def test_sets_of_which_no_picture_can_be_made_are_a_change_and_no_fault() -> None:
    watch = FormatWatch(PROMISED)
    watch.changed(picture(64, 48))
    assert watch.changed(arrival(b"\0\0\0\1\x67broken\0\0\0\1\x68broken\0\0\0\1\x65broken"))
    assert (watch.format.width, watch.format.height) == (64, 48), "the size stays what was last known"


def test_a_stream_without_sets_is_known_by_what_was_promised() -> None:
    assert FormatWatch(PROMISED).identity != FormatWatch(replace(PROMISED, extradata=b"other")).identity
    assert FormatWatch(PROMISED).identity != FormatWatch(replace(PROMISED, codec="hevc")).identity
    assert FormatWatch(PROMISED).identity != FormatWatch(replace(PROMISED, width=1920)).identity


def test_what_a_camera_sent_is_known_after_a_restart(tmp_path: Path) -> None:
    folder = tmp_path / "site" / "camera-1"
    assert not KnownFormat(folder, ADDRESS).differs("h264 64x48 a"), "nothing was known"
    assert not KnownFormat(folder, ADDRESS).differs("h264 64x48 a")
    assert KnownFormat(folder, ADDRESS).differs("hevc 64x48 a"), "another camera at the same address"
    assert not KnownFormat(folder, ADDRESS).differs("hevc 64x48 a"), "told once"


def test_another_address_may_send_something_else(tmp_path: Path) -> None:
    KnownFormat(tmp_path, ADDRESS).differs("h264 64x48 a")
    assert not KnownFormat(tmp_path, "rtsp://10.0.0.8/1").differs("hevc 96x64 b")
    assert KnownFormat(tmp_path, "rtsp://10.0.0.8/1").differs("h264 64x48 a")


@pytest.mark.parametrize("kept", [b"", b"{", b"[]", b"7", b"null", b'{"address": 7}', b"\xff\xfe\x00"])
def test_a_torn_or_foreign_file_counts_as_nothing_known(tmp_path: Path, kept: bytes) -> None:
    (tmp_path / NAME).write_bytes(kept)
    assert not KnownFormat(tmp_path, ADDRESS).differs("h264 64x48 a")
    assert KnownFormat(tmp_path, ADDRESS).differs("h264 96x64 b"), "and is put right"


def test_the_kept_file_names_no_camera(tmp_path: Path) -> None:
    KnownFormat(tmp_path, "rtsp://10.0.0.7/secret-path").differs("h264 64x48 a")
    kept = (tmp_path / NAME).read_text()
    assert "10.0.0.7" not in kept
    assert "secret-path" not in kept
    assert json.loads(kept)["format"] == "h264 64x48 a"
    assert [path.name for path in tmp_path.iterdir()] == [NAME], "nothing half-written is left"


def test_a_played_file_has_the_same_identity_each_time_it_begins_anew(tmp_path: Path) -> None:
    write_video(tmp_path / "room.mp4", seconds=2)
    with Stream(Source((tmp_path / "room.mp4").as_uri()), pause=lambda _: None) as stream:
        watch, identities = FormatWatch(stream.format), set()
        for coming in stream.arrivals():
            if coming.key:
                assert not watch.changed(coming)
                identities.add(watch.identity)
            if coming.played == 2:
                break
    assert len(identities) == 1
