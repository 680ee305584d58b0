"""Column names: the canonical ones, what else people call them, and templates to fill in."""

from __future__ import annotations

import csv
import io
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from typing import Literal

from geo.errors import FileError
from geo.importers.quoting import quoted
from geo.importers.result import ImportKind
from geo.importers.words import plain
from geo.wording import say

Reads = Literal[
    "text", "whole", "number", "yes", "day", "moment", "spaces", "space", "outcome", "raw"
]


@dataclass(frozen=True, slots=True)
class Column:
    """One canonical column.

    ``example`` is what the template shows; where it is ``None`` the template leaves
    the column out.
    """

    name: str
    reads: Reads
    aliases: tuple[str, ...] = ()
    required: bool = False
    example: str | None = None


_SOURCE = Column("source", "text", ("källa", "uppgiftskälla"), example="platsbesök 2021")
_EXAMPLE = Column("example", "yes", ("exempel", "exempeldata"))
_NOTE = Column(
    "note",
    "text",
    ("anteckning", "anteckningar", "notering", "kommentar", "comment", "notes"),
    example="",
)
_PLACES_LON_LAT = ("12.6765", "57.4944")  # Kinna, SCB's centre of the locality

POSITION: tuple[Column, ...] = (
    Column("lon", "raw", ("longitud", "longitude", "long", "lng", "wgs84 lon")),
    Column("lat", "raw", ("latitud", "latitude", "wgs84 lat")),
    Column("E", "raw", ("easting", "east", "öst", "ost", "sweref e", "koordinat e", "e koordinat")),
    Column("N", "raw", ("northing", "north", "nord", "sweref n", "koordinat n", "n koordinat")),
    Column("x", "raw", ("x koordinat", "koordinat x", "xcoord", "coord x")),
    Column("y", "raw", ("y koordinat", "koordinat y", "ycoord", "coord y")),
    Column("geometry", "raw", ("wkt", "geometri", "geom", "the_geom")),
    Column("crs", "raw", ("koordinatsystem", "epsg", "srid", "referenssystem")),
)
"""Columns that say where a row is."""

TableKind = ImportKind | Literal["fixes"]
"""What the rows of a table can be: records, or fixes by the million."""

