"""Which pictures of a stream the eyes look at: as few as lose nothing."""

import copy
from collections.abc import Callable, Iterable

import av
import numpy as np
from av.video.codeccontext import VideoCodecContext
from numpy.typing import NDArray

from camera.events import Kind, Phase, Sight
from camera.eyes.blocks import levels, median
from camera.eyes.eyes import LOOK_EVERY_S, Eyes
from camera.journal import WatchedHow
from camera.looking.gate import Gate
from camera.looking.person import Persons
from camera.looking.picture import colour, small_luma
from camera.streams.decoding import decode, decoder_for, drain
from camera.streams.stream import Format

START_S = 24.0  # every picture at first: three times the eight seconds in which the eyes learn the scene and its noise
TAIL_SHARE, TAIL_MOST_S = 0.25, 0.5  # of a group, at its end; nobody is in a room for less than half a second
SELDOM_S = 0.25  # between looks where every picture is decoded and nothing is suspected; one look shows that somebody is there
QUIET_S = 4.0  # after the last sign of anything; who stands still stirs within two seconds
REACH_S = 1.0  # sizes stir so long after a thing began at most; so near to a key frame the group before is looked at too
LEARN_EVERY_S = 180.0  # one group is looked at whole, to keep both honest: at groups of 2 s one part in ninety
KEPT_BYTES = 16 * 1024 * 1024  # of packets that were not looked at; 30 s of a camera of 4 Mbit/s
LEVEL_STEP = 1.1  # brightness by brightness; a room's light changes it more, daylight within a group less

OnCells = Callable[[float, NDArray[np.bool_]], None]
Packets = list[tuple[bytes, float]]  # payload and time


