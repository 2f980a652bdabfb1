"""What the recorder says of itself, for recorder.log or the system's journal."""

import sys

import structlog


def log_to_standard_error() -> None:
    """From now on every line of the log goes there, each with its level, its instant and its values."""
    structlog.configure(
        processors=[
            structlog.processors.add_log_level,
            structlog.processors.TimeStamper(fmt="iso", utc=True),
            structlog.processors.format_exc_info,
            structlog.processors.LogfmtRenderer(key_order=["timestamp", "level", "event"]),
        ],
        logger_factory=structlog.PrintLoggerFactory(sys.stderr),
    )
