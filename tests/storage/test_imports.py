"""Tables that are posted: all of it, or nothing and every wrong row with its line."""

from datetime import timedelta
from pathlib import Path

import pytest

from storage.exchange.imports import Import, import_table
from storage.exchange.reading import Kind, WrongRows
from storage.places import Site, find_site
from storage.rules.movement import State
from storage.rules.numbers import Notation
from storage.rules.refusal import Refusal
from storage.stock.counts import list_counts
from storage.stock.deliveries import list_deliveries
from storage.stock.sorting import list_sortings
from tests.storage.store import Store

BALLOT = "DPRD Provinsi DKI JAKARTA 4"
OTHER = "DPRD Provinsi DKI JAKARTA 5"


@pytest.fixture
def site(store: Store) -> Site:
    return find_site(store.database, "31.75")


def post(store: Store, site: Site, folder: Path, kind: Kind, text: str, **more: object) -> tuple[int, tuple[str, ...]]:
    path = folder / f"{kind.value}.csv"
    path.write_text(text, encoding="utf-8")
    return import_table(store.database, Import(kind, path, site, **more), by=store.officer, now=store.tick())  # type: ignore[arg-type]


def test_delivery_notes_and_sortings(store: Store, site: Site, tmp_path: Path) -> None:
    head = "Surat jalan;Jenis surat suara;Tertera;Diterima;Sopir\n"
    notes = head + f"SJ-1;{BALLOT};1000;980;Joko\nSJ-1;{OTHER};500;500;Joko\nSJ-2;{BALLOT};20;20;Ani\n"
    assert post(store, site, tmp_path, Kind.DELIVERIES, notes) == (3, ("Sopir",))
    assert [(note.note_number, len(note.lines)) for note in list_deliveries(store.database, site.id)] == [("SJ-2", 1), ("SJ-1", 2)]
    assert (store.line().received, store.line().short) == (1_000, 20)
    # The same file again, by whomever: nothing more.
    post(store, site, tmp_path, Kind.DELIVERIES, notes)
    assert store.line().received == 1_000
    sorted_ = f"jenis;baik;rusak;regu;sobek;bernoda\n{BALLOT};900;3;Regu 1;2;1\n"
    post(store, site, tmp_path, Kind.SORTINGS, sorted_)
    [sorting] = list_sortings(store.database, site.id)
    assert (sorting.good, sorting.damaged, sorting.team) == (900, 3, "Regu 1")
    store.check_books()


def test_every_wrong_row_is_named_and_nothing_is_posted(store: Store, site: Site, tmp_path: Path) -> None:
    wrong = f"note,class,declared,received\nSJ-1,{BALLOT},10,10\nSJ-2,Nobody's ballot,10,10\nSJ-3,{BALLOT},0,0\nSJ-4,{OTHER},5,5\n"
    before = store.events()
    with pytest.raises(WrongRows) as refused:
        post(store, site, tmp_path, Kind.DELIVERIES, wrong)
    assert [line for line, _fault in refused.value.faults] == [3, 4]
    assert "There is no ballot class named Nobody's ballot." in str(refused.value.faults[0][1])
    assert store.events() == before


def test_a_thousand_is_not_guessed(store: Store, site: Site, tmp_path: Path) -> None:
    notes = f"note;class;declared;received\nSJ-1;{BALLOT};1.000;1.000\n"
    with pytest.raises(WrongRows):
        post(store, site, tmp_path, Kind.DELIVERIES, notes)
    post(store, site, tmp_path, Kind.DELIVERIES, notes, notation=Notation.ID)
    assert store.line().received == 1_000


def test_what_is_older_than_a_day_needs_reason_and_second_person(store: Store, site: Site, tmp_path: Path) -> None:
    old = (store.clock - timedelta(days=3)).astimezone(site.tz)
    notes = f"note,class,declared,received,at\nSJ-1,{BALLOT},10,10,{old:%Y-%m-%d %H:%M}\n"
    with pytest.raises(WrongRows) as refused:
        post(store, site, tmp_path, Kind.DELIVERIES, notes)
    assert "by two persons" in str(refused.value.faults[0][1])
    post(store, site, tmp_path, Kind.DELIVERIES, notes, second=store.supervisor, reason="the network was down")
    [note] = list_deliveries(store.database, site.id)
    assert note.happened_at == old.replace(second=0, microsecond=0)


def test_two_teams_bring_their_counts(store: Store, site: Site, tmp_path: Path) -> None:
    store.deliver(100, 100)
    for team, person in ((1, store.officer), (2, store.second)):
        path = tmp_path / f"team{team}.csv"
        path.write_text(f"jenis,regu,belum disortir,baik,rusak\n{BALLOT},{team},98,0,0\n".replace("belum disortir", "unsorted"))
        import_table(store.database, Import(Kind.COUNTS, path, site), by=person, now=store.tick())
    [count] = list_counts(store.database, site.id)
    assert count.variance is not None and count.variance[State.UNSORTED] == -2


def test_stations_need_their_election(store: Store, site: Site, tmp_path: Path) -> None:
    with pytest.raises(Refusal, match="Name the election"):
        post(store, site, tmp_path, Kind.STATIONS, "code,region,voters\n31.75.01.1001.001,31.75.01.1001,250\n")
