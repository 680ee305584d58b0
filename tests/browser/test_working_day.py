"""A working day on a phone, a laptop and a projector, as the people of it meet the program."""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Callable
from datetime import date
from pathlib import Path

import pytest
from playwright.sync_api import Download, Page, expect

from geo.model.period import Period
from geo.services.coverage import coverage, visit_total
from geo.services.snapshot import read_snapshot
from geo.store.open import open_store
from tests.browser.tab import LAPTOP, PHONE, PROJECTOR, SIZES, Size, Tab
from ui.viewmodels.rows import place_state

pytestmark = pytest.mark.browser

OpenTab = Callable[..., Tab]
STATION = "horred-stationen"
SENTENCE = re.compile(r"Under .+ nådde .+ mätbara platser sitt mål")


@pytest.mark.parametrize("size", SIZES, ids=lambda size: str(size.width))
def test_a_working_day(
    tab: OpenTab, program: str, examples: Path, tmp_path: Path, size: Size
) -> None:
    """One tab for the whole day: to load the program anew for each piece of it costs the most."""
    seen = tab(size)
    seen.open(program)
    a_planner_filters_chooses_and_plays_the_weeks(seen, examples)
    # Today is in the period, so that what is logged now can be seen.
    seen.open(f"{program}/?byggnad=exempel-hedbo-01&fran=2021-10-04&till=2022-01-03")
    a_basement_is_gone_through_and_put_right(seen)
    a_patrol_logs_a_visit_corrects_it_and_takes_it_back(seen)
    a_new_place_is_drawn_and_saved(seen)
    seen.go_to("data")
    a_file_with_errors_is_imported_exported_and_undone(seen, tmp_path)


def a_planner_filters_chooses_and_plays_the_weeks(seen: Tab, examples: Path) -> None:
    size = seen.size
    expect(seen.page.get_by_text("platser, besök och fynd är påhittade").first).to_be_visible()
    # The map is the hero: it reaches the edges and fills most of the screen.
    box = seen.page.locator("iframe").bounding_box()
    assert box is not None
    assert box["width"] >= (size.width if size.is_phone else 0.6 * size.width) - 2
    assert box["height"] >= 0.5 * size.height
    seen.shot(f"karta_{size.width}")

    sentence = seen.page.get_by_text(SENTENCE).first
    whole = sentence.inner_text()
    visits = seen.figure("besök på platserna")
    before = visits.inner_text()
    seen.choose_period("4 v")
    expect(sentence).not_to_have_text(whole)
    expect(visits).not_to_have_text(before)

    # Every number obeys the one period: 6 – 31 December, in whole weeks from Monday.
    december = Period(date(2021, 12, 6), date(2022, 1, 1))
    snapshot = read_snapshot(open_store(f"sqlite:///{examples}"))
    expect(visits).to_have_text(str(visit_total(coverage(snapshot, december))))

    frame = seen.look_at(57.357, 12.473, zoom=14)
    seen.press_thing("place", STATION)
    expect(seen.page.get_by_role("heading", name="Horred station")).to_be_visible()
    expect(seen.figure("sedan senaste besök")).to_have_text(re.compile(r"\d"))
    expect(seen.page).to_have_url(re.compile("plats=horred"))
    expect(seen.page.get_by_role("list", name="Teckenförklaring")).to_contain_text("vald")
    seen.shot(f"vald_{size.width}")

    weekly = coverage(snapshot, december, by="week")
    states = [
        place_state(share) for share in weekly[weekly["location_id"] == STATION]["target_share"]
    ]
    assert states == ["far", "behind", "far", "far"]  # two a week, one came, in week 50
    painted = f"trygg.things.stateOf('{STATION}')"
    slider = frame.get_by_role("slider")
    week = frame.locator(".trygg-week")
    for key, says, number in (
        ("Home", "vecka 49", 0),
        ("ArrowRight", "vecka 50", 1),
        ("End", "vecka 52", 3),
        ("ArrowLeft", "vecka 51", 2),
    ):
        slider.press(key)
        expect(week).to_have_text(says)
        expect(slider).to_have_attribute("aria-valuetext", re.compile(f"^{says}"))
        assert frame.evaluate(painted) == states[number]
    slider.press("Escape")
    expect(slider).to_have_attribute("aria-valuetext", "Hela perioden")
    frame.get_by_role("button", name="Spela veckorna").click()
    for says in ("vecka 49", "vecka 50"):  # by itself
        expect(week).to_have_text(says)
    assert frame.evaluate(painted) == "behind"
    frame.get_by_role("button", name="Pausa").click()
    expect(frame.get_by_role("button", name="Spela veckorna")).to_be_visible()

    # Its link restores the view: the period, the choice, and what the sentence said.
    said = sentence.inner_text()
    seen.page.reload()
    seen.settle()
    expect(sentence).to_have_text(said)
    expect(seen.page.get_by_role("heading", name="Horred station")).to_be_visible()


