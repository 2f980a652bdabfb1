"""What Python's own reader of the command line says, in the user's language."""

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
