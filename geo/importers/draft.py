"""One row on its way to a record: what was read, and what there is to say about it."""

from __future__ import annotations

from dataclasses import dataclass, field

from geo.importers.result import Flag
from geo.importers.table import Row
from geo.importers.times import Moment
from geo.wording import Message


@dataclass(slots=True)
class Draft:
    """One row on its way to a record.

    Attributes
    ----------
    row
        As the file gives it.
    values
        What was read, by the record's own names.
    written, moments
        The cells that hold a moment, as written and as read.
    problems
        What makes the row unusable, each with the file's name of the column if there is one.
    flags
        What somebody should look at.
    """

    row: Row
    values: dict[str, object] = field(default_factory=dict)
    written: dict[str, object] = field(default_factory=dict)
    moments: dict[str, Moment] = field(default_factory=dict)
    problems: list[tuple[str | None, Message]] = field(default_factory=list)
    flags: list[Flag] = field(default_factory=list)


def is_blank(cell: object) -> bool:
    """Tell whether a cell holds nothing."""
    return cell is None or (isinstance(cell, str) and not cell.strip())
