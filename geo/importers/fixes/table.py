"""Columns of text and numbers → a batch of fixes, whatever kind of table they came from."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
import shapely

from geo.coverage.engine.degrees import quantised
from geo.errors import DataError, FileError
from geo.importers.columns import map_columns
from geo.importers.coordinates import (
    WGS84,
    Reading,
    System,
    choose_reading,
    in_wgs84,
    system_named,
)
from geo.importers.decimals import read_number
from geo.importers.fixes.batch import (
    MAX_FIXES,
    MAX_TRACKS,
    Bools,
    FixBatch,
    Floats,
    Ints,
    Left,
    Tally,
    too_many_fixes,
    too_many_tracks,
)
from geo.importers.fixes.moments import moments_of
from geo.wording import say

_PLAIN: Final = r"^[+-]?\d{1,15}([.,]\d{1,15})?$"
_POINT: Final = 0


_PAIRS: Final = (("lon", "lat", True), ("E", "N", False), ("x", "y", None))
"""Names of coordinates, east first, and whether they are degrees."""


@dataclass(frozen=True, slots=True, eq=False)
class Rows:
    """Some rows of a table, column by column.

    Attributes
    ----------
    lines
        Where each row stands in its file, as its user counts.
    track
        An Arrow array of whatever tells tracks apart; None where nothing does.
    at
        An Arrow array of times, see `moments_of`.
    x, y
        First (east) and second (north) coordinate as written; NaN where there is none.
    crs
        The coordinate systems the rows name; None where no column does.
    """

    lines: Ints
    track: Any
    at: Any
    x: Floats
    y: Floats
    crs: Any = None


@dataclass(frozen=True, slots=True)
class FixColumns:
    """Where in a table the columns of a fix are, by number.

    Attributes
    ----------
    track, crs
        None where no column says it.
    at
        The moment.
    position
        Two columns of coordinates, east first, or one of points.
    in_degrees
        Whether the names of the coordinates say that they are degrees, or metres; None where
        they say nothing.
    """

    track: int | None
    at: int
    position: tuple[int, ...]
    in_degrees: bool | None
    crs: int | None

    @property
    def used(self) -> tuple[int, ...]:
        """All of them."""
        optional = (self.track, self.crs)
        return (self.at, *self.position, *(one for one in optional if one is not None))

    def among(self, kept: Sequence[int]) -> FixColumns:
        """Give the same columns in a table that has kept only some."""
        place = {column: at for at, column in enumerate(kept)}
        return FixColumns(
            None if self.track is None else place[self.track],
            place[self.at],
            tuple(place[one] for one in self.position),
            self.in_degrees,
            None if self.crs is None else place[self.crs],
        )

    def rows(self, block: Any, lines: Ints) -> Rows:
        """Take the columns of a fix out of an Arrow record batch."""
        if len(self.position) == 2:
            x, y = (numbers_of(block.column(one)) for one in self.position)
        else:
            x, y = _points_of(block.column(self.position[0]))
        track, crs = (None if one is None else block.column(one) for one in (self.track, self.crs))
        return Rows(lines, track, block.column(self.at), x, y, crs)


def fix_columns(headers: tuple[str, ...], *, file: str, geometry: str | None = None) -> FixColumns:
    """Find the columns of a fix among a table's headers.

    Parameters
    ----------
    headers
        The names of the columns.
    file
        What the file is called in messages.
    geometry
        The column of points, where the file itself says which; it goes before all others.

    Raises
    ------
    FileError
        Where there is no time or no position, or two columns mean the same.
    """
    columns = map_columns("fixes", headers, file=file)
    if "at" not in columns.at:
        raise FileError(
            say(
                "Filen {file} saknar kolumnen {names}. Den behöver track_id, at, lon och lat.",
                file=file,
                names="at",
            )
        )
    position: tuple[int, ...] = ()
    in_degrees = None
    if geometry is not None and geometry in headers:
        position = (headers.index(geometry),)
    else:
        for east, north, degrees in _PAIRS:
            if {east, north} <= columns.at.keys():
                position, in_degrees = (columns.at[east], columns.at[north]), degrees
                break
        else:
            if "geometry" in columns.at:
                position = (columns.at["geometry"],)
    if not position:
        raise FileError(
            say(
                "Filen {file} saknar kolumnen {names}. Den behöver track_id, at, lon och lat.",
                file=file,
                names="lon, lat",
            )
        )
    found = columns.at
    return FixColumns(found.get("track_id"), found["at"], position, in_degrees, found.get("crs"))


class TableFixes:
    """Turns a file's rows into batches: one coordinate system, one numbering of the tracks."""

    def __init__(
        self,
        *,
        file: str,
        now: datetime,
        tally: Tally,
        declared: System | None,
        in_degrees: bool | None,
    ) -> None:
        self._file, self._tally = file, tally
        self._now_s = int(now.timestamp())
        self._declared, self._in_degrees = declared, in_degrees
        self._named: str | None = None
        self._reading: Reading | None = None
        self._numbers: dict[object, int] = {}
        self._rows = 0

    @property
    def system(self) -> System:
        """The coordinate system the file is read in."""
        return WGS84 if self._reading is None else self._reading.system

    def batch(self, rows: Rows) -> FixBatch:
        """Read some rows; what cannot be used is tallied, for the first reason that fits.

        Raises
        ------
        DataError
            Where the coordinate system cannot be told, or the file has more than is held.
        """
        self._rows += len(rows.lines)
        if self._rows > MAX_FIXES:
            raise too_many_fixes(self._file)
        track = self._tracks(rows)
        moments = moments_of(rows.at)
        self._hear_of_system(rows)
        lon, lat, located, on_earth = self._positions(rows.x, rows.y)
        usable = np.ones(len(rows.lines), dtype=bool)
        tests: tuple[tuple[Left, Bools], ...] = (
            ("without_track", track < 0),
            ("without_time", moments.missing),
            ("unreadable_time", moments.unreadable),
            ("future", moments.at_s > self._now_s),
            ("without_position", ~located),
            ("outside_world", ~on_earth),
        )
        for reason, wrong in tests:
            self._tally.rows(reason, usable & wrong, rows.lines)
            usable &= ~wrong
        self._tally.rows("ambiguous_time", usable & moments.ambiguous, rows.lines)
        lon_units, lat_units, _, _ = quantised(lon[usable], lat[usable])
        return FixBatch(track[usable], moments.at_s[usable], lon_units, lat_units)

    def _hear_of_system(self, rows: Rows) -> None:
        """Take the coordinate system the rows name; there is one for the file."""
        if rows.crs is None:
            return
        for one in pc.unique(rows.crs).to_pylist():
            named = str(one or "").strip()
            if not named or named == self._named:
                continue
            if self._named is not None:
                raise FileError(
                    say(
                        "Filen {file} är i flera koordinatsystem. Dela den i flera.",
                        file=self._file,
                    )
                )
            self._named = named
            self._declared = self._declared or system_named(named, file=self._file)

    def _tracks(self, rows: Rows) -> Ints:
        """Number the tracks in order of first appearance; -1 where a row has none."""
        if rows.track is None:
            self._tally.note("one_track", (), len(rows.lines))
            return np.zeros(len(rows.lines), dtype=np.int64)
        column = rows.track
        if pa.types.is_string(column.type) or pa.types.is_large_string(column.type):
            column = pc.utf8_trim_whitespace(column)
        coded = column.dictionary_encode()
        own = np.empty(len(coded.dictionary) + 1, dtype=np.int64)
        own[-1] = -1  # for rows without one
        for code, name in enumerate(coded.dictionary.to_pylist()):
            named = name is not None and name != ""
            own[code] = self._numbers.setdefault(name, len(self._numbers)) if named else -1
        if len(self._numbers) > MAX_TRACKS:
            raise too_many_tracks(self._file)
        numbers: Ints = own[pc.fill_null(coded.indices, -1).to_numpy(zero_copy_only=False)]
        return numbers

    def _positions(self, x: Floats, y: Floats) -> tuple[Floats, Floats, Bools, Bools]:
        """Give longitudes, latitudes, which rows have a position, and which of these are real."""
        located = np.isfinite(x) & np.isfinite(y)
        if self._reading is None and located.any():
            # The first rows with a position decide for the file, as it streams by only once.
            self._reading = choose_reading(
                x, y, declared=self._declared, in_degrees=self._in_degrees, file=self._file
            )
        lon, lat, on_earth = in_wgs84(self._reading or Reading(WGS84), x, y)
        return lon, lat, located, on_earth


