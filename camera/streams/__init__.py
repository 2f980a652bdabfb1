"""A camera's stream: its address, opening and reading it with time-outs, what it consists of, and what its timestamps are worth.

Nothing here looks at a picture or writes a file.
"""
