"""`main.py record` with short segments, of which a run of minutes sees many end: `python -m tests.faults.recording DATA SEGMENT_S`."""

import sys

import main
from camera.recording.recorder import Recorder

if __name__ == "__main__":
    data, segment_s = sys.argv[1:]
    assert Recorder.__init__.__kwdefaults__ is not None
    Recorder.__init__.__kwdefaults__["segment_s"] = float(segment_s)
    sys.exit(main.main(["--data", data, "record"]))
