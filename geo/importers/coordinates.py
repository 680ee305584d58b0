"""Which coordinate system a file is in, and its positions brought to WGS 84.

A file may say it (a .prj, a ``crs`` member or column), its column names may hint
at it, and its values must agree: degrees are small, metres are large, Sweden's
northings and eastings cannot be mistaken for each other, and Mark has its own
easting in each of the local zones.  What cannot be told apart is asked for.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache

import numpy as np
import shapely
from numpy.typing import NDArray
from pyproj import CRS, Transformer
from pyproj.exceptions import CRSError as ProjCrsError
from shapely.geometry.base import BaseGeometry

from geo.crs import STORED
from geo.errors import CrsError
from geo.importers.outline import near_mark
from geo.wording import Message, quote, say

Floats = NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class System:
    """A coordinate system this program reads."""

    code: str
    name: str

    @property
    def label(self) -> str:
        """How it is named on receipts: ``EPSG:3006 (SWEREF 99 TM)``."""
        return f"{self.code} ({self.name})"

    @property
    def in_degrees(self) -> bool:
        """Whether its coordinates are degrees."""
        return self.code == STORED


WGS84 = System(STORED, "WGS 84")
SWEREF_TM = System("EPSG:3006", "SWEREF 99 TM")
_MERIDIANS = (
    "12 00", "13 30", "15 00", "16 30", "18 00", "14 15",
    "15 45", "17 15", "18 45", "20 15", "21 45", "23 15",
)  # fmt: skip
ZONES: tuple[System, ...] = tuple(
    System(f"EPSG:{3007 + i}", f"SWEREF 99 {meridian}") for i, meridian in enumerate(_MERIDIANS)
)
"""The twelve local zones, EPSG:3007–3018, named after their central meridians."""

_BY_CODE = {system.code: system for system in (WGS84, SWEREF_TM, *ZONES)}
# Within centimetres of WGS 84 on the ground in Sweden (ETRS89, SWEREF 99, 3D, lon first).
_AS_WGS84 = frozenset(("EPSG:4326", "EPSG:4258", "EPSG:4619", "EPSG:4979", "OGC:CRS84"))

_DEGREES_MOST = 1_000.0
"""Values above are metres; between 180 and this they are nothing at all."""

# Sweden with a margin: lon 10.0-24.2, lat 55.2-69.1 (SCB); northings by the same latitudes.
_LON, _LAT = (10.0, 25.0), (55.0, 70.0)
_NORTHING = (6_080_000.0, 7_800_000.0)
_EASTING_TM = (215_000.0, 1_000_000.0)
_EASTING_ZONE = (-50_000.0, 300_000.0)
_RT90_Y = (1_150_000.0, 1_950_000.0)
_MERCATOR_X, _MERCATOR_Y = (1_100_000.0, 2_800_000.0), (7_300_000.0, 11_100_000.0)
_ASKED_OF = 2_000
"""So many positions, spread over the file, are asked which zone they fit."""


def _name_key(text: str) -> str:
    return re.sub(r"[^a-z0-9]", "", text.casefold())


_BY_NAME = {
    **{_name_key(system.name): system for system in (WGS84, SWEREF_TM, *ZONES)},
    "sweref99": SWEREF_TM,
    "wgs84": WGS84,
    "crs84": WGS84,
}
_CODE = re.compile(r"(?:(?:urn:ogc:def:crs:)?epsg:[\d.]*:?)?(\d{4,6})", re.IGNORECASE)


def _refused(name: Message | str, file: str) -> CrsError:
    return CrsError(
        say(
            "Filen {file} är i {crs}, som inte läses här. Spara om den i WGS 84 (EPSG:4326) "
            "eller SWEREF 99 TM (EPSG:3006).",
            file=file,
            crs=name,
        )
    )


def system_named(text: str, *, file: str) -> System:
    """Read the name of a coordinate system: ``EPSG:3006``, ``SWEREF 99 12 00`` or a URN.

    Raises
    ------
    CrsError
        Where it is another than those read here.
    """
    stripped = text.strip()
    if _name_key(stripped).endswith("crs84"):
        return WGS84
    by_name = _BY_NAME.get(_name_key(stripped))
    if by_name is not None:
        return by_name
    code = _CODE.fullmatch(stripped)
    if code:
        name = f"EPSG:{code[1]}"
        if name in _AS_WGS84:
            return WGS84
        if name in _BY_CODE:
            return _BY_CODE[name]
        raise _refused(name, file)
    raise _refused(quote(stripped[:60]), file)


def system_of_wkt(wkt: str, *, file: str) -> System:
    """Read the text of a .prj file, or a layer's coordinate system.

    Raises
    ------
    CrsError
        Where it cannot be read, or is another than those read here.
    """
    if "[" not in wkt:  # a name; nothing else is given to PROJ, which would open files by name
        return system_named(wkt, file=file)
    try:
        crs = CRS.from_wkt(wkt)
    except ProjCrsError as exc:
        raise CrsError(
            say("Koordinatsystemet i {file} går inte att läsa (.prj).", file=file)
        ) from exc
    authority = crs.to_authority(min_confidence=60)
    if authority is not None:
        code = ":".join(authority)
        if code in _AS_WGS84:
            return WGS84
        if code in _BY_CODE:
            return _BY_CODE[code]
    by_name = _BY_NAME.get(_name_key(crs.name))
    if by_name is not None and by_name.in_degrees == crs.is_geographic:
        return by_name
    raise _refused(crs.name, file)


def _within(values: Floats, span: tuple[float, float]) -> NDArray[np.bool_]:
    return (values >= span[0]) & (values <= span[1])


@cache
def _transformer(code: str) -> Transformer:
    return Transformer.from_crs(code, STORED, always_xy=True)


def _to_lon_lat(system: System, x: Floats, y: Floats) -> tuple[Floats, Floats]:
    if system.in_degrees:
        return x, y
    lon, lat = _transformer(system.code).transform(x, y)
    return np.asarray(lon, dtype=np.float64), np.asarray(lat, dtype=np.float64)


@dataclass(frozen=True, slots=True)
class Reading:
    """How a file's coordinates are to be read: in which system, and which axis comes first."""

    system: System
    swapped: bool = False


