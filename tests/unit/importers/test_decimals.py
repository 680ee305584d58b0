"""Numbers as people write them."""

from __future__ import annotations

import math

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from geo.errors import DataError
from geo.importers.decimals import read_number, read_whole


@pytest.mark.parametrize(
    ("written", "number"),
    [
        ("12,5", 12.5),
        ("12.5", 12.5),
        (" 6 375 000 ", 6_375_000.0),
        ("6\N{NO-BREAK SPACE}375\N{NARROW NO-BREAK SPACE}000,25", 6_375_000.25),
        ("\N{MINUS SIGN}3", -3.0),
        ("1e3", 1000.0),
        (",5", 0.5),
        (7, 7.0),
    ],
)
def test_numbers_are_read(written: object, number: float) -> None:
    assert read_number(written) == number


@pytest.mark.parametrize(
    "written",
    ["nan", "inf", "-inf", "1e999", "1_000", "1.234,5", "1,2,3", "12 34", "0x10", "", "e5", "-",
     "12°", True, None, math.nan, math.inf, [1], 10**400],
)  # fmt: skip
def test_what_is_no_number_is_named(written: object) -> None:
    with pytest.raises(DataError, match="inte ett tal"):
        read_number(written)


@settings(deadline=None)
@given(st.floats(allow_nan=False, allow_infinity=False))
def test_every_number_survives_both_decimal_signs(number: float) -> None:
    assert read_number(repr(number)) == number
    assert read_number(repr(number).replace(".", ",")) == number


def test_whole_numbers_may_have_zero_decimals() -> None:
    assert [read_whole(text) for text in ("2", "2,0", 2.0)] == [2, 2, 2]
    with pytest.raises(DataError, match="heltal"):
        read_whole("2,5")
