"""*Täckning* through the whole program, on the example year: what a person reads."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pandas as pd
import pytest
from streamlit.testing.v1 import AppTest

OpenPage = Callable[..., AppTest]
# Thirteen whole weeks, v. 23–35; nothing at all was reported in v. 28.
SUMMER = {"fran": "2021-06-07", "till": "2021-09-05"}


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


def linked(app: AppTest, name: str) -> str:
    """A query parameter, which AppTest gives as it was set: a text or a list."""
    value = app.query_params[name]
    return value if isinstance(value, str) else value[-1]


def test_one_sentence_on_top_and_every_place_in_the_table(open_page: OpenPage) -> None:
    app = open_page("tackning", query=SUMMER)
    text = read(app)
    assert "Under 13 veckor nådde **" in text
    assert "av 24** mätbara platser sitt mål" in text
    assert "Inget alls är rapporterat v. 28" in text
    places = table(app, "tackning_places")
    # 26 places were designated that summer, two of them without a target.
    assert len(places) == 26
    assert places["target_share"].is_monotonic_increasing
    assert "**Aldrig besökta:**" in text
    assert "**Ej mätbara" in text
    assert "Tumregel" in text


def test_a_chosen_place_opens_the_visits_behind_its_numbers(open_page: OpenPage) -> None:
    app = open_page("tackning", query={**SUMMER, "plats": "kinna-torget"})
    places = table(app, "tackning_places").set_index("name")
    counted = int(places.loc["Kinna centrum, torget", "visits"])
    assert f"{counted} besök började" in read(app)
    assert len(table(app, "tackning_places_behind")) == counted
    app = choose_cell(app, "tackning_bands", 0, "visits")
    short = int(table(app, "tackning_bands")["visits"].iloc[0])
    assert f"{short} besök började" in read(app)


def test_a_visit_behind_a_number_leads_to_its_correction(open_page: OpenPage) -> None:
    app = open_page("tackning", query={**SUMMER, "plats": "kinna-torget"})
    app = choose_cell(app, "tackning_places_behind", 0, "minutes")
    links = [one.proto for one in app.main if one.type == "page_link"]
    links = links or [one.proto for one in app.get("page_link")]
    assert any("ratta=visits" in str(link) for link in links)


@pytest.mark.parametrize("grain", ["week", "day", "month"])
def test_the_heat_matrix_and_its_twin(open_page: OpenPage, grain: str) -> None:
    app = open_page("tackning", query={**SUMMER, "vy": "tid", "steg": grain})
    assert "Andelen platser som nådde målet var högst" in read(app)
    app.toggle(key="tackning_heat_as_table").set_value(True).run()
    twin = table(app, "tackning_heat_table")
    assert len(twin) == 26
    pieces = {"week": 13, "day": 91, "month": 4}[grain]
    assert len(twin.columns) == pieces + 1
    if grain == "week":
        assert set(twin["2021-07-12"]) <= {"inget rapporterat", "inte utpekad"}
        app = choose_cell(app, "tackning_heat_table", 0, "2021-06-07")
        assert "besök började 7 juni – 13 juni 2021" in read(app)


def test_a_chosen_cell_of_the_chart_opens_its_visits(open_page: OpenPage) -> None:
    app = open_page("tackning", query={**SUMMER, "vy": "tid"})
    cell = {"location_id": "kinna-torget", "piece": "2021-06-14"}
    app.session_state["tackning_heat"] = {"selection": {"cell": [cell]}}
    text = read(app.run())
    assert "Kinna centrum" in text
    assert "14 juni – 20 juni 2021" in text


def test_the_hours_of_one_place(open_page: OpenPage) -> None:
    app = open_page("tackning", query={**SUMMER, "vy": "dygn"})
    assert "platsens egna otrygga timmar" in read(app)
    app.selectbox(key="tackning_place").set_value("kinna-torget").run()
    assert "föll i platsens otrygga timmar" in read(app)
    assert linked(app, "plats") == "kinna-torget"
    app.toggle(key="tackning_hours_as_table").set_value(True).run()
    app = choose_cell(app, "tackning_hours_table", 4, "21")
    assert "fredag 21–22" in read(app)


def test_the_trend_and_how_even_it_is(open_page: OpenPage) -> None:
    app = open_page("tackning", query={**SUMMER, "vy": "utveckling"})
    text = read(app)
    assert "inget rapporterat alls, så antalet är okänt" in text
    assert "Hälften av besöken gjordes på" in text
    app.toggle(key="tackning_trend_as_table").set_value(True).run()
    twin = table(app, "tackning_trend_table").set_index("label")
    assert pd.isna(twin.loc["v. 28", "visits"]) or twin.loc["v. 28", "visits"] == float("inf")


def test_beside_another_period(open_page: OpenPage) -> None:
    app = open_page("tackning", query={**SUMMER, "vy": "jamfor"})
    text = read(app)
    assert "under 13 veckor dessförinnan" in text
    assert "inte om tryggheten ändrades" in text
    app = choose_cell(app, "tackning_compare", 0, "before")
    assert "besök började 8 mars – 6 juni 2021" in read(app)
    app = open_page(
        "tackning",
        query={
            **SUMMER,
            "vy": "jamfor",
            "mot": "annan",
            "mot_fran": "2021-01-01",
            "mot_till": "2021-01-31",
        },
    )
    assert "Perioderna är olika långa" in read(app)


def test_the_link_restores_the_part_and_wrong_ones_are_ignored(open_page: OpenPage) -> None:
    app = open_page("tackning", query={**SUMMER, "vy": "finns-inte", "steg": "sekel"})
    assert "vy" not in app.query_params
    assert len(table(app, "tackning_places")) == 26
    app.segmented_control(key="linked_vy").set_value("jamfor").run()
    assert linked(app, "vy") == "jamfor"


def test_an_empty_installation_says_what_to_do(open_empty_page: OpenPage) -> None:
    text = read(open_empty_page("tackning"))
    assert "Det finns inga utpekade platser än. Importera platser på sidan Data" in text
    assert "Visa som tabell" not in text


@pytest.mark.parametrize("part", ["platser", "tid", "dygn", "utveckling", "jamfor"])
def test_every_part_opens_in_english(open_page: OpenPage, part: str) -> None:
    read(open_page("tackning", query={**SUMMER, "vy": part, "sprak": "en"}))


def test_the_way_to_a_correction_opens_that_very_visit(open_page: OpenPage) -> None:
    app = open_page("tackning", query={**SUMMER, "plats": "kinna-torget"})
    app = choose_cell(app, "tackning_places_behind", 0, "minutes")
    shown = table(app, "tackning_places_behind")["minutes"].iloc[0]
    (link,) = [str(one.proto) for one in app.get("page_link") if "ratta" in str(one.proto)]
    visit_id = link.split("visits%3A")[-1].split("visits:")[-1].split('"')[0]
    opened = open_page("logga", query={**SUMMER, "ratta": f"visits:{visit_id}"})
    assert "Ändra besöket" in read(opened)
    assert "ratta" not in opened.query_params
    assert shown > 0
    for other in ("visits:x", "promises:x", "nonsense"):
        assert not open_page("logga", query={"ratta": other}).exception


def test_the_lengths_of_visits_are_parts_of_one_whole(open_page: OpenPage) -> None:
    lengths = table(open_page("tackning", query=SUMMER), "tackning_bands")
    assert round(float(lengths["share"].sum()), 9) == 1


def test_every_table_is_written_out_for_whoever_has_it_read_aloud(open_page: OpenPage) -> None:
    app = open_page("tackning", query=SUMMER)
    written = [str(one.value) for one in app.get("html") if "tk-written" in str(one.value)]
    assert len(written) == len(app.dataframe)
    everything = "".join(written)
    assert "<caption>" in everything
    assert "Infinity" not in everything
    assert "aldrig" in everything
