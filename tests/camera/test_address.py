"""Which addresses are taken, and that a password stays out of what is shown."""

from pathlib import Path

import pytest

from camera.streams.address import AddressError, checked_address, file_of, wants_login, with_credentials
from camera.streams.stream import Source


@pytest.mark.parametrize(
    "address",
    [
        "rtsp://192.168.1.20/stream1",
        "rtsps://kamera.gudang.id:322/utama?subtype=0",
        "http://[fd00::20]:8080/video.mjpg",
        "https://10.0.0.9/",
    ],
)
def test_usual_addresses_are_taken_as_they_are(address: str) -> None:
    assert checked_address(f"  {address} ") == (address, "", "")


@pytest.mark.parametrize(
    "address",
    [
        "",
        "kamera",
        "exec:sh -c id",
        "exec:id",
        "concat:/etc/passwd|/etc/shadow",
        "pipe:0",
        "subfile,,start,0,end,9,,:/etc/passwd",
        "ftp://10.0.0.9/a",
        "rtsp://",
        "rtsp:///stream",
        "rtsp://10.0.0.9:99999/",
        "rtsp://[10.0.0.9/",
        "rtsp://10.0.0.9/a b",
        "rtsp://10.0.0.9/\r\nX: y",
        "file:///etc/passwd",
    ],
)
def test_anything_else_is_refused_in_words(address: str) -> None:
    with pytest.raises(AddressError) as refused:
        checked_address(address)
    assert str(refused.value).endswith(".")


def test_a_pasted_password_is_taken_out_of_the_address() -> None:
    assert checked_address("rtsp://sari:r%40hasia@10.0.0.9:554/1") == ("rtsp://10.0.0.9:554/1", "sari", "r@hasia")


@pytest.mark.parametrize("address", ["rtsp://sari:rahasia@10.0.0.9:port/1", "ftp://sari:rahasia@10.0.0.9/", "rtsp://sari:rahasia@/1"])
def test_a_refusal_never_repeats_the_password(address: str) -> None:
    with pytest.raises(AddressError) as refused:
        checked_address(address)
    assert "rahasia" not in f"{refused.value!r} {refused.value}"


def test_credentials_go_in_quoted_and_stay_out_of_repr() -> None:
    assert with_credentials("rtsp://10.0.0.9/1", "sari", "r@h:a/sia") == "rtsp://sari:r%40h%3Aa%2Fsia@10.0.0.9/1"
    assert with_credentials("rtsp://10.0.0.9/1", "", "") == "rtsp://10.0.0.9/1"
    assert "rahasia" not in repr(Source("rtsp://10.0.0.9/1", "sari", "rahasia"))


def test_files_play_only_from_the_one_folder(tmp_path: Path) -> None:
    scenes = tmp_path / "scenes"
    scenes.mkdir()
    inside = (scenes / "a b.mp4").as_uri()
    assert checked_address(inside, files_below=scenes)[0] == inside
    assert file_of(inside) == scenes / "a b.mp4"
    for outside in (tmp_path.as_uri() + "/b.mp4", scenes.as_uri() + "/../b.mp4", "file://server" + str(scenes) + "/b.mp4"):
        with pytest.raises(AddressError):
            checked_address(outside, files_below=scenes)


def test_a_link_does_not_lead_out_of_the_folder(tmp_path: Path) -> None:
    scenes = tmp_path / "scenes"
    scenes.mkdir()
    (tmp_path / "secret.mp4").touch()
    (scenes / "link.mp4").symlink_to(tmp_path / "secret.mp4")
    with pytest.raises(AddressError):
        checked_address((scenes / "link.mp4").as_uri(), files_below=scenes)


@pytest.mark.parametrize("password", ["12/ken", "1@2/ken"])
def test_a_password_with_a_slash_is_not_kept_in_the_path(password: str) -> None:
    with pytest.raises(AddressError, match="own fields") as refused:
        checked_address(f"rtsp://sari:{password}@10.0.0.1/stream")
    assert "ken" not in str(refused.value)


@pytest.mark.parametrize(
    ("address", "without", "user", "password"),
    [
        ("rtsp://k/s?user=sari&password=x7&channel=1", "rtsp://k/s?user=***&password=***&channel=1", "sari", "x7"),
        ("http://k/v.cgi?loginuse=sari&loginpas=x7", "http://k/v.cgi?loginuse=***&loginpas=***", "sari", "x7"),
        ("http://k/v?USR=sari&Pwd=x%26%3D7%25", "http://k/v?USR=***&Pwd=***", "sari", "x&=7%"),
        ("http://k/v?username=sari;pass=x7", "http://k/v?username=***;pass=***", "sari", "x7"),
        ("http://k/v?a=1&pwd=x;7/?8", "http://k/v?a=1&pwd=***", "", "x;7/?8"),
        ("http://k/v?user=&password=x7", "http://k/v?user=&password=***", "", "x7"),
        ("rtsp://k/user=sari&password=x7&channel=1.sdp?real", "rtsp://k/user=***&password=***&channel=1.sdp?real", "sari", "x7"),
        ("rtsp://k/user=sari_password=x_7_channel=1_stream=0.sdp", "rtsp://k/user=***_password=***_channel=1_stream=0.sdp", "sari", "x_7"),
        ("rtsp://k/s?multiuser=1&token=t&bypass=2", "rtsp://k/s?multiuser=1&token=t&bypass=2", "", ""),
    ],
)  # fmt: skip
def test_a_login_in_query_or_path_leaves_its_place_and_goes_back(address: str, without: str, user: str, password: str) -> None:
    assert checked_address(address) == (without, user, password)
    assert checked_address(without) == (without, "", "")
    assert wants_login(without) is bool(user or password)
    assert checked_address(with_credentials(without, user, password)) == (without, user, password)
    if user and password:
        assert "@" not in with_credentials(without, user, password), "a login has one place"


def test_what_a_plain_camera_cannot_decode_goes_back_as_it_was_typed() -> None:
    address = "rtsp://k/user=sari_password=x!7$(a)_channel=1.sdp"
    assert with_credentials(*checked_address(address)) == address


def test_a_place_without_its_login_stays() -> None:
    assert with_credentials("rtsp://k/s?user=***&password=***", "", "") == "rtsp://k/s?user=***&password=***"


@pytest.mark.parametrize(
    "address",
    ["rtsp://k/s?password=rahasia&pwd=other", "rtsp://k/user=sari&password=rahasia?user=budi", "rtsp://sari:rahasia@k/s?user=sari&password=rahasia"],
)  # fmt: skip
def test_two_logins_in_one_address_are_refused_without_repeating_them(address: str) -> None:
    with pytest.raises(AddressError, match="own fields") as refused:
        checked_address(address)
    assert "rahasia" not in f"{refused.value!r} {refused.value}"
