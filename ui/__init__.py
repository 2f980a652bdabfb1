"""The window: what a guard, an officer and a supervisor see and touch.

Here live pages, tables, the wall of live pictures, the theme and the words. PySide6 is used nowhere else. What may not live here: SQL,
streams, decoders and rules; the window asks storage and camera and shows what they say. ui/words alone knows no toolkit, so that the
command line speaks the same language.
"""
