"""What somebody typed to do harm: shown as the text it is, on every page, and never run."""

from __future__ import annotations

import json
import re
from collections.abc import Callable
from datetime import datetime
from pathlib import Path

import pytest
from playwright.sync_api import expect

from geo.services.importing import plan_import, run_import
from geo.store.open import open_store
from tests.browser.conftest import SharedProgram
from tests.browser.tab import Tab
from tests.example_year import NOW

pytestmark = pytest.mark.browser

OpenTab = Callable[..., Tab]

RAN = "top.ranHere"
"""Set by the text below, were any part of it ever run."""
COMPUTED = str(7 * 191)
"""What a server that evaluated the template in it would show."""
LITERAL = "**fet** $x^2$"
"""What is gone where its marks were taken for marks."""


def hostile(what: str) -> str:
    """A text as long as a name may be, told from the others by what it names."""
    text = (
        f"{what} <img src=/ranHere onerror={RAN}=1></script><script>{RAN}=2</script>"
        f"{{{{7*191}}}}{{%x%}}${{{RAN}=3}}`{RAN}=4` [l](javascript:{RAN}=5) {LITERAL} :red[r]"
    )
    assert len(text) <= 200
    return text


def quiet(seen: Tab) -> None:
    """See that nothing was run, fetched or evaluated, in the page and in every frame of it."""
    for frame in seen.page.frames:
        assert frame.evaluate("top.ranHere") is None
        assert (
            frame.locator("img[src*=ranHere], svg[onload], a[href^='javascript:' i]").count() == 0
        )
        assert COMPUTED not in frame.locator("body").inner_text()
    assert not [url for url in seen.asked if url.endswith("/ranHere")]
    assert not seen.page.get_by_text("Något gick fel").count()


def files(folder: Path) -> dict[str, Path]:
    """Write one file of each kind, hostile in every text and in its own name."""
    stem = re.sub(r"[/\\]", "∕", f"<img src=x onerror={RAN}=8>{{{{ 7*191 }}}}")

    def csv(kind: str, head: str, *rows: list[str]) -> Path:
        quoted = [";".join('"' + cell.replace('"', '""') + '"' for cell in row) for row in rows]
        path = folder / f"{kind}{stem}.csv"
        path.write_text("\n".join([head, *quoted]), "utf-8")
        return path

    boundary = folder / f"boundary{stem}.geojson"
    ring = [[12.2, 57.3], [12.9, 57.3], [12.9, 57.6], [12.2, 57.6], [12.2, 57.3]]
    mark = {
        "type": "Feature",
        "properties": {"name": hostile("GRÄNS")},
        "geometry": {"type": "Polygon", "coordinates": [ring]},
    }
    boundary.write_text(json.dumps({"type": "FeatureCollection", "features": [mark]}), "utf-8")
    return {
        "locations": csv(
            "locations",
            f"location_id;name;kind;source;lon;lat;visits_per_week;{hostile('kolumn')}",
            ["ond-plats", hostile("PLATS"), hostile("slag"), hostile("källa"), "12.69",
             "57.507", "3", "x"],
            [f"ond'\"><{RAN}", "sned plats", "torg", "", "12.691", "57.5071", "3", "x"],
            [hostile("id"), "utan läge", "torg", "", hostile("lon"), "57.5", "3", "x"],
        ),
        "buildings": csv(
            "buildings",
            "building_id;address;area;spaces;lon;lat",
            ["ont-hus", hostile("ADRESS"), hostile("område"), "källare;vind",
             "12.6905", "57.5072"],
        ),
        "inspections": csv(
            "inspections",
            "building_id;space;inspected_at;outcome;deficiencies;due_on",
            ["ont-hus", "källare", "2021-12-20 10:00", "brist", hostile("BRIST"), "2021-12-28"],
            ["ont-hus", hostile("utrymme"), "2021-12-20 10:00", "brist", "", ""],
        ),
        "visits": csv(
            "visits",
            "location_id;start_at;minutes;kind;note",
            ["ond-plats", "2021-12-20 20:00", "15", hostile("patrull"), hostile("NOT")],
            [hostile("okänd plats"), "2021-12-20 20:00", "15", "", ""],
            ["ond-plats", hostile("tid"), "15", "", ""],
        ),
        "activities": csv(
            "activities",
            "kind;happened_on;place_text;note",
            [hostile("AKTIVITET"), "2021-12-20", hostile("skola"), hostile("not")],
        ),
        "boundary": boundary,
    }  # fmt: skip


@pytest.fixture
def hostile_program(shared_program: SharedProgram, examples: Path, tmp_path: Path) -> str:
    """Serve the program on a file of each kind, hostile throughout, imported as Data does."""
    db = tmp_path / "hostile_test.db"
    db.write_bytes(examples.read_bytes())
    store = open_store(f"sqlite:///{db}")
    now = datetime.fromisoformat(NOW)
    for kind, path in files(tmp_path).items():
        plan = plan_import(store, kind, path, now=now)  # type: ignore[arg-type] # its kinds
        assert plan.changes, (kind, plan.receipt)
        run_import(store, plan, import_id=f"ond-{kind}", now=now)
    store.close()
    return shared_program.lay_out(db)


