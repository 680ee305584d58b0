"""A row's fields, each read by what its column holds."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from datetime import date
from typing import Final

from geo.errors import DataError
from geo.importers.columns import COLUMNS, Columns, Reads
from geo.importers.decimals import read_number, read_whole
from geo.importers.draft import Draft, is_blank
from geo.importers.result import Flag, ImportKind
from geo.importers.times import ambiguous, no_clock, read_day, read_moment, second_taken
from geo.importers.words import read_outcome, read_space, read_spaces, read_yes
from geo.model.personal import personal_hints
from geo.wording import Message, say

_FREE_TEXT: Final = frozenset(("name", "note", "deficiencies", "place_text", "not_done_reason"))
_MOJIBAKE: Final = re.compile("Ã[¥¤¶\x85\x84\x96…„–]|\N{REPLACEMENT CHARACTER}")


def read_text(value: object) -> str:
    """Read a text; a number in a sheet's or layer's text column is written out."""
    if isinstance(value, str):
        return value.strip()
    if isinstance(value, bool) or not isinstance(value, int | float | date):
        raise DataError(say("Här ska stå en text."))
    if isinstance(value, float) and value.is_integer():
        return str(int(value))
    return str(value)


_READERS: Final[Mapping[Reads, Callable[[object], object]]] = {
    "text": read_text,
    "whole": read_whole,
    "number": read_number,
    "yes": read_yes,
    "day": read_day,
    "spaces": read_spaces,
    "space": read_space,
    "outcome": read_outcome,
}


def read_fields(kind: ImportKind, draft: Draft, columns: Columns) -> None:
    """Read what the row says into `draft`; what cannot be read becomes a problem of its column."""
    cells = draft.row.cells
    for column in COLUMNS[kind]:
        at = columns.at.get(column.name)
        if at is None:
            continue
        cell = cells[at]
        if is_blank(cell):
            continue
        name = column.name
        try:
            if column.reads == "moment":
                moment = read_moment(cell, day_is_enough=kind == "inspections")
                draft.moments[name], draft.written[name] = moment, cell
                draft.values[name] = moment.at
            else:
                draft.values[name] = _READERS[column.reads](cell)
        except DataError as exc:
            draft.problems.append((columns.header(name), exc.message))
            continue
        if isinstance(cell, str) and column.reads == "text":
            _flag_text(draft, columns.header(name), cell, free=name in _FREE_TEXT)


def _flag_text(draft: Draft, header: str, text: str, *, free: bool) -> None:
    if free:
        draft.flags.extend(
            Flag(
                header,
                say(
                    "Texten kan peka på en person ({hint}). Ta bort uppgiften om den inte behövs.",
                    hint=Message(hint),
                ),
            )
            for hint in personal_hints(text)
        )
    if _MOJIBAKE.search(text):
        draft.flags.append(
            Flag(header, say("Texten ser felkodad ut (å, ä eller ö har blivit andra tecken)."))
        )


def flag_moments(draft: Draft, columns: Columns) -> None:
    """Flag moments without a clock, and those an autumn night has twice."""
    for name, moment in draft.moments.items():
        header, written = columns.header(name), draft.written[name]
        if moment.clock_missing:
            draft.flags.append(Flag(header, no_clock(written)))
        elif moment.also_at is not None:
            second = draft.values[name] == moment.also_at
            draft.flags.append(
                Flag(header, second_taken(written) if second else ambiguous(written))
            )
