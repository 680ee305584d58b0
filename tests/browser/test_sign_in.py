"""Somebody signs in, works, and is out: by himself, or because an administrator said so."""

from __future__ import annotations

import shutil
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

import pytest
from playwright.sync_api import expect

from geo.access import Account
from geo.services.accounts import new_account, set_active
from geo.store.accounts import Accounts
from geo.store.open import open_store
from tests.browser.conftest import OpenTab
from tests.browser.tab import LAPTOP, PHONE, SHOTS

PASSWORD = "tre gula bussar"


@dataclass(frozen=True)
class Manned:
    """A program with accounts, and its database."""

    url: str
    accounts: Accounts


@pytest.fixture(scope="session")
def manned(
    serve_program: Callable[..., str], examples: Path, tmp_path_factory: pytest.TempPathFactory
) -> Manned:
    db = tmp_path_factory.mktemp("manned") / "story_test.db"
    shutil.copy(examples, db)
    accounts = Accounts(open_store(f"sqlite:///{db}").engine)
    for account in (
        Account("polis-1", "polisen", "officer"),
        Account("polis-2", "polisen", "officer"),
        Account("chef-1", "polisen", "police_coordinator"),
    ):
        new_account(accounts, account, password=PASSWORD, now=datetime.now(UTC))
    return Manned(serve_program(TRYGG_DB=f"sqlite:///{db}"), accounts)


@pytest.mark.parametrize("size", [PHONE, LAPTOP], ids=["phone", "laptop"])
def test_somebody_signs_in_and_out(manned: Manned, tab: OpenTab, size: object) -> None:
    me = tab(size, locale="sv-SE")  # type: ignore[arg-type] # a profile of its own: cookies
    page = me.page
    page.goto(f"{manned.url}/tackning?dagar=2021-01-01--2021-12-31")
    expect(page).to_have_title("Logga in · Trygg karta · Mark")
    page.get_by_label("Konto").fill("polis-1")
    page.get_by_label("Lösenord").fill("fel lösenord här")
    page.get_by_role("button", name="Logga in").click()
    expect(page.get_by_role("alert")).to_have_text("Kontot och lösenordet stämmer inte.")
    page.screenshot(path=SHOTS / f"sign_in_{me.size.width}.png")
    me.complaints.clear()  # Chromium says that the answer was a 403.

    expect(page.get_by_label("Konto")).to_have_value("polis-1")
    expect(page.get_by_label("Lösenord")).to_be_focused()
    page.get_by_label("Konto").fill(" Polis-1 ")
    page.get_by_label("Lösenord").fill(PASSWORD)
    page.keyboard.press("Enter")
    me.settle()
    assert "/tackning?dagar=2021-01-01--2021-12-31" in page.url
    expect(page.get_by_text("polis-1 · Logga ut")).to_be_visible()

    page.get_by_text("polis-1 · Logga ut").click()
    page.get_by_role("button", name="Logga ut här").click()
    expect(page).to_have_title("Logga in · Trygg karta · Mark")
    page.go_back()
    expect(page).to_have_title("Logga in · Trygg karta · Mark")


def test_whoever_loses_the_account_loses_the_page(manned: Manned, watch: OpenTab) -> None:
    me = watch(LAPTOP, locale="sv-SE")
    page = me.page
    page.goto(f"{manned.url}/logga")
    page.get_by_label("Konto").fill("polis-2")
    page.get_by_label("Lösenord").fill(PASSWORD)
    page.keyboard.press("Enter")
    me.settle()

    set_active(manned.accounts, "polis-2", active=False)

    # The open page hears of it and leads there by itself.
    expect(page).to_have_title("Logga in · Trygg karta · Mark")
