"""The colours and sizes of the window: one table of tokens for each theme. No other file of the window names a colour."""

from dataclasses import dataclass

from PySide6.QtGui import QColor, QFont, QPalette

from storage.people.person import Role

# Everything is placed on a grid of this many pixels.
GRID = 8
ROW_HEIGHT = 28
TARGET = 32
TEXT_PT = 10.5
# On a screen narrower than this the text is smaller, or the tables would not fit.
WIDE_SCREEN = 1600
NARROW_TEXT_PT = 9.0
TITLE_PT = 14.0


@dataclass(frozen=True)
class Paint:
    """A filled surface and the text on it, both as #rrggbb."""

    fill: str
    text: str


@dataclass(frozen=True)
class Tokens:
    """Every colour of a theme, as #rrggbb; Paint where text stands on it."""

    dark: bool
    ground: str
    panel: str
    raised: str
    line: str
    edge: str
    text: str
    muted: str
    focus: str
    chosen: Paint
    alarm: Paint
    warning: Paint
    info: Paint
    good: Paint
    calm: Paint
    picture: Paint


# A sheet of paper looks the same in either theme; the text on it is a hint where to write.
PAPER = Paint("#ffffff", "#5a6570")

_ALARM, _WARNING, _INFO, _GOOD = (Paint(fill, "#000000") for fill in ("#D55E00", "#E69F00", "#56B4E9", "#009E73"))

DARK = Tokens(
    dark=True,
    ground="#1b1f24",
    panel="#232930",
    raised="#2c333c",
    line="#3a424c",
    edge="#78838f",
    text="#e6e9ed",
    muted="#9aa4af",
    focus="#56B4E9",
    chosen=Paint("#34495b", "#ffffff"),
    alarm=_ALARM,
    warning=_WARNING,
    info=_INFO,
    good=_GOOD,
    calm=Paint("#5b6570", "#ffffff"),
    picture=Paint("#101317", "#e6e9ed"),
)
LIGHT = Tokens(
    dark=False,
    ground="#f5f6f8",
    panel="#ffffff",
    raised="#eceff3",
    line="#c9d0d8",
    edge="#7c8793",
    text="#1b1f24",
    muted="#5a6570",
    focus="#1f6fa8",
    chosen=Paint("#d5e6f3", "#1b1f24"),
    alarm=_ALARM,
    warning=_WARNING,
    info=_INFO,
    good=_GOOD,
    calm=Paint("#5a6570", "#ffffff"),
    picture=Paint("#101317", "#e6e9ed"),
)


def tokens_for(role: Role | None) -> Tokens:
    """Dark for those who watch at night, light for those who work with papers."""
    return DARK if role is Role.GUARD else LIGHT


def palette(tokens: Tokens) -> QPalette:
    """What the toolkit draws by itself, in the theme's colours."""
    colours = {
        QPalette.ColorRole.Window: tokens.ground,
        QPalette.ColorRole.WindowText: tokens.text,
        QPalette.ColorRole.Base: tokens.panel,
        QPalette.ColorRole.AlternateBase: tokens.raised,
        QPalette.ColorRole.Text: tokens.text,
        QPalette.ColorRole.PlaceholderText: tokens.muted,
        QPalette.ColorRole.Button: tokens.raised,
        QPalette.ColorRole.ButtonText: tokens.text,
        QPalette.ColorRole.Highlight: tokens.chosen.fill,
        QPalette.ColorRole.HighlightedText: tokens.chosen.text,
        QPalette.ColorRole.ToolTipBase: tokens.raised,
        QPalette.ColorRole.ToolTipText: tokens.text,
        QPalette.ColorRole.Mid: tokens.line,
    }
    made = QPalette()
    for role, colour in colours.items():
        made.setColor(role, QColor(colour))
    made.setColor(QPalette.ColorGroup.Disabled, QPalette.ColorRole.Text, QColor(tokens.muted))
    made.setColor(QPalette.ColorGroup.Disabled, QPalette.ColorRole.ButtonText, QColor(tokens.muted))
    return made


def text_font(base: QFont, screen_width: int = WIDE_SCREEN) -> QFont:
    """The system's own font at the size for a screen, with figures of one width where the font has them."""
    font = QFont(base)
    font.setPointSizeF(TEXT_PT if screen_width >= WIDE_SCREEN else NARROW_TEXT_PT)
    font.setFeature(QFont.Tag("tnum"), 1)
    return font


def contrast(one: str, other: str) -> float:
    """How far two colours (#rrggbb) stand apart, 1 to 21. Source: WCAG 2.2, relative luminance and contrast ratio."""
    lighter, darker = sorted((_luminance(one), _luminance(other)), reverse=True)
    return (lighter + 0.05) / (darker + 0.05)


def _luminance(colour: str) -> float:
    parts = [int(colour[place : place + 2], 16) / 255 for place in (1, 3, 5)]
    red, green, blue = (part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in parts)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue
