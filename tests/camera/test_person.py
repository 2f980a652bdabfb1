"""When the person detector is asked, and where its score is told."""

from dataclasses import replace
from pathlib import Path

import av
import numpy as np
import pytest
import sqlalchemy as sa

from camera.events import Box, Kind, Phase, Sight
from camera.fault import Fault
from camera.looking.person import Persons
from camera.looking.person_check import PersonCheck
from camera.looking.scan import facts, scan
from storage.database import Database
from storage.schema.watch import watch_event
from tests.camera.onnx_model import write_model
from tests.camera.rig import enter_camera, recorder, wait_until, write_video

MIDDLE = (Box(0.45, 0.4, 0.1, 0.2),)


def _frame(left: int, level: int = 235) -> av.VideoFrame:
    picture = np.full((270, 320), 128, np.uint8)
    picture[:180] = 16
    picture[70:110, left : left + 40] = level
    return av.VideoFrame.from_ndarray(picture, format="yuv420p")


@pytest.mark.parametrize("shape", [(1, 84, 10), (1, 10, 85)])
def test_what_is_far_from_the_boxes_does_not_count(tmp_path: Path, shape: tuple[int, ...]) -> None:
    write_model(tmp_path / "m.onnx", shape)
    check = PersonCheck(tmp_path / "m.onnx")
    assert check.look(_frame(140), MIDDLE) > 95
    assert check.look(_frame(0), MIDDLE) < 50


def test_the_score_of_what_moves_is_told_with_its_event_and_without_a_detector_there_is_none(tmp_path: Path) -> None:
    video, model = tmp_path / "room.mp4", tmp_path / "m.onnx"
    write_video(video, seconds=12, walks=((4.0, 8.0),))
    write_model(model, (1, 84, 10))
    for sparing in (False, True):
        [event] = [event for event in scan(video, sparing=sparing, person_model=model) if event.kind is Kind.MOTION]
        assert event.person_pct is not None
        assert 60 < event.person_pct <= 100  # the figure's brightest speck
        assert facts(event)["person_pct"] == round(event.person_pct, 1)
        [event] = [event for event in scan(video, sparing=sparing) if event.kind is Kind.MOTION]
        assert event.person_pct is None
        assert "person_pct" not in facts(event)


def test_a_detector_that_fails_later_is_asked_no_more_and_the_event_goes_on(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def fails(_check: PersonCheck, _frame: av.VideoFrame, _boxes: object) -> float:
        raise Fault("The person detector {file} gives no output that is known.", file="m.onnx")

    write_model(tmp_path / "m.onnx", (1, 84, 10))
    said: list[Fault] = []
    persons = Persons(PersonCheck(tmp_path / "m.onnx"), said.append)
    opened = Sight(1, Kind.MOTION, Phase.OPENED, 0.0, 0.4, 3.0, MIDDLE)
    monkeypatch.setattr(PersonCheck, "look", fails)
    for _ in range(2):
        [told] = persons.asked([opened], _frame(140))
        assert (told.number, told.person_pct) == (1, None)
    assert len(said) == 1


def test_the_score_reaches_the_row_of_the_event(database: Database, tmp_path: Path) -> None:
    video, model = tmp_path / "room.mp4", tmp_path / "m.onnx"
    write_video(video, seconds=12, walks=((4.0, 8.0),))
    write_model(model, (1, 84, 10))
    plan = replace(enter_camera(database, video.as_uri()), person_model=str(model))

    def score() -> float | None:
        with database.read() as connection:
            best: float | None = connection.scalar(sa.select(sa.func.max(watch_event.c.person_pct)))
        return best

    with recorder(database, tmp_path / "recordings", [plan]):
        wait_until(lambda: score() is not None, "a score")
    assert 60 < (score() or 0) <= 100
