"""*Genomgångar* through the whole program, on the example year."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pandas as pd
import pytest
from streamlit.testing.v1 import AppTest

OpenPage = Callable[..., AppTest]
YEAR = {"fran": "2021-01-01", "till": "2021-12-31"}
BUILDING = "exempel-fritsla-09"


def read(app: AppTest) -> str:
    assert not app.exception, app.exception[0].message
    return "\n".join(one.value for part in (app.markdown, app.caption) for one in part)


def table(app: AppTest, key: str) -> pd.DataFrame:
    found = [one for one in app.dataframe if one.key == key]
    assert found, f"no table {key}"
    return found[0].value


def choose_cell(app: AppTest, key: str, row: int, column: str) -> AppTest:
    selection: dict[str, Any] = {"rows": [], "columns": [], "cells": [[row, column]]}
    app.session_state[key] = {"selection": selection}
    return app.run()


def test_the_sentence_and_every_area(open_page: OpenPage) -> None:
    app = open_page("genomgangar", query=YEAR)
    text = read(app)
    assert "källare och vindar gåtts igenom" in text
    assert "Läget i slutet av 31 december 2021." in text
    areas = table(app, "genomgangar_areas")
    assert len(areas) == 14
    app = choose_cell(app, "genomgangar_areas", 0, "area")
    buildings = table(app, "genomgangar_area_buildings")
    assert set(buildings["area"]) == {areas["area"].iloc[0]}


def test_the_period_moves_the_day_the_states_are_of(open_page: OpenPage) -> None:
    early = open_page("genomgangar", query={"fran": "2021-01-01", "till": "2021-02-28"})
    assert "i slutet av 28 februari 2021" in read(early)
    late = table(open_page("genomgangar", query=YEAR), "genomgangar_areas")
    assert table(early, "genomgangar_areas")["share"].sum() < late["share"].sum()


def test_an_opened_building_shows_its_spaces_and_what_happened(open_page: OpenPage) -> None:
    app = open_page("genomgangar", query={**YEAR, "vy": "byggnader", "byggnad": BUILDING})
    text = read(app)
    assert "Exempelängen 9, Fritsla" in text
    assert "Aldrig sedd:" in text
    spaces = [one.value for one in app.dataframe if "last_inspected_at" in one.value.columns]
    assert set(spaces[0]["space"]) >= {"källare", "vind"}
    history = table(app, "opened_history")
    assert history["inspected_at"].is_monotonic_decreasing
    app = choose_cell(app, "opened_history", 0, "space")
    assert any("ratta=inspections" in str(link.proto) for link in app.get("page_link"))
    app.button(key="close_building").click().run()
    assert "byggnad" not in app.query_params


def test_states_narrow_the_buildings(open_page: OpenPage) -> None:
    app = open_page("genomgangar", query={**YEAR, "vy": "byggnader"})
    everything = len(table(app, "genomgangar_buildings"))
    app.pills(key="linked_lage").set_value(["deficiency"]).run()
    assert 0 < len(table(app, "genomgangar_buildings")) < everything
    assert (table(app, "genomgangar_buildings")["open_deficiencies"] > 0).all()


def test_the_states_asked_for_stand_in_the_link(open_page: OpenPage) -> None:
    app = open_page("genomgangar", query={**YEAR, "vy": "byggnader"})
    app.pills(key="linked_lage").set_value(["due", "deficiency"]).run()
    linked_to = list(app.query_params["lage"])
    again = open_page("genomgangar", query={**YEAR, "vy": "byggnader", "lage": linked_to})
    assert set(again.pills(key="linked_lage").value) == {"due", "deficiency"}
    assert table(again, "genomgangar_buildings").equals(table(app, "genomgangar_buildings"))
    app.pills(key="linked_lage").set_value([]).run()
    assert "lage" not in app.query_params


def test_what_to_do_and_what_waits(open_page: OpenPage) -> None:
    app = open_page("genomgangar", query={**YEAR, "vy": "att-gora"})
    to_do = table(app, "genomgangar_to_do")
    assert list(to_do["area"]) == sorted(to_do["area"])
    app = open_page("genomgangar", query={**YEAR, "vy": "brister", "utrymmen": "all"})
    assert len(table(app, "genomgangar_deficiencies")) == 11
    assert "Utrymmen som ingen kom in i senast" in read(app)
    assert len(table(app, "genomgangar_no_access"))


def test_the_areas_of_the_filter_are_obeyed(open_page: OpenPage) -> None:
    app = open_page("genomgangar", query={**YEAR, "omrade": "Hedbo"})
    assert list(table(app, "genomgangar_areas")["area"]) == ["Hedbo"]


def test_an_empty_installation_says_what_to_do(open_empty_page: OpenPage) -> None:
    assert "Importera byggnader och genomgångar" in read(open_empty_page("genomgangar"))


@pytest.mark.parametrize("part", ["omraden", "byggnader", "att-gora", "brister"])
def test_every_part_opens_in_english(open_page: OpenPage, part: str) -> None:
    read(open_page("genomgangar", query={**YEAR, "vy": part, "sprak": "en", "byggnad": BUILDING}))
