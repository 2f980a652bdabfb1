"""From packets to pictures, one decoder a stream."""

from typing import Any

import av
from av.video.codeccontext import VideoCodecContext

from camera.streams.stream import Format


def decoder_for(stream_format: Format, *, loop_filter: bool = True) -> VideoCodecContext:
    """A decoder for a stream of this format. Raises av.error.DecoderNotFoundError for a codec that libav does not know.

    loop_filter: False leaves out the smoothing of block edges: a quarter cheaper, and blockier from picture to picture of a group.
    """
    decoder = av.CodecContext.create(stream_format.codec, "r")
    if not isinstance(decoder, VideoCodecContext):
        raise TypeError(f"{stream_format.codec} is no video codec")
    if stream_format.extradata:
        decoder.extradata = stream_format.extradata
    if stream_format.width and stream_format.height:
        decoder.width, decoder.height = stream_format.width, stream_format.height  # old codecs do not say it in the stream
    decoder.thread_count = 1
    if not loop_filter:
        decoder.options = {"skip_loop_filter": "all"}
    return decoder


def decode(decoder: VideoCodecContext, payload: bytes, at_s: float) -> list[av.VideoFrame]:
    """The pictures that this packet completes; each carries the at_s of its own packet as pts, in microseconds.

    A damaged packet gives none: the decoder goes on at the next whole one.
    """
    packet: av.Packet[Any] = av.Packet(payload)
    packet.pts = packet.dts = round(at_s * 1_000_000)
    try:
        frames = decoder.decode(packet)
    except av.error.FFmpegError:
        return []
    for frame in frames:
        if frame.pts is None:
            frame.pts = packet.pts
    return frames


def drain(decoder: VideoCodecContext) -> list[av.VideoFrame]:
    """The pictures that the decoder still holds back; afterwards it is ready for a key frame."""
    try:
        frames = decoder.decode(None)
    except av.error.FFmpegError:
        frames = []
    decoder.flush_buffers()
    return frames
