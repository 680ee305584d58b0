"""What the panel says about what is chosen."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

from shapely import Point

from geo.coverage.hours import weekday_hour_minutes
from geo.services.selection import Selection, narrowed
from geo.services.snapshot import Snapshot
from tests.unit.viewmodels.world import HERE, MARCH, SV, building, inspection, place, visit, world
from ui.viewmodels.building_panel import area_panel, building_panel
from ui.viewmodels.period import AsOf
from ui.viewmodels.place_panel import PlacePanel, place_panel

MARCH_28 = AsOf(date(2021, 3, 28), 365)


def told(snapshot: Snapshot, place_id: str = "torget", selection: Selection = MARCH) -> PlacePanel:
    panel = place_panel(
        snapshot,
        selection,
        SV,
        place_id,
        reported_at=snapshot.visits["start_at"],
        as_of=MARCH_28,
    )
    assert panel is not None
    return panel


def test_a_place_far_behind() -> None:
    # 3 a week for four weeks is 12; five visits are 5/12 of it, 1,25 a week: cut to 1,2.
    days = (2, 3, 9, 16, 22)
    snapshot = world(
        place(per_week=3, unsafe="Mo-Su 20:00-21:00"),
        *(visit(f"2021-03-{day:02} 20:30", 60) for day in days),
    )
    panel = told(snapshot)
    assert panel.state == "far"
    assert panel.badge == "Långt efter målet: 1,2 av 3 besök i veckan"
    # The last ended 22 March 21:30, six days and 2½ hours before the period did.
    # The longest gap: from 9 March 21:30 to 16 March 20:30 is 6 d 23 h; so is the one after?
    # 16 March 21:30 – 22 March 20:30 is 5 d 23 h. Half of every hour was inside 20–21.
    assert [figure.value for figure in panel.figures] == ["6", "6", "50\N{NO-BREAK SPACE}%"]
    assert panel.visits == 5
    assert panel.weeks_title == "Besök per vecka mot målet 3"


def test_visits_too_short_for_the_target_are_seen_but_not_counted() -> None:
    snapshot = world(
        place(per_week=1, minutes=10), visit("2021-03-02 20:00", 5), visit("2021-03-03 20:00", 10)
    )
    panel = told(snapshot)
    first = panel.weeks[0]
    assert (first.label, first.visits, first.counted, first.state) == ("v. 9", 2, 1, "met")
    assert first.note == "v. 9: 2 besök, 1 långt nog"
    assert panel.too_short == "Mot målet räknas besök på minst 10 minuter."


def test_a_week_without_any_report_is_unknown_and_not_zero() -> None:
    snapshot = world(place("torget"), place("bron"), visit("2021-03-02 20:00", at="bron"))
    weeks = told(snapshot).weeks
    assert [week.visits for week in weeks] == [0, None, None, None]
    assert weeks[1].note == "v. 10: inget rapporterat"


def test_the_hours_are_those_of_the_place_alone_with_its_unsafe_hours() -> None:
    snapshot = world(
        place("torget", unsafe="Fr,Sa 20:00-22:00"),
        place("bron"),
        visit("2021-03-05 20:30", 60),  # A Friday: half an hour in each of 20 and 21.
        visit("2021-03-02 08:00", 60, at="bron"),
    )
    hours = told(snapshot).hours
    assert hours is not None
    assert hours.minutes[4][20:22] == (30.0, 30.0)
    # All visits lie at the same spot, but a visit that names its place counts there only.
    assert sum(map(sum, hours.minutes)) == 60.0
    whole = weekday_hour_minutes(snapshot.designations, snapshot.presence, period=MARCH.period)
    assert whole.sum() == 120.0
    assert [sum(row) for row in hours.unsafe] == [0, 0, 0, 0, 2, 2, 0]
    assert hours.summary == ("Mest närvaro Fr kl. 20. 2 av 4 otrygga timmar i veckan utan närvaro.")


def test_buildings_within_150_m_nearest_first() -> None:
    # One degree of latitude is about 111.4 km here: 0.001° is 111 m, 0.0014° is 156 m.
    near = building("near").model_copy(update={"geometry": Point(HERE.x, HERE.y + 0.0010)})
    far = building("far").model_copy(update={"geometry": Point(HERE.x, HERE.y + 0.0014)})
    snapshot = world(place(), far, near, building("here"), inspection("here", "vind", "2021-03-01"))
    found = told(snapshot).near
    assert [symbol.building_id for symbol in found] == ["here", "near"]
    assert (found[0].basement, found[0].attic) == ("unseen", "clear")


def test_never_visited_is_a_word_and_not_a_number() -> None:
    panel = told(world(place(per_week=1)))
    assert panel.figures[0].value == "aldrig"
    assert panel.badge == "Långt efter målet: inga besök, målet är 1 i veckan"


def test_not_measurable_says_so_and_has_no_target() -> None:
    panel = told(world(place(), visit("2021-03-02 20:00")))
    assert (panel.state, panel.target_per_week) == ("unmeasured", None)
    assert panel.badge == "Ej mätbart: platsen har inget mål"
    assert panel.weeks_title == "Besök per vecka"


def test_not_designated_in_the_period_is_told_instead_of_figures() -> None:
    panel = told(world(place(end=date(2021, 2, 1))))
    assert panel.state is None
    assert panel.not_designated == "Platsen var inte utpekad 1 mars – 28 mars 2021."
    assert "till 1 februari 2021" in panel.facts


def test_a_filter_on_visits_is_obeyed_by_the_panel() -> None:

    snapshot = world(
        place(per_week=1), visit("2021-03-02 20:00"), visit("2021-03-03 20:00", kind="bil")
    )
    asked = replace(MARCH, visit_kinds=("bil",))
    panel = place_panel(
        narrowed(snapshot, asked),
        asked,
        SV,
        "torget",
        reported_at=snapshot.visits["start_at"],
        as_of=MARCH_28,
    )
    assert panel is not None
    assert panel.visits == 1


def test_what_does_not_exist_has_no_panel() -> None:
    snapshot = world(place())
    assert building_panel(snapshot, SV, "borta", as_of=MARCH_28) is None
    assert area_panel(snapshot, MARCH.period, SV, "borta", as_of=MARCH_28) is None
    nothing = place_panel(
        snapshot, MARCH, SV, "borta", reported_at=snapshot.visits["start_at"], as_of=MARCH_28
    )
    assert nothing is None


def test_a_building_with_an_open_deficiency() -> None:
    snapshot = world(
        building("a", "källare", "vind", "trapphus"),
        inspection(
            "a", "källare", "2021-03-01", "brist", due_on=date(2021, 4, 1), found="<b>Lås</b>"
        ),
        inspection("a", "vind", "2021-02-01"),
        inspection("a", "vind", "2021-03-29", "brist"),  # After the day asked for.
    )
    panel = building_panel(snapshot, SV, "a", as_of=MARCH_28)
    assert panel is not None
    assert (panel.state, panel.badge) == ("deficiency", "Brist: källare")
    lines = {line.space: (line.state, line.last, line.due) for line in panel.spaces}
    assert lines == {
        "källare": ("deficiency", "1 mars 2021", "1 april 2021"),
        "vind": ("clear", "1 februari 2021", "1 februari 2022"),
        "trapphus": ("unseen", "–", "–"),
    }
    assert panel.inspections == 2
    assert (panel.history[0].finding, panel.history[0].follow_up) == (
        "<b>Lås</b>",
        "klart senast 1 april 2021",
    )


def test_nobody_got_in() -> None:
    snapshot = world(
        building("a", "vind"),
        inspection("a", "vind", "2021-03-01", "ej_tilltrade", due_on=date(2021, 4, 1)),
    )
    panel = building_panel(snapshot, SV, "a", as_of=MARCH_28)
    assert panel is not None
    assert panel.badge == "Aldrig sedd: vind"
    assert panel.spaces[0].state_text == "aldrig sedd, ej tillträde"


def test_a_building_nobody_has_been_in_has_a_panel_all_the_same() -> None:
    panel = building_panel(world(building("ny", "källare")), SV, "ny", as_of=MARCH_28)
    assert panel is not None
    assert (panel.state, panel.badge) == ("unseen", "Aldrig sedd: källare")
    assert (panel.history, panel.inspections) == ((), 0)


def test_an_area_counts_what_was_gone_through_in_the_period() -> None:
    snapshot = world(
        building("a"),
        building("b"),
        inspection("a", "källare", "2021-03-02"),
        inspection("a", "vind", "2021-02-02"),  # Before the period, but still clear.
        inspection("b", "vind", "2021-03-03", "brist"),
    )
    panel = area_panel(snapshot, MARCH.period, SV, "Hedbo", as_of=MARCH_28)
    assert panel is not None
    assert [figure.value for figure in panel.figures] == ["50\N{NO-BREAK SPACE}%", "2", "1"]
    assert [symbol.building_id for symbol in panel.buildings] == ["b", "a"]
