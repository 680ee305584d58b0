"""The page *Om* opens in both languages and says what it must."""

from __future__ import annotations

from collections.abc import Callable

from streamlit.testing.v1 import AppTest

OpenPage = Callable[..., AppTest]


def read(app: AppTest) -> str:
    assert not app.exception, app.exception[0].message
    return "\n".join(one.value for part in (app.markdown, app.caption) for one in part)


def test_om_says_what_is_measured_how_much_there_is_and_how_old_it_is(open_page: OpenPage) -> None:
    text = read(open_page("om"))
    for must in (
        "25 tjänsteminuter",
        "tumregel",
        "Ej mätbart",
        "Veckor utan uppgifter",
        "Ingen effekt",
        "Förenklad gräns",
        "75 meters radie",
        "365 dagar efter",
        "OpenStreetMap",
        "**Besök**: 3",
        "**Senaste besök**: 1 jan",
        "**Programversion**",
        "**Tillhåll**",
    ):
        assert must in text.replace("\\", ""), must


def test_om_opens_on_an_empty_database(open_empty_page: OpenPage) -> None:
    assert "**Senaste besök**: inga än" in read(open_empty_page("om"))


def test_om_has_no_filters_to_obey(open_page: OpenPage) -> None:
    assert not open_page("om", query={"sprak": "en"}).exception
