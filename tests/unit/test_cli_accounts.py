"""Accounts and the trace on the command line, with a real database file."""

from __future__ import annotations

import io
import json
from pathlib import Path

import pytest
from sqlalchemy import create_engine, text

from geo.cli import main


@pytest.fixture
def db(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> str:
    url = f"sqlite:///{tmp_path / 'cli_accounts_test.db'}"
    monkeypatch.setenv("TRYGG_DB", url)
    monkeypatch.setattr("sys.stdin", io.StringIO("tre gula bussar\n"))
    return url


def add(*more: str) -> int:
    return main(
        ["accounts", "add", "polis-3", "--organisation", "polisen", "--role", "officer", *more]
    )


def told(capsys: pytest.CaptureFixture[str], *command: str) -> object:
    capsys.readouterr()
    assert main([*command, "--json"]) == 0
    return json.loads(capsys.readouterr().out)


def test_an_account_is_added_changed_and_closed(
    db: str, capsys: pytest.CaptureFixture[str]
) -> None:
    assert add("--password-stdin") == 0
    assert main(["accounts", "role", "polis-3", "police_coordinator"]) == 0
    assert main(["accounts", "close", "polis-3"]) == 0
    assert told(capsys, "accounts", "list") == [
        {
            "account_id": "polis-3",
            "organisation": "polisen",
            "role": "police_coordinator",
            "active": False,
            "signs_in_with": "lösenord",
        }
    ]


def test_a_role_the_organisation_has_not_is_refused(
    db: str, capsys: pytest.CaptureFixture[str]
) -> None:
    assert add("--by-proxy") == 0
    assert main(["accounts", "role", "polis-3", "caretaker"]) == 2
    assert "inga konton med rollen" in capsys.readouterr().err


def test_what_was_done_is_in_the_trace(db: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert add("--by-proxy") == 0
    assert main(["demo", "--seed", "2021"]) == 0
    assert main(["export", "visits", "--out", str(Path(db[10:]).with_suffix(".csv"))]) == 0
    rows = told(capsys, "trace", "show")
    assert isinstance(rows, list)
    assert [(row["account"], row["action"]) for row in rows] == [
        ("kommandorad", "export"),
        ("kommandorad", "example"),
        ("kommandorad", "account"),
    ]
    assert rows[0]["about"]["kind"] == "visits"
    only = told(capsys, "trace", "show", "--action", "export", "--from", "2021-01-01")
    assert only == rows[:1]


def test_a_trace_taken_out_is_traced(
    db: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert add("--by-proxy") == 0
    assert main(["trace", "show", "--out", str(tmp_path / "spår.csv")]) == 0
    lines = (tmp_path / "spår.csv").read_text("utf-8-sig").splitlines()
    assert lines[0] == "seq;at;account;action;about"
    assert len(lines) == 2
    rows = told(capsys, "trace", "show")
    assert isinstance(rows, list)
    assert rows[0]["action"] == "export"


def test_tampering_is_an_exit_code_and_a_sentence(
    db: str, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["demo", "--seed", "2021"]) == 0
    found = told(capsys, "trace", "verify")
    assert isinstance(found, dict)
    assert found["is_whole"] is True
    assert main(["trace", "verify", "--against", found["seal"]]) == 0
    engine = create_engine(db)
    with engine.begin() as connection:
        connection.execute(text("UPDATE visits SET officers = officers + 1"))
    engine.dispose()
    capsys.readouterr()
    assert main(["trace", "verify"]) == 1
    assert "ändrad utanför programmet" in capsys.readouterr().out


@pytest.mark.parametrize("seal", ["1", "x:y", "1:" + "g" * 64])
def test_a_seal_that_is_none_is_wrong_usage(db: str, seal: str) -> None:
    assert main(["trace", "verify", "--against", seal]) == 64
