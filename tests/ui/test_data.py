"""Files in and out as a person does it: what they choose, and what they then read."""

from __future__ import annotations

import os
from collections.abc import Callable

import pytest
from streamlit.testing.v1 import AppTest

from geo.model.receipt import Receipt
from geo.model.visit import Visit
from geo.store.open import open_store
from geo.store.store import Put

OpenPage = Callable[..., AppTest]

GOOD_AND_BAD = """plats;start;slut;antal;anteckning;väder
kinna-torget;2021-03-12 23:50;2021-03-13 00:10;2;Lugnt;sol
kinna-torget;2021-03-28 02:30;2021-03-28 03:10;2;;sol
borta;2021-03-12 20:00;2021-03-12 20:10;2;;sol
kinna-torget;2021-03-14 20:00;2021-03-14 19:10;2;;sol
"""


def read(app: AppTest) -> str:
    """Everything a person can read on the page."""
    assert not app.exception, app.exception[0].message
    parts = [app.markdown, app.caption, app.warning, app.error, app.info, app.success]
    # The escapes of user text are not seen on screen.
    return "\n".join(one.value for part in parts for one in part).replace("\\", "")


def upload(app: AppTest, content: str | bytes, *, name: str = "besök.csv") -> AppTest:
    raw = content.encode() if isinstance(content, str) else content
    return app.file_uploader[0].upload(name, raw, "text/csv").run()


def press(app: AppTest, label: str) -> AppTest:
    return next(one for one in app.button if one.label == label).click().run()


def imported() -> tuple[int, int]:
    """Count the visits from imports that stand, and the imports."""
    store = open_store(os.environ["TRYGG_DB"])
    visits = [s for s in store.standing(Visit) if s.origin.startswith("import:")]
    return len(visits), len(store.standing(Receipt))


def test_an_import_with_errors_is_previewed_stored_told_and_undone(open_page: OpenPage) -> None:
    app = upload(open_page("data"), GOOD_AND_BAD)
    text = read(app)
    assert "1 rad i filen besök.csv kan sparas; inget är sparat än. 3 rader avvisas." in text
    assert "Rad 3, start:" in text
    assert "klockan ställdes fram till sommartid" in text
    assert "Platsen borta finns inte." in text
    assert "Besöket slutar innan det börjar." in text
    assert "Kolumner som inte används: väder" in text
    assert "Teckenkodning: utf-8" in text
    (preview,) = (one.value for one in app.dataframe if "start_at" in one.value.columns)
    assert preview["start_at"].tolist() == ["12 mars 2021 23:50"]
    assert imported() == (0, 0)

    app = press(app, "Importera 1 rad")
    text = read(app)
    assert "1 rad ur filen besök.csv är sparad. 3 rader avvisades." in text
    assert "Besök · 3 jan. 2022 09:00 · 1 rad sparad · 3 avvisade" in text
    assert imported() == (1, 1)
    # The file is let go of: nothing waits to be imported a second time.
    assert app.file_uploader[0].value is None

    app = press(app, "Ja, ångra importen")
    assert "Importen av besök.csv är ångrad 3 jan. 2022 09:00." in read(app)
    assert imported() == (0, 1)
    assert not [one for one in app.button if one.label == "Ja, ångra importen"]


def test_undoing_an_import_says_what_was_kept(open_page: OpenPage) -> None:
    app = press(upload(open_page("data"), GOOD_AND_BAD), "Importera 1 rad")
    store = open_store(os.environ["TRYGG_DB"])
    (mine,) = (s for s in store.standing(Visit) if s.origin.startswith("import:"))
    changed = mine.record.model_copy(update={"officers": 4})
    store.write([Put(changed, expects=1)], origin="account:anna", at=mine.recorded_at)
    app = press(app, "Ja, ångra importen")
    assert (
        f"1 uppgift behölls, eftersom någon har ändrat den sedan dess: {mine.record.visit_id}."
        in (read(app))
    )


