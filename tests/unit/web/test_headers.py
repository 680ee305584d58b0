"""Every answer carries its headers; the page has its language; deep links are answered."""

from __future__ import annotations

import re

import pytest
from starlette.applications import Starlette
from starlette.middleware import Middleware
from starlette.middleware.gzip import GZipMiddleware
from starlette.requests import Request
from starlette.responses import HTMLResponse, PlainTextResponse
from starlette.routing import Route

from tests.unit.web.asking import ask
from web.assets import ASSET_ROUTE
from web.headers import Headers, content_policy, inline_script_hash
from web.look import LOOK_ROUTE

PAGE = (
    '<!DOCTYPE html>\n<html lang="en">\n<head><script>1</script></head><body>'
    + "x" * 2000
    + "</body></html>"
)


def page(_request: Request) -> HTMLResponse:
    return HTMLResponse(PAGE)


def app(tile_host: str | None = None) -> Starlette:
    return Starlette(
        routes=[
            ASSET_ROUTE,
            Route("/component/x/index.html", page),
            Route("/{rest:path}", page),
        ],
        middleware=[
            Middleware(Headers, tile_host=lambda: tile_host, language=lambda: "sv"),
            Middleware(GZipMiddleware),
        ],
    )


@pytest.mark.parametrize("path", ["/", "/tackning", "/component/x/index.html", "/assets/none.js"])
def test_every_answer_has_its_headers(path: str) -> None:
    headers = ask(app(), path).headers
    assert headers["x-content-type-options"] == "nosniff"
    assert headers["x-frame-options"] == "SAMEORIGIN"
    assert headers["referrer-policy"] == "strict-origin-when-cross-origin"
    policy = headers["content-security-policy"]
    assert "object-src 'none'" in policy
    assert "frame-ancestors 'self'" in policy
    assert "http" not in policy  # no other host


def test_only_the_maps_frame_may_run_inline_code() -> None:
    assert "unsafe-eval" in content_policy("/component/streamlit_folium.st_folium/index.html")
    scripts = next(
        part for part in content_policy("/tackning").split("; ") if part.startswith("script-src")
    )
    assert "unsafe" not in scripts
    assert inline_script_hash() in scripts
    assert inline_script_hash().startswith("'sha256-")


def test_the_tile_host_is_named_only_where_the_setting_asks() -> None:
    host = "https://tile.openstreetmap.org"
    assert host in ask(app(tile_host=host), "/").headers["content-security-policy"]
    for part in content_policy("/", tile_host=host).split("; "):
        assert (host in part) == part.startswith("img-src")


def test_the_page_is_swedish_even_when_asked_for_compressed() -> None:
    answer = ask(app(), "/tackning", headers={"accept-encoding": "gzip"})
    assert b'<html lang="sv">' in answer.body
    assert int(answer.headers.get("content-length", len(answer.body))) == len(answer.body)


def test_what_is_not_a_page_keeps_its_language_and_compression() -> None:
    answer = ask(app(), "/component/x/index.html", headers={"accept-encoding": "gzip"})
    assert answer.headers["content-encoding"] == "gzip"


def test_a_deep_link_is_told_where_the_root_is() -> None:
    answer = ask(app(), "/tackning")
    # Before every other script, or Streamlit has guessed already.
    first = answer.body.index(b"<script")
    assert answer.body[first:].startswith(b'<script src="./assets/root.js"></script>')


def test_streamlits_page_is_what_this_was_written_for() -> None:
    # If an upgrade changes either, the language or the policy would silently stop working.
    from pathlib import Path

    import streamlit

    index = (Path(streamlit.__file__).parent / "static" / "index.html").read_text("utf-8")
    assert '<html lang="en">' in index
    assert "<head>" in index
    assert index.count("<script>") == 1


def test_only_a_file_that_is_there_is_kept_for_ever() -> None:
    def script(_request: Request) -> PlainTextResponse:
        return PlainTextResponse("1;")

    routes = [Route("/component/x/main.0a1b2c3d.js", script), Route("/component/x/main.js", script)]
    served = Starlette(routes=routes, middleware=[Middleware(Headers)])
    assert "immutable" in ask(served, "/component/x/main.0a1b2c3d.js").headers["cache-control"]
    assert "cache-control" not in ask(served, "/component/x/main.js").headers
    assert "cache-control" not in ask(served, "/component/x/other.0a1b2c3d.js").headers


def test_the_look_stands_last_in_the_page_and_is_kept_for_ever() -> None:
    body = ask(app(), "/tackning").body.decode()
    tag = re.search(r'<link rel="stylesheet" href="\.(/assets/page\.css\?v=\w+)"></body>', body)
    assert tag is not None
    sheet = ask(Starlette(routes=[LOOK_ROUTE, ASSET_ROUTE]), tag[1])
    assert sheet.headers["content-type"].startswith("text/css")
    assert "immutable" in sheet.headers["cache-control"]
    assert b"--trygg-met" in sheet.body
    assert b"page.css" not in ask(app(), "/component/x/index.html").body
