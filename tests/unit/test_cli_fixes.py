"""GPS fixes on the command line: exit codes, JSON alone on standard output, settings."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from geo.cli import main

GOOD = "spår;tid;longitud;latitud\na;2021-03-01 18:00;12,69;57,5\n"


class Shell:
    """Runs ``geo fixes`` on one folder."""

    def __init__(self, folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
        self.folder, self._capsys = folder, capsys
        self.code, self.err = 0, ""

    def __call__(self, *words: str) -> str:
        self._capsys.readouterr()
        self.code = main(["fixes", *words, "--fixes", str(self.folder / "fixes")])
        out, self.err = self._capsys.readouterr()
        return out

    def json(self, *words: str) -> Any:
        return json.loads(self(*words, "--json"))

    def file(self, name: str, content: str) -> str:
        path = self.folder / name
        path.write_text(content, encoding="utf-8")
        return str(path)


@pytest.fixture
def shell(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> Shell:
    return Shell(tmp_path, capsys)


def test_import_again_undo(shell: Shell) -> None:
    path = shell.file("a.csv", GOOD)
    (receipt,) = shell.json("import", path)["files"]
    assert (shell.code, receipt["accepted"], receipt["tracks"]) == (0, 1, 1)
    assert receipt["one_fix_tracks"] == 1
    assert "dubbletter 1" in shell("import", path)
    assert shell.code == 0
    assert shell.json("undo", receipt["import_id"]) == {
        "import_id": receipt["import_id"],
        "undone": True,
        "fixes": 1,
    }
    shell("undo", receipt["import_id"])
    assert (shell.code, "finns inte" in shell.err) == (2, True)


def test_one_bad_file_does_not_lose_the_others(shell: Shell) -> None:
    good, bad = shell.file("a.csv", GOOD), shell.file("b.csv", GOOD + "a;hej;12;57\n")
    said = shell.json(
        "import", good, bad, shell.file("c.gpx", "<gpx>"), str(shell.folder / "nej.csv")
    )
    assert shell.code == 1
    assert [one["accepted"] for one in said["files"]] == [1, 1, 0, 0]
    assert [one["refused"] is None for one in said["files"]] == [True, True, False, False]
    assert said["files"][1]["left_out"] == [
        {
            "reason": "unreadable_time",
            "count": 1,
            "lines": [3],
            "sentence": "b.csv: punkter med en tid som inte går att läsa (1 st, rad 3).",
        }
    ]
    shown = shell("import", bad, "--dry-run")
    assert "dubbletter 1" in shown


@pytest.mark.parametrize(("content", "code"), [("<gpx>", 2), ("", 2), ("hej", 2)])
def test_nothing_usable_is_2(shell: Shell, content: str, code: int) -> None:
    said = shell.json("import", shell.file("c.gpx", content))
    assert (shell.code, said["files"][0]["import_id"]) == (code, None)
    assert "c.gpx" in said["files"][0]["refused"]


def test_what_is_in_a_refused_file_is_said_too(shell: Shell) -> None:
    shown = shell("import", shell.file("c.gpx", '<gpx><wpt lat="1" lon="1"/>\n<rte/></gpx>'))
    assert shell.code == 2
    assert "Avvisad: Filen c.gpx har inga punkter" in shown
    assert "vägpunkter och rutter är inte lästa, bara spår läses (2 st, rad 1, 2)" in shown


def test_disposal_wants_a_rule_and_follows_it(
    shell: Shell, monkeypatch: pytest.MonkeyPatch
) -> None:
    shell("import", shell.file("a.csv", GOOD))
    shell("dispose")
    assert (shell.code, "TRYGG_FIXES_KEEP_DAYS" in shell.err) == (2, True)
    monkeypatch.setenv("TRYGG_NOW", "2021-04-01T12:00:00+02:00")
    monkeypatch.setenv("TRYGG_FIXES_KEEP_DAYS", "30")
    would = shell.json("dispose", "--dry-run")
    assert (shell.code, would["fixes"], would["dry_run"]) == (0, 1, True)
    assert "1 spår" in shell("dispose")
    assert shell.json("dispose")["fixes"] == 0


@pytest.mark.parametrize(
    "words", [("import",), ("import", "a.csv", "--kind", "Anna"), ("töm",), ("undo",)]
)
def test_wrong_usage_is_64(shell: Shell, words: tuple[str, ...]) -> None:
    assert shell(*words) == ""
    assert shell.code == 64
