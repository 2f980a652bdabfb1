"""Backups: made while others write, whole or not at all, and never over an earlier one."""

import dataclasses
import os
import shutil
import sqlite3
import subprocess
import threading
from contextlib import closing
from datetime import timedelta
from pathlib import Path
from typing import Any
from unittest import mock

import psycopg
import pytest

from storage.backup import copying, server
from storage.backup.form import BOOK, DUMP, check_files, own_backups, read_backup, whose
from storage.backup.making import LOCK, Made
from storage.evidence.package import CalledOff
from storage.lock import if_free
from storage.passwords import CameraPasswords
from storage.people.right import NotAllowed
from storage.rules.refusal import Refusal
from tests.storage.backups import AT, head, make, records
from tests.storage.postgres import programs
from tests.storage.store import Store


@pytest.fixture(autouse=True)
def _programs(monkeypatch: pytest.MonkeyPatch) -> None:
    """The server's own pg_dump and pg_restore come first: those of the system may be too old for it."""
    monkeypatch.setenv("PATH", os.pathsep.join((*programs(), os.environ["PATH"])))


@pytest.fixture
def place(tmp_path: Path) -> Path:
    folder = tmp_path / "stick"
    folder.mkdir()
    return folder


@pytest.fixture
def made(store: Store, place: Path) -> Made:
    store.deliver(1000, 998)
    return make(store, place)


