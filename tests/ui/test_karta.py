"""*Karta* through the whole program, on the example year: what a person reads and does."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import date

from shapely import Point
from streamlit.testing.v1 import AppTest

from geo.model.location import Location
from geo.services.snapshot import Snapshot
from ui import deps

OpenPage = Callable[..., AppTest]
# Thirteen whole weeks, v. 9–21.
SPRING = {"fran": "2021-03-01", "till": "2021-05-30"}


def read(app: AppTest) -> str:
    assert not app.exception, app.exception[0].message
    return "\n".join(one.value for part in (app.markdown, app.caption) for one in part)


def drawn_html(app: AppTest) -> str:
    return "\n".join(one.value for one in app.get("html"))


def standing() -> Snapshot:
    return deps.snapshot()


def test_one_sentence_sums_up_the_map(open_page: OpenPage) -> None:
    text = read(open_page(query=SPRING))
    # Two of the places designated in spring have no target.
    assert re.search(r"Under 13 veckor nådde \*\*\d+ av 23\*\* mätbara platser sitt mål\.", text)
    assert "Öxabäck, idrottsplatsen** har aldrig besökts." in text


def test_nothing_chosen_names_the_five_worst_and_one_click_opens_the_first(
    open_page: OpenPage,
) -> None:
    app = open_page(query=SPRING)
    names = [b for b in app.button if str(b.key).startswith("worst_choose_")]
    assert len(names) == 5
    first = names[0]
    first.click().run()
    assert app.query_params["plats"] == str(first.key).removeprefix("worst_choose_")
    assert [one.value for one in app.subheader] == [first.label]


def test_a_place_tells_how_far_behind_it_is_and_what_to_do(open_page: OpenPage) -> None:
    app = open_page(query={**SPRING, "plats": "rydal-parkeringen"})
    html = drawn_html(app)
    assert "Ej mätbart: platsen har inget mål" in html
    assert "dagar, längsta uppehåll" in html
    assert "*exempel*" in read(app)
    links = [one.proto.label for one in app.get("page_link")]
    assert "Logga besök" in links
    assert any(re.fullmatch(r"Visa alla \d+ besök", label) for label in links)


def test_links_take_the_choice_and_the_period_along(open_page: OpenPage) -> None:
    app = open_page(query={**SPRING, "plats": "skene-torg"})
    query = {one.proto.label: one.proto.query_string for one in app.get("page_link")}
    assert query["Logga besök"] == "fran=2021-03-01&till=2021-05-30&plats=skene-torg"


def test_a_building_tells_its_spaces_and_what_was_found(open_page: OpenPage) -> None:
    app = open_page(query={"byggnad": "exempel-hedbo-03"})
    html = drawn_html(app)
    assert 'data-state="deficiency">Brist: förråd' in html
    assert "Belysningen ur funktion" in html


def test_closing_the_panel_leaves_the_address_bare(open_page: OpenPage) -> None:
    app = open_page(query={"plats": "skene-torg"})
    app.button(key="panel_close").click().run()
    assert dict(app.query_params) == {}
    assert app.subheader[0].value == "Längst från målet"


def test_the_legend_has_what_is_on_the_map_and_no_more(open_page: OpenPage) -> None:
    assert "vald</span>" not in drawn_html(open_page())
    app = open_page(query={"plats": "skene-torg"})
    assert "vald</span>" in drawn_html(app)


def test_the_table_has_every_place_and_a_cell_chooses_its_place(open_page: OpenPage) -> None:
    app = open_page(query=SPRING)
    assert not app.dataframe
    app.toggle(key="map_table").set_value(True).run()
    table = app.dataframe[0].value
    assert len(table) == 25
    assert app.dataframe[0].proto.alt


def test_filters_narrow_the_map_and_the_sentence(open_page: OpenPage) -> None:
    app = open_page(query=SPRING)
    app.button_group(key="filter_location_kinds").set_value(["torg"]).run()
    # Kinna, Skene and Fritsla have a square.
    assert "av 3** mätbara platser" in read(app)
    assert app.query_params["platsslag"] == "torg"


def test_an_empty_map_says_what_to_do(open_empty_page: OpenPage) -> None:
    app = open_empty_page()
    assert app.subheader[0].value == "Inga platser än"
    assert "importera en fil på sidan Data" in read(app)


DRAWN = ["plats-0123456789ab", Point(12.6, 57.45).wkt]


def fill(app: AppTest, name: str, kind: str = "torg") -> AppTest:
    next(one for one in app.text_input if one.label == "Namn").set_value(name)
    next(one for one in app.selectbox if one.label == "Typ av plats").set_value(kind)
    return app


def save(app: AppTest) -> AppTest:
    return next(one for one in app.button if one.label == "Spara platsen").click().run()


def test_a_drawn_place_is_saved_and_chosen(open_page: OpenPage) -> None:
    app = open_page(query=SPRING)
    app.session_state["draft"] = DRAWN
    app.run()
    assert app.subheader[0].value == "Ny plats"
    save(fill(app, "Parken bakom *skolan*"))
    assert not app.exception
    saved = standing().place("plats-0123456789ab", on=date(2021, 5, 30))
    assert isinstance(saved, Location)
    assert (saved.name, saved.kind, saved.visits_per_week) == ("Parken bakom *skolan*", "torg", 3)
    # Designated from the last day that is shown, so that it is on the map at once.
    assert saved.designated_from == date(2021, 5, 30)
    assert not saved.example
    assert app.query_params["plats"] == "plats-0123456789ab"
    assert app.subheader[0].value == r"Parken bakom \*skolan\*"


def test_what_is_wrong_with_a_drawn_place_is_said_and_nothing_is_saved(open_page: OpenPage) -> None:
    app = open_page()
    before = standing().revision
    app.session_state["draft"] = DRAWN
    save(fill(app.run(), ""))
    assert [one.value for one in app.warning] == ["**Namn** Värde saknas."]
    assert standing().revision == before


def test_a_text_that_looks_like_a_person_is_warned_about_once(open_page: OpenPage) -> None:
    app = open_page()
    before = standing().revision
    app.session_state["draft"] = DRAWN
    save(fill(app.run(), "Ring 070-123 45 67"))
    assert "telefonnummer" in app.warning[0].value
    assert standing().revision == before
    save(app)
    assert standing().revision == before + 1


def test_a_drawn_place_can_be_thrown_away(open_page: OpenPage) -> None:
    app = open_page()
    app.session_state["draft"] = DRAWN
    app.run()
    next(one for one in app.button if one.label == "Släng").click().run()
    assert "draft" not in app.session_state
    assert app.subheader[0].value == "Längst från målet"