def test_the_same_file_again_is_all_duplicates(open_page: OpenPage) -> None:
    first_row = "\n".join(GOOD_AND_BAD.splitlines()[:2])
    app = press(upload(open_page("data"), first_row), "Importera 1 rad")
    app = upload(app, first_row)
    assert "Allt i filen besök.csv finns redan; inget nytt att spara." in read(app)
    assert not [one for one in app.button if one.label.startswith("Importera")]


def test_a_changed_row_is_a_conflict_until_updating_is_chosen(open_page: OpenPage) -> None:
    head = "visit_id;plats;start;slut;antal\n"
    row = "b-1;kinna-torget;2021-03-12 23:50;2021-03-13 00:10;"
    app = press(upload(open_page("data"), head + row + "2"), "Importera 1 rad")
    app = upload(app, head + row + "3")
    assert "b-1 finns redan med annat innehåll" in read(app)
    app = app.toggle(key="import_update").set_value(True).run()
    assert "1 rad ersätter en befintlig uppgift" in read(app)
    app = press(app, "Importera 1 rad")
    (stored,) = open_store(os.environ["TRYGG_DB"]).standing(Visit, ["b-1"])
    assert (stored.record.officers, stored.version) == (3, 2)


@pytest.mark.parametrize(
    ("name", "content", "told"),
    [
        ("tom.csv", b"", "Filen tom.csv är tom."),
        (
            "bild.csv",
            b"\x89PNG\r\n\x1a\n" + b"x" * 50,
            "bild.csv heter .csv men innehåller en bild",
        ),
        ("gammal.xls", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", "Spara om den som .xlsx."),
        ("fel.csv", b"a;b\n1;2\n", "inga kolumner som går att känna igen"),
    ],
)
def test_a_file_that_cannot_be_used_is_one_calm_sentence(
    name: str, content: bytes, told: str, open_page: OpenPage
) -> None:
    app = upload(open_page("data"), content, name=name)
    read(app)
    sentences = [one.value.replace("\\", "").replace("\u2060", "") for one in app.warning]
    assert len(sentences) == 1
    assert told in sentences[0]
    assert not [one for one in app.button if one.label.startswith("Importera")]


def test_a_file_s_name_cannot_lead_out_of_its_folder(open_page: OpenPage) -> None:
    app = upload(open_page("data"), GOOD_AND_BAD, name="../../**x**.csv")
    assert "filen **x**.csv kan sparas" in read(app)
    assert not any("**x**" in one.value for one in app.warning)


def test_templates_and_exports_of_the_view_are_offered(open_page: OpenPage) -> None:
    app = open_page("data", query={"fran": "2021-03-01", "till": "2021-03-31", "besok": "bil"})
    assert "1 mars – 31 mars 2021 · Besök: bil" in read(app)
    app = app.selectbox(key="export_kind").set_value("visits").run()
    labels = [one.label for one in app.get("download_button")]
    for label in ("Hämta mall", "Excel", "CSV", "GeoJSON", "GeoPackage", "Kartan som webbsida"):
        assert label in labels
    app = app.selectbox(key="export_kind").set_value("inspections").run()
    assert "GeoJSON" not in [one.label for one in app.get("download_button")]


def test_an_empty_view_offers_no_file_and_says_why(open_empty_page: OpenPage) -> None:
    app = open_empty_page("data")
    text = read(app)
    assert "Inga rader i vyn." in text
    assert "Inget är importerat än." in text
    assert "Excel" not in [one.label for one in app.get("download_button")]


@pytest.mark.parametrize("kind", ["locations", "buildings", "inspections", "activities", "track"])
def test_every_kind_can_be_chosen_and_says_what_it_needs(kind: str, open_page: OpenPage) -> None:
    app = open_page("data")
    app = app.selectbox(key="import_kind").set_value(kind).run()
    read(app)
    has_template = "Hämta mall" in [one.label for one in app.get("download_button")]
    assert has_template == (kind != "track")
