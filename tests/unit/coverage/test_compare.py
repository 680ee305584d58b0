from __future__ import annotations

from datetime import date

import pandas as pd
import pytest

from geo.coverage.compare import compare
from geo.coverage.completeness import completeness
from geo.coverage.matrix import coverage_matrix
from geo.coverage.table import coverage_table
from geo.model.period import Period
from tests.unit.coverage.frames import designations, local, place, presence, visit

WEEK = Period(date(2021, 6, 7), date(2021, 6, 14))


def test_every_figure_stands_beside_that_of_the_period_before():
    places = designations(
        place("a", per_week=2),
        place("ny", start=local("2021-06-07 00:00")),
        place("slut", end=local("2021-06-07 00:00")),
    )
    seen = presence(
        visit("2021-06-01 20:00", "2021-06-01 20:10", at="a"),
        visit("2021-06-08 20:00", "2021-06-08 20:15", at="a"),
        visit("2021-06-09 20:00", "2021-06-09 20:15", at="a"),
        visit("2021-06-02 20:00", "2021-06-02 20:05", at="slut"),
    )
    beside = compare(
        coverage_table(places, seen, period=WEEK),
        coverage_table(places, seen, period=WEEK.previous()),
    ).set_index("location_id")
    assert beside.index.tolist() == ["a", "ny", "slut"]
    assert beside.loc["a", ["visits", "visits_before"]].tolist() == [2, 1]
    assert beside.loc["a", ["target_share", "target_share_before"]].tolist() == [1, 0.5]
    assert beside.loc["a", ["patrol_min", "patrol_min_before"]].tolist() == [30, 10]
    # Not designated is not zero.
    assert beside.loc["ny", "visits"] == 0
    assert pd.isna(beside.loc["ny", "visits_before"])
    assert pd.isna(beside.loc["slut", "visits"])
    assert beside.loc["slut", "visits_before"] == 1
    assert beside.loc["slut", "name"] == "Slut"


def test_tables_by_week_cannot_be_compared():
    two_weeks = Period(date(2021, 6, 7), date(2021, 6, 21))
    table = coverage_table(designations(place()), presence(), period=two_weeks, by="week")
    with pytest.raises(ValueError, match="one row"):
        compare(table, table)


def test_a_week_in_which_nothing_was_reported_is_unknown_not_zero():
    outside = [visit("2021-06-08 23:59"), visit("2021-06-28 00:00")]
    inside = [visit("2021-06-13 23:59"), visit("2021-06-21 00:00")]
    moments = presence(*outside, *inside)["start_at"]
    weeks = completeness(moments, period=Period(date(2021, 6, 9), date(2021, 6, 28)))
    assert weeks.to_dict("records") == [
        {
            "period_start": "2021-06-09",
            "period_end": "2021-06-14",
            "reports": 1,
            "is_reported": True,
        },
        {
            "period_start": "2021-06-14",
            "period_end": "2021-06-21",
            "reports": 0,
            "is_reported": False,
        },
        {
            "period_start": "2021-06-21",
            "period_end": "2021-06-28",
            "reports": 1,
            "is_reported": True,
        },
    ]


def test_matrix_has_every_place_and_week_and_tells_two_kinds_of_nothing_apart():
    places = designations(
        place("a", per_week=1, start=local("2021-06-14 00:00")),
        place("utan mål"),
        place("b", per_week=1),
    )
    matrix = coverage_matrix(
        places,
        presence(visit("2021-06-08 12:00", at="b")),
        period=Period(date(2021, 6, 7), date(2021, 6, 21)),
    )
    assert matrix.values.index.tolist() == ["a", "utan mål", "b"]
    assert matrix.values.columns.tolist() == ["2021-06-07", "2021-06-14"]
    assert matrix.is_designated.to_numpy().tolist() == [[False, True], [True, True], [True, True]]
    assert matrix.values.loc["a", "2021-06-14"] == 0
    assert matrix.values.loc["b"].tolist() == [1, 0]
    assert matrix.values.loc["utan mål"].isna().all()
