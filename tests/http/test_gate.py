"""Nothing behind the gate is answered to whoever has no business there.

One real server with an account of every kind.  What is tried follows from the table in
``geo.access`` and from the addresses the program has; what is expected, from the table alone.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager, suppress
from datetime import UTC, datetime, timedelta
from http.client import HTTPConnection, HTTPResponse
from pathlib import Path
from urllib.parse import urlencode

import pytest
from sqlalchemy import select, update
from websockets.exceptions import ConnectionClosed, InvalidStatus

from geo.access import Account, may_at_all
from geo.services.accounts import change_role, sign_out_everywhere
from geo.services.signing_in import MOST_FAILURES
from geo.store.tables import sessions
from geo.store.trace import Asked, Trace
from tests.example_year import write_example_year
from tests.http.conftest import COOKIE, EVERYBODY, PASSWORD, Program

BEHIND = (
    "/",
    "/tackning",
    "/genomgangar",
    "/loften",
    "/logga",
    "/data",
    "/om",
    "/karta",
    "/_stcore/health",
    "/_stcore/host-config",
    "/_stcore/stream",
    "/_stcore/upload_file/x/y",
    "/media/0123456789abcdef.csv",
    "/component/streamlit_folium.st_folium/index.html",
    "/static/js/index.js",
    "/assets/root.js",
    "/assets/early.js",
    "/tiles/presence/1/20210101-20220101/12/2200/1230.png",
    "/tiles/ground/1/20210101-20220101/12/2200/1230.png",
    "/tiles/fixes/1/20210101-20220101/12/2200/1230.png",
    "/tiles/ground/1/20210101-20220101/said",
    "/nyheter",
    "/favicon.ico",
    "/robots.txt",
    "/metrics",
    "/halsa/",
    "/halsa/x",
    "/nosuch",
)
TRICKS = (
    "//logga-in",
    "/logga-in/",
    "/logga-in/../",
    "/logga-in/..%2f",
    "/logga-in%2f..%2fdata",
    "/logga-in;/data",
    "/logga-in%00",
    "/LOGGA-IN",
    "/./data",
    "/%2e%2e/data",
    "/..%5cdata",
    "/data%20",
    "/%64ata",
    "/_stcore/../logga-in",
    "/media/..%2f..%2frequirements.txt",
    "/assets/..%2f..%2f.env",
    "/component/..%2f..%2f..%2fetc/passwd",
)


@pytest.fixture(scope="module")
def program(serve: Callable[[Path], Program], tmp_path_factory: pytest.TempPathFactory) -> Program:
    return serve(write_example_year(tmp_path_factory.mktemp("gate") / "gate_test.db"))


@pytest.fixture(scope="module")
def cookies(program: Program) -> Mapping[str, str]:
    found = {account.account_id: program.sign_in(account) for account in EVERYBODY}
    assert all(found.values())
    return {name: str(cookie) for name, cookie in found.items()}


@pytest.mark.parametrize("path", [*BEHIND, *TRICKS])
@pytest.mark.parametrize(
    "cookie",
    [None, f"{COOKIE}=", f"{COOKIE}={'a' * 43}", f"{COOKIE}='; DROP TABLE sessions; --", "trygg=x"],
    ids=["none", "empty", "forged", "sql", "other"],
)
def test_without_a_session_nothing_is_answered(
    program: Program, path: str, cookie: str | None
) -> None:
    for accept in ("text/html", "*/*"):
        answer = program.ask(path, cookie=cookie, accept=accept)
        body: bytes = answer.body  # type: ignore[attr-defined]
        is_sent_on = answer.status == 303 and "/logga-in" in str(answer.headers["location"])
        is_refused = answer.status in {400, 401, 403, 404} and b"<script" not in body
        assert is_sent_on or is_refused, (answer.status, body[:200])
        assert "no-store" in str(answer.headers["cache-control"])


@pytest.mark.parametrize("account", EVERYBODY, ids=lambda account: account.account_id)
def test_every_account_gets_in(
    program: Program, cookies: Mapping[str, str], account: Account
) -> None:
    cookie = cookies[account.account_id]
    answer = program.ask("/", cookie=cookie)
    assert answer.status == 200
    assert b"/assets/root.js" in answer.body  # type: ignore[attr-defined]
    with program.socket(cookie):
        pass


def test_a_cookie_is_only_for_http_and_this_site(program: Program) -> None:
    form = urlencode({"konto": EVERYBODY[0].account_id, "losenord": PASSWORD}).encode()
    answer = program.ask("/logga-in", method="POST", body=form)
    told = str(answer.headers["set-cookie"]).lower()
    assert "httponly" in told
    assert "samesite=lax" in told
    assert "secure" in told


@pytest.mark.parametrize(
    "way",
    ["https://evil.example", "//evil.example", "/\\evil.example", "javascript:alert(1)", "data"],
)
def test_nobody_is_sent_to_another_site(program: Program, way: str) -> None:
    form = urlencode({"konto": EVERYBODY[0].account_id, "losenord": PASSWORD, "till": way}).encode()
    answer = program.ask("/logga-in", method="POST", body=form)
    assert answer.status == 303
    assert answer.headers["location"] == "/"


@pytest.mark.parametrize(
    "origin",
    ["https://evil.example", "null", "http://127.0.0.1:1", "http://127.0.0.1.evil.example", None],
)
class TestAForeignOrigin:
    def test_cannot_open_a_websocket(
        self, program: Program, cookies: Mapping[str, str], origin: str | None
    ) -> None:
        with pytest.raises(InvalidStatus) as caught:
            program.socket(cookies[EVERYBODY[0].account_id], origin=origin).close()
        assert caught.value.response.status_code == 403

    def test_cannot_sign_anybody_in_or_out(
        self, program: Program, cookies: Mapping[str, str], origin: str | None
    ) -> None:
        cookie = cookies[EVERYBODY[0].account_id]
        form = urlencode({"konto": EVERYBODY[0].account_id, "losenord": PASSWORD}).encode()
        for path in ("/logga-in", "/logga-ut"):
            answer = program.ask(path, method="POST", body=form, origin=origin, cookie=cookie)
            assert answer.status == 403
        assert program.ask("/", cookie=cookie).status == 200

    def test_cannot_upload(
        self, program: Program, cookies: Mapping[str, str], origin: str | None
    ) -> None:
        for method in ("PUT", "POST", "DELETE"):
            answer = program.ask(
                "/_stcore/upload_file/x/y",
                method=method,
                body=b"x",
                origin=origin,
                cookie=cookies[EVERYBODY[0].account_id],
            )
            assert answer.status == 403


@pytest.mark.parametrize("cookie", [None, f"{COOKIE}={'a' * 43}"])
def test_without_a_session_there_is_no_websocket(program: Program, cookie: str | None) -> None:
    with pytest.raises(InvalidStatus) as caught:
        program.socket(cookie).close()
    assert caught.value.response.status_code == 403


@pytest.mark.parametrize("host", ["evil.example", "127.0.0.1.evil.example", "", "a@127.0.0.1:80@b"])
def test_another_name_for_this_machine_is_not_answered(
    program: Program, cookies: Mapping[str, str], host: str
) -> None:
    answer = program.ask("/", host=host, cookie=cookies[EVERYBODY[0].account_id])
    assert answer.status in {400, 403}


def test_nobody_says_himself_who_he_is(program: Program, cookies: Mapping[str, str]) -> None:
    claims = {
        "x_trygg_account": "x chef polisen administrator",
        "X_Trygg_Account": "polisen-administrator polisen administrator",
        "x_remote_user": "polisen-administrator",
    }
    for name, claim in claims.items():
        assert program.ask("/", **{name: claim}).status == 303


def test_a_proxy_that_speaks_for_others_needs_the_services_own_name(
    program: Program, cookies: Mapping[str, str]
) -> None:
    cookie = cookies[EVERYBODY[0].account_id]
    for name in ("x_forwarded_for", "forwarded", "x_real_ip"):
        assert program.ask("/", cookie=cookie, **{name: "192.0.2.1"}).status == 403
        answer = program.ask("/", cookie=cookie, host="karta.example.se", **{name: "192.0.2.1"})
        assert answer.status == 200


@pytest.mark.parametrize("how", ["signed out", "another role"])
def test_an_open_websocket_is_closed_when_its_session_is_over(program: Program, how: str) -> None:
    account = next(a for a in EVERYBODY if a.role == "officer")
    cookie = program.sign_in(account)
    with program.socket(cookie) as opened:
        if how == "signed out":
            sign_out_everywhere(program.accounts, account.account_id)
        else:
            change_role(program.accounts, account.account_id, "viewer")
            change_role(program.accounts, account.account_id, "officer")
        with suppress(ConnectionClosed):
            while True:
                opened.recv(timeout=15)
        assert opened.close_code == 4401
    assert program.ask("/", cookie=cookie).status == 303


@contextmanager
def news(program: Program, cookie: str) -> Iterator[HTTPResponse]:
    """Listen, and read on to the first piece of news."""
    # Shorter than between two heartbeats, which would keep a stream alive that should have ended.
    connection = HTTPConnection("127.0.0.1", program.port, timeout=12)
    connection.request("GET", "/nyheter", headers={"cookie": cookie})
    answer = connection.getresponse()
    assert answer.status == 200
    while not answer.readline().startswith(b"data: "):
        pass
    yield answer
    connection.close()


def test_a_stream_of_news_ends_when_its_session_is_over(program: Program) -> None:
    account = next(a for a in EVERYBODY if a.role == "officer")
    cookie = program.sign_in(account)
    assert cookie is not None
    with news(program, cookie) as heard:
        sign_out_everywhere(program.accounts, account.account_id)
        heard.read()  # to its end
    assert program.ask("/nyheter", cookie=cookie, accept="text/event-stream").status == 401


def test_everybody_s_screen_hears_no_news(program: Program) -> None:
    account = next(a for a in EVERYBODY if a.organisation == "allmänheten")
    answer = program.ask("/nyheter", cookie=program.sign_in(account), accept="text/event-stream")
    assert answer.status == 204


def test_nobody_is_active_because_a_page_listens(program: Program) -> None:
    account = next(a for a in EVERYBODY if a.role == "caretaker")
    cookie = program.sign_in(account)
    assert cookie is not None
    of_account = sessions.c.account_id == account.account_id
    long_ago = datetime.now(UTC).replace(microsecond=0) - timedelta(minutes=10)
    engine = program.accounts.engine
    with engine.begin() as connection:
        connection.execute(update(sessions).where(of_account).values(seen_at=long_ago))

    def seen() -> set[datetime]:
        with engine.connect() as connection:
            return set(connection.scalars(select(sessions.c.seen_at).where(of_account)))

    with news(program, cookie):
        assert seen() == {long_ago}
    program.ask("/", cookie=cookie)
    assert seen() != {long_ago}


def test_a_large_form_is_not_read(program: Program) -> None:
    form = urlencode({"konto": "x" * 1_000_000, "losenord": PASSWORD}).encode()
    answer = program.ask("/logga-in", method="POST", body=form)
    assert answer.status == 403
    assert "gick inte att läsa" in answer.body.decode()  # type: ignore[attr-defined]


def test_what_is_typed_is_shown_as_text(program: Program) -> None:
    form = urlencode(
        {"konto": '"><script>alert(1)</script>', "losenord": PASSWORD, "till": '/"><script>'}
    ).encode()
    body = program.ask("/logga-in", method="POST", body=form).body.decode()  # type: ignore[attr-defined]
    assert "<script" not in body
    assert "&lt;script&gt;" in body


class TestHealth:
    def test_says_one_word_to_a_stranger(self, program: Program) -> None:
        answer = program.ask("/halsa")
        assert (answer.status, json.loads(answer.body)) == (200, {"status": "ready"})  # type: ignore[attr-defined]
        assert program.ask("/halsa/lever").status == 200

    def test_says_versions_to_administrators_alone(
        self, program: Program, cookies: Mapping[str, str]
    ) -> None:
        for account in EVERYBODY:
            told = json.loads(program.ask("/halsa", cookie=cookies[account.account_id]).body)  # type: ignore[attr-defined]
            assert ("revision" in told) == may_at_all(account, "administer")

    def test_metrics_are_for_administrators_alone(
        self, program: Program, cookies: Mapping[str, str]
    ) -> None:
        for account in EVERYBODY:
            answer = program.ask("/metrics", cookie=cookies[account.account_id])
            is_told = b"trygg_answers_total" in answer.body  # type: ignore[attr-defined]
            assert (answer.status == 200) == is_told == may_at_all(account, "administer")

    def test_metrics_name_nobody(self, program: Program, cookies: Mapping[str, str]) -> None:
        chief = next(a for a in EVERYBODY if a.role == "administrator")
        program.ask("/logga-in?till=/hemlig-adress")
        body = program.ask("/metrics", cookie=cookies[chief.account_id]).body.decode()  # type: ignore[attr-defined]
        assert "hemlig" not in body
        assert not any(account.account_id in body for account in EVERYBODY)
        assert "127.0.0.1" not in body


class TestTheTrace:
    def test_names_who_came_and_went(self, program: Program) -> None:
        account = next(a for a in EVERYBODY if a.role == "caretaker")
        cookie = program.sign_in(account)
        assert program.sign_in(account, "fel lösenord igen") is None
        program.ask("/logga-ut", method="POST", body=b"", cookie=cookie)
        told = [
            entry.action
            for entry in Trace(program.accounts.engine).entries(Asked(account=account.account_id))
        ]
        assert told[:3] == ["sign_out", "sign_in_failed", "sign_in"]

    def test_repeats_nothing_a_stranger_typed(self, program: Program) -> None:
        typed = Account("anna.andersson", "polisen", "officer")
        assert program.sign_in(typed, "hemligt lösenord") is None
        entries = Trace(program.accounts.engine).entries()
        assert entries[0].action == "sign_in_failed"
        assert not any("anna" in f"{e.account} {e.about}" for e in entries)

    def test_is_not_filled_by_a_guesser(self, program: Program) -> None:
        typed = Account("gissare-1", "polisen", "officer")
        before = len(Trace(program.accounts.engine).entries())
        for _ in range(9):
            assert program.sign_in(typed, "gissning nummer x") is None
        assert len(Trace(program.accounts.engine).entries()) - before == MOST_FAILURES[0]

    def test_is_whole_after_all_this(self, program: Program) -> None:
        assert Trace(program.accounts.engine).verify().fault is None
