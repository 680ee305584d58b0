"""Which spaces of the housing company a page is about, and how each stands, in words."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Literal, get_args

import pandas as pd

from geo.model.building import OUTCOME_WORDS, SPACES, Space
from geo.services.inspections import SpaceState, open_deficiencies, spaces_standing
from geo.services.snapshot import Snapshot
from geo.wording import Wording, mark

BASEMENT: Space = "källare"
ATTIC: Space = "vind"

Kept = Literal["basement_attic", "all", "others"]
"""Which spaces to look at: källare and vind, which the promise is about, all, or the others."""
KEPT: tuple[Kept, ...] = get_args(Kept)
KEPT_WORDS: Mapping[Kept, str] = {
    "basement_attic": mark("Källare och vind"),
    "all": mark("Alla utrymmen"),
    "others": mark("Övriga"),
}
KEPT_SPACES: Mapping[Kept, tuple[Space, ...]] = {
    "all": SPACES,
    "basement_attic": (BASEMENT, ATTIC),
    "others": tuple(space for space in SPACES if space not in (BASEMENT, ATTIC)),
}

STATE_WORDS: Mapping[SpaceState, str] = {
    "deficiency": mark("brist"),
    "unseen": mark("aldrig sedd"),
    "due": mark("ska ses över"),
    "clear": mark("klar"),
}
STATE_SYMBOLS: Mapping[SpaceState, str] = {
    "deficiency": "!",
    "unseen": "◌",
    "due": "◐",
    "clear": "✓",
}
COLOURS: Mapping[SpaceState, str] = {
    "deficiency": "far",
    "unseen": "unmeasured",
    "due": "behind",
    "clear": "met",
}
"""Which of the map's colours each state has."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Asked:
    """Which spaces, on which day; states narrow the lists, never the shares."""

    on: date
    interval_days: int
    kept: Kept = "basement_attic"
    states: tuple[SpaceState, ...] = ()


def standing(snapshot: Snapshot, asked: Asked) -> pd.DataFrame:
    """Tell how each space of those asked for stands (``spaces_standing``); states do not narrow."""
    state = spaces_standing(snapshot, on=asked.on, interval_days=asked.interval_days)
    return state[state["space"].isin(KEPT_SPACES[asked.kept])].reset_index(drop=True)


def listed(snapshot: Snapshot, asked: Asked) -> pd.DataFrame:
    """Tell how the spaces with the states asked for stand."""
    state = standing(snapshot, asked)
    if not asked.states:
        return state
    return state[state["state"].isin(asked.states)].reset_index(drop=True)


def known_deficiencies(snapshot: Snapshot, asked: Asked) -> pd.DataFrame:
    """List the open deficiencies of the spaces asked for, the earliest due first."""
    found = open_deficiencies(snapshot, on=asked.on)
    return found[found["space"].isin(KEPT_SPACES[asked.kept])].reset_index(drop=True)


def outcome_told(outcome: object, wording: Wording) -> str:
    """Write how an inspection went; a dash where there was none."""
    return next((wording(word) for code, word in OUTCOME_WORDS.items() if code == outcome), "–")


def state_told(state: SpaceState, wording: Wording) -> str:
    """Write a state with its symbol: ``! brist``."""
    return f"{STATE_SYMBOLS[state]} {wording(STATE_WORDS[state])}"


def natural(address: str) -> tuple[tuple[int, int, str], ...]:
    """Order addresses as one walks along them: Torggatan 2 before Torggatan 10.

    Examples
    --------
    >>> sorted(["Vägen 10", "Vägen 2 B", "Vägen 2"], key=natural)
    ['Vägen 2', 'Vägen 2 B', 'Vägen 10']
    """
    parts = re.split(r"(\d+)", address.casefold())
    return tuple((1, int(p), "") if p.isdecimal() else (0, 0, p.strip()) for p in parts if p)
