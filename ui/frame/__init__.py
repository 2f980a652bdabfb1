"""The window's frame, the same around every page: bar, rail, banner, and what the pages share."""
