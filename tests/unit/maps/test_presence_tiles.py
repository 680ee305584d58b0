"""Presence as tiles: every point in its square, whatever the zoom and the period."""

from __future__ import annotations

import io
from collections import Counter
from datetime import date, timedelta

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as some
from PIL import Image

from geo.maps.presence_tiles import (
    DEEPEST_ZOOM,
    SQUARES,
    PresenceIndex,
    index_presence,
    presence_png,
    shades_of,
    tile_seconds,
)
from geo.maps.tile_picture import SHADES, empty_png, shade_png
from geo.model.period import Period
from geo.model.time import day_start_at, to_us
from tests.oracle.tiles_oracle import Point, seconds_in_tile, square_of

FIRST_ON = date(2021, 3, 25)  # Summer time begins on the 28th: that day is 23 hours.
DAYS = 12
BORDERS = [to_us(day_start_at(FIRST_ON + timedelta(days=n))) for n in range(DAYS + 1)]
WHOLE = Period(FIRST_ON, FIRST_ON + timedelta(days=DAYS))
KINNA = (126_900_000, 575_070_000)


def index(points: list[Point]) -> PresenceIndex:
    lon, lat, seconds, at_us = np.array(points, dtype=np.int64).reshape(-1, 4).T
    return index_presence(
        lon.astype(np.int32),
        lat.astype(np.int32),
        seconds,
        at_us,
        borders_us=np.array(BORDERS),
    )


def drawn(found: np.ndarray) -> Counter[tuple[int, int]]:
    rows, columns = np.nonzero(found)
    return Counter({(int(r), int(c)): int(found[r, c]) for r, c in zip(rows, columns, strict=True)})


# In a town, so that tiles are shared; and anywhere.
positions = some.one_of(
    some.tuples(
        some.integers(KINNA[0] - 40_000, KINNA[0] + 40_000),
        some.integers(KINNA[1] - 40_000, KINNA[1] + 40_000),
    ),
    some.tuples(
        some.integers(-1_800_000_000, 1_799_999_999), some.integers(-850_000_000, 850_000_000)
    ),
)
points_of_presence = some.lists(
    some.tuples(positions, some.integers(0, 90_000), some.integers(-1, DAYS)).map(
        lambda p: (*p[0], p[1], BORDERS[0] + p[2] * 86_000_000_000)
    ),
    min_size=1,
    max_size=30,
)


@given(points_of_presence, some.integers(0, DEEPEST_ZOOM), some.data())
def test_each_point_is_in_its_square(points: list[Point], zoom: int, data: some.DataObject) -> None:
    first = data.draw(some.integers(0, DAYS - 1))
    days = data.draw(some.integers(1, DAYS - first))
    period = Period(FIRST_ON + timedelta(days=first), FIRST_ON + timedelta(days=first + days))
    lon, lat, _, _ = data.draw(some.sampled_from(points))
    x, y, _, _ = square_of(lon, lat, zoom=zoom, squares=SQUARES)
    found = tile_seconds(index(points), zoom=zoom, x=x, y=y, period=period)
    expected = seconds_in_tile(
        points,
        zoom=zoom,
        x=x,
        y=y,
        squares=SQUARES,
        start_us=BORDERS[first],
        end_us=BORDERS[first + days],
    )
    assert drawn(found) == expected


@given(points_of_presence)
def test_what_is_left_out_is_counted_and_the_rest_is_somewhere(points: list[Point]) -> None:
    made = index(points)
    in_time = [p for p in points if BORDERS[0] <= p[3] < BORDERS[-1]]
    assert made.points == len(points)
    assert made.outside_time == len(points) - len(in_time)
    assert made.outside_world == 0
    whole_world = tile_seconds(made, zoom=0, x=0, y=0, period=WHOLE)
    assert whole_world.sum() == sum(max(p[2], 1) for p in in_time)


@given(points_of_presence, some.integers(0, DEEPEST_ZOOM))
def test_the_darkest_is_the_most_of_all_squares(points: list[Point], zoom: int) -> None:
    sums: Counter[tuple[int, ...]] = Counter()
    for lon, lat, seconds, at_us in points:
        if BORDERS[0] <= at_us < BORDERS[-1]:
            sums[square_of(lon, lat, zoom=zoom, squares=SQUARES)] += max(seconds, 1)
    depth = zoom + SQUARES.bit_length() - 1
    assert index(points).most_s[depth] == max(sums.values(), default=0)


