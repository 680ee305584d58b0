"""What *Täckning* says of a few places, with the numbers worked out by hand."""

from datetime import date

import numpy as np
import pytest

from geo.model.period import Period
from geo.services.selection import Selection, narrowed
from tests.unit.viewmodels.world import EN, MARCH, SV, place, visit, world
from ui.viewmodels import tackning
from ui.viewmodels.coverage_compare import (
    Against,
    contrast,
    difference_told,
    difference_written,
)
from ui.viewmodels.coverage_heat import heat
from ui.viewmodels.coverage_hours import hours
from ui.viewmodels.coverage_trend import evenness, trend
from ui.viewmodels.pieces import Cut, pieces_of, silent_weeks

NBSP = "\N{NO-BREAK SPACE}"


def overview(snapshot: object, selection: Selection = MARCH, **more: object) -> tackning.Overview:
    values = {"silent": (), "reported_until": date(2021, 12, 31), **more}
    return tackning.overview(snapshot, selection, SV, **values)  # type: ignore[arg-type]


def test_worst_first_and_nothing_measured_is_never_zero() -> None:
    snapshot = world(
        place("mött", per_week=1),
        place("utan", per_week=None),
        place("aldrig", per_week=1),
        place("halva", per_week=1, minutes=10),
        visit("2021-03-02 20:00", at="mött"),
        visit("2021-03-09 20:00", at="mött"),
        visit("2021-03-16 20:00", at="mött"),
        visit("2021-03-23 20:00", at="mött"),
        visit("2021-03-02 20:00", at="utan"),
        visit("2021-03-02 20:00", 10, at="halva"),
        visit("2021-03-09 20:00", 10, at="halva"),
        # Nine minutes do not count where ten are asked for.
        visit("2021-03-16 20:00", 9, at="halva"),
    )
    found = overview(snapshot).places
    assert found.ids == ("aldrig", "halva", "mött", "utan")
    told = found.texts().set_index("Plats")
    assert told.loc[
        "Aldrig", ["Läge", "Andel av målet", "Dagar sedan besök", "Längsta uppehåll"]
    ].tolist() == [
        "! långt efter målet",
        f"0{NBSP}%",
        "aldrig",
        # 28 days less the hour the clocks took on the last of them, cut.
        "27,9",
    ]
    # Two of four expected in four weeks.
    assert told.loc["Halva", ["Läge", "Andel av målet", "Besök", "Räknas", "Väntat"]].tolist() == [
        "◐ efter målet",
        f"50{NBSP}%",
        "3",
        "2",
        "4,0",
    ]
    assert told.loc["Mött", "Läge"] == "✓ når målet"
    figures = ["Läge", "Andel av målet", "Räknas", "Väntat", "I otrygga timmar", "Besök"]
    unmeasured = told.loc["Utan", figures]
    assert unmeasured.tolist() == ["◌ ej mätbart", *["ej mätbart"] * 4, "1"]


def test_never_visited_and_not_measurable_places_are_named() -> None:
    snapshot = world(
        place("a", per_week=1, name="Never"),
        place("b", per_week=1, name="Förut"),
        place("c", name="Utan mål"),
        visit("2021-02-01 10:00", at="b"),
        visit("2021-03-05 10:00", at="c"),
    )
    found = {named.why: named.names for named in overview(snapshot).named}
    assert found == {
        "Aldrig besökta": ("Never",),
        "Inte besökta i perioden": ("Förut",),
        "Ej mätbara: platsen har inget mål": ("Utan mål",),
    }


def test_a_place_seen_by_others_is_not_called_never_visited() -> None:
    snapshot = world(place("a", per_week=1), visit("2021-03-05 10:00", at="a", kind="bil"))
    on_foot = Selection(MARCH.period, visit_kinds=("fotpatrull",))
    found = overview(narrowed(snapshot, on_foot), on_foot)
    assert [named.why for named in found.named] == ["Aldrig besökta av de typer som är valda"]
    assert "Inga besök av de typer som är valda" in found.sentence


def test_each_kind_of_nothing_says_what_to_do() -> None:
    assert "Importera platser" in overview(world()).sentence
    elsewhere = Selection(MARCH.period, location_kinds=("station",))
    assert "Ta bort något filter" in overview(world(), elsewhere).sentence
    later = world(place("a", start=date(2021, 6, 1)))
    assert "Välj en annan period" in overview(later).sentence
    quiet = world(place("a", per_week=1), visit("2021-02-01 10:00", at="a"))
    assert "Det senaste före perioden slutade 1 feb. 2021 10:15" in overview(quiet).sentence
    assert "Logga ett besök" in overview(world(place("a", per_week=1))).sentence


