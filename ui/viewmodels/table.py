"""A table as values: what sorts, what is read, and what a missing value means."""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, Literal

import pandas as pd

from geo.wording import Wording

Width = Literal["small", "medium", "large"]


def _as_text(value: Any) -> str:
    return str(value)


@dataclass(frozen=True, slots=True, kw_only=True)
class Column:
    """One column: where its values are, what stands above it, and how a value is written.

    ``missing`` is read where there is no value: *ej mätbart* is not zero.
    """

    name: str
    title: str
    shown: Callable[[Any], str] = _as_text
    missing: str = ""
    meaning: str | None = None
    width: Width | int | None = None
    is_pinned: bool = False
    codes: str | None = None
    """The column of `Table.rows` with the state codes this column writes, for their colour."""

    def text(self, value: Any) -> str:
        """Write one value as it is read."""
        if value is None or value is pd.NaT or (isinstance(value, float) and math.isnan(value)):
            return self.missing
        return self.shown(value)


@dataclass(frozen=True, slots=True, eq=False)
class Table:
    """Rows in their order, each with a key; columns in theirs."""

    title: str
    """What the table is about, for those who cannot see it."""
    columns: tuple[Column, ...]
    rows: pd.DataFrame
    """At least the columns named; values that sort, not their texts."""
    ids: tuple[str, ...]
    empty: str = ""
    """What to say where there are no rows."""

    def __post_init__(self) -> None:
        if len(self.ids) != len(self.rows):
            raise ValueError(f"{len(self.ids)} keys for {len(self.rows)} rows")

    def __len__(self) -> int:
        """Count the rows."""
        return len(self.rows)

    def text(self, row: int, name: str) -> str:
        """Read one cell as it stands on screen."""
        column = next(column for column in self.columns if column.name == name)
        return column.text(self.rows[name].iloc[row])

    def texts(self) -> pd.DataFrame:
        """Write the whole table as it is read, under the titles of its columns."""
        return pd.DataFrame(
            {
                column.title: [column.text(value) for value in self.rows[column.name]]
                for column in self.columns
            }
        )


def whole(wording: Wording) -> Callable[[float], str]:
    """Write numbers without decimals: ``1 234``."""
    return wording.number


def tenths(wording: Wording) -> Callable[[float], str]:
    """Write numbers with one decimal: ``2,5``."""
    return lambda value: wording.number(value, digits=1)


def days_gone(wording: Wording) -> Callable[[float], str]:
    """Write days gone with one decimal, cut: 6.96 → ``6,9``."""
    return lambda value: wording.elapsed(value, digits=1)


def shares(wording: Wording) -> Callable[[float], str]:
    """Write shares as whole percent: ``18 %``."""
    return wording.percent


def names_told(names: list[str], wording: Wording, *, most: int = 3) -> str:
    """Write names in a row: ``A, B och C``; what is too many is counted.

    Examples
    --------
    >>> names_told(["A", "B", "C", "D", "E"], Wording())
    'A, B, C och 2 till'
    >>> names_told(["A", "B"], Wording())
    'A och B'
    """
    if len(names) > most + 1:
        left = wording("{n} till", n=wording.number(len(names) - most))
        shown, last = names[:most], left
    elif len(names) > 1:
        shown, last = names[:-1], names[-1]
    else:
        return "".join(names)
    return wording("{names} och {last}", names=", ".join(shown), last=last)
