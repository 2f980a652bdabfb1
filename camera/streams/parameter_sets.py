"""What stands before the picture in a key frame's packet: the parameter sets, by which a change of the stream is told."""

from collections.abc import Iterator
from dataclasses import dataclass

START_CODE = b"\0\0\1"
# Parameter sets and messages are small and few; what goes on longer is no head of a picture.
HEAD_UNITS = 32
# JPEG: start of a frame (baseline, extended, progressive), which holds the size of the picture.
JPEG_FRAMES = (b"\xc0", b"\xc1", b"\xc2")


@dataclass(frozen=True)
class Head:
    """The beginning of a key frame's packet.

    identity: the sets that say size and kind of the pictures (SPS, VPS; for JPEG the frame header); empty where the packet holds none.
    sets: all parameter sets, each behind a start code, as a decoder takes them for extradata.
    picture_at: where in the packet the picture begins; what comes before it may differ from one showing of a picture to the next.
    """

    identity: bytes
    sets: bytes
    picture_at: int


def head_of(codec: str, packet: bytes) -> Head:
    """The head of a key frame's packet in H.264, H.265 or JPEG; an empty one for any other codec.

    Source: ITU-T H.264 7.4.1 and H.265 7.4.2.2 (NAL unit types), ITU-T T.81 B.2.2 (frame header).
    """
    if codec == "mjpeg":
        return Head(_jpeg_frame(packet), b"", 0)
    if codec not in ("h264", "hevc"):
        return Head(b"", b"", 0)
    identity, sets = [], []
    picture_at = 0
    for unit, begin in _units(packet):
        kind = unit[0] & 31 if codec == "h264" else unit[0] >> 1 & 63
        if kind in ((1, 2, 5) if codec == "h264" else range(32)):
            picture_at = begin
            break
        if kind in ((7,) if codec == "h264" else (32, 33)):
            identity.append(unit)
        if kind in ((7, 8, 13) if codec == "h264" else (32, 33, 34)):
            sets.append(unit)
    return Head(b"".join(identity), b"".join(b"\0" + START_CODE + unit for unit in sets), picture_at)


def _units(packet: bytes) -> Iterator[tuple[bytes, int]]:
    """NAL units with where they begin, as far as the head goes, whether start codes or lengths of four bytes mark them."""
    if packet.startswith((START_CODE, b"\0" + START_CODE)):
        at = packet.find(START_CODE) + 3
        for _ in range(HEAD_UNITS):
            # A slice is long, and nothing behind it is asked for: the end is looked for only where a head's unit may end.
            end = packet.find(START_CODE, at, at + 4096)
            unit = packet[at : end if end >= 0 else at + 4096]
            if not unit:
                return
            yield unit.rstrip(b"\0") or b"\0", at
            if end < 0:
                return
            at = end + 3
    else:
        at = 0
        for _ in range(HEAD_UNITS):
            size = int.from_bytes(packet[at : at + 4], "big")
            unit = packet[at + 4 : at + 4 + min(size, 4096)]
            if not unit:
                return
            yield unit, at + 4
            at += 4 + size


def _jpeg_frame(packet: bytes) -> bytes:
    at = 2
    for _ in range(HEAD_UNITS):
        marker, size = packet[at : at + 2], int.from_bytes(packet[at + 2 : at + 4], "big")
        if marker[:1] != b"\xff":
            break
        if marker[1:] in JPEG_FRAMES:
            return packet[at : at + 2 + size]
        at += 2 + max(size, 2)
    return b""