def test_what_the_figures_cannot_say_is_said() -> None:
    snapshot = world(place("a", per_week=1))
    found = overview(
        snapshot, silent=(date(2021, 3, 8), date(2021, 3, 22)), reported_until=date(2021, 3, 20)
    )
    late, silent = found.notes
    assert "besöken är rapporterade till 20 mars 2021" in late
    # The week that lies after the newest data is not said twice.
    assert "rapporterat v. 10." in silent
    assert overview(snapshot).notes == ()


def test_a_share_just_under_the_goal_never_reads_as_the_goal() -> None:
    # Autumn week 43 has 169 hours: four visits of 4 · 169/168 expected are 99,4 %.
    week = Selection(Period(date(2021, 10, 25), date(2021, 11, 1)))
    four = [visit(f"2021-10-2{day} 20:00") for day in range(5, 9)]
    found = overview(world(place(per_week=4), *four), week).places
    assert found.text(0, "target_share") == f"99{NBSP}%"
    assert found.text(0, "told") == "◐ efter målet"


def test_lengths_are_sorted_by_the_rule_of_thumb() -> None:
    snapshot = world(
        place(),
        *(visit(f"2021-03-0{day} 20:00", m) for day, m in ((1, 2), (2, 3), (3, 10), (4, 16))),
    )
    counts = {one.band: one.visits for one in tackning.bands(snapshot, MARCH, SV, None)}
    assert counts == {"drive_through": 1, "short": 1, "recommended": 2, "long": 0}
    nowhere = tackning.bands(snapshot, MARCH, SV, "annan")
    assert [one.share for one in nowhere] == [None] * 4


# ------------------------------------------------------------------ over time


def test_the_heat_matrix_tells_four_kinds_of_nothing_apart() -> None:
    snapshot = world(
        place("a", per_week=1),
        place("utan"),
        place("sen", per_week=1, start=date(2021, 3, 15)),
        visit("2021-03-02 20:00", at="a"),
        visit("2021-03-16 20:00", at="utan"),
        visit("2021-03-23 20:00", at="utan"),
    )
    silent = silent_weeks(snapshot, MARCH.period)
    assert silent == (date(2021, 3, 8),)
    found = heat(snapshot, MARCH, SV, Cut("week", silent))
    states = found.cells.pivot(index="location_id", columns="label", values="state")
    assert states.loc["a"].tolist() == ["silent", "far", "far", "met"]  # v. 10, 11, 12, 9
    assert states.loc["sen"].tolist() == ["absent", "far", "far", "absent"]
    assert states.loc["utan"].tolist() == ["silent", "unmeasured", "unmeasured", "unmeasured"]
    told = found.table.texts().set_index("Plats")
    assert told.loc["A", ["v. 9", "v. 10", "v. 11"]].tolist() == [
        f"✓ 100{NBSP}%",
        "inget rapporterat",
        f"! 0{NBSP}%",
    ]
    assert told.loc["Sen", "v. 9"] == "inte utpekad"


def test_two_places_of_one_name_are_two_rows() -> None:
    snapshot = world(place("a", name="Torget"), place("b", name="Torget"))
    found = heat(snapshot, MARCH, SV, Cut("month"))
    assert found.places == ("Torget (a)", "Torget (b)")


def test_a_filter_that_leaves_nothing_is_not_silence() -> None:
    snapshot = world(place("a", per_week=1), visit("2021-03-09 20:00", at="a", kind="bil"))
    on_foot = Selection(MARCH.period, visit_kinds=("fotpatrull",))
    cut = Cut("week", silent_weeks(snapshot, MARCH.period))
    found = heat(narrowed(snapshot, on_foot), on_foot, SV, cut)
    state = found.cells.set_index("label")["state"]
    assert (state["v. 9"], state["v. 10"]) == ("silent", "far")


