"""Pages without a browser: the whole program through ``ui/main.py`` on a database of its own."""

from __future__ import annotations

import shutil
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
import streamlit as st
from streamlit import config
from streamlit.runtime.pages_manager import PagesManager
from streamlit.testing.v1 import AppTest, app_test

from tests.example_year import NOW, write_example_year

ROOT = Path(__file__).resolve().parents[2]
OpenPage = Callable[..., AppTest]


class _NavigatedPages(PagesManager):
    """Pages named by ``st.navigation``, as in the server.

    AppTest looks at each run whether a folder ``pages`` lies beside the main script, and if
    so runs the page alone, without ``ui/main.py`` around it.
    """

    def __init__(self, *args: object, **kwargs: object) -> None:
        PagesManager.uses_pages_directory = False
        super().__init__(*args, **kwargs)  # type: ignore[arg-type]  # handed on as they came


@pytest.fixture(scope="session", autouse=True)
def _main_script_always_runs() -> Iterator[None]:
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(app_test, "PagesManager", _NavigatedPages)
        yield


@pytest.fixture(scope="session", autouse=True)
def _whole_errors() -> Iterator[None]:
    """Show a test what went wrong; a visitor is only told that something did."""
    shown = st.get_option("client.showErrorDetails")
    config.set_option("client.showErrorDetails", "full")
    yield
    config.set_option("client.showErrorDetails", shown)


@pytest.fixture(scope="session")
def example_db(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A database with the example year, made once; tests work on copies of it."""
    return write_example_year(tmp_path_factory.mktemp("examples") / "examples.db")


def _settle(monkeypatch: pytest.MonkeyPatch, db: Path) -> None:
    monkeypatch.setenv("TRYGG_DB", f"sqlite:///{db}")
    monkeypatch.setenv("TRYGG_NOW", NOW)
    monkeypatch.setenv("TRYGG_BASEMAP", "simple")
    monkeypatch.setenv("TRYGG_FIXES", str(db.parent / "fixes"))
    monkeypatch.setenv("TRYGG_LANGUAGE", "sv")
    st.cache_resource.clear()
    st.cache_data.clear()


def _opener(page: str = "karta", *, query: dict[str, Any] | None = None) -> AppTest:
    app = AppTest.from_file(str(ROOT / "ui" / "main.py"), default_timeout=60)
    for name, value in (query or {}).items():
        app.query_params[name] = value
    app.run()
    # Pages are known to AppTest once the main script has named them.
    return app if page == "karta" else app.switch_page(f"pages/{page}.py").run()


@pytest.fixture
def open_page(
    example_db: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> Iterator[OpenPage]:
    """Open a page by its file's name, on its own copy of the example data, and run it."""
    db = tmp_path / "pages.db"
    shutil.copy(example_db, db)
    _settle(monkeypatch, db)
    yield _opener
    st.cache_resource.clear()


@pytest.fixture
def open_empty_page(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[OpenPage]:
    """Open a page on a database with nothing in it."""
    _settle(monkeypatch, tmp_path / "empty.db")
    yield _opener
    st.cache_resource.clear()
