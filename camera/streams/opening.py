"""Opening a camera's stream, whichever kind its address names."""

from camera.streams.address import USB
from camera.streams.stream import Source, Stream
from camera.streams.usb_stream import UsbStream

AnyStream = Stream | UsbStream


def open_stream(source: Source) -> AnyStream:
    """The stream at an address; a context manager. Raises StreamError."""
    return UsbStream(source) if source.address.startswith(USB) else Stream(source)
