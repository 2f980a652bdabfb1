"""The demo's world: facts of Jakarta's 2024 election and a made-up month of warehouse work on them.

A fixture of the program: only main.py and tests may import it, never the rest of storage, and it is written into a data folder of
its own.
"""
