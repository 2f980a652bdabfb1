"""FAULTS rows 2 to 13 as far as a stream can commit them: hostile cameras of our own against the real recorder, workers and database.

All cameras of a test are recorded at the same time, beside one that behaves: what one does must not reach the others.
"""

import itertools
import re
import time
from collections.abc import Iterator
from contextlib import ExitStack
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import av
import sqlalchemy as sa

from camera.worker_process import CameraPlan
from storage.database import Database
from storage.places import add_camera, add_room, add_site
from storage.schema.watch import segment
from storage.watch.events import WatchEvent, events_between
from storage.watch.gaps import Gap, gaps_between
from storage.watch.states import camera_states
from tests.camera.rig import recorder, wait_until, worker_pids
from tests.conftest import NOW
from tests.faults.hostile_rtsp import (
    TICKS_PER_S,
    HostileCamera,
    Manners,
    Picture,
    described,
    endlessly,
    film,
    slowly,
    timed,
    torn,
)

# A worker at rest has 0.1 GiB; an endless description is read until the time is up.
MEMORY_KIB = 1024 * 1024
HANGS_S = 15.0
OK = b"RTSP/1.0 200 OK\r\nCSeq: {cseq}\r\n"
YEAR_TICKS = 365 * 86_400 * TICKS_PER_S
GOOD = film(90)


def enter(database: Database, addresses: dict[str, str]) -> dict[str, CameraPlan]:
    """Cameras of these names in one room that is always armed."""
    site = add_site(database, "31.75", "Gudang", "Asia/Jakarta", now=NOW)
    room = add_room(database, site.id, "Gudang kotak", now=NOW)
    ids = {name: add_camera(database, room.id, name, address, "", now=NOW).id for name, address in addresses.items()}
    return {name: CameraPlan(ids[name], f"31-75/camera-{ids[name]}", address) for name, address in addresses.items()}


def events(database: Database, plan: CameraPlan) -> list[WatchEvent]:
    now = datetime.now(UTC)
    return [event for event in events_between(database, now - timedelta(hours=1), now) if event.camera_id == plan.camera_id]


def gaps(database: Database, plan: CameraPlan) -> list[Gap]:
    now = datetime.now(UTC)
    return [gap for gap in gaps_between(database, now - timedelta(hours=1), now) if gap.camera_id == plan.camera_id]


def largest_worker_kib() -> int:
    """The most memory that any worker that still runs has had."""
    found = [re.search(r"VmHWM:\s+(\d+)", Path(f"/proc/{pid}/status").read_text()) for pid in worker_pids()]
    return max(int(match[1]) for match in found if match)


def test_rows_03_04_05_cameras_that_never_get_to_their_pictures(database: Database, tmp_path: Path) -> None:
    hostile = {
        "silent": (Manners(answers=lambda: iter(())), "not_answering"),
        "slow loris": (Manners(answers=lambda: slowly(OK * 9)), "not_answering"),
        "endless header": (Manners(answers=lambda: endlessly(OK, b"X-More: " + b"a" * 900 + b"\r\n")), "not_answering"),
        "endless line": (Manners(answers=lambda: endlessly(OK, b"a" * 900)), "not_answering"),
        "endless SDP": (
            Manners(describes=lambda: endlessly(OK + b"Content-Length: 2000000000\r\n\r\n", b"a=x:" + b"a" * 900 + b"\r\n")),
            "unreadable",  # more than a worker may take is refused at once
        ),
        "no SDP": (Manners(describes=lambda: described(b"")), "unreadable"),
        "wrong SDP": (Manners(describes=lambda: described(b"v=0\r\nm=image 0 RTP/AVP 0\r\n")), "not_answering"),
        "good": (Manners(lambda _: timed(GOOD)), ""),
    }
    reasons: dict[str, str] = {}
    took_s: dict[str, float] = {}

    def all_named() -> bool:
        states = {state.camera_id: state for state in camera_states(database)}
        for name, plan in plans.items():
            state = states.get(plan.camera_id)
            if name not in took_s and state and state.state == ("live" if name == "good" else "lost"):
                reasons[name], took_s[name] = state.reason, time.monotonic() - cameras[name].called_s
        return len(took_s) == len(plans)

    with ExitStack() as stack:
        cameras = {name: stack.enter_context(HostileCamera(manners)) for name, (manners, _) in hostile.items()}
        plans = enter(database, {name: camera.address for name, camera in cameras.items()})
        with recorder(database, tmp_path / "recordings", list(plans.values())):
            wait_until(all_named, "a reason for each")
            wait_until(lambda: all(events(database, plan) for name, plan in plans.items() if name != "good"), "all called blind")
            largest_kib = largest_worker_kib()
            good_gaps, good_events = gaps(database, plans["good"]), events(database, plans["good"])
            silent_calls = cameras["no SDP"].calls
    assert reasons == {name: reason for name, (_, reason) in hostile.items()}
    assert max(took_s.values()) < HANGS_S, took_s
    assert largest_kib < MEMORY_KIB
    assert {event.kind for name, plan in plans.items() if name != "good" for event in events(database, plan)} == {"signal_lost"}
    assert ([gap.cause for gap in good_gaps], good_events) == (["starting"], []), "the others reach the good camera"
    assert silent_calls < 8, "tries back off"


def frozen() -> Iterator[Picture]:
    """A living picture for two seconds, then the same one for ever."""
    yield from GOOD[:20]
    yield from itertools.repeat(GOOD[20])


def reset_then_other_codec(call: int) -> Iterator[tuple[Picture, int] | bytes]:
    """Dies in the middle of a packet; whoever answers the next call sends H.265."""
    if call == 0:
        yield from timed(GOOD[:25])
        yield b"$\0\x05\x00half"
        raise ConnectionResetError
    yield from timed(OTHER_CODEC)


