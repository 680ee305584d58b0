"""The command line: the same services as the pages.

Exit codes: 0 everything accepted (flags and exact duplicates included); 1 some rows
rejected, the good ones stored; 2 nothing usable; 64 wrong usage.  Under ``--json``
and ``--format json`` standard output carries JSON and nothing else; progress and
messages go to standard error.
"""

from __future__ import annotations

import csv
import io
import json
import os
import sys
import uuid
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Annotated, Any, Literal

import typer
from rich.console import Console
from rich.progress import Progress as ProgressBar
from rich.table import Table
from rich.text import Text

from geo.config import Settings, read_settings
from geo.errors import DataError, GeoError
from geo.importers.result import ImportKind
from geo.model.period import Period
from geo.model.receipt import Receipt, Remark
from geo.wording import Wording

EXIT_OK, EXIT_SOME, EXIT_NOTHING, EXIT_USAGE = 0, 1, 2, 64

program = typer.Typer(
    name="geo",
    help="Otrygga platser, genomgångna byggnader och patrullbesök i Mark.",
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
    rich_markup_mode=None,
)

_err = Console(stderr=True)
_WIDE = 140
"""Columns of a table that nobody watches: wide enough that no name is cut."""

Db = Annotated[str | None, typer.Option("--db", help="Databasens adress; annars TRYGG_DB.")]
AsJson = Annotated[bool, typer.Option("--json", help="Skriv kvittot som JSON.")]


def main(arguments: Sequence[str] | None = None) -> int:
    """Run one command; gives its exit code."""
    command = typer.main.get_command(program)
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, io.TextIOWrapper):
            # Swedish letters, also where the shell was set up for another encoding.
            stream.reconfigure(encoding="utf-8", errors="backslashreplace")
    try:
        result = command.main(
            args=None if arguments is None else list(arguments),
            prog_name="python -m geo",
            standalone_mode=False,
        )
    except typer.Abort:
        return EXIT_USAGE
    except typer.TyperException as exc:
        said = exc.format_message()
        _note(said if said.startswith("Usage") else f"Fel: {said}")
        return EXIT_USAGE
    except GeoError as exc:
        _note(str(exc))
        return EXIT_NOTHING
    except BrokenPipeError:
        # Whoever read us has seen enough; what is left to flush goes nowhere.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
    except OSError as exc:
        _note(f"Det gick inte att läsa eller skriva: {exc.strerror or exc}")
        return EXIT_NOTHING
    return result if isinstance(result, int) else EXIT_OK


@program.command()
def demo(
    seed: Annotated[int, typer.Option(min=0, help="Frö: samma frö ger samma data.")] = 2021,
    db: Db = None,
) -> None:
    """Lägg in påhittade exempeldata: ett år av besök, byggnader och genomgångar."""
    from geo.services.opening import add_examples

    with _store(db) as (store, settings):
        added = add_examples(store, seed=seed, now=_now(settings))
    _note(f"{added} exempelposter inlagda.")


@program.command("import")
def import_(
    kind: Annotated[ImportKind, typer.Argument(help="Vad filen innehåller.")],
    file: Annotated[Path, typer.Argument(help="Filen som ska läsas in.")],
    dry_run: Annotated[bool, typer.Option("--dry-run", help="Visa utan att spara.")] = False,
    update: Annotated[
        bool, typer.Option("--update", help="Ersätt poster med samma id; historiken sparas.")
    ] = False,
    crs: Annotated[
        str | None, typer.Option(help="Filens koordinatsystem, till exempel EPSG:3007.")
    ] = None,
    as_json: AsJson = False,
    db: Db = None,
) -> None:
    """Läs in en fil och skriv ett kvitto."""
    from geo.services.importing import import_file, plan_import, shown_name

    try:
        with _store(db) as (store, settings), _progress() as progress:
            asked: dict[str, Any] = {
                "now": _now(settings),
                "update": update,
                "crs": crs,
                "max_bytes": settings.max_file_mb * 1_000_000,
                "progress": progress,
            }
            if dry_run:
                receipt = plan_import(store, kind, file, **asked).receipt
            else:
                import_id = uuid.uuid4().hex[:12]
                receipt = import_file(store, kind, file, import_id=import_id, **asked)
    except GeoError as exc:
        receipt = Receipt(
            kind=kind, file=shown_name(file.name), rejected=(Remark(reason=exc.message),)
        )
    _print_receipt(receipt, as_json=as_json, dry_run=dry_run)
    raise typer.Exit(receipt.exit_code)


