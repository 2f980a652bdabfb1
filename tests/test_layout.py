"""What a newcomer may rely on: few names at the top, short files, short functions, no address that a lock or a document must not name."""

import ast
import re
import statistics
import subprocess
from pathlib import Path

import pytest

PROJECT = Path(__file__).resolve().parents[1]
TOP = {
    ".ci", ".gitignore", "CHANGELOG.md", "LICENSE", "README.md", "camera", "docs", "main.py",
    "pyproject.toml", "requirements.lock", "run", "run.cmd", "storage", "tests", "ui",
}  # fmt: skip
ROOMS_WITHOUT_A_NAME = {"util", "utils", "helper", "helpers", "manager", "managers", "common", "misc"}
FOLDERS_BELOW_TOP = 2
MEDIAN_LINES = 150
MOST_LINES = 400
FUNCTION_LINES = 70
LONGER_FUNCTIONS_PER_HUNDRED = 1

# One letter in brackets, so that a pattern does not match itself.
NOT_IN_ANY_FILE = {
    "the address of a package index or a download": r"https?://[^\s\"'<>]+\.(?:whl|tar\.gz|tgz|zip|deb)\b|\bpyp[i]\.|pythonhoste[d]|--(?:extra-)?index-ur[l]",
    "a place on one machine": r"/wor[k]/|/far[m]/|/hom[e]/[a-z]|/tm[p]/t\b|\.librar[y]\b|shared/hook[s]",
    "work left open": r"\b(?:TOD[O]|FIXM[E]|XX[X]|HAC[K])\b|NotImplementedErro[r]",
    "the number of an issue": r"(?i)\bissue[s]? #?\d",
}


@pytest.fixture(scope="module")
def files() -> list[Path]:
    """Every file that is or would be committed, relative to the project."""
    if not (PROJECT / ".git").exists():
        pytest.skip("this copy of the project is not a git checkout")
    listed = subprocess.run(
        ["git", "-C", PROJECT, "ls-files", "-z", "--cached", "--others", "--exclude-standard"], capture_output=True, text=True, check=True
    )
    return sorted(Path(name) for name in listed.stdout.split("\0") if name and (PROJECT / name).exists())


@pytest.fixture(scope="module")
def modules(files: list[Path]) -> dict[Path, str]:
    """The Python files and what is in them."""
    return {file: (PROJECT / file).read_text(encoding="utf-8") for file in files if file.suffix == ".py"}


def test_the_top_level_holds_only_what_the_design_names(files: list[Path]) -> None:
    assert {file.parts[0] for file in files} <= TOP


def test_folders_are_few_and_named_with_a_noun(files: list[Path]) -> None:
    assert [file for file in files if len(file.parts) > FOLDERS_BELOW_TOP + 2] == []
    assert [file for file in files if ROOMS_WITHOUT_A_NAME & {Path(part).stem for part in file.parts}] == []


@pytest.mark.parametrize("what", NOT_IN_ANY_FILE)
def test_no_file_holds(what: str, files: list[Path]) -> None:
    pattern = re.compile(NOT_IN_ANY_FILE[what])
    found = []
    for file in files:
        content = (PROJECT / file).read_bytes()
        if b"\0" in content:
            continue
        lines = content.decode("utf-8").splitlines()
        found += [f"{file}:{number}: {line[:120]}" for number, line in enumerate(lines, 1) if pattern.search(line)]
    assert found == []


def test_files_are_short(modules: dict[Path, str]) -> None:
    lines = {file: len(text.splitlines()) for file, text in modules.items()}
    assert {file: count for file, count in lines.items() if count > MOST_LINES} == {}
    assert statistics.median(lines.values()) < MEDIAN_LINES


def test_hardly_a_function_is_long(modules: dict[Path, str]) -> None:
    lengths = {
        f"{file}:{node.name}": (node.end_lineno or node.lineno) - node.lineno + 1
        for file, text in modules.items()
        for node in ast.walk(ast.parse(text))
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef)
    }
    long = {name: length for name, length in lengths.items() if length > FUNCTION_LINES}
    assert len(long) <= len(lengths) * LONGER_FUNCTIONS_PER_HUNDRED / 100, long


def test_a_package_only_says_what_lives_in_it(modules: dict[Path, str]) -> None:
    packages = {file.parent for file in modules if file.parts[0] in {"camera", "storage", "ui"}}
    assert [package for package in packages if package / "__init__.py" not in modules] == []
    for file in (package / "__init__.py" for package in packages):
        tree = ast.parse(modules[file])
        assert ast.get_docstring(tree), file
        assert len(tree.body) == 1, f"{file} holds more than its docstring"
