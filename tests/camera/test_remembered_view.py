"""What a camera should show outlives the recorder, and nothing that lies in its place can stop it."""

from pathlib import Path

import numpy as np

from camera.looking.remembered_view import EVERY_S, RememberedView


def test_pictures_are_there_again_after_a_restart(tmp_path: Path) -> None:
    folder = tmp_path / "31-75" / "camera-1"
    day, night = (np.full((180, 320), level, np.uint8) for level in (120, 30))
    RememberedView(folder).keep([day, night], 5.0)
    again = RememberedView(folder).pictures
    assert [picture.tolist() for picture in again] == [day.tolist(), night.tolist()]


def test_nothing_new_leaves_what_is_kept(tmp_path: Path) -> None:
    view = RememberedView(tmp_path)
    view.keep([np.zeros((18, 32), np.uint8)], 0.0)
    view.keep([], 700.0)
    assert len(RememberedView(tmp_path).pictures) == 1


def test_it_is_due_again_after_a_while(tmp_path: Path) -> None:
    view = RememberedView(tmp_path)
    view.keep([], 1000.0)
    assert not view.due(1000.0 + EVERY_S - 1)
    assert view.due(1000.0 + EVERY_S)


def test_a_file_that_is_no_picture_is_passed_over(tmp_path: Path) -> None:
    (tmp_path / "reference-0.png").write_bytes(b"no picture")
    assert RememberedView(tmp_path).pictures == []
