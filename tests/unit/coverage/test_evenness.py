from __future__ import annotations

import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from geo.coverage.evenness import generalised_gini, gini, per_target

counts = st.lists(st.integers(0, 50), min_size=1, max_size=12)


def test_worked_numbers():
    # Ascending …, 2, 8, 10 at ranks 8, 9, 10: Σ i·x = 16 + 72 + 100 = 188;
    # 2·188/(10·20) − 11/10 = 1.88 − 1.1 = 0.78. n/S = 0.5, so G' is the same.
    skewed = [10, 8, 2, 0, 0, 0, 0, 0, 0, 0]
    assert gini(skewed) == pytest.approx(0.78)
    assert generalised_gini(skewed) == pytest.approx(0.78)
    assert gini([5, 5, 5, 5]) == pytest.approx(0)


def test_two_visits_to_two_of_ten_places_are_as_even_as_can_be():
    # G = 2·(9 + 10)/(10·2) − 1.1 = 0.8; G' = 5·(0.8 − 1) + 1 = 0.
    few = [1, 1, 0, 0, 0, 0, 0, 0, 0, 0]
    assert gini(few) == pytest.approx(0.8)
    assert generalised_gini(few) == pytest.approx(0)


@pytest.mark.parametrize("amounts", [[], [0, 0, 0]])
def test_nothing_to_spread_is_undefined(amounts):
    assert math.isnan(gini(amounts))
    assert math.isnan(generalised_gini(amounts))


@pytest.mark.parametrize("amounts", [[1, -1], [1, math.nan], [math.inf]])
def test_impossible_amounts_are_a_mistake(amounts):
    with pytest.raises(ValueError, match="amounts"):
        gini(amounts)


@given(counts.filter(any))
def test_equals_the_mean_difference_of_all_pairs(amounts):
    # Gini's own definition: mean |x_i − x_j| over twice the mean.
    pairs = sum(abs(a - b) for a in amounts for b in amounts)
    assert gini(amounts) == pytest.approx(pairs / (2 * len(amounts) * sum(amounts)), abs=1e-12)


@given(counts.filter(any))
def test_generalised_is_zero_for_the_most_even_spread_of_few_visits(amounts):
    places, visits = len(amounts), sum(amounts)
    assert generalised_gini(amounts) <= gini(amounts) + 1e-12
    if visits < places:
        spread = [1] * visits + [0] * (places - visits)
        assert generalised_gini(spread) == pytest.approx(0, abs=1e-12)


def test_fair_to_the_plan_leaves_out_places_without_a_target():
    assert per_target([4, 6, 5, 5], [2, 3, np.nan, 0]).tolist() == [2, 2]
