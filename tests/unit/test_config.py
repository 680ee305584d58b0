"""What the settings mean together."""

from __future__ import annotations

from pathlib import Path

import pytest

from geo.config import Settings, read_settings
from geo.errors import SettingError


@pytest.mark.parametrize(
    ("named", "has_accounts", "expected"),
    [
        (None, False, "osm"),
        (None, True, "simple"),
        ("osm", True, "osm"),
        ("simple", False, "simple"),
        ("mark.pmtiles", True, "mark.pmtiles"),
    ],
)
def test_with_accounts_nobody_else_is_told_where_officers_look(
    named: str | None, has_accounts: bool, expected: str
) -> None:
    settings = Settings() if named is None else Settings(basemap=_read(named))
    assert settings.background(has_accounts=has_accounts) == expected


def _read(name: str) -> str | Path:
    return name if name in {"osm", "simple"} else Path(name)


@pytest.mark.parametrize(
    "url", ["http://karta.example.se", "ftp://karta.example.se", "karta", "http://192.0.2.1"]
)
def test_passwords_go_over_tls_or_nowhere(url: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("TRYGG_URL", url)
    with pytest.raises(SettingError, match="TRYGG_URL"):
        read_settings()


@pytest.mark.parametrize("url", ["https://karta.example.se", "http://127.0.0.1:8501"])
def test_addresses_that_are_safe(url: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("TRYGG_URL", url)
    assert str(read_settings().url).startswith(url)
