"""What a view would have flagged on recorded pictures: the same eyes, the same film, other zones."""

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from io import BytesIO
from pathlib import Path

import av
import pytest

from camera.events import Kind
from camera.footage.playback import File
from camera.footage.preview import STILL, Film, Seen, preview, read_film
from camera.view import EVERYTHING, View, Zone
from tests.camera.rig import write_video

BEGUN = datetime(2026, 11, 21, 19, 51, tzinfo=UTC)
LEFT = ((0.0, 0.0), (0.4, 0.0), (0.4, 1.0), (0.0, 1.0))
# Above the head of the figure, which is as tall as from a third of the picture to three quarters.
ABOVE = ((0.0, 0.0), (1.0, 0.0), (1.0, 0.2), (0.0, 0.2))


@pytest.fixture(scope="module")
def files(tmp_path_factory: pytest.TempPathFactory) -> list[File]:
    """Sixteen seconds in two files, a few seconds apart; somebody crosses the picture in each."""
    folder = tmp_path_factory.mktemp("recordings")
    write_video(folder / "1.mp4", seconds=8, walks=((3.0, 6.0),))
    write_video(folder / "2.mp4", seconds=8, walks=((2.0, 5.0),))
    return [File(folder / "1.mp4", BEGUN), File(folder / "2.mp4", after(10))]


def after(seconds: float) -> datetime:
    return BEGUN + timedelta(seconds=seconds)


def untroubled() -> bool:
    return False


def told(_share: float) -> None:
    """Nobody is told."""


def read(files: list[File], from_at: datetime = BEGUN, until_at: datetime | None = None) -> Film:
    film = Film()
    assert read_film(film, files, from_at, until_at or after(18), progress=told, cancelled=untroubled)
    return film


def seen(film: Film, view: View) -> list[Seen]:
    found = preview(film, view, progress=told, cancelled=untroubled)
    assert found is not None
    return found


def asked_at(count: int) -> Callable[[], bool]:
    """Somebody who cancels when asked so often."""
    calls = iter(range(count))
    return lambda: next(calls, None) is None


def test_each_crossing_is_an_event_at_its_time_with_boxes(files: list[File]) -> None:
    first, second = seen(read(files), EVERYTHING)
    for event, begins_s, ends_s in ((first, 3, 6), (second, 12, 15)):
        assert event.kind is Kind.MOTION
        assert abs((event.begun_at - after(begins_s)).total_seconds()) < 1
        assert abs((event.ended_at - after(ends_s)).total_seconds()) < 1
        assert event.boxes
        for at, boxes in event.boxes:
            assert event.begun_at <= at <= event.ended_at + timedelta(seconds=1)
            middle = boxes[0].x + boxes[0].width / 2
            walked = (at - after(begins_s)).total_seconds() / (ends_s - begins_s)
            assert abs(middle - walked) < 0.2, "the box is where the figure is"


def test_zones_and_masks_decide_what_is_flagged(files: list[File]) -> None:
    film = read(files)
    assert len(seen(film, View(zones=(Zone(LEFT),)))) == 2
    assert seen(film, View(zones=(Zone(ABOVE),))) == []
    assert seen(film, View(masks=(((0, 0), (1, 0), (1, 1), (0, 1)),))) == []
    left = seen(film, View(masks=(LEFT,)))
    assert [event.kind for event in left] == [Kind.MOTION] * 2
    assert left[0].begun_at > seen(film, EVERYTHING)[0].begun_at + timedelta(seconds=0.5), "only seen once it has left the mask"


def test_only_the_stretch_is_read_ten_pictures_a_second_and_small(files: list[File]) -> None:
    film = read(files, after(11), after(14))
    assert (film.looks[0].at, film.looks[-1].at) == (after(11), after(14))
    assert len(film.looks) == 31
    assert film.looks[0].luma.shape == (180, 320)
    assert len(film.stills) == 16
    still = film.still_at(after(12.51))
    assert still is not None and abs(still.at - after(12.51)) <= timedelta(seconds=0.1)
    with av.open(BytesIO(still.jpeg), "r", format="mjpeg") as picture:
        frame = next(picture.decode(video=0))
    assert (frame.width, frame.height) == (320, 180), "never enlarged"
    assert frame.width <= STILL[0]


def test_it_tells_how_far_it_is_and_stops_when_told(files: list[File]) -> None:
    shares: list[float] = []
    film = Film()
    assert read_film(film, files, BEGUN, after(18), progress=shares.append, cancelled=untroubled)
    assert shares == sorted(shares) and shares[0] == 0 and shares[-1] > 0.98
    given_up = Film()
    assert not read_film(given_up, files, BEGUN, after(18), progress=told, cancelled=asked_at(5))
    assert len(given_up.looks) == 5
    looked: list[float] = []
    assert preview(film, EVERYTHING, progress=looked.append, cancelled=asked_at(7)) is None
    assert len(looked) == 7


def test_files_that_are_gone_or_broken_give_what_they_hold(files: list[File], tmp_path: Path) -> None:
    (tmp_path / "broken.mp4").write_bytes(b"no video" * 100)
    film = read([File(tmp_path / "gone.mp4", BEGUN), File(tmp_path / "broken.mp4", BEGUN), files[1]])
    assert film.looks[0].at == after(10)
    assert len(seen(film, EVERYTHING)) == 1
    nothing = read([File(tmp_path / "gone.mp4", BEGUN)])
    assert (nothing.looks, nothing.still_at(BEGUN), seen(nothing, EVERYTHING)) == ([], None, [])
