"""Chance that falls the same on every machine.

Only whole numbers are drawn: the logarithms behind normal or exponential draws
may differ in their last bit between processors, integers cannot.
"""

from __future__ import annotations

from collections.abc import Sequence
from itertools import accumulate
from typing import TypeVar

import numpy as np

T = TypeVar("T")


class Dice:
    """One topic's stream of chance; topics do not disturb each other.

    Parameters
    ----------
    seed
        0 or more; the same seed gives the same example.
    topic
        Which part of the example draws from this stream.
    """

    def __init__(self, *, seed: int, topic: int) -> None:
        bits = np.random.PCG64(np.random.SeedSequence([seed, topic]))
        self._generator = np.random.Generator(bits)

    def roll(self, low: int, high: int) -> int:
        """Draw a whole number from `low` to `high`, both included."""
        return int(self._generator.integers(low, high, endpoint=True, dtype=np.int64))

    def chance(self, percent: int) -> bool:
        """Tell, `percent` times in a hundred, that it happens."""
        return self.roll(0, 99) < percent

    def pick(self, things: Sequence[T]) -> T:
        """Draw one thing, each as likely."""
        return things[self.roll(0, len(things) - 1)]

    def weighed(self, weights: Sequence[int]) -> int:
        """Draw an index, each as likely as its whole-number weight."""
        cumulated = np.fromiter(accumulate(weights), dtype=np.int64, count=len(weights))
        drawn = self.roll(0, int(cumulated[-1]) - 1)
        return int(np.searchsorted(cumulated, drawn, side="right"))

    def rounded(self, thousandths: int) -> int:
        """Round a number of thousandths up or down, right on average."""
        whole, rest = divmod(thousandths, 1_000)
        return whole + (self.roll(0, 999) < rest)
