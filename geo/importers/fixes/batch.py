"""A batch of fixes, and the tally of what was left out of a file, by reason and line."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Final, Literal, get_args

import numpy as np
from numpy.typing import NDArray

from geo.coverage.engine.degrees import Units
from geo.errors import FileError
from geo.wording import Amount, Message, mark, say

Ints = NDArray[np.int64]
Floats = NDArray[np.float64]
Bools = NDArray[np.bool_]

MAX_FIXES: Final = 20_000_000
"""So many fixes one file may have: they are held as columns to be put in order, 28 bytes each,
and for a while twice."""

MAX_TRACKS: Final = 1_000_000
"""So many tracks one file may have."""

Left = Literal[
    "broken_row",
    "without_track",
    "without_time",
    "unreadable_time",
    "future",
    "too_old",
    "without_position",
    "outside_world",
]
"""Why a fix is not read."""

Seen = Literal["ambiguous_time", "out_of_order", "one_track", "plan"]
"""What to look at again in fixes that are read."""

_SENTENCES: Final[dict[Left | Seen, str]] = {
    "broken_row": mark(
        "{file}: rader som inte har lika många fält som rubrikraden ({n} st{lines})."
    ),
    "without_track": mark("{file}: punkter som inte hör till något spår ({n} st{lines})."),
    "without_time": mark("{file}: punkter utan tid ({n} st{lines})."),
    "unreadable_time": mark("{file}: punkter med en tid som inte går att läsa ({n} st{lines})."),
    "future": mark("{file}: punkter med en tid i framtiden ({n} st{lines})."),
    "too_old": mark("{file}: punkter i spår som är äldre än gallringen tillåter ({n} st{lines})."),
    "without_position": mark("{file}: punkter utan en läsbar position ({n} st{lines})."),
    "outside_world": mark("{file}: punkter utan en möjlig plats på jorden ({n} st{lines})."),
    "ambiguous_time": mark(
        "{file}: tider som inträffar två gånger, när klockan ställs om till vintertid; den första, "
        "sommartid, antas ({n} st{lines})."
    ),
    "out_of_order": mark(
        "{file}: tiden går bakåt; punkterna är lagda i tidsordning ({n} st{lines})."
    ),
    "one_track": mark("{file}: ingen kolumn säger vilket spår; alla punkter är ett ({n} st)."),
    "plan": mark("{file}: vägpunkter och rutter är inte lästa, bara spår läses ({n} st{lines})."),
}
_LINES_SHOWN: Final = 3


@dataclass(frozen=True, slots=True, eq=False)
class FixBatch:
    """Usable fixes of one file, in the order of the file.

    Attributes
    ----------
    track
        The number of each fix's track in the file, from 0, in order of first appearance.
    at_s
        Whole seconds since 1970 UTC, cut: 12:00:00.9 is in the second that began at 12:00:00.
    lon, lat
        In units of 1e-7 degrees (WGS 84), rounded to the nearest.
    """

    track: Ints
    at_s: Ints
    lon: Units
    lat: Units

    def __len__(self) -> int:
        """Count the fixes."""
        return len(self.at_s)


@dataclass(frozen=True, slots=True)
class Noted:
    """So many rows of a file for one reason, and the first few lines of them."""

    reason: Left | Seen
    count: int
    lines: tuple[int, ...]

    def sentence(self, file: str) -> Message:
        """Say it, with the file's name and the first lines."""
        shown: Message | str = ""
        if self.lines:
            listed = ", ".join(str(line) for line in self.lines)
            form = ", först rad {lines}" if self.count > len(self.lines) else ", rad {lines}"
            shown = Message(form, {"lines": listed})
        return Message(
            _SENTENCES[self.reason], {"file": file, "n": Amount(self.count), "lines": shown}
        )


# For the catalogues: the two ways to name lines.
mark(", först rad {lines}")
mark(", rad {lines}")


@dataclass(slots=True)
class Tally:
    """Counts what is left out of a file, and what is worth a look, while it streams by."""

    _found: dict[Left | Seen, list[int]] = field(default_factory=dict)
    _counts: dict[Left | Seen, int] = field(default_factory=dict)

    def note(self, reason: Left | Seen, lines: Iterable[int], count: int) -> None:
        """Count some rows; `lines` are those, or the first of them."""
        if count:
            self._counts[reason] = self._counts.get(reason, 0) + count
            shown = self._found.setdefault(reason, [])
            for line in lines:
                if len(shown) >= _LINES_SHOWN:
                    break
                shown.append(line)

    def one(self, reason: Left | Seen, line: int) -> None:
        """Count one row."""
        self.note(reason, (line,), 1)

    def rows(self, reason: Left | Seen, mask: Bools, lines: Ints) -> None:
        """Count the rows of a batch that a mask picks."""
        count = int(np.count_nonzero(mask))
        if count:
            self.note(reason, lines[np.flatnonzero(mask)[:_LINES_SHOWN]].tolist(), count)

    def left_out(self) -> tuple[Noted, ...]:
        """List what was left out, in the order of its reasons."""
        return self._listed(_LEFT)

    def seen(self) -> tuple[Noted, ...]:
        """List what was read and is worth a look."""
        return self._listed(_SEEN)

    def _listed(self, reasons: tuple[Left | Seen, ...]) -> tuple[Noted, ...]:
        return tuple(
            Noted(reason, self._counts[reason], tuple(self._found[reason]))
            for reason in reasons
            if reason in self._counts
        )


_LEFT: Final[tuple[Left, ...]] = get_args(Left)
_SEEN: Final[tuple[Seen, ...]] = get_args(Seen)


def too_many_fixes(file: str) -> FileError:
    """Say that a file has more fixes than are held at once."""
    return FileError(
        say(
            "Filen {file} har fler än {most} punkter. Dela den i flera.",
            file=file,
            most=Amount(MAX_FIXES),
        )
    )


def too_many_tracks(file: str) -> FileError:
    """Say that a file has more tracks than any file of tracks."""
    return FileError(
        say(
            "Filen {file} har fler än {most} spår. Dela den i flera.",
            file=file,
            most=Amount(MAX_TRACKS),
        )
    )
