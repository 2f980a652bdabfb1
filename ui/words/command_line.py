"""What the command line says beside the commands' own words: Python's reader of arguments in the user's language, and progress."""

import contextlib
import sys
from collections.abc import Callable, Iterator

from ui.words.speech import _


def said_by_argparse(english: str) -> str:
    """A sentence of argparse, which looks its words up by this name; one that is not here stays English."""
    said = {
        "usage: ": _("usage: "),
        "positional arguments": _("positional arguments"),
        "options": _("options"),
        "show this help message and exit": _("show this help message and exit"),
        "%(prog)s: error: %(message)s\n": _("%(prog)s: error: %(message)s\n"),
        "argument %(argument_name)s: %(message)s": _("argument %(argument_name)s: %(message)s"),
        "the following arguments are required: %s": _("the following arguments are required: %s"),
        "unrecognized arguments: %s": _("unrecognized arguments: %s"),
        "expected one argument": _("expected one argument"),
        "expected at least one argument": _("expected at least one argument"),
        "invalid choice: %(value)r (choose from %(choices)s)": _("invalid choice: %(value)r (choose from %(choices)s)"),
        "ignored explicit argument %r": _("ignored explicit argument %r"),
        "ambiguous option: %(option)s could match %(matches)s": _("ambiguous option: %(option)s could match %(matches)s"),
    }
    return said.get(english, english)


@contextlib.contextmanager
def progress_bar(label: str) -> Iterator[Callable[[float], None]]:
    """A bar on standard error, from 0 to 1; nothing where standard error is no terminal."""
    last = -1

    def show(share: float) -> None:
        nonlocal last
        percent = int(share * 100)
        if sys.stderr.isatty() and percent != last:
            last = percent
            sys.stderr.write(f"\r{label} [{'#' * (percent * 3 // 10):<30}] {percent:3d} %")
            sys.stderr.flush()

    yield show
    if last >= 0:
        sys.stderr.write("\n")
