"""GPX tracks, streamed: nothing is kept but the positions.

One track is made of each segment, because a gap between segments is a gap in what
is known.  Positions without a time say nothing about presence and are turned away,
counted by the name of their segment.
"""

from __future__ import annotations

import math
import re
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import datetime
from itertools import pairwise
from pathlib import Path
from typing import Final
from xml.sax import SAXException, SAXParseException
from xml.sax.handler import ContentHandler
from xml.sax.xmlreader import AttributesImpl

import numpy as np
from defusedxml import DefusedXmlException
from defusedxml.sax import parse
from pydantic import ValidationError

from geo.errors import DataError, FileError
from geo.importers.coordinates import WGS84
from geo.importers.outline import near_mark
from geo.importers.result import Flag, ImportResult, Parsed, Rejected, made_id
from geo.importers.rows import Progress
from geo.importers.times import read_utc
from geo.model.personal import personal_hints
from geo.model.problems import problems as problems_of
from geo.model.visit import Fix, Track
from geo.wording import Message, say

_DEEPEST: Final = 64
_LONGEST_TEXT: Final = 200
_NAME_CHARS: Final = 150
_EVERY: Final = 5_000
_ENCODING: Final = re.compile(rb"""^[^>]{0,80}encoding=["']([A-Za-z0-9._-]{1,40})["']""")


@dataclass(slots=True)
class _Segment:
    """One segment's usable positions, and how many of the others, by reason."""

    fixes: list[Fix] = field(default_factory=list)
    left_out: Counter[str] = field(default_factory=Counter)


@dataclass(slots=True)
class _Trk:
    name: str = ""
    segments: list[_Segment] = field(default_factory=list)
    loose: int = 0


def _degrees(text: str | None, most: float) -> float | None:
    try:
        value = float(text or "")
    except ValueError:
        return None
    return value if math.isfinite(value) and abs(value) <= most else None


def _moment(text: str) -> datetime | None:
    try:
        return read_utc(text.strip())
    except DataError:
        return None


class _Reader(ContentHandler):
    """Collects tracks as the file streams by."""

    def __init__(self, *, file: str, now: datetime, progress: Progress | None) -> None:
        super().__init__()
        self._file, self._now, self._progress = file, now, progress
        self._path: list[str] = []
        self._text: list[str] | None = None
        self._at: tuple[float | None, float | None] = (None, None)
        self._time: str | None = None
        self._points = 0
        self.tracks: list[_Trk] = []
        self.waypoints = 0
        self.routes = 0

    def startElement(self, name: str, attrs: AttributesImpl) -> None:  # noqa: N802 - SAX's name
        local = name.rpartition(":")[2]
        if not self._path and local != "gpx":
            raise FileError(say("Filen {file} är XML men inte GPX.", file=self._file))
        self._path.append(local)
        if len(self._path) > _DEEPEST:
            raise FileError(say("Filen {file} är nästlad djupare än GPX är.", file=self._file))
        self._text = None
        match self._path[1:]:
            case ["wpt"]:
                self.waypoints += 1
            case ["rte"]:
                self.routes += 1
            case ["trk"]:
                self.tracks.append(_Trk())
            case ["trk", "trkseg"]:
                self.tracks[-1].segments.append(_Segment())
            case ["trk", "trkpt"]:
                self.tracks[-1].loose += 1
            case ["trk", "trkseg", "trkpt"]:
                self._at = (
                    _degrees(attrs.get("lon"), 180.0),
                    _degrees(attrs.get("lat"), 90.0),
                )
                self._time = None
            case ["trk", "name"] | ["trk", "trkseg", "trkpt", "time"]:
                self._text = []
            case _:
                pass

    def characters(self, content: str) -> None:
        if self._text is not None and len(self._text) < _LONGEST_TEXT:
            self._text.append(content[:_LONGEST_TEXT])

    def endElement(self, name: str) -> None:  # noqa: N802 - SAX's signature
        text = "".join(self._text)[:_LONGEST_TEXT] if self._text is not None else ""
        match self._path[1:]:
            case ["trk", "name"]:
                self.tracks[-1].name = " ".join(text.split())[:_NAME_CHARS]
            case ["trk", "trkseg", "trkpt", "time"]:
                self._time = text.strip()
            case ["trk", "trkseg", "trkpt"]:
                self._point(self.tracks[-1].segments[-1])
            case _:
                pass
        self._text = None
        self._path.pop()

    def _point(self, segment: _Segment) -> None:
        self._points += 1
        if self._progress is not None and self._points % _EVERY == 0:
            self._progress(self._points, None)
        lon, lat = self._at
        if lon is None or lat is None:
            segment.left_out["place"] += 1
        elif not self._time:
            segment.left_out["untimed"] += 1
        elif (at := _moment(self._time)) is None:
            segment.left_out["time"] += 1
        elif at > self._now:
            segment.left_out["future"] += 1
        else:
            segment.fixes.append(Fix(at, lon, lat))

    @property
    def points(self) -> int:
        """All positions of tracks met, usable or not."""
        return self._points


def _left_out(reason: str, *, segment: Message, n: int) -> tuple[str, Message]:
    match reason:
        case "untimed":
            return "time", say(
                "{segment}: punkter utan tid är inte lästa ({n} st).", segment=segment, n=n
            )
        case "time":
            return "time", say(
                "{segment}: punkter med en tid som inte går att läsa är inte lästa ({n} st).",
                segment=segment,
                n=n,
            )
        case "future":
            return "time", say(
                "{segment}: punkter med en tid i framtiden är inte lästa ({n} st).",
                segment=segment,
                n=n,
            )
        case _:
            return "lat, lon", say(
                "{segment}: punkter utan en möjlig plats på jorden är inte lästa ({n} st).",
                segment=segment,
                n=n,
            )


