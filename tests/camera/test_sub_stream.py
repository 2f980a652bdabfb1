"""The small stream: watched once its eyes know the scene, and the main stream as soon as it is gone."""

import time
from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

import camera.looking.sub_stream
from camera.events import Sight
from camera.journal import WatchedHow
from camera.looking.remembered_view import RememberedView
from camera.looking.watching import Plan, Tellers, Watching
from camera.streams.stream import Source, Stream
from camera.view import EVERYTHING
from storage.database import Database
from storage.watch.events import events_between
from storage.watch.gaps import gaps_between
from storage.watch.states import camera_states
from tests.camera.rig import PATIENCE_S, enter_camera, free_port, recorder, wait_until, write_video
from tests.faults.hostile_rtsp import FPS, Conduct, HostileCamera, Picture, ResetLine, film, sent

SETTLE_S = 1.0


@pytest.fixture(scope="module")
def video(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A quiet room for 20 s."""
    path = tmp_path_factory.mktemp("streams") / "room.mp4"
    write_video(path, seconds=20)
    return path


@pytest.fixture(scope="module")
def small(video: Path) -> list[Picture]:
    return film(video, size=(160, 90))


@pytest.fixture
def main(video: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Stream]:
    """The camera's main stream; the small one counts after a second and is tried again after a fifth of one."""
    monkeypatch.setattr(camera.looking.sub_stream, "SETTLE_S", SETTLE_S)
    monkeypatch.setattr(camera.looking.sub_stream, "RETRY_S", (0.2,))
    with Stream(Source(video.as_uri())) as stream:
        yield stream


class Watched:
    """A camera that is watched: its main stream goes on while something is waited for. hows: how it was watched, one after the other."""

    def __init__(self, main: Stream, sub_address: str, folder: Path) -> None:
        self._main = main
        self._sights: list[Sight] = []
        self.watching = Watching(
            Plan(EVERYTHING, RememberedView(folder)),
            True,
            Source(sub_address),
            Tellers(lambda: self._sights.append, lambda _at_s, _cells: None),
        )
        self.hows: list[WatchedHow | None] = []

    def __enter__(self) -> "Watched":
        self.watching.begin(self._main.format)
        return self

    def __exit__(self, *_: object) -> None:
        self.watching.stop()

    def until(self, done: Callable[[], bool], what: str) -> None:
        end_s = time.monotonic() + PATIENCE_S
        for arrival in self._main.arrivals():
            self.watching.add(arrival)
            if self.hows[-1:] != [self.watching.how]:
                self.hows.append(self.watching.how)
            if done():
                return
            assert time.monotonic() < end_s, f"waited in vain for {what}"


def ending(pictures: list[Picture]) -> Iterator[bytes]:
    yield from sent(pictures)
    raise ResetLine


def test_the_small_stream_is_watched_after_settling_and_the_main_stream_as_soon_as_it_ends(
    main: Stream, small: list[Picture], tmp_path: Path
) -> None:
    plays = Conduct(lambda call: ending(small[: 4 * FPS]) if call == 0 else sent(small))
    with HostileCamera(plays) as sub, Watched(main, sub.address, tmp_path) as watched:
        watched.until(lambda: watched.hows[-1] is WatchedHow.SUB_STREAM, "the small stream")
        assert datetime.now(UTC) - sub.called_at[0] >= timedelta(seconds=SETTLE_S)
        assert watched.hows[0] is not WatchedHow.SUB_STREAM, "until then the main stream is watched"
        watched.until(lambda: watched.hows[-1] is not WatchedHow.SUB_STREAM, "its end")
        assert watched.hows[-1] is not None, "the room is never unwatched"
        watched.until(lambda: watched.hows[-1] is WatchedHow.SUB_STREAM, "its return")
        assert len(sub.called_at) == 2
    assert None not in watched.hows


def test_a_small_stream_that_falls_silent_is_not_waited_for(main: Stream, small: list[Picture], tmp_path: Path) -> None:
    with HostileCamera(Conduct(lambda _: sent(small[: 3 * FPS]))) as sub, Watched(main, sub.address, tmp_path) as watched:
        watched.until(lambda: watched.hows[-1] is WatchedHow.SUB_STREAM, "the small stream")
        watched.until(lambda: watched.hows[-1] is not WatchedHow.SUB_STREAM, "the main stream")
        assert len(sub.called_at) == 1, "its line is still open"


def test_a_small_stream_that_is_not_there_changes_nothing(main: Stream, tmp_path: Path) -> None:
    with Watched(main, f"rtsp://127.0.0.1:{free_port()}/small", tmp_path) as watched:
        looks = iter(range(20))
        watched.until(lambda: next(looks) == 19, "twenty packets")
    assert WatchedHow.SUB_STREAM not in watched.hows
    assert None not in watched.hows


def test_while_the_main_stream_is_away_the_small_one_is_not_called(main: Stream, small: list[Picture], tmp_path: Path) -> None:
    with HostileCamera(Conduct(lambda _: ending(small[:5]))) as sub:
        watched = Watched(main, sub.address, tmp_path)
        assert sub.called_at == []
        with watched:
            wait_until(lambda: len(sub.called_at) >= 2, "tries of the small stream")
            watched.watching.end()
            wait_until(lambda: watched.watching.how is None, "the end of looking")
        calls = len(sub.called_at)
    assert len(sub.called_at) == calls, "stopped means stopped"


def test_arming_reaches_the_eyes_on_both_streams(main: Stream, small: list[Picture], tmp_path: Path) -> None:
    with HostileCamera(Conduct(lambda _: sent(small))) as sub, Watched(main, sub.address, tmp_path) as watched:
        small_stream = watched.watching._sub
        assert small_stream
        watched.until(lambda: small_stream.looking is not None and watched.watching._looking is not None, "eyes on both")
        looking = [small_stream.looking, watched.watching._looking]
        for armed in (False, True):
            watched.watching.armed = armed
            assert [eyes.armed for eyes in looking if eyes] == [armed, armed]


def test_a_recorded_camera_is_watched_by_its_small_stream_and_by_the_main_one_when_that_is_gone(
    database: Database, video: Path, tmp_path: Path
) -> None:
    """Nobody walks in the main stream: the visit can only have been seen in the small one."""
    write_video(tmp_path / "visit.mp4", seconds=16, walks=((11.5, 14),))
    visit = film(tmp_path / "visit.mp4")
    hows = [""]

    def watched_how() -> str:
        hows.extend(state.watched_how for state in camera_states(database) if state.watched_how != hows[-1])
        return hows[-1]

    begun = datetime.now(UTC)
    with HostileCamera(Conduct(lambda call: ending(visit) if call == 0 else ())) as sub:
        plan = replace(enter_camera(database, video.as_uri()), sub_address=sub.address)
        with recorder(database, tmp_path / "recordings", [plan]):
            wait_until(lambda: watched_how() == "sub_stream", "the small stream")
            wait_until(lambda: watched_how() not in ("sub_stream", ""), "the main stream")
    assert hows[1] != "sub_stream", "while the small one settles, the main one is watched"
    assert [event.kind for event in events_between(database, begun, datetime.now(UTC)) if event.kind != "signal_lost"] == ["motion"]
    assert {gap.cause for gap in gaps_between(database, begun, datetime.now(UTC))} == {"starting", "recorder_stopped"}
