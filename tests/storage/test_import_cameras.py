"""Cameras of a list: all of them with their passwords, or none and every wrong row with its line."""

from pathlib import Path

import pytest

from storage.exchange.cameras import import_cameras
from storage.exchange.columns import WrongRows
from storage.passwords import CameraPasswords
from storage.places import add_room, find_site, list_cameras
from storage.rules.refusal import Refusal
from tests.storage.store import Store

HEAD = "Kode gudang;Ruang;Nama kamera;Alamat;Sub-stream;Pengguna;Kata sandi;Merek\n"


@pytest.fixture
def stocked(store: Store) -> Store:
    """A warehouse with one more room."""
    add_room(store.database, find_site(store.database, "31.75").id, "Ruang Kamera", now=store.tick())
    return store


def check(text: str) -> tuple[str, str, str]:
    """Stands for the camera side's own check."""
    if not text.startswith("rtsp://"):
        raise Refusal("Not {word}.", word="taken")
    login, at, place = text.removeprefix("rtsp://").rpartition("@")
    user, _colon, password = login.partition(":")
    return f"rtsp://{place}" if at else text, user, password


def enter(store: Store, folder: Path, text: str) -> tuple[list[str], tuple[str, ...]]:
    path = folder / "kamera.csv"
    path.write_text(text, encoding="utf-8")
    cameras, ignored = import_cameras(store.database, path, check, CameraPasswords(folder).keep, now=store.tick())
    return [camera.name for camera in cameras], ignored


def test_a_list_is_entered_with_its_passwords(stocked: Store, tmp_path: Path) -> None:
    before = len(list_cameras(stocked.database))
    rows = '31.75;Ruang Kamera;K1;rtsp://10.0.0.1/1;rtsp://10.0.0.1/2;sari;"  a;b  c "\n31.75;Ruang Kamera;K2;rtsp://eko:rahasia@10.0.0.2/1;;;\n'
    assert enter(stocked, tmp_path, HEAD + rows) == (["K1", "K2"], ("Merek",))
    first, second = list_cameras(stocked.database)[before:]
    assert (first.address, first.sub_address, first.username, first.room) == (
        "rtsp://10.0.0.1/1",
        "rtsp://10.0.0.1/2",
        "sari",
        "Ruang Kamera",
    )
    assert (second.address, second.sub_address, second.username) == ("rtsp://10.0.0.2/1", "", "eko")
    passwords = CameraPasswords(tmp_path)
    # Sign by sign: blanks belong to a password.
    assert passwords.get(first.id) == "  a;b  c " and passwords.get(second.id) == "rahasia"
    with pytest.raises(WrongRows) as again:
        enter(stocked, tmp_path, HEAD + rows)
    assert [line for line, _fault in again.value.faults] == [2, 3]


def test_one_wrong_row_and_nothing_is_entered(stocked: Store, tmp_path: Path) -> None:
    before = list_cameras(stocked.database)
    rows = [
        "31.75;Ruang Kamera;K1;rtsp://10.0.0.1/1;;sari;rahasia-1",
        "99.99;Ruang Kamera;K2;rtsp://10.0.0.1/1;;sari;rahasia-2",
        "31.75;Ruang Lain;K3;rtsp://10.0.0.1/1;;sari;rahasia-3",
        "31.75;Ruang Kamera;K1;rtsp://10.0.0.1/1;;sari;rahasia-4",
        "31.75;Ruang Kamera;K5;exec:id;;sari;rahasia-5",
        "31.75;Ruang Kamera;K6;rtsp://10.0.0.1/1;rtsp://a:b@10.0.0.1/2;sari;rahasia-6",
    ]
    with pytest.raises(WrongRows) as refused:
        enter(stocked, tmp_path, HEAD + "\n".join(rows))
    assert [line for line, _fault in refused.value.faults] == [3, 4, 5, 6, 7]
    said = " ".join(str(fault) for _line, fault in refused.value.faults)
    assert "no room named Ruang Lain" in said and "no site with the code 99.99" in said and "rahasia" not in said
    assert list_cameras(stocked.database) == before
    assert not list(tmp_path.glob("camera-passwords*"))


def test_a_password_that_no_sentence_repeats(stocked: Store, tmp_path: Path) -> None:
    with pytest.raises(WrongRows) as refused:
        enter(stocked, tmp_path, HEAD + "31.75;Ruang Kamera;K1;rtsp://10.0.0.1/1;;sari;rahasia\x07\n")
    assert "rahasia" not in "".join(str(fault) for _line, fault in refused.value.faults)


def test_passwords_that_cannot_be_kept_leave_no_cameras(stocked: Store, tmp_path: Path) -> None:
    before = list_cameras(stocked.database)
    kept: dict[int, str] = {}

    def keep(camera_id: int, password: str) -> None:
        if password == "second":
            raise Refusal("The disk is full.")
        kept[camera_id] = password

    path = tmp_path / "kamera.csv"
    row = "31.75;Ruang Kamera;{name};rtsp://10.0.0.1/1;;sari;{password}\n"
    path.write_text(HEAD + row.format(name="K1", password="first") + row.format(name="K2", password="second"), encoding="utf-8")
    with pytest.raises(Refusal, match="disk is full"):
        import_cameras(stocked.database, path, check, keep, now=stocked.tick())
    assert list_cameras(stocked.database) == before
    assert set(kept.values()) == {""}
