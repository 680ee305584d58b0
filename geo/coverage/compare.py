"""A period beside the one before it."""

from __future__ import annotations

from typing import Final

import pandas as pd

from geo.coverage.table import FIGURES

BEFORE: Final = "_before"


def compare(current: pd.DataFrame, previous: pd.DataFrame) -> pd.DataFrame:
    """Put the figures of one period beside those of another, place by place.

    Parameters
    ----------
    current, previous
        Coverage tables with one row per place (``by="all"``).

    Returns
    -------
    DataFrame
        ``location_id, name``, every figure of `current`, and every figure of `previous`
        with ``_before`` after its name.  Places of `current` in its order, then those
        that were designated only before; figures are missing where a place had none.

    Raises
    ------
    ValueError
        Where a place has more than one row.
    """
    columns = ["location_id", "name", *FIGURES]
    now, before = current[columns], previous[columns]
    if now["location_id"].duplicated().any() or before["location_id"].duplicated().any():
        raise ValueError("tables to compare have one row per place")
    # A place without a row has no number of visits; Int64 can say so, int64 cannot.
    now, before = now.astype({"visits": "Int64"}), before.astype({"visits": "Int64"})
    beside = now.merge(
        before.rename(columns={figure: figure + BEFORE for figure in ("name", *FIGURES)}),
        on="location_id",
        how="outer",
        sort=False,
    )
    order = pd.concat([now["location_id"], before["location_id"]]).drop_duplicates()
    beside = beside.set_index("location_id").loc[order].reset_index()
    beside["name"] = beside["name"].fillna(beside["name" + BEFORE])
    result: pd.DataFrame = beside.drop(columns="name" + BEFORE)
    return result
