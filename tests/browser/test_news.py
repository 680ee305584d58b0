"""What others write stands on the page by itself, and never in the way of whoever is using it."""

from __future__ import annotations

import subprocess
import sys
import time
from collections.abc import Callable
from datetime import datetime, timedelta
from pathlib import Path

import pytest
from playwright.sync_api import expect

from geo.model.visit import Visit
from geo.services.recording import save
from geo.store.open import open_store
from tests.browser.conftest import SharedProgram
from tests.browser.tab import LAPTOP, ROOT, Tab
from tests.example_year import NOW

pytestmark = pytest.mark.browser

OpenTab = Callable[..., Tab]
NOTE = "Anteckning om platsen, inte om personer"
PLACE = "kinna-torget"
STATE = "globalThis.tryggNews.state()"
HEARD = f"{STATE}.told !== null"
WAITS, SHOWN = f"{STATE}.isWaiting", f"{STATE}.told === {STATE}.drawn"
HIDE = """is => {
  Object.defineProperty(document, "hidden", {get: () => is, configurable: true});
  document.dispatchEvent(new Event("visibilitychange"));
}"""


def visits(tab: Tab) -> int:
    return int(tab.figure("besök på platserna").inner_text())


def until(tab: Tab, holds: str) -> None:
    """Wait until something holds in the page, whose policy lets nobody else evaluate there."""
    give_up_at = time.monotonic() + 20
    while not tab.page.evaluate(holds):
        assert time.monotonic() < give_up_at, holds
        tab.page.wait_for_timeout(50)


def listen(tab: Tab) -> None:
    """Wait until the page has heard what stands."""
    until(tab, HEARD)


def write(db: Path, visit_id: str) -> None:
    """Log a visit of the example year's last days, as another session does."""
    end_at = datetime.fromisoformat(NOW) - timedelta(days=8)
    visit = Visit(
        visit_id=visit_id,
        location_id=PLACE,
        start_at=end_at - timedelta(minutes=15),
        end_at=end_at,
    )
    store = open_store(f"sqlite:///{db}")
    save(store, visit, account="annan", now=datetime.fromisoformat(NOW))
    store.close()


def test_another_process_s_visit_is_seen_and_the_view_is_kept(
    tab: OpenTab, program: str, shared_program: SharedProgram, tmp_path: Path
) -> None:
    seen = tab(LAPTOP)
    seen.open(f"{program}/?fran=2021-10-04&till=2022-01-03")
    seen.page.get_by_text("Visa som tabell").click()
    seen.look_at(57.40, 12.62, zoom=14)
    listen(seen)
    seen.settle()
    view = "[trygg.map.getCenter().lat, trygg.map.getCenter().lng, trygg.map.getZoom()]"
    before, looked, asked = visits(seen), seen.map().evaluate(view), seen.sent
    file = tmp_path / "besök.csv"
    file.write_text("location_id;start_at;minutes\nkinna-torget;2021-12-20 20:00;15\n", "utf-8")
    command = [sys.executable, "-m", "geo", "import", "visits", str(file)]
    subprocess.run([*command, "--db", f"sqlite:///{shared_program.db}"], cwd=ROOT, check=True)

    expect(seen.figure("besök på platserna")).to_have_text(str(before + 1))
    seen.settle()

    assert seen.sent == asked + 1
    assert seen.map().evaluate(view) == looked
    expect(seen.page.locator(".st-key-map_table input")).to_be_checked()


def test_one_s_own_write_and_opening_a_page_ask_for_nothing_more(
    tab: OpenTab, program: str
) -> None:
    seen = tab(LAPTOP)
    seen.open(f"{program}/logga?plats={PLACE}")
    listen(seen)
    seen.page.wait_for_timeout(1000)
    assert seen.sent == 1
    seen.page.get_by_role("button", name="Spara besöket").click()
    expect(seen.page.locator(".st-key-form_done")).to_contain_text("Sparat")
    # Longer than news takes.
    seen.page.wait_for_timeout(2000)
    assert seen.sent == 2


def test_nothing_is_drawn_anew_under_a_typing_hand(
    tab: OpenTab, program: str, shared_program: SharedProgram
) -> None:
    typing, looking = tab(LAPTOP), tab(LAPTOP)
    typing.open(f"{program}/logga?plats={PLACE}")
    looking.open(f"{program}/?fran=2021-10-04&till=2022-01-03")
    listen(typing)
    listen(looking)
    note = typing.page.get_by_label(NOTE)
    note.click()
    note.press_sequentially("Halva me")
    before, asked = visits(looking), typing.sent
    write(shared_program.db, "annan-1")
    expect(looking.figure("besök på platserna")).to_have_text(str(before + 1))
    until(typing, WAITS)
    typing.page.wait_for_timeout(500)
    expect(note).to_be_focused()
    assert typing.sent == asked
    note.press_sequentially("ningen")
    expect(note).to_have_value("Halva meningen")
    note.blur()
    until(typing, SHOWN)
    typing.settle()
    typing.page.get_by_role("button", name="Spara besöket").click()
    expect(typing.page.locator(".st-key-form_done")).to_contain_text("Halva meningen")


def test_who_draws_plays_or_chooses_is_left_alone_and_then_told(
    tab: OpenTab, program: str, shared_program: SharedProgram
) -> None:
    seen = tab(LAPTOP)
    seen.open(f"{program}/?fran=2021-10-04&till=2022-01-03")
    listen(seen)
    number = visits(seen)
    page, frame = seen.page, seen.map()
    figure = seen.figure("besök på platserna")

    def written_meanwhile() -> None:
        nonlocal number
        asked = seen.sent
        write(shared_program.db, f"annan-{number}")
        until(seen, WAITS)
        page.wait_for_timeout(500)
        assert seen.sent == asked
        expect(figure).to_have_text(str(number))
        number += 1

    page.get_by_role("button", name="Alla besök").click()
    expect(page.get_by_role("dialog")).to_be_visible()
    written_meanwhile()
    page.keyboard.press("Escape")
    expect(figure).to_have_text(str(number))
    seen.settle()

    frame.get_by_role("button", name="Spela veckorna").click()
    written_meanwhile()
    frame.get_by_role("button", name="Pausa").click()
    expect(figure).to_have_text(str(number))
    seen.settle()

    # In a tab that nobody sees the page does not even listen.
    page.evaluate(HIDE, True)
    write(shared_program.db, "annan-hidden")
    page.wait_for_timeout(1500)
    expect(figure).to_have_text(str(number))
    page.evaluate(HIDE, False)
    number += 1
    expect(figure).to_have_text(str(number))
    seen.settle()

    frame.get_by_role("button", name="Rita en punkt").click()
    written_meanwhile()
    seen.press_map(400, 250)
    # Handing over the shape is a run of its own, which shows what others wrote as well.
    expect(page.get_by_role("heading", name="Ny plats")).to_be_visible()
    seen.settle()
    page.get_by_label("Namn", exact=True).fill("Bron vid kv")
    page.get_by_label("Namn", exact=True).blur()
    asked = seen.sent
    write(shared_program.db, "annan-form")
    while seen.sent == asked:
        page.wait_for_timeout(50)
    until(seen, SHOWN)
    seen.settle()
    expect(page.get_by_label("Namn", exact=True)).to_have_value("Bron vid kv")
