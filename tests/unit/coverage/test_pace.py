from __future__ import annotations

from datetime import date

import pytest

from geo.coverage.pace import expected, pace, pace_line
from geo.model.period import Period

YEAR = Period(date(2021, 1, 1), date(2022, 1, 1))


def test_expected_at_the_end_of_the_day_asked_for():
    # 31 + 28 + 31 + 30 + 31 + 30 = 181 of 365 days: 4 · 181/365 = 1.98356…
    assert expected(4, YEAR, on=date(2021, 6, 30)) == pytest.approx(1.9836, abs=5e-5)
    assert expected(4, YEAR, on=date(2021, 1, 1)) == pytest.approx(4 / 365)
    assert expected(4, YEAR, on=date(2021, 12, 31)) == 4


def test_before_and_after_the_period_nothing_more_is_expected():
    assert expected(4, YEAR, on=date(2020, 12, 31)) == 0
    assert expected(4, YEAR, on=date(2023, 1, 1)) == 4


@pytest.mark.parametrize(
    ("actual", "target", "on", "status"),
    [
        (4, 4, date(2021, 2, 1), "met"),
        (2, 4, date(2021, 6, 30), "on_pace"),
        (1, 4, date(2021, 6, 30), "behind"),
        (3, 4, date(2021, 12, 31), "behind"),
        (0, 4, date(2021, 1, 1), "behind"),
        (0, 4, date(2020, 12, 31), "on_pace"),
        (3, None, date(2021, 6, 30), "not_measurable"),
        (3, 0, date(2021, 6, 30), "not_measurable"),
        (None, 4, date(2021, 6, 30), "not_measurable"),
    ],
)
def test_status(actual, target, on, status):
    assert pace(actual, target, YEAR, on=on).status == status


def test_exactly_the_expected_number_is_on_pace():
    # 73 of 365 days is a fifth: 1 of 5 is exactly enough, though 5·73/365 rounds.
    assert pace(1, 5, YEAR, on=date(2021, 3, 14)).status == "on_pace"
    assert pace(1, 5, YEAR, on=date(2021, 3, 15)).status == "behind"


@pytest.mark.parametrize(
    ("target", "outcome"),
    # Göteborg Centrum 2018 (≥6 → 11, ≥4 → 4); Kungälv 2020–21 (≥200, ≥2, ≥20, 2).
    [(6, 11), (4, 4), (200, 200), (2, 2), (20, 40), (2, 3)],
)
def test_published_outcomes_were_met(target, outcome):
    period = Period(date(2020, 1, 1), date(2022, 1, 1))
    assert pace(outcome, target, period, on=date(2021, 12, 31)).status == "met"
    assert pace(target - 1, target, period, on=date(2021, 12, 31)).status == "behind"


def test_the_line_rises_to_the_target():
    line = pace_line(4, YEAR)
    assert len(line) == 365
    assert line[0] == (date(2021, 1, 1), pytest.approx(4 / 365))
    assert line[-1] == (date(2021, 12, 31), 4)
