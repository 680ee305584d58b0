"""Every page, on every screen, in the light and in the dark, on paper, in English, and empty."""

from __future__ import annotations

import io
import re
from collections.abc import Callable
from pathlib import Path

import pytest
from playwright.sync_api import expect
from pypdf import PageObject, PdfReader

from tests.browser.tab import LAPTOP, PAGES, PHONE, PROJECTOR, SHOTS, SIZES, Size, Tab, address

pytestmark = pytest.mark.browser

OpenTab = Callable[..., Tab]
TITLES = {
    "karta": "Karta",
    "tackning": "Täckning",
    "genomgangar": "Genomgångar",
    "loften": "Löften",
    "logga": "Logga",
    "data": "Data",
    "om": "Om",
}
AUTUMN = "fran=2021-10-04&till=2021-12-31"
THEMES = ("light", "dark")


@pytest.mark.parametrize("page", PAGES)
def test_everybody_can_read_a_page_on_every_screen(tab: OpenTab, program: str, page: str) -> None:
    seen = tab()
    seen.open(f"{program}/{address(page)}?{AUTUMN}")
    here = seen.page.get_by_role("link", name=TITLES[page], exact=True)
    expect(here).to_have_attribute("aria-current", "page")
    expect(seen.page.get_by_text("Något gick fel")).to_have_count(0)
    sheet = _one_sheet(seen, f"{page}_laptop")
    wrong, wide = {}, {}
    for theme in THEMES:
        seen.turn(theme)
        for size in (LAPTOP, PROJECTOR, PHONE):
            seen.look_on(size)
            seen.shot(f"{page}_{theme}_{size.width}")
            wrong[theme, size.width] = seen.violations()
            wide[theme, size.width] = seen.overflow_px()
    assert wrong == {(theme, size.width): [] for theme in THEMES for size in SIZES}
    assert set(wide.values()) == {0}

    read = " ".join(sheet.extract_text().split())
    for words in (
        f"Trygg karta · Mark – {TITLES[page]}",
        "4 oktober – 31 december 2021",
        "Utskriven 3 jan. 2022",
        "Besök t.o.m. 31 dec.",
        "Exempeldata",
    ):
        assert words in read


UNFOLDED = {
    # what is opened: then the page gone to, what is pressed there, and words that are on paper
    "?plats=horred-stationen": (("", "", "Horred station"),),
    "?valt_omrade=Hedbo": (("", "", "bostadsområde"),),
    "tackning": (
        ("", "Plats och tid", "minst halva målet"),
        ("", "Dygnet", "patrullminuter"),
        ("", "Utveckling", "Hur jämnt"),
        ("", "Jämför", "Öxabäck, idrottsplatsen"),
    ),
    "?byggnad=exempel-hedbo-01": (
        ("", "", "Exempelgatan 1"),
        ("genomgangar", "Byggnader", "29 januari 2021"),
        ("", "Brister och låsta dörrar", "7 november 2021"),
        ("logga", "", "Vilka utrymmen"),
    ),
}


@pytest.mark.parametrize("view", UNFOLDED)
def test_everybody_can_read_what_a_page_unfolds(tab: OpenTab, program: str, view: str) -> None:
    seen = tab()
    seen.open(f"{program}/{view}{'&' if '?' in view else '?'}{AUTUMN}")
    wrong = {}
    for page, part, words in UNFOLDED[view]:
        if page:
            seen.go_to(page)
        if part:
            seen.choose_part(part)
        # The server may not have begun to draw the part when it is asked whether it is done.
        expect(seen.page.get_by_test_id("stMain")).to_contain_text(words)
        seen.settle()
        name = re.sub(r"\W+", "_", " ".join((view, page, part))).strip("_")
        seen.shot(name)
        wrong[name] = seen.violations()
        assert words in " ".join(_one_sheet(seen, name).extract_text().split())
    assert not any(wrong.values()), wrong


