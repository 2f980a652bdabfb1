"""The books from a terminal: load, read, check; one JSON object where it is asked for."""

import json
from datetime import UTC, datetime
from pathlib import Path

import pytest

from storage.database import FILE_NAME, open_database
from storage.people.person import Role, add_person
from storage.places import find_site
from storage.rules.movement import State
from storage.stock.classes import list_classes
from storage.stock.counts import begin_count, record_sheet
from tests.storage.test_upgrade import load
from tests.test_main import run


@pytest.fixture
def folder(tmp_path: Path) -> str:
    """A data folder with small books in it."""
    return str(load("0001", tmp_path / "data"))


def said(*arguments: str) -> dict[str, object]:
    """The JSON object that a command prints."""
    found = json.loads(run(*arguments).stdout)
    assert isinstance(found, dict)
    return found


def test_balances_of_a_site_now_and_then(folder: str) -> None:
    now = said("--data", folder, "stock", "balances", "--site", "31.74", "--json")
    assert {"site": "31.74", "class": "PPWP", "state": "unsorted", "sheets": 300} in now["balances"]  # type: ignore[operator]
    then = said("--data", folder, "stock", "balances", "--as-of", "2026-11-01T00:00", "--json")
    assert then == {"balances": []}


def test_the_stock_card_of_a_class(folder: str) -> None:
    found = said("--data", folder, "stock", "card", "ppwp", "--site", "31.75", "--limit", "2", "--json")
    card = found["card"]
    assert isinstance(card, list) and len(card) == 2
    assert card[0]["kind"] == "count_acceptance"
    refused = run("--data", folder, "stock", "card", "DPD", "--site", "31.75")
    assert refused.returncode == 1 and "There is no ballot class named DPD." in refused.stderr
    refused = run("--data", folder, "stock", "card", "PPWP", "--site", "99")
    assert refused.returncode == 1 and "There is no site with the code 99." in refused.stderr


def test_a_table_goes_out_and_another_comes_in(folder: str, tmp_path: Path) -> None:
    for suffix in ("csv", "xlsx"):
        path = tmp_path / f"balances.{suffix}"
        assert "rows are written" in run("--data", folder, "stock", "balances", "--to", str(path)).stdout
        assert path.stat().st_size > 100
        card = tmp_path / f"card.{suffix}"
        assert run("--data", folder, "stock", "card", "PPWP", "--site", "31.75", "--to", str(card)).returncode == 0
    assert "31.74,PPWP,unsorted,300" in (tmp_path / "balances.csv").read_text(encoding="utf-8-sig")
    notes = tmp_path / "notes.csv"
    notes.write_text("note,class,declared,received\nSJ/9,PPWP,40,40\nSJ/9,nothing,1,1\n", encoding="utf-8")
    arguments = ("--data", folder, "stock", "import", "deliveries", str(notes), "--site", "31.74", "--by", "Budi Santoso")
    refused = run(*arguments)
    assert refused.returncode == 1
    assert "There is no ballot class named nothing." in refused.stderr and "wrong rows: 1" in refused.stderr
    notes.write_text("note,class,declared,received\nSJ/9,PPWP,40,40\n", encoding="utf-8")
    assert "1 rows are in the books" in run(*arguments).stdout
    assert "340" in run("--data", folder, "stock", "balances", "--site", "31.74", "--json").stdout


def test_the_report_and_the_events_behind_its_figures(folder: str, tmp_path: Path) -> None:
    report = said("--data", folder, "stock", "report", "--json")["report"]
    assert isinstance(report, list) and all(line["unexplained"] == 0 for line in report)
    [line] = [line for line in report if (line["site"], line["class"]) == ("31.75", "PPWP")]
    for figure in ("received", "good", "damaged"):
        parts = said("--data", folder, "stock", "trace", "PPWP", figure, "--site", "31.75", "--json")["parts"]
        assert isinstance(parts, list) and sum(part["sheets"] for part in parts) == line[figure]
    table = tmp_path / "report.csv"
    assert run("--data", folder, "stock", "report", "--site", "31.75", "--to", str(table)).returncode == 0
    assert f"31.75,PPWP,{line['need']}," in table.read_text(encoding="utf-8-sig")
    assert "Good" in run("--data", folder, "stock", "report").stdout
    assert "Budi" in run("--data", folder, "stock", "trace", "PPWP", "good", "--site", "31.75").stdout
    refused = run("--data", folder, "stock", "trace", "PPWP", "goods", "--site", "31.75")
    assert refused.returncode == 1 and "The report has no column goods." in refused.stderr


