"""What a report says about itself: which view it is of, and how old its data are."""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass
from datetime import datetime

import pandas as pd

from geo.model.period import Period
from geo.model.time import STOCKHOLM
from geo.wording import Wording, mark

EXAMPLE_NOTICE = mark("Innehåller påhittade exempeldata")


@dataclass(frozen=True, slots=True)
class ReportStamp:
    """Where the rows of a report come from; its texts are in the reader's language already.

    Attributes
    ----------
    title
        What the rows are, such as ``Täckning per vecka``.
    period
        The days the rows are about; ``None`` where they are about no period.
    filters
        One sentence for each choice that left rows out.
    made_at
        When the report was made.
    data_until
        When the newest record behind it was entered; ``None`` where there is none.
    has_examples
        Whether records behind the rows are invented, for rows that do not say so
        themselves in a column ``example``.
    audience
        For whom it is, in a word that also goes into the file's name.
    withheld
        What was left out for them, in a sentence.
    """

    title: str
    period: Period | None
    filters: tuple[str, ...]
    made_at: datetime
    data_until: datetime | None
    has_examples: bool = False
    audience: str = ""
    withheld: str = ""


def shows_examples(rows: pd.DataFrame, stamp: ReportStamp) -> bool:
    """Tell whether anything in a report is invented."""
    if stamp.has_examples or "example" not in rows.columns:
        return stamp.has_examples
    return any(value is True or value == 1 for value in rows["example"].tolist())


def stamp_notes(
    stamp: ReportStamp, *, has_examples: bool, wording: Wording
) -> tuple[tuple[str, str], ...]:
    """Write the stamp as headed lines, in the order they are read."""
    notes = [(wording("Titel"), stamp.title)]
    if stamp.period is not None:
        days = wording.days(stamp.period.from_on, stamp.period.last_on)
        notes.append((wording("Period"), days))
    notes += [(wording("Urval"), chosen) for chosen in stamp.filters or (wording("Allt"),)]
    notes.append((wording("Framställd"), wording.moment(stamp.made_at)))
    if stamp.data_until is not None:
        notes.append((wording("Data till och med"), wording.moment(stamp.data_until)))
    if stamp.audience:
        told = f"{stamp.audience}. {stamp.withheld}" if stamp.withheld else stamp.audience
        notes.append((wording("Visningsläge"), told))
    if has_examples:
        notes.append((wording("Obs"), wording(EXAMPLE_NOTICE)))
    return tuple(notes)


def stamp_members(stamp: ReportStamp, *, has_examples: bool, wording: Wording) -> dict[str, object]:
    """Write the stamp for programs: ISO dates and moments, the period half-open."""
    period = stamp.period
    return {
        "title": stamp.title,
        "from": period.from_on.isoformat() if period else None,
        "to": period.to_on.isoformat() if period else None,
        "filters": list(stamp.filters),
        "made_at": _iso(stamp.made_at),
        "data_until": _iso(stamp.data_until),
        "audience": stamp.audience or None,
        "withheld": stamp.withheld or None,
        "notice": wording(EXAMPLE_NOTICE) if has_examples else None,
    }


def _iso(moment: datetime | None) -> str | None:
    return None if moment is None else moment.astimezone(STOCKHOLM).isoformat()


def report_name(stamp: ReportStamp, *, has_examples: bool, suffix: str, wording: Wording) -> str:
    """Name the file after title, period and examples: some formats have no room for a stamp.

    Only letters a–z, digits, hyphen and underscore, so that no system or header
    misreads it: ``tackning-per-vecka_2021-01-01_2021-12-31_exempeldata.csv``.
    """
    parts = [_plain(stamp.title) or "data"]
    if stamp.period is not None:
        parts += [stamp.period.from_on.isoformat(), stamp.period.last_on.isoformat()]
    if stamp.audience:
        parts.append(_plain(stamp.audience))
    if has_examples:
        parts.append(_plain(wording("exempeldata")))
    return "_".join(parts) + suffix


def _plain(text: str) -> str:
    letters = unicodedata.normalize("NFKD", text).encode("ascii", "ignore").decode("ascii")
    return re.sub(r"[^a-z0-9]+", "-", letters.lower()).strip("-")[:60].rstrip("-")
