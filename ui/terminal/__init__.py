"""Commands of the books for a terminal: what they take, what they print. No window, no database of its own."""
