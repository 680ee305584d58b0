"""Records in and out: examples, imports, their undoing, exports."""

from __future__ import annotations

import sys
import uuid
from pathlib import Path
from typing import Annotated, Any, Literal

import typer

from geo.cli.days import period_of
from geo.cli.edge import AsJson, Db, note, now_of, opened_store, print_json, progress_bar
from geo.cli.program import program
from geo.cli.receipts import print_receipt
from geo.errors import GeoError
from geo.importers.result import ImportKind
from geo.model.receipt import Receipt, Remark
from geo.wording import Wording


@program.command()
def demo(
    seed: Annotated[int, typer.Option(min=0, help="Frö: samma frö ger samma data.")] = 2021,
    db: Db = None,
) -> None:
    """Lägg in påhittade exempeldata: ett år av besök, byggnader och genomgångar."""
    from geo.services.opening import add_examples

    with opened_store(db) as (store, settings):
        added = add_examples(store, seed=seed, now=now_of(settings))
    note(f"{added} exempelposter inlagda.")


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
        with opened_store(db) as (store, settings), progress_bar() as progress:
            asked: dict[str, Any] = {
                "now": now_of(settings),
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
    print_receipt(receipt, as_json=as_json, dry_run=dry_run)
    raise typer.Exit(receipt.exit_code)


@program.command()
def undo(
    import_id: Annotated[str, typer.Argument(help="Numret på kvittot.")],
    as_json: AsJson = False,
    db: Db = None,
) -> None:
    """Ångra en hel import."""
    from geo.services.importing import undo_import

    with opened_store(db) as (store, settings):
        try:
            receipt = undo_import(store, import_id, now=now_of(settings))
        except GeoError as exc:
            if as_json:
                print_json({"import_id": import_id, "undone": False, "reason": str(exc)})
            raise
    if as_json:
        print_json({"import_id": import_id, "undone": True, "kept": list(receipt.kept_at_undo)})
        return
    note(f"Importen {import_id} är ångrad.")
    for kept in receipt.kept_at_undo:
        note(f"Lämnad, eftersom den ändrats efter importen: {kept}")


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
    from geo.services.audience import AUDIENCE_NAMES
    from geo.services.exporting import export_rows
    from geo.services.selection import Selection
    from geo.services.snapshot import read_snapshot
    from geo.store.trace import NOBODY_NAMED, Trace

    period = period_of(first, after, needed=kind == "coverage" or bool(first or after))
    with opened_store(db) as (store, settings):
        snapshot = read_snapshot(store)
        stamp = ReportStamp(
            title=kind,
            period=period,
            filters=(),
            made_at=now_of(settings),
            data_until=snapshot.visits_until,
            has_examples=snapshot.has_examples,
            audience=AUDIENCE_NAMES[snapshot.audience],
        )
        rows = export_rows(snapshot, kind, None if period is None else Selection(period))
        about = {"kind": kind, "format": form, "rows": len(rows), "audience": snapshot.audience}
        Trace(store.engine).note("export", account=NOBODY_NAMED, about=about, at=now_of(settings))
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
        note(f"{out}: {len(rows)} rader")