@program.command()
def undo(
    import_id: Annotated[str, typer.Argument(help="Numret på kvittot.")],
    as_json: AsJson = False,
    db: Db = None,
) -> None:
    """Ångra en hel import."""
    from geo.services.importing import undo_import

    with _store(db) as (store, settings):
        try:
            receipt = undo_import(store, import_id, now=_now(settings))
        except GeoError as exc:
            if as_json:
                _print_json({"import_id": import_id, "undone": False, "reason": str(exc)})
            raise
    if as_json:
        _print_json({"import_id": import_id, "undone": True, "kept": list(receipt.kept_at_undo)})
        return
    _note(f"Importen {import_id} är ångrad.")
    for kept in receipt.kept_at_undo:
        _note(f"Lämnad, eftersom den ändrats efter importen: {kept}")


@program.command()
def export(
    kind: Annotated[
        Literal["locations", "buildings", "inspections", "visits", "activities", "coverage"],
        typer.Argument(help="Vad som ska tas ut."),
    ],
    form: Annotated[
        Literal["csv", "xlsx", "geojson", "gpkg"], typer.Option("--format", help="Filens form.")
    ] = "csv",
    first: Annotated[str | None, typer.Option("--from", help="Första dag, ÅÅÅÅ-MM-DD.")] = None,
    after: Annotated[
        str | None, typer.Option("--to", help="Dagen efter den sista, ÅÅÅÅ-MM-DD.")
    ] = None,
    out: Annotated[
        Path | None, typer.Option("--out", help="Fil att skriva; annars till utdata.")
    ] = None,
    db: Db = None,
) -> None:
    """Ta ut poster eller täckning som en fil."""
    from geo.reports.export import report_file
    from geo.reports.stamp import ReportStamp
    from geo.services.exporting import export_rows
    from geo.services.selection import Selection
    from geo.services.snapshot import read_snapshot

    period = _period(first, after, needed=kind == "coverage" or bool(first or after))
    with _store(db) as (store, settings):
        snapshot = read_snapshot(store)
        stamp = ReportStamp(
            title=kind,
            period=period,
            filters=(),
            made_at=_now(settings),
            data_until=snapshot.visits_until,
            has_examples=snapshot.has_examples,
        )
        rows = export_rows(snapshot, kind, None if period is None else Selection(period))
        file = report_file(
            rows, form=form, kind=kind, stamp=stamp, wording=Wording(settings.language)
        )
    if out is None:
        sys.stdout.buffer.write(file.content)
        sys.stdout.buffer.flush()
    else:
        # Whole or not at all: an export half written looks like one that is complete.
        unfinished = out.with_name(f".{out.name}.part")
        unfinished.write_bytes(file.content)
        unfinished.replace(out)
        _note(f"{out}: {len(rows)} rader")


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

    period = _needed_period(first, after)
    with _store(db) as (store, settings):
        snapshot = read_snapshot(store)
        rows = coverage_records(count(snapshot, period, by=by))
        wording = Wording(settings.language)
    if form == "json":
        _print_json(rows)
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

    day = _day(on, "--on")
    with _store(db) as (store, settings):
        standings = promise_standing(read_snapshot(store), on=day)
        wording = Wording(settings.language)
    records = promise_records(standings)
    if form == "json":
        _print_json(records)
    else:
        _print_promise(records, wording)


@program.command()
def basemap(
    source: Annotated[Path, typer.Argument(help="OSM-utdrag (.osm.pbf) eller GeoPackage.")],
    out: Annotated[Path, typer.Option("--out", help="Filen som ska göras, .pmtiles.")],
) -> None:
    """Gör en egen bakgrundskarta, som programmet kan visa utan internet."""
    from geo.maps.basemap import build_basemap

    with _progress() as progress:
        # The bar counts whole things, the maker of the map tells a share.
        build_basemap(source, out, progress=lambda share: progress(round(share * 100), 100))
    _note(f"{out} är klar. Visa den med TRYGG_BASEMAP={out}")


@program.command()
def doctor(db: Db = None) -> None:
    """Se efter om allt som behövs finns, och säg vad som saknas."""
    from geo.services.doctor import checkups

    found = list(checkups(_settings(db)))
    for one in found:
        typer.echo(f"{'✓' if one.is_well else '✗'} {one.subject}: {one.finding}")
    if not all(one.is_well for one in found):
        raise typer.Exit(EXIT_SOME)


