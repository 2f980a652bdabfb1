"""The person detector: its outputs, the part of the picture that it sees, and files that are none."""

from pathlib import Path

import av
import numpy as np
import pytest

from camera.events import Box
from camera.fault import Fault
from camera.person import PersonCheck
from tests.camera.onnx_model import write_model

MIDDLE = (Box(0.45, 0.4, 0.1, 0.2),)


def _frame(left: int, level: int = 235) -> av.VideoFrame:
    picture = np.full((270, 320), 128, np.uint8)
    picture[:180] = 16
    picture[70:110, left : left + 40] = level
    return av.VideoFrame.from_ndarray(picture, format="yuv420p")


@pytest.mark.parametrize("shape", [(1, 84, 10), (1, 10, 85), (1, 1, 10, 7)])
def test_each_output_is_read_and_what_is_far_from_the_boxes_does_not_count(tmp_path: Path, shape: tuple[int, ...]) -> None:
    write_model(tmp_path / "m.onnx", shape)
    check = PersonCheck(tmp_path / "m.onnx")
    assert check.look(_frame(140), MIDDLE) > 95
    assert check.look(_frame(0), MIDDLE) < 50


@pytest.mark.parametrize("data", [b"", b"no model", bytes(range(256)) * 9, None])
def test_what_is_no_model_is_refused_in_a_sentence(tmp_path: Path, data: bytes | None) -> None:
    if data is None:
        write_model(tmp_path / "m.onnx", (1, 84, 10))
        data = (tmp_path / "m.onnx").read_bytes()[:-40]
    (tmp_path / "m.onnx").write_bytes(data)
    with pytest.raises(Fault, match="no ONNX model"):
        PersonCheck(tmp_path / "m.onnx")


def test_a_missing_file_and_an_unknown_output_are_refused(tmp_path: Path) -> None:
    with pytest.raises(Fault, match="cannot be read"):
        PersonCheck(tmp_path / "none.onnx")
    write_model(tmp_path / "m.onnx", (1, 5, 10))
    with pytest.raises(Fault, match="no output that is known"):
        PersonCheck(tmp_path / "m.onnx")
