"""What our eyes are compared with, as a program: `python -m tests.benchmarks.plain_decoding WAY FILE` prints what its work cost as JSON.

Ways: keyframes decodes the key frames alone; live_keyframes does so in real time, and tells what it spent between two times of the film,
which are given in seconds after FILE; full decodes every picture; mog2 does what a usual detector does: it decodes every picture, shrinks
three of five to 320 pixels' width and asks OpenCV's MOG2 for the foreground.
"""

import json
import sys
import time

import av

from camera.looking.picture import small_luma

LOOKED_AT, OF = 3, 5


def decode(way: str, path: str) -> int:
    """Decodes the file in one thread; returns the number of pictures."""
    pictures = 0
    with av.open(path) as container:
        stream = container.streams.video[0]
        stream.codec_context.thread_count = 1
        if way == "keyframes":
            stream.codec_context.skip_frame = "NONKEY"
        if way == "mog2":
            import cv2

            cv2.setNumThreads(1)
            background = cv2.createBackgroundSubtractorMOG2()
        for frame in container.decode(stream):
            if way == "mog2" and pictures % OF < LOOKED_AT:
                background.apply(small_luma(frame))
            pictures += 1
    return pictures


def decode_live(path: str, from_s: float, until_s: float) -> float:
    """Decodes each key frame when a camera would have sent it; processor seconds from the one time to the other."""
    with av.open(path) as container:
        stream = container.streams.video[0]
        stream.codec_context.thread_count = 1
        begun_s, spent_s = time.monotonic(), 0.0
        for packet in container.demux(stream):
            if not packet.size:
                continue
            at_s = float((packet.dts or 0) * packet.time_base)
            spent_s = spent_s or (time.process_time() if at_s >= from_s else 0.0)
            if at_s >= until_s:
                break
            time.sleep(max(0.0, begun_s + at_s - time.monotonic()))
            if packet.is_keyframe:
                stream.codec_context.decode(packet)
        return time.process_time() - spent_s


def main() -> None:
    """Runs one way on one file."""
    way, path, *times = sys.argv[1:]
    if way == "live_keyframes":
        print(json.dumps({"steady_cpu_s": decode_live(path, *map(float, times))}))
        return
    begun_s = time.process_time()
    pictures = decode(way, path)
    print(json.dumps({"pictures": pictures, "steady_cpu_s": time.process_time() - begun_s}))


if __name__ == "__main__":
    main()
