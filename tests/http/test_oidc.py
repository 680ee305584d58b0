"""Signing in with an identity provider: a real one, started here."""

from __future__ import annotations

import re
import subprocess
import sys
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from http.cookiejar import CookieJar
from urllib.error import HTTPError
from urllib.parse import urlencode, urlsplit
from urllib.request import (
    HTTPCookieProcessor,
    HTTPRedirectHandler,
    OpenerDirector,
    Request,
    build_opener,
)

import pytest

from geo.access import Account
from geo.services.accounts import new_account, set_active
from tests.example_year import write_example_year
from tests.http.conftest import Program, free_port

OFFICER = Account("polis-77", "polisen", "officer")


@dataclass(frozen=True)
class WithProvider:
    """The program, and the provider it trusts."""

    program: Program
    issuer: str


@pytest.fixture(scope="module")
def provided(
    serve: Callable[..., Program], tmp_path_factory: pytest.TempPathFactory
) -> Iterator[WithProvider]:
    db = write_example_year(tmp_path_factory.mktemp("oidc") / "oidc_test.db")
    port = free_port()
    provider = free_port()
    issuer = f"http://127.0.0.1:{provider}"
    command = [sys.executable, "-m", "oidc_provider_mock", "--port", str(provider)]
    quiet = subprocess.DEVNULL
    with subprocess.Popen(command, stdout=quiet, stderr=quiet) as process:
        try:
            program = serve(
                db,
                port=port,
                TRYGG_URL=f"http://127.0.0.1:{port}",
                TRYGG_OIDC_ISSUER=issuer,
                TRYGG_OIDC_CLIENT_ID="trygg",
                TRYGG_OIDC_CLIENT_SECRET="hemlighet",
            )
            known_as = f"{issuer} subject-77"
            new_account(program.accounts, OFFICER, known_as=known_as, now=datetime.now(UTC))
            yield WithProvider(program, issuer)
        finally:
            process.terminate()


def browser() -> OpenerDirector:
    return build_opener(HTTPCookieProcessor(CookieJar()))


def read(opener: OpenerDirector, asked: str | Request) -> tuple[int, str, str]:
    """Give status, address and text of where one ends up."""
    try:
        answer = opener.open(asked, timeout=20)
    except HTTPError as refused:
        answer = refused
    return answer.status, answer.url, answer.read().decode()


def sign_in_as(
    opener: OpenerDirector, provided: WithProvider, subject: str
) -> tuple[int, str, str]:
    """Follow the button, say at the provider who one is, and come back."""
    start = f"{provided.program.origin}/logga-in/oidc/?till=%2Ftackning"
    status, at, _ = read(opener, start)
    assert status == 200
    assert at.startswith(provided.issuer)
    return read(opener, Request(at, data=urlencode({"sub": subject}).encode()))


class _Stays(HTTPRedirectHandler):
    def redirect_request(self, *_: object) -> None:
        """Do not follow: the address itself is wanted."""


def came_back_to(asked: Request) -> str:
    """Give where the provider sends somebody, without going there."""
    try:
        build_opener(_Stays).open(asked, timeout=20)
    except HTTPError as sent_on:
        return str(sent_on.headers["location"])
    raise AssertionError("the provider sent nobody anywhere")


def test_the_page_offers_the_provider(provided: WithProvider) -> None:
    body = provided.program.ask("/logga-in?till=/tackning").body.decode()  # type: ignore[attr-defined]
    assert 'href="logga-in/oidc/?till=/tackning"' in body


def test_whom_the_provider_vouches_for_gets_in(provided: WithProvider) -> None:
    me = browser()
    status, at, text = sign_in_as(me, provided, "subject-77")
    assert (status, urlsplit(at).path) == (200, "/tackning")
    assert "root.js" in text


def test_a_stranger_to_us_is_told_what_the_administrator_needs(provided: WithProvider) -> None:
    status, _, text = sign_in_as(browser(), provided, "somebody-else")
    assert status == 403
    assert "inget konto för dig" in text
    assert f"{provided.issuer} somebody-else" in text


def test_a_closed_account_does_not_get_in(provided: WithProvider) -> None:
    set_active(provided.program.accounts, OFFICER.account_id, active=False)
    try:
        assert sign_in_as(browser(), provided, "subject-77")[0] == 403
    finally:
        set_active(provided.program.accounts, OFFICER.account_id, active=True)


@pytest.mark.parametrize(
    "query", ["", "code=x", "code=x&state=y", "error=access_denied", "state=y&error=x%22%3E%3Cb"]
)
def test_an_answer_nobody_asked_for_is_refused(provided: WithProvider, query: str) -> None:
    status, _, text = read(browser(), f"{provided.program.origin}/logga-in/oidc/svar?{query}")
    assert status == 403
    assert "gick inte att slutföra" in text
    assert "<b" not in re.sub(r"<(button|body|!)", "", text)


def test_an_answer_is_good_for_who_asked_and_once(provided: WithProvider) -> None:
    me, thief = browser(), browser()
    _, at, _ = read(me, f"{provided.program.origin}/logga-in/oidc/")

    back = came_back_to(Request(at, data=urlencode({"sub": "subject-77"}).encode()))
    status, _, _ = read(thief, back)
    assert status == 403
    assert read(me, back)[0] == 200
    assert read(browser(), back)[0] == 403
