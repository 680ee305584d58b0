"""One way to print and write figures, so that all benches read alike.

A missed target is printed and is no error: times depend on the machine.  A wrong result is one.
"""

from __future__ import annotations

import json
import os
import sys
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

RESULTS = Path(__file__).parent / "results"

LOAD_BEFORE = os.getloadavg()[0]
"""How many processes wanted a core in the last minute, before this bench began."""
_BUSY = 1.0

_UNITS_AS_WHOLE = ("ms", "kB")


@dataclass(frozen=True, slots=True)
class Figure:
    """One measured figure.

    Attributes
    ----------
    name
        What was measured.
    ours
        In `unit`; a median where several were taken.
    unit
        ``s``, ``ms``, ``kB`` or ``MB``; smaller is better in all of them.
    target
        The most it may be, in `unit`; None for information only.
    peer
        The plain way's figure in the same run, in `unit`.
    at_least
        How many times the peer's figure must be ours.
    """

    name: str
    ours: float
    unit: str
    target: float | None = None
    peer: float | None = None
    at_least: float | None = None

    @property
    def ratio(self) -> float | None:
        """How many times the peer's figure is ours."""
        return self.peer / self.ours if self.peer is not None and self.ours > 0 else None

    @property
    def is_reached(self) -> bool | None:
        """Whether target and ratio are reached; None where there is neither."""
        if self.target is None and self.at_least is None:
            return None
        enough = self.at_least is None or (self.ratio is not None and self.ratio >= self.at_least)
        return enough and (self.target is None or self.ours <= self.target)

    def as_json(self) -> dict[str, Any]:
        """Give the figure with its ratio and verdict, as JSON has it."""
        return {
            "figure": self.name,
            "ours": self.ours,
            "unit": self.unit,
            "target": self.target,
            "peer": self.peer,
            "ratio": self.ratio,
            "ratio_target": self.at_least,
            "reached": self.is_reached,
        }


def as_table(figures: Sequence[Figure]) -> str:
    """Lay the figures out in columns: figure, ours, target, peer, ratio, verdict."""
    rows = [("figure", "ours", "target", "peer", "ratio", "")]
    for figure in figures:
        verdict = {True: "reached", False: "MISSED", None: ""}[figure.is_reached]
        asked = "" if figure.at_least is None else f" (≥ {figure.at_least:g})"
        rows.append(
            (
                figure.name,
                _shown(figure.ours, figure.unit),
                "" if figure.target is None else f"≤ {figure.target:g} {figure.unit}",
                "" if figure.peer is None else _shown(figure.peer, figure.unit),
                "" if figure.ratio is None else f"{figure.ratio:.1f}×{asked}",
                verdict,
            )
        )
    widths = [max(len(row[column]) for row in rows) for column in range(len(rows[0]))]
    lines = []
    for row in rows:
        cells = [row[0].ljust(widths[0])]
        cells += [cell.rjust(width) for cell, width in zip(row[1:5], widths[1:5], strict=True)]
        lines.append("  ".join((*cells, row[5])).rstrip())
    return "\n".join(lines)


def tell(what: str) -> None:
    """Say on stderr how far the bench has come."""
    sys.stderr.write(f"   {what}\n")
    sys.stderr.flush()


def report(bench: str, figures: Sequence[Figure], *, more: Mapping[str, object]) -> None:
    """Print the table and write ``bench/results/<bench>.json``.

    Parameters
    ----------
    bench
        The bench's name.
    figures
        What was measured.
    more
        How: sizes, every single time, where the time went.
    """
    print(as_table(figures), flush=True)
    if LOAD_BEFORE > _BUSY:
        print(f"   Busy before this began (load {LOAD_BEFORE:.1f}): the times are long.")
    RESULTS.mkdir(exist_ok=True)
    written = {
        "bench": bench,
        "figures": [figure.as_json() for figure in figures],
        "cores": os.cpu_count(),
        "load_before": round(LOAD_BEFORE, 2),
        **more,
    }
    text = json.dumps(written, indent=2, ensure_ascii=False)
    (RESULTS / f"{bench}.json").write_text(text + "\n", encoding="utf-8")


def _shown(value: float, unit: str) -> str:
    digits = 1 if unit in _UNITS_AS_WHOLE else 2
    return f"{value:,.{digits}f} {unit}".replace(",", " ")
