"""The eyes: from small luma pictures and their stream times to reports about motion and lights.

Here live the model of the empty scene, the search for what moves in it, the watch on the light level, the persistence that
turns single looks into events, and `Eyes`, which joins them. Nothing here opens streams, decodes, stores or knows the clock:
time is what the caller says it is.
"""
