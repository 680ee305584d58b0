"""How much: visits, officer minutes and patrol minutes, and how long visits are.

Dose of presence after Williams & Coupe 2017, Cambridge Journal of Evidence-Based
Policing: officer minutes count every officer, patrol minutes count the time somebody
was there, so patrol minutes never exceed officer minutes.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal, get_args

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from geo.coverage.cells import Cells, Floats, Ints, add_up, cut, microseconds
from geo.coverage.stays import Stays, lay
from geo.model.period import Period
from geo.model.time import MINUTE_US

Band = Literal["drive_through", "short", "recommended", "long"]
"""*Genomfart*, short, recommended length, long."""

BANDS: tuple[Band, ...] = get_args(Band)


@dataclass(frozen=True, slots=True, kw_only=True)
class LengthBands:
    """Where one length of visit ends and the next begins, in minutes.

    Below ``short_from_min`` is a drive-through, below ``recommended_from_min`` short,
    up to and including ``recommended_to_min`` recommended, above it long.  The numbers
    are Koper's (1995, Justice Quarterly 12:4): a rule of thumb, not replicated elsewhere.
    """

    short_from_min: float = 3.0
    recommended_from_min: float = 10.0
    recommended_to_min: float = 16.0

    def __post_init__(self) -> None:
        if not 0 < self.short_from_min <= self.recommended_from_min <= self.recommended_to_min:
            raise ValueError("length bands must rise")


KOPER = LengthBands()


def visit_count(stays: Stays, cells: Cells) -> Ints:
    """Count the visits that start in each row's time."""
    return np.bincount(cells.row[stays.cell[stays.begins]], minlength=cells.row_count)


def counted_visits(
    designations: pd.DataFrame, presence: pd.DataFrame, *, period: Period
) -> pd.DataFrame:
    """Keep the visits that count in a period, as the coverage table counts them.

    The one rule for how many visits there were: a visit counts where it **starts**, in the
    period and at a place while that place was designated.  One that covers two places counts
    at both, here as in a sum over the table's rows.

    Returns
    -------
    DataFrame
        Those rows of `presence`, in their order.
    """
    cells = cut(designations, period=period, grain="all")
    stays = lay(presence, cells)
    return presence.iloc[np.sort(stays.visit[stays.begins])]


def officer_min(stays: Stays, cells: Cells) -> Floats:
    """Add up ``|I_i ∩ T| · officers_i`` per row."""
    return _row_minutes(stays, cells, (stays.end - stays.start) * stays.officers)


def patrol_min(stays: Stays, cells: Cells) -> Floats:
    """Measure ``|⋃ (I_i ∩ T)|`` per row: overlapping visits count once."""
    start, end = stays.fresh()
    return _row_minutes(stays, cells, np.maximum(end - start, 0))


def _row_minutes(stays: Stays, cells: Cells, amount_us: Ints) -> Floats:
    return add_up(cells.row[stays.cell], amount_us, cells.row_count) / MINUTE_US


def length_band(whole_us: Ints, *, bands: LengthBands = KOPER) -> NDArray[np.intp]:
    """Sort lengths into bands: positions in ``BANDS``."""
    minutes = whole_us / MINUTE_US
    lower = np.array([bands.short_from_min, bands.recommended_from_min])
    # The recommended band holds its upper end, the others do not.
    return np.searchsorted(lower, minutes, side="right") + (minutes > bands.recommended_to_min)


def visit_band(presence: pd.DataFrame, *, bands: LengthBands = KOPER) -> pd.Series:
    """Name the length band of each visit; the same index as the frame."""
    whole = microseconds(presence["end_at"]) - microseconds(presence["start_at"])
    named = np.array(BANDS, dtype=object)[length_band(whole, bands=bands)]
    return pd.Series(named, index=presence.index, name="length_band", dtype="str")


def length_bands(
    designations: pd.DataFrame,
    presence: pd.DataFrame,
    *,
    period: Period,
    bands: LengthBands = KOPER,
) -> pd.DataFrame:
    """Count visits per place and length band.

    Returns
    -------
    DataFrame
        One row per place designated in the period, ``location_id`` and one column of
        counts per band in ``BANDS``; a row adds up to ``visits`` of the coverage table.
        A visit is sorted by its whole length.
    """
    cells = cut(designations, period=period, grain="all")
    stays = lay(presence, cells)
    band = length_band(stays.whole_us[stays.begins], bands=bands)
    key = cells.row[stays.cell[stays.begins]] * len(BANDS) + band
    counts = np.bincount(key, minlength=cells.row_count * len(BANDS))
    counts = counts.reshape(cells.row_count, len(BANDS))
    frame = pd.DataFrame(counts, columns=list(BANDS))
    frame.insert(0, "location_id", cells.places.take(cells.row_place))
    return frame
