"""What frames every page: the bars, the filters, the address, the language."""

from __future__ import annotations

import pickle
from collections.abc import Callable
from datetime import date

import pytest
import streamlit as st
from streamlit.testing.v1 import AppTest

from geo.services.recording import save
from ui import deps, state

OpenPage = Callable[..., AppTest]
PAGES = ("karta", "tackning", "genomgangar", "loften", "logga", "data", "om")


def read(app: AppTest) -> str:
    assert not app.exception, app.exception[0].message
    return "\n".join(one.value for part in (app.markdown, app.caption) for one in part)


def linked(app: AppTest) -> dict[str, list[str]]:
    """The address as a query: AppTest gives a parameter as it was set, a text or a list."""
    return {
        name: [value] if isinstance(value, str) else list(value)
        for name, value in app.query_params.items()
    }


@pytest.mark.parametrize("page", PAGES)
def test_every_page_has_the_bars_and_says_that_the_data_are_examples(
    open_page: OpenPage, page: str
) -> None:
    text = read(open_page(page))
    assert "**Trygg karta · Mark**" in text
    # The example year ends on New Year's Eve; the last inspection was in December.
    assert "Besök t.o.m. 31 dec. · MBAB t.o.m." in text
    assert "Exempeldata: platser, besök och fynd är påhittade." in text


@pytest.mark.parametrize("page", PAGES)
def test_every_page_stands_without_any_data(open_empty_page: OpenPage, page: str) -> None:
    text = read(open_empty_page(page))
    assert "Inga uppgifter än" in text
    assert "Exempeldata: platser" not in text


def test_a_bare_address_is_the_last_thirteen_weeks(open_page: OpenPage) -> None:
    app = open_page()
    assert app.button_group(key="filter_preset").value == "13v"
    assert app.date_input(key="filter_from").value == date(2021, 10, 4)
    assert app.date_input(key="filter_to").value == date(2021, 12, 31)
    assert linked(app) == {}


def test_a_short_cut_changes_the_days_and_the_address(open_page: OpenPage) -> None:
    app = open_page()
    app.button_group(key="filter_preset").set_value("4v").run()
    assert "Under 26 dagar nådde" in read(app)
    assert linked(app) == {"fran": ["2021-12-06"], "till": ["2021-12-31"]}
    assert app.date_input(key="filter_from").value == date(2021, 12, 6)


def test_days_moved_past_each_other_are_put_in_order(open_page: OpenPage) -> None:
    app = open_page(query={"fran": "2021-03-01", "till": "2021-05-30"})
    app.date_input(key="filter_from").set_value(date(2021, 6, 30)).run()
    assert linked(app) == {"fran": ["2021-05-30"], "till": ["2021-06-30"]}
    assert app.button_group(key="filter_preset").value is None


def test_the_filters_come_along_to_another_page(open_page: OpenPage) -> None:
    app = open_page(query={"fran": "2021-03-01", "till": "2021-05-30", "omrade": "Hedbo"})
    app.query_params.clear()  # As a link without parameters leaves it.
    app.switch_page("pages/tackning.py").run()
    assert linked(app)["fran"] == ["2021-03-01"]
    assert linked(app)["omrade"] == ["Hedbo"]
    assert app.button_group(key="filter_areas").value == ["Hedbo"]


def test_going_back_to_a_bare_address_shows_what_it_showed(open_page: OpenPage) -> None:
    app = open_page()
    app.button_group(key="filter_preset").set_value("year").run()
    assert linked(app)["fran"] == ["2021-01-01"]
    app.query_params.clear()
    app.run()
    assert app.button_group(key="filter_preset").value == "13v"
    assert linked(app) == {}


def test_what_was_chosen_after_going_back_is_kept(open_page: OpenPage) -> None:
    app = open_page()
    app.button_group(key="filter_preset").set_value("year").run()
    app.query_params.clear()
    app.run()
    app.button_group(key="filter_priorities").set_value([1]).run()
    app.run()
    assert linked(app) == {"prioritet": ["1"]}
    assert app.button_group(key="filter_priorities").value == [1]


