"""The recorder's workers and its relay, with a file that is played as if it were a camera."""

import base64
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import av
import pytest
import zmq

from camera.footage.playback import File, pictures
from camera.live.pictures import LivePictures, Notice, _Tile
from camera.live.relay import ROWS, Relay, RelayDoor
from camera.message import Header
from camera.recording.worker_process import CameraPlan
from storage.database import Database
from storage.watch.gaps import Gap, gaps_between
from storage.watch.segments import Footage, footage_between
from storage.watch.states import camera_states
from tests.camera.rig import PATIENCE_S, RunningRecorder, enter_camera, kill_process, recorder, wait_until, worker_pids, write_video


@pytest.fixture
def plan(database: Database, tmp_path: Path) -> CameraPlan:
    video = tmp_path / "scene.mp4"
    write_video(video, seconds=12, walks=((4, 7),))
    return enter_camera(database, video.as_uri())


@pytest.fixture
def running(database: Database, plan: CameraPlan, tmp_path: Path) -> Iterator[RunningRecorder]:
    with recorder(database, tmp_path / "recordings", [plan]) as started:
        wait_until(lambda: any(state.state == "live" for state in camera_states(database)), "the first packet")
        yield started


def test_a_window_sees_live_pictures_at_tile_size_and_is_told_of_rows(database: Database, running: RunningRecorder) -> None:
    live = LivePictures(lambda: [running.door] if running.door else [])
    live.start()
    try:
        live.show({1: (160, 160)})
        wait_until(lambda: live.newest(1) is not None, "a live picture")
        picture = live.newest(1)
        assert picture is not None
        assert picture.rgb32.shape == (90, 160, 4)
        assert datetime.now(UTC) - picture.at < timedelta(seconds=5)
        wait_until(lambda: (later := live.newest(1)) is not None and later.number > picture.number, "the next picture")
        wait_until(lambda: any(notice.table == "alarm" for notice in live.drain()), "the alarm's notice")
        live.show({})
        wait_until(lambda: live.newest(1) is None, "the end of decoding")
    finally:
        live.stop()


def test_who_does_not_hold_the_windows_key_is_told_nothing(running: RunningRecorder) -> None:
    assert running.door is not None
    stranger_public, stranger_secret = zmq.curve_keypair()
    with zmq.Context() as context, context.socket(zmq.SUB) as socket:
        monitor = socket.get_monitor_socket(zmq.EVENT_HANDSHAKE_FAILED_AUTH | zmq.EVENT_HANDSHAKE_SUCCEEDED)
        socket.setsockopt(zmq.CURVE_SERVERKEY, running.door.public_key.encode())
        socket.setsockopt(zmq.CURVE_SECRETKEY, stranger_secret)
        socket.setsockopt(zmq.CURVE_PUBLICKEY, stranger_public)
        socket.setsockopt(zmq.SUBSCRIBE, b"")
        socket.setsockopt(zmq.LINGER, 0)
        socket.connect(running.door.address)
        from zmq.utils.monitor import recv_monitor_message

        assert monitor.poll(int(PATIENCE_S * 1000))
        assert recv_monitor_message(monitor)["event"] == zmq.EVENT_HANDSHAKE_FAILED_AUTH
        socket.disable_monitor()
        monitor.close()


def test_a_killed_worker_is_back_and_the_gap_says_so(database: Database, plan: CameraPlan, running: RunningRecorder) -> None:
    begun = datetime.now(UTC)
    (pid,) = worker_pids()
    kill_process(pid)
    wait_until(lambda: any(gap.ended_at for gap in _worker_gaps(database)), "the worker's return")
    (lost,) = _worker_gaps(database)
    assert lost.ended_at is not None
    assert lost.started_at < lost.ended_at
    assert lost.ended_at > begun
    assert worker_pids() != [pid]


