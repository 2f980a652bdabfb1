"""Which pictures of a stream are decoded and shown to the eyes, and what else is told of them: motion grid, replays, persons."""
