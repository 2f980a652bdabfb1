"""How things look: the tokens of both themes, and the pieces that every page is drawn with. Nothing here knows what it shows."""
