"""Where the service is, and so which hosts, origins and neighbours it answers."""

from __future__ import annotations

from dataclasses import dataclass
from ipaddress import ip_address
from typing import Final
from urllib.parse import urlsplit

from starlette.datastructures import Headers
from starlette.types import Scope

from geo.config import Settings
from geo.wording import Message, mark

LOOPBACK: Final = frozenset({"127.0.0.1", "localhost", "::1"})
_SAFE: Final = frozenset({"GET", "HEAD", "OPTIONS"})
_FORWARDED: Final = ("forwarded", "x-forwarded-for", "x-forwarded-host", "x-real-ip")

NO_SUCH_HOST: Final = mark("Den här tjänsten svarar inte på den adressen.")
ONLY_HERE: Final = mark(
    "Det finns inga konton ännu, så kartan visas bara på den dator där den körs. "
    "Lägg till konton med: python -m geo accounts add"
)
NOT_OPENED: Final = mark(
    "Tjänsten är inte öppnad för andra datorer. Sätt TRYGG_URL till dess adress, "
    "till exempel https://karta.example.se, och låt en proxy med TLS stå framför den."
)
FOREIGN: Final = mark("Anropet kom från en annan webbplats och stoppades.")


@dataclass(frozen=True, slots=True)
class Site:
    """The service's own address.

    Attributes
    ----------
    origin
        ``https://host[:port]`` where others than this machine reach it; None for nobody.
    """

    origin: str | None = None

    @property
    def is_secure(self) -> bool:
        """Whether it is reached over TLS, so that cookies may not go any other way."""
        return bool(self.origin and self.origin.startswith("https://"))

    def refusal(self, scope: Scope, headers: Headers, *, stands_open: bool) -> Message | None:
        """Say why a request is not answered, whoever it comes from; None if it may go on.

        With `stands_open` there are no accounts, and nobody but this machine is let in.
        """
        host = headers.get("host", "")
        if not self._is_ours(host):
            return Message(NO_SUCH_HOST)
        # A proxy that says nothing of whom it speaks for still asks for the service by its name.
        is_far = (
            not is_loopback(scope)
            or _name(host) not in LOOPBACK
            or any(name in headers for name in _FORWARDED)
        )
        if is_far and stands_open:
            return Message(ONLY_HERE)
        if is_far and self.origin is None:
            return Message(NOT_OPENED)
        if is_far and not self._is_at(host):
            return Message(NO_SUCH_HOST)
        is_asking = scope["type"] == "http" and scope["method"] in _SAFE
        if not is_asking and not self._is_own(headers.get("origin"), host):
            return Message(FOREIGN)
        return None

    def _is_ours(self, host: str) -> bool:
        return _name(host) in LOOPBACK or self._is_at(host)

    def _is_at(self, host: str) -> bool:
        return self.origin is not None and host.lower() == urlsplit(self.origin).netloc

    def _is_own(self, origin: str | None, host: str) -> bool:
        if origin is None:
            return False
        if self._is_at(host):
            return origin.lower() == self.origin
        return origin.lower() == f"http://{host.lower()}"


def site_of(settings: Settings) -> Site:
    """Read the service's address from the settings."""
    if settings.url is None:
        return Site()
    parts = urlsplit(str(settings.url))
    return Site(f"{parts.scheme}://{parts.netloc}".lower())


def is_loopback(scope: Scope) -> bool:
    """Tell whether whoever asks sits at this machine, and no proxy says otherwise."""
    client = scope.get("client")
    if client is None:
        return False
    try:
        return ip_address(client[0]).is_loopback
    except ValueError:
        return False


def came_through_proxy(scope: Scope) -> bool:
    """Tell whether a proxy that the server trusts brought the request.

    The server (uvicorn) then puts in the address the proxy names, with a port no client has; it
    does so only for proxies in FORWARDED_ALLOW_IPS, 127.0.0.1 unless told otherwise.
    """
    client = scope.get("client")
    return client is not None and client[1] == 0


def _name(host: str) -> str:
    try:
        return urlsplit(f"//{host}").hostname or ""
    except ValueError:
        return ""
