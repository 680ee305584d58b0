"""The gate: nothing behind it is answered before it is known who asks.

Plain ASGI middleware before everything, Streamlit's own paths and its WebSocket included.  What
may be asked for without an account is a short list of exact paths; whatever else a path may be
twisted into is behind the gate.  What stays open, a WebSocket or a stream of news, is looked after
as long as it does: whoever is signed out or gets another role loses it within seconds.
"""

from __future__ import annotations

import asyncio
import logging
import secrets
from collections.abc import Mapping
from contextlib import suppress
from contextvars import ContextVar
from typing import Any, Final
from urllib.parse import quote

import anyio
from starlette.datastructures import Headers
from starlette.requests import cookie_parser
from starlette.responses import PlainTextResponse, RedirectResponse, Response
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from geo.access import LOCAL, Account
from geo.errors import GeoError
from geo.wording import Language, Wording
from web.door import Door
from web.site import Site, came_through_proxy

SIGN_IN: Final = "/logga-in"
SIGN_OUT: Final = "/logga-ut"
HEALTH: Final = "/halsa"
METRICS: Final = "/metrics"
ALIVE: Final = "/halsa/lever"
OIDC: Final = "/logga-in/oidc"
NEWS: Final = "/nyheter"
OPEN_PATHS: Final = frozenset({SIGN_IN, SIGN_OUT, HEALTH, f"{OIDC}/", f"{OIDC}/svar"})
"""What is answered without an account."""

_STAYS_OPEN: Final = frozenset({NEWS})
"""What a page asks for by itself and keeps open; nobody is active because of it."""

ACCOUNT: Final = "trygg.account"
"""Where in a request's scope its account is, for our own routes."""

ACCOUNT_HEADER: Final = "x-trygg-account"
"""How a page's run learns its account: Streamlit hands it the WebSocket's headers, nothing else."""
_OUR_HEADERS: Final = b"x-trygg-"
_SEAL: Final = secrets.token_hex(16)

SIGNED_OUT: Final = 4401
"""Code a WebSocket is closed with when its session is over."""
_LOOKED_AFTER_EVERY_S: Final = 1.0

_asking: ContextVar[Account | None] = ContextVar("asking", default=None)

_log = logging.getLogger("trygg")


