"""Opening a camera's stream, whichever kind its address names."""

from camera.streams.address import USB
from camera.streams.stream import Source, Stream
from camera.streams.usb_stream import UsbStream

AnyStream = Stream | UsbStream


def open_stream(source: Source, *, sound: bool = False) -> AnyStream:
    """The stream at an address; a context manager. sound: with what the camera hears, if it sends that. Raises StreamError."""
    return UsbStream(source) if source.address.startswith(USB) else Stream(source, sound=sound)
