"""How the housing company's spaces stand: reviewed, due, overdue, not put right.

Everything is asked of a local day and means the end of it.  An inspection counts from
the day it was made.

- A space is *reviewed* when somebody got in: any outcome but ``ej_tilltrade``.
- It is *due* on its due day and after, *overdue* only after it.  The due day is the last
  review plus the interval; a visit without access since then that names a new date moves
  it there.
- A space never reviewed is due at once, but overdue only when a date named after a visit
  without access has passed: nobody else ever set it one.
- A *deficiency* (outcome ``brist``) is open from the day it was found until the day it
  was put right, exclusive; a later review does not close it.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, timedelta
from typing import Final

import numpy as np
import pandas as pd

from geo.coverage.cells import Bools, Ints, microseconds
from geo.model.period import Period
from geo.model.time import STOCKHOLM, to_us

NO_ACCESS: Final = "ej_tilltrade"
DEFICIENCY: Final = "brist"
KEY: Final = ["building_id", "space"]

COUNTS: Final = (
    "is_reviewed",
    "is_due",
    "is_overdue",
    "open_deficiencies",
    "overdue_deficiencies",
    "is_without_access",
)


def spaces_state(
    spaces: pd.DataFrame, inspections: pd.DataFrame, *, on: date, interval_days: int = 365
) -> pd.DataFrame:
    """Tell how each space stands at the end of a day.

    Parameters
    ----------
    spaces
        The stock: ``building_id, area, space``.
    inspections
        Events in any order; those after `on`, and of spaces not in the stock, do not count.
    on
        The local day asked for.
    interval_days
        Days from one review to the next.

    Returns
    -------
    DataFrame
        One row per row of `spaces`, in its order and with its index: ``building_id, area,
        space`` and

        - ``last_inspection_id, last_inspected_at, last_outcome``: the last *review*; missing
          where never reviewed;
        - ``is_reviewed``: ever;
        - ``due_on``: next due day (``date`` or None); ``is_due``; ``is_overdue``;
        - ``open_deficiencies``: how many; ``deficiency_due_on``: the earliest day one of
          them should be put right (``date`` or None); ``overdue_deficiencies``: how many
          such days have passed;
        - ``is_without_access``: nobody got in at the last try; ``no_access_due_on``: the new
          date then named (``date`` or None).
    """
    if interval_days < 1:
        raise ValueError("the interval is at least one day")
    events = _events_until(inspections, on)
    stock = pd.MultiIndex.from_frame(spaces[KEY])
    reviewed = events["outcome"] != NO_ACCESS
    last_review = events[reviewed].groupby(KEY, sort=False).tail(1).set_index(KEY)
    last_event = events.groupby(KEY, sort=False).tail(1).set_index(KEY)

    state = spaces[["building_id", "area", "space"]].copy()
    found = last_review.reindex(stock)
    state["last_inspection_id"] = found["inspection_id"].to_numpy(dtype=object)
    state["last_inspected_at"] = found["inspected_at"].array
    state["last_outcome"] = found["outcome"].to_numpy(dtype=object)
    state["is_reviewed"] = found["inspection_id"].notna().to_numpy()
    without_access = last_event.reindex(stock)["outcome"].eq(NO_ACCESS).to_numpy(dtype=bool)

    new_dates = _new_dates(events).reindex(stock)
    due_on = [
        _due_on(reviewed_on, new_date, interval_days)
        for reviewed_on, new_date in zip(found["inspected_on"], new_dates, strict=True)
    ]
    state["due_on"] = pd.Series(due_on, index=state.index, dtype=object)
    state["is_due"] = [due is None or due <= on for due in due_on]
    state["is_overdue"] = [due is not None and due < on for due in due_on]

    is_open = _is_open(events, on)
    past_due = np.array([due is not None and due < on for due in events["due_on"]], dtype=bool)
    state["open_deficiencies"] = _count(events[is_open], stock)
    earliest = events[is_open & events["due_on"].notna()].groupby(KEY)["due_on"].min()
    state["deficiency_due_on"] = _dates(earliest.reindex(stock), state.index)
    state["overdue_deficiencies"] = _count(events[is_open & past_due], stock)
    state["is_without_access"] = without_access
    state["no_access_due_on"] = _dates(new_dates, state.index).where(without_access, None)
    return state


def share_reviewed(
    spaces: pd.DataFrame,
    inspections: pd.DataFrame,
    *,
    period: Period,
    by: Sequence[str] = ("area", "space"),
) -> pd.DataFrame:
    """Find the share of the stock reviewed in a period.

    Returns
    -------
    DataFrame
        One row per group in order of first appearance: the columns of `by`, ``stock`` (how
        many spaces), ``reviewed`` (how many of them at least once in the period; a visit
        without access is no review) and ``share``.  With no columns in `by`, one row for all
        (``share`` NaN where there is no stock).
    """
    when = microseconds(inspections["inspected_at"])
    inside = (when >= to_us(period.start_at)) & (when < to_us(period.end_at))
    counts = inside & (inspections["outcome"] != NO_ACCESS).to_numpy()
    done = pd.MultiIndex.from_frame(inspections.loc[counts, KEY])
    stock = spaces.assign(is_done=pd.MultiIndex.from_frame(spaces[KEY]).isin(done))
    if not by:
        reviewed = int(stock["is_done"].sum())
        share = reviewed / len(stock) if len(stock) else np.nan
        return pd.DataFrame({"stock": [len(stock)], "reviewed": [reviewed], "share": [share]})
    grouped = stock.groupby(list(by), sort=False)["is_done"]
    frame = grouped.agg(stock="size", reviewed="sum", share="mean").reset_index()
    return frame.astype({"stock": "int64", "reviewed": "int64", "share": "float64"})


def state_counts(state: pd.DataFrame, *, by: Sequence[str] = ("area",)) -> pd.DataFrame:
    """Count spaces due, overdue, with open deficiencies and so on, per group.

    Parameters
    ----------
    state
        From `spaces_state`.
    by
        Columns to group by, such as ``("area", "space")``; none gives one row for all.

    Returns
    -------
    DataFrame
        The columns of `by`, ``stock``, and the sums of ``COUNTS``; groups in order of first
        appearance.
    """
    numbers = state[list(COUNTS)].astype("int64").assign(stock=1)[["stock", *COUNTS]]
    if not by:
        return numbers.sum().to_frame().T.astype("int64")
    keys = [state[column] for column in by]
    counted: pd.DataFrame = numbers.groupby(keys, sort=False).sum().reset_index()
    return counted


def _events_until(inspections: pd.DataFrame, on: date) -> pd.DataFrame:
    """Keep the inspections up to the end of a day, in order of time, with their local day."""
    local_days = inspections["inspected_at"].dt.tz_convert(STOCKHOLM).dt.date
    events = inspections.assign(
        inspected_on=local_days.astype(object),
        due_on=_or_none(inspections["due_on"]),
        fixed_on=_or_none(inspections["fixed_on"]),
    )
    known = np.array([day <= on for day in local_days], dtype=bool)
    # The key settles which of two events at the same moment is the later, whatever their order.
    return events[known].sort_values(["inspected_at", "inspection_id"], ignore_index=True)


def _or_none(days: pd.Series) -> pd.Series:
    """Give every missing day as None."""
    return pd.Series(
        [None if pd.isna(day) else day for day in days], index=days.index, dtype=object
    )


def _dates(days: pd.Series, index: pd.Index) -> pd.Series:
    return pd.Series([None if pd.isna(d) else d for d in days], index=index, dtype=object)


def _new_dates(events: pd.DataFrame) -> pd.Series:
    """Find, per space, the last date named after no access since its last review."""
    is_review = events["outcome"] != NO_ACCESS
    reviews_so_far = is_review.groupby([events[key] for key in KEY]).cumsum()
    reviews = is_review.groupby([events[key] for key in KEY]).transform("sum")
    named = events[~is_review & (reviews_so_far == reviews) & events["due_on"].notna()]
    return named.groupby(KEY, sort=False).tail(1).set_index(KEY)["due_on"]


def _due_on(reviewed_on: object, new_date: object, interval_days: int) -> date | None:
    if isinstance(new_date, date):
        return new_date
    if isinstance(reviewed_on, date):
        return reviewed_on + timedelta(days=interval_days)
    return None


def _is_open(events: pd.DataFrame, on: date) -> Bools:
    not_fixed = np.array([day is None or on < day for day in events["fixed_on"]], dtype=bool)
    is_open: Bools = (events["outcome"] == DEFICIENCY).to_numpy(dtype=bool) & not_fixed
    return is_open


def _count(events: pd.DataFrame, stock: pd.MultiIndex) -> Ints:
    counts = events.groupby(KEY).size().reindex(stock, fill_value=0)
    found: Ints = counts.to_numpy().astype(np.int64)
    return found
