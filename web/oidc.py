"""Sign in with the organisation's own account: OpenID Connect, through Authlib.

The provider says who somebody is; which account that is, if any, is ours to say (``known_as``).
Besides map tiles it is the only host the program speaks to, and only where a setting names it.
"""

from __future__ import annotations

import hashlib
import logging
from typing import Any, Final

import anyio
from authlib.common.errors import AuthlibBaseError
from authlib.integrations.starlette_client import OAuth
from httpx import HTTPError
from starlette.applications import Starlette
from starlette.middleware import Middleware
from starlette.middleware.sessions import SessionMiddleware
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Mount, Route

from geo.config import Settings
from geo.errors import GeoError
from geo.wording import Wording
from web.door import Door
from web.gate import OIDC
from web.sign_in import SignIn, safe_way

_ANSWER: Final = "/svar"
_WAY: Final = "way"
_LONGEST_S: Final = 600
"""How long somebody may take at the provider."""

_log = logging.getLogger("trygg")


def oidc_routes(settings: Settings, door: Door, sign_in: SignIn) -> list[Mount]:
    """Give the addresses; none where no provider is named.

    Parameters
    ----------
    settings
        ``oidc_issuer``, ``oidc_client_id``, ``oidc_client_secret`` and ``url``.
    door
        Lets in whom the provider vouches for.
    sign_in
        The page to go back to with a sentence.
    """
    issuer, secret = settings.oidc_issuer, settings.oidc_client_secret
    if issuer is None or secret is None or settings.url is None:
        return []
    plain = secret.get_secret_value()
    provider: Any = OAuth().register(
        "provider",
        client_id=settings.oidc_client_id,
        client_secret=plain,
        server_metadata_url=f"{str(issuer).rstrip('/')}/.well-known/openid-configuration",
        client_kwargs={"scope": "openid", "code_challenge_method": "S256"},
    )
    answer_at = f"{str(settings.url).rstrip('/')}{OIDC}{_ANSWER}"
    wording = Wording(settings.language)

    async def ask(request: Request) -> Response:
        request.session[_WAY] = safe_way(request.query_params.get("till", ""))
        try:
            answer: Response = await provider.authorize_redirect(request, answer_at)
        except (AuthlibBaseError, HTTPError, ValueError) as exc:
            return failed(request, exc)
        return answer

    async def take(request: Request) -> Response:
        way = safe_way(str(request.session.get(_WAY, "")))
        try:
            told = (await provider.authorize_access_token(request))["userinfo"]
            known_as = f"{told['iss']} {told['sub']}"
        except (AuthlibBaseError, HTTPError, ValueError, KeyError) as exc:
            return failed(request, exc)
        request.session.clear()
        try:
            token = await anyio.to_thread.run_sync(door.let_in, known_as)
        except GeoError as exc:
            return sign_in.form(way, wrong=wording.message(exc.message))
        if token is None:
            said = wording(
                "Det finns inget konto för dig här. Administratören lägger till det med: "
                "--known-as ”{known_as}”",
                known_as=known_as[:200],
            )
            return sign_in.form(way, wrong=said)
        return sign_in.let_in(token, way)

    def failed(request: Request, exc: Exception) -> Response:
        _log.warning("the identity provider did not let anybody in", exc_info=exc)
        way = safe_way(str(request.session.get(_WAY, "")))
        said = wording("Inloggningen hos din organisation gick inte att slutföra; försök igen.")
        return sign_in.form(way, wrong=said)

    # What is remembered while somebody is away lies sealed in the browser, for this path alone.
    memory = Middleware(
        SessionMiddleware,
        secret_key=hashlib.sha256(f"trygg {plain}".encode()).hexdigest(),
        session_cookie="trygg_oidc",
        path=OIDC,
        max_age=_LONGEST_S,
        same_site="lax",
        https_only=str(settings.url).startswith("https://"),
    )
    routes = [
        Route("/", ask, methods=["GET"]),
        Route(_ANSWER, take, methods=["GET"]),
    ]
    return [Mount(OIDC, app=Starlette(routes=routes, middleware=[memory]))]
