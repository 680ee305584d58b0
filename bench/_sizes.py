"""How much is measured: quick sizes, or with ``BENCH_FULL=1`` those of the targets."""

from __future__ import annotations

import os
from typing import Final, TypeVar

T = TypeVar("T")

IS_FULL: Final = bool(os.environ.get("BENCH_FULL"))
"""Whether ``make bench-full`` asks."""


def sized(*, quick: T, full: T) -> T:
    """Give what fits how much is asked for."""
    return full if IS_FULL else quick
