"""The papers say what is there: commands, files, links, settings."""

import re
import tomllib
from collections.abc import Iterator
from pathlib import Path

import pytest
import typer

ROOT = Path(__file__).parents[2]
PAPERS = [ROOT / "README.md", *sorted((ROOT / "docs").rglob("*.md"))]
TOP_LEVEL = ("app.py", "geo/", "ui/", "web/", "data/", "tests/", "docs/", "bench/", "checks/")

#: `code`, on one line.
SPAN = re.compile(r"`([^`\n]+)`")
#: [text](target "title") and ![text](target); no code is searched for it.
LINK = re.compile(r"!?\[[^\]]*\]\(([^)\s]+)[^)]*\)")
FENCE = re.compile(r"^```.*?^```", re.MULTILINE | re.DOTALL)


def commands_and_names(text: str) -> Iterator[str]:
    """Give every line inside a fence and every span of `code` outside one."""
    for fence in FENCE.findall(text):
        yield from fence.splitlines()[1:-1]
    yield from SPAN.findall(FENCE.sub("", text))


def make_targets() -> set[str]:
    makefile = (ROOT / "Makefile").read_text(encoding="utf-8")
    return set(re.findall(r"^([a-z][a-z-]*):(?!=)", makefile, re.MULTILINE))


def pins(name: str) -> dict[str, set[str]]:
    """Give the versions of each requirement of a lock; markers may ask for several."""
    found: dict[str, set[str]] = {}
    for line in (ROOT / name).read_text(encoding="utf-8").splitlines():
        if line.lstrip().startswith("#") or not line.strip():
            continue
        exact = re.fullmatch(r"([a-z0-9-]+)==([0-9][^\s;]*)( ; .+)?", line)
        assert exact, f"{name}: not pinned to one version: {line}"
        found.setdefault(exact[1], set()).add(exact[2])
    return found


def wished(name: str) -> dict[str, str]:
    """Give what a .in file asks for, with its `==version` or nothing."""
    lines = (ROOT / name).read_text(encoding="utf-8").splitlines()
    asked = (re.match(r"([A-Za-z0-9_.-]+)(?:==(\S+))?", line) for line in lines)
    return {m[1].lower().replace("_", "-"): m[2] or "" for m in asked if m and m[1][0] != "-"}


@pytest.mark.parametrize("paper", PAPERS, ids=lambda path: path.name)
def test_every_make_command_in_a_paper_is_a_target(paper: Path) -> None:
    text = paper.read_text(encoding="utf-8")
    asked = {
        target
        for code in commands_and_names(text)
        for target in re.findall(r"\bmake ([a-z][a-z-]*)", code)
    }
    assert asked <= make_targets()


def test_the_readme_names_the_two_commands() -> None:
    code = "\n".join(commands_and_names((ROOT / "README.md").read_text(encoding="utf-8")))
    for command in ("make run", "make test", "pip install -r requirements.txt"):
        assert command in code


@pytest.mark.parametrize("paper", PAPERS, ids=lambda path: path.name)
def test_every_file_named_in_a_paper_exists(paper: Path) -> None:
    names = {
        name.split("::")[0]
        for code in commands_and_names(paper.read_text(encoding="utf-8"))
        for name in re.findall(r"[\w./-]+(?:::\w+)?", code)
        if name.startswith(TOP_LEVEL)
    }
    # What a run makes is not in the repository.
    made = ("bench/results", "tests/browser/shots")
    missing = {name for name in names if not name.startswith(made) and not (ROOT / name).exists()}
    assert not missing


@pytest.mark.parametrize("paper", PAPERS, ids=lambda path: path.name)
def test_every_link_inside_the_repository_leads_somewhere(paper: Path) -> None:
    text = SPAN.sub("", FENCE.sub("", paper.read_text(encoding="utf-8")))
    inside = [target for target in LINK.findall(text) if not re.match(r"[a-z]+:|#", target)]
    missing = {target for target in inside if not (paper.parent / target.split("#")[0]).exists()}
    assert not missing


@pytest.mark.parametrize("paper", PAPERS, ids=lambda path: path.name)
def test_every_geo_command_in_a_paper_exists(paper: Path) -> None:
    from geo import cli

    apps = [value for value in vars(cli).values() if isinstance(value, typer.Typer)]
    known = {name for app in apps for name in getattr(typer.main.get_command(app), "commands", {})}
    assert known, "geo/cli offers no command"
    asked = {
        command
        for code in commands_and_names(paper.read_text(encoding="utf-8"))
        for command in re.findall(r"python -m geo ([a-z][a-z-]*)", code)
    }
    assert asked <= known


@pytest.mark.parametrize("paper", PAPERS, ids=lambda path: path.name)
def test_every_setting_named_in_a_paper_is_one(paper: Path) -> None:
    from geo.config import Settings

    known = {f"TRYGG_{field}".upper() for field in Settings.model_fields} | {"TRYGG_SHARED"}
    assert set(re.findall(r"TRYGG_[A-Z_]+", paper.read_text(encoding="utf-8"))) <= known


@pytest.mark.parametrize("name", ["requirements", "requirements-dev"])
def test_locks_are_exact_and_hold_what_is_asked_for(name: str) -> None:
    locked = pins(f"{name}.txt")
    asked = wished(f"{name}.in")
    assert asked
    assert set(asked) <= set(locked)
    assert all(locked[package] == {version} for package, version in asked.items() if version)


def test_both_locks_agree() -> None:
    program, checks = pins("requirements.txt"), pins("requirements-dev.txt")
    shared = program.keys() & checks.keys()
    assert shared
    assert {name: program[name] for name in shared} == {name: checks[name] for name in shared}


@pytest.mark.parametrize(
    "name", ["requirements.txt", "requirements-dev.txt", "package-lock.json", ".npmrc"]
)
def test_the_machine_that_installs_decides_where_packages_come_from(name: str) -> None:
    text = (ROOT / name).read_text(encoding="utf-8")
    assert not re.search(r"https?://|--(extra-)?index-url|^registry", text, re.MULTILINE)


def test_ci_runs_make_test_and_nothing_else() -> None:
    script = (ROOT / ".ci" / "run").read_text(encoding="utf-8")
    commands = [line for line in script.splitlines() if line and not line.startswith("#")]
    assert commands == [
        "set -euo pipefail",
        'cd "$(dirname "${BASH_SOURCE[0]}")/.."',
        "exec make test </dev/null",
    ]


def test_every_make_target_for_people_is_explained() -> None:
    makefile = (ROOT / "Makefile").read_text(encoding="utf-8")
    explained = set(re.findall(r"^([a-z][a-z-]*):.*## \S", makefile, re.MULTILINE))
    # Steps of `make test` that nobody asks for by name.
    assert make_targets() - explained == {"quick", "chromium", "postgis"}


def test_python_is_asked_for_in_one_voice() -> None:
    settings = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))
    assert settings["project"]["requires-python"] == ">=3.11"
    assert settings["tool"]["ruff"]["target-version"] == "py311"
    assert settings["tool"]["mypy"]["python_version"] == "3.11"
    assert "version_info < (3, 11)" in (ROOT / "Makefile").read_text(encoding="utf-8")
