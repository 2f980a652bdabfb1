"""The verifier that goes with a package: as its recipient runs it, alone, against a package that somebody has changed."""

import ast
import hashlib
import json
import shutil
import subprocess
import sys
from collections.abc import Callable
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest
from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey
from hypothesis import given, settings
from hypothesis import strategies as st

from storage.evidence import verify
from storage.evidence.export import Exported
from tests.camera.footage import encode
from tests.storage.incident import open_incident

SOURCE = Path(verify.__file__)
# RFC 8032, 7.1: secret key, public key, message, signature.
VECTORS = [
    (
        "9d61b19deffd5a60ba844af492ec2cc44449c5697b326919703bac031cae7f60",
        "d75a980182b10ab7d54bfed3c964073a0ee172f3daa62325af021a68f707511a",
        "",
        "e5564300c360ac729086e2cc806e828a84877f1eb8e5d974d873e065224901555fb8821590a33bacc61e39701cf9b46bd25bf5f0595bbe24655141438e7a100b",
    ),
    (
        "4ccd089b28ff96da9db6c346ec114e0f5b8a319f35aba624da8cf6ed4fb8a6fb",
        "3d4017c3e843895a92b70aa74d1b7ebc9c982ccf2ec4968cc0cd55f12af4660c",
        "72",
        "92a009a9f0d4cab8720e820b5f642540a2b27b5416503f8fb3762223ebdb69da085ac1e43e15996e458f3613d0f11d8c387b2eaeb4302aeeb00d291612bb0c00",
    ),
    (
        "c5aa8df43f9f837bedb7442f31dcb7b166d38535076f094b85ce3a2e0b4458f7",
        "fc51cd8e6218a1a38da47ed00230f0580816ed13ba3303ac5deb911548908025",
        "af82",
        "6291d657deec24024827e69c3abe01a30ce548a284743a445e3680d7db5ac3ac18ff9b538d16f290ae67f760984dc6594a7c15e9716ed28dc027beceea1ec40a",
    ),
    (
        "833fe62409237b9d62ec77587520911e9a759cec1d19755b7da901b96dca3d42",
        "ec172b93ad5e563bf4932c70e1245034c35467ef2efd4d64ebf819683467e2bf",
        hashlib.sha512(b"abc").hexdigest(),
        "dc2a4459e7369633a52b1bf277839a00201009a3efbf3ecb69bea2186c26b58909351fc9ac90b3ecfdfbc7c66431e0303dca179c138ac17ad9bef1177331a704",
    ),
]


@pytest.fixture(scope="module")
def whole(tmp_path_factory: pytest.TempPathFactory) -> Exported:
    """A package as it was made; no test changes it."""
    folder = tmp_path_factory.mktemp("verify")
    scene = open_incident(folder / "data")
    with closing(scene.database):
        return scene.export(folder / "out")


@pytest.fixture
def package(whole: Exported, tmp_path: Path) -> Path:
    """A copy that may be changed."""
    return Path(shutil.copytree(whole.folder, tmp_path / whole.folder.name))


def verdict(package: Path, *options: str) -> tuple[int, list[str]]:
    """What the program says of a package that is given to it, and its exit status: without our packages and settings."""
    told = subprocess.run([sys.executable, "-I", SOURCE, package, *options], capture_output=True, text=True, check=False)
    assert told.stderr == ""
    return told.returncode, told.stdout.splitlines()


def test_a_package_checks_itself_too(package: Path) -> None:
    told = subprocess.run([sys.executable, "-I", package / "verify.py"], capture_output=True, text=True, check=False, cwd="/")
    assert (told.returncode, told.stdout.splitlines()[0]) == (0, "ASLI DENGAN CELAH / authentic with gaps")
    assert "  gap: camera 2, 2026-11-22T14:03:32.000000Z to 2026-11-22T14:03:50.000000Z: camera_lost" in told.stdout.splitlines()
    assert not list(package.rglob("__pycache__"))


