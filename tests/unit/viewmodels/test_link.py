"""A link restores its view, and a bad link is only ever ignored."""

from __future__ import annotations

from datetime import date, timedelta

from hypothesis import given
from hypothesis import strategies as st

from geo.model.period import Period
from ui.viewmodels import link
from ui.viewmodels.link import View

# What a kind or an area may be called: a line somebody typed, without ends of space.
_NAMES = st.text(
    st.characters(codec="utf-8", exclude_categories=("C", "Z")), min_size=1, max_size=40
)
_SEVERAL = st.lists(_NAMES, max_size=4, unique=True).map(tuple)
_PERIODS = st.builds(
    lambda start, days: Period(start, start + timedelta(days=days)),
    st.dates(date(1990, 1, 1), date(2100, 1, 1)),
    st.integers(1, 2000),
)
_VIEWS = st.builds(
    View,
    period=st.none() | _PERIODS,
    visit_kinds=_SEVERAL,
    location_kinds=_SEVERAL,
    priorities=st.sets(st.integers(1, 3)).map(sorted).map(tuple),
    areas=_SEVERAL,
    chosen=st.none() | st.tuples(st.sampled_from(link.CHOSEN_KINDS), _NAMES),
    language=st.sampled_from([None, "sv", "en"]),
)


@given(_VIEWS)
def test_every_view_comes_back_from_its_link(view: View) -> None:
    assert link.read(link.write(view)) == view


@given(st.dictionaries(st.sampled_from(link.NAMES), st.lists(st.text(max_size=300), max_size=60)))
def test_no_link_is_an_error_and_what_was_understood_is_kept(query: dict[str, list[str]]) -> None:
    view = link.read(query)
    assert link.read(link.write(view)) == view


def test_days_in_a_link_are_from_to_both_included() -> None:
    view = View(period=Period(date(2021, 3, 1), date(2021, 5, 31)))
    assert link.write(view) == {"fran": ["2021-03-01"], "till": ["2021-05-30"]}


def test_wrong_parts_are_left_out_and_the_rest_obeyed() -> None:
    view = link.read(
        {
            "fran": ["2021-05-30"],
            "till": ["2021-03-01"],  # Before it begins.
            "prioritet": ["0", "2", "hög", "2"],
            "omrade": ["Hedbo", "", "Hedbo", "x" * 201, "a\nb"],
            "sprak": ["de"],
            "plats": ["torget"],
            "utm_source": ["någonstans"],
        }
    )
    assert view == View(priorities=(2,), areas=("Hedbo",), chosen=("place", "torget"))


def test_a_day_that_cannot_be_is_no_period() -> None:
    for last in ("2021-02-30", "9999-12-31", "igår"):
        assert link.read({"fran": ["2021-01-01"], "till": [last]}).period is None


SEEN = View(
    period=Period(date(2021, 1, 1), date(2021, 2, 1)), areas=("Hedbo",), chosen=("place", "torget")
)


def test_going_back_to_a_bare_address_is_a_fresh_view() -> None:
    assert link.arrived(SEEN, {}, is_whole=True) == View()


def test_a_link_to_a_place_from_another_page_keeps_period_and_filters() -> None:
    came = link.arrived(SEEN, {"plats": ["bron"]}, is_whole=False)
    assert came == View(period=SEEN.period, areas=("Hedbo",), chosen=("place", "bron"))


def test_a_link_with_a_period_says_everything() -> None:
    asked = {"fran": ["2021-03-01"], "till": ["2021-03-02"]}
    came = link.arrived(SEEN, asked, is_whole=False)
    assert came == View(period=Period(date(2021, 3, 1), date(2021, 3, 3)))
