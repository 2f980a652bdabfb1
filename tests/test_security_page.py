"""docs/security.md names tests that there are, every direct dependency, and every attack that the program must withstand."""

import ast
import re
import tomllib
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]
PAGE = (ROOT / "docs/security.md").read_text(encoding="utf-8")
NAMED = re.findall(r"`(tests/[\w/]+\.py)::(\w+)`", PAGE)


def test_every_named_test_is_there() -> None:
    assert len(NAMED) > 50
    there = {
        file: {node.name for node in ast.walk(ast.parse((ROOT / file).read_text(encoding="utf-8"))) if isinstance(node, ast.FunctionDef)}
        for file in {file for file, _name in NAMED}
    }
    assert [f"{file}::{name}" for file, name in NAMED if name not in there[file]] == []


def test_every_row_of_attacks_and_lessons_names_one() -> None:
    attacks = PAGE.split("## Attacks")[1].split("## What each dependency")[0]
    rows = [line for line in attacks.splitlines() if line.startswith("| ") and not line.startswith(("| ---", "| Who,", "| Seen"))]
    assert len(rows) > 30
    assert [row for row in rows if "::test_" not in row] == []


def test_every_direct_dependency_stands_with_what_it_is_trusted_with() -> None:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    names = {re.split(r"[\[<>=~!; ]", wanted)[0] for wanted in project["dependencies"]}
    table = PAGE.split("## What each dependency")[1]
    first = " ".join(line.split("|")[1] for line in table.splitlines() if line.startswith("| "))
    listed = set(re.findall(r"[\w-]+", first))
    assert sorted(names - listed) == []


@pytest.mark.parametrize("page", [path.name for path in sorted((ROOT / "docs").glob("*.md"))])
def test_links_between_pages_lead_somewhere(page: str) -> None:
    text = (ROOT / "docs" / page).read_text(encoding="utf-8")
    targets = [target for target in re.findall(r"\]\(([^)#]+)(?:#[^)]*)?\)", text) if "://" not in target]
    assert [target for target in targets if not (ROOT / "docs" / target).exists()] == []