def test_all_that_counts_have_found(folder: str, tmp_path: Path) -> None:
    database = open_database(Path(folder))
    site = find_site(database, "31.75")
    [ballot] = [ballot for ballot in list_classes(database) if ballot.name == "PPWP"]
    now = datetime.now(UTC)
    counters = [add_person(database, name, Role.OFFICER, now=now) for name in ("Rina", "Joko")]
    count = begin_count(database, site.id, ballot.id, by=counters[0], now=now, key="count")
    for team, by in enumerate(counters, start=1):
        record_sheet(database, count, team, {State.GOOD: 1}, by=by, now=now, key=f"sheet {team}")
    database.close()
    found = said("--data", folder, "stock", "differences", "--site", "31.75", "--json")["differences"]
    assert isinstance(found, list)
    good = next(line for line in found if line["state"] == "good")
    assert (good["counted"], good["accepted"]) == (1, False)
    assert good["books"] == 800 and sum(part["sheets"] for part in good["sources"]) == 100  # since the last accepted count
    table = tmp_path / "differences.csv"
    assert run("--data", folder, "stock", "differences", "--to", str(table)).returncode == 0
    assert len(table.read_text(encoding="utf-8-sig").splitlines()) == len(found) + 1
    assert "in the books (count" in run("--data", folder, "stock", "differences").stdout
    assert "No count differs" in run("--data", folder, "stock", "differences", "--site", "31.74").stdout


def test_a_check_with_a_checkpoint_as_text_and_as_a_file(folder: str, tmp_path: Path) -> None:
    first = said("--data", folder, "check", "--json")
    heads = first["heads"]
    assert first["ok"] is True and isinstance(heads, list) and len(heads) == 2
    printed = tmp_path / "printed.txt"
    printed.write_text("\n".join(heads), encoding="utf-8")
    assert said("--data", folder, "check", "--json", "--checkpoint", heads[0], "--checkpoint", str(printed))["ok"] is True
    site, number = heads[0].split()[1:3]
    other = f"JG1 {site} {number} {'0' * 64}"
    found = said("--data", folder, "check", "--json", "--checkpoint", other)
    assert [finding["kind"] for finding in found["findings"]] == ["rewritten"]  # type: ignore[attr-defined]
    refused = run("--data", folder, "check", "--checkpoint", "nonsense")
    assert refused.returncode == 1 and "This is no checkpoint: nonsense" in refused.stderr


def test_an_election_is_loaded_from_a_terminal(tmp_path: Path) -> None:
    tables = tmp_path / "bandung"
    tables.mkdir()
    rows = "code,level,name\n32,province,JAWA BARAT\n32.04,regency,BANDUNG\n32.04.05,district,Cileunyi\n32.04.05.2001,village,Cinunuk\n"
    (tables / "regions.csv").write_text(rows, encoding="utf-8")
    (tables / "polling_stations.csv").write_text("code,village_code,voters\n001,32.04.05.2001,100\n", encoding="utf-8")
    data = str(tmp_path / "data")
    told = run("--data", data, "stock", "load-election", str(tables), "--reserve", "2.5").stdout
    assert "bandung: 1 polling stations with 100 voters in 4 regions" in told
    assert "electoral_districts.csv" in told
    assert "There is nothing in the books yet" in run("--data", data, "stock", "balances").stdout
    assert (Path(data) / FILE_NAME).exists()
