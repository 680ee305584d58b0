"""GeoJSON held to RFC 7946 before anything else sees it.

geopandas and the library under it read more than half of broken GeoJSON files
without a word.  Here every structure is checked: an error in the frame rejects
the file, an error in a feature rejects that feature by name; only the winding
order and what the standard merely advises against are flagged.
"""

from __future__ import annotations

import json
import math
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import Final

import shapely
from shapely.geometry import shape
from shapely.geometry.base import BaseGeometry

from geo.errors import DataError, FileError
from geo.importers.quoting import quoted
from geo.wording import Amount, Message, quote, say

MAX_VALUES: Final = 5_000_000
"""Values one file may hold; so much fits in memory many times over when parsed."""

_MAX_COLLECTIONS: Final = 4
_GEOMETRIES: Final = frozenset(
    (
        "Point",
        "MultiPoint",
        "LineString",
        "MultiLineString",
        "Polygon",
        "MultiPolygon",
        "GeometryCollection",
    )
)
_LONGEST_INT: Final = 300
# What each object must not have, RFC 7946 section 7.1.
_FOREIGN: Final[Mapping[str, tuple[str, ...]]] = {
    "FeatureCollection": ("coordinates", "geometries", "geometry", "properties"),
    "Feature": ("coordinates", "geometries", "features"),
    "geometry": ("geometry", "properties", "features"),
}


class _Doubled(dict[str, object]):
    """A JSON object in which a name stood twice."""

    twice: str


class StructureError(DataError):
    """One object is not as RFC 7946 says; ``member`` names the member."""

    def __init__(self, member: str, message: Message) -> None:
        super().__init__(message)
        self.member = member


def _object(pairs: list[tuple[str, object]]) -> dict[str, object]:
    found = dict(pairs)
    if len(found) == len(pairs):
        return found
    seen: set[str] = set()
    doubled = _Doubled(found)
    for name, _ in pairs:
        if name in seen:
            doubled.twice = name
            break
        seen.add(name)
    return doubled


def _whole(digits: str) -> int | float:
    return int(digits) if len(digits) < _LONGEST_INT else math.inf


def parse_json(data: bytes, *, file: str) -> object:
    """Parse JSON; ``NaN`` and ``Infinity`` become numbers that no check lets through.

    Raises
    ------
    FileError
        Where it is not UTF-8 or not JSON (with the line), too deep or too much.
    """
    if data.count(b",") + data.count(b"[") + data.count(b"{") > MAX_VALUES:
        raise FileError(
            say(
                "Filen {file} har fler än {most} värden. Dela den i flera.",
                file=file,
                most=Amount(MAX_VALUES),
            )
        )
    try:
        text = data.decode("utf-8-sig")
    except UnicodeDecodeError as exc:
        raise FileError(
            say(
                "Rad {line} i {file} är inte UTF-8, som GeoJSON ska vara. Spara om filen.",
                line=data.count(b"\n", 0, exc.start) + 1,
                file=file,
            )
        ) from exc
    try:
        return json.loads(text, object_pairs_hook=_object, parse_int=_whole)
    except json.JSONDecodeError as exc:
        raise FileError(
            say(
                "Filen {file} är inte JSON: fel på rad {line}, tecken {column}.",
                file=file,
                line=exc.lineno,
                column=exc.colno,
            )
        ) from exc
    except RecursionError as exc:
        raise FileError(
            say("Filen {file} är nästlad djupare än någon GeoJSON-fil är.", file=file)
        ) from exc


# ------------------------------------------------------------------ the parts


def _check_doubled(found: Mapping[str, object], member: str) -> None:
    if isinstance(found, _Doubled):
        raise StructureError(member, say("Namnet ”{name}” står två gånger.", name=found.twice[:60]))


def _number(value: object, member: str) -> float:
    if isinstance(value, bool) or not isinstance(value, int | float):
        raise StructureError(
            member, say("En koordinat ska vara ett tal, inte {value}.", value=_shown(value))
        )
    number = float(value)
    if not math.isfinite(number):
        raise StructureError(member, say("En koordinat är inte ett ändligt tal."))
    return number


def _shown(value: object) -> Message | str:
    if isinstance(value, str):
        return quote(quoted(value))
    if isinstance(value, list):
        return "[…]"
    if isinstance(value, dict):
        return "{…}"
    return json.dumps(value)[:40]


