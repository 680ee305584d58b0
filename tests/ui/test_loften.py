"""*Löften* through the whole program, on the example year."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date

from streamlit.testing.v1 import AppTest

OpenPage = Callable[..., AppTest]
AUTUMN = {"fran": "2021-07-01", "till": "2021-09-30"}


def read(app: AppTest) -> str:
    assert not app.exception, app.exception[0].message
    return "\n".join(one.value for part in (app.markdown, app.caption) for one in part)


def linked(app: AppTest, name: str) -> str:
    """A query parameter, which AppTest gives as it was set: a text or a list."""
    value = app.query_params[name]
    return value if isinstance(value, str) else value[-1]


def test_each_item_with_its_count_on_the_last_day_of_the_period(open_page: OpenPage) -> None:
    app = open_page("loften", query=AUTUMN)
    text = read(app).replace("\\", "")
    assert "Till och med 30 september 2021 har **0 av 3** mätbara punkter uppfyllts" in text
    assert "Dagen är periodens sista." in text
    for item in (
        "Förstärkt närvaro på särskilt utpekade otrygga platser",
        "Minst fyra riktade insatser mot narkotika",
        "Förebyggande arbete i skolor",
        "Information till vårdnadshavare",
        "Genomgång av källare och vindar",
        "synpunkter och tips",
    ):
        assert item in text, item
    # Three of the four operations were before October.
    assert "### 3 av 4" in text
    assert "ej mätbart" in " ".join(str(one.proto) for one in app.get("html"))


def test_another_day_can_be_asked_for_and_is_in_the_link(open_page: OpenPage) -> None:
    app = open_page("loften", query=AUTUMN)
    app.date_input[-1].set_value(date(2021, 6, 30)).run()
    text = read(app).replace("\\", "")
    assert "Dagen är vald här" in text
    assert "### 2 av 4" in text
    assert linked(app, "den") == "2021-06-30"
    assert "### 2 av 4" in read(open_page("loften", query={**AUTUMN, "den": "2021-06-30"}))


def test_the_list_behind_the_number(open_page: OpenPage) -> None:
    app = open_page("loften", query=AUTUMN)
    # Items that cannot be measured show their list at once.
    counted = [one.value for one in app.dataframe if "kind" in one.value.columns]
    school = [rows for rows in counted if set(rows["kind"]) == {"skolarbete"}]
    assert [len(rows) for rows in school] == [9]


def test_before_the_first_promise_it_is_said_when_it_begins(open_page: OpenPage) -> None:
    app = open_page("loften", query={"fran": "2020-01-01", "till": "2020-12-31"})
    assert "Det första börjar 1 januari 2021" in read(app)


def test_filters_are_obeyed_and_it_is_said(open_page: OpenPage) -> None:
    text = read(open_page("loften", query={**AUTUMN, "omrade": "Hedbo"})).replace("\\", "")
    assert "Bostadsområden: Hedbo" in text


def test_an_empty_installation_still_shows_the_promise(open_empty_page: OpenPage) -> None:
    text = read(open_empty_page("loften", query={"fran": "2021-01-01", "till": "2021-12-31"}))
    assert "Minst fyra riktade insatser mot narkotika" in text


def test_it_opens_in_english(open_page: OpenPage) -> None:
    read(open_page("loften", query={**AUTUMN, "sprak": "en"}))
