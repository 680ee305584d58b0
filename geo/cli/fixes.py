"""GPS fixes: import, undo, disposal by age."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Annotated, Any

import typer

from geo.cli.edge import AsJson, note, now_of, print_json, progress_bar, settings_with
from geo.cli.program import EXIT_SOME, program
from geo.errors import SettingError
from geo.model.visit import SUGGESTED_KINDS
from geo.wording import say

fixes = typer.Typer(
    help="GPS-punkter: läs in, ångra, gallra efter ålder.",
    no_args_is_help=True,
    rich_markup_mode=None,
)
program.add_typer(fixes, name="fixes")

Folder = Annotated[
    Path | None, typer.Option("--fixes", help="Mappen med GPS-punkter; annars TRYGG_FIXES.")
]


@fixes.command("import")
def import_(
    files: Annotated[list[Path], typer.Argument(help="GPX, CSV eller GeoParquet.")],
    kind: Annotated[str, typer.Option(help=f"Typ av patrull: {', '.join(SUGGESTED_KINDS)}.")] = (
        "patrull"
    ),
    crs: Annotated[
        str | None, typer.Option(help="Filens koordinatsystem, till exempel EPSG:3007.")
    ] = None,
    dry_run: Annotated[bool, typer.Option("--dry-run", help="Visa utan att spara.")] = False,
    as_json: AsJson = False,
    folder: Folder = None,
) -> None:
    """Läs in GPS-punkter och skriv ett kvitto per fil."""
    from geo.services.fixes import FixReceipt, import_fixes

    if kind not in SUGGESTED_KINDS:
        raise typer.BadParameter(f"--kind: välj bland {', '.join(SUGGESTED_KINDS)}.")
    settings = settings_with(None)
    receipts: list[FixReceipt] = []
    for file in files:
        with progress_bar() as progress:
            receipts.append(
                import_fixes(
                    file,
                    folder or settings.fixes,
                    kind=kind,
                    now=now_of(settings),
                    max_bytes=settings.fixes_max_file_mb * 1_000_000,
                    keep_days=settings.fixes_keep_days,
                    crs=crs,
                    dry_run=dry_run,
                    progress=progress,
                )
            )
    codes = {receipt.exit_code for receipt in receipts}
    if as_json:
        listed = [_receipt_record(receipt) for receipt in receipts]
        print_json({"files": listed, "dry_run": dry_run})
    else:
        for receipt in receipts:
            _print_receipt(receipt, dry_run=dry_run)
    raise typer.Exit(codes.pop() if len(codes) == 1 else EXIT_SOME)


@fixes.command()
def undo(
    import_id: Annotated[str, typer.Argument(help="Numret på kvittot.")],
    as_json: AsJson = False,
    folder: Folder = None,
) -> None:
    """Ångra en import av GPS-punkter."""
    from geo.services.fixes import undo_fixes

    removed = undo_fixes(folder or settings_with(None).fixes, import_id)
    if as_json:
        print_json({"import_id": import_id, "undone": True, "fixes": removed})
    else:
        note(f"Importen {import_id} är ångrad: {removed} punkter är borttagna.")


@fixes.command()
def dispose(
    dry_run: Annotated[bool, typer.Option("--dry-run", help="Visa utan att ta bort.")] = False,
    as_json: AsJson = False,
    folder: Folder = None,
) -> None:
    """Gallra spår som är äldre än TRYGG_FIXES_KEEP_DAYS."""
    from geo.services.fixes import dispose_fixes

    settings = settings_with(None)
    if settings.fixes_keep_days is None:
        raise SettingError(
            say("Ange i TRYGG_FIXES_KEEP_DAYS hur många dagar GPS-punkter får sparas.")
        )
    gone = dispose_fixes(
        folder or settings.fixes,
        now=now_of(settings),
        keep_days=settings.fixes_keep_days,
        dry_run=dry_run,
    )
    if as_json:
        print_json(
            {
                "before": gone.before.isoformat(),
                "tracks": gone.tracks,
                "fixes": gone.fixes,
                "kept": gone.kept,
                "partitions": gone.partitions,
                "shortened": gone.shortened,
                "unfinished": gone.unfinished,
                "damaged": [
                    {"partition": name, "reason": str(reason)} for name, reason in gone.damaged
                ],
                "dry_run": dry_run,
            }
        )
    else:
        heading = "Skulle gallras" if dry_run else "Gallrat"
        typer.echo(
            f"{heading}: {gone.tracks} spår, {gone.fixes} punkter; {gone.kept} punkter är kvar. "
            f"Hela filer {len(gone.partitions)}, kortade {len(gone.shortened)}, "
            f"oavslutade {len(gone.unfinished)}."
        )
        for _, reason in gone.damaged:
            typer.echo(f"Inte gallrad: {reason}")
    if gone.damaged:
        raise typer.Exit(EXIT_SOME)


def _receipt_record(receipt: Any) -> dict[str, Any]:
    """Make a receipt plain values for JSON, each reason a sentence in Swedish."""
    return {
        "file": receipt.file,
        "import_id": receipt.import_id,
        "accepted": receipt.accepted,
        "tracks": receipt.tracks,
        "one_fix_tracks": receipt.one_fix_tracks,
        "same_moment": receipt.same_moment,
        "duplicates": receipt.duplicates,
        "left_out": _noted_records(receipt.left_out, receipt.file),
        "flagged": _noted_records(receipt.seen, receipt.file),
        "refused": None if receipt.refused is None else str(receipt.refused),
    }


def _noted_records(noted: Sequence[Any], file: str) -> list[dict[str, Any]]:
    return [
        {
            "reason": one.reason,
            "count": one.count,
            "lines": one.lines,
            "sentence": str(one.sentence(file)),
        }
        for one in noted
    ]


def _print_receipt(receipt: Any, *, dry_run: bool) -> None:
    if receipt.refused is not None:
        typer.echo(f"Avvisad: {receipt.refused}")
    else:
        heading = "Skulle läsas in" if dry_run else "Inläst"
        left = sum(one.count for one in receipt.left_out)
        typer.echo(
            f"{heading} ur {receipt.file}: {receipt.accepted} punkter i {receipt.tracks} spår, "
            f"dubbletter {receipt.duplicates}, ej lästa {left}"
        )
    if receipt.import_id:
        typer.echo(f"Import: {receipt.import_id}")
    for title, noted in (("Ej läst", receipt.left_out), ("Flaggad", receipt.seen)):
        for one in noted:
            typer.echo(f"{title}: {one.sentence(receipt.file)}")
