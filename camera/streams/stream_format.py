"""Whether a stream is still what it was: a change of size, codec or parameter sets, within a connection and from one to the next."""

import contextlib
import hashlib
import json
from dataclasses import replace
from pathlib import Path
from typing import Any

from camera.streams.decoding import decode, decoder_for, drain
from camera.streams.parameter_sets import head_of
from camera.streams.stream import Arrival, Format

NAME = "format.json"


class FormatWatch:
    """Follows the parameter sets that a camera sends before its key frames.

    They are compared with the first that came, not with those that the camera promised when the connection began: many cameras promise
    others than they send. format: as it is now; without a size until the first key frame, where the camera was slow.
    """

    def __init__(self, stream_format: Format) -> None:
        self.format = stream_format
        self._sets = b""

    def changed(self, arrival: Arrival) -> bool:
        """Whether the stream is another from this key frame on; `format` is the new one then."""
        head = head_of(self.format.codec, arrival.payload)
        before, self._sets = self._sets, head.identity or self._sets
        # A camera that was slow with its first picture promised no size: only now it is known what its pictures are.
        if self.format.width and (not before or before == self._sets):
            return False
        self.format = _sized(replace(self.format, extradata=head.sets or self.format.extradata), arrival.payload)
        return True

    @property
    def identity(self) -> str:
        """Codec, size and a fingerprint of the parameter sets: those that came, or where none came, those that were promised."""
        fingerprint = hashlib.sha256(self._sets or self.format.extradata).hexdigest()[:16]
        return f"{self.format.codec} {self.format.width}x{self.format.height} {fingerprint}"


def _sized(stream_format: Format, payload: bytes) -> Format:
    """The format with the size that the pictures have; unchanged where the packet gives none."""
    decoder = decoder_for(stream_format)
    frames = decode(decoder, payload, 0.0) + drain(decoder)
    return replace(stream_format, width=frames[0].width, height=frames[0].height) if frames else stream_format


class KnownFormat:
    """What this camera sent last, kept beside its recordings, so that another camera at its address is noticed after any restart too."""

    def __init__(self, folder: Path, address: str) -> None:
        self._path = folder / NAME
        self._address = hashlib.sha256(address.encode()).hexdigest()

    def differs(self, identity: str) -> bool:
        """Whether the same address sent something else before; from now on this is what it sends. Raises OSError where the disk refuses."""
        known: Any = None
        with contextlib.suppress(FileNotFoundError, ValueError):
            known = json.loads(self._path.read_text(encoding="utf-8"))
        new = {"address": self._address, "format": identity}
        if known == new:
            return False
        self._path.parent.mkdir(parents=True, exist_ok=True)
        growing = self._path.with_suffix(".new")
        growing.write_text(json.dumps(new), encoding="utf-8")
        growing.replace(self._path)
        return isinstance(known, dict) and known.get("address") == self._address
