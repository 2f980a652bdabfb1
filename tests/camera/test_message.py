"""The pipe between worker and recorder: what is never lost, what is, and what a broken end means."""

import io
import os
import struct
import threading
from typing import BinaryIO

import pytest

from camera.message import LARGEST, Outbox, read_message


class StuckPipe(io.RawIOBase):
    """A pipe whose reader does not read until it is let go."""

    def __init__(self) -> None:
        self.go = threading.Event()
        self.entered = threading.Event()
        self.taken = io.BytesIO()

    def write(self, data: bytes) -> int:  # type: ignore[override]
        self.entered.set()
        self.go.wait(30)
        return self.taken.write(data)


def messages(data: bytes) -> list[tuple[dict[str, object], bytes]]:
    pipe = io.BytesIO(data)
    found = []
    while message := read_message(pipe):
        found.append(message)
    return found


def test_messages_arrive_as_they_were_sent_and_in_order() -> None:
    reading, writing = os.pipe()
    with os.fdopen(reading, "rb") as reader, os.fdopen(writing, "wb") as writer:
        outbox = Outbox(writer)
        outbox.report({"type": "state", "nama": "Gudang é"})
        outbox.live({"type": "packet"}, b"\0\1\2" * 1000)
        assert read_message(reader) == ({"type": "state", "nama": "Gudang é"}, b"")
        assert read_message(reader) == ({"type": "packet"}, b"\0\1\2" * 1000)
        outbox.close(5)


def test_a_reader_who_is_behind_loses_packets_but_no_report() -> None:
    pipe = StuckPipe()
    outbox = Outbox(pipe, live_bytes=100)  # type: ignore[arg-type]
    outbox.report({"n": -1})
    assert pipe.entered.wait(30)
    for number in range(50):
        outbox.live({"n": number}, b"x" * 40)
        outbox.report({"report": number})
    pipe.go.set()
    outbox.close(30)
    sent = messages(pipe.taken.getvalue())
    assert [header["report"] for header, _ in sent if "report" in header] == list(range(50))
    assert [header["n"] for header, payload in sent if payload] == [0, 1]


def test_a_reader_who_is_gone_is_noticed() -> None:
    reading, writing = os.pipe()
    os.close(reading)
    writer: BinaryIO = os.fdopen(writing, "wb", buffering=0)
    outbox = Outbox(writer)
    outbox.report({"type": "beat"})
    assert outbox.broken.wait(30)
    writer.close()


@pytest.mark.parametrize("data", [b"", b"\0\0", struct.pack("!II", 10, 0) + b"{}", struct.pack("!II", 2, 9) + b"{}abc"])
def test_a_pipe_that_ends_in_mid_message_has_ended(data: bytes) -> None:
    assert read_message(io.BytesIO(data)) is None


def test_a_message_too_large_to_be_ours_is_an_error() -> None:
    with pytest.raises(ValueError, match="larger"):
        read_message(io.BytesIO(struct.pack("!II", LARGEST, 1)))