def test_the_gap_of_a_killed_worker_begins_where_its_footage_ends(database: Database, running: RunningRecorder) -> None:
    wait_until(lambda: any(file.ended_at - file.started_at > timedelta(seconds=3) for file in _footage(database)), "a fragment on the disk")
    (pid,) = worker_pids()
    kill_process(pid)
    wait_until(lambda: bool(_worker_gaps(database)), "the gap")
    (lost,) = _worker_gaps(database)
    assert lost.started_at in [file.ended_at for file in _footage(database)]


def _worker_gaps(database: Database) -> list[Gap]:
    now = datetime.now(UTC)
    return [gap for gap in gaps_between(database, now - timedelta(hours=1), now) if gap.cause == "worker_lost"]


def test_the_growing_segment_can_be_played_back(database: Database, tmp_path: Path, running: RunningRecorder) -> None:
    wait_until(lambda: bool(_footage(database)), "a growing file")
    footage = _footage(database)
    files = [File(tmp_path / "recordings" / file.path, file.started_at) for file in footage]
    begin = footage[0].started_at
    wait_until(lambda: len(list(pictures(files, begin, begin + timedelta(seconds=2), (320, 180)))) >= 10, "two seconds of footage")


def _footage(database: Database) -> list[Footage]:
    now = datetime.now(UTC)
    return footage_between(database, 1, now - timedelta(hours=1), now)


def test_a_camera_whose_codec_is_not_known_leaves_the_window_its_notices() -> None:
    relay = Relay()
    live = LivePictures(lambda: [relay.door])
    live.start()
    live.show({1: (160, 160)})
    header = {"number": 1, "key": True, "at": "2026-11-22T00:00:00+00:00", "codec": "no_such", "extradata": ""}
    wait_until(lambda: any(on for _, on in relay.wishes()), "the wish")
    heard: list[Notice] = []

    def told() -> bool:
        relay.packet(1, header, b"x")
        if len(heard) < 10:
            relay.notice("gap", 7)
        heard.extend(live.drain())
        return len(heard) >= 10

    wait_until(told, "ten notices")
    live.stop()
    relay.close()


def live_packets(video: Path) -> list[tuple[Header, bytes]]:
    """Three seconds of a camera as they come over the relay; a key frame every ten."""
    write_video(video, seconds=3)
    with av.open(str(video)) as container:
        extradata = base64.b64encode(container.streams.video[0].codec_context.extradata or b"").decode()
        sent = [(packet.is_keyframe, bytes(packet)) for packet in container.demux(video=0) if packet.size]
    said = {"at": "2026-11-22T00:00:00+00:00", "codec": "h264", "extradata": extradata}
    return [(said | {"number": number, "key": key}, payload) for number, (key, payload) in enumerate(sent)]


def test_a_camera_that_lost_a_packet_is_shown_again_from_the_next_key_frame_on(tmp_path: Path) -> None:
    tile, packets = _Tile(), live_packets(tmp_path / "scene.mp4")
    shown = [tile.take(header, payload) for header, payload in packets if header["number"] != 5]
    assert shown == [True] * 5 + [False] * 4 + [True] * 20


def test_a_window_that_is_behind_shows_key_frames_until_it_is_not(tmp_path: Path) -> None:
    tile, packets = _Tile(), live_packets(tmp_path / "scene.mp4")
    shown = [tile.take(header, payload, behind=5 <= header["number"] < 15) for header, payload in packets]
    assert shown == [True] * 5 + [False] * 5 + [True] + [False] * 9 + [True] * 10


def test_a_relay_publishes_rows_to_who_holds_the_key() -> None:
    relay = Relay()
    live = LivePictures(lambda: [relay.door])
    live.start()
    heard: list[Notice] = []

    def told() -> bool:
        relay.notice("gap", 7)
        heard.extend(live.drain())
        return bool(heard)

    wait_until(told, "a notice")
    live.stop()
    relay.close()
    assert heard[0] == Notice("gap", 7)
    assert ROWS == b"rows"
    assert "secret" not in repr(RelayDoor("a", "b", "secret"))
