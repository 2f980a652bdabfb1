"""The words of the program in the user's language: sentences, numbers, times, and the names of states.

English stands in the code; id.po is what translators edit, id.mo is compiled from it by update.py. What may not live here: PySide6, for
the command line speaks the same language without a screen.
"""