class Gaze:
    """From the packets of one stream, in the order of decoding, to the sights of one pair of eyes. No thread, no clock.

    Asleep, it decodes key frames and asks the gate about the packets between them. When either shows something, it goes back to the
    key frame before and decodes every picture from there on, until all has been quiet for QUIET_S. Going back, it takes the eyes as
    they were then, so that they see one story in the order of time.

    armed: whether the room is; where sizes tell nothing, every picture is decoded then. May be set at any time.
    eyes: as they are now; going back replaces them. pictures: decoded so far, one that was decoded twice counts twice.
    """

    def __init__(
        self,
        stream_format: Format,
        eyes: Eyes,
        *,
        armed: bool = True,
        sparing: bool = True,
        small: bool = False,
        on_cells: OnCells | None = None,
        persons: Persons | None = None,
    ) -> None:
        """sparing: False decodes and looks at every picture. small: the stream is cheap, all of it is decoded, whatever sizes tell.
        on_cells: told the time of each look in which something moves, and the cells of the grid. persons: asked about what moves.

        Raises av.error.DecoderNotFoundError for a codec that libav does not know.
        """
        self._small = small
        self._on_cells = on_cells
        self._persons = persons
        self.armed = armed
        self.eyes = eyes
        self._format = stream_format
        self._decoder = decoder_for(stream_format)
        self._rough: VideoCodecContext | None = None
        self._rough_follows = False  # it has decoded this group so far
        # Pictures that stand alone need no group: only those that the eyes want are decoded.
        self._alone = self._decoder.codec.intra_only
        self._sparing = sparing and not self._alone
        self.pictures = 0
        self._start_again()

    def _start_again(self) -> None:
        self._gate = Gate()
        self._awake = True
        self._begun_s: float | None = None
        self._tail_s = np.inf
        self._key_s = self._shown_s = self._stirred_s = self._woken_s = -np.inf
        self._learn_s = np.inf
        self._luma: NDArray[np.uint8] | None = None
        self._before: Packets = []
        self._group: Packets = []
        self._kept_bytes = 0
        self._undo: tuple[Eyes, float] | None = None
        self._due: set[int] = set()
        self._due_s = self._newest_s = -np.inf
        self._reordered = False

    @property
    def how(self) -> WatchedHow:
        if not self._sparing or self._small or self._starting:
            return WatchedHow.EVERY_PICTURE
        if self._gate.tells:
            return WatchedHow.PACKETS
        return WatchedHow.EVERY_PICTURE if self.armed else WatchedHow.KEY_FRAMES

    @property
    def _starting(self) -> bool:
        return self._begun_s is None or self._key_s - self._begun_s < START_S or not self._gate.learnt

    def take(self, payload: bytes, key: bool, at_s: float) -> list[Sight]:
        """The next packet. at_s: when its picture was taken, in seconds of the stream."""
        if not self._sparing:
            return self._look(self._decoded(self._decoder, payload, at_s)) if not self._alone or self.eyes.wants(at_s) else []
        self._note(payload, key, at_s)
        if self._awake:
            sights = self._look(self._decoded(self._decoder, payload, at_s))
            return sights + self._rest(key, at_s)
        how = self.how
        if self._kept_bytes > KEPT_BYTES:
            return self._wake(at_s, back=True)
        if how is WatchedHow.EVERY_PICTURE:
            return self._skim(key, at_s)
        self._rough_follows = False
        if key:
            return self._glance(payload, at_s)
        return self.rouse(at_s) if self.stirred else []

    def sleeps_through(self, payload: bytes, key: bool, at_s: float) -> bool:
        """Takes the packet in `take`'s place if no picture is needed of it, which costs next to nothing. When `stirred`, call `rouse`."""
        if key or self._awake or not self._sparing or self._kept_bytes > KEPT_BYTES or self.how is WatchedHow.EVERY_PICTURE:
            return False
        self._rough_follows = False
        self._note(payload, key, at_s)
        return True

    @property
    def stirred(self) -> bool:
        """Whether the packets that were taken last are unusual, where that says something."""
        return self._gate.stirred and self._gate.tells

    def may_wait(self, key: bool, at_s: float) -> bool:
        """Whether a packet of that time need not be taken before the next one, since none of their pictures is looked at yet."""
        return self._sparing and not self._awake and not key and self.eyes.at_rest and 0 <= at_s - self._shown_s < SELDOM_S

    def rouse(self, at_s: float) -> list[Sight]:
        """Looks at what was slept through since the last key frame."""
        return self._wake(at_s, back=at_s - self._key_s < REACH_S)

    def finish(self, at_s: float) -> list[Sight]:
        """The stream has ended: looks at what the decoder holds back and closes every open event. at_s: no event lasts longer."""
        sights = self._look(drain(self._decoder)) if self._awake else []
        closed = self.eyes.finish(at_s)
        return sights + (self._persons.asked(closed, None) if self._persons else closed)

    def _note(self, payload: bytes, key: bool, at_s: float) -> None:
        if key:
            self._turn(at_s)
        self._gate.add(len(payload), key, at_s)
        self._note_due(at_s)
        self._group.append((payload, at_s))
        self._kept_bytes += len(payload)

    def _turn(self, at_s: float) -> None:
        """A key frame begins a new group."""
        if at_s <= self._key_s:
            self._start_again()
        if self._begun_s is None:
            self._begun_s = at_s
        length_s = at_s - self._key_s
        self._tail_s = at_s + length_s - min(TAIL_SHARE * length_s, TAIL_MOST_S)
        self._key_s = at_s
        self._before, self._group = self._group, []
        before_us = round(self._before[0][1] * 1_000_000) if self._before else 0
        self._due = {time_us for time_us in self._due if time_us >= before_us}
        self._kept_bytes = sum(len(payload) for payload, _ in self._before)
        if not self._awake and at_s >= self._learn_s:
            self._decoder.flush_buffers()
            self._awake, self._woken_s, self._learn_s = True, at_s, np.inf

    def _rest(self, key: bool, at_s: float) -> list[Sight]:
        """After a picture was looked at: falls asleep if there was nothing for long."""
        if not self.eyes.at_rest or self.stirred:
            self._stirred_s = at_s
        if not key or self._starting or at_s - self._stirred_s < QUIET_S or at_s <= self._woken_s:
            return []
        sights = self._look(drain(self._decoder))
        self._awake, self._rough_follows = False, False
        self._undo = (copy.deepcopy(self.eyes), self._shown_s)
        self._learn_s = min(self._learn_s, at_s + LEARN_EVERY_S)
        return sights

    def _skim(self, key: bool, at_s: float) -> list[Sight]:
        """Every picture without the loop filter, which saves a quarter; of the main stream not the tail of the group, which saves another.

        What they show is looked at again with it: blockier pictures would end an event at another moment. What begins in the tail is on the
        key frame that ends it; then the tail is looked at too.
        """
        packets = self._group[-1:]
        if at_s >= self._tail_s and not self._small:
            return []
        if key:
            self._undo = (copy.deepcopy(self.eyes), self._shown_s)
        if not self._rough_follows:
            self._rough_follows = True
            self._rough_decoder().flush_buffers()
            packets = self._group
        sights = []
        for payload, then_s in packets:
            frames = self._decoded(self._rough_decoder(), payload, then_s)
            # Half of the looks are enough for a suspicion: what makes one is looked at again whole.
            if then_s - self._shown_s >= SELDOM_S:
                sights += self._look(frames, rough=True)
        return self._wake(at_s, back=True) if sights or not self.eyes.at_rest else []

    def _glance(self, payload: bytes, at_s: float) -> list[Sight]:
        """A key frame alone. Whatever it shows began after the one before."""
        if not self.eyes.wants(at_s):
            return []
        self._undo = (copy.deepcopy(self.eyes), self._shown_s)
        before = self._luma
        rough = self._rough_decoder()
        # Without the loop filter, which changes little in a picture that stands alone. What it shows is looked at again with it.
        pictures = self._decoded(rough, payload, at_s) + drain(rough)
        if not pictures:  # damaged, or it lacks what only the other decoder was told
            return self._wake(at_s, back=True)
        sights = self._look(pictures, rough=True, any_time=True)
        if sights or not self.eyes.at_rest or _relit(before, self._luma):
            return self._wake(at_s, back=True)
        return []

    def _rough_decoder(self) -> VideoCodecContext:
        if self._rough is None:
            self._rough = decoder_for(self._format, loop_filter=False)
        return self._rough

    def _wake(self, at_s: float, *, back: bool) -> list[Sight]:
        """Decodes the kept group from its start. back: also the group before, as if its key frame were the last one looked at."""
        packets = self._group
        if back and self._undo:
            self.eyes, self._shown_s = self._undo
            packets = self._before + self._group
        self._awake, self._woken_s, self._stirred_s = True, at_s, at_s
        self._undo = None
        self._decoder.flush_buffers()
        return [sight for payload, then_s in packets for sight in self._look(self._decoded(self._decoder, payload, then_s))]

    def _note_due(self, at_s: float) -> None:
        """Notes the pictures that eyes would look at which see all of them."""
        self._reordered |= at_s < self._newest_s
        self._newest_s = at_s
        if at_s - self._due_s >= LOOK_EVERY_S:
            self._due_s = at_s
            self._due.add(round(at_s * 1_000_000))

    def _due_now(self, time_us: int, frame_s: float, *, any_time: bool) -> bool:
        """Not what was looked at before and was decoded again; of the others those that eyes which see all would look at.

        So the eyes see the same pictures however the stream is watched: what lies near a limit falls on the same side.
        """
        return frame_s > self._shown_s and (any_time or self._reordered or time_us in self._due)

    def _decoded(self, decoder: VideoCodecContext, payload: bytes, at_s: float) -> list[av.VideoFrame]:
        frames = decode(decoder, payload, at_s)
        self.pictures += len(frames)
        return frames

    def _look(self, frames: Iterable[av.VideoFrame], *, rough: bool = False, any_time: bool = False) -> list[Sight]:
        """rough: they only raise a suspicion; what they show is looked at again. any_time: whether or not they are due."""
        sights = []
        for frame in frames:
            time_us = frame.pts or 0
            frame_s = time_us / 1_000_000
            if not self.eyes.wants(frame_s) or (self._sparing and not self._due_now(time_us, frame_s, any_time=any_time)):
                continue
            self._shown_s = frame_s
            self._luma = small_luma(frame)
            new = self.eyes.look(self._luma, frame_s, colour=colour(frame), glance=rough)
            if not rough:
                new = self._told(new, frame, frame_s)
            sights += new
            if not self.eyes.at_rest:
                self._gate.moved()
        return sights

    def _told(self, new: list[Sight], frame: av.VideoFrame, frame_s: float) -> list[Sight]:
        for sight in new:
            if sight.phase is Phase.OPENED and sight.kind is Kind.MOTION:
                self._gate.began(sight.start_s)
        if self._on_cells and self.eyes.cells.any():
            self._on_cells(frame_s, self.eyes.cells)
        return self._persons.asked(new, frame) if self._persons else new


def _relit(before: NDArray[np.uint8] | None, after: NDArray[np.uint8] | None) -> bool:
    """Whether the light of the whole picture changed from one key frame to the next; eyes that look so seldom cannot tell it from dusk."""
    if before is None or after is None or before.shape != after.shape:
        return True
    return not 1 / LEVEL_STEP < median(levels(after) / levels(before)) < LEVEL_STEP