def test_pieces_have_names_of_their_own_and_silence_reaches_days_and_months() -> None:
    two_years = Period(date(2020, 12, 28), date(2022, 1, 10))
    labels = [piece.label for piece in pieces_of(two_years, SV, Cut("week"))]
    # Week 1 and week 53 come twice or belong to the year before.
    assert len(set(labels)) == len(labels)
    assert labels[0] == "v. 53 2020"
    silent = (date(2021, 3, 8),)
    days = pieces_of(MARCH.period, SV, Cut("day", silent))
    assert [p.label for p in days if p.is_silent] == [f"{day} mars" for day in range(8, 15)]
    assert not any(p.is_silent for p in pieces_of(MARCH.period, SV, Cut("month", silent)))


def test_the_trend_does_not_call_silence_zero() -> None:
    snapshot = world(
        place("a"), visit("2021-03-02 20:00", 15, at="a"), visit("2021-03-23 20:00", 30, at="a")
    )
    cut = Cut("week", silent_weeks(snapshot, MARCH.period))
    found = trend(snapshot, MARCH, SV, cut, None)
    assert found.bars["visits"].tolist() == pytest.approx([1, np.nan, np.nan, 1], nan_ok=True)
    assert found.table.texts()["Patrullminuter"].tolist() == [
        "15",
        "inget rapporterat",
        "inget rapporterat",
        "30",
    ]
    assert found.sentence.startswith("2 besök och 45 patrullminuter.")


def test_evenness_is_explained_by_where_half_the_visits_were() -> None:
    # Domain.md's own figures: [5, 5, 5, 5] → 0; one place with all of four → 1 − 1/4.
    even = world(
        *(place(f"p{n}") for n in range(4)),
        *(visit(f"2021-03-0{day} 20:00", at=f"p{n}") for n in range(4) for day in range(1, 6)),
    )
    found = evenness(even, MARCH, SV)
    assert found.gini == pytest.approx(0)
    assert found.by_plan is None
    assert "på 2 av 4 platser" in found.sentences[0]
    one = world(*(place(f"p{n}") for n in range(4)), visit("2021-03-01 20:00", at="p0"))
    found = evenness(one, MARCH, SV)
    # One visit over four places cannot be more even: G' = 4/1 · (0.75 − 1) + 1 = 0.
    assert (found.gini, found.generalised) == (pytest.approx(0.75), pytest.approx(0))
    assert any("färre än platserna" in said for said in found.sentences)
    assert evenness(world(place()), MARCH, SV).gini is None


# ------------------------------------------------------------------ the hours of the week


def test_unsafe_hours_are_outlined_for_one_place_and_for_most_of_all() -> None:
    snapshot = world(
        place("a", unsafe="Fr 20:00-22:00"),
        place("b", unsafe="Fr 21:00-22:00"),
        place("c", unsafe="Mo 10:00-11:00"),
        visit("2021-03-05 20:30", 60, at="a"),
    )
    of_one = hours(snapshot, MARCH, SV, "a").cells
    framed = of_one[of_one["is_unsafe"]]
    assert list(zip(framed["weekday"], framed["hour"], strict=True)) == [(4, 20), (4, 21)]
    assert framed["minutes"].tolist() == [30, 30]
    # Two of three have Friday 21, which is more than half; one of three has the others.
    of_all = hours(snapshot, MARCH, SV, None)
    framed = of_all.cells[of_all.cells["is_unsafe"]]
    assert list(zip(framed["weekday"], framed["hour"], strict=True)) == [(4, 21)]
    assert f"100{NBSP}% av patrullminuterna" in of_all.sentence
    assert "3 platser" in of_all.outline
    assert of_all.table.text(4, "21") == "[30]"


def test_without_unsafe_hours_nothing_is_said_about_right_time() -> None:
    snapshot = world(place("a"), visit("2021-03-05 20:30", 60, at="a"))
    found = hours(snapshot, MARCH, SV, None)
    assert "Inga otrygga timmar är angivna" in found.sentence
    assert found.outline == ""


# ------------------------------------------------------------------ beside another period


def test_differences_have_an_arrow_and_a_word() -> None:
    february = Period(date(2021, 2, 1), date(2021, 3, 1))
    snapshot = world(
        place("a", per_week=1),
        place("ny", per_week=1, start=date(2021, 3, 1)),
        visit("2021-02-02 20:00", at="a"),
        visit("2021-03-02 20:00", at="a"),
        visit("2021-03-09 20:00", at="a"),
        visit("2021-03-09 20:00", at="ny"),
    )
    found = contrast(
        snapshot, MARCH, SV, Against(other=february, silent_before=(date(2021, 2, 8),))
    )
    told = found.table.texts().set_index("Plats")
    assert told.loc["A"].tolist() == ["2", "1", "▲ 1 fler"]
    assert told.loc["Ny"].tolist() == ["1", "–", "–"]
    assert found.sentence.startswith("3 besök under 4 veckor, mot 1 under 4 veckor dessförinnan.")
    assert "1 av 4 veckor är utan rapporter" in found.notes[0]
    assert "inte om tryggheten ändrades" in found.notes[-1]