# ---------------------------------------------------------------- on paper


@pytest.mark.parametrize("sizes", [(PHONE,), (LAPTOP, PROJECTOR)], ids=["finger", "mouse"])
def test_the_whole_map_is_on_paper_with_its_legend(
    tab: OpenTab, program: str, sizes: tuple[Size, ...]
) -> None:
    seen = tab(sizes[0], color_scheme="dark")
    seen.open(f"{program}/?{AUTUMN}")
    for size in sizes:
        seen.look_on(size)
        sheet = _one_sheet(seen, f"karta_{size.width}")
        read = " ".join(sheet.extract_text().split())
        legend = ("når målet", "långt efter målet", "bostadsområde", "mätbara platser")
        for words in (*legend, "förenklad gräns", "Ubbhult", "Hyssna"):
            assert words in read
        # In the panel, and in the south of the map: all of it is there.
        assert read.count("Horred") > 1
        seen.turn("dark")
        assert seen.map().evaluate("trygg.theme") == "dark"  # and on screen it is as it was


def test_the_menu_prints(tab: OpenTab, program: str) -> None:
    seen = tab()
    seen.open(f"{program}/tackning")
    seen.page.evaluate("() => { window.print = () => { window.printed = true; }; }")
    seen.page.get_by_role("button", name="Spara vyn som …").click()
    seen.page.get_by_role("button", name="Skriv ut").wait_for()
    assert seen.violations() == []
    seen.page.get_by_role("button", name="Skriv ut").click()
    seen.page.wait_for_function("() => window.printed === true")


def _one_sheet(seen: Tab, name: str) -> PageObject:
    """Print, and see that it became one sheet of A4."""
    paper = seen.page.pdf(prefer_css_page_size=True)
    SHOTS.mkdir(exist_ok=True)
    (SHOTS / f"paper_{name}.pdf").write_bytes(paper)
    sheets = PdfReader(io.BytesIO(paper)).pages
    assert len(sheets) == 1
    # 210 × 297 mm, at 72 points to 25.4 mm.
    box = sheets[0].mediabox
    assert (round(box.width), round(box.height)) == (595, 842)
    return sheets[0]


# ---------------------------------------------------------------- in English, and empty


def test_english_is_one_click_away_on_every_page(tab: OpenTab, program: str) -> None:
    seen = tab()
    seen.open(f"{program}/om")
    seen.page.get_by_role("button", name="English").click()
    expect(seen.page.locator("html")).to_have_attribute("lang", "en")
    for page, title in zip(
        PAGES, ("Map", "Coverage", "Inspections", "Promises", "Log", "Data", "About"), strict=True
    ):
        seen.go_to(page)
        here = seen.page.get_by_role("link", name=title, exact=True)
        expect(here).to_have_attribute("aria-current", "page")
    seen.page.get_by_role("button", name="Svenska").click()
    expect(seen.page.locator("html")).to_have_attribute("lang", "sv")


NOTHING_YET = {
    "karta": "importera en fil på sidan Data",
    "tackning": "platser",
    "genomgangar": "byggnader",
    "loften": "löfte",
    "logga": "importera",
    "data": "Inget är importerat än",
    "om": "Vad som mäts",
}


def test_an_empty_database_says_what_to_do(
    tab: OpenTab, serve_program: Callable[..., str], tmp_path: Path
) -> None:
    seen = tab(PHONE)
    seen.open(serve_program(TRYGG_DB=f"sqlite:///{tmp_path / 'empty_test.db'}"))
    for page in PAGES:
        seen.go_to(page)
        here = seen.page.locator(f".st-key-page_{page}")
        expect(here).to_contain_text(re.compile(NOTHING_YET[page], re.IGNORECASE))
        expect(seen.page.get_by_text("Något gick fel")).to_have_count(0)
        expect(seen.page.get_by_text("platser, besök och fynd är påhittade")).to_have_count(0)
        seen.shot(f"tom_{page}")
