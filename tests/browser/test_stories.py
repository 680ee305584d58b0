"""A working day, as the people of it meet the program, with the network off."""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Locator, Page, expect

from geo.model.location import Location
from geo.store.open import open_store
from geo.store.store import Put
from tests.browser.conftest import MAP_FRAME, NOW, SHOTS, SIZES, Watched
from tests.browser.test_map_in_browser import click_thing

pytestmark = pytest.mark.browser

Watch = Callable[..., Watched]
PAGES = ("", "tackning", "genomgangar", "loften", "logga", "data", "om")
SENTENCE = re.compile(r"Under .+ nådde .+ mätbara platser sitt mål")


@pytest.fixture
def calm(watch: Watch) -> Iterator[Watch]:
    """Open pages, and see at the end that none asked anybody else or complained."""
    opened: list[Watched] = []

    def watched(**options: object) -> Watched:
        opened.append(watch(**options))
        return opened[-1]

    yield watched
    for seen in opened:
        assert seen.asked
        assert seen.strangers() == []
        assert seen.complaints == []


def settled(page: Page) -> None:
    """Wait until the server has nothing more to draw."""
    page.locator("[data-testid='stApp'][data-test-script-state='notRunning']").wait_for()
    # Parts that are read in late show a grey shape first, which anybody could read.
    expect(page.get_by_test_id("stSkeleton")).to_have_count(0)


def shot(page: Page, name: str) -> None:
    SHOTS.mkdir(exist_ok=True)
    page.screenshot(path=SHOTS / f"{name}.png")


