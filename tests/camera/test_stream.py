"""Opening streams that do not answer, say nothing, or are something else: a cause, a sentence, and no password in it."""

import socket
import threading
import time
import traceback
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

import camera.streams.stream
from camera.journal import Cause
from camera.streams.stream import Source, Stream, StreamError
from tests.camera.rig import free_port, write_video
from tests.faults.hostile_rtsp import OK, Conduct, HostileCamera, film, sent

PASSWORD = "ken" + "ari"  # in two parts, so that a traceback's source lines do not hold it


@contextmanager
def server(answer: bytes) -> Iterator[int]:
    """Answers every caller with the same bytes, then says nothing more and keeps the line open."""
    with socket.create_server(("127.0.0.1", 0)) as listening:
        lines: list[socket.socket] = []

        def serve() -> None:
            while True:
                try:
                    line, _ = listening.accept()
                except OSError:
                    return
                lines.append(line)
                if answer:
                    line.sendall(answer)

        thread = threading.Thread(target=serve)
        thread.start()
        try:
            yield listening.getsockname()[1]
        finally:
            listening.shutdown(socket.SHUT_RDWR)
            thread.join()
            for line in lines:
                line.close()


def failure(address: str) -> StreamError:
    with pytest.raises(StreamError) as failed, Stream(Source(address, "sari", PASSWORD)) as stream:
        for _ in stream.arrivals():
            pass
    assert PASSWORD not in "".join(traceback.format_exception(failed.value))
    return failed.value


def test_nobody_there() -> None:
    assert failure(f"rtsp://127.0.0.1:{free_port()}/1").cause is Cause.NOT_ANSWERING


@pytest.mark.parametrize("scheme", ["rtsp", "http"])
def test_a_camera_that_takes_the_call_and_says_nothing(monkeypatch: pytest.MonkeyPatch, scheme: str) -> None:
    monkeypatch.setattr(camera.streams.stream, "OPEN_S", 0.5)
    with server(b"") as port:
        assert failure(f"{scheme}://127.0.0.1:{port}/1").cause is Cause.NOT_ANSWERING


def test_a_refused_login() -> None:
    with server(b'HTTP/1.1 401 Unauthorized\r\nWWW-Authenticate: Basic realm="x"\r\nContent-Length: 0\r\n\r\n') as port:
        assert failure(f"http://127.0.0.1:{port}/video").cause is Cause.LOGIN_REFUSED


def test_an_answer_longer_than_it_says_is_no_refused_login() -> None:
    """libav answers it with -1, which is also the number of a permission that is refused."""
    body = b"Content-Length: 240\r\n\r\n" + b"\0m=\xc3\xbf\r\n" * 40
    with HostileCamera(Conduct(answer=("DESCRIBE", lambda: [OK.encode() + body]))) as talking:
        assert failure(talking.address).cause is Cause.UNREADABLE


def test_the_last_picture_before_a_silence_is_dated_when_it_came(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(camera.streams.stream, "READ_S", 1.5)
    write_video(tmp_path / "scene.mp4", seconds=1)
    pictures = film(tmp_path / "scene.mp4")
    arrived_s: list[float] = []
    with HostileCamera(Conduct(lambda _: sent(pictures))) as falls_silent, Stream(Source(falls_silent.address)) as stream:
        with pytest.raises(StreamError) as failed:
            for arrival in stream.arrivals():
                arrived_s.append(arrival.arrived_s)
        ended_s = time.monotonic()
    assert failed.value.cause is Cause.CAMERA_LOST
    assert len(arrived_s) == len(pictures)
    assert ended_s - arrived_s[-1] >= 1.5


def test_something_that_is_no_video() -> None:
    page = b"<html>selamat datang</html>" * 500
    with server(b"HTTP/1.1 200 OK\r\nContent-Length: %d\r\nConnection: close\r\n\r\n" % len(page) + page) as port:
        assert failure(f"http://127.0.0.1:{port}/").cause is Cause.UNREADABLE


def test_an_answer_cannot_lead_to_a_file_on_this_computer(tmp_path: Path) -> None:
    write_video(tmp_path / "secret.mp4", seconds=2)
    playlist = b"#EXTM3U\n#EXT-X-TARGETDURATION:2\n#EXTINF:2,\nfile://%s\n#EXT-X-ENDLIST\n" % bytes(tmp_path / "secret.mp4")
    head = b"HTTP/1.1 200 OK\r\nContent-Type: application/vnd.apple.mpegurl\r\nContent-Length: %d\r\nConnection: close\r\n\r\n"
    with server(head % len(playlist) + playlist) as port:
        assert failure(f"http://127.0.0.1:{port}/live.m3u8").cause in (Cause.UNREADABLE, Cause.NOT_ANSWERING)


def test_a_file_plays_in_real_time_and_begins_anew(tmp_path: Path) -> None:
    write_video(tmp_path / "scene.mp4", seconds=2)
    now_s, waits = [100.0], []

    def pause(seconds: float) -> None:
        waits.append(seconds)
        now_s[0] += seconds

    with Stream(Source((tmp_path / "scene.mp4").as_uri()), monotonic=lambda: now_s[0], pause=pause) as stream:
        arrivals = [arrival for arrival, _ in zip(stream.arrivals(), range(45), strict=False)]
    assert [arrival.arrived_s for arrival in arrivals] == pytest.approx([100 + number / 10 for number in range(45)])
    assert [number for number, arrival in enumerate(arrivals) if arrival.key] == [0, 10, 20, 30, 40]
    assert arrivals[0].payload == arrivals[20].payload
