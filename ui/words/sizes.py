"""Sizes of footage as a person reads them, in the units in which disks are sold."""

from ui.words.speech import decimal, whole

GB = 10**9
_MB = 10**6


def size(bytes_: int) -> str:
    """412 GB, 3,2 GB, 56 MB: as exact as anybody needs to decide about a disk."""
    if bytes_ >= 10 * GB:
        return f"{whole(round(bytes_ / GB))} GB"
    if bytes_ >= GB:
        return f"{decimal(bytes_ / GB)} GB"
    return f"{whole(round(bytes_ / _MB))} MB"