@pytest.mark.parametrize(
    ("value", "figure", "told"),
    [
        (-0.04, "target_share", "▼ 4 procentenheter, längre från målet"),
        (0.01, "target_share", "▲ 1 procentenhet, närmare målet"),
        (0.0004, "target_share", "▲ mindre än 1 procentenhet, närmare målet"),
        (0.02, "hit_in_time_share", "▲ 2 procentenheter, större andel"),
        (0.0, "target_share", "= lika"),
        (2.0, "days_since_last", "▲ 2,0 dagar fler"),
        (2.0, "longest_gap_days", "▲ 2,0 dagar längre"),
        (-12.0, "patrol_min", "▼ 12 min mindre"),
    ],
)
def test_a_difference_in_words(value: float, figure: str, told: str) -> None:
    assert difference_told(value, figure, SV) == told  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("now", "before", "figure", "difference"),
    [
        # 23 % and 20 % are what is read: three points, not 2,7.
        (0.236, 0.209, "target_share", 0.03),
        # 23 % and 23 %, but not the same.
        (0.239, 0.231, "target_share", 0.008),
        # 4,9 and 3,0 are what is read.
        (4.96, 3.04, "longest_gap_days", 1.9),
        (14.5, 0.4, "patrol_min", 15.0),
    ],
)
def test_a_difference_is_between_the_figures_that_are_read(
    now: float, before: float, figure: str, difference: float
) -> None:
    found = difference_written(now, before, figure)  # type: ignore[arg-type]
    assert found == pytest.approx(difference, abs=1e-12)


def test_one_of_a_thing_is_told_in_the_singular() -> None:
    february = Period(date(2021, 2, 22), date(2021, 3, 1))
    week = Selection(Period(date(2021, 3, 1), date(2021, 3, 8)))
    snapshot = world(place(per_week=2), visit("2021-03-02 20:00", 1))
    found = contrast(snapshot, week, SV, Against(other=february, silent_before=(february.from_on,)))
    assert found.sentence == (
        "1 besök under 1 vecka, mot 0 under 1 vecka dessförinnan. "
        "1 plats kom närmare sitt mål, 0 kom längre ifrån."
    )
    assert "1 av 1 vecka är utan rapporter" in found.notes[0]
    assert contrast(snapshot, week, EN, Against(other=february)).sentence == (
        "1 visit in 1 week, against 0 in the 1 week before. "
        "1 place came closer to its target, 0 moved further from it."
    )
    assert trend(snapshot, week, SV, Cut("week"), None).sentence == "1 besök och 1 patrullminut."


def test_the_heat_says_when_most_and_fewest_places_were_on_target() -> None:
    snapshot = world(
        *(place(name, per_week=1) for name in "abc"),
        *(visit("2021-03-02 20:00", at=name) for name in "abc"),
        visit("2021-03-09 20:00", at="a"),
        *(visit(f"2021-03-{day} 20:00", at=name) for day in (16, 23) for name in "ab"),
    )
    # v. 9 three of three, v. 10 one of three.
    assert heat(snapshot, MARCH, SV, Cut("week")).sentence == (
        f"Andelen platser som nådde målet var högst v. 9 (100{NBSP}%) och lägst v. 10 (33{NBSP}%)."
    )


def test_visits_at_no_place_are_in_no_figure_and_that_is_said() -> None:
    here = visit("2021-03-02 20:00")
    nowhere = here.model_copy(
        update={"visit_id": "away", "location_id": None, "lon": 12.5, "lat": 57.4}
    )
    too_early = visit("2021-03-03 20:00", at="sen")
    snapshot = world(place(), place("sen", start=date(2021, 3, 17)), here, nowhere, too_early)
    found = overview(snapshot)
    assert sum(found.places.rows["visits"]) == 1
    assert found.notes == ("2 besök till gjordes där ingen plats var utpekad. De räknas inte här.",)
    # With a filter on places the others are left out because they were asked to be.
    squares = Selection(MARCH.period, location_kinds=("torg",))
    assert overview(narrowed(snapshot, squares), squares).notes == ()