def numbers_of(column: Any) -> Floats:
    """Read an Arrow array of numbers as people write them, or as they are.

    Returns
    -------
    ndarray
        NaN where there is none, or none that can be read.
    """
    if not (pa.types.is_string(column.type) or pa.types.is_large_string(column.type)):
        try:
            return np.asarray(
                column.cast(pa.float64(), safe=False).to_numpy(zero_copy_only=False), np.float64
            )
        except (pa.ArrowInvalid, pa.ArrowNotImplementedError):
            return np.full(len(column), np.nan)
    text = pc.fill_null(pc.utf8_trim_whitespace(column), "")
    plain = pc.match_substring_regex(text, _PLAIN)
    written = pc.replace_substring(pc.if_else(plain, text, None), ",", ".")
    values = np.array(written.cast(pa.float64()).to_numpy(zero_copy_only=False), np.float64)
    others = pc.and_(pc.invert(plain), pc.not_equal(text, ""))
    for row in np.flatnonzero(others.to_numpy(zero_copy_only=False)).tolist():
        try:
            values[row] = read_number(text[row].as_py())
        except DataError:
            continue
    return values


def _points_of(column: Any) -> tuple[Floats, Floats]:
    """Give the coordinates of points as WKT, WKB or Arrow's x and y; NaN for all that is none."""
    if pa.types.is_struct(column.type):
        if {"x", "y"} <= {field.name for field in column.type}:
            return numbers_of(pc.struct_field(column, "x")), numbers_of(
                pc.struct_field(column, "y")
            )
        return np.full(len(column), np.nan), np.full(len(column), np.nan)
    written = column.to_numpy(zero_copy_only=False)
    is_text = pa.types.is_string(column.type) or pa.types.is_large_string(column.type)
    read = shapely.from_wkt if is_text else shapely.from_wkb
    geometries = read(written, on_invalid="ignore")
    is_point = (shapely.get_type_id(geometries) == _POINT) & ~shapely.is_empty(geometries)
    points = np.where(is_point, geometries, None)
    return shapely.get_x(points), shapely.get_y(points)
