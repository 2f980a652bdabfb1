"""Reading a document as somebody does who holds the printed page: its QR code, drawn from what the PDF draws."""

import base64
import re
import zlib

import cv2
import numpy as np

_STREAM = re.compile(rb"<<([^<>]*ASCII85Decode /FlateDecode[^<>]*)>>\s*stream\r?\n(.*?)endstream", re.DOTALL)
_SQUARE = re.compile(rb"(-?[\d.]+) (-?[\d.]+) (-?[\d.]+) (-?[\d.]+) re")
# Pixels a module, and modules of white around the code.
_PIXELS, _QUIET = 8, 4


def page_text(pdf: bytes) -> bytes:
    """What the pages draw, one after the other."""
    streams = (data.strip().removesuffix(b"~>") for head, data in _STREAM.findall(pdf) if b"/Image" not in head)
    return b"\n".join(zlib.decompress(base64.a85decode(data)) for data in streams)


def qr_text(pdf: bytes) -> str:
    """The text of the page's QR code; empty where none can be read."""
    squares = [tuple(map(float, found)) for found in _SQUARE.findall(page_text(pdf))]
    modules = [square for square in squares if square[2] == square[3] and 0 < square[2] < 4]
    if not modules:
        return ""
    left, bottom, step = min(square[0] for square in modules), min(square[1] for square in modules), modules[0][2]
    places = [(round((x - left) / step), round((y - bottom) / step)) for x, y, _width, _height in modules]
    size = max(column for column, _row in places) + 1
    grid = np.full((size + 2 * _QUIET, size + 2 * _QUIET), 255, np.uint8)
    for column, row in places:
        grid[_QUIET + size - 1 - row, _QUIET + column] = 0
    page = cv2.resize(grid, None, fx=_PIXELS, fy=_PIXELS, interpolation=cv2.INTER_NEAREST)
    text, _corners, _straight = cv2.QRCodeDetectorAruco().detectAndDecode(page)
    return str(text)
