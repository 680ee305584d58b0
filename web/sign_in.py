"""``/logga-in`` and ``/logga-ut``: two plain pages that need no script, behind no gate."""

from __future__ import annotations

from asyncio import Lock
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Final
from urllib.parse import parse_qs

import anyio
from jinja2 import Environment, FileSystemLoader
from starlette.requests import Request
from starlette.responses import HTMLResponse, RedirectResponse, Response
from starlette.routing import Route

from geo.access import Account
from geo.errors import GeoError
from geo.services.accounts import PASSWORD_LENGTHS
from geo.wording import Language, Wording
from web.door import Door
from web.gate import ACCOUNT, SIGN_IN, SIGN_OUT, cookie_name, token_of
from web.site import Site

_LARGEST_BODY: Final = 8_192
_LONGEST_ID: Final = 40
_LONGEST_WAY: Final = 2_000


class SignIn:
    """The pages, and what they do."""

    def __init__(
        self, door: Door, site: Site, *, language: Language, provider: str | None = None
    ) -> None:
        self._door = door
        self._site = site
        self._wording = Wording(language)
        self._provider = provider
        self._pages = Environment(
            loader=FileSystemLoader(Path(__file__).with_name("pages")), autoescape=True
        )
        # One password at a time: hashing takes 64 MB, and guessers would come all at once.
        self._one_at_a_time = Lock()

    @property
    def routes(self) -> Sequence[Route]:
        """The addresses."""
        return [
            Route(SIGN_IN, self.show, methods=["GET"]),
            Route(SIGN_IN, self.sign_in, methods=["POST"]),
            Route(SIGN_OUT, self.show_out, methods=["GET"]),
            Route(SIGN_OUT, self.sign_out, methods=["POST"]),
        ]

    async def show(self, request: Request) -> Response:
        """Show the form; whoever is signed in goes on at once."""
        way = safe_way(request.query_params.get("till", ""))
        if request.scope.get(ACCOUNT) is not None:
            return RedirectResponse(way, status_code=303)
        return self.form(way)

    async def sign_in(self, request: Request) -> Response:
        """Take the form; on to where somebody was going, or back with one sentence."""
        fields = await _fields(request)
        way = safe_way(fields.get("till", ""))
        if not fields:
            return self.form(way, wrong=self._wording("Formuläret gick inte att läsa."))
        address = request.client.host if request.client else ""
        account_id = fields.get("konto", "").strip().lower()
        password = fields.get("losenord", "")[: PASSWORD_LENGTHS.stop]
        try:
            async with self._one_at_a_time:
                token = await anyio.to_thread.run_sync(
                    lambda: self._door.sign_in(account_id, password, address=address)
                )
        except GeoError as exc:
            wrong = self._wording.message(exc.message)
            return self.form(way, wrong=wrong, account=account_id[:_LONGEST_ID])
        return self.let_in(token, way)

    def let_in(self, token: str, way: str) -> Response:
        """Give the browser its session."""
        answer = RedirectResponse(way, status_code=303, headers={"cache-control": "no-store"})
        answer.set_cookie(
            cookie_name(is_secure=self._site.is_secure),
            token,
            path="/",
            secure=self._site.is_secure,
            httponly=True,
            samesite="lax",  # Strict would ask whoever follows a colleague's link to sign in again.
        )
        return answer

    async def show_out(self, request: Request) -> Response:
        """Ask whether to sign out here or everywhere."""
        if request.scope.get(ACCOUNT) is None:
            return RedirectResponse(SIGN_IN, status_code=303)
        return self._page("sign_out.html", title=self._wording("Logga ut"))

    async def sign_out(self, request: Request) -> Response:
        """End this session, or all of the account's."""
        account: Account | None = request.scope.get(ACCOUNT)
        token = token_of(request.headers, is_secure=self._site.is_secure)
        everywhere = (await _fields(request)).get("var") == "alla"
        if account is not None and token is not None:
            await anyio.to_thread.run_sync(
                lambda: self._door.sign_out(token, account, everywhere=everywhere)
            )
        answer = RedirectResponse(SIGN_IN, status_code=303, headers={"cache-control": "no-store"})
        answer.delete_cookie(
            cookie_name(is_secure=self._site.is_secure),
            path="/",
            secure=self._site.is_secure,
            httponly=True,
            samesite="lax",
        )
        return answer

    def form(self, way: str, *, wrong: str | None = None, account: str = "") -> Response:
        """Give the page, with one sentence on what was wrong."""
        return self._page(
            "sign_in.html",
            status=403 if wrong else 200,
            title=self._wording("Logga in"),
            wrong=wrong,
            till=way,
            account=account,
            provider=self._provider,
        )

    def _page(self, name: str, *, status: int = 200, **values: object) -> Response:
        body = self._pages.get_template(name).render(
            language=self._wording.language, words=self._words(), **values
        )
        # The address may hold what somebody was looking at: it is nobody else's business.
        headers = {"cache-control": "no-store", "referrer-policy": "same-origin"}
        return HTMLResponse(body, status_code=status, headers=headers)

    def _words(self) -> Mapping[str, str]:
        wording = self._wording
        return {
            "account": wording("Konto"),
            "password": wording("Lösenord"),
            "sign_in": wording("Logga in"),
            "with_provider": wording("Logga in med organisationens konto"),
            "forgotten": wording("Glömt lösenordet? Be administratören om ett nytt."),
            "sign_out": wording("Logga ut här"),
            "everywhere": wording("Logga ut på alla enheter"),
            "back": wording("Tillbaka till kartan"),
        }


def safe_way(way: str) -> str:
    """Give where to go on: a path of ours, never another site."""
    is_ours = way.startswith("/") and not way.startswith(("//", "/\\", SIGN_IN, SIGN_OUT))
    is_plain = len(way) <= _LONGEST_WAY and way.isprintable() and "\\" not in way
    return way if is_ours and is_plain else "/"


async def _fields(request: Request) -> dict[str, str]:
    """Read a small form; nothing where it is large or none."""
    body = b""
    async for part in request.stream():
        body += part
        if len(body) > _LARGEST_BODY:
            return {}
    try:
        read = parse_qs(body.decode("utf-8"), max_num_fields=10)
    except ValueError:
        return {}
    return {name: values[0] for name, values in read.items()}
