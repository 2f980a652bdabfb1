"""Bringing backups back: in a new place, checked to the last byte, with word of what is missing."""

import dataclasses
import json
import os
import shutil
from collections.abc import Callable, Iterator
from contextlib import closing
from pathlib import Path

import pytest

from storage.backup import copying
from storage.backup.comparing import Behind
from storage.backup.form import BOOK, LIST, Damaged, check_files, read_backup
from storage.backup.making import Made
from storage.backup.restoring import Wanted, restore
from storage.database import Database, open_database
from storage.ledger.against import Verdict
from storage.ledger.check import check_books
from storage.rules.refusal import Refusal
from storage.settings import load_settings
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


def wanted(source: Path, to: Path, **how: object) -> Wanted:
    return Wanted(source, to, **how)  # type: ignore[arg-type]


class TestRestoring:
    @pytest.fixture
    def target(self, store: Store, request: pytest.FixtureRequest) -> Iterator[Callable[[], dict[str, object]]]:
        """Where a server is needed, a new database on it for each call."""
        names: list[str] = []

        def new() -> dict[str, object]:
            if store.url is None:
                return {}
            server = request.getfixturevalue("postgres")
            names.append(server.create())
            return {"url": server.url(names[-1])}

        yield new
        for name in names:
            server = request.getfixturevalue("postgres")
            server.admin.execute(f"DROP DATABASE {name} WITH (FORCE)")

    def test_it_is_the_book_and_says_that_it_was_restored(
        self, store: Store, made: Made, tmp_path: Path, target: Callable[[], dict[str, object]]
    ) -> None:
        where = target()
        restored = restore(wanted(made.backup.folder, tmp_path / "new", **where), now=AT)
        assert (restored.findings, restored.behind, restored.heads) == ((), (), made.backup.heads)
        with closing(open_database(tmp_path / "new", url=where.get("url"))) as opened:  # type: ignore[arg-type]
            assert dataclasses.replace(store, database=opened).line() == store.line()
            (said,) = records(opened, "backup_restored")
            assert said["made"] == "2026-11-26T13:00:00.000000Z"
            assert check_books(opened).findings == ()
        assert not list(tmp_path.glob("*.unfinished"))

    def test_yesterdays_says_what_is_missing_since_when(
        self, store: Store, made: Made, tmp_path: Path, target: Callable[[], dict[str, object]]
    ) -> None:
        missing = [store.deliver(10, 10) for _number in range(3)]
        printed, (old,) = head(store.database), made.backup.heads

        def present() -> Database:
            return open_database(store.database.path.parent, url=store.url)

        at = wanted(made.backup.folder, tmp_path / "new", present=present, checkpoints=[printed, old], **target())
        restored = restore(at, now=AT)
        (in_use,) = restored.behind
        # The record of the backup comes first after it.
        assert in_use == Behind("31.75", old.number, old.number + 1 + len(missing), AT)
        assert in_use.missing == 4
        assert [one.verdict for one in restored.compared] == [Verdict.OLDER, Verdict.SAME]

    def test_another_book_is_told(self, store: Store, made: Made, tmp_path: Path, target: Callable[[], dict[str, object]]) -> None:
        checkpoint = dataclasses.replace(made.backup.heads[0], hash=bytes(32))
        restored = restore(wanted(made.backup.folder, tmp_path / "new", checkpoints=[checkpoint], **target()), now=AT)
        assert [one.verdict for one in restored.compared] == [Verdict.ANEW]

    def test_never_over_anything(self, store: Store, made: Made, tmp_path: Path) -> None:
        taken = tmp_path / "taken"
        taken.mkdir()
        (taken / "something").touch()
        link = tmp_path / "link"
        link.symlink_to(tmp_path / "elsewhere", target_is_directory=True)
        for place in (store.database.path.parent, taken, link, taken / "something"):
            with pytest.raises(Refusal, match="is there already"):
                restore(wanted(made.backup.folder, place), now=AT)
        with pytest.raises(Refusal, match="in the backup itself"):
            restore(wanted(made.backup.folder, made.backup.folder / "new"), now=AT)
        with pytest.raises(Refusal, match="There is no folder"):
            restore(wanted(made.backup.folder, tmp_path / "no" / "where"), now=AT)
        assert sorted(taken.iterdir()) == [taken / "something"]

    def test_a_flipped_byte_in_each_file_is_found(self, store: Store, place: Path, tmp_path: Path) -> None:
        (store.database.path.parent / "settings.toml").write_text('language = "en"\n')
        made = make(store, place)
        for name in (LIST, *made.backup.files):
            file = made.backup.folder / name
            whole = file.read_bytes()
            for at in {0, len(whole) // 2, len(whole) - 1}:
                file.write_bytes(whole[:at] + bytes([whole[at] ^ 1]) + whole[at + 1 :])
                with pytest.raises(Damaged) as found:
                    restore(wanted(made.backup.folder, tmp_path / "new", url=store.url), now=AT)
                assert found.value.values["file"] == name
            file.write_bytes(whole[:-1])
            with pytest.raises(Damaged):
                restore(wanted(made.backup.folder, tmp_path / "new", url=store.url), now=AT)
            file.write_bytes(whole)
        assert not (tmp_path / "new").exists()
        check_files(read_backup(made.backup.folder))

    @pytest.mark.parametrize("name", ["../outside", "/etc/passwd", "a/../../b", "c:\\x", ""])
    def test_a_list_that_leads_out_of_its_folder_is_refused(self, made: Made, name: str) -> None:
        from storage.backup import form

        path = made.backup.folder / LIST
        said = json.loads(path.read_text("utf-8"))
        del said["seal"]
        said["files"][name] = {"bytes": 1, "sha256": "0" * 64}
        path.write_bytes(form._sealed(said))
        with pytest.raises(Damaged):
            read_backup(made.backup.folder)

    def test_a_link_in_place_of_a_file_is_refused(self, made: Made, tmp_path: Path) -> None:
        name = next(iter(made.backup.files))
        moved = tmp_path / "moved"
        (made.backup.folder / name).rename(moved)
        (made.backup.folder / name).symlink_to(moved)
        with pytest.raises(Damaged):
            read_backup(made.backup.folder)

    @pytest.mark.parametrize("product", ["sqlite"], indirect=True)
    def test_a_lone_book_is_restored_too_and_a_damaged_one_not(self, store: Store, made: Made, tmp_path: Path) -> None:
        lone = tmp_path / "lone.db"
        shutil.copyfile(made.backup.folder / BOOK, lone)
        restored = restore(wanted(lone, tmp_path / "new"), now=AT)
        assert (restored.made_at, restored.heads, restored.findings) == (None, made.backup.heads, ())
        # A file within a backup stands for the backup.
        assert restore(wanted(made.backup.folder / BOOK, tmp_path / "second"), now=AT).made_at == AT
        lone.write_bytes(lone.read_bytes()[:20_000])
        with pytest.raises(Refusal, match="damaged"):
            restore(wanted(lone, tmp_path / "third"), now=AT)
        lone.write_text("no book")
        with pytest.raises(Refusal):
            restore(wanted(lone, tmp_path / "third"), now=AT)
        assert not (tmp_path / "third").exists()

    @pytest.mark.parametrize("product", ["sqlite"], indirect=True)
    def test_a_book_in_use_that_cannot_be_read_is_told(self, store: Store, made: Made, tmp_path: Path) -> None:
        (tmp_path / "broken.db").write_text("no book" * 1000)

        def present() -> Database:
            return copying.open_copy(tmp_path / "broken.db", still=False)

        restored = restore(wanted(made.backup.folder, tmp_path / "new", present=present), now=AT)
        assert restored.unread is not None and restored.behind == ()

    @pytest.mark.parametrize("product", ["postgresql"], indirect=True)
    def test_a_server_that_is_not_empty_is_left_alone(self, store: Store, made: Made, tmp_path: Path) -> None:
        with pytest.raises(Refusal, match="not empty"):
            restore(wanted(made.backup.folder, tmp_path / "new", url=store.url), now=AT)
        with pytest.raises(Refusal, match="book of a server"):
            restore(wanted(made.backup.folder, tmp_path / "new"), now=AT)
        assert not (tmp_path / "new").exists()

    @pytest.mark.parametrize("product", ["postgresql"], indirect=True)
    def test_the_restored_settings_name_the_new_database(
        self, store: Store, place: Path, tmp_path: Path, target: Callable[[], dict[str, object]]
    ) -> None:
        (store.database.path.parent / "settings.toml").write_text(f'language = "en"\ndatabase = "{store.url}"\n')
        made, where = make(store, place), target()
        restore(wanted(made.backup.folder, tmp_path / "new", **where), now=AT)
        settings = load_settings(tmp_path / "new")
        assert (settings.database, settings.language) == (where["url"], "en")
