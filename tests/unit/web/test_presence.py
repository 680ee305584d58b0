"""Presence over HTTP: an address is exactly right or not found, and may be kept for ever."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import UTC, date, datetime

import numpy as np
import pytest
from starlette.applications import Starlette

from geo.errors import StorageError
from geo.maps.ground_tiles import ground_tiles
from geo.maps.presence_tiles import PresenceIndex, index_presence
from geo.maps.surroundings import fallback_outline
from geo.maps.tile_picture import empty_png
from geo.model.period import Period
from geo.model.time import day_start_at, to_us
from geo.model.visit import Fix, Track
from geo.services.ground import ground_of
from geo.services.tracks import tracks_in_records
from geo.wording import say
from tests.unit.web.asking import ask
from web.presence import ground_route, presence_route, said_route

STATE = "7"
MOMENTS = [datetime(2021, 5, 26, 18, minute, tzinfo=UTC) for minute in range(3)]
HERE = "9/274/155"  # Kinna
asked_with: list[Mapping[str, Sequence[str]]] = []


def _index() -> PresenceIndex:
    days = [date(2021, 5, day) for day in (24, 25, 26)]
    borders = np.array([to_us(day_start_at(day)) for day in days])
    return index_presence(
        np.array([126_900_000], dtype=np.int32),
        np.array([575_070_000], dtype=np.int32),
        np.array([900]),
        borders[:1],
        borders_us=borders,
    )


def _read(query: Mapping[str, Sequence[str]]) -> tuple[str, PresenceIndex]:
    asked_with.append(query)
    return STATE, _index()


@pytest.fixture
def app() -> Starlette:
    asked_with.clear()
    return Starlette(routes=[presence_route("presence", _read)])


def test_a_picture_may_be_kept_since_its_address_holds_the_revision(app: Starlette) -> None:
    answer = ask(app, f"/tiles/presence/7/20210524-20210525/{HERE}.png")
    assert (answer.status, answer.headers["content-type"]) == (200, "image/png")
    assert answer.body.startswith(b"\x89PNG")
    assert answer.body != empty_png()
    assert "immutable" in answer.headers["cache-control"]
    assert "private" in answer.headers["cache-control"]
    # Whoever signs in after another at the same browser is not shown the other's pictures.
    assert answer.headers["vary"] == "cookie"


def test_days_before_and_after_are_empty_and_the_last_day_is_not_in_it(app: Starlette) -> None:
    for days in ("20210501-20210524", "20210525-20210601", "19000101-19000102"):
        assert ask(app, f"/tiles/presence/7/{days}/{HERE}.png").body == empty_png()
    assert ask(app, f"/tiles/presence/7/20210501-20210525/{HERE}.png").body != empty_png()
    assert ask(app, "/tiles/presence/7/20210524-20210525/9/0/0.png").body == empty_png()


@pytest.mark.parametrize("state", ["6", "8", "7-0123abcd"])
def test_a_page_of_another_state_sees_what_stands_but_does_not_keep_it(
    app: Starlette, state: str
) -> None:
    answer = ask(app, f"/tiles/presence/{state}/20210524-20210525/{HERE}.png")
    assert answer.status == 200
    assert answer.headers["cache-control"] == "no-store"


def test_a_state_may_name_a_folder_of_fixes() -> None:
    app = Starlette(routes=[presence_route("fixes", lambda query: ("7-0123abcd", _index()))])
    answer = ask(app, f"/tiles/fixes/7-0123abcd/20210524-20210525/{HERE}.png")
    assert "immutable" in answer.headers["cache-control"]
    assert answer.body != empty_png()


def test_filters_are_handed_on_and_the_theme_is_not_one(app: Starlette) -> None:
    address = f"/tiles/presence/7/20210524-20210525/{HERE}.png"
    light = ask(app, f"{address}?besok=fot&besok=bil")
    dark = ask(app, f"{address}?besok=fot&besok=bil&theme=dark")
    assert asked_with == [{"besok": ["fot", "bil"]}] * 2
    assert light.body != dark.body


@pytest.mark.parametrize(
    "path",
    [
        "07/20210524-20210525/9/274/155",
        "7-/20210524-20210525/9/274/155",
        "7-ABCDEF01/20210524-20210525/9/274/155",
        "7-abcdef012/20210524-20210525/9/274/155",
        "-1/20210524-20210525/9/274/155",
        "x/20210524-20210525/9/274/155",
        "7/20210525-20210524/9/274/155",  # backwards
        "7/20210524-20210524/9/274/155",  # no day
        "7/20210532-20210601/9/274/155",  # no such day
        "7/00010101-99991231/9/274/155",
        "7/2021-05-24-20210525/9/274/155",
        "7/20210524/9/274/155",
        "7/20210524-20210525/9/512/156",  # beyond the world
        "7/20210524-20210525/9/274/-1",
        "7/20210524-20210525/9/274/1e2",
        "7/20210524-20210525/20/1/1",  # too deep
        "7/20210524-20210525/99999999999999999999/1/1",
        "7/20210524-20210525/9/" + "9" * 6_000 + "/1",
        "7/20210524-20210525/09/274/155",  # one address per picture
        "7/20210524-20210525/9/²/156",
        "7/20210524-20210525/9/274/٣",
        "7/20210524-20210525/9/../etc/passwd",
        "7/20210524-20210525/%39/274/%00",
    ],
)
def test_any_other_address_is_not_found(app: Starlette, path: str) -> None:
    assert ask(app, f"/tiles/presence/{path}.png").status == 404
    assert asked_with in ([], [{}])


def test_ground_has_the_same_kind_of_address_and_none_is_an_empty_picture() -> None:
    fixes = tuple(Fix(at, 12.69 + n / 1_000, 57.507) for n, at in enumerate(MOMENTS))
    walk = Track(track_id="t", name="t", kind="fotpatrull", fixes=fixes)
    found = ground_of(tracks_in_records([walk]), fallback_outline())
    assert found is not None
    tiles = ground_tiles(found.squares, first_on=found.first_on)
    here = Starlette(routes=[ground_route(lambda query: (STATE, tiles))])
    nowhere = Starlette(routes=[ground_route(lambda query: (STATE, None))])
    address = f"/tiles/ground/7/20210524-20210531/{HERE}.png"
    drawn = ask(here, address)
    assert drawn.status == 200
    assert "immutable" in drawn.headers["cache-control"]
    assert drawn.body != empty_png()
    assert ask(here, address + "?theme=dark").body != drawn.body
    assert ask(here, address.replace("20210524-20210531", "20210531-20210607")).body == empty_png()
    assert ask(nowhere, address).body == empty_png()
    assert ask(here, address.replace("/7/", "/x/")).status == 404
    assert ask(here, "/tiles/ground/7/20210524-20210531/99/1/1.png").status == 404


def test_ground_is_said_under_the_same_kind_of_address() -> None:
    def told(query: Mapping[str, Sequence[str]], period: Period) -> tuple[str, str]:
        return STATE, f"{period.last_on} <b> {query['sprak']} å"

    app = Starlette(routes=[said_route("ground", told)])
    address = "/tiles/ground/7/20210524-20210531/said?sprak=en"
    answer = ask(app, address)
    assert answer.status == 200
    assert answer.headers["content-type"] == "text/plain; charset=utf-8"
    assert answer.body.decode() == "2021-05-30 <b> ['en'] å"
    assert "immutable" in answer.headers["cache-control"]
    assert ask(app, address.replace("/7/", "/6/")).headers["cache-control"] == "no-store"
    for wrong in ("/x/", "/-7/", "/7-x/"):
        assert ask(app, address.replace("/7/", wrong)).status == 404
    assert ask(app, address.replace("0531", "0524")).status == 404


def test_records_that_cannot_be_read_are_said(app: Starlette) -> None:
    def broken(query: Mapping[str, Sequence[str]]) -> tuple[str, PresenceIndex]:
        raise StorageError(say("Filen {file} finns inte.", file="x"))

    answer = ask(
        Starlette(routes=[presence_route("presence", broken)]),
        f"/tiles/presence/7/20210524-20210525/{HERE}.png",
    )
    assert answer.status == 503
    assert b"x" not in answer.body
