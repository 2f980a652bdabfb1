"""Both themes can be read: text 4.5 to 1, shapes 3 to 1, and no colour stands outside the table of tokens."""

import re
from pathlib import Path

import pytest

from ui.look.theme import DARK, LIGHT, Tokens, contrast

UI = Path(__file__).resolve().parents[2] / "ui"


@pytest.mark.parametrize("tokens", [DARK, LIGHT], ids=["dark", "light"])
def test_text_stands_out(tokens: Tokens) -> None:
    grounds = (tokens.ground, tokens.panel, tokens.raised)
    plain = [(ink, ground) for ink in (tokens.text, tokens.muted) for ground in grounds]
    filled = [(paint.text, paint.fill) for paint in (tokens.alarm, tokens.warning, tokens.info, tokens.good, tokens.calm, tokens.chosen)]
    pairs = [*plain, *filled, (tokens.picture.text, tokens.picture.fill)]
    assert {pair: contrast(*pair) for pair in pairs if contrast(*pair) < 4.5} == {}


@pytest.mark.parametrize("tokens", [DARK, LIGHT], ids=["dark", "light"])
def test_shapes_and_borders_of_controls_stand_out(tokens: Tokens) -> None:
    pairs = [(line, ground) for line in (tokens.edge, tokens.focus) for ground in (tokens.ground, tokens.panel)]
    assert {pair: contrast(*pair) for pair in pairs if contrast(*pair) < 3} == {}


def test_contrast_is_that_of_the_standard() -> None:
    assert contrast("#000000", "#ffffff") == pytest.approx(21)
    assert contrast("#777777", "#ffffff") == pytest.approx(4.48, abs=0.01)


def test_no_colour_stands_outside_the_tokens() -> None:
    colour = re.compile(r"#[0-9a-fA-F]{6}\b|GlobalColor|Qt\.(red|green|blue|white|black)")
    files = [file for file in UI.rglob("*.py") if file.name != "theme.py"]
    assert len(files) > 40
    assert [file.name for file in files if colour.search(file.read_text(encoding="utf-8"))] == []
