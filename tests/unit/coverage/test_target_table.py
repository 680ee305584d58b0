"""The two numbers behind a target share."""

from datetime import date

import pytest

from geo.coverage.table import coverage_table
from geo.coverage.target import target_table
from geo.model.period import Period
from tests.unit.coverage.frames import designations, local, place, presence, visit

# One week and three days: 10 · 24 h of 168 h.
TEN_DAYS = Period(date(2021, 3, 1), date(2021, 3, 11))


def test_a_new_target_adds_up_and_short_visits_do_not_count() -> None:
    places = designations(
        place("a", per_week=7, minutes=10, end=local("2021-03-05 00:00")),
        place("a", per_week=14, minutes=20, start=local("2021-03-05 00:00")),
        place("b"),
    )
    visits = presence(
        visit("2021-03-01 20:00", "2021-03-01 20:10", at="a"),
        # Ten minutes were enough until the fifth.
        visit("2021-03-05 20:00", "2021-03-05 20:10", at="a"),
        visit("2021-03-06 20:00", "2021-03-06 20:20", at="a"),
        visit("2021-03-06 20:00", "2021-03-06 20:20", at="b"),
    )
    found = target_table(places, visits, period=TEN_DAYS).set_index("location_id")
    # Four days at one a day, six at two a day.
    assert found.loc["a"].tolist() == [2, pytest.approx(4 + 12)]
    assert found.loc["b"].tolist() == [0, 0]


@pytest.mark.parametrize("by", ["day", "week", "all"])
def test_the_rows_are_those_of_the_coverage_table(by: str) -> None:
    places = designations(place("a", per_week=3), place("b", start=local("2021-03-04 00:00")))
    visits = presence(visit("2021-03-03 10:00", "2021-03-03 10:10", at="a"))
    rows = coverage_table(places, visits, period=TEN_DAYS, by=by)  # type: ignore[arg-type]
    targets = target_table(places, visits, period=TEN_DAYS, by=by)  # type: ignore[arg-type]
    assert list(rows["location_id"]) == list(targets["location_id"])
    share = (targets["counting_visits"] / targets["expected_visits"]).clip(upper=1)
    assert share.tolist() == pytest.approx(rows["target_share"].tolist(), nan_ok=True)
