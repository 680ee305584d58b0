"""The trace: who did what, and whether anybody has changed it since."""

from __future__ import annotations

import csv
import json
import re
from datetime import datetime
from pathlib import Path
from typing import Annotated, Any

import typer
from rich.table import Table

from geo.cli.days import day_of
from geo.cli.edge import AsJson, Db, note, now_of, opened_store, print_json, print_table
from geo.cli.program import EXIT_SOME, program
from geo.formula import guarded
from geo.model.time import STOCKHOLM, day_start_at

group = typer.Typer(help="Spåret: vem gjorde vad.", no_args_is_help=True)
program.add_typer(group, name="trace")

_SEAL = re.compile(r"(\d{1,12}):([0-9a-f]{64})")


@group.command()
def show(
    account: Annotated[str | None, typer.Option(help="Bara det kontot.")] = None,
    action: Annotated[str | None, typer.Option(help="Bara sådant, till exempel export.")] = None,
    first: Annotated[str | None, typer.Option("--from", help="Från och med dagen.")] = None,
    after: Annotated[str | None, typer.Option("--to", help="Till dagen, som inte är med.")] = None,
    kind: Annotated[str | None, typer.Option(help="Bara det som rör ett slags poster.")] = None,
    record: Annotated[str | None, typer.Option(help="Bara det som rör en post.")] = None,
    out: Annotated[Path | None, typer.Option("--out", help="Skriv som CSV i en fil.")] = None,
    as_json: AsJson = False,
    db: Db = None,
) -> None:
    """Visa spåret, det senaste först."""
    from geo.store.trace import NOBODY_NAMED, Asked, Trace

    asked = Asked(
        account=account,
        action=action,
        from_at=_start(first, "--from"),
        to_at=_start(after, "--to"),
        kind=kind,
        record_id=record,
    )
    with opened_store(db) as (store, settings):
        trace = Trace(store.engine)
        rows: list[dict[str, Any]] = [
            {
                "seq": entry.seq,
                "at": entry.at.astimezone(STOCKHOLM).isoformat(timespec="seconds"),
                "account": entry.account,
                "action": entry.action,
                "about": entry.about if out is not None else json.loads(entry.about),
            }
            for entry in trace.entries(asked)
        ]
        if out is not None:
            _write_csv(rows, out)
            about = {"kind": "trace", "format": "csv", "rows": len(rows)}
            trace.note("export", account=NOBODY_NAMED, about=about, at=now_of(settings))
    if out is not None:
        note(f"{len(rows)} rader i {out}.")
    elif as_json:
        print_json(rows)
    else:
        table = Table("rad", "när", "konto", "gjorde", "om")
        for row in rows:
            shown = {**row, "about": json.dumps(row["about"], ensure_ascii=False)}
            table.add_row(*map(str, shown.values()))
        print_table(table)


@group.command()
def verify(
    against: Annotated[
        str | None, typer.Option("--against", help="Ett sigill från tidigare: RAD:SIGILL.")
    ] = None,
    as_json: AsJson = False,
    db: Db = None,
) -> None:
    """Se efter att ingenting i spåret, eller i det som skrevs, är ändrat utanför programmet."""
    from geo.store.trace import Trace

    kept = None if against is None else _SEAL.fullmatch(against)
    if against is not None and kept is None:
        raise typer.BadParameter("Ett sigill skrivs RAD:SIGILL, som verify visade det.")
    with opened_store(db) as (store, _settings):
        verdict = Trace(store.engine).verify(
            against=None if kept is None else (int(kept[1]), kept[2])
        )
    seal = f"{verdict.entries}:{verdict.seal}"
    if as_json:
        fault = None if verdict.fault is None else str(verdict.fault)
        print_json(
            {"is_whole": fault is None, "entries": verdict.entries, "seal": seal, "fault": fault}
        )
    elif verdict.fault is None:
        typer.echo(f"Spåret är helt: {verdict.entries} rader. Spara sigillet på ett annat ställe:")
        typer.echo(seal)
    else:
        typer.echo(str(verdict.fault))
    if verdict.fault is not None:
        raise typer.Exit(EXIT_SOME)


def _start(day: str | None, option: str) -> datetime | None:
    return None if day is None else day_start_at(day_of(day, option))


def _write_csv(rows: list[dict[str, Any]], out: Path) -> None:
    with out.open("w", encoding="utf-8-sig", newline="") as file:
        writer = csv.writer(file, delimiter=";")
        writer.writerow(["seq", "at", "account", "action", "about"])
        writer.writerows([[guarded(str(value)) for value in row.values()] for row in rows])