class TestMaking:
    def test_holds_the_book_as_it_was_and_says_so_in_the_chain(self, store: Store, place: Path) -> None:
        store.deliver(1000, 998)
        before = head(store.database)
        made = make(store, place, by=store.supervisor)
        assert made.findings == ()
        backup = read_backup(made.backup.folder)
        assert (backup.made_at, backup.heads, backup.faults) == (AT, (before,), 0)
        assert (DUMP if store.url else BOOK) in backup.files
        check_files(backup)
        (said,) = records(store.database, "backup_made")
        assert (said["folder"], said["bytes"]) == (str(backup.folder), backup.bytes)
        assert head(store.database).number == before.number + 1

    def test_is_for_its_owner_alone(self, made: Made) -> None:
        book = next(name for name in made.backup.files if name in (BOOK, DUMP))
        assert made.backup.folder.stat().st_mode & 0o077 == 0
        assert (made.backup.folder / book).stat().st_mode & 0o077 == 0

    def test_only_who_may_makes_one(self, store: Store, place: Path) -> None:
        with pytest.raises(NotAllowed):
            make(store, place, by=store.officer)
        with pytest.raises(NotAllowed):
            make(dataclasses.replace(store, database=store.database.used_by(store.officer.id)), place)
        assert list(place.iterdir()) == []
        make(dataclasses.replace(store, database=store.database.used_by(store.supervisor.id)), place)

    def test_holds_settings_and_sealed_passwords_but_no_key(self, store: Store, place: Path) -> None:
        folder = store.database.path.parent
        (folder / "settings.toml").write_text('language = "en"\n')
        CameraPasswords(folder).keep(1, "kanarienvogel")
        (folder / "checkpoint.key").write_text("00" * 32)
        made = make(store, place)
        assert {"settings.toml", "camera-passwords.enc"} < set(made.backup.files)
        files = [path for path in made.backup.folder.rglob("*") if path.is_file()]
        assert not [path for path in files if path.suffix == ".key" or b"kanarienvogel" in path.read_bytes()]

    def test_a_book_with_faults_is_told_of_and_kept(self, store: Store, place: Path) -> None:
        store.deliver(1000, 998)
        if store.url:
            with psycopg.connect(store.url) as connection:
                connection.execute("UPDATE stock_event SET reason = 'another' WHERE kind = 'delivery'")
        else:
            with closing(sqlite3.connect(store.database.path)) as file:
                file.execute("DROP TRIGGER stock_event_no_update")
                file.execute("UPDATE stock_event SET reason = 'another' WHERE kind = 'delivery'")
                file.commit()
        made = make(store, place)
        assert "edited" in {finding.kind for finding in made.findings}
        assert read_backup(made.backup.folder).faults == len(made.findings)

    @pytest.mark.parametrize("product", ["sqlite"], indirect=True)
    def test_a_book_that_is_damaged_is_not_backed_up(self, store: Store, place: Path) -> None:
        store.deliver(1000, 998)
        store.database.close()
        raw = bytearray(store.database.path.read_bytes())
        for page in range(3, len(raw) // 4096):
            raw[page * 4096 : page * 4096 + 64] = b"\xff" * 64
        store.database.path.write_bytes(raw)
        with pytest.raises(Refusal):
            make(store, place)
        assert list(place.iterdir()) == []

    def test_one_at_a_time(self, store: Store, place: Path) -> None:
        with if_free(store.database.path.parent / LOCK) as free, pytest.raises(Refusal, match="being made already"):
            assert free
            make(store, place)
        make(store, place)

    def test_what_was_broken_off_goes_and_anothers_stays(self, store: Store, place: Path) -> None:
        own = whose(store.database.path.parent)
        broken, anothers = (place / f"cadangan-20261125T130000Z-{of}.unfinished" for of in (own, "0" * 8))
        for folder in (broken, anothers):
            folder.mkdir()
        made = make(store, place)
        assert sorted(place.iterdir()) == sorted([anothers, made.backup.folder])
        assert own_backups(place, own) == [made.backup]
        with pytest.raises(Refusal, match="never finished"):
            read_backup(anothers)

    def test_called_off_it_leaves_nothing(self, store: Store, place: Path) -> None:
        first = make(store, place)
        told: list[float] = []
        make(store, place, AT + timedelta(days=2), progress=told.append)
        assert told == sorted(told) and told[-1] == 1.0
        for share in sorted({-1.0, *told[:-2]}):
            come = [-1.0]
            with pytest.raises(CalledOff):
                make(store, place, AT + timedelta(days=1), progress=come.append, cancelled=lambda come=come, at=share: come[-1] >= at)
        assert [backup.made_at for backup in own_backups(place, whose(store.database.path.parent))] == [AT + timedelta(days=2), AT]
        check_files(read_backup(first.backup.folder))
        assert len(list(place.iterdir())) == 2

    def test_a_keyboard_interrupt_leaves_nothing_either(self, store: Store, place: Path) -> None:
        for at in (0.0, 0.55, 0.96):

            def interrupt(share: float, at: float = at) -> None:
                if share >= at:
                    raise KeyboardInterrupt

            with mock.patch.object(copying, "ASK_STEPS", 100), pytest.raises(KeyboardInterrupt):
                make(store, place, progress=interrupt)
            assert list(place.iterdir()) == []

    @pytest.mark.parametrize("product", ["postgresql"], indirect=True)
    def test_arguments_of_the_servers_programs_hold_no_password(self, store: Store, place: Path) -> None:
        assert store.url is not None
        commands: list[list[str]] = []
        real = subprocess.Popen

        def started(command: list[str], **how: Any) -> Any:
            commands.append(command)
            return real(command, **how)

        secret = store.url.replace("postgres@", "postgres:kanarienvogel@")
        with mock.patch("storage.backup.server.subprocess.Popen", started):
            make(dataclasses.replace(store, url=secret), place)
        assert [Path(command[0]).name for command in commands if "--version" not in command] == ["pg_dump", "pg_restore"]
        assert "kanarienvogel" not in str(commands)

    @pytest.mark.parametrize("product", ["postgresql"], indirect=True)
    def test_programs_that_are_too_old_or_missing_are_one_sentence(self, store: Store, place: Path) -> None:
        with mock.patch.object(server, "_version", return_value=9), pytest.raises(Refusal, match="as new as the server"):
            make(store, place)
        with mock.patch.object(server, "_candidates", return_value=iter(())), pytest.raises(Refusal, match="not on this computer"):
            make(store, place)
        assert list(place.iterdir()) == []


class TestPlaces:
    def test_each_that_does_not_fit_is_one_sentence(self, store: Store, place: Path, tmp_path: Path) -> None:
        data = store.database.path.parent
        (data / "backups").mkdir()
        (tmp_path / "file").touch()
        (tmp_path / "link").symlink_to(data, target_is_directory=True)
        (tmp_path / "loop").symlink_to(tmp_path / "loop")
        wrong = {
            tmp_path / "nowhere": "Is its disk connected",
            tmp_path / "loop": "Is its disk connected",
            data: "data folder",
            data / "backups": "data folder",
            tmp_path / "link" / "backups": "data folder",
            tmp_path / "file": "is no folder",
        }
        for folder, said in wrong.items():
            with pytest.raises(Refusal, match=said):
                make(store, folder)
        (tmp_path / "good").symlink_to(place, target_is_directory=True)
        assert make(store, tmp_path / "good").backup.folder.parent == place

    def test_a_full_disk_leaves_the_last_good_one(self, store: Store, place: Path) -> None:
        first = make(store, place)
        if store.url is None:
            scarce = mock.patch("storage.backup.making.shutil.disk_usage", return_value=mock.Mock(free=1000))
            with scarce, pytest.raises(Refusal, match="no space"):
                make(store, place, AT + timedelta(days=1))
        with mock.patch("storage.backup.making.Package.write", side_effect=OSError(28, "full")):
            (store.database.path.parent / "settings.toml").write_text("")
            with pytest.raises(Refusal, match="no space"):
                make(store, place, AT + timedelta(days=1))
        assert list(place.iterdir()) == [first.backup.folder]
        check_files(read_backup(first.backup.folder))

    def test_a_place_that_is_pulled_out_is_named(self, store: Store, place: Path) -> None:
        def pull(share: float) -> None:
            if share >= 0.5:
                shutil.rmtree(place, ignore_errors=True)

        with pytest.raises(Refusal, match=r"pulled out|could not be written"):
            make(store, place, progress=pull)


@pytest.mark.parametrize("product", ["sqlite"], indirect=True)
class TestBusy:
    def test_others_go_on_writing_and_the_copy_is_one_state(self, store: Store, place: Path) -> None:
        """So often that the copy cannot come to its end: then it is taken in one go."""
        store.deliver(1_000_000, 1_000_000)
        written, stop = [0], threading.Event()

        def write() -> None:
            while not stop.is_set():
                store.sort(1, 0)
                written[0] += 1

        writer = threading.Thread(target=write)
        with mock.patch.object(copying, "PORTION_PAGES", 2):
            writer.start()
            try:
                made = [make(store, place, AT + timedelta(minutes=minute)) for minute in range(3)]
            finally:
                stop.set()
                writer.join()
        assert written[0] > 0
        for one in made:
            assert one.findings == ()
        assert head(store.database).number > made[-1].backup.heads[0].number >= made[0].backup.heads[0].number
        assert not (store.database.path.parent / copying.STAGED).exists()

    def test_a_copy_that_never_ends_is_taken_from_one_state(self, store: Store, tmp_path: Path) -> None:
        """Another connection writes between any two portions of the first try."""
        for _ in range(20):
            store.deliver(10, 10)
        portions = 0

        def interrupt(_share: float) -> None:
            nonlocal portions
            portions += 1
            if portions < 40:
                with closing(sqlite3.connect(store.database.path, timeout=0)) as other:
                    try:
                        other.execute("CREATE TABLE IF NOT EXISTS stir (n)")
                        other.execute("INSERT INTO stir VALUES (1)")
                        other.commit()
                    except sqlite3.OperationalError:
                        pass  # the state is held

        with mock.patch.object(copying, "PORTION_PAGES", 4):
            copying.copy_book(store.database.path, tmp_path / "copy.db", tell=interrupt)
        assert copying.faults_of_file(tmp_path / "copy.db") == []
        opened = copying.open_copy(tmp_path / "copy.db")
        assert copying.heads_of(opened) == copying.heads_of(store.database)
        opened.close()
