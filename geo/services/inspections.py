"""Answers about the housing company's spaces, from a snapshot: on a day, over a period."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import Literal, get_args

import numpy as np
import pandas as pd

from geo.coverage.inspections import share_reviewed, spaces_state, state_counts
from geo.model.period import Period
from geo.services.snapshot import Snapshot

SpaceState = Literal["deficiency", "unseen", "due", "clear"]
"""Worst first.

``deficiency``: a deficiency is open · ``unseen``: never reviewed · ``due``: reviewed, and due
again · ``clear``: reviewed, nothing open, not due.
"""
SPACE_STATES: tuple[SpaceState, ...] = get_args(SpaceState)


def spaces_standing(snapshot: Snapshot, *, on: date, interval_days: int) -> pd.DataFrame:
    """Tell how each space of the stock stands at the end of a day.

    Returns
    -------
    DataFrame
        As ``geo.coverage.inspections.spaces_state``, with ``address`` and ``state``
        (``SpaceState``); one row per space, in the order of the buildings.
    """
    state = spaces_state(snapshot.spaces, snapshot.inspections, on=on, interval_days=interval_days)
    addresses = {building.building_id: building.address for building in snapshot.buildings}
    state.insert(1, "address", state["building_id"].map(addresses).astype(object))
    state["state"] = pd.Series(space_states_of(state), index=state.index, dtype=object)
    return state


def areas_standing(
    snapshot: Snapshot,
    state: pd.DataFrame,
    *,
    period: Period,
    by: Sequence[str] = ("area",),
) -> pd.DataFrame:
    """Count the stock per group: how much was reviewed in the period, and how it stands.

    Parameters
    ----------
    snapshot
        Already narrowed to the filters of the view.
    state
        From `spaces_standing` of the same snapshot; may have fewer rows, and then only
        those count as the stock.
    period
        In which a review counts as done.
    by
        ``area``, ``space``, ``building_id`` or several; none gives one row for all.

    Returns
    -------
    DataFrame
        The columns of `by`; ``stock, reviewed, share`` (in the period; NaN without stock) and
        ``is_reviewed, is_due, is_overdue, open_deficiencies, overdue_deficiencies,
        is_without_access`` (how many, on the day `state` speaks of).
    """
    stock = state[["building_id", "area", "space"]]
    shares = share_reviewed(stock, snapshot.inspections, period=period, by=by)
    counts = state_counts(state, by=by).drop(columns="stock")
    if not by:
        return pd.concat([shares, counts], axis=1)
    return shares.merge(counts, on=list(by), how="left", sort=False)


def inspections_of(snapshot: Snapshot, building_id: str, *, until: date) -> pd.DataFrame:
    """List what has happened in one building by the end of a day, newest first."""
    events = snapshot.inspections
    end_at = Period(until, date.fromordinal(until.toordinal() + 1)).end_at
    kept = events[(events["building_id"] == building_id) & (events["inspected_at"] < end_at)]
    return kept.sort_values(["inspected_at", "inspection_id"], ascending=False, ignore_index=True)


def open_deficiencies(snapshot: Snapshot, *, on: date) -> pd.DataFrame:
    """List the deficiencies not put right by the end of a day, the earliest due first.

    Returns
    -------
    DataFrame
        ``inspection_id, building_id, address, area, space, inspected_at, deficiencies,
        due_on`` (``date`` or None) and ``is_overdue``; those without a due day last.
        Of spaces in the stock only.
    """
    end_at = Period(on, date.fromordinal(on.toordinal() + 1)).end_at
    events = snapshot.inspections.merge(
        snapshot.spaces, on=["building_id", "space"], how="inner", sort=False
    )
    is_open = np.array([pd.isna(day) or on < day for day in events["fixed_on"]], dtype=bool)
    events = events[
        (events["outcome"] == "brist") & (events["inspected_at"] < end_at) & is_open
    ].copy()
    due_on = [None if pd.isna(day) else day for day in events["due_on"]]
    events["due_on"] = pd.Series(due_on, index=events.index, dtype=object)
    events["is_overdue"] = np.array([day is not None and day < on for day in due_on], dtype=bool)
    addresses = {building.building_id: building.address for building in snapshot.buildings}
    events["address"] = events["building_id"].map(addresses).astype(object)
    order = [day or date.max for day in due_on]
    events = events.assign(_order=pd.Series(order, index=events.index, dtype=object))
    events = events.sort_values(["_order", "inspected_at", "inspection_id"], ignore_index=True)
    columns = [
        "inspection_id",
        "building_id",
        "address",
        "area",
        "space",
        "inspected_at",
        "deficiencies",
        "due_on",
        "is_overdue",
    ]
    return events[columns]


def space_states_of(state: pd.DataFrame) -> list[SpaceState]:
    """Name how each row of ``geo.coverage.inspections.spaces_state`` stands, by its worst news."""
    named: list[SpaceState] = np.select(
        [
            (state["open_deficiencies"] > 0).to_numpy(dtype=bool),
            ~state["is_reviewed"].to_numpy(dtype=bool),
            state["is_due"].to_numpy(dtype=bool),
        ],
        ["deficiency", "unseen", "due"],
        default="clear",
    ).tolist()
    return named