LARGER = film(60, size=(480, 272), seed=2)
OTHER_CODEC = film(60, codec="libx265", seed=3)
GIANT = [b"$\0\xff\xff" + b"\0" * 65535] * 600

# What each camera does from its third second or so on, and the kinds of events that it must lead to.
FAULTS = {
    "row 02 no frames": (Manners(lambda call: timed(GOOD[:25] if call == 0 else [])), {"signal_lost"}),
    "row 04 giant packets": (Manners(lambda _: iter(GIANT)), {"signal_lost"}),
    "row 06 torn pictures": (Manners(lambda _: timed([*GOOD[:25], *torn(GOOD[25:])])), {"signal_lost"}),
    "row 07 other size": (Manners(lambda _: timed(GOOD[:30] + LARGER)), {"stream_changed"}),
    "row 08 other codec": (
        Manners(reset_then_other_codec, codec=lambda call: "H264" if call == 0 else "H265"),
        {"stream_changed"},
    ),
    "row 09 clock back": (Manners(lambda _: timed(GOOD, start=10**8, jump=(30, -60 * TICKS_PER_S))), {"clock_jump"}),
    "row 10 clock a year on": (Manners(lambda _: timed(GOOD, jump=(30, YEAR_TICKS))), {"clock_jump"}),
    "row 11 frozen": (Manners(lambda _: timed(frozen())), {"frozen"}),
    "row 12 looped": (Manners(lambda _: timed(itertools.cycle(GOOD[:60]))), {"replayed"}),
    "good": (Manners(lambda _: timed(GOOD)), set()),
}


def test_rows_02_06_to_12_cameras_that_go_wrong_in_mid_stream(database: Database, tmp_path: Path) -> None:
    """The one that behaves has a small stream, which falls silent after 14 s."""
    watched_how = [""]

    def small_stream_came_and_went() -> bool:
        how = next((state.watched_how for state in camera_states(database) if state.camera_id == plans["good"].camera_id), "")
        if how != watched_how[-1]:
            watched_how.append(how)
        return watched_how[-2:-1] == ["sub_stream"] and how != ""

    def untold() -> list[str]:
        return [name for name, (_, kinds) in FAULTS.items() if not kinds <= {event.kind for event in events(database, plans[name])}]

    with ExitStack() as stack:
        cameras = {name: stack.enter_context(HostileCamera(manners)) for name, (manners, _) in FAULTS.items()}
        small = stack.enter_context(HostileCamera(Manners(lambda call: timed(GOOD[:140] if call == 0 else []))))
        plans = enter(database, {name: camera.address for name, camera in cameras.items()})
        plans["good"] = replace(plans["good"], sub_address=small.address)
        with recorder(database, tmp_path / "recordings", list(plans.values())):
            wait_until(small_stream_came_and_went, "the small stream, and the main stream after it")
            wait_until(lambda: not untold(), "an event of each fault")
            torn_plan = plans["row 06 torn pictures"]
            wait_until(lambda: "unreadable" in [gap.cause for gap in gaps(database, torn_plan)], "the torn stream begun anew")
            largest_kib = largest_worker_kib()
            good_gaps = gaps(database, plans["good"])
    assert largest_kib < MEMORY_KIB
    kinds = {name: {event.kind for event in events(database, plan)} - {"motion", "lights_changed"} for name, plan in plans.items()}
    assert kinds["good"] == set()
    assert [gap.cause for gap in good_gaps] == ["starting"]
    for name in ("row 07 other size", "row 09 clock back", "row 10 clock a year on", "row 11 frozen", "row 12 looped"):
        assert kinds[name] == FAULTS[name][1], name
    for name in ("row 07 other size", "row 08 other codec", "row 09 clock back", "row 10 clock a year on"):
        told = [event for event in events(database, plans[name]) if {event.kind} == FAULTS[name][1]]
        assert len(told) == 1, name
        assert told[0].ended_at == told[0].started_at, name
    assert {gap.cause for gap in gaps(database, plans["row 02 no frames"])} == {"starting", "camera_lost"}
    _check_files(database, tmp_path / "recordings", plans)


def _check_files(database: Database, recordings: Path, plans: dict[str, CameraPlan]) -> None:
    """Every segment holds pictures of one kind; none begins before the one before it has ended."""
    found: dict[int, list[tuple[str, int, int, str]]] = {}
    ended: dict[int, datetime] = {}
    torn_id = plans["row 06 torn pictures"].camera_id
    with database.read() as connection:
        rows = connection.execute(sa.select(segment).order_by(segment.c.started_at)).all()
    for row in rows:
        assert ended.get(row.camera_id, row.started_at) <= row.started_at <= row.ended_at
        assert row.ended_at - row.started_at < timedelta(minutes=2)
        ended[row.camera_id] = row.ended_at
        with av.open(str(recordings / row.path)) as file:
            packets = [packet for packet in file.demux(video=0) if packet.size]
            file.seek(0)
            pictures = [] if row.camera_id == torn_id else list(file.decode(video=0))
            context = file.streams.video[0].codec_context
        assert len(packets) == row.packets, "what came is kept, readable or not"
        assert row.camera_id == torn_id or len(pictures) == len(packets)
        assert len({(picture.width, picture.height) for picture in pictures}) <= 1
        found.setdefault(row.camera_id, []).append((context.name, context.width, context.height, row.end_reason))
    sizes = found[plans["row 07 other size"].camera_id]
    assert ("h264", 320, 180, "stream_changed") in sizes
    assert sizes[-1][:3] == ("h264", 480, 272)
    codecs = found[plans["row 08 other codec"].camera_id]
    assert (codecs[0][0], codecs[-1][0]) == ("h264", "hevc")
