"""A view and the link that restores it: filters, choice and language as query parameters.

What a link says is only read for form here; whether a place or a kind exists is
asked of the data (``ui.viewmodels.period.known``), and what does not exist is left out.
Nothing wrong in a link is ever an error: it is ignored, and the rest is obeyed.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta
from typing import Literal, get_args

from geo.errors import DataError
from geo.model.period import Period
from geo.wording import LANGUAGES, Language

ChosenKind = Literal["place", "building", "area"]
CHOSEN_KINDS: tuple[ChosenKind, ...] = get_args(ChosenKind)

Query = Mapping[str, Sequence[str]]
"""Query parameters, each with the values it was given."""

FROM, TO = "fran", "till"
VISIT_KIND, PLACE_KIND, PRIORITY, AREA = "besok", "platsslag", "prioritet", "omrade"
LANGUAGE = "sprak"
CHOSEN: Mapping[ChosenKind, str] = {"place": "plats", "building": "byggnad", "area": "valt_omrade"}

NAMES: tuple[str, ...] = (
    FROM,
    TO,
    VISIT_KIND,
    PLACE_KIND,
    PRIORITY,
    AREA,
    *CHOSEN.values(),
    LANGUAGE,
)
"""Every parameter a view uses; others belong to the pages."""

_MOST_VALUES = 50
_MOST_CHARS = 200
_PRIORITIES = ("1", "2", "3")


@dataclass(frozen=True, slots=True)
class View:
    """What is being looked at.

    Attributes
    ----------
    period
        None stands for the period that follows the newest data.
    visit_kinds, location_kinds, priorities, areas
        What to keep; empty keeps everything.
    chosen
        The thing whose panel is open, with its id.
    language
        None stands for the language of the settings.
    """

    period: Period | None = None
    visit_kinds: tuple[str, ...] = ()
    location_kinds: tuple[str, ...] = ()
    priorities: tuple[int, ...] = ()
    areas: tuple[str, ...] = ()
    chosen: tuple[ChosenKind, str] | None = None
    language: Language | None = None


def read(query: Query) -> View:
    """Read a view from query parameters; what is wrong or unknown is left out.

    Examples
    --------
    >>> read({"fran": ["2021-03-01"], "till": ["2021-05-30"]}).period
    Period(from_on=datetime.date(2021, 3, 1), to_on=datetime.date(2021, 5, 31))
    >>> read({"fran": ["i går"], "prioritet": ["9", "1"]})
    View(period=None, visit_kinds=(), location_kinds=(), priorities=(1,), areas=(), \
chosen=None, language=None)
    """
    return View(
        period=_period(query),
        visit_kinds=_texts(query, VISIT_KIND),
        location_kinds=_texts(query, PLACE_KIND),
        priorities=tuple(sorted({int(p) for p in _texts(query, PRIORITY) if p in _PRIORITIES})),
        areas=_texts(query, AREA),
        chosen=_chosen(query),
        language=_language(query),
    )


def write(view: View) -> dict[str, list[str]]:
    """Write a view as query parameters; days are written from – to, both included."""
    query: dict[str, list[str]] = {}
    if view.period is not None:
        query[FROM] = [view.period.from_on.isoformat()]
        query[TO] = [view.period.last_on.isoformat()]
    for name, values in (
        (VISIT_KIND, view.visit_kinds),
        (PLACE_KIND, view.location_kinds),
        (PRIORITY, tuple(str(priority) for priority in view.priorities)),
        (AREA, view.areas),
    ):
        if values:
            query[name] = list(values)
    if view.chosen is not None:
        kind, thing_id = view.chosen
        query[CHOSEN[kind]] = [thing_id]
    if view.language is not None:
        query[LANGUAGE] = [view.language]
    return query


def own(query: Query) -> dict[str, list[str]]:
    """Keep the parameters of a query that speak of a view."""
    return {name: list(query[name]) for name in NAMES if query.get(name)}


def arrived(current: View, query: Query, *, is_whole: bool) -> View:
    """Give the view a link leads to, from the one that was shown.

    Where the link is the whole truth, or has a period, it replaces the view.  Otherwise
    it adds to it, so that a link to a place from another page keeps period and filters.
    """
    asked = read(query)
    if is_whole or asked.period is not None:
        return asked
    return replace(
        current,
        visit_kinds=asked.visit_kinds or current.visit_kinds,
        location_kinds=asked.location_kinds or current.location_kinds,
        priorities=asked.priorities or current.priorities,
        areas=asked.areas or current.areas,
        chosen=asked.chosen or current.chosen,
        language=asked.language or current.language,
    )


def _texts(query: Query, name: str) -> tuple[str, ...]:
    values = [value.strip() for value in query.get(name, ())[:_MOST_VALUES]]
    return tuple(dict.fromkeys(v for v in values if 0 < len(v) <= _MOST_CHARS and v.isprintable()))


def _one(query: Query, name: str) -> str | None:
    values = _texts(query, name)
    return values[-1] if values else None


def _day(query: Query, name: str) -> date | None:
    try:
        return date.fromisoformat(_one(query, name) or "")
    except ValueError:
        return None


def _period(query: Query) -> Period | None:
    first, last = _day(query, FROM), _day(query, TO)
    if first is None or last is None:
        return None
    try:
        return Period(first, last + timedelta(days=1))
    except (DataError, OverflowError):
        return None


def _chosen(query: Query) -> tuple[ChosenKind, str] | None:
    for kind in CHOSEN_KINDS:
        thing_id = _one(query, CHOSEN[kind])
        if thing_id is not None:
            return kind, thing_id
    return None


def _language(query: Query) -> Language | None:
    asked = _one(query, LANGUAGE)
    return next((language for language in LANGUAGES if language == asked), None)