def _foreign(east: Floats, north: Floats) -> str | None:
    """Name a well-known system that is not read here, if most positions look like it."""
    half = east.size / 2
    if np.count_nonzero(_within(east, _RT90_Y) & _within(north, _NORTHING)) > half:
        return "RT 90 2,5 gon V (EPSG:3021)"
    web = _within(east, _MERCATOR_X) & _within(north, _MERCATOR_Y) & (north > _NORTHING[1])
    if np.count_nonzero(web) > half:
        return "Web Mercator (EPSG:3857)"
    return None


def _metric_system(east: Floats, north: Floats, *, file: str) -> System:
    """Tell SWEREF 99 TM and the local zones apart by where they would put the positions."""
    foreign = _foreign(east, north)
    if foreign is not None:
        raise _refused(foreign, file)
    step = max(1, east.size // _ASKED_OF)
    asked_e, asked_n = east[::step], north[::step]
    in_mark: list[System] = []
    possible: list[System] = []
    for system in (SWEREF_TM, *ZONES):
        span = _EASTING_TM if system is SWEREF_TM else _EASTING_ZONE
        fits = _within(asked_e, span) & _within(asked_n, _NORTHING)
        if np.count_nonzero(fits) * 2 <= asked_e.size:
            continue
        possible.append(system)
        lon, lat = _to_lon_lat(system, asked_e[fits], asked_n[fits])
        if np.count_nonzero(near_mark(lon, lat)) * 2 > asked_e.size:
            in_mark.append(system)
    if len(in_mark) == 1:
        return in_mark[0]
    if not in_mark and possible == [SWEREF_TM]:
        return SWEREF_TM
    if not possible:
        raise CrsError(
            say(
                "Koordinaterna i {file} passar varken WGS 84, SWEREF 99 TM eller någon lokal "
                "SWEREF-zon. Ange koordinatsystemet i en kolumn som heter crs.",
                file=file,
            )
        )
    raise CrsError(
        say(
            "Koordinaterna i {file} kan vara i flera system: {systems}. Ange vilket i en kolumn "
            "som heter crs, till exempel EPSG:3007.",
            file=file,
            systems=", ".join(system.label for system in (in_mark or possible)[:4]),
        )
    )


def choose_reading(
    x: Floats, y: Floats, *, declared: System | None, in_degrees: bool | None, file: str
) -> Reading:
    """Decide how all positions of a file are to be read.

    Parameters
    ----------
    x, y
        First (east) and second (north) coordinate of every vertex; not finite ones are
        left out of the decision.
    declared
        The system the file itself or its importer names.
    in_degrees
        What the column names say: ``lon``/``lat`` true, ``E``/``N`` false, else ``None``.
    file
        The file's name, for the message.

    Raises
    ------
    CrsError
        Where the values contradict what is declared, or fit none or several systems.
    """
    usable = np.isfinite(x) & np.isfinite(y)
    x, y = x[usable], y[usable]
    if x.size == 0:
        return Reading(declared or WGS84)
    metric = np.maximum(np.abs(x), np.abs(y)) > _DEGREES_MOST
    degrees: bool
    if metric.all():
        degrees = False
    elif not metric.any():
        degrees = True
    elif declared is not None:
        degrees = declared.in_degrees
    elif in_degrees is not None:
        degrees = in_degrees
    else:
        degrees = bool(np.count_nonzero(metric) * 2 <= metric.size)
    if declared is not None and declared.in_degrees != degrees:
        raise CrsError(
            say(
                "Filen {file} anger {declared}, men koordinaterna är i {unit}. "
                "Rätta det ena av dem.",
                file=file,
                declared=declared.label,
                unit=say("grader") if degrees else say("meter"),
            )
        )
    if degrees:
        x, y = x[~metric], y[~metric]
        swapped = bool((_within(x, _LAT) & _within(y, _LON)).all())
        return Reading(WGS84, swapped)
    x, y = x[metric], y[metric]
    swapped = bool((_within(x, _NORTHING) & (np.abs(y) < _NORTHING[0])).all())
    east, north = (y, x) if swapped else (x, y)
    return Reading(declared or _metric_system(east, north, file=file), swapped)


def in_wgs84(reading: Reading, x: Floats, y: Floats) -> tuple[Floats, Floats, NDArray[np.bool_]]:
    """Bring positions, as written, to longitude and latitude.

    Returns
    -------
    tuple of ndarray
        Longitude, latitude, and which of them are real: on the globe, and not so far outside
        the land of a projected system that its coordinates mean nothing.
    """
    first, second = (y, x) if reading.swapped else (x, y)
    lon, lat = _to_lon_lat(
        reading.system, np.ascontiguousarray(first), np.ascontiguousarray(second)
    )
    on_earth = np.isfinite(lon) & np.isfinite(lat) & (np.abs(lon) <= 180) & (np.abs(lat) <= 90)
    if not reading.system.in_degrees:
        on_earth &= _within(lon, (_LON[0] - 1, _LON[1] + 1)) & _within(lat, (_LAT[0] - 1, _LAT[1]))
    return lon, lat, on_earth


@dataclass(frozen=True, slots=True)
class Placed:
    """Positions in WGS 84, one per row.

    ``problem`` is why a row's position cannot be used; ``away`` whether some of it
    lies outside Mark.  Both are ``None``/``False`` for a row without a position.
    """

    system: System | None
    swapped: bool
    geometries: list[BaseGeometry | None]
    problems: list[Message | None]
    away: list[bool]


def _looks_swapped(system: System, x: Floats, y: Floats) -> NDArray[np.bool_]:
    if system.in_degrees:
        return _within(x, _LAT) & _within(y, _LON)
    return _within(x, _NORTHING) & (np.abs(y) < _NORTHING[0])


def place(
    geometries: Sequence[BaseGeometry | None],
    *,
    declared: System | None,
    in_degrees: bool | None,
    file: str,
    whole_areas: bool = False,
) -> Placed:
    """Bring the geometries of a file, as written, to WGS 84.

    Parameters
    ----------
    geometries
        As the file has them, east before north; ``None`` for rows without one.
    declared, in_degrees, file
        See `choose_reading`.
    whole_areas
        Whether only what lies wholly outside Mark is told to be away.

    Raises
    ------
    CrsError
        Where the file's coordinate system cannot be told.
    """
    count = len(geometries)
    nothing = Placed(None, False, [None] * count, [None] * count, [False] * count)
    array = np.array([None, *geometries], dtype=object)[1:]
    xy, owner = shapely.get_coordinates(array, return_index=True)
    if xy.shape[0] == 0:
        return Placed(declared, False, list(geometries), nothing.problems, nothing.away)
    reading = choose_reading(
        xy[:, 0], xy[:, 1], declared=declared, in_degrees=in_degrees, file=file
    )
    system = reading.system
    lon, lat, on_earth = in_wgs84(reading, xy[:, 0], xy[:, 1])
    if reading.swapped:
        xy = xy[:, ::-1]
    x, y = xy[:, 0], xy[:, 1]
    turned = _looks_swapped(system, x, y)
    far = np.ones(x.size, dtype=bool)
    far[on_earth] = ~near_mark(lon[on_earth], lat[on_earth])

    def rows_with(mask: NDArray[np.bool_]) -> set[int]:
        return set(owner[mask].tolist())

    outside, all_turned = rows_with(~on_earth), rows_with(turned) - rows_with(~turned)
    away = rows_with(far) - rows_with(~far) if whole_areas else rows_with(far)
    problems: list[Message | None] = [None] * count
    first_of: dict[int, int] = {}
    for at in np.flatnonzero(~on_earth).tolist():
        first_of.setdefault(int(owner[at]), at)
    for row in outside | all_turned:
        at = first_of.get(row, -1)
        problems[row] = (
            say("Koordinaterna ser ut att vara omkastade (nord före öst); byt plats på dem.")
            if row in all_turned
            else say(
                "Koordinaten {x}, {y} ligger utanför {crs}.",
                x=f"{x[at]:.10g}",
                y=f"{y[at]:.10g}",
                crs=system.label,
            )
        )
    placed: list[BaseGeometry | None] = [None] * count
    lon_lat = np.column_stack((lon, lat))
    good = [i for i, g in enumerate(geometries) if g is not None and problems[i] is None]
    if good:
        kept = np.isin(owner, good)
        moved = shapely.set_coordinates(shapely.force_2d(array[good]), lon_lat[kept])
        for i, geometry in zip(good, moved.tolist(), strict=True):
            placed[i] = geometry
    return Placed(system, reading.swapped, placed, problems, [i in away for i in range(count)])