def test_hostile_text_is_only_text_on_every_page(
    tab: OpenTab, hostile_program: str, tmp_path: Path
) -> None:
    url = hostile_program
    seen = tab()
    here = seen.page.locator("[class*='st-key-page_']")

    def says(words: str) -> None:
        expect(here).to_contain_text(words)
        quiet(seen)

    seen.open(f"{url}/?plats=%3Cimg+src=x+onerror=top.ranHere=9%3E")
    says("Det valda finns inte")
    seen.open(f"{url}/?byggnad=ont-hus")
    says("BRIST <img")
    says(LITERAL)
    seen.go_to("genomgangar")
    says("ADRESS <img")
    for part in ("Byggnader", "Att göra", "Brister och låsta dörrar"):
        seen.choose_part(part)
        says("ADRESS <img")
    seen.open(f"{url}/tackning?plats=ond-plats")
    says("PLATS <img")
    for part in ("Plats och tid", "Dygnet", "Utveckling", "Jämför"):
        seen.choose_part(part)
        quiet(seen)
    for page, words in (("loften", ""), ("logga", ""), ("data", "locations<img"), ("om", "")):
        seen.go_to(page)
        says(words)

    # On the map: the name under the mouse, and in the file that can be saved of it.
    seen.go_to("karta")
    says("PLATS <img")
    says(LITERAL)
    frame = seen.look_at(57.507, 12.69, zoom=16)
    spot = frame.evaluate("trygg.things.where('place', 'ond-plats')")
    frame.locator("#map_div").hover(position={"x": spot["x"], "y": spot["y"]})
    expect(frame.locator(".trygg-tip")).to_contain_text("PLATS <img")
    expect(frame.locator(".trygg-tip")).to_contain_text("{{7*191}}")
    seen.page.get_by_text("Visa som tabell").click()
    seen.settle()
    quiet(seen)
    seen.page.get_by_role("button", name="Spara vyn som …").click()
    with seen.page.expect_download() as download:
        seen.page.get_by_role("button", name="Kartan som webbsida").click()
    download.value.save_as(tmp_path / "karta.html")
    saved = tab()
    saved.page.goto((tmp_path / "karta.html").as_uri())
    saved.page.locator("html[data-painted]").wait_for(state="attached")
    expect(saved.page.locator("body")).to_contain_text("PLATS <img")
    quiet(saved)


def test_hostile_text_typed_into_every_form_is_only_text(
    tab: OpenTab, program: str, tmp_path: Path
) -> None:
    seen = tab()
    page = seen.page
    seen.open(program)
    seen.look_at(57.40, 12.62, zoom=14).get_by_role("button", name="Rita en punkt").click()
    seen.press_map(400, 250)
    page.get_by_label("Namn", exact=True).fill(hostile("PLATS"))
    kind = page.get_by_role("combobox", name=re.compile("av plats$"))
    kind.fill(hostile("slag"))
    kind.press("Enter")
    page.get_by_label("Källa").fill(hostile("källa"))
    page.get_by_role("button", name="Spara platsen").click()
    expect(page.get_by_role("heading", name="PLATS <img")).to_contain_text(LITERAL)
    seen.settle()
    quiet(seen)

    done = page.locator(".st-key-form_done")
    page.locator(".st-key-panel_log a").click()
    page.locator(".st-key-page_logga").wait_for()
    seen.settle()
    kind = page.get_by_role("combobox", name=re.compile("patrull$"))
    kind.fill(hostile("patrull"))
    kind.press("Enter")
    page.get_by_label(re.compile("^Anteckning om platsen")).fill(hostile("NOT"))
    page.get_by_role("button", name="Spara besöket").click()
    expect(done).to_contain_text("PLATS <img")
    expect(done).to_contain_text("NOT <img")
    quiet(seen)

    done.get_by_role("button", name="Logga mer").click()
    page.get_by_role("radio", name="Aktivitet").click()
    kind = page.get_by_role("combobox", name="Vad gjordes?")
    kind.fill(hostile("AKTIVITET"))
    kind.press("Enter")
    page.get_by_label(re.compile("^Var, om det inte")).fill(hostile("skola"))
    page.get_by_label(re.compile("^Anteckning, inte")).fill(hostile("not"))
    page.get_by_role("button", name="Spara aktiviteten").click()
    expect(done).to_contain_text("AKTIVITET <img")
    page.locator(".st-key-latest").get_by_role("button", name="Historik").first.click()
    seen.settle()
    quiet(seen)

    # A file of that name, with nothing in it that can be read.
    path = tmp_path / f"<img src=x onerror={RAN}=8>{{{{ 7*191 }}}}.csv"
    path.write_text(f"visit_id;location_id;start_at;{hostile('kolumn')}\n1;x;{hostile('tid')};x\n")
    seen.go_to("data")
    page.locator("input[type=file]").set_input_files(path)
    expect(page.get_by_test_id("stAlert").first).to_contain_text("<img src=x")
    seen.settle()
    quiet(seen)
    for name in ("tackning", "karta"):
        seen.go_to(name)
        quiet(seen)