COLUMNS: Mapping[TableKind, tuple[Column, ...]] = {
    "locations": (
        Column("location_id", "text", ("id", "plats_id", "plats-id"), True, "kinna-torg"),
        Column("name", "text", ("namn", "platsnamn", "benämning"), True, "Kinna torg"),
        Column("kind", "text", ("typ", "type", "slag", "kategori", "platstyp"), True, "torg"),
        Column("radius_m", "number", ("radie", "radie m", "radius", "radie i meter"), False, "75"),
        Column("priority", "whole", ("prioritet", "prio"), False, "1"),
        Column(
            "visits_per_week",
            "number",
            ("besök per vecka", "besök/vecka", "mål besök per vecka"),
            False,
            "3",
        ),
        Column(
            "minutes_per_visit",
            "number",
            ("minuter per besök", "minuter/besök", "mål minuter per besök"),
            False,
            "15",
        ),
        Column(
            "unsafe_hours",
            "text",
            ("otrygga tider", "otrygga timmar", "otrygg tid", "opening_hours"),
            False,
            "Fr,Sa 20:00-02:00",
        ),
        Column(
            "designated_from", "day", ("utpekad från", "utpekad from", "från"), False, "2021-01-01"
        ),
        Column("designated_to", "day", ("utpekad till", "utpekad to", "till"), False, ""),
        Column(
            "review_on", "day", ("omprövas", "omprövning", "omprövningsdatum"), False, "2021-12-31"
        ),
        _SOURCE,
        _EXAMPLE,
    ),
    "buildings": (
        Column(
            "building_id",
            "text",
            ("id", "byggnad", "byggnad_id", "byggnads_id", "byggnads-id", "hus", "hus_id"),
            True,
            "hus-1",
        ),
        Column("address", "text", ("adress", "gatuadress"), True, "Exempelgatan 1"),
        Column("area", "text", ("område", "bostadsområde"), True, "Fritsla"),
        Column("spaces", "spaces", ("utrymmen", "utrymme"), True, "källare;vind"),
        _EXAMPLE,
    ),
    "inspections": (
        Column("inspection_id", "text", ("id", "genomgång_id", "genomgångs_id", "kontroll_id")),
        Column(
            "building_id",
            "text",
            ("byggnad", "byggnad_id", "byggnads_id", "byggnads-id", "hus", "hus_id"),
            True,
            "hus-1",
        ),
        Column("space", "space", ("utrymme",), True, "källare"),
        Column(
            "inspected_at",
            "moment",
            ("genomgången", "genomgång", "genomgångsdatum", "kontrollerad", "kontrolldatum",
             "datum", "tid", "tidpunkt", "inspected"),
            True,
            "2021-03-12 10:30",
        ),
        Column(
            "outcome", "outcome", ("utfall", "resultat", "bedömning", "result"), True, "brist"
        ),
        Column(
            "deficiencies", "text", ("brister", "brist", "anmärkningar"), False, "trasigt lås"
        ),
        Column(
            "due_on",
            "day",
            ("klart senast", "åtgärdas senast", "senast", "förfaller", "nytt datum", "due"),
            False,
            "2021-04-12",
        ),
        Column(
            "fixed_on", "day", ("åtgärdad", "åtgärdat", "åtgärdad datum", "fixed"), False, ""
        ),
        _EXAMPLE,
    ),
    "visits": (
        Column("visit_id", "text", ("id", "besök_id", "besöks_id", "besöks-id")),
        Column(
            "location_id", "text", ("plats", "plats_id", "plats-id", "location"), False,
            "kinna-torg",
        ),
        Column(
            "start_at",
            "moment",
            ("start", "starttid", "start tid", "från", "from", "börjar", "start time"),
            True,
            "2021-03-12 23:50",
        ),
        Column(
            "end_at",
            "moment",
            ("slut", "sluttid", "slut tid", "till", "to", "slutar", "end", "end time"),
            False,
            "2021-03-13 00:10",
        ),
        Column(
            "minutes", "number", ("minuter", "min", "längd min", "längd i minuter", "varaktighet")
        ),
        Column("kind", "text", ("typ", "type", "slag", "patrulltyp", "sort"), False, "fotpatrull"),
        Column(
            "officers",
            "whole",
            ("antal", "antal poliser", "poliser", "tjänstemän", "antal tjänstemän", "bemanning"),
            False,
            "2",
        ),
        Column("done", "yes", ("genomfört", "genomförd", "utfört", "utförd", "blev av")),
        Column(
            "not_done_reason",
            "text",
            ("orsak", "anledning", "skäl", "orsak ej genomfört", "reason"),
        ),
        _NOTE,
        Column("source", "text", ("källa", "uppgiftskälla")),
        _EXAMPLE,
    ),
    "activities": (
        Column("activity_id", "text", ("id", "aktivitet_id", "aktivitets_id", "insats_id")),
        Column(
            "kind", "text", ("typ", "type", "slag", "aktivitet", "insats"), True, "skolarbete"
        ),
        Column(
            "happened_on", "day", ("datum", "dag", "date", "genomförd", "utförd"), False,
            "2021-03-12",
        ),
        Column("from", "day", ("från", "from_on", "startdatum", "första dag")),
        Column("to", "day", ("till", "to_on", "slutdatum", "sista dag", "till och med")),
        Column("location_id", "text", ("plats_id", "plats-id"), False, ""),
        Column(
            "place_text",
            "text",
            ("plats", "platstext", "platsbeskrivning", "skola", "område"),
            False,
            "Kinnaskolan",
        ),
        _NOTE,
        _EXAMPLE,
    ),
    "boundary": (
        Column("boundary_id", "text", ("id", "gräns_id", "objektidentitet")),
        Column("name", "text", ("namn", "namnkortform", "kommunnamn")),
        Column("source", "text", ("källa",)),
        _EXAMPLE,
    ),
    "track": (),
    "fixes": (
        Column(
            "track_id",
            "raw",
            ("track", "trackid", "spår", "spår_id", "spårnummer", "pass", "pass_id", "segment",
             "trip_id", "device_id", "enhet"),
        ),
        Column(
            "at",
            "moment",
            ("tid", "tidpunkt", "tidsstämpel", "time", "timestamp", "datetime", "datum och tid",
             "datum", "fix_time", "recorded_at"),
            True,
        ),
    ),
}  # fmt: skip

OWN_KEY: Mapping[TableKind, str] = {
    "locations": "location_id",
    "buildings": "building_id",
    "inspections": "inspection_id",
    "visits": "visit_id",
    "activities": "activity_id",
    "boundary": "boundary_id",
    "track": "track_id",
    "fixes": "track_id",
}
"""The column that holds the record's own key."""

_HAS_POSITION = frozenset(("locations", "buildings", "visits", "fixes"))
_SHAPEFILE_CHARS = 10


