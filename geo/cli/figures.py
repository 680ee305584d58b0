"""Figures: presence per place, and how the promise stands."""

from __future__ import annotations

import csv
import sys
from collections.abc import Sequence
from typing import Annotated, Any, Literal

import typer
from rich.table import Table
from rich.text import Text

from geo.cli.days import day_of, needed_period
from geo.cli.edge import Db, opened_store, print_json, print_table
from geo.cli.program import program
from geo.wording import Wording


@program.command()
def coverage(
    first: Annotated[str, typer.Option("--from", help="Första dag, ÅÅÅÅ-MM-DD.")],
    after: Annotated[str, typer.Option("--to", help="Dagen efter den sista, ÅÅÅÅ-MM-DD.")],
    by: Annotated[
        Literal["day", "week", "month", "all"],
        typer.Option("--by", help="Hur fint perioden delas."),
    ] = "all",
    form: Annotated[
        Literal["json", "csv", "table"], typer.Option("--format", help="Hur svaret skrivs.")
    ] = "table",
    db: Db = None,
) -> None:
    """Räkna närvaron på varje utpekad plats."""
    from geo.services.coverage import coverage as count
    from geo.services.coverage import coverage_records
    from geo.services.snapshot import read_snapshot

    period = needed_period(first, after)
    with opened_store(db) as (store, settings):
        snapshot = read_snapshot(store)
        rows = coverage_records(count(snapshot, period, by=by))
        wording = Wording(settings.language)
    if form == "json":
        print_json(rows)
    elif form == "csv":
        _print_csv(rows)
    else:
        _print_coverage(rows, wording)


@program.command()
def promise(
    on: Annotated[str, typer.Option("--on", help="Dag vars slut frågan gäller, ÅÅÅÅ-MM-DD.")],
    form: Annotated[
        Literal["json", "table"], typer.Option("--format", help="Hur svaret skrivs.")
    ] = "table",
    db: Db = None,
) -> None:
    """Visa hur medborgarlöftet står sig."""
    from geo.services.promises import promise_records, promise_standing
    from geo.services.snapshot import read_snapshot

    day = day_of(on, "--on")
    with opened_store(db) as (store, settings):
        standings = promise_standing(read_snapshot(store), on=day)
        wording = Wording(settings.language)
    records = promise_records(standings)
    if form == "json":
        print_json(records)
    else:
        _print_promise(records, wording)


def _print_csv(rows: Sequence[Any]) -> None:
    from geo.formula import guarded
    from geo.services.coverage import COVERAGE_COLUMNS

    writer = csv.DictWriter(sys.stdout, fieldnames=COVERAGE_COLUMNS, lineterminator="\n")
    writer.writeheader()
    for row in rows:
        writer.writerow({name: guarded(v) if isinstance(v, str) else v for name, v in row.items()})


def _print_coverage(rows: Sequence[Any], wording: Wording) -> None:
    table = Table(title=None)
    columns = [
        "Plats",
        "Från",
        "Besök",
        "Patrullmin",
        "Dagar sedan besök",
        "Längsta uppehåll",
        "Andel av målet",
    ]
    for index, name in enumerate(columns):
        table.add_column(name, justify="left" if index < 2 else "right")

    def shown(value: float | None) -> str:
        return "–" if value is None else wording.number(value)

    def days(value: float | None) -> str:
        return "–" if value is None else wording.elapsed(value, digits=1)

    for row in rows:
        share = row["target_share"]
        table.add_row(
            Text(row["name"]),
            row["period_start"],
            shown(row["visits"]),
            shown(row["patrol_min"]),
            days(row["days_since_last"]),
            days(row["longest_gap_days"]),
            "ej mätbart" if share is None else wording.percent(share),
        )
    print_table(table)


def _print_promise(records: Sequence[Any], wording: Wording) -> None:
    status = {
        "met": "uppfyllt",
        "on_pace": "i fas",
        "behind": "efter",
        "not_measurable": "ej mätbart",
    }
    table = Table("Punkt", "Ansvarig", "Gjort", "Mål", "Väntat", "Läge")
    for record in records:
        table.add_row(
            Text(record["text"]),
            record["owner"],
            wording.number(record["actual"] or 0),
            "–" if record["target"] is None else wording.number(record["target"]),
            "–" if record["expected"] is None else wording.number(record["expected"], digits=2),
            status[record["status"]],
        )
    print_table(table)