@pytest.mark.parametrize("zoom", [1, 9, 15, DEEPEST_ZOOM])
def test_neighbours_share_no_point_at_their_border(zoom: int) -> None:
    # On the border of two tiles lies lon 0; a unit west of it belongs to the western one.
    at_us = BORDERS[3]
    made = index([(0, 0, 60, at_us), (-1, 0, 600, at_us)])
    middle = 1 << (zoom - 1)
    sums = {
        (x, y): int(tile_seconds(made, zoom=zoom, x=x, y=y, period=WHOLE).sum())
        for x in (middle - 1, middle)
        for y in (middle - 1, middle)
    }
    assert sums == {
        (middle, middle): 60,
        (middle - 1, middle): 600,
        (middle, middle - 1): 0,
        (middle - 1, middle - 1): 0,
    }


def test_a_pole_and_the_date_line_are_not_on_the_map() -> None:
    at_us = BORDERS[0]
    made = index([(0, 900_000_000, 60, at_us), (0, -900_000_000, 60, at_us), (*KINNA, 60, at_us)])
    assert (made.points, made.outside_world) == (3, 2)
    assert index([(1_800_000_000, 0, 60, at_us)]).outside_world == 1


def test_nothing_at_all_is_an_index_too() -> None:
    made = index([])
    assert not tile_seconds(made, zoom=0, x=0, y=0, period=WHOLE).any()
    tile = presence_png(made, zoom=9, x=274, y=155, period=WHOLE, theme="light")
    assert tile == empty_png()


def test_a_tile_outside_is_empty_and_a_zoom_that_is_none_is_refused() -> None:
    made = index([(*KINNA, 60, BORDERS[0])])
    assert not tile_seconds(made, zoom=3, x=8, y=0, period=WHOLE).any()
    assert not tile_seconds(made, zoom=3, x=-1, y=0, period=WHOLE).any()
    for zoom in (-1, DEEPEST_ZOOM + 1):
        with pytest.raises(ValueError, match="zoom"):
            tile_seconds(made, zoom=zoom, x=0, y=0, period=WHOLE)


def test_more_presence_is_darker_and_the_most_is_darkest() -> None:
    seconds = np.array([[0, 1, 60, 3_600, 360_000, 720_000]])
    shades = shades_of(seconds, 720_000)[0].tolist()
    assert shades[0] == 0
    assert shades[1] == 1
    assert shades == sorted(shades)
    assert shades[-1] == SHADES
    # Half the most of a great deal is one step down at most.
    assert shades[-2] >= SHADES - 1


@pytest.mark.parametrize(("theme", "ink"), [("light", (11, 61, 145)), ("dark", (138, 184, 255))])
def test_a_picture_shows_each_shade_and_lets_the_map_through(
    theme: str, ink: tuple[int, int, int]
) -> None:
    shades = np.zeros((SQUARES, SQUARES), dtype=np.uint8)
    shades[0, 0], shades[0, 1], shades[-1, -1] = 1, SHADES, 4
    picture = Image.open(io.BytesIO(shade_png(shades, theme=theme)))  # type: ignore[arg-type]
    assert (picture.size, picture.mode) == ((256, 256), "P")
    seen = picture.convert("RGBA")
    assert seen.getpixel((40, 3))[3] == 0
    faint, strong, middle = (seen.getpixel(at) for at in ((15, 15), (16, 0), (255, 255)))
    assert {pixel[:3] for pixel in (faint, strong, middle)} == {ink}
    assert 0 < faint[3] < middle[3] < strong[3] < 255


def test_nothing_is_one_small_picture() -> None:
    nothing = empty_png()
    assert len(nothing) < 100
    assert Image.open(io.BytesIO(nothing)).convert("RGBA").getpixel((0, 0))[3] == 0
    assert shade_png(np.zeros((32, 32), dtype=np.uint8), theme="light") is nothing
