"""One row per place: what the map draws, the table lists and the sentence sums up."""

from __future__ import annotations

import math
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from geo.maps.layers import PlaceState
from geo.model.location import Location
from geo.model.period import Period
from geo.services.coverage import coverage
from geo.services.snapshot import Snapshot
from geo.wording import Wording, cut, mark

STATE_WORDS: dict[PlaceState, str] = {
    "met": mark("når målet"),
    "behind": mark("efter målet"),
    "far": mark("långt efter målet"),
    "unmeasured": mark("ej mätbart"),
    "absent": mark("inte utpekad denna vecka"),
}

FAR_BELOW = 0.5
"""Less than half of the target is *långt efter*."""

_WORST_FIRST: dict[PlaceState, int] = {
    "far": 0,
    "behind": 1,
    "unmeasured": 2,
    "met": 3,
    "absent": 4,
}


@dataclass(frozen=True, slots=True)
class PlaceRow:
    """One place in the period; numbers are unrounded and None where nothing can be said."""

    place_id: str
    name: str
    kind: str
    piece: Location
    state: PlaceState
    visits: int
    visits_per_week: float | None
    target_share: float | None
    days_since_last: float | None
    longest_gap_days: float
    hit_in_time_share: float | None

    @property
    def is_never_visited(self) -> bool:
        """Whether there never was a visit, in the period or before it."""
        return self.days_since_last is None


def place_state(target_share: float | None) -> PlaceState:
    """Name how far a place is from its target: ``met`` at 1, ``behind`` from 0.5, else ``far``.

    Examples
    --------
    >>> [place_state(share) for share in (1.0, 0.999, 0.5, 0.49, 0.0, None)]
    ['met', 'behind', 'behind', 'far', 'far', 'unmeasured']
    """
    if target_share is None or math.isnan(target_share):
        return "unmeasured"
    if target_share >= 1:
        return "met"
    return "behind" if target_share >= FAR_BELOW else "far"


def place_rows(snapshot: Snapshot, period: Period) -> tuple[PlaceRow, ...]:
    """Give every place designated in the period, worst first.

    Worst is furthest from the target; of two equally far, the one whose last visit is
    longest ago, and one never visited before all others.
    """
    table: Iterable[Any] = coverage(snapshot, period).itertuples(index=False)
    rows = []
    for found in table:
        piece = snapshot.place(found.location_id, on=period.last_on)
        if piece is None:
            continue
        share = _known(found.target_share)
        rows.append(
            PlaceRow(
                place_id=found.location_id,
                name=found.name,
                kind=piece.kind,
                piece=piece,
                state=place_state(share),
                visits=int(found.visits),
                visits_per_week=piece.visits_per_week or None,
                target_share=share,
                days_since_last=_known(found.days_since_last),
                longest_gap_days=float(found.longest_gap_days),
                hit_in_time_share=_known(found.hit_in_time_share),
            )
        )
    return tuple(sorted(rows, key=_how_good))


def _how_good(row: PlaceRow) -> tuple[int, float, float, str]:
    share = 0.0 if row.target_share is None else row.target_share
    since = math.inf if row.days_since_last is None else row.days_since_last
    return _WORST_FIRST[row.state], share, -since, row.name


def _known(number: float) -> float | None:
    return None if math.isnan(number) else float(number)


def whole_days(days: float | None, wording: Wording) -> str:
    """Write a number of days without decimals; never visited is *aldrig*.

    Cut, not rounded: 6,9 days since the last visit are six whole days.
    """
    return wording("aldrig") if days is None else wording.elapsed(days)


def per_week(row: PlaceRow, wording: Wording) -> str:
    """Say how far a place is from its target: ``1,2 av 3 besök i veckan``."""
    if row.visits_per_week is None or row.target_share is None:
        return wording("inget mål")
    target = wording.number(row.visits_per_week, digits=_digits(row.visits_per_week))
    n = 1 if row.visits_per_week == 1 else 2  # English says one visit, and one and a half visits.
    if row.state == "met":
        return wording.plural(
            "minst {target} besök i veckan", "minst {target} besök i veckan", n, target=target
        )
    if row.visits == 0:
        return wording("inga besök, målet är {target} i veckan", target=target)
    if row.target_share == 0:
        return wording("inget besök var långt nog, målet är {target} i veckan", target=target)
    # Cut, not rounded, so that a place just behind its target never reads as there.
    actual = cut(row.target_share * row.visits_per_week, 1)
    if actual == 0:
        return wording.plural(
            "mindre än 0,1 av {target} besök i veckan",
            "mindre än 0,1 av {target} besök i veckan",
            n,
            target=target,
        )
    return wording.plural(
        "{actual} av {target} besök i veckan",
        "{actual} av {target} besök i veckan",
        n,
        actual=wording.number(actual, digits=1),
        target=target,
    )


def _digits(number: float) -> int:
    return 0 if float(number).is_integer() else 1
