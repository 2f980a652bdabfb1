"""Periksa paket bukti ini / Check this evidence package: python3 verify.py [FOLDER] [--key HEX]

It needs Python 3.8 or later and nothing else, asks no network, and changes nothing. It checks that

- the manifest was signed by the key that it names (Ed25519, RFC 8032), and by the one you were told, if you give it with --key: the whole
  key, 64 signs, or the beginning of its fingerprint, at least 16;
- every file is there, has the size and SHA-256 that the manifest says, and that there is no file besides;
- the part of the warehouse's log hangs together, each entry by SHA-256 with the one before, up to the head that was signed;
- every original recording has the SHA-256 that stands in that log since it was made, and none of the time is left out without a gap that
  says why.

Verdicts: ASLI / authentic (exit status 0), ASLI DENGAN CELAH / authentic with gaps (0), TIDAK DITANDATANGANI / not signed (3),
TIDAK ASLI / not authentic (1), which names the file. What it cannot tell: whether the key is the warehouse's. Compare its fingerprint with
the one on the signed minutes, and take this program from somebody you trust.
"""

from __future__ import annotations

import hashlib
import json
import re
import sys
from pathlib import Path
from typing import Any, Dict, List, Optional, Set, Tuple

FORMAT = "jaga-gudang-evidence-1"
MANIFEST, SIGNATURE, LOG, CHECKPOINT = "manifest.json", "manifest.sig", "log.json", "checkpoint.txt"
# Made by the systems that look into folders; they hold nothing.
HARMLESS = {".DS_Store", "Thumbs.db", "desktop.ini"}
UNFINISHED = ".unfinished"
CHUNK = 1 << 20

AUTHENTIC, WITH_GAPS, NOT_SIGNED, NOT_AUTHENTIC = "authentic", "authentic with gaps", "not signed", "not authentic"
INDONESIAN = {AUTHENTIC: "ASLI", WITH_GAPS: "ASLI DENGAN CELAH", NOT_SIGNED: "TIDAK DITANDATANGANI", NOT_AUTHENTIC: "TIDAK ASLI"}
STATUS = {AUTHENTIC: 0, WITH_GAPS: 0, NOT_SIGNED: 3, NOT_AUTHENTIC: 1}

Point = Tuple[int, int, int, int]
Manifest = Dict[str, Any]


class Wrong(Exception):
    """Something is not as it was signed; says what, and in which file."""


# --- Ed25519 ------------------------------------------------------------------------------------------------------------------
# Points are (X, Y, Z, T) with x = X/Z, y = Y/Z, x*y = T/Z. Slow, and not secret: a signature that is checked is known to all.