def columns_of(kind: TableKind) -> tuple[Column, ...]:
    """List the columns a kind knows, with those that say where where it has any."""
    return COLUMNS[kind] + (POSITION if kind in _HAS_POSITION else ())


@cache
def _known(kind: TableKind, truncated: bool) -> Mapping[str, Column]:  # noqa: FBT001 - cache key
    known: dict[str, Column] = {}
    for column in columns_of(kind):
        for word in (column.name, *column.aliases):
            known.setdefault(plain(word), column)
    if truncated:
        cut: dict[str, set[str]] = {}
        for column in columns_of(kind):
            for word in (column.name, *column.aliases):
                cut.setdefault(plain(word[:_SHAPEFILE_CHARS]), set()).add(column.name)
        by_name = {column.name: column for column in columns_of(kind)}
        for word, names in cut.items():
            if len(names) == 1:
                known.setdefault(word, by_name[next(iter(names))])
    return known


def count_known(kind: TableKind, headers: tuple[str, ...]) -> int:
    """Count the headers that name a column of the kind."""
    known = _known(kind, False)
    return sum(plain(header) in known for header in headers)


@dataclass(frozen=True, slots=True)
class Columns:
    """Where each canonical column stands in a file, and what the file calls it."""

    at: Mapping[str, int]
    called: Mapping[str, str]
    unknown: tuple[str, ...]

    def header(self, name: str) -> str:
        """Give the file's own word for a canonical column; its canonical one if it has none."""
        return self.called.get(name, name)


def map_columns(
    kind: TableKind, headers: tuple[str, ...], *, file: str, truncated: bool = False
) -> Columns:
    """Match a file's headers with the canonical columns.

    Raises
    ------
    FileError
        Where two headers mean the same column.
    """
    known = _known(kind, truncated)
    own = {
        known[word].name for header in headers if (word := plain(header)) in known and word != "id"
    }
    at: dict[str, int] = {}
    unknown: list[str] = []
    for index, header in enumerate(headers):
        column = known.get(plain(header))
        if column is not None and plain(header) == "id" and column.name in own:
            column = None  # a row number beside the real key, as map programs add
        if column is None:
            if header.strip():
                unknown.append(quoted(header))
            continue
        if column.name in at:
            raise FileError(
                say(
                    "Filen {file} har två kolumner som betyder samma sak ({name}): ”{first}” och "
                    "”{second}”. Ta bort den ena.",
                    file=file,
                    name=column.name,
                    first=quoted(headers[at[column.name]]),
                    second=quoted(header),
                )
            )
        at[column.name] = index
    called = {name: headers[index].strip() for name, index in at.items()}
    return Columns(at, called, tuple(dict.fromkeys(unknown)))


def require_columns(kind: ImportKind, columns: Columns, *, file: str) -> None:
    """Refuse a file that lacks a column no row can do without.

    Raises
    ------
    FileError
        Naming what is missing, and what was found instead.
    """
    missing = [
        column.name for column in COLUMNS[kind] if column.required and column.name not in columns.at
    ]
    if kind == "visits" and not {"end_at", "minutes"} & columns.at.keys():
        missing.append("end_at")
    if kind == "activities" and not {"happened_on", "from"} & columns.at.keys():
        missing.append("happened_on")
    if not missing:
        return
    if not columns.at:
        found = ", ".join((*columns.called.values(), *columns.unknown)[:8])
        raise FileError(
            say(
                "Filen {file} har inga kolumner som går att känna igen (rubrikerna är: {found}). "
                "Första raden ska vara rubriker: {names}.",
                file=file,
                found=found,
                names=", ".join(missing),
            )
        )
    raise FileError(
        say(
            "Filen {file} saknar kolumnen {names}. Hämta mallen för att se vilka som behövs.",
            file=file,
            names=", ".join(missing),
        )
    )


def template(kind: ImportKind) -> bytes:
    """Make a CSV file to fill in: the headers and one example row.

    Semicolons and a byte order mark, so that Swedish Excel opens it right.
    """
    shown = [
        (column.name, column.example) for column in COLUMNS[kind] if column.example is not None
    ]
    if kind in {"locations", "buildings"}:
        shown += list(zip(("lon", "lat"), _PLACES_LON_LAT, strict=True))
    text = io.StringIO(newline="")
    writer = csv.writer(text, delimiter=";", lineterminator="\r\n")
    writer.writerow(name for name, _ in shown)
    writer.writerow(value for _, value in shown)
    return text.getvalue().encode("utf-8-sig")