def test_one_byte_changed_in_any_file_is_found_and_the_file_named(package: Path) -> None:
    files = sorted(path for path in package.rglob("*") if path.is_file())
    assert len(files) > 15
    for file in files:
        name, content = file.relative_to(package).as_posix(), file.read_bytes()
        for place in {0, len(content) // 2, len(content) - 1}:
            file.write_bytes(content[:place] + bytes([content[place] ^ 0x20]) + content[place + 1 :])
            found, lines = verify.check(package)
            assert found == verify.NOT_AUTHENTIC, (name, place)
            assert name in lines[0], (name, place, lines)
        file.write_bytes(content)
    assert verdict(package)[0] == 0


def cut_short(package: Path) -> str:
    clip = package / "clips/camera-1.mp4"
    clip.write_bytes(clip.read_bytes()[:-1000])
    return "clips/camera-1.mp4"


def swapped(package: Path) -> str:
    one, other = sorted((package / "originals/camera-1").iterdir())[:2]
    one.rename(package / "between")
    other.rename(one)
    (package / "between").rename(other)
    return f"originals/camera-1/{one.name}"


def encoded_anew(package: Path) -> str:
    """The same time and size of picture, from the encoder once more."""
    original = sorted((package / "originals/camera-1").iterdir())[0]
    original.write_bytes(encode(package.parent / "anew.mp4", "libx264", 10).read_bytes())
    return f"originals/camera-1/{original.name}"


def taken_out(package: Path) -> str:
    (package / "stills/camera-1-2.jpg").unlink()
    return "stills/camera-1-2.jpg"


def put_in(package: Path) -> str:
    (package / "clips/extra.mp4").write_bytes(b"x")
    return "clips/extra.mp4"


def linked(package: Path) -> str:
    still = package / "stills/camera-1-1.jpg"
    still.rename(package.parent / "still.jpg")
    still.symlink_to(package.parent / "still.jpg")
    return "stills/camera-1-1.jpg"


def without_gap(package: Path) -> str:
    rewritten(package, lambda manifest: manifest["gaps"].clear())
    return "manifest.json"


def rewritten(package: Path, change: Callable[[dict[str, Any]], object]) -> None:
    """The manifest with a change, written as the program writes it."""
    manifest = json.loads((package / "manifest.json").read_text("utf-8"))
    change(manifest)
    (package / "manifest.json").write_text(json.dumps(manifest, ensure_ascii=False, indent=1) + "\n", "utf-8")


def signed_anew(package: Path) -> Ed25519PrivateKey:
    """By a key of the forger's, the checkpoint too."""
    key = Ed25519PrivateKey.generate()
    raw_key = key.public_key().public_bytes_raw()
    public = raw_key.hex()
    said = " ".join((package / "checkpoint.txt").read_text().splitlines()[0].split(" ")[:6])
    text = f"{said} {hashlib.sha256(raw_key).hexdigest()[:16]}"
    checkpoint = f"{text} {key.sign(text.encode()).hex()}\n{public}\n".encode()
    (package / "checkpoint.txt").write_bytes(checkpoint)
    entry = {"bytes": len(checkpoint), "sha256": hashlib.sha256(checkpoint).hexdigest()}
    rewritten(package, lambda manifest: manifest["files"].update({"checkpoint.txt": entry}))
    raw = (package / "manifest.json").read_bytes()
    (package / "manifest.sig").write_text(f"ed25519 {public} {key.sign(raw).hex()}\n")
    return key


@pytest.mark.parametrize("harm", [cut_short, encoded_anew, swapped, taken_out, put_in, linked, without_gap])
def test_what_was_done_to_a_package_is_said_with_the_files_name(harm: Callable[[Path], str], package: Path) -> None:
    name = harm(package)
    status, lines = verdict(package)
    assert (status, lines[0]) == (1, "TIDAK ASLI / not authentic")
    assert name in lines[1]


def test_without_its_signature_it_is_not_signed(package: Path) -> None:
    (package / "manifest.sig").unlink()
    status, lines = verdict(package)
    assert (status, lines[0]) == (3, "TIDAK DITANDATANGANI / not signed")


def test_another_key_is_found_by_who_knows_the_right_one(whole: Exported, package: Path) -> None:
    right = (package / "manifest.sig").read_text().split()[1]
    assert verdict(package, "--key", right)[0] == verdict(package, "--key", whole.fingerprint)[0] == 0
    key = signed_anew(package)
    assert verdict(package)[0] == 0  # it cannot know whose key it is
    for told in (right, whole.fingerprint, whole.fingerprint[:19]):
        status, lines = verdict(package, "--key", told)
        assert status == 1 and lines[1].startswith("  manifest.sig: signed by another key")
    assert verdict(package, "--key", key.public_key().public_bytes_raw().hex())[0] == 0


def test_who_signs_anew_still_cannot_leave_a_recording_out(package: Path) -> None:
    """The log tells of every recording of the time; without a gap that says why, none may be missing."""
    original = sorted((package / "originals/camera-1").iterdir())[1]
    name = original.relative_to(package).as_posix()
    original.unlink()
    rewritten(package, lambda manifest: (manifest["files"].pop(name), manifest["originals"].pop(name)))
    signed_anew(package)
    status, lines = verdict(package)
    assert (status, lines[1]) == (1, "  manifest.json: recording 2 of camera 1 is left out, and no gap says why")


def test_who_signs_anew_still_cannot_put_other_footage_in(package: Path) -> None:
    original = sorted((package / "originals/camera-1").iterdir())[1]
    name = original.relative_to(package).as_posix()
    content = (package / "clips/camera-1.mp4").read_bytes()
    original.write_bytes(content)
    entry = {"bytes": len(content), "sha256": hashlib.sha256(content).hexdigest()}
    rewritten(package, lambda manifest: manifest["files"].update({name: entry}))
    signed_anew(package)
    status, lines = verdict(package)
    assert (status, lines[1]) == (1, f"  {name}: the log does not tell of recording 2 of camera 1")


def test_who_signs_anew_still_cannot_change_the_log(package: Path) -> None:
    log = package / "log.json"
    changed = log.read_bytes().replace(b"real_incident", b"false_alarmxx")
    assert changed != log.read_bytes()
    log.write_bytes(changed)
    entry = {"bytes": len(changed), "sha256": hashlib.sha256(changed).hexdigest()}
    rewritten(package, lambda manifest: manifest["files"].update({"log.json": entry}))
    signed_anew(package)
    status, lines = verdict(package)
    assert status == 1 and lines[1].startswith("  log.json: entry ")


def test_what_a_computer_leaves_in_every_folder_does_no_harm(package: Path) -> None:
    (package / "clips/.DS_Store").write_bytes(b"x")
    (package / "._manifest.json").write_bytes(b"x")
    status, lines = verdict(package)
    assert status == 0 and "  passed over, not part of the package: clips/.DS_Store" in lines


@pytest.mark.parametrize(
    "said", ["", "[]", "{}", '{"format": "jaga-gudang-evidence-2"}', "\ufffd{", '{"format": "jaga-gudang-evidence-1"}']
)
def test_a_manifest_of_anything_is_not_authentic(said: str, package: Path) -> None:
    (package / "manifest.json").write_text(said, "utf-8")
    status, lines = verdict(package)
    assert status == 1 and "manifest.json: " in lines[1]


def test_an_unknown_key_is_asked_for_again(package: Path) -> None:
    told = subprocess.run([sys.executable, "-I", SOURCE, package, "--key", "abc"], capture_output=True, text=True, check=False)
    assert (told.returncode, told.stdout) == (2, "") and told.stderr.startswith("--key: ")


def test_it_needs_nothing_but_an_old_python() -> None:
    tree = ast.parse(SOURCE.read_text("utf-8"), feature_version=(3, 8))
    names = {alias.name for node in ast.walk(tree) if isinstance(node, ast.Import) for alias in node.names}
    names |= {node.module or "" for node in ast.walk(tree) if isinstance(node, ast.ImportFrom)}
    assert names == {"__future__", "hashlib", "json", "re", "sys", "pathlib", "typing"}


@pytest.mark.parametrize(("secret", "public", "message", "signature"), VECTORS)
def test_the_vectors_of_the_rfc(secret: str, public: str, message: str, signature: str) -> None:
    key = Ed25519PrivateKey.from_private_bytes(bytes.fromhex(secret))
    assert key.public_key().public_bytes_raw() == bytes.fromhex(public)
    assert verify.is_signed(bytes.fromhex(public), bytes.fromhex(message), bytes.fromhex(signature))
    assert not verify.is_signed(bytes.fromhex(public), bytes.fromhex(message) + b"x", bytes.fromhex(signature))


@settings(max_examples=40, deadline=None)
@given(seed=st.binary(min_size=32, max_size=32), message=st.binary(max_size=200), bit=st.integers(0, 96 * 8 - 1))
def test_it_agrees_with_another_ed25519(seed: bytes, message: bytes, bit: int) -> None:
    """A true signature, and the same with one bit of the key or of the signature changed."""
    key = Ed25519PrivateKey.from_private_bytes(seed)
    public, signature = key.public_key().public_bytes_raw(), key.sign(message)
    assert verify.is_signed(public, message, signature)
    changed = bytearray(public + signature)
    changed[bit // 8] ^= 1 << bit % 8
    assert verify.is_signed(bytes(changed[:32]), message, bytes(changed[32:])) == agrees(bytes(changed[:32]), message, bytes(changed[32:]))


def agrees(public: bytes, message: bytes, signature: bytes) -> bool:
    try:
        Ed25519PublicKey.from_public_bytes(public).verify(signature, message)
    except (InvalidSignature, ValueError):
        return False
    return True


def test_a_key_of_small_order_signs_nothing() -> None:
    one = (1).to_bytes(32, "little")
    assert not verify.is_signed(one, b"anything", one + bytes(32))
    assert not verify.is_signed(bytes(31), b"", bytes(64)) and not verify.is_signed(bytes(32), b"", bytes(63))
