"""A tile as a picture: shades of one colour over nothing, so that the map shows through."""

from __future__ import annotations

import io
from collections.abc import Mapping
from functools import cache
from typing import Final

import numpy as np
from numpy.typing import NDArray
from PIL import Image

from geo.maps.layers import Theme

TILE_PX: Final = 256
SHADES: Final = 8

Shades = NDArray[np.uint8]
"""``(rows, columns)`` from the north-west: 0 nothing, 1 the faintest, `SHADES` the strongest."""

_INK: Final[Mapping[Theme, tuple[int, int, int]]] = {
    "light": (11, 61, 145),
    "dark": (138, 184, 255),
}
"""``cell`` in ``js/store.js``: blue of one hue, told apart by strength alone."""
_FAINTEST, _STRONGEST = 0.16, 0.72


def shade_png(shades: Shades, *, theme: Theme) -> bytes:
    """Write shades as a palette PNG of 256 × 256 pixels; nothing at all is `empty_png`.

    Parameters
    ----------
    shades
        Square, its side a divisor of 256; each shade becomes a square of pixels.
    theme
        What the map looks like underneath.
    """
    if not shades.any():
        return empty_png()
    times = TILE_PX // len(shades)
    picture = Image.fromarray(np.repeat(np.repeat(shades, times, axis=0), times, axis=1))
    picture.putpalette([*_INK[theme] * (SHADES + 1)])
    return _written(picture)


@cache
def empty_png() -> bytes:
    """Give one pixel of nothing, which a browser stretches over a tile."""
    picture = Image.fromarray(np.zeros((1, 1), dtype=np.uint8))
    picture.putpalette([0, 0, 0])
    return _written(picture)


def opacities() -> tuple[float, ...]:
    """Give how much each shade covers of what lies under it, 0–1, from the faintest."""
    return tuple(np.linspace(_FAINTEST, _STRONGEST, SHADES).tolist())


def _written(picture: Image.Image) -> bytes:
    file = io.BytesIO()
    alpha = bytes([0, *(round(255 * share) for share in opacities())])
    picture.save(file, format="PNG", transparency=alpha, compress_level=6)
    return file.getvalue()
