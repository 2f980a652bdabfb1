"""What else lies in a data folder: settings, the recorder's lock."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

from storage.lock import RecorderLock
from storage.rules.refusal import Refusal
from storage.settings import Settings, load_settings

ROOT = Path(__file__).parents[2]


def test_without_a_file_the_defaults_hold(tmp_path: Path) -> None:
    assert load_settings(tmp_path) == Settings("id", tmp_path / "recordings", tmp_path / "checkpoints")


def test_settings_are_read(tmp_path: Path) -> None:
    (tmp_path / "settings.toml").write_text('language = "en"\nrecordings = "/srv/rekaman"\n')
    assert load_settings(tmp_path) == Settings("en", Path("/srv/rekaman"), tmp_path / "checkpoints")
    (tmp_path / "settings.toml").write_text('database = "postgresql://gudang@10.0.0.5:5432/jaga?sslmode=require"\n')
    assert load_settings(tmp_path).database == "postgresql://gudang@10.0.0.5:5432/jaga?sslmode=require"


def test_when_the_window_locks_is_read(tmp_path: Path) -> None:
    assert load_settings(tmp_path).lock_after_min == 5
    (tmp_path / "settings.toml").write_text("lock_after_min = 20")
    assert load_settings(tmp_path).lock_after_min == 20


def test_a_person_detector_is_a_file_below_the_data_folder_or_anywhere(tmp_path: Path) -> None:
    settings, model = tmp_path / "data" / "settings.toml", tmp_path / "person.onnx"
    model.touch()
    settings.parent.mkdir()
    for name in ("../person.onnx", model.as_posix()):
        settings.write_text(f'person_model = "{name}"\n')
        found = load_settings(settings.parent).person_model
        assert found is not None and found.samefile(model)


@pytest.mark.parametrize(
    ("text", "said"),
    [
        (b'person_model = "person.onnx"', "is not there"),
        (b'person_model = ""', "must be the path of an ONNX file"),
        (b"person_model = true", "must be the path of an ONNX file"),
        (b'relay = "everywhere"', "must be this computer's address"),
        (b"language = ", "is broken"),
        (b"\xff\xfe", "cannot be read"),
        (b'langage = "id"', "unknown setting langage"),
        (b'language = "fr"', 'must be "id" or "en"'),
        (b'passwords = "plain"', 'must be "file" or "keyring"'),
        (b"passwords = true", 'must be "file" or "keyring"'),
        (b"lock_after_min = 0", "must be a whole number of minutes from 1 to 120"),
        (b"lock_after_min = 121", "must be a whole number of minutes"),
        (b"lock_after_min = true", "must be a whole number of minutes"),
        (b'lock_after_min = "5"', "must be a whole number of minutes"),
        (b"recordings = 5", "must be the path"),
        (b'recordings = ""', "must be the path"),
        (b'recordings = "a\\u0000b"', "must be the path"),
        (b'database = "postgresql://gudang:kenari@10.0.0.5/jaga"', "must not hold the password"),
        (b'database = "postgresql://10.0.0.5/jaga?user=gudang&password=kenari"', "must not hold the password"),
        (b'database = "mysql://gudang@10.0.0.5/jaga"', "must be like postgresql://"),
        (b'database = "postgresql://gudang@10.0.0.5"', "must be like postgresql://"),
        (b'database = "postgresql://gudang@10.0.0.5:70000/jaga"', "must be like postgresql://"),
        (b"database = 5432", "must be like postgresql://"),
    ],
)
def test_wrong_settings_are_named_with_their_file(tmp_path: Path, text: bytes, said: str) -> None:
    (tmp_path / "settings.toml").write_bytes(text)
    with pytest.raises(Refusal) as refusal:
        load_settings(tmp_path)
    assert said in str(refusal.value)
    assert "settings.toml" in str(refusal.value)


def test_one_recorder_at_a_time_and_the_lock_goes_with_the_process(tmp_path: Path) -> None:
    hold = (
        "import sys; from pathlib import Path; from storage.lock import RecorderLock\n"
        "with RecorderLock(Path(sys.argv[1])): print('held', flush=True); input()"
    )
    other = subprocess.Popen([sys.executable, "-c", hold, str(tmp_path)], cwd=ROOT, stdin=subprocess.PIPE, stdout=subprocess.PIPE)
    assert other.stdout is not None
    assert other.stdin is not None
    assert other.stdout.readline() == b"held" + os.linesep.encode()
    with pytest.raises(Refusal, match="running already"), RecorderLock(tmp_path):
        pass
    other.kill()
    other.wait()
    other.stdout.close()
    other.stdin.close()
    with RecorderLock(tmp_path):
        pass
