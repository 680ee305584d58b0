"""What the map shows, in one Swedish sentence or two."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from geo.model.period import Period
from geo.services.selection import Selection
from geo.wording import Wording
from ui.viewmodels.kinds import kind_told
from ui.viewmodels.plain import plain
from ui.viewmodels.rows import PlaceRow

_MOST_NAMES = 2
_DAYS_PER_WEEK = 7


def map_sentence(
    rows: Sequence[PlaceRow],
    selection: Selection,
    wording: Wording,
    *,
    is_markdown: bool = True,
    is_internal: bool = True,
) -> str:
    """Say how many places reached their target, which are furthest behind, which were never seen.

    Parameters
    ----------
    rows
        Every place on the map, worst first.
    selection
        The days they are about; where it keeps only some kinds of visits, the last sentence
        says so.
    wording
        The reader's language.
    is_markdown
        Whether numbers and names are made bold and names escaped, or all is bare text.
    is_internal
        Whether the reader is shown targets; others are told how many visits there were.

    Returns
    -------
    str
        One to three sentences.
    """
    if not rows:
        return wording("Inga utpekade platser under perioden. Rita en på kartan eller importera.")
    strong: Callable[[str], str] = _bold if is_markdown else str
    measured = [row for row in rows if row.state != "unmeasured"]
    said = [
        _reached(measured, selection.period, wording, strong)
        if is_internal
        else _visited(rows, selection.period, wording, strong)
    ]
    never = [row for row in rows if row.is_never_visited]
    behind = [row for row in measured if row.state != "met" and not row.is_never_visited]
    if behind and never:
        said.append(
            wording(
                "{behind} är längst efter; {never} har aldrig besökts.",
                behind=_names(behind[:_MOST_NAMES], wording, strong),
                never=_names(never, wording, strong),
            )
        )
    elif behind:
        names = _names(behind[:_MOST_NAMES], wording, strong)
        said.append(wording("{behind} är längst efter.", behind=names))
    elif never:
        names = _names(never, wording, strong)
        said.append(wording("{never} har aldrig besökts.", never=names))
    if selection.visit_kinds:
        kinds = strong(", ".join(kind_told(kind, wording) for kind in selection.visit_kinds))
        said.append(wording("Bara besök av typen {kinds} är räknade.", kinds=kinds))
    return " ".join(said)


def _bold(text: str) -> str:
    return f"**{plain(text)}**"


def _reached(
    measured: Sequence[PlaceRow], period: Period, wording: Wording, strong: Callable[[str], str]
) -> str:
    during = _during(period, wording)
    if not measured:
        return wording("{during} gick ingen av platserna att mäta: de saknar mål.", during=during)
    met = sum(row.state == "met" for row in measured)
    share = wording("{met} av {n}", met=wording.number(met), n=wording.number(len(measured)))
    return wording.plural(
        "{during} nådde {share} mätbar plats sitt mål.",
        "{during} nådde {share} mätbara platser sitt mål.",
        len(measured),
        during=during,
        share=strong(share),
    )


def _visited(
    rows: Sequence[PlaceRow], period: Period, wording: Wording, strong: Callable[[str], str]
) -> str:
    visits = sum(row.visits for row in rows)
    return wording.plural(
        "{during} gjordes {visits} besök på {n} plats.",
        "{during} gjordes {visits} besök på {n} platser.",
        len(rows),
        during=_during(period, wording),
        visits=strong(wording.number(visits)),
    )


def _during(period: Period, wording: Wording) -> str:
    weeks, rest = divmod(period.days, _DAYS_PER_WEEK)
    if rest == 0:
        return wording.plural("Under en vecka", "Under {n} veckor", weeks)
    return wording.plural("Under en dag", "Under {n} dagar", period.days)


def _names(rows: Sequence[PlaceRow], wording: Wording, strong: Callable[[str], str]) -> str:
    """Name one, two, or two and how many more."""
    names = [strong(row.name) for row in rows]
    if len(names) == 1:
        return names[0]
    if len(names) == _MOST_NAMES:
        return wording("{first} och {second}", first=names[0], second=names[1])
    return wording.plural(
        "{first}, {second} och {n} plats till",
        "{first}, {second} och {n} platser till",
        len(names) - _MOST_NAMES,
        first=names[0],
        second=names[1],
    )