def a_patrol_logs_a_visit_corrects_it_and_takes_it_back(seen: Tab) -> None:
    page, size = seen.page, seen.size
    since = seen.figure("sedan senaste besök")
    seen.look_at(57.357, 12.473, zoom=14)
    seen.press_thing("place", STATION)
    expect(page.get_by_role("heading", name="Horred station")).to_be_visible()
    seen.settle()
    waited = since.inner_text()
    assert waited != "0"
    page.locator(".st-key-thumb a" if size.is_phone else ".st-key-panel_log a").click()
    expect(page.get_by_role("combobox", name="Plats", exact=True)).to_have_value("Horred station")
    seen.settle()
    seen.shot(f"logga_{size.width}")
    page.get_by_role("button", name="Spara besöket").click()
    done = page.locator(".st-key-form_done")
    expect(done).to_contain_text("Sparat")
    seen.shot(f"sparat_{size.width}")
    seen.go_to("karta")
    expect(since).to_have_text("0")
    seen.shot(f"noll_{size.width}")

    seen.go_to("logga")
    logged = page.locator(".st-key-latest")
    logged.get_by_role("button", name="Ändra").click()
    expect(page.get_by_role("heading", name="Ändra besöket")).to_be_visible()
    page.get_by_role("radio", name="3", exact=True).click()
    page.get_by_role("button", name="Spara ändringen").click()
    expect(done).to_contain_text("Ändringen är sparad")
    expect(done).to_contain_text("3 poliser")
    done.get_by_role("button", name="Ångra").click()
    expect(done).to_contain_text("1 polis")
    logged.get_by_role("button", name="Ta bort").click()
    expect(done).to_contain_text("Borttaget")
    done.get_by_role("button", name="Lägg tillbaka").click()
    expect(done).to_contain_text("Sparat")
    done.get_by_role("button", name="Ångra").click()
    expect(done).to_contain_text("Borttaget")
    seen.go_to("karta")
    expect(since).to_have_text(waited)


def a_basement_is_gone_through_and_put_right(seen: Tab) -> None:
    """The building is chosen already."""
    page = seen.page
    history = page.locator(".tk-history")
    expect(page.get_by_role("heading", name="Exempelgatan 1")).to_be_visible()
    expect(page.get_by_text("Lampan är trasig")).to_have_count(0)
    page.locator(".st-key-panel_log a").click()
    page.get_by_text("Källare", exact=True).click()
    page.get_by_text("Brist", exact=True).click()
    page.get_by_label(re.compile("^Vad är fel")).fill("Lampan är trasig")
    page.get_by_role("button", name="Spara genomgången").click()
    done = page.locator(".st-key-form_done")
    expect(done).to_contain_text("Lampan är trasig")
    seen.shot(f"genomgang_{seen.size.width}")
    seen.go_to("karta")
    expect(history).to_contain_text("Lampan är trasig")
    expect(page.locator(".tk-badge")).to_have_attribute("data-state", "deficiency")
    seen.go_to("genomgangar")
    page.get_by_text("Brister och låsta dörrar", exact=True).click()
    expect(seen.row("Exempelgatan 1", "Lampan är trasig")).to_be_attached()

    seen.go_to("logga")
    page.get_by_role("radio", name="Genomgång").click()
    page.get_by_role("button", name="Åtgärdad i dag").first.click()
    expect(done).to_contain_text("Bristen är åtgärdad")
    expect(done).to_contain_text("åtgärdad 3 jan")
    done.get_by_role("button", name="Ångra").click()
    expect(done).to_contain_text("Ändringen är ångrad")
    page.locator(".st-key-latest").get_by_role("button", name="Ta bort").first.click()
    expect(done).to_contain_text("Borttaget")
    seen.go_to("karta")
    expect(page.locator(".tk-table")).to_be_visible()
    expect(page.get_by_text("Lampan är trasig")).to_have_count(0)