def test_a_link_with_nonsense_is_obeyed_where_it_makes_sense(open_page: OpenPage) -> None:
    query = {"fran": "igår", "till": "2021-05-30", "besok": "ufo", "plats": "finns-inte"}
    app = open_page(query=query)
    assert app.button_group(key="filter_preset").value == "13v"
    assert app.button_group(key="filter_visit_kinds").value == []
    assert [box.value for box in app.info] == ["Det valda finns inte."]


def test_a_parameter_of_a_page_stays_in_the_address(open_page: OpenPage) -> None:
    app = open_page(query={"min_sida": "3"})
    app.button_group(key="filter_preset").set_value("4v").run()
    assert linked(app)["min_sida"] == ["3"]


def test_the_search_chooses_and_lets_the_map_fly_there(open_page: OpenPage) -> None:
    app = open_page()
    app.selectbox(key="filter_search").set_value("place:skene-torg").run()
    assert linked(app) == {"plats": ["skene-torg"]}
    assert [one.value for one in app.subheader] == ["Skene torg"]
    assert app.selectbox(key="filter_search").value is None
    assert app.session_state["flight"] == 1


def test_the_search_finds_what_the_filters_hide(open_page: OpenPage) -> None:
    app = open_page(query={"platsslag": "badplats", "besok": "bil"})
    app.selectbox(key="filter_search").set_value("place:skene-torg").run()
    assert [box.value for box in app.info] == ["Skene torg döljs av filtren."]
    app.button(key="panel_unfilter").click().run()
    assert [one.value for one in app.subheader] == ["Skene torg"]
    assert linked(app) == {"plats": ["skene-torg"]}


def test_the_other_language_is_one_click_away_and_stands_in_the_link(open_page: OpenPage) -> None:
    app = open_page()
    assert app.button(key="language").label == "English"
    app.button(key="language").click().run()
    assert linked(app) == {"sprak": ["en"]}
    assert app.button(key="language").label == "Svenska"
    assert "4 October – 31 December 2021" in read(app)
    app.button(key="language").click().run()
    assert linked(app) == {}


def test_a_session_keeps_primitives_and_ids_only(open_page: OpenPage) -> None:
    app = open_page(query={"plats": "skene-torg", "besok": "bil"})
    app.button_group(key="filter_preset").set_value("4v").run()
    kept = {key: app.session_state[key] for key in state.OWN_KEYS if key in app.session_state}
    assert "view" in kept
    assert pickle.loads(pickle.dumps(kept)) == kept
    flat = [kept]
    while flat:
        one = flat.pop()
        if isinstance(one, dict | list):
            flat.extend(one.values() if isinstance(one, dict) else one)
        else:
            assert one is None or isinstance(one, str | int | float | bool)


def test_something_written_while_a_page_is_drawn_is_seen_by_it(open_page: OpenPage) -> None:
    open_page()  # Sets the database up.
    with deps.one_run():
        before = deps.snapshot()
        place = before.locations[0].model_copy(update={"location_id": "ny"})
        save(deps.store(), place, account="lokal", now=deps.now())
        after = deps.snapshot()
    assert after.revision > before.revision
    assert {p.location_id for p in after.locations} - {p.location_id for p in before.locations} == {
        "ny"
    }


def test_a_page_that_fails_says_so_calmly(
    open_page: OpenPage, monkeypatch: pytest.MonkeyPatch
) -> None:
    app = open_page()

    def fail(*args: object) -> None:
        raise RuntimeError("hemligt")

    monkeypatch.setattr("ui.components.answers.karta", fail)
    st.config.set_option("client.showErrorDetails", "none")
    try:
        app.run()
    finally:
        st.config.set_option("client.showErrorDetails", "full")
    assert not app.exception
    assert "antecknat" in app.error[0].value
    assert "hemligt" not in app.error[0].value
    # The bars stand, so that one can go somewhere else.
    assert app.button_group(key="filter_preset").value == "13v"
