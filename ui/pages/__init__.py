"""The pages of the window, one file each, and the tables on them. What each page is for is told by its one question in its docstring."""
