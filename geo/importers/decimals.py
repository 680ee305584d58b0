"""Numbers as people write them: decimal comma or point, spaces between thousands."""

from __future__ import annotations

import math
import re

from geo.errors import DataError
from geo.importers.quoting import quoted
from geo.wording import say

# Thousands are told apart by spaces only: 1.234 is one and a bit, not a thousand.
_NUMBER = re.compile(r"[+-]?(?:\d{1,3}(?: \d{3})+|\d+)?(?:[.,]\d*)?(?:[eE][+-]?\d{1,3})?")
_MINUS = str.maketrans({"\N{MINUS SIGN}": "-", "\xa0": " ", "\u2009": " ", "\u202f": " "})


def read_number(value: object) -> float:
    """Read a finite number.

    Raises
    ------
    DataError
        Where it is not one; ``nan``, ``inf`` and ``1_000`` are none either.
    """
    if isinstance(value, bool) or not isinstance(value, str | int | float):
        raise DataError(say("”{value}” är inte ett tal.", value=quoted(value)))
    if isinstance(value, str):
        text = value.strip().translate(_MINUS)
        if not any(sign.isdigit() for sign in text) or not _NUMBER.fullmatch(text):
            raise DataError(say("”{value}” är inte ett tal.", value=quoted(value)))
        value = text.replace(" ", "").replace(",", ".")
    try:
        number = float(value)
    except (ValueError, OverflowError) as exc:
        raise DataError(say("”{value}” är inte ett tal.", value=quoted(value))) from exc
    if not math.isfinite(number):
        raise DataError(say("”{value}” är inte ett tal.", value=quoted(value)))
    return number


def read_whole(value: object) -> int:
    """Read a whole number; ``2``, ``2.0`` and ``2,0`` are the same."""
    number = read_number(value)
    if not number.is_integer() or abs(number) > 2**53:
        raise DataError(say("”{value}” är inte ett heltal.", value=quoted(value)))
    return int(number)
