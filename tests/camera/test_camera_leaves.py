"""A camera that is no longer among those to be recorded: its last segment is kept, and from there on it is in a gap."""

from datetime import UTC, datetime, timedelta
from pathlib import Path

from storage.database import Database
from storage.people.person import Role, add_person
from storage.watch.gaps import gaps_between
from storage.watch.segments import footage_between
from storage.watch.states import camera_states
from storage.watch.switching import switch_off, switch_on
from tests.camera.rig import enter_camera, recorder, wait_until, write_video


def test_a_camera_that_is_switched_off_leaves_with_its_last_segment_and_comes_back(database: Database, tmp_path: Path) -> None:
    write_video(tmp_path / "scene.mp4", seconds=12)
    plan = enter_camera(database, (tmp_path / "scene.mp4").as_uri())
    begun = datetime.now(UTC)
    agus = add_person(database, "Agus", Role.SUPERVISOR, now=begun)
    plans = [plan]
    folder = tmp_path / "recordings"

    def whole() -> set[str]:
        return {path.relative_to(folder).as_posix() for path in folder.rglob("*.mp4")}

    def rows() -> set[str]:
        return {file.path for file in footage_between(database, 1, begun, datetime.now(UTC)) if not file.path.endswith(".part")}

    def causes() -> list[str]:
        return [gap.cause for gap in gaps_between(database, begun - timedelta(hours=1), datetime.now(UTC))]

    with recorder(database, folder, plans, segment_s=600):
        wait_until(lambda: bool(list(folder.rglob("*.part"))), "a growing segment")
        wait_until(lambda: any(state.state == "live" for state in camera_states(database)), "the first picture")
        switch_off(database, 1, "Lensa dibersihkan", by=agus, now=datetime.now(UTC))
        plans.clear()
        wait_until(lambda: camera_states(database)[0].state == "lost", "the end of the camera")
        assert len(whole()) == 1, "ten minutes are not over: it ended because the camera left"
        assert rows() == whole()
        gap = gaps_between(database, begun, datetime.now(UTC))[-1]
        assert (gap.cause, gap.note, gap.ended_at) == ("disabled", "Agus: Lensa dibersihkan", None)
        (last,) = footage_between(database, 1, begun, datetime.now(UTC))
        assert abs(gap.started_at - last.ended_at) <= timedelta(seconds=2)
        switch_on(database, 1, by=agus, now=datetime.now(UTC))
        plans.append(plan)
        wait_until(lambda: camera_states(database)[0].state == "live", "the camera again")
        wait_until(lambda: gaps_between(database, begun, datetime.now(UTC))[-1].ended_at is not None, "the end of its gap")
    assert causes() == ["starting", "disabled", "starting", "recorder_stopped"]
