"""One migration a file, named by its number and what it brings."""
