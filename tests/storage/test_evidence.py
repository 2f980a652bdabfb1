"""The evidence package: what is in it, who may make it, and that one that was cut short never looks whole."""

import json
import shutil
import signal
import subprocess
import sys
from collections.abc import Iterator, Sequence
from contextlib import closing
from datetime import timedelta
from pathlib import Path
from typing import Any

import av
import pytest
from sqlalchemy import text

from storage.database import open_database
from storage.evidence.export import Exported, export_incident
from storage.evidence.package import CalledOff
from storage.evidence.verify import AUTHENTIC, NOT_AUTHENTIC, NOT_SIGNED, WITH_GAPS, check
from storage.ledger.check import check_books
from storage.people.confirmation import confirm
from storage.people.person import Role, add_person, named
from storage.people.right import NeedsSecond, NotAllowed
from storage.places import add_room
from storage.rules.checkpoint import Signed, read_checkpoints
from storage.rules.refusal import Refusal
from storage.rules.rights import Act
from storage.watch.journal import WatchJournal
from tests.camera.footage import after, shown
from tests.storage.incident import LATER, SECRETS, IncidentScene, open_incident
from ui.evidence.making import EvidenceMakers
from ui.words.speech import set_language

ROOT = Path(__file__).resolve().parents[2]


@pytest.fixture
def scene(tmp_path: Path, blank: Path) -> Iterator[IncidentScene]:
    """A copy of the scene: making its footage takes longer than copying it."""
    folder = tmp_path / "data"
    shutil.copytree(blank, folder)
    opened = reopened(folder)
    with closing(opened.database):
        yield opened


