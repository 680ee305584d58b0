"""Settings, read once from the environment (``TRYGG_…``) or a ``.env`` file."""

from __future__ import annotations

import tomllib
from pathlib import Path
from typing import Annotated, Literal

from pydantic import (
    AfterValidator,
    AwareDatetime,
    Field,
    HttpUrl,
    SecretStr,
    ValidationError,
    model_validator,
)
from pydantic_settings import BaseSettings, SettingsConfigDict

from geo.errors import SettingError
from geo.wording import Language, say

ROOT = Path(__file__).resolve().parent.parent
"""The folder that holds ``app.py``, ``data`` and ``node_modules``."""

DEFAULT_DB = f"sqlite:///{ROOT / 'var' / 'trygg.db'}"
"""The embedded database; the only one that gets example data by itself."""


def _reached_safely(url: HttpUrl) -> HttpUrl:
    # Passwords and cookies go this way: only over TLS, or not out of the machine.
    if url.scheme != "https" and url.host not in {"127.0.0.1", "localhost"}:
        raise ValueError("https")
    return url


class Settings(BaseSettings):
    """How this installation is set up.

    ``basemap`` is ``osm`` (tiles from openstreetmap.org), ``simple`` (nothing leaves
    the machine) or the path of an MBTiles or PMTiles file.  ``now`` stops the clock
    at a moment, for demonstrations and tests.  ``fixes`` is the folder of GPS fixes, and
    ``fixes_keep_days`` how long they may be kept, for whoever disposes of them.  A session ends
    after ``session_idle_minutes`` without a click, and after ``session_hours`` in any case.
    ``url`` is where others than this machine reach the service, and ``proxy_header`` the header
    in which a reverse proxy says which account somebody is.  ``oidc_issuer``, with the client's id
    and secret, is an identity provider that vouches for accounts.
    """

    model_config = SettingsConfigDict(
        env_prefix="TRYGG_", env_file=ROOT / ".env", extra="ignore", env_ignore_empty=True
    )

    db: str = DEFAULT_DB
    basemap: Literal["osm", "simple"] | Path = "osm"
    language: Language = "sv"
    now: AwareDatetime | None = None
    max_file_mb: int = 100
    inspection_interval_days: int = 365
    fixes: Path = ROOT / "var" / "fixes"
    fixes_max_file_mb: Annotated[int, Field(ge=1)] = 4_000
    url: Annotated[HttpUrl, AfterValidator(_reached_safely)] | None = None
    proxy_header: Annotated[str, Field(pattern=r"^[A-Za-z][A-Za-z0-9-]{2,60}$")] | None = None
    oidc_issuer: Annotated[HttpUrl, AfterValidator(_reached_safely)] | None = None
    oidc_client_id: str | None = None
    oidc_client_secret: SecretStr | None = None
    session_idle_minutes: Annotated[int, Field(ge=1, le=24 * 60)] = 60
    session_hours: Annotated[int, Field(ge=1, le=24 * 7)] = 12
    fixes_keep_days: Annotated[int, Field(ge=1, le=36_500)] | None = None

    @model_validator(mode="after")
    def _is_complete(self) -> Settings:
        needed = (self.oidc_client_id, self.oidc_client_secret, self.url)
        if self.oidc_issuer is not None and None in needed:
            raise ValueError("oidc")
        return self

    def background(self, *, has_accounts: bool) -> str:
        """Name the background map.

        With accounts it is *simple* unless one is named: who asks for street tiles tells a third
        party where officers look.
        """
        is_named = "basemap" in self.model_fields_set
        return str(self.basemap) if is_named or not has_accounts else "simple"

    @property
    def is_default_db(self) -> bool:
        """Whether the database is the embedded one that nobody named."""
        return "db" not in self.model_fields_set


def read_settings() -> Settings:
    """Read the settings.

    Raises
    ------
    SettingError
        Where one of them cannot be used; names it.
    """
    try:
        return Settings()
    except ValidationError as exc:
        first = exc.errors(include_url=False)[0]
        if not first["loc"]:
            raise SettingError(
                say(
                    "TRYGG_OIDC_ISSUER behöver också TRYGG_OIDC_CLIENT_ID, "
                    "TRYGG_OIDC_CLIENT_SECRET och TRYGG_URL."
                )
            ) from exc
        name = "TRYGG_" + str(first["loc"][0]).upper()
        raise SettingError(
            say(
                "Inställningen {name} har värdet ”{value}”, som inte går att använda.",
                name=name,
                value=first["input"],
            )
        ) from exc


def program_version() -> str:
    """Give this program's version, as ``pyproject.toml`` has it."""
    written = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))
    return str(written["project"]["version"])