SHAPES = {
    PHONE: ("Rita en punkt", [(200, 250)]),
    LAPTOP: ("Rita ett område", [(400, 200), (500, 200), (500, 300), (400, 300)]),
    PROJECTOR: ("Rita ett stråk", [(500, 250), (620, 270), (700, 350)]),
}


def a_new_place_is_drawn_and_saved(seen: Tab) -> None:
    page = seen.page
    frame = seen.look_at(57.40, 12.62, zoom=14)
    tool, corners = SHAPES[seen.size]
    frame.get_by_role("button", name=tool).click()
    if len(corners) == 1:
        seen.press_map(*corners[0])
    else:
        seen.put_corners(corners)
        frame.get_by_role("button", name="Klar").click()
    expect(page.get_by_role("heading", name="Ny plats")).to_be_visible()
    page.get_by_role("button", name="Spara platsen").click()
    # Nothing is saved without a name, and what is missing is said beside the field's own name.
    expect(page.get_by_role("alert").filter(has_text="Namn")).to_be_visible()
    page.get_by_label("Namn", exact=True).fill("Bron vid kvarnen")
    kind = page.get_by_role("combobox", name="Typ av plats")
    kind.fill("bro")
    kind.press("Enter")
    seen.shot(f"ny_plats_{seen.size.width}")
    page.get_by_role("button", name="Spara platsen").click()
    expect(page.get_by_role("heading", name="Bron vid kvarnen")).to_be_visible()
    expect(page.get_by_text("aldrig", exact=False).first).to_be_visible()
    seen.settle()
    new_id = page.url.partition("plats=")[2].partition("&")[0]
    assert seen.map().evaluate(f"trygg.things.where('place', '{new_id}')") is not None
    # The twin of the map lists it too.
    page.get_by_text("Visa som tabell").click()
    expect(seen.row("Bron vid kvarnen", "långt efter målet")).to_contain_text("aldrig")


FILE = """visit_id;location_id;start_at;minutes;note
berattelse-1;kinna-torget;2021-12-20 20:00;15;=1+1
berattelse-2;kinna-torget;2021-12-32 20:00;15;
berattelse-3;finns-inte;2021-12-20 20:00;15;
"""


def a_file_with_errors_is_imported_exported_and_undone(seen: Tab, folder: Path) -> None:
    path = folder / "besök.csv"
    path.write_text(FILE, encoding="cp1252")
    page = seen.page
    page.locator("input[type=file]").set_input_files(path)
    page.get_by_role("button", name="Importera 1 rad").click()
    receipt = page.get_by_test_id("stAlert").filter(has_text="besök.csv")
    expect(receipt.first).to_contain_text("1 rad")
    expect(receipt.first).to_contain_text("2 rader avvisades")
    # Each row that was turned away is named, with what was wrong.
    for row, wrong in (("Rad 3, start_at", "2021-12-32"), ("Rad 4, location_id", "finns-inte")):
        line = page.get_by_role("listitem").filter(has_text=row).first
        expect(line).to_contain_text(wrong)
    seen.settle()
    seen.shot(f"import_{seen.size.width}")

    seen.choose_option("Vad ska sparas?", "Besök")
    rows = _rows(_saved_visits(page))
    assert rows["berattelse-1"]["note"] == "'=1+1"  # text in a spreadsheet, not a formula
    assert rows.keys() & {"berattelse-2", "berattelse-3"} == set()

    page.get_by_role("button", name="Ångra importen").first.click()
    page.get_by_role("button", name="Ja, ångra importen").first.click()
    expect(page.get_by_text(re.compile("är ångrad")).first).to_be_visible()
    seen.settle()
    assert "berattelse-1" not in _rows(_saved_visits(page))


def _saved_visits(page: Page) -> Download:
    # Buttons of the same name, of what was chosen before, may still stand there for a moment.
    button = page.locator("[class*='st-key-'][class*='_visits_csv'] button")
    with page.expect_download() as download:
        button.last.click()
    return download.value


def _rows(download: Download) -> dict[str, dict[str, str]]:
    text = Path(download.path()).read_text("utf-8-sig")
    return {row["visit_id"]: row for row in csv.DictReader(io.StringIO(text), delimiter=";")}