P = 2**255 - 19
ORDER = 2**252 + 27742317777372353535851937790883648493
D = -121665 * pow(121666, P - 2, P) % P
ROOT = pow(2, (P - 1) // 4, P)


def _add(one: Point, other: Point) -> Point:
    a = (one[1] - one[0]) * (other[1] - other[0]) % P
    b = (one[1] + one[0]) * (other[1] + other[0]) % P
    c = 2 * one[3] * other[3] * D % P
    d = 2 * one[2] * other[2] % P
    e, f, g, h = b - a, d - c, d + c, b + a
    return e * f % P, g * h % P, f * g % P, e * h % P


def _times(number: int, point: Point) -> Point:
    found = (0, 1, 1, 0)
    while number:
        if number & 1:
            found = _add(found, point)
        point = _add(point, point)
        number >>= 1
    return found


def _same(one: Point, other: Point) -> bool:
    return (one[0] * other[2] - other[0] * one[2]) % P == 0 and (one[1] * other[2] - other[1] * one[2]) % P == 0


def _point(data: bytes) -> Optional[Point]:
    """The point that 32 bytes stand for; None if none, or if they are not the shortest way to write it."""
    y = int.from_bytes(data, "little")
    odd, y = y >> 255, y & (2**255 - 1)
    if y >= P:
        return None
    square = (y * y - 1) * pow(D * y * y + 1, P - 2, P) % P
    x = pow(square, (P + 3) // 8, P)
    if (x * x - square) % P:
        x = x * ROOT % P
    if (x * x - square) % P or (x == 0 and odd):
        return None
    if x & 1 != odd:
        x = P - x
    return x, y, 1, x * y % P


BASE = _point((4 * pow(5, P - 2, P) % P).to_bytes(32, "little")) or (0, 1, 1, 0)


def is_signed(key: bytes, message: bytes, signature: bytes) -> bool:
    """Whether an Ed25519 signature (64 bytes) of a message is by the owner of a public key (32 bytes). Source: RFC 8032, 5.1.7."""
    if len(key) != 32 or len(signature) != 64:
        return False
    owner, point = _point(key), _point(signature[:32])
    number = int.from_bytes(signature[32:], "little")
    # A key of small order would sign everything.
    if owner is None or point is None or number >= ORDER or _same(_times(8, owner), (0, 1, 1, 0)):
        return False
    challenge = int.from_bytes(hashlib.sha512(signature[:32] + key + message).digest(), "little") % ORDER
    return _same(_times(number, BASE), _add(point, _times(challenge, owner)))


def fingerprint(key: bytes) -> str:
    """Of a public key, in short groups to read aloud: the first 20 bytes of its SHA-256."""
    digest = hashlib.sha256(key).hexdigest()[:40].upper()
    return " ".join(digest[at : at + 4] for at in range(0, len(digest), 4))


# --- the package --------------------------------------------------------------------------------------------------------------


def check(folder: Path, key_told: Optional[str] = None) -> Tuple[str, List[str]]:
    """What is to be said of a package: its verdict, and lines that tell why. key_told: as --key."""
    if folder.name.endswith(UNFINISHED):
        return NOT_AUTHENTIC, ["the export was never finished: " + folder.name]
    try:
        manifest, raw = _manifest(folder)
        key = _signer(folder, raw)
        if key is not None and key_told is not None and not _is_told(key, key_told):
            raise Wrong(SIGNATURE + ": signed by another key than the one you were told: " + fingerprint(key))
        passed_over = _check_files(folder, manifest)
        _check_checkpoint(folder, manifest, key)
        _check_log(folder, manifest)
    except Wrong as wrong:
        return NOT_AUTHENTIC, [str(wrong)]
    lines = ["%d files, from %s to %s" % (len(manifest["files"]), manifest["from"], manifest["until"])]
    lines += ["passed over, not part of the package: " + name for name in passed_over]
    lines += ["gap: camera %s, %s to %s: %s" % (gap["camera"], gap["from"], gap["until"], gap["cause"]) for gap in manifest["gaps"]]
    if key is None:
        return NOT_SIGNED, ["the files are as the manifest says, but nobody has signed it", *lines]
    return (WITH_GAPS if manifest["gaps"] else AUTHENTIC), ["signed by the key " + fingerprint(key), *lines]


def _is_told(key: bytes, told: str) -> bool:
    return told == (key.hex() if len(told) == 64 else hashlib.sha256(key).hexdigest()[: len(told)])


def _manifest(folder: Path) -> Tuple[Manifest, bytes]:
    try:
        raw = (folder / MANIFEST).read_bytes()
        manifest = json.loads(raw.decode())
        if manifest["format"] != FORMAT:
            raise Wrong(MANIFEST + ": of a form that this program does not know")
        said = [manifest["from"], manifest["until"], manifest["site"]["code"], manifest["head"]["hash"]]
        said += [entry["sha256"] for entry in manifest["files"].values()]
        said += [part[name] for part in manifest["gaps"] for name in ("from", "until", "cause")]
        numbers = [entry["bytes"] for entry in manifest["files"].values()] + [manifest["head"]["number"]]
        numbers += [part["camera"] for part in [*manifest["gaps"], *manifest["originals"].values()]]
        numbers += [int(key) for key in manifest["cameras"]]
        if not all(isinstance(text, str) for text in said) or not all(isinstance(number, int) for number in numbers):
            raise Wrong(MANIFEST + ": damaged")
    except FileNotFoundError:
        raise Wrong(MANIFEST + ": missing, the export was never finished") from None
    except (OSError, ValueError, KeyError, TypeError, AttributeError):
        raise Wrong(MANIFEST + ": damaged") from None
    return manifest, raw


def _signer(folder: Path, raw: bytes) -> Optional[bytes]:
    """The public key that signed the manifest; None if there is no signature."""
    try:
        said = (folder / SIGNATURE).read_bytes()
    except FileNotFoundError:
        return None
    except OSError:
        raise Wrong(SIGNATURE + ": cannot be read") from None
    parts = re.fullmatch(rb"ed25519 ([0-9a-f]{64}) ([0-9a-f]{128})\n", said)
    if parts is None:
        raise Wrong(SIGNATURE + ": damaged")
    key = bytes.fromhex(parts[1].decode())
    if not is_signed(key, raw, bytes.fromhex(parts[2].decode())):
        raise Wrong(MANIFEST + ": changed after it was signed, or " + SIGNATURE + " was")
    return key


def _check_files(folder: Path, manifest: Manifest) -> List[str]:
    """Those that do not belong to the package and do no harm."""
    there = {path.relative_to(folder).as_posix() for path in folder.rglob("*") if path.is_symlink() or not path.is_dir()}
    passed_over = []
    for name in sorted(there - set(manifest["files"]) - {MANIFEST, SIGNATURE}):
        last = name.rsplit("/", 1)[-1]
        if last not in HARMLESS and not last.startswith("._"):
            raise Wrong(name + ": does not belong to the package")
        passed_over.append(name)
    for name, entry in sorted(manifest["files"].items()):
        path = folder / name
        if name not in there:
            raise Wrong(name + ": missing")
        if path.is_symlink() or not path.is_file():
            raise Wrong(name + ": no file")
        if path.stat().st_size != entry["bytes"]:
            raise Wrong("%s: %d bytes, not %d" % (name, path.stat().st_size, entry["bytes"]))
        if _sha256(path, name) != entry["sha256"]:
            raise Wrong(name + ": changed")
    return passed_over


def _sha256(path: Path, name: str) -> str:
    digest = hashlib.sha256()
    try:
        with path.open("rb") as file:
            for chunk in iter(lambda: file.read(CHUNK), b""):
                digest.update(chunk)
    except OSError:
        raise Wrong(name + ": cannot be read") from None
    return digest.hexdigest()


def _check_checkpoint(folder: Path, manifest: Manifest, key: Optional[bytes]) -> None:
    """The checkpoint, which is on paper too, is of the same head and by the same key."""
    try:
        line, told = (folder / CHECKPOINT).read_text("utf-8").splitlines()
        text, signature = line.rsplit(" ", 1)
        parts, head = text.split(" "), manifest["head"]
        if len(parts) != 7 or parts[:4] != ["JG2", manifest["site"]["code"], str(head["number"]), head["hash"]]:
            raise Wrong(CHECKPOINT + ": is of another head than the manifest")
        owner = bytes.fromhex(told)
        fits = parts[6] == hashlib.sha256(owner).hexdigest()[:16] and is_signed(owner, text.encode(), bytes.fromhex(signature))
        if (key is not None and told != key.hex()) or not fits:
            raise Wrong(CHECKPOINT + ": signed by another key, or changed")
    except (OSError, ValueError, IndexError):
        raise Wrong(CHECKPOINT + ": damaged") from None


def _check_log(folder: Path, manifest: Manifest) -> None:
    """The part of the log hangs together and ends in the head that was signed; the originals are all those that it tells of."""
    told: List[List[Any]] = []
    number = 0
    try:
        log = json.loads((folder / LOG).read_text("utf-8"))
        before = bytes.fromhex(log["before"])
        for number, form, text, said in log["links"]:
            before = hashlib.sha256(before + ("[%d,%d,%s" % (form, number, text)).encode("utf-8", "surrogatepass")).digest()
            if before.hex() != said:
                raise Wrong("%s: entry %d does not follow from the one before" % (LOG, number))
            told += _recordings(form, text)
    except (OSError, ValueError, KeyError, TypeError, IndexError):
        raise Wrong(LOG + ": damaged") from None
    if (before.hex(), number) != (manifest["head"]["hash"], manifest["head"]["number"]):
        raise Wrong(LOG + ": does not end in the head that was signed")
    kept = {(row[0], row[1], row[6]) for row in told}
    originals: Set[str] = set()
    for name, original in manifest["originals"].items():
        sha256 = manifest["files"].get(name, {}).get("sha256")
        if (original["camera"], original.get("number"), sha256) not in kept:
            raise Wrong("%s: the log does not tell of recording %s of camera %s" % (name, original.get("number"), original["camera"]))
        originals.add(sha256)
    for camera, recording, _path, first, last, _bytes, sha256 in told:
        wanted = str(camera) in manifest["cameras"] and first < manifest["until"] and last > manifest["from"] and sha256 not in originals
        if wanted and not any(gap["camera"] == camera and gap["from"] <= last and gap["until"] >= first for gap in manifest["gaps"]):
            raise Wrong("%s: recording %s of camera %s is left out, and no gap says why" % (MANIFEST, recording, camera))


def _recordings(form: int, text: str) -> List[List[Any]]:
    """Every recording that an entry tells of: camera, number, path, first and last packet, bytes, SHA-256."""
    if form != 2:
        return []
    row = json.loads(text[:-1])
    if row[2] != "segments_kept":
        return []
    found = json.loads(row[6])["segments"]
    if any(len(part) != 7 or not isinstance(part[3], str) or not isinstance(part[4], str) for part in found):
        raise ValueError("no recordings")
    return list(found)


def main(arguments: List[str]) -> int:
    """Says the verdict; the exit status."""
    key = None
    if "--key" in arguments:
        at = arguments.index("--key")
        key = "".join(arguments[at + 1].split()).lower() if len(arguments) > at + 1 else ""
        if not re.fullmatch("[0-9a-f]{16,40}|[0-9a-f]{64}", key):
            print("--key: the key, 64 signs from 0 to f, or at least 16 of its fingerprint", file=sys.stderr)
            return 2
        del arguments[at : at + 2]
    folder = Path(arguments[0]).resolve() if arguments else Path(__file__).resolve().parent
    verdict, lines = check(folder, key)
    for line in ["%s / %s" % (INDONESIAN[verdict], verdict), *("  " + line for line in lines)]:
        # Whatever the terminal cannot show must not stop the verdict.
        print(line.encode(sys.stdout.encoding or "ascii", "replace").decode(sys.stdout.encoding or "ascii"))
    return STATUS[verdict]


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
