"""A bound on the memory of a camera worker: what comes from a camera is not to be trusted, and a worker must not take the computer down."""

import sys

# A 4K camera needs 0.6 GiB; what asks for more than this is no camera. Without the limit it would be everybody's memory.
WRITABLE_BYTES = 2 * 1024**3


def limit_memory() -> None:
    """From now on this process is refused more than WRITABLE_BYTES of memory of its own. Windows knows no such limit."""
    if sys.platform == "win32":
        return
    import resource

    hard = resource.getrlimit(resource.RLIMIT_DATA)[1]
    limit = WRITABLE_BYTES if hard == resource.RLIM_INFINITY else min(hard, WRITABLE_BYTES)
    resource.setrlimit(resource.RLIMIT_DATA, (limit, hard))
