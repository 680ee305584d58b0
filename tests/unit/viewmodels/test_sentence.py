"""The sentence under the map."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

from geo.model.period import Period
from geo.services.selection import Selection
from geo.services.snapshot import Snapshot
from tests.unit.viewmodels.world import MARCH, SV, place, visit, world
from ui.viewmodels.rows import place_rows
from ui.viewmodels.sentence import map_sentence


def said(snapshot: Snapshot, selection: Selection = MARCH, *, is_markdown: bool = True) -> str:
    rows = place_rows(snapshot, selection.period)
    return map_sentence(rows, selection, SV, is_markdown=is_markdown)


def weekly(at: str) -> list[object]:
    """One visit in each of the four weeks."""
    return [visit(f"2021-03-{day:02} 20:00", at=at) for day in (2, 9, 16, 23)]


def test_one_reached_its_target_one_did_not_one_was_never_visited() -> None:
    snapshot = world(
        place("torget", per_week=1),
        place("bron", per_week=2),
        place("dammen"),
        *weekly("torget"),
        visit("2021-03-02 20:00", at="bron"),
    )
    assert said(snapshot) == (
        "Under 4 veckor nådde **1 av 2** mätbara platser sitt mål. "
        "**Bron** är längst efter; **Dammen** har aldrig besökts."
    )


def test_a_visit_before_the_period_is_not_never() -> None:
    snapshot = world(
        place("dammen"), place("bron", per_week=1), visit("2021-02-01 20:00", at="dammen")
    )
    assert "Dammen" not in said(snapshot)
    assert said(snapshot).endswith("**Bron** har aldrig besökts.")


def test_everybody_there() -> None:
    snapshot = world(place("torget", per_week=1), *weekly("torget"))
    assert said(snapshot) == "Under 4 veckor nådde **1 av 1** mätbar plats sitt mål."


def test_nothing_to_measure_is_said_and_not_counted_as_zero() -> None:
    snapshot = world(place("torget"), *weekly("torget"))
    assert said(snapshot) == "Under 4 veckor gick ingen av platserna att mäta: de saknar mål."


def test_many_never_visited_are_two_names_and_a_number() -> None:
    snapshot = world(*(place(f"plats{n}") for n in range(5)))
    assert "**Plats0**, **Plats1** och 3 platser till har aldrig besökts." in said(snapshot)


def test_days_that_are_no_whole_weeks_are_days() -> None:
    period = Period(date(2021, 3, 1), date(2021, 3, 11))
    snapshot = world(place("torget", per_week=1))
    assert said(snapshot, Selection(period)).startswith("Under 10 dagar nådde")


def test_a_filter_on_visits_is_said_since_it_decides_who_reached_the_target() -> None:
    snapshot = world(place("torget", per_week=1), *weekly("torget"))
    assert said(snapshot, replace(MARCH, visit_kinds=("bil",))).endswith(
        "Bara besök av typen **bil** är räknade."
    )


def test_names_are_escaped_in_markdown_and_bare_elsewhere() -> None:
    snapshot = world(place("x", per_week=1, name="A *b* $c$"), visit("2021-02-01 20:00", at="x"))
    assert r"**A \*b\* \$c\$**" in said(snapshot)
    assert said(snapshot, is_markdown=False) == (
        "Under 4 veckor nådde 0 av 1 mätbar plats sitt mål. A *b* $c$ är längst efter."
    )


def test_no_places_says_what_to_do() -> None:
    assert "Rita en på kartan" in said(world())