def violations(page: Page) -> list[str]:
    """What axe finds against WCAG 2.1 A and AA, in the page and the map's frame."""
    found = (
        Axe().run(page, options={"runOnly": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa"]}).response
    )
    return [
        f"{one['id']}: {node['target']}" for one in found["violations"] for node in one["nodes"]
    ]


def panel_figure(page: Page, words: str) -> Locator:
    """The figure of the panel that stands over some words."""
    return page.locator(".tk-figures div", has_text=words)


@pytest.mark.parametrize(("width", "height"), SIZES)
def test_the_map_is_there_and_says_in_a_sentence_what_it_shows(
    calm: Watch, program: str, width: int, height: int
) -> None:
    seen = calm(width=width, height=height)
    seen.page.goto(program)
    seen.map()
    expect(seen.page.get_by_text(SENTENCE).first).to_be_visible()
    expect(seen.page.get_by_text("platser, besök och fynd är påhittade").first).to_be_visible()
    # The map is the hero: it fills most of the width that is its own.
    frame = seen.page.locator(MAP_FRAME).bounding_box()
    assert frame is not None
    assert frame["width"] >= (width if width < 600 else 0.6 * width) - 2
    assert frame["height"] >= 0.5 * height
    wide = seen.page.evaluate("document.documentElement.scrollWidth")
    assert wide <= width
    settled(seen.page)
    shot(seen.page, f"karta_{width}")


def test_a_filter_moves_every_number_and_the_link(calm: Watch, program: str) -> None:
    seen = calm()
    seen.page.goto(program)
    seen.map()
    before = seen.page.get_by_text(SENTENCE).first.inner_text()
    seen.page.get_by_role("radio", name="4 v").click()
    expect(seen.page.get_by_text(SENTENCE).first).not_to_have_text(before)
    after = seen.page.get_by_text(SENTENCE).first.inner_text()
    expect(seen.page).to_have_url(re.compile("fran="))
    seen.page.reload()
    seen.map()
    expect(seen.page.get_by_text(SENTENCE).first).to_have_text(after)


def test_a_place_is_clicked_and_the_link_restores_it(calm: Watch, program: str) -> None:
    seen = calm()
    seen.page.goto(program)
    frame = seen.map()
    frame.evaluate("trygg.map.setView([57.357, 12.473], 14, {animate: false})")
    click_thing(seen.page, frame, "place", "horred-stationen")
    expect(seen.page.get_by_role("heading", name="Horred station")).to_be_visible()
    expect(panel_figure(seen.page, "dagar sedan senaste besök")).to_be_visible()
    expect(seen.page).to_have_url(re.compile("plats=horred"))
    seen.page.reload()
    expect(seen.page.get_by_role("heading", name="Horred station")).to_be_visible()


def test_the_weeks_are_played_with_the_keyboard(calm: Watch, program: str) -> None:
    seen = calm(reduced_motion="reduce")
    seen.page.goto(program)
    frame = seen.map()
    slider = frame.get_by_role("slider")
    slider.focus()
    slider.press("Home")
    first = slider.get_attribute("aria-valuetext")
    slider.press("ArrowRight")
    expect(slider).not_to_have_attribute("aria-valuetext", first or "")
    expect(slider).to_have_attribute("aria-valuetext", re.compile("vecka"))


def test_a_new_place_is_drawn_and_saved(calm: Watch, program: str) -> None:
    seen = calm()
    seen.page.goto(program)
    frame = seen.map()
    frame.evaluate("trygg.map.setView([57.40, 12.62], 14, {animate: false})")
    frame.get_by_role("button", name="Rita en punkt").click()
    frame.locator("#map_div").click(position={"x": 420, "y": 300})
    expect(seen.page.get_by_text("Ny plats")).to_be_visible()
    seen.page.get_by_label("Namn").fill("Bron vid kvarnen")
    kind = seen.page.get_by_role("combobox", name="Slag av plats")
    kind.fill("bro")
    kind.press("Enter")
    seen.page.get_by_role("button", name="Spara platsen").click()
    expect(seen.page.get_by_role("heading", name="Bron vid kvarnen")).to_be_visible()
    shot(seen.page, "ny_plats")


@pytest.mark.parametrize(("width", "height"), [SIZES[0], SIZES[1]])
def test_a_logged_visit_ends_the_wait(calm: Watch, program: str, width: int, height: int) -> None:
    place = {
        390: ("satila-badplatsen", "Sätila, badplatsen"),
        1440: ("hyssna-busshallplatsen", "Hyssna, busshållplatsen"),
    }[width]
    seen = calm(width=width, height=height)
    seen.page.goto(f"{program}/logga?plats={place[0]}")
    expect(seen.page.get_by_role("combobox", name="Plats", exact=True)).to_have_value(place[1])
    seen.page.get_by_role("button", name="Spara besöket").click()
    expect(seen.page.get_by_text("Sparat").first).to_be_visible()
    settled(seen.page)
    shot(seen.page, f"logga_{width}")
    seen.page.goto(f"{program}/?plats={place[0]}&till=2022-01-03&fran=2021-10-04")
    expect(panel_figure(seen.page, "dagar sedan senaste besök")).to_contain_text(
        re.compile(r"^\s*0\s*dagar")
    )


def test_a_basement_is_gone_through(calm: Watch, program: str) -> None:
    seen = calm()
    seen.page.goto(f"{program}/logga?byggnad=exempel-hedbo-01")
    seen.page.get_by_role("radio", name="Genomgång").click()
    seen.page.get_by_text("Källare", exact=True).click()
    seen.page.get_by_text("Utan anmärkning", exact=True).click()
    seen.page.get_by_role("button", name=re.compile("^Spara genomgång")).click()
    expect(seen.page.get_by_text("Sparat").first).to_be_visible()
    shot(seen.page, "genomgang_sparad")


FILE = """visit_id;location_id;start_at;minutes;note
berattelse-1;kinna-torget;2021-12-20 20:00;15;=1+1
berattelse-2;kinna-torget;2021-12-32 20:00;15;
berattelse-3;finns-inte;2021-12-20 20:00;15;
"""


def test_a_file_with_errors_is_imported_exported_and_undone(
    calm: Watch, program: str, tmp_path: Path
) -> None:
    path = tmp_path / "besök.csv"
    path.write_text(FILE, encoding="cp1252")
    seen = calm()
    seen.page.goto(f"{program}/data")
    seen.page.locator("input[type=file]").set_input_files(path)
    run = seen.page.get_by_role("button", name="Importera 1 rad")
    run.click()
    expect(seen.page.get_by_text("1 rad sparad").first).to_be_visible()
    shot(seen.page, "import")

    what = seen.page.get_by_role("combobox", name="Vad ska sparas?")
    what.click()
    seen.page.get_by_role("option", name="Besök", exact=True).click()
    settled(seen.page)
    with seen.page.expect_download() as download:
        seen.page.get_by_role("button", name="CSV").last.click()
    text = Path(download.value.path()).read_text("utf-8-sig")
    rows = {row["visit_id"]: row for row in csv.DictReader(io.StringIO(text), delimiter=";")}
    assert rows["berattelse-1"]["note"] == "'=1+1"  # text in a spreadsheet, not a formula
    assert "berattelse-2" not in rows

    seen.page.get_by_role("button", name="Ångra importen").first.click()
    seen.page.get_by_role("button", name="Ja, ångra importen").first.click()
    expect(seen.page.get_by_text(re.compile("[Åå]ngrad")).first).to_be_visible()


@pytest.mark.parametrize("theme", ["light", "dark"])
@pytest.mark.parametrize("page", PAGES)
def test_a_deep_link_opens_a_page_that_everybody_can_read(
    calm: Watch, program: str, page: str, theme: str
) -> None:
    seen = calm(color_scheme=theme)
    seen.page.goto(f"{program}/{page}")
    if not page:
        seen.map()
    expect(seen.page.get_by_text("Hur allt räknas står under Om").last).to_be_visible()
    settled(seen.page)
    expect(seen.page.get_by_text("Något gick fel")).to_have_count(0)
    shot(seen.page, f"{page or 'karta'}_{theme}")
    assert violations(seen.page) == []


def test_english_is_one_click_away(calm: Watch, program: str) -> None:
    seen = calm()
    seen.page.goto(f"{program}/om")
    seen.page.get_by_role("button", name="English").click()
    expect(seen.page.get_by_role("link", name="Coverage")).to_be_visible()
    assert seen.page.locator("html").get_attribute("lang") == "en"


def test_a_view_prints_on_one_page(calm: Watch, program: str, tmp_path: Path) -> None:
    seen = calm()
    seen.page.goto(f"{program}/tackning")
    expect(seen.page.get_by_text(SENTENCE).first).to_be_visible()
    expect(seen.page.get_by_test_id("stDataFrame").first).to_be_visible()
    settled(seen.page)
    seen.page.wait_for_load_state("networkidle")
    pdf = seen.page.pdf(prefer_css_page_size=True)
    assert len(re.findall(rb"/Type\s*/Page\b", pdf)) == 1


def test_unreachable_tiles_break_nothing(watch: Watch, serve_program: Callable[..., str]) -> None:
    seen = watch()
    seen.page.goto(serve_program(TRYGG_BASEMAP="osm"))
    frame = seen.map()
    expect(seen.page.get_by_text(SENTENCE).first).to_be_visible()
    expect(frame.get_by_text("Bakgrundskartan kan inte nås just nu")).to_be_visible()
    # Nobody but the tile server the setting names is asked.
    assert all("tile.openstreetmap.org" in url for url in seen.strangers())
    frame.evaluate("trygg.map.setView([57.357, 12.473], 14, {animate: false})")
    click_thing(seen.page, frame, "place", "horred-stationen")
    expect(seen.page.get_by_role("heading", name="Horred station")).to_be_visible()


HOSTILE = (
    "<img src=x onerror=\"window.top.ranHere=1\">{{ ''.__class__ }}${window.top.ranHere=1}`"
    "</script><script>window.top.ranHere=1</script>[x](javascript:window.top.ranHere=1) :smile: $x$"
)


def test_a_hostile_name_is_only_text_on_every_page(
    calm: Watch, serve_program: Callable[..., str], examples: Path, tmp_path: Path
) -> None:
    path = tmp_path / "hostile_test.db"
    path.write_bytes(examples.read_bytes())
    store = open_store(f"sqlite:///{path}")
    place = store.standing(Location)[0]
    named = place.record.model_copy(update={"name": HOSTILE[:200], "kind": HOSTILE[:60]})
    from datetime import datetime

    store.write(
        [Put(named, expects=place.version)], origin="account:x", at=datetime.fromisoformat(NOW)
    )
    store.close()
    url = serve_program(TRYGG_DB=f"sqlite:///{path}")
    seen = calm()
    for page in (
        f"?plats={named.location_id}",
        "tackning",
        f"logga?plats={named.location_id}",
        "data",
    ):
        seen.page.goto(f"{url}/{page}")
        if page.startswith("?"):
            seen.map()
            expect(seen.page.get_by_role("heading", name="<img src=x")).to_be_visible()
        settled(seen.page)
        assert seen.page.evaluate("window.ranHere") is None


def test_an_empty_database_says_what_to_do(
    calm: Watch, serve_program: Callable[..., str], tmp_path: Path
) -> None:
    url = serve_program(TRYGG_DB=f"sqlite:///{tmp_path / 'empty_test.db'}")
    seen = calm()
    for page in PAGES:
        seen.page.goto(f"{url}/{page}")
        expect(seen.page.get_by_text("Hur allt räknas står under Om").last).to_be_visible()
        settled(seen.page)
        expect(seen.page.get_by_text("Något gick fel")).to_have_count(0)
        expect(seen.page.get_by_text("platser, besök och fynd är påhittade")).to_have_count(0)
        shot(seen.page, f"tom_{page or 'karta'}")
