"""Which pill to click next, so that every click asks for something nobody asked before."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from urllib.parse import urlencode

from bench._data import RARE_KINDS, Data

OUR_PILLS = "filter_popover_visit_kinds"
"""What our app's pills lie in; the plain app's lie open."""

Step = tuple[str, int]
"""A kind to click, and how many visits the map must show afterwards."""


def new_answers(data: Data) -> Iterator[Step]:
    """Walk through all sets of rare kinds, from all of them, one kind at a time.

    A Gray code: its k-th step changes the kind numbered as k has zeros at its binary end, and no
    set comes twice.  Nine tenths of the visits or more are on the map all the while.
    """
    kept = set(data.kinds)
    for step in range(1, 2 ** len(RARE_KINDS)):
        kind = RARE_KINDS[(step & -step).bit_length() - 1]
        before = data.count(tuple(kept))
        kept ^= {kind}
        count = data.count(tuple(kept))
        assert count != before, f"{kind} changes nothing, so nobody could see it change"
        yield kind, count


def back(walked: Sequence[Step], *, start: int) -> Iterator[Step]:
    """Walk the same way back, to answers that were given before; `start` is where it began."""
    counts = [start, *(count for _, count in walked)]
    for (kind, _), count in zip(reversed(walked), reversed(counts[:-1]), strict=True):
        yield kind, count


def our_address(url: str, data: Data) -> str:
    """Give the link to the whole example year with every kind kept."""
    query = [("fran", "2021-01-01"), ("till", "2021-12-31")]
    return f"{url}/?{urlencode(query + [('besok', kind) for kind in data.kinds])}"
