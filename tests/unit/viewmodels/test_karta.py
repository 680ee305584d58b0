"""What the map draws for a period."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from urllib.parse import parse_qs

import pytest
from shapely import Point

from geo.maps.layers import MapView
from geo.maps.legend import legend_items
from geo.model.visit import Visit
from geo.services.selection import Selection, narrowed
from geo.services.snapshot import Snapshot
from geo.wording import Wording
from tests.unit.viewmodels.world import MARCH, SV, building, inspection, place, visit, world
from ui.viewmodels.karta import Karta, area_symbols, building_symbols, exact_points, karta
from ui.viewmodels.map_table import map_table
from ui.viewmodels.period import AsOf
from ui.viewmodels.rows import per_week, place_rows, place_state, whole_days

MARCH_28 = AsOf(date(2021, 3, 28), 365)


def drawn(snapshot: Snapshot, selection: Selection = MARCH) -> Karta:
    kept = narrowed(snapshot, selection)
    return karta(
        kept,
        selection,
        SV,
        buildings=building_symbols(kept, as_of=MARCH_28),
        reported_at=snapshot.visits["start_at"],
    )


def test_states_follow_the_target_and_nothing_is_measured_without_one() -> None:
    # Four weeks: 4 of 4, 2 of 4, 1 of 4 expected visits, and no target.
    snapshot = world(
        *(place(name, per_week=1) for name in ("met", "behind", "far")),
        place("unmeasured"),
        *(visit(f"2021-03-{day:02} 20:00", at="met") for day in (2, 9, 16, 23)),
        *(visit(f"2021-03-{day:02} 20:00", at="behind") for day in (2, 9)),
        visit("2021-03-02 20:00", at="far"),
        visit("2021-03-02 20:00", at="unmeasured"),
    )
    shown = drawn(snapshot)
    assert {p.place_id: p.state for p in shown.scene.places} == {
        name: name for name in ("met", "behind", "far", "unmeasured")
    }
    assert [row.place_id for row in shown.rows] == ["far", "behind", "unmeasured", "met"]
    assert shown.figures[0].value == "1 av 3"
    assert shown.figures[1].value == "8"


def test_of_two_equally_far_the_longest_unseen_comes_first_and_the_never_seen_before_it() -> None:
    snapshot = world(
        *(place(name, per_week=100) for name in ("a", "b", "c")),
        visit("2021-02-20 20:00", at="a"),
        visit("2021-02-10 20:00", at="b"),
    )
    assert [row.place_id for row in place_rows(snapshot, MARCH.period)] == ["c", "b", "a"]


def test_a_place_just_behind_never_reads_as_there() -> None:
    assert place_state(0.9999999) == "behind"
    # 27 visits of 28 less the hour the clocks took on 28 March: 96,6 %, or 6,76 a week, cut.
    days = [f"2021-03-{day:02}" for day in range(1, 28)]
    snapshot = world(place(per_week=7), *(visit(f"{day} 20:00") for day in days))
    (row,) = place_rows(snapshot, MARCH.period)
    assert per_week(row, SV) == "6,7 av 7 besök i veckan"
    table = map_table([row], SV)
    assert table.text(0, "target_share") == "96\N{NO-BREAK SPACE}%"


@pytest.mark.parametrize(
    ("days", "said"), [(None, "aldrig"), (0.0, "0"), (6.99, "6"), (1234.0, "1\xa0234")]
)
def test_days_are_whole_days_gone(days: float | None, said: str) -> None:
    assert whole_days(days, SV) == said


def test_the_strip_tells_no_visits_from_no_report() -> None:
    # v. 9 has a visit, v. 10 one that was not done, v. 11 nothing at all, v. 12 two.
    missed = Visit(
        visit_id="missed",
        location_id="torget",
        start_at=visit("2021-03-09 20:00").start_at,
        end_at=visit("2021-03-09 20:00").start_at,
        done=False,
        not_done_reason="larm",
    )
    snapshot = world(
        place(per_week=1),
        visit("2021-03-02 20:00"),
        missed,
        visit("2021-03-23 20:00"),
        visit("2021-03-24 20:00"),
    )
    weeks = drawn(snapshot).scene.weeks
    assert weeks is not None
    assert list(weeks.bars) == [0.5, 0.0, None, 1.0]
    assert list(weeks.labels) == ["vecka 9", "vecka 10", "vecka 11", "vecka 12"]
    assert weeks.notes[0] == "vecka 9, 2021: 1 besök, 1 av 1 mätbar plats når målet"
    assert weeks.notes[2] == "vecka 11, 2021: inget rapporterat"
    assert list(weeks.states["torget"]) == ["met", "far", "far", "met"]


def test_a_filter_that_leaves_nothing_of_a_week_does_not_make_it_unreported() -> None:
    snapshot = world(
        place(per_week=1), visit("2021-03-02 20:00", kind="bil"), visit("2021-03-09 20:00")
    )
    weeks = drawn(snapshot, replace(MARCH, visit_kinds=("bil",))).scene.weeks
    assert weeks is not None
    assert list(weeks.bars) == [1.0, 0.0, None, None]


def test_a_place_is_absent_in_the_weeks_before_it_was_designated() -> None:
    snapshot = world(
        place("a"), place("b", start=date(2021, 3, 17)), visit("2021-03-02 20:00", at="a")
    )
    weeks = drawn(snapshot).scene.weeks
    assert weeks is not None
    assert list(weeks.states["b"]) == ["absent", "absent", "unmeasured", "unmeasured"]


def test_one_week_has_no_strip() -> None:
    week = Selection(MARCH.period.pieces("week")[0])
    assert drawn(world(place(), visit("2021-03-02 20:00")), week).scene.weeks is None


def test_presence_is_asked_for_by_revision_days_and_filters() -> None:
    snapshot = world(place(), visit("2021-03-02 20:00", kind="fot & bil {z}"))
    chosen = replace(MARCH, visit_kinds=("fot & bil {z}",), location_kinds=("torg",))
    tiles = drawn(snapshot, chosen).scene.presence
    assert tiles is not None
    path, _, query = tiles.url.partition("?")
    assert path == "../../tiles/presence/1/{part}/{z}/{x}/{y}.png"
    assert parse_qs(query) == {"besok": ["fot & bil {z}"], "platsslag": ["torg"]}
    assert "{" not in query  # Leaflet would take it for a place of its own.
    assert tiles.whole == "20210301-20210329"
    assert tiles.weeks[0] == "20210301-20210308"
    assert len(tiles.weeks) == 4
    assert not tiles.instead
    assert drawn(snapshot).scene.presence.url == path  # type: ignore[union-attr]
    assert drawn(world(place())).scene.presence is None


def test_what_tracks_show_is_offered_where_there_are_any_in_pictures_and_a_sentence() -> None:
    def scene(tracks: str | None) -> MapView:
        return karta(
            world(place()),
            replace(MARCH, visit_kinds=("fot",)),
            Wording("en"),
            buildings=(),
            reported_at=world().visits["start_at"],
            tracks=tracks,
        ).scene

    shown = scene("7-0123abcd")
    for name, tiles in (("ground", shown.ground), ("fixes", shown.fixes)):
        assert tiles is not None
        assert (
            tiles.url == f"../../tiles/{name}/7-0123abcd/{{part}}/{{z}}/{{x}}/{{y}}.png?besok=fot"
        )
        assert tiles.said_at == f"../../tiles/{name}/7-0123abcd/{{part}}/said?besok=fot&sprak=en"
        assert (tiles.whole, len(tiles.weeks)) == ("20210301-20210329", 4)
    assert scene(None).ground is None
    assert scene(None).fixes is None


def test_very_many_visits_are_presence_instead_of_hexagons(monkeypatch: pytest.MonkeyPatch) -> None:
    snapshot = world(place(), visit("2021-03-02 20:00"), visit("2021-03-03 20:00"))
    for most, is_instead in ((2, False), (1, True)):
        monkeypatch.setattr("ui.viewmodels.karta.MOST_IN_HEXAGONS", most)
        scene = drawn(snapshot).scene
        assert scene.presence is not None
        assert scene.presence.instead is is_instead
        assert scene.cells is not None  # a map as a file has them all the same
        codes = {item.code for item in legend_items(scene, SV)}
        assert ("visits" in codes) is not is_instead


def test_visits_without_a_position_are_summed_at_their_place() -> None:
    somewhere = visit("2021-03-03 20:00").model_copy(update={"lon": 12.69, "lat": 57.507})
    nowhere = somewhere.model_copy(
        update={"visit_id": "away", "location_id": None, "lon": 12.5, "lat": 57.4}
    )
    snapshot = world(place(), visit("2021-03-02 20:00"), somewhere, nowhere)
    cells = drawn(snapshot).scene.cells
    assert cells is not None
    assert sorted(cells.count) == [1, 2]
    # With a filter on places, only visits at one that is kept count.
    only = drawn(snapshot, replace(MARCH, location_kinds=("torg",))).scene.cells
    assert only is not None
    assert list(only.count) == [2]


def test_exact_points_are_those_of_one_place_in_the_period_that_have_a_position() -> None:
    here = visit("2021-03-03 20:00").model_copy(update={"lon": 12.6901, "lat": 57.507})
    before = here.model_copy(
        update={"visit_id": "before", "start_at": visit("2021-02-03 20:00").start_at}
    )
    elsewhere = visit("2021-03-03 20:00", at="bron").model_copy(update={"lon": 12.5, "lat": 57.4})
    bron = place("bron").model_copy(update={"geometry": Point(12.5, 57.4)})
    snapshot = world(place(), bron, here, before, elsewhere, visit("2021-03-04 20:00"))
    points = exact_points(snapshot, MARCH.period, "torget")
    assert points.lon.tolist() == [12.6901]


def test_a_space_is_judged_by_its_worst_news() -> None:
    snapshot = world(
        building("clear"),
        building("mixed"),
        building("bare", "förråd"),
        inspection("clear", "källare", "2021-03-01"),
        inspection("clear", "vind", "2020-03-01"),  # More than a year before 28 March.
        inspection("mixed", "vind", "2021-03-01", "brist", due_on=date(2021, 4, 1)),
        inspection("mixed", "källare", "2021-03-29"),  # The day after: not known yet.
    )
    found = {
        b.building_id: (b.basement, b.attic) for b in building_symbols(snapshot, as_of=MARCH_28)
    }
    assert found == {
        "clear": ("clear", "due"),
        "mixed": ("unseen", "deficiency"),
        "bare": ("none", "none"),
    }
    (area,) = area_symbols(building_symbols(snapshot, as_of=MARCH_28))
    assert (area.area, area.share, area.has_deficiency) == ("Hedbo", 0.25, True)
    assert drawn(snapshot).figures[2].value == "1"


def test_an_area_without_basements_and_attics_has_no_share() -> None:
    (area,) = area_symbols(building_symbols(world(building("a", "trapphus")), as_of=MARCH_28))
    assert area.share is None


def test_the_table_has_every_place_and_says_what_is_missing() -> None:
    snapshot = world(place("torget"), place("bron", per_week=2.5))
    table = map_table(drawn(snapshot).rows, SV)
    assert table.ids == ("bron", "torget")
    assert table.text(0, "visits_per_week") == "2,5"
    assert table.text(0, "days_since_last") == "aldrig besökt"
    assert table.text(1, "visits_per_week") == "inget mål"
    assert table.text(1, "target_share") == "ej mätbart"