def _settings(db: str | None) -> Settings:
    settings = read_settings()
    return settings if db is None else settings.model_copy(update={"db": db})


def _now(settings: Settings) -> datetime:
    return settings.now or datetime.now(tz=UTC)


@contextmanager
def _store(db: str | None) -> Iterator[tuple[Any, Settings]]:
    """Open the database, empty if it is new; the command line never adds examples by itself."""
    from geo.store.open import open_store

    settings = _settings(db)
    store = open_store(settings.db)
    try:
        yield store, settings
    finally:
        store.close()


@contextmanager
def _progress() -> Iterator[Any]:
    """Show a bar on standard error while something takes time; silent where nobody watches."""
    with ProgressBar(console=_err, transient=True, disable=not _err.is_terminal) as bar:
        task = bar.add_task("Läser", total=None)

        def advance(done: int, total: int | None) -> None:
            bar.update(task, completed=done, total=total)

        yield advance


def _day(text: str, option: str) -> date:
    try:
        day = date.fromisoformat(text)
        Period(day, day + timedelta(days=1))
        return day
    except (ValueError, OverflowError, DataError) as exc:
        raise typer.BadParameter(f"{option}: ”{text}” är inte ett datum (ÅÅÅÅ-MM-DD).") from exc


def _needed_period(first: str, after: str) -> Period:
    try:
        return Period(_day(first, "--from"), _day(after, "--to"))
    except DataError as exc:
        raise typer.BadParameter(str(exc)) from exc


def _period(first: str | None, after: str | None, *, needed: bool) -> Period | None:
    if first is not None and after is not None:
        return _needed_period(first, after)
    if needed:
        raise typer.BadParameter("Ange både --from och --to.")
    return None


def _note(text: str) -> None:
    typer.echo(text, err=True)


def _print_json(value: Any) -> None:
    sys.stdout.write(json.dumps(value, ensure_ascii=False, indent=1, allow_nan=False) + "\n")


def _print_csv(rows: Sequence[Any]) -> None:
    from geo.formula import guarded
    from geo.services.coverage import COVERAGE_COLUMNS

    writer = csv.DictWriter(sys.stdout, fieldnames=COVERAGE_COLUMNS, lineterminator="\n")
    writer.writeheader()
    for row in rows:
        writer.writerow({name: guarded(v) if isinstance(v, str) else v for name, v in row.items()})


def _print_receipt(receipt: Receipt, *, as_json: bool, dry_run: bool) -> None:
    if as_json:
        shown = receipt.model_dump(mode="json", exclude={"undone_at", "kept_at_undo", "example"})
        _print_json(
            {
                **shown,
                "flagged": _remark_records(receipt.flagged),
                "rejected": _remark_records(receipt.rejected),
                "dry_run": dry_run,
            }
        )
        return
    heading = "Skulle läsas in" if dry_run else "Inläst"
    typer.echo(
        f"{heading}: {receipt.accepted} (varav {receipt.updated} ersatte), "
        f"dubbletter {receipt.duplicates}, flaggade {len(receipt.flagged)}, "
        f"avvisade {len(receipt.rejected)}"
    )
    for name, value in (
        ("Import", receipt.import_id),
        ("Koordinatsystem", receipt.crs),
        ("Teckenkodning", receipt.encoding),
        ("Okända kolumner", ", ".join(receipt.unknown_columns) or None),
    ):
        if value:
            typer.echo(f"{name}: {value}")
    for title, remarks in (("Avvisad", receipt.rejected), ("Flaggad", receipt.flagged)):
        for remark in remarks:
            where = "hela filen" if remark.line is None else f"rad {remark.line}"
            field = f", {remark.field}" if remark.field else ""
            typer.echo(f"{title} ({where}{field}): {remark.reason}")


def _remark_records(remarks: Sequence[Remark]) -> list[dict[str, Any]]:
    """Make remarks plain values for JSON, each reason a sentence in Swedish."""
    return [
        {"line": remark.line, "field": remark.field, "reason": str(remark.reason)}
        for remark in remarks
    ]


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
    _print_table(table)


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
    _print_table(table)


def _print_table(table: Table) -> None:
    Console(width=None if sys.stdout.isatty() else _WIDE).print(table)