class Gate:
    """Asks the door who somebody is, and lets through or turns away."""

    def __init__(
        self,
        app: ASGIApp,
        *,
        door: Door,
        site: Site,
        proxy_header: str | None = None,
        language: Language = "sv",
    ) -> None:
        self._app = app
        self._door = door
        self._site = site
        self._proxy_header = proxy_header
        self._wording = Wording(language)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer, or pass on with the account in the scope."""
        if scope["type"] not in {"http", "websocket"}:
            await self._app(scope, receive, send)
            return
        headers = Headers(scope=scope)
        if scope["path"] == ALIVE:
            # Also when the database is away: that is no reason to start the program anew.
            await self._answer(scope, receive, send, 200, "ok")
            return
        try:
            # A page asks for fifty files at once: most are answered without asking the database.
            stands_open = self._door.stands_open_still()
            if stands_open is None:
                stands_open = await anyio.to_thread.run_sync(self._door.stands_open)
            refusal = self._site.refusal(scope, headers, stands_open=stands_open)
            if refusal is not None:
                await self._answer(scope, receive, send, 403, self._wording.message(refusal))
                return
            stays_open = scope["type"] == "websocket" or scope["path"] in _STAYS_OPEN
            is_active = not stays_open
            account = LOCAL if stands_open else await self._who(scope, headers, is_active=is_active)
        except GeoError as exc:
            _log.warning("nobody can be let in", exc_info=exc)
            await self._answer(scope, receive, send, 503, self._wording.message(exc.message))
            return
        if account is None and scope["path"] not in OPEN_PATHS:
            await self._ask_to_sign_in(scope, headers, receive, send)
            return
        inner = _with_account(scope, account)
        if stays_open:
            await self._look_after(inner, headers, account, receive, send)
        else:
            told = _asking.set(account)
            try:
                await self._app(inner, receive, send)
            finally:
                _asking.reset(told)

    async def _who(self, scope: Scope, headers: Headers, *, is_active: bool) -> Account | None:
        if self._proxy_header is not None and came_through_proxy(scope):
            named = headers.getlist(self._proxy_header)
            if len(named) == 1:
                return await anyio.to_thread.run_sync(self._door.account_named, named[0])
        token = token_of(headers, is_secure=self._site.is_secure)
        return await anyio.to_thread.run_sync(
            lambda: self._door.account_of(token, is_active=is_active)
        )

    async def _ask_to_sign_in(
        self, scope: Scope, headers: Headers, receive: Receive, send: Send
    ) -> None:
        is_page = scope.get("method") == "GET" and "text/html" in headers.get("accept", "")
        if not is_page:
            said = self._wording("Logga in först.")
            await self._answer(scope, receive, send, 401, said)
            return
        # As the browser wrote it, so that a link keeps its view.
        wanted = quote(scope["path"], safe="/")
        if scope["query_string"]:
            wanted += "?" + scope["query_string"].decode("latin-1")
        answer = RedirectResponse(f"{SIGN_IN}?till={quote(wanted, safe='')}", status_code=303)
        answer.headers["cache-control"] = "no-store"
        await answer(scope, receive, send)

    async def _answer(
        self, scope: Scope, receive: Receive, send: Send, status: int, said: str
    ) -> None:
        if scope["type"] == "websocket":
            await receive()
            # Closed before it is accepted: the browser sees a 403.
            await send({"type": "websocket.close", "code": SIGNED_OUT, "reason": ""})
            return
        answer: Response = PlainTextResponse(
            said, status_code=status, headers={"cache-control": "no-store"}
        )
        await answer(scope, receive, send)

    async def _look_after(
        self,
        scope: Scope,
        headers: Headers,
        account: Account | None,
        receive: Receive,
        send: Send,
    ) -> None:
        """Pass messages on as long as the session holds."""
        is_socket = scope["type"] == "websocket"
        is_over, is_active = asyncio.Event(), is_socket

        async def watch() -> None:
            nonlocal is_active
            while True:
                await asyncio.sleep(_LOOKED_AFTER_EVERY_S)
                was_active, is_active = is_active, False
                try:
                    now = await self._who(scope, headers, is_active=was_active)
                except GeoError:
                    continue  # The database is away for a moment; a page says so itself.
                if now != account:
                    is_over.set()
                    if is_socket:
                        await close()
                    return

        async def close() -> None:
            with suppress(Exception):  # It may be closed already.
                await send({"type": "websocket.close", "code": SIGNED_OUT, "reason": ""})

        async def received() -> Message:
            nonlocal is_active
            message = asyncio.ensure_future(receive())
            over = asyncio.ensure_future(is_over.wait())
            done, _ = await asyncio.wait({message, over}, return_when=asyncio.FIRST_COMPLETED)
            over.cancel()
            if message in done:
                is_active = is_socket
                return message.result()
            message.cancel()
            return {"type": f"{scope['type']}.disconnect", "code": SIGNED_OUT, "reason": ""}

        async def sent(message: Message) -> None:
            if not is_over.is_set() or not is_socket:  # An answer is ended by who gives it.
                await send(message)

        watching = asyncio.ensure_future(watch())
        try:
            await self._app(scope, received, sent)
        finally:
            watching.cancel()


def token_of(headers: Headers, *, is_secure: bool) -> str | None:
    """Read the session's token out of the cookies."""
    return cookie_parser(headers.get("cookie", "")).get(cookie_name(is_secure=is_secure))


def cookie_name(*, is_secure: bool) -> str:
    """Name the cookie; with the prefix browsers keep it to this host, over TLS."""
    return "__Host-trygg" if is_secure else "trygg"


def read_account(headers: Mapping[str, Any]) -> Account | None:
    """Read the account the gate has written into a request's headers; None if it has not."""
    seal, _, told = str(headers.get(ACCOUNT_HEADER, "")).partition(" ")
    if not secrets.compare_digest(seal.encode(), _SEAL.encode()):
        return None
    account_id, organisation, role = told.split(" ")
    return Account(account_id, organisation, role)  # type: ignore[arg-type]  # we wrote it


def account_asking() -> Account | None:
    """Give the account whose request is being answered; None outside of one."""
    return _asking.get()


def _with_account(scope: Scope, account: Account | None) -> Scope:
    # Nobody but the gate says who somebody is.
    headers = [pair for pair in scope["headers"] if not pair[0].lower().startswith(_OUR_HEADERS)]
    if account is not None:
        told = f"{_SEAL} {account.account_id} {account.organisation} {account.role}"
        headers.append((ACCOUNT_HEADER.encode(), told.encode("latin-1")))
    return {**scope, "headers": headers, ACCOUNT: account}
