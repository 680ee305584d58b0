"""What decides in a bench: the verdict on a figure, and the walk through filters."""

from __future__ import annotations

from itertools import islice
from pathlib import Path

import pandas as pd
import pytest

from bench._data import RARE_KINDS, Data
from bench._table import Figure, as_table
from bench._walk import back, new_answers


@pytest.mark.parametrize(
    ("figure", "reached"),
    [
        (Figure("a", 0.3, "s", target=0.3), True),
        (Figure("a", 0.31, "s", target=0.3), False),
        (Figure("a", 0.3, "s", target=0.4, peer=3.0, at_least=10), True),
        (Figure("a", 0.3, "s", target=0.4, peer=2.9, at_least=10), False),
        (Figure("a", 0.5, "s", target=0.4, peer=9.0, at_least=10), False),
        (Figure("a", 0.3, "s", target=0.4, at_least=10), False),  # no peer, so no ratio
        (Figure("a", 0.3, "s", peer=9.0), None),
        (Figure("a", -1.0, "MB", target=20), True),  # less memory than before
    ],
)
def test_a_figure_is_reached_when_both_target_and_ratio_are(
    figure: Figure, reached: bool | None
) -> None:
    assert figure.is_reached is reached


def test_the_table_names_what_was_missed() -> None:
    table = as_table(
        [Figure("slow", 2.0, "s", target=1.0), Figure("fast", 0.5, "s", peer=5.0, at_least=10)]
    )
    _, slow, fast = table.splitlines()
    assert slow.split() == ["slow", "2.00", "s", "≤", "1", "s", "MISSED"]
    assert fast.split() == ["fast", "0.50", "s", "5.00", "s", "10.0×", "(≥", "10)", "reached"]


@pytest.fixture
def data() -> Data:
    # 1, 2, 3 and 4 visits of the rare kinds, five of a common one.
    kinds = [kind for times, kind in enumerate(RARE_KINDS, start=1) for _ in range(times)]
    return Data("", Path(), pd.DataFrame({"kind": [*kinds, *["fotpatrull"] * 5]}))


def test_no_answer_is_asked_for_twice(data: Data) -> None:
    kept = frozenset(data.kinds)
    seen = {kept}
    for kind, count in new_answers(data):
        kept ^= {kind}
        assert kept not in seen
        seen.add(kept)
        assert count == data.visits["kind"].isin(kept).sum()
    assert len(seen) == 2 ** len(RARE_KINDS)


def test_the_way_back_ends_where_the_walk_began(data: Data) -> None:
    walked = list(islice(new_answers(data), 5))
    kept = frozenset(data.kinds)
    for kind, _ in walked:
        kept ^= {kind}
    for kind, count in back(walked, start=len(data.visits)):
        kept ^= {kind}
        assert count == data.visits["kind"].isin(kept).sum()
    assert kept == frozenset(data.kinds)