def _list(value: object, member: str) -> list[object]:
    if not isinstance(value, list):
        raise StructureError(
            member, say("Här ska stå en lista, inte {value}.", value=_shown(value))
        )
    return value


def _position(value: object, member: str) -> tuple[float, ...]:
    position = _list(value, member)
    if len(position) < 2:
        raise StructureError(
            member, say("En position ska ha minst två tal, inte {n}.", n=len(position))
        )
    return tuple(_number(part, member) for part in position)


def _positions(value: object, member: str, least: int) -> list[tuple[float, ...]]:
    positions = [_position(part, member) for part in _list(value, member)]
    if len(positions) < least:
        raise StructureError(
            member,
            say("Linjen ska ha minst {least} positioner, inte {n}.", least=least, n=len(positions)),
        )
    return positions


def _ring(value: object, member: str) -> list[tuple[float, ...]]:
    ring = [_position(part, member) for part in _list(value, member)]
    if len(ring) < 4:
        raise StructureError(
            member, say("En ytas kant ska ha minst fyra positioner, inte {n}.", n=len(ring))
        )
    if ring[0] != ring[-1]:
        raise StructureError(
            member, say("En ytas kant är inte sluten: första och sista positionen skiljer sig.")
        )
    return ring


def _signed_area(ring: Sequence[tuple[float, ...]]) -> float:
    """Twice the signed area; positive anticlockwise (shoelace formula)."""
    return math.fsum(a[0] * b[1] - b[0] * a[1] for a, b in pairwise(ring))


@dataclass(slots=True)
class _Notes:
    """What the standard advises against but allows."""

    winding: bool = False
    long_positions: bool = False
    lone_collection: bool = False

    def flags(self) -> Iterator[Message]:
        if self.winding:
            yield say("En ytas kant går åt fel håll (RFC 7946 avsnitt 3.1.6); läst ändå.")
        if self.long_positions:
            yield say("En position har fler än tre tal; de överflödiga är inte lästa.")
        if self.lone_collection:
            yield say("En samling av geometrier bör ha minst två (RFC 7946 avsnitt 3.1.8).")


def _polygon(value: object, member: str, notes: _Notes) -> list[list[tuple[float, ...]]]:
    rings = [_ring(part, member) for part in _list(value, member)]
    for at, ring in enumerate(rings):
        area = _signed_area(ring)
        notes.winding |= area < 0 if at == 0 else area > 0
    return rings


def _coordinates(kind: str, value: object, member: str, notes: _Notes) -> object:
    match kind:
        case "Point":
            return _position(value, member)
        case "MultiPoint":
            return _positions(value, member, 0)
        case "LineString":
            return _positions(value, member, 2)
        case "MultiLineString":
            return [_positions(part, member, 2) for part in _list(value, member)]
        case "Polygon":
            return _polygon(value, member, notes)
        case _:
            return [_polygon(part, member, notes) for part in _list(value, member)]


def _check_bbox(found: Mapping[str, object]) -> None:
    if "bbox" not in found:
        return
    bbox = _list(found["bbox"], "bbox")
    if len(bbox) not in {4, 6}:
        raise StructureError(
            "bbox", say("En bbox ska ha fyra eller sex tal, inte {n}.", n=len(bbox))
        )
    for part in bbox:
        _number(part, "bbox")


def _check_foreign(found: Mapping[str, object], role: str) -> None:
    for name in _FOREIGN[role]:
        if name in found:
            raise StructureError(
                name,
                say("Medlemmen ”{name}” hör inte hemma här (RFC 7946 avsnitt 7.1).", name=name),
            )


def _geometry(found: object, notes: _Notes, depth: int = 0) -> BaseGeometry | None:
    """Check one geometry object and build it; ``None`` where it is empty."""
    if not isinstance(found, dict):
        raise StructureError(
            "geometry", say("En geometri ska vara ett objekt, inte {value}.", value=_shown(found))
        )
    _check_doubled(found, "geometry")
    kind = found.get("type")
    if not isinstance(kind, str) or kind not in _GEOMETRIES:
        raise StructureError(
            "type", say("{value} är ingen geometrityp i GeoJSON.", value=_shown(kind))
        )
    _check_foreign(found, "geometry")
    _check_bbox(found)
    if kind == "GeometryCollection":
        return _collection(found, notes, depth)
    if "coordinates" not in found:
        raise StructureError("coordinates", say("Geometrin saknar ”coordinates”."))
    checked = _coordinates(kind, found["coordinates"], "coordinates", notes)
    notes.long_positions |= _longest(checked) > 3
    if checked == []:
        return None
    geometry: BaseGeometry = shape({"type": kind, "coordinates": _cut(checked)})
    return None if geometry.is_empty else geometry


