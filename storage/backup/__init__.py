"""Backups: copies of the book that are made while others write, found whole or not at all, and brought back in a new place.

Nothing here writes into a book that is in use, but for the record that says what was done.
"""
