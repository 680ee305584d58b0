"""One figure over place and time: what the heat map and the time strip show."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
import pandas as pd

from geo.coverage.table import Figure, coverage_table
from geo.model.period import Grain, Period


class CoverageMatrix(NamedTuple):
    """One figure of every place and calendar piece, for the heat map and the time strip.

    Both frames have a row per place (index ``location_id``, in the order of the
    designations) and a column per piece (``period_start``, ISO day).
    """

    values: pd.DataFrame
    """The figure; NaN where not measurable or not designated."""
    is_designated: pd.DataFrame
    """Whether the place was designated at all in the piece."""


def coverage_matrix(
    designations: pd.DataFrame,
    presence: pd.DataFrame,
    *,
    period: Period,
    by: Grain = "week",
    figure: Figure = "target_share",
) -> CoverageMatrix:
    """Spread one figure of the coverage table over places and calendar pieces.

    Every designated place has its row and every piece its column, also where nothing
    can be said; the two kinds of nothing are told apart by ``is_designated``.
    """
    return matrix_of(
        coverage_table(designations, presence, period=period, by=by),
        places=pd.Index(designations["location_id"].unique(), name="location_id"),
        period=period,
        by=by,
        figure=figure,
    )


def matrix_of(
    table: pd.DataFrame,
    *,
    places: pd.Index[str],
    period: Period,
    by: Grain = "week",
    figure: Figure = "target_share",
) -> CoverageMatrix:
    """Spread one figure of a coverage table already made with the same `period` and `by`."""
    pieces = pd.Index([piece.from_on.isoformat() for piece in period.pieces(by)], dtype="str")
    pieces.name = "period_start"
    row = places.get_indexer(pd.Index(table["location_id"]))
    column = pieces.get_indexer(pd.Index(table["period_start"]))
    values = np.full((len(places), len(pieces)), np.nan)
    designated = np.zeros(values.shape, dtype=bool)
    values[row, column] = table[figure].to_numpy(dtype=np.float64)
    designated[row, column] = True
    return CoverageMatrix(
        pd.DataFrame(values, index=places, columns=pieces),
        pd.DataFrame(designated, index=places, columns=pieces),
    )
