"""A person detector of the buyer's choice is asked in its own way, and a file that is none is refused in a sentence."""

from pathlib import Path

import av
import cv2
import numpy as np
import pytest
from numpy.typing import NDArray

from camera.events import Box
from camera.fault import Fault
from camera.looking.onnx_header import header
from camera.looking.person_check import MOST_BYTES, PersonCheck
from tests.camera.onnx_model import INT64, Node, brightness_model, integer, model, nested, tensor, value_info

SIDE = 96
PLACES = 12 * 12 + 6 * 6 + 3 * 3  # at strides of 8, 16 and 32
SURE = 0.6  # of class 0 at full brightness; another class is surer


def _rows(count: int, features: int, columns: dict[int, float]) -> NDArray[np.float32]:
    """An answer of that many finds; one in the middle has these values."""
    rows = np.zeros((1, count, features), np.float32)
    for column, value in columns.items():
        rows[0, count // 2, column] = value
    return rows


def _turned(rows: NDArray[np.float32]) -> NDArray[np.float32]:
    return np.ascontiguousarray(rows.transpose(0, 2, 1))


BOX = {0: 20.0, 1: 30.0, 2: 10.0, 3: 20.0}
# What depends on the brightness of the picture, and what is added to it. The models that are given 0 to 255 answer 255 times as much.
ANSWERS = {
    "yolov8": (_turned(_rows(PLACES, 84, {4: SURE, 9: 0.9})), _turned(_rows(PLACES, 84, BOX))),
    "yolov8 of one class": (_turned(_rows(PLACES, 5, {4: SURE})), _turned(_rows(PLACES, 5, BOX))),
    "yolov8 by rows": (_rows(PLACES, 84, {4: SURE, 9: 0.9}), _rows(PLACES, 84, BOX)),
    "yolov5": (_rows(3 * PLACES, 85, {5: SURE, 9: 0.9}), _rows(3 * PLACES, 85, BOX | {4: 1.0})),
    "yolov5 turned": (_turned(_rows(3 * PLACES, 85, {5: SURE, 9: 0.9})), _turned(_rows(3 * PLACES, 85, BOX | {4: 1.0}))),
    "yolov5, nothing there": (_rows(3 * PLACES, 85, {4: SURE, 9: 0.9}), _rows(3 * PLACES, 85, BOX | {5: 1.0})),
    "yolox": (_rows(PLACES, 85, {5: SURE / 255, 9: 0.9 / 255}), _rows(PLACES, 85, BOX | {4: 1.0})),
    "cleared of double finds": (_rows(300, 6, {4: SURE}), _rows(300, 6, BOX)),
    "ssd": (_rows(100, 7, {2: SURE / 255})[None], _rows(100, 7, {1: 1.0})[None]),
}


def _saved(folder: Path, content: bytes, name: str = "people.onnx") -> Path:
    path = folder / name
    path.write_bytes(content)
    return path


def _grey(level: int) -> NDArray[np.uint8]:
    return np.full((SIDE, SIDE, 3), level, np.uint8)


@pytest.mark.parametrize("name", ANSWERS)
def test_each_usual_answer_is_understood(tmp_path: Path, name: str) -> None:
    check = PersonCheck(_saved(tmp_path, brightness_model(*ANSWERS[name])))
    assert check.score_pct(_grey(0)) == pytest.approx(0, abs=0.01)
    assert check.score_pct(_grey(255)) == pytest.approx(100 * SURE, abs=0.1)
    assert check.score_pct(_grey(102)) == pytest.approx(40 * SURE, abs=0.1)


def test_other_classes_are_nobody(tmp_path: Path) -> None:
    cars = _turned(_rows(PLACES, 84, {6: 1.0}))
    assert PersonCheck(_saved(tmp_path, brightness_model(cars, 0 * cars))).score_pct(_grey(255)) == 0
    dogs = _rows(300, 6, {4: 1.0})
    assert PersonCheck(_saved(tmp_path, brightness_model(dogs, _rows(300, 6, {5: 16.0})))).score_pct(_grey(255)) == 0
    bottles = _rows(100, 7, {2: 1 / 255})[None]
    assert PersonCheck(_saved(tmp_path, brightness_model(bottles, _rows(100, 7, {1: 5.0})[None]))).score_pct(_grey(255)) == 0


def test_a_picture_of_another_shape_gets_grey_borders(tmp_path: Path) -> None:
    check = PersonCheck(_saved(tmp_path, brightness_model(*ANSWERS["yolov8"])))
    wide = np.full((90, 180, 3), 255, np.uint8)  # half of the square that the model wants
    assert check.score_pct(wide) == pytest.approx(100 * SURE * (255 + 114) / 2 / 255, abs=0.5)


def test_a_model_that_takes_any_size_is_given_the_usual_one(tmp_path: Path) -> None:
    answer = _turned(_rows(8400, 84, {4: SURE}))
    check = PersonCheck(_saved(tmp_path, brightness_model(answer, 0 * answer, shape=("batch", 3, "height", "width"))))
    assert check.score_pct(_grey(255)) == pytest.approx(100 * SURE, abs=0.1)


@pytest.mark.parametrize(("name", "first"), [("yolov8", 2), ("yolov5", 2), ("yolox", 0), ("ssd", 0)])
def test_colours_come_in_the_order_that_the_family_wants(tmp_path: Path, name: str, first: int) -> None:
    check = PersonCheck(_saved(tmp_path, brightness_model(*ANSWERS[name], colours=1)))  # looks at its first colour alone
    for colour in range(3):
        picture = _grey(0)
        picture[:, :, colour] = 255  # blue, green, red
        assert check.score_pct(picture) == pytest.approx(100 * SURE * (colour == first), abs=0.1)


def _frame(format_name: str = "yuv420p") -> av.VideoFrame:
    """Black, with a white square a quarter of the width from the left and half of the height from the top."""
    picture = np.zeros((180, 320, 3), np.uint8)
    picture[90:130, 80:120] = 255
    return av.VideoFrame.from_ndarray(picture, format="bgr24").reformat(format=format_name)


@pytest.mark.parametrize("format_name", ["yuv420p", "yuvj420p", "nv12", "bgr24", "yuv444p"])
def test_only_what_is_round_the_boxes_is_looked_at(tmp_path: Path, format_name: str) -> None:
    check = PersonCheck(_saved(tmp_path, brightness_model(*ANSWERS["yolov8"])))
    frame = _frame(format_name)
    at_it = check.look(frame, [Box(80 / 320, 90 / 180, 40 / 320, 40 / 180)])
    assert at_it == pytest.approx(100 * SURE * (40 * 40) / (60 * 60), abs=2)
    assert check.look(frame, [Box(0.6, 0.5, 0.1, 0.1)]) < 15
    assert check.look(frame, []) == pytest.approx(100 * SURE * (40 * 40 / (320 * 180) * 36 / 64 + 28 / 64 * 114 / 255), abs=2)


@pytest.mark.parametrize("box", [Box(-0.5, -0.5, 0.1, 0.1), Box(1.5, 0.5, 0.1, 0.1), Box(0.99, 0.99, 0.5, 0.5), Box(0, 0, 0, 0)])
def test_a_box_at_or_beyond_the_edge_is_no_trouble(tmp_path: Path, box: Box) -> None:
    check = PersonCheck(_saved(tmp_path, brightness_model(*ANSWERS["yolov8"])))
    assert 0 <= check.look(_frame(), [box]) <= 100


def test_a_frame_with_an_odd_number_of_pixels_is_no_trouble(tmp_path: Path) -> None:
    check = PersonCheck(_saved(tmp_path, brightness_model(*ANSWERS["yolov8"])))
    frame = av.VideoFrame.from_ndarray(np.full((91, 161, 3), 255, np.uint8), format="bgr24").reformat(format="yuv420p")
    assert 0 < check.look(frame, [Box(0.1, 0.1, 0.9, 0.9)]) <= 100


def _hostile() -> dict[str, bytes]:
    factor, offset = ANSWERS["yolov8"]
    good = brightness_model(factor, offset)
    images = value_info("images", (1, 3, SIDE, SIDE))
    elsewhere = (
        integer(1, 4) + integer(2, 1) + nested(8, "w") + nested(13, nested(1, "location") + nested(2, "../../secret")) + integer(14, 1)
    )
    add = [Node("Add", ["images", "w"], "output")]
    return {
        "empty": b"",
        "text": b"this is no model\n" * 20,
        "zip": b"PK\x03\x04" + bytes(300),
        "pickle": b"\x80\x04\x95" + b"cos\nsystem\n(S'true'\ntR." * 9,
        "noise": np.random.default_rng(1).bytes(5000),
        "cut off": good[: len(good) // 2],
        "damaged": bytes(byte ^ (255 if index % 97 == 50 else 0) for index, byte in enumerate(good)),
        "unknown operation": good.replace(b"ReduceMean", b"ReduceMeen"),
        "endless number": b"\xff" * 400,
        "weights elsewhere": model(add, [elsewhere], [images], [images]),
        "gigantic constant": model(add, [integer(1, 1 << 40) + integer(2, 1) + nested(8, "w") + nested(9, b"1234")], [images], [images]),
        "loop": model([Node("Add", ["b", "images"], "a"), Node("Add", ["a", "images"], "b")], [], [images], [value_info("b", (1, 3))]),
        "nothing in": model([Node("Add", ["w", "w"], "output")], [tensor("w", factor)], [], [value_info("output", factor.shape)]),
        "two pictures in": model([Node("Add", ["images", "w"], "output")], [], [images, value_info("w", (1, 3, SIDE, SIDE))], [images]),
        "grey picture": brightness_model(factor, offset, shape=(1, 1, SIDE, SIDE)),
        "whole numbers": brightness_model(factor, offset, kind=INT64),
        "tiny picture": brightness_model(factor, offset, shape=(1, 3, 8, 8)),
        "gigantic picture": brightness_model(factor, offset, shape=(1, 3, 60_000, 60_000)),
        "picture out": model([Node("Relu", ["images"], "output")], [], [images], [images]),
        "logits": brightness_model(60 * factor, offset - 30),
        "no numbers": brightness_model(factor, np.full_like(offset, np.nan)),
    }


@pytest.mark.parametrize("what", list(_hostile()))
def test_what_is_no_person_detector_is_refused_in_a_sentence(tmp_path: Path, what: str) -> None:
    with pytest.raises(Fault, match=r"detector people\.onnx .*\."):
        PersonCheck(_saved(tmp_path, _hostile()[what]))


def test_every_cut_of_a_model_is_refused_and_never_crashes() -> None:
    good = brightness_model(*ANSWERS["yolov8 of one class"])
    whole = header(good)
    assert whole.inputs == ((1, (1, 3, SIDE, SIDE)),)
    cuts = [good[:length] for length in range(0, len(good), 7)]
    for cut in cuts:
        try:
            header(cut)
        except ValueError:
            continue
        raise AssertionError(f"a model cut off after {len(cut)} of {len(good)} bytes was taken for whole")


def test_a_file_that_is_missing_or_far_too_large_is_refused(tmp_path: Path) -> None:
    with pytest.raises(Fault, match="cannot be read"):
        PersonCheck(tmp_path / "people.onnx")
    with pytest.raises(Fault, match="cannot be read"):
        PersonCheck(tmp_path)
    with (tmp_path / "film.onnx").open("wb") as file:
        file.truncate(MOST_BYTES + 1)
    with pytest.raises(Fault, match="too large"):
        PersonCheck(tmp_path / "film.onnx")


def test_the_same_picture_gets_the_same_score_again(tmp_path: Path) -> None:
    check = PersonCheck(_saved(tmp_path, brightness_model(*ANSWERS["yolov5"])))
    picture = np.asarray(cv2.resize(_grey(200), (90, 50)), np.uint8)
    assert len({check.score_pct(picture) for _ in range(3)}) == 1