def _collection(found: Mapping[str, object], notes: _Notes, depth: int) -> BaseGeometry | None:
    if depth >= _MAX_COLLECTIONS:
        raise StructureError("geometries", say("Samlingar av geometrier är nästlade för djupt."))
    if "geometries" not in found:
        raise StructureError("geometries", say("Samlingen saknar ”geometries”."))
    parts = [_geometry(part, notes, depth + 1) for part in _list(found["geometries"], "geometries")]
    notes.lone_collection |= len(parts) < 2
    kept = [part for part in parts if part is not None]
    return shapely.GeometryCollection(kept) if kept else None


def _longest(checked: object) -> int:
    if isinstance(checked, tuple):
        return len(checked)
    return max((_longest(part) for part in checked), default=0) if isinstance(checked, list) else 0


def _cut(checked: object) -> object:
    """Keep longitude and latitude of every position."""
    if isinstance(checked, tuple):
        return checked[:2]
    return [_cut(part) for part in checked] if isinstance(checked, list) else checked


# ------------------------------------------------------------------ features and files


@dataclass(frozen=True, slots=True)
class Feature:
    """One feature that is as RFC 7946 says."""

    geometry: BaseGeometry | None
    properties: Mapping[str, object]
    feature_id: str | None
    notes: tuple[Message, ...]


def read_feature(found: object) -> Feature:
    """Check one feature.

    Raises
    ------
    StructureError
        Naming the member that is wrong.
    """
    if not isinstance(found, dict):
        raise StructureError(
            "features",
            say("Ett objekt av typen Feature väntades, inte {value}.", value=_shown(found)),
        )
    _check_doubled(found, "features")
    if found.get("type") != "Feature":
        raise StructureError(
            "type",
            say("Typen ska vara ”Feature”, inte {value}.", value=_shown(found.get("type"))),
        )
    _check_foreign(found, "Feature")
    _check_bbox(found)
    for name in ("properties", "geometry"):
        if name not in found:
            raise StructureError(name, say("Objektet saknar ”{name}”.", name=name))
    properties = found["properties"]
    if properties is not None and not isinstance(properties, dict):
        raise StructureError(
            "properties",
            say("”properties” ska vara ett objekt, inte {value}.", value=_shown(properties)),
        )
    if properties is not None:
        _check_doubled(properties, "properties")
    given = found.get("id")
    if "id" in found and (isinstance(given, bool) or not isinstance(given, str | int | float)):
        raise StructureError(
            "id", say("”id” ska vara en text eller ett tal, inte {value}.", value=_shown(given))
        )
    notes = _Notes()
    geometry = None if found["geometry"] is None else _geometry(found["geometry"], notes)
    return Feature(
        geometry, properties or {}, None if given is None else str(given), tuple(notes.flags())
    )


def read_root(found: object, *, file: str) -> tuple[Mapping[str, object], list[object]]:
    """Check a file's outermost object; give it and its features.

    A lone feature is a file of one; a lone geometry becomes a feature without properties.

    Raises
    ------
    FileError
        Where the outermost object is not GeoJSON.
    """
    if not isinstance(found, dict):
        raise FileError(
            say(
                "Filen {file} är inte GeoJSON: ytterst ska stå ett objekt, inte {value}.",
                file=file,
                value=_shown(found),
            )
        )
    try:
        _check_doubled(found, "type")
        kind = found.get("type")
        if kind == "FeatureCollection":
            _check_foreign(found, "FeatureCollection")
            _check_bbox(found)
            if "features" not in found:
                raise StructureError("features", say("Samlingen saknar ”features”."))
            return found, _list(found["features"], "features")
    except StructureError as exc:
        raise FileError(
            say(
                "Filen {file} är inte GeoJSON: {member}: {reason}",
                file=file,
                member=exc.member,
                reason=exc.message,
            )
        ) from exc
    if kind == "Feature":
        return found, [found]
    if isinstance(kind, str) and kind in _GEOMETRIES:
        return found, [{"type": "Feature", "properties": None, "geometry": found}]
    raise FileError(
        say(
            "Filen {file} är inte GeoJSON: {value} är ingen typ där.",
            file=file,
            value=_shown(kind),
        )
    )