def _named(reader: _Reader, stem: str) -> Iterator[tuple[int, Message, _Segment]]:
    """Yield every segment with its place in the file and a name."""
    line = 0
    for number, track in enumerate(reader.tracks, start=1):
        name = (
            Message(track.name)
            if track.name
            else say("{file}, spår {n}", file=stem[:_NAME_CHARS], n=number)
        )
        several = sum(bool(s.fixes or s.left_out) for s in track.segments) > 1
        for part, segment in enumerate(track.segments, start=1):
            line += 1
            its_name = say("{track}, segment {n}", track=name, n=part) if several else name
            yield line, its_name, segment


def _flags(name: Message, fixes: list[Fix]) -> Iterator[Flag]:
    back = sum(later.at < earlier.at for earlier, later in pairwise(fixes))
    if back:
        yield Flag(
            "time",
            say(
                "{segment}: tiden går bakåt ({n} ggr); punkterna är lagda i tidsordning.",
                segment=name,
                n=back,
            ),
        )
    for hint in personal_hints(str(name)):
        yield Flag(
            "name",
            say(
                "Texten kan peka på en person ({hint}). Ta bort uppgiften om den inte behövs.",
                hint=Message(hint),
            ),
        )
    lon = np.array([fix.lon for fix in fixes], dtype=np.float64)
    lat = np.array([fix.lat for fix in fixes], dtype=np.float64)
    if not near_mark(lon, lat).all():
        yield Flag("lat, lon", say("Läget är utanför Mark, helt eller delvis."))


def _stream(path: Path, reader: _Reader, *, file: str) -> None:
    try:
        with path.open("rb") as stream:
            parse(stream, reader, forbid_dtd=True)
    except DefusedXmlException as exc:
        raise FileError(
            say(
                "Filen {file} har en DOCTYPE, som inte hör hemma i GPX och kan vara skadlig. "
                "Den läses inte.",
                file=file,
            )
        ) from exc
    except SAXParseException as exc:
        raise FileError(
            say(
                "Filen {file} är inte hel XML: fel på rad {line}. Hämta den på nytt.",
                file=file,
                line=exc.getLineNumber() or 1,
            )
        ) from exc
    except (SAXException, LookupError, ValueError) as exc:
        raise FileError(say("Filen {file} är inte hel XML.", file=file)) from exc


def read_gpx(
    path: Path, *, file: str, sha256: str, now: datetime, progress: Progress | None = None
) -> ImportResult:
    """Read a GPX file's tracks; a track's line is its segment's place in the file, from 1.

    A time without an offset is UTC (GPX 1.1).  Waypoints and routes are plans, not
    presence: they are named as left out.

    Raises
    ------
    FileError
        Where it is not whole XML, not GPX, or has any DOCTYPE.
    """
    with path.open("rb") as stream:
        told = _ENCODING.match(stream.read(200))
    reader = _Reader(file=file, now=now, progress=progress)
    _stream(path, reader, file=file)
    stem = file.rsplit(".", 1)[0]
    parsed: list[Parsed[Track]] = []
    rejected: list[Rejected] = []
    for line, name, segment in _named(reader, stem):
        for reason, n in segment.left_out.items():
            column, message = _left_out(reason, segment=name, n=n)
            rejected.append(Rejected(line, column, message))
        if not segment.fixes:
            continue
        try:
            track = Track(
                track_id=made_id(file, sha256, line),
                name=str(name),
                fixes=tuple(sorted(segment.fixes, key=lambda fix: fix.at)),
            )
        except ValidationError as exc:
            problem = problems_of(exc)[0]
            rejected.append(Rejected(line, problem.field, problem.reason))
            continue
        parsed.append(Parsed(line, track, False, tuple(_flags(name, segment.fixes))))
    loose = sum(track.loose for track in reader.tracks)
    if loose:
        rejected.append(
            Rejected(
                None,
                "trkpt",
                say("Punkter utanför alla segment är inte lästa ({n} st).", n=loose),
            )
        )
    _tell_of_plans(reader, parsed, rejected)
    if not parsed and not rejected:
        raise FileError(say("Filen {file} har inga spårpunkter.", file=file))
    if progress is not None:
        progress(reader.points, reader.points)
    return ImportResult(
        kind="track",
        file=file,
        sha256=sha256,
        parsed=tuple(parsed),
        rejected=tuple(rejected),
        crs=WGS84.label,
        encoding=told[1].decode("ascii").lower() if told else "utf-8",
    )


def _tell_of_plans(reader: _Reader, parsed: list[Parsed[Track]], rejected: list[Rejected]) -> None:
    """Say that waypoints and routes were left out, where a reader of the receipt sees it."""
    if not reader.waypoints and not reader.routes:
        return
    said = say(
        "Vägpunkter ({waypoints} st) och rutter ({routes} st) är inte lästa; bara spår läses.",
        waypoints=reader.waypoints,
        routes=reader.routes,
    )
    if parsed:
        first = parsed[0]
        flags = (*first.flags, Flag(None, said))
        parsed[0] = Parsed(first.line, first.record, first.id_given, flags)
    else:
        rejected.append(Rejected(None, None, said))