@pytest.fixture(scope="module")
def blank(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("incident") / "data"
    open_incident(folder).database.close()
    return folder


def reopened(folder: Path) -> IncidentScene:
    database = open_database(folder)
    return IncidentScene(database, folder / "recordings", 1, named(database, "Siti"), named(database, "Agus"))


def read(made: Exported, name: str) -> dict[str, Any]:
    found = json.loads((made.folder / name).read_text("utf-8"))
    assert isinstance(found, dict)
    return found


def last_record(scene: IncidentScene) -> tuple[str, int | None, int | None, str]:
    with scene.database.read() as connection:
        row = connection.execute(text("SELECT act, person_id, second_id, body FROM record ORDER BY event_id DESC LIMIT 1")).one()
    return row.act, row.person_id, row.second_id, row.body


def test_the_originals_are_the_recorders_own_bytes_and_everything_checks(scene: IncidentScene, tmp_path: Path) -> None:
    made = scene.export(tmp_path / "out")
    assert [path.name for path in (tmp_path / "out").iterdir()] == ["insiden-31.75-1-20261122-210600"]
    manifest = read(made, "manifest.json")
    assert (manifest["by"], manifest["second"]) == ("Siti", "Agus")
    assert (manifest["from"], manifest["until"]) == ("2026-11-22T14:03:25.000000Z", "2026-11-22T14:03:50.000000Z")
    assert [(part["camera"], part["number"]) for part in manifest["originals"].values()] == [(1, 1), (1, 2), (1, 3), (2, 1), (2, 2)]
    for name, part in manifest["originals"].items():
        assert (made.folder / name).read_bytes() == (scene.recordings / part["path"]).read_bytes()
    assert [(gap["camera"], gap["from"][11:19], gap["until"][11:19], gap["cause"]) for gap in manifest["gaps"]] == [
        (2, "14:03:32", "14:03:50", "camera_lost")
    ]
    assert check(made.folder, made.fingerprint.replace(" ", "").lower())[0] == WITH_GAPS
    assert check_books(scene.database).findings == ()


def test_the_clip_shows_the_incidents_time_and_the_stills_can_be_opened(scene: IncidentScene, tmp_path: Path) -> None:
    made = scene.export(tmp_path / "out")
    pictures = shown(made.folder / "clips/camera-1.mp4")
    assert (pictures[0], pictures[-1][1]) == ((0.0, 50), 299)
    stills = sorted(path.name for path in (made.folder / "stills").iterdir())
    assert stills == ["camera-1-1.jpg", "camera-1-2.jpg", "camera-1-3.jpg"]  # camera 2 was lost by then
    with av.open(str(made.folder / "stills/camera-1-1.jpg")) as still:
        assert next(still.decode(video=0)).width == 320


def test_the_facts_tell_who_saw_and_judged_it(scene: IncidentScene, tmp_path: Path) -> None:
    facts = read(scene.export(tmp_path / "out"), "incident.json")
    assert (facts["kind"], facts["room"], facts["seen_by"], facts["room_was_open"]) == ("motion", "Ruang kotak suara", "Siti", False)
    assert [(step["person"], step["step"], step["verdict"]) for step in facts["steps"]] == [
        ("Siti", "acknowledged", None),
        ("Siti", "verdict", "real_incident"),
    ]
    assert [event["kind"] for event in facts["events"]] == ["motion"]


def test_the_checkpoint_is_of_the_head_and_the_export_is_recorded_after_it(scene: IncidentScene, tmp_path: Path) -> None:
    made = scene.export(tmp_path / "out")
    manifest = read(made, "manifest.json")
    (checkpoint,) = read_checkpoints((made.folder / "checkpoint.txt").read_text().splitlines()[0])
    assert isinstance(checkpoint, Signed)
    assert (checkpoint.head.number, checkpoint.head.hash.hex()) == (manifest["head"]["number"], manifest["head"]["hash"])
    assert check_books(scene.database, checkpoints=[checkpoint]).findings == ()
    act, by, second, body = last_record(scene)
    assert (act, by, second) == ("evidence_exported", scene.guard.id, scene.supervisor.id)
    assert json.loads(body)["manifest"] == made.manifest_sha256


def test_the_page_is_indonesian_whatever_the_program_speaks(scene: IncidentScene, tmp_path: Path) -> None:
    set_language("en")
    made = scene.export(tmp_path / "out")
    page = (made.folder / "summary.pdf").read_bytes()
    assert page.startswith(b"%PDF") and page.count(b"/Type /Page\n") == 1
    assert b"(Bukti insiden 1)" in page


def test_footage_of_the_last_minute_is_told_to_the_chain_first(scene: IncidentScene, tmp_path: Path) -> None:
    """As if the recorder had not come to it yet: the record is written with the export."""
    with scene.database.write() as connection:
        connection.execute(text("UPDATE segment SET record_id = NULL WHERE camera_id = 1 AND number = 3"))
    made = scene.export(tmp_path / "out")
    assert check(made.folder)[0] == WITH_GAPS
    with scene.database.read() as connection:
        assert connection.execute(text("SELECT count(*) FROM segment WHERE record_id IS NULL AND camera_id = 1")).scalar() == 0


@pytest.mark.parametrize(("harm", "cause"), [("remove", "missing"), ("change", "altered")])
def test_a_recording_that_is_gone_or_not_the_same_is_a_gap_with_its_cause(
    harm: str, cause: str, scene: IncidentScene, tmp_path: Path
) -> None:
    file = scene.segment(1, 1)
    if harm == "remove":
        file.unlink()
    else:
        file.write_bytes(file.read_bytes()[:-1] + b"x")
    made = scene.export(tmp_path / "out")
    gaps = [(gap["camera"], gap["from"][11:19], gap["cause"]) for gap in read(made, "manifest.json")["gaps"]]
    assert gaps == [(1, "14:03:30", cause), (2, "14:03:32", "camera_lost")]
    assert check(made.folder)[0] == WITH_GAPS


def test_a_time_that_no_gap_explains_is_unexplained(scene: IncidentScene, tmp_path: Path) -> None:
    with scene.database.write() as connection:
        connection.execute(text("DELETE FROM gap"))
    gaps = read(scene.export(tmp_path / "out"), "manifest.json")["gaps"]
    assert [(gap["camera"], gap["cause"]) for gap in gaps] == [(2, "unexplained")]


def test_what_is_still_recorded_is_not_exported(scene: IncidentScene, tmp_path: Path) -> None:
    with pytest.raises(Refusal, match="still being recorded"):
        scene.export(tmp_path / "out", now=after(25))
    with pytest.raises(Refusal, match="no such alarm"):
        export_incident(
            scene.database,
            7,
            tmp_path,
            EvidenceMakers(),
            recordings=scene.recordings,
            by=scene.guard,
            second=scene.supervisor,
            now=LATER,
        )
    journal = WatchJournal(scene.database, lambda _table, _row: None)
    journal.event_opened(1, "motion", after(200), 3.0, (), at=after(200))
    scene.alarm_id = 2
    with pytest.raises(Refusal, match="still being recorded"):
        scene.export(tmp_path / "out", now=after(900))
    assert list((tmp_path / "out").iterdir()) == []


def test_nothing_is_written_into_the_recordings_and_no_row_leads_out_of_them(scene: IncidentScene, tmp_path: Path) -> None:
    with pytest.raises(Refusal, match="recordings folder"):
        scene.export(scene.recordings)
    (tmp_path / "secret.mp4").write_bytes(b"x")
    with scene.database.write() as connection:
        connection.execute(text("UPDATE segment SET path = '../../secret.mp4' WHERE camera_id = 1 AND number = 2"))
    with pytest.raises(Refusal, match="outside the recordings folder"):
        scene.export(tmp_path / "out")
    assert list((tmp_path / "out").iterdir()) == []


def test_two_persons_give_it_out_and_a_confirmation_serves_once(scene: IncidentScene, tmp_path: Path) -> None:
    signed_in = scene.database.used_by(scene.guard.id)
    scene.database, raw = signed_in, scene.database
    with pytest.raises(NeedsSecond):
        scene.export(tmp_path / "out")
    said = "Give it out"
    scene.supervisor = confirm(
        raw, Act.EXPORT_FOOTAGE, said, by=scene.guard, second_id=scene.supervisor.id, given=SECRETS["Agus"], now=LATER, site_id=1
    )
    assert check(scene.export(tmp_path / "out").folder)[0] == WITH_GAPS
    with pytest.raises(NeedsSecond):
        scene.export(tmp_path / "out", now=LATER + timedelta(seconds=1))


def test_who_may_not_gives_nothing_out(scene: IncidentScene, tmp_path: Path) -> None:
    scene.guard = add_person(scene.database, "Budi", Role.OFFICER, now=LATER)
    with pytest.raises(NotAllowed):
        scene.export(tmp_path / "out")
    assert list((tmp_path / "out").iterdir()) == []


def test_called_off_half_way_nothing_is_there(scene: IncidentScene, tmp_path: Path) -> None:
    shares: list[float] = []
    (tmp_path / "out").mkdir()
    with pytest.raises(CalledOff):
        export_incident(
            scene.database,
            1,
            tmp_path / "out",
            EvidenceMakers(),
            recordings=scene.recordings,
            by=scene.guard,
            second=scene.supervisor,
            now=LATER,
            progress=shares.append,
            cancelled=lambda: bool(shares) and shares[-1] > 0.3,
        )
    assert 0.3 < shares[-1] < 0.9
    assert list((tmp_path / "out").iterdir()) == []
    assert last_record(scene)[0] != "evidence_exported"


class Waits(EvidenceMakers):
    """Says that it has come to the page, and never makes it."""

    def summary(self, _summed: object) -> bytes:
        print("here", flush=True)
        sys.stdin.read()
        return b""


# The export in a process of its own. Arguments: the data folder, where to, which makers; and the largest file that may be written.
PROGRAM = """
import resource, sys
from pathlib import Path
from storage.rules.refusal import Refusal
from tests.storage.test_evidence import Waits, reopened
from ui.evidence.making import EvidenceMakers

data, to, how, most = sys.argv[1:]
scene = reopened(Path(data))
if int(most):
    resource.setrlimit(resource.RLIMIT_FSIZE, (int(most), int(most)))
try:
    scene.export(Path(to), makers=Waits() if how == "waits" else EvidenceMakers())
except Refusal as refusal:
    print(refusal, flush=True)
"""


def exporting(scene: IncidentScene, to: Path, how: str, most: int = 0) -> "subprocess.Popen[str]":
    data = scene.database.path.parent
    command: Sequence[str | Path] = [sys.executable, "-c", PROGRAM, data, to, how, str(most)]
    return subprocess.Popen(command, cwd=ROOT, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)


def test_a_killed_export_never_looks_whole(scene: IncidentScene, tmp_path: Path) -> None:
    with exporting(scene, tmp_path / "out", "waits") as process:
        assert process.stdout is not None
        assert process.stdout.readline() == "here\n"
        process.send_signal(signal.SIGKILL)
    (left,) = (tmp_path / "out").iterdir()
    assert left.name.endswith(".unfinished") and (left / "originals").is_dir()
    assert check(left)[0] == NOT_AUTHENTIC
    renamed = left.rename(left.with_suffix(""))
    assert check(renamed) == (NOT_AUTHENTIC, ["manifest.json: missing, the export was never finished"])


def test_an_export_whose_disk_refuses_leaves_nothing(scene: IncidentScene, tmp_path: Path) -> None:
    """The books' file is never so small; the clip is the first that the limit lets not be written whole."""
    clip = (scene.export(tmp_path / "whole").folder / "clips/camera-1.mp4").stat().st_size
    largest = max(file.stat().st_size for file in scene.recordings.rglob("*.mp4"))
    assert largest < clip
    with exporting(scene, tmp_path / "out", "makes", clip - 1) as process:
        said = process.communicate()[0]
    assert "could not be written" in said
    assert list((tmp_path / "out").iterdir()) == []


def test_a_manifest_that_nobody_has_signed_is_not_signed(scene: IncidentScene, tmp_path: Path) -> None:
    """As if the stick was pulled out before the last file, and somebody gave the folder its name."""
    made = scene.export(tmp_path / "out")
    (made.folder / "manifest.sig").unlink()
    assert check(made.folder)[0] == NOT_SIGNED


def test_without_gaps_it_is_authentic(scene: IncidentScene, tmp_path: Path) -> None:
    """The lost camera hangs in another room: the incident is not its business."""
    other = add_room(scene.database, 1, "Ruang lain", now=LATER)
    with scene.database.write() as connection:
        connection.execute(text(f"UPDATE camera SET room_id = {other.id} WHERE id = 2"))
    made = scene.export(tmp_path / "out")
    assert check(made.folder)[0] == AUTHENTIC
    assert list(read(made, "manifest.json")["cameras"]) == ["1"]
