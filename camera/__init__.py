"""Everything between a camera's wire and a fact about its picture.

Here live streams, packets, segments, frames, motion, events, the camera worker, the recorder that supervises workers, and the
relay of live packets. What may not live here: databases, Qt, opening hours, verdicts. The camera measures; what it needs kept it
tells a `Journal` (camera/journal.py), which somebody else provides.
"""
