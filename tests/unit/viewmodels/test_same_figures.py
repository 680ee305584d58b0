"""One figure, one number: the map, its table, Täckning, Jämför and Löften say the same.

Over the example year, for the short cuts of the pages and with filters; and for two places
whose areas overlap, which the example year has none of.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import replace
from datetime import date
from functools import cache
from typing import get_args

import pytest
from shapely import Point

from geo.model.period import Period
from geo.model.record import Record
from geo.services.demo import example_records
from geo.services.selection import Selection, narrowed
from geo.services.snapshot import Snapshot
from tests.unit.viewmodels.world import MARCH, SV, place, visit, world
from ui.viewmodels import coverage_compare, coverage_trend, tackning
from ui.viewmodels.coverage_compare import Against, Compared, contrast
from ui.viewmodels.karta import Karta, karta
from ui.viewmodels.loften import promise_page
from ui.viewmodels.map_table import map_table
from ui.viewmodels.period import AsOf
from ui.viewmodels.pieces import Cut
from ui.viewmodels.place_panel import place_panel
from ui.viewmodels.table import Table
from ui.viewmodels.visits_behind import Asked, visits_behind

YEAR = Selection(Period(date(2021, 1, 1), date(2022, 1, 1)))
AUTUMN = Selection(Period(date(2021, 10, 4), date(2022, 1, 1)))
"""The thirteen weeks the pages open with: three visits in them were at no place."""

VIEWS: Mapping[str, Selection] = {
    "the year": YEAR,
    "thirteen weeks": AUTUMN,
    "a week across New Year": Selection(Period(date(2021, 12, 27), date(2022, 1, 3))),
    "a day": Selection(Period(date(2021, 10, 31), date(2021, 11, 1))),
    "one kind of patrol": replace(AUTUMN, visit_kinds=("fotpatrull",)),
    "one kind of place": replace(AUTUMN, location_kinds=("station",)),
    "the first priority": replace(YEAR, priorities=(1,)),
}


@cache
def example() -> Snapshot:
    return world(*example_records(seed=2021))


@pytest.fixture(params=VIEWS, ids=list(VIEWS))
def view(request: pytest.FixtureRequest) -> Selection:
    return VIEWS[request.param]


def seen(selection: Selection, of: Snapshot | None = None) -> Snapshot:
    return narrowed(of or example(), selection)


def drawn(snapshot: Snapshot, selection: Selection) -> Karta:
    reported_at = snapshot.visits["start_at"]
    return karta(snapshot, selection, SV, buildings=(), reported_at=reported_at)


def overview(snapshot: Snapshot, selection: Selection) -> Table:
    return tackning.overview(snapshot, selection, SV, (), None).places


def number(told: str) -> int:
    """Read the first number of a sentence, as a person does."""
    found = re.search(r"\d[\d\N{NO-BREAK SPACE}]*", told)
    assert found is not None, told
    return int(found[0].replace("\N{NO-BREAK SPACE}", ""))


def by_place(table: Table, column: str) -> dict[str, str]:
    return {key: table.text(row, column) for row, key in enumerate(table.ids)}


def totals(snapshot: Snapshot, selection: Selection) -> dict[str, int]:
    """Every place where a number of visits of the whole view is read."""
    map_page, period = drawn(snapshot, selection), selection.period
    against = Against(other=period.previous())
    strip = map_page.scene.weeks
    table = map_table(map_page.rows, SV)
    return {
        "the map's headline": number(map_page.figures[1].value),
        "the map's table": sum(number(one) for one in by_place(table, "visits").values()),
        "the map's strip": number(map_page.figures[1].value)
        if strip is None
        else sum(number(note.split(": ")[1]) for note in strip.notes if "besök" in note),
        "Täckning": sum(
            number(one) for one in by_place(overview(snapshot, selection), "visits").values()
        ),
        "Utveckling": number(
            coverage_trend.trend(snapshot, selection, SV, Cut("week"), None).sentence
        ),
        "lengths": sum(one.visits for one in tackning.bands(snapshot, selection, SV, None)),
        "Jämför": number(contrast(snapshot, selection, SV, against).sentence),
        "the rows behind": number(
            visits_behind(snapshot, selection, SV, Asked(period=period)).sentence
        ),
    }


def test_the_number_of_visits_is_the_same_wherever_it_is_read(view: Selection) -> None:
    found = totals(seen(view), view)
    assert len(set(found.values())) == 1, found
    assert found["Täckning"] > 0


def test_visits_at_no_place_are_in_the_data_so_that_the_test_above_can_fail() -> None:
    snapshot = seen(AUTUMN)
    begun = snapshot.visits["start_at"]
    in_time = (begun >= AUTUMN.period.start_at) & (begun < AUTUMN.period.end_at)
    done = int((snapshot.visits["done"] & in_time).sum())
    assert done > totals(snapshot, AUTUMN)["Täckning"]


def test_a_visit_in_two_places_counts_at_both_wherever_it_is_read() -> None:
    # Two circles of 75 m, 60 m apart (0.001° of longitude at 57.5°), and a visit between them.
    one, other = Point(12.690, 57.507), Point(12.691, 57.507)
    between: Record = visit("2021-03-02 20:00").model_copy(
        update={"location_id": None, "lon": 12.6905, "lat": 57.507}
    )
    snapshot = world(
        place("a", per_week=1).model_copy(update={"geometry": one}),
        place("b").model_copy(update={"geometry": other}),
        between,
        visit("2021-03-23 20:00", at="a"),
    )
    found = totals(snapshot, MARCH)
    assert set(found.values()) == {3}, found


MAP_COLUMNS: Mapping[Compared, str] = {
    "visits": "visits",
    "target_share": "target_share",
    "days_since_last": "days_since_last",
    "longest_gap_days": "longest_gap_days",
    "hit_in_time_share": "hit_in_time_share",
}
NOTHING = {"–", "aldrig", "aldrig besökt", "ej mätbart"}
"""Each table has its own word for what cannot be said; they are not numbers."""


def read(told: Mapping[str, str]) -> dict[str, str]:
    return {key: "" if text in NOTHING else text for key, text in told.items()}


@pytest.mark.parametrize("figure", get_args(Compared))
def test_a_place_s_figure_is_the_same_in_every_table(view: Selection, figure: Compared) -> None:
    snapshot = seen(view)
    in_overview = read(by_place(overview(snapshot, view), figure))
    against = Against(other=view.period.previous(), figure=figure)
    compared = read(by_place(contrast(snapshot, view, SV, against).table, "now"))
    assert {key: compared[key] for key in in_overview} == in_overview
    if figure in MAP_COLUMNS:
        table = map_table(drawn(snapshot, view).rows, SV)
        assert read(by_place(table, MAP_COLUMNS[figure])) == in_overview


def test_figures_are_called_the_same_in_every_table() -> None:
    snapshot = seen(AUTUMN)
    tables = (map_table(drawn(snapshot, AUTUMN).rows, SV), overview(snapshot, AUTUMN))
    on_map, in_overview = (
        {column.name: column.title for column in table.columns} for table in tables
    )
    for figure in MAP_COLUMNS:
        assert on_map[figure] == in_overview[figure] == coverage_compare.COMPARED_WORDS[figure]


def test_a_state_and_its_percent_never_contradict_each_other(view: Selection) -> None:
    snapshot = seen(view)
    table = overview(snapshot, view)
    states = dict(zip(table.ids, table.rows["state"], strict=True))
    shares = by_place(table, "target_share")
    for key, state in states.items():
        match state:
            case "met":
                assert number(shares[key]) == 100
            case "behind":
                assert 50 <= number(shares[key]) < 100
            case "far":
                assert number(shares[key]) < 50
            case "unmeasured":
                assert shares[key] == "ej mätbart"
    met = sum(share.startswith("100") for share in shares.values())
    measured = sum(share != "ej mätbart" for share in shares.values())
    assert drawn(snapshot, view).figures[0].value == f"{met} av {measured}"


def test_the_panel_says_what_the_tables_say(view: Selection) -> None:
    snapshot = seen(view)
    table = overview(snapshot, view)
    hits = read(by_place(table, "hit_in_time_share"))
    since = read(by_place(table, "days_since_last"))
    visits = by_place(table, "visits")
    as_of = AsOf(view.period.last_on, 365)
    for key in table.ids:
        panel = place_panel(
            snapshot, view, SV, key, reported_at=snapshot.visits["start_at"], as_of=as_of
        )
        assert panel is not None
        days, _, hit = (figure.value for figure in panel.figures)
        assert hit == (hits[key] or "–")
        assert panel.visits == number(visits[key])
        # Whole days gone, where the tables have tenths: the same number, cut one digit sooner.
        assert days == since[key].split(",")[0] or (days, since[key]) == ("aldrig", "")


def test_the_promise_counts_the_places_that_tackning_counts() -> None:
    last = date(2021, 12, 31)
    page = promise_page(seen(YEAR), YEAR, SV, "medborgarlofte-2021", last)
    (card,) = (one for one in page.cards if one.item_id.endswith("narvaro"))
    shares = by_place(overview(seen(YEAR), YEAR), "target_share")
    listed = {**by_place(card.records, "target_share")}
    assert card.missing is not None
    listed |= by_place(card.missing, "target_share")
    assert listed == {key: share for key, share in shares.items() if share != "ej mätbart"}
    assert card.count == drawn(seen(YEAR), YEAR).figures[0].value
