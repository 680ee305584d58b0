"""Place by place, week by week: the heat matrix of target shares, and its table."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal, NamedTuple

import numpy as np
import pandas as pd

from geo.coverage.matrix import CoverageMatrix, matrix_of
from geo.services.coverage import coverage
from geo.services.selection import Selection
from geo.services.snapshot import Snapshot
from geo.wording import Wording, mark
from ui.viewmodels.pieces import Cut, Piece, pieces_of
from ui.viewmodels.rows import place_state
from ui.viewmodels.table import Column, Table
from ui.viewmodels.tackning import SYMBOLS, place_rows

CellState = Literal["met", "behind", "far", "unmeasured", "silent", "absent"]
"""A place's state in a piece; ``silent``: nothing was reported at all · ``absent``: the place
was not designated."""

CELL_WORDS: Mapping[CellState, str] = {
    "met": mark("når målet"),
    "behind": mark("minst halva målet"),
    "far": mark("under halva målet"),
    "unmeasured": mark("ej mätbart"),
    "silent": mark("inget rapporterat"),
    "absent": mark("inte utpekad"),
}


@dataclass(frozen=True, slots=True, eq=False)
class Heat:
    """The matrix as a long frame for the chart, and as a table."""

    cells: pd.DataFrame
    """``location_id, name, piece, label, state, share, visits, symbol, wide, told, note``.

    One row per place and piece.  ``symbol`` is read in a narrow cell, ``wide`` in a wide one.
    """
    places: tuple[str, ...]
    """Names in order, worst first, as they are written in ``name``; each once."""
    pieces: tuple[Piece, ...]
    states: tuple[CellState, ...]
    """Those that are there, for the legend."""
    table: Table
    sentence: str


def heat(
    snapshot: Snapshot,
    selection: Selection,
    wording: Wording,
    cut: Cut,
) -> Heat:
    """Give each place's share of its target in each day, week or month of the period."""
    period = selection.period
    pieces = pieces_of(period, wording, cut)
    worst_first = place_rows(snapshot, period)
    ids = pd.Index(worst_first["location_id"])
    rows = coverage(snapshot, period, by=cut.grain)
    shares = matrix_of(rows, places=ids, period=period, by=cut.grain, figure="target_share")
    visits = matrix_of(rows, places=ids, period=period, by=cut.grain, figure="visits")
    names = unique_names(worst_first)
    cells = _cells(shares, visits, names, pieces, wording)
    present = set(cells["state"])
    return Heat(
        cells=cells,
        places=names,
        pieces=pieces,
        states=tuple(state for state in CELL_WORDS if state in present),
        table=_table(cells, tuple(ids), names, pieces, wording),
        sentence=_sentence(cells, pieces, wording),
    )


def unique_names(rows: pd.DataFrame) -> tuple[str, ...]:
    """Give each place a name of its own: two with the same get their keys after it."""
    twice = rows["name"].duplicated(keep=False)
    return tuple(
        f"{name} ({key})" if is_twice else str(name)
        for name, key, is_twice in zip(rows["name"], rows["location_id"], twice, strict=True)
    )


def _cells(
    shares: CoverageMatrix,
    visits: CoverageMatrix,
    names: tuple[str, ...],
    pieces: tuple[Piece, ...],
    wording: Wording,
) -> pd.DataFrame:
    values = shares.values.to_numpy()
    states = np.array([place_state(share) for share in values.ravel()], dtype=object)
    states = states.reshape(values.shape)
    states[:, [piece.is_silent for piece in pieces]] = "silent"
    states[~shares.is_designated.to_numpy()] = "absent"
    count = np.nan_to_num(visits.values.to_numpy(), nan=0.0).astype(np.int64)
    told = _Telling(wording)
    texts = [
        told.cell(state, share, visits)
        for state, share, visits in zip(
            states.ravel(), values.ravel().tolist(), count.ravel().tolist(), strict=True
        )
    ]
    return pd.DataFrame(
        {
            "location_id": np.repeat(shares.values.index.to_numpy(), len(pieces)),
            "name": np.repeat(np.array(names, dtype=object), len(pieces)),
            "piece": [piece.key for piece in pieces] * len(names),
            "label": [piece.label for piece in pieces] * len(names),
            "state": states.ravel(),
            "share": values.ravel(),
            "visits": count.ravel(),
            "symbol": [SYMBOLS.get(state, "") for state in states.ravel()],
            "wide": [text.wide for text in texts],
            "told": [text.told for text in texts],
            "note": [text.note for text in texts],
        }
    )


class _Text(NamedTuple):
    """A cell as it is read: in the cell, in the table, and in full."""

    wide: str
    told: str
    note: str


class _Telling:
    """Writes cells; most say the same few things, and writing numbers is what takes time."""

    def __init__(self, wording: Wording) -> None:
        self._wording = wording
        self._told: dict[tuple[str, float | None, int], _Text] = {}

    def cell(self, state: str, share: float, visits: int) -> _Text:
        """Write one cell."""
        key = (state, None if math.isnan(share) else share, visits)
        if key not in self._told:
            self._told[key] = self._write(state, share, visits)
        return self._told[key]

    def _write(self, state: str, share: float, visits: int) -> _Text:
        wording = self._wording
        symbol = SYMBOLS.get(state, "")
        if state == "absent":
            return _Text("", wording("inte utpekad"), wording("Inte utpekad då"))
        if state == "silent":
            return _Text("", wording("inget rapporterat"), wording("Inget rapporterat alls: okänt"))
        counted = wording.plural("{n} besök", "{n} besök", visits)
        if state == "unmeasured":
            note = wording("{counted}, ej mätbart: inget mål", counted=counted)
            return _Text(symbol, wording("ej mätbart"), note)
        percent = wording.percent(share)
        note = wording("{share} av målet, {counted}", share=percent, counted=counted)
        return _Text(percent, f"{symbol} {percent}", note)


def _table(
    cells: pd.DataFrame,
    ids: tuple[str, ...],
    names: tuple[str, ...],
    pieces: tuple[Piece, ...],
    wording: Wording,
) -> Table:
    told = cells["told"].to_numpy().reshape(len(ids), len(pieces))
    wide = pd.DataFrame(told, columns=[piece.key for piece in pieces])
    wide.insert(0, "name", list(names))
    columns = [Column(name="name", title=wording("Plats"), is_pinned=True, width=210)]
    columns += [Column(name=piece.key, title=piece.label, width=92) for piece in pieces]
    return Table(
        title=wording("Andel av målet, plats för plats"),
        columns=tuple(columns),
        rows=wide,
        ids=ids,
    )


def _sentence(cells: pd.DataFrame, pieces: tuple[Piece, ...], wording: Wording) -> str:
    measured = cells[cells["state"].isin(["met", "behind", "far"])]
    if measured.empty:
        return wording("Inget i perioden går att mäta mot ett mål.")
    met = measured["state"] == "met"
    per_piece = met.groupby(measured["piece"]).mean()
    best, worst = str(per_piece.idxmax()), str(per_piece.idxmin())
    labels = {piece.key: piece.label for piece in pieces}
    if per_piece.max() == per_piece.min():
        return wording(
            "Målet nåddes i {share} av fallen, lika ofta hela tiden.",
            share=wording.percent(float(met.mean())),
        )
    return wording(
        "Andelen platser som nådde målet var högst {best} ({best_share}) "
        "och lägst {worst} ({worst_share}).",
        best=labels[best],
        best_share=wording.percent(float(per_piece.max())),
        worst=labels[worst],
        worst_share=wording.percent(float(per_piece.min())),
    )
