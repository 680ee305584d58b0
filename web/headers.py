"""What Streamlit leaves out: security headers, the page's language, look, and root.

Plain ASGI middleware, outermost, so that every answer passes: Streamlit's own, ours, and errors.
"""

from __future__ import annotations

import base64
import hashlib
import re
from collections.abc import Callable
from functools import cache
from http import HTTPStatus
from importlib.util import find_spec
from pathlib import Path
from typing import Final

from starlette.datastructures import MutableHeaders
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from web import early, look, root, turned_away
from web.assets import FOR_EVER

_OWN_PREFIXES: Final = (  # what is not Streamlit's page
    "/_stcore/",
    "/assets/",
    "/component/",
    "/halsa",
    "/logga-",
    "/metrics",
    "/media/",
    "/nyheter",
    "/static/",
    "/tiles/",
)
_COMPONENT: Final = "/component/"
_HASHED: Final = re.compile(r"\.[0-9a-f]{8}\.(js|css)$")


@cache
def inline_script_hash() -> str:
    """CSP hash of the one inline script in Streamlit's page, read from the installed version."""
    installed = find_spec("streamlit")
    if installed is None or installed.origin is None:
        return ""
    page = Path(installed.origin).with_name("static") / "index.html"
    scripts = re.findall(r"<script>(.*?)</script>", page.read_text("utf-8"), flags=re.DOTALL)
    return " ".join(
        f"'sha256-{base64.b64encode(hashlib.sha256(body.encode()).digest()).decode()}'"
        for body in scripts
    )


def content_policy(path: str, *, tile_host: str | None = None) -> str:
    """Content security policy of one address.

    The page runs only Streamlit's own files. The map's frame also needs ``eval`` and inline
    scripts, which streamlit-folium is built on; nothing a person typed is ever part of them.
    """
    pictures = "img-src 'self' data: blob:" + (f" {tile_host}" if tile_host else "")
    if path.startswith(_COMPONENT):
        scripts = "script-src 'self' blob: 'unsafe-inline' 'unsafe-eval'"
    else:
        scripts = f"script-src 'self' blob: {inline_script_hash()}"
    return "; ".join(
        (
            "default-src 'self'",
            scripts,
            "style-src 'self' 'unsafe-inline'",
            pictures,
            "font-src 'self' data:",
            "connect-src 'self'",
            "worker-src 'self' blob:",
            "object-src 'none'",
            "base-uri 'self'",
            "form-action 'self'",
            "frame-ancestors 'self'",
        )
    )


class Headers:
    """Adds the headers, and to the page its language, its look and its root."""

    def __init__(
        self,
        app: ASGIApp,
        *,
        tile_host: Callable[[], str | None] = lambda: None,
        language: Callable[[], str] = lambda: "sv",
    ) -> None:
        self._app = app
        self._tile_host = tile_host
        self._language = language

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass a request on, and mend what comes back."""
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        path: str = scope["path"]
        is_page = not path.startswith(_OWN_PREFIXES) and scope["method"] == "GET"
        if is_page:
            # The page is rewritten below, so it must not arrive compressed.
            scope = {
                **scope,
                "headers": [pair for pair in scope["headers"] if pair[0] != b"accept-encoding"],
            }
        is_html = False

        async def mended(message: Message) -> None:
            nonlocal is_html
            if message["type"] == "http.response.start":
                headers = MutableHeaders(scope=message)
                is_html = headers.get("content-type", "").startswith("text/html")
                if is_page and is_html and "content-length" in headers:
                    del headers["content-length"]  # the page grows below
                self._add(headers, path)
                if message["status"] == HTTPStatus.OK and path.startswith(_COMPONENT):
                    _keep(headers, path)
            elif message["type"] == "http.response.body" and is_page and is_html:
                language = f'<html lang="{self._language()[:2]}"'.encode()
                body = message["body"].replace(b'<html lang="en"', language)
                # Before all other scripts: `root` and `turned_away` must be.
                for tag in (early.SCRIPT_TAG, turned_away.SCRIPT_TAG, root.SCRIPT_TAG):
                    body = body.replace(b"<head>", b"<head>" + tag, 1)
                body = body.replace(b"</body>", look.link_tag() + b"</body>", 1)
                message = {**message, "body": body}
            await send(message)

        await self._app(scope, receive, mended)

    def _add(self, headers: MutableHeaders, path: str) -> None:
        policy = content_policy(path, tile_host=self._tile_host())
        headers.setdefault("content-security-policy", policy)
        headers.setdefault("x-content-type-options", "nosniff")
        headers.setdefault("x-frame-options", "SAMEORIGIN")
        # OpenStreetMap's tile servers want to know which site asks; the path stays at home.
        headers.setdefault("referrer-policy", "strict-origin-when-cross-origin")
        headers.setdefault("cross-origin-opener-policy", "same-origin")
        headers.setdefault(
            "permissions-policy",
            "geolocation=(self), fullscreen=(self), camera=(), microphone=(), payment=(), usb=()",
        )


def _keep(headers: MutableHeaders, path: str) -> None:
    """Let a file be kept for ever whose name holds a hash of its content."""
    if _HASHED.search(path):
        headers["cache-control"] = FOR_EVER
