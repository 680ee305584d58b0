"""Look whether everything the program needs is there, and say what to do where it is not."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from dataclasses import dataclass
from importlib.metadata import PackageNotFoundError, version

from geo.config import ROOT, Settings
from geo.errors import GeoError
from geo.store.open import open_store

_PACKAGES = ("streamlit", "streamlit-folium", "folium", "branca", "geopandas", "shapely")


@dataclass(frozen=True, slots=True)
class Checkup:
    """One thing looked at."""

    subject: str
    finding: str
    is_well: bool


def checkups(settings: Settings) -> Iterator[Checkup]:
    """Look at Python, the packages, the browser assets, the base map and the database."""
    yield _python()
    for name in _PACKAGES:
        yield _package(name)
    yield _assets()
    yield _basemap(settings)
    yield _database(settings)


def _python() -> Checkup:
    found = ".".join(str(part) for part in sys.version_info[:3])
    is_well = sys.version_info >= (3, 11)
    return Checkup("Python", found if is_well else f"{found}; behöver vara minst 3.11", is_well)


def _package(name: str) -> Checkup:
    pinned = _pins().get(name)
    try:
        found = version(name)
    except PackageNotFoundError:
        return Checkup(name, "saknas; kör make setup", is_well=False)
    if pinned is not None and found != pinned:
        return Checkup(name, f"{found}; ska vara {pinned}, kör make setup", is_well=False)
    return Checkup(name, found, is_well=True)


def _pins() -> dict[str, str]:
    lines = (ROOT / "requirements.txt").read_text(encoding="utf-8").splitlines()
    pinned = (line.split(";")[0].strip().partition("==") for line in lines)
    return {name: pin for name, separator, pin in pinned if separator}


def _assets() -> Checkup:
    leaflet = ROOT / "node_modules" / "leaflet" / "dist" / "leaflet.js"
    if leaflet.is_file():
        return Checkup("Kartans skript", "finns", is_well=True)
    return Checkup("Kartans skript", "saknas; kör make setup", is_well=False)


def _basemap(settings: Settings) -> Checkup:
    if isinstance(settings.basemap, str):
        told = {
            "osm": "openstreetmap.org (webbläsaren hämtar kartrutor därifrån)",
            "simple": "enkel; ingenting hämtas utifrån",
        }
        return Checkup("Bakgrundskarta", told[settings.basemap], is_well=True)
    if settings.basemap.is_file():
        return Checkup("Bakgrundskarta", str(settings.basemap), is_well=True)
    return Checkup("Bakgrundskarta", f"filen {settings.basemap} finns inte", is_well=False)


def _database(settings: Settings) -> Checkup:
    try:
        store = open_store(settings.db)
    except GeoError as exc:
        return Checkup("Databas", str(exc), is_well=False)
    try:
        return Checkup("Databas", f"öppnas, {store.revision()} ändringar", is_well=True)
    finally:
        store.close()
