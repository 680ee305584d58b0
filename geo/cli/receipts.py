"""The receipt of an import, for people and as JSON."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import typer

from geo.cli.edge import print_json
from geo.model.receipt import Receipt, Remark


def print_receipt(receipt: Receipt, *, as_json: bool, dry_run: bool) -> None:
    """Write what an import did, or with `dry_run` would do."""
    if as_json:
        shown = receipt.model_dump(mode="json", exclude={"undone_at", "kept_at_undo", "example"})
        print_json(
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
