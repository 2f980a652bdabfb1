"""What goes wrong around the books: killed programs, and two programs at once; each is a real process with a real file."""
