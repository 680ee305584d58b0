"""What an import would do or did, and what was undone."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import pandas as pd

from geo.model.receipt import Receipt, Remark
from geo.reports.to_csv import to_csv
from geo.wording import Wording
from ui.viewmodels.importing import KIND_WORDS

MOST_REMARKS = 20
"""Remarks of each sort shown on screen; the receipt that can be downloaded has them all."""


@dataclass(frozen=True, slots=True)
class Remarks:
    """Remarks of one sort: which rows, and why; ``left_out`` says how many are not shown."""

    title: str
    rows: tuple[tuple[str, str], ...]
    left_out: str


@dataclass(frozen=True, slots=True)
class ReceiptTold:
    """A receipt in words: a sentence, four numbers, facts about the file, and its remarks."""

    headline: str
    is_good: bool
    numbers: tuple[tuple[str, str], ...]
    facts: tuple[str, ...]
    remarks: tuple[Remarks, ...]


@dataclass(frozen=True, slots=True)
class ImportRow:
    """One import that was made, and whether it can be undone."""

    import_id: str
    title: str
    detail: str
    can_undo: bool
    undone: str


def receipt_told(receipt: Receipt, wording: Wording, *, is_plan: bool = False) -> ReceiptTold:
    """Put a receipt, or the plan of an import, into words."""
    numbers = (
        (
            wording("Kan sparas") if is_plan else wording("Sparade"),
            wording.number(receipt.accepted),
        ),
        (
            wording("Finns redan") if is_plan else wording("Fanns redan"),
            wording.number(receipt.duplicates),
        ),
        (wording("Att se över"), wording.number(len(receipt.flagged))),
        (
            wording("Avvisas") if is_plan else wording("Avvisade"),
            wording.number(len(receipt.rejected)),
        ),
    )
    remarks = (
        _remarks(wording("Avvisas") if is_plan else wording("Avvisade"), receipt.rejected, wording),
        _remarks(wording("Att se över"), receipt.flagged, wording),
    )
    return ReceiptTold(
        headline=_headline(receipt, wording, is_plan=is_plan),
        is_good=receipt.exit_code == 0,
        numbers=numbers,
        facts=_facts(receipt, wording),
        # The one remark there is may be the headline already.
        remarks=() if _is_about_the_file(receipt) else tuple(r for r in remarks if r.rows),
    )


def _is_about_the_file(receipt: Receipt) -> bool:
    return len(receipt.rejected) == 1 and receipt.rejected[0].line is None and not receipt.flagged


def _remarks(title: str, remarks: Sequence[Remark], wording: Wording) -> Remarks:
    left = len(remarks) - MOST_REMARKS
    return Remarks(
        title=title,
        rows=tuple(
            (_where(remark, wording), wording.message(remark.reason))
            for remark in remarks[:MOST_REMARKS]
        ),
        left_out=(
            wording.plural(
                "{n} rad till står i kvittot som går att hämta.",
                "{n} rader till står i kvittot som går att hämta.",
                left,
            )
            if left > 0
            else ""
        ),
    )


def _where(remark: Remark, wording: Wording) -> str:
    if remark.line is None:
        return wording("Hela filen")
    if remark.field is None:
        return wording("Rad {line}", line=remark.line)
    return wording("Rad {line}, {field}", line=remark.line, field=remark.field)


def _headline(receipt: Receipt, wording: Wording, *, is_plan: bool) -> str:
    if receipt.exit_code == 2:
        whole = [remark for remark in receipt.rejected if remark.line is None]
        if whole:
            return wording.message(whole[0].reason)
        return wording("Ingen rad i filen {file} gick att läsa.", file=receipt.file)
    if not receipt.accepted:
        return wording("Allt i filen {file} finns redan; inget nytt att spara.", file=receipt.file)
    stored = (
        wording.plural(
            "{n} rad i filen {file} kan sparas; inget är sparat än.",
            "{n} rader i filen {file} kan sparas; inget är sparat än.",
            receipt.accepted,
            file=receipt.file,
        )
        if is_plan
        else wording.plural(
            "{n} rad ur filen {file} är sparad.",
            "{n} rader ur filen {file} är sparade.",
            receipt.accepted,
            file=receipt.file,
        )
    )
    if not receipt.rejected:
        return stored
    n = len(receipt.rejected)
    turned_away = (
        wording.plural("{n} rad avvisas.", "{n} rader avvisas.", n)
        if is_plan
        else wording.plural("{n} rad avvisades.", "{n} rader avvisades.", n)
    )
    return f"{stored} {turned_away}"


def _facts(receipt: Receipt, wording: Wording) -> tuple[str, ...]:
    facts = []
    if receipt.updated:
        facts.append(
            wording.plural(
                "{n} rad ersätter en befintlig uppgift; den gamla finns kvar i historiken.",
                "{n} rader ersätter befintliga uppgifter; de gamla finns kvar i historiken.",
                receipt.updated,
            )
        )
    if receipt.crs:
        facts.append(wording("Koordinatsystem: {crs}", crs=receipt.crs))
    if receipt.encoding:
        facts.append(wording("Teckenkodning: {encoding}", encoding=receipt.encoding))
    if receipt.unknown_columns:
        facts.append(
            wording(
                "Kolumner som inte används: {columns}",
                columns=", ".join(receipt.unknown_columns),
            )
        )
    return tuple(facts)


def receipt_csv(receipt: Receipt, wording: Wording) -> bytes:
    """Write every remark of a receipt as a CSV file, safe to open in a spreadsheet."""
    rows = [
        {
            "what": what,
            "line": remark.line,
            "field": remark.field,
            "reason": wording.message(remark.reason),
        }
        for what, remarks in (
            (wording("Avvisad"), receipt.rejected),
            (wording("Att se över"), receipt.flagged),
        )
        for remark in remarks
    ]
    frame = pd.DataFrame(rows, columns=["what", "line", "field", "reason"], dtype=object)
    names = {
        "what": wording("utfall"),
        "line": wording("rad"),
        "field": wording("kolumn"),
        "reason": wording("orsak"),
    }
    return to_csv(frame.rename(columns=names), wording=wording)


def import_rows(receipts: Sequence[Receipt], wording: Wording) -> tuple[ImportRow, ...]:
    """List the imports that were made, the newest first."""
    rows = []
    for receipt in receipts:
        when = wording.moment(receipt.imported_at) if receipt.imported_at else ""
        detail = [
            wording(KIND_WORDS.get(receipt.kind, receipt.kind)),
            when,
            wording.plural("{n} rad sparad", "{n} rader sparade", receipt.accepted),
        ]
        if receipt.rejected:
            detail.append(wording.plural("{n} avvisad", "{n} avvisade", len(receipt.rejected)))
        rows.append(
            ImportRow(
                import_id=receipt.import_id or "",
                title=receipt.file,
                detail=" · ".join(part for part in detail if part),
                can_undo=receipt.undone_at is None,
                undone=undone_told(receipt, wording),
            )
        )
    return tuple(rows)


def undone_told(receipt: Receipt, wording: Wording) -> str:
    """Say when an import was undone, and what was kept; empty if it stands."""
    if receipt.undone_at is None:
        return ""
    undone = wording(
        "Importen av {file} är ångrad {moment}.",
        file=receipt.file,
        moment=wording.moment(receipt.undone_at),
    )
    kept = receipt.kept_at_undo
    if not kept:
        return undone
    named = ", ".join(kept[:5]) + (" …" if len(kept) > 5 else "")
    sentence = wording.plural(
        "{n} uppgift behölls, eftersom någon har ändrat den sedan dess: {named}.",
        "{n} uppgifter behölls, eftersom någon har ändrat dem sedan dess: {named}.",
        len(kept),
        named=named,
    )
    return f"{undone} {sentence}"
