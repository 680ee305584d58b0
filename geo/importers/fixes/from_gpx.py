"""GPX by the million points: columns out of the parser's own callbacks.

A track is one segment, because a gap between segments is a gap in what is known.  Only
positions and times are looked at; names, devices and extensions stay in the file.
"""

from __future__ import annotations

import math
from array import array
from collections.abc import Iterator, Mapping
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Final
from xml.parsers import expat

import numpy as np

from geo.coverage.engine.degrees import quantised
from geo.errors import DataError, FileError
from geo.importers.fixes.batch import (
    MAX_FIXES,
    MAX_TRACKS,
    FixBatch,
    Left,
    Tally,
    too_many_fixes,
    too_many_tracks,
)
from geo.importers.rows import Progress
from geo.importers.times import read_utc
from geo.wording import say

_CHUNK: Final = 1 << 18
_BATCH: Final = 1 << 17
_DEEPEST: Final = 64
_LONGEST_PIECE: Final = 1 << 22
"""No tag or comment of a GPX is 4 MB long; the parser would keep it until it ends."""
_LONGEST_TIME: Final = 100
_EPOCH: Final = datetime(1970, 1, 1, tzinfo=UTC)
_SECOND: Final = timedelta(seconds=1)
_NOWHERE: Final = math.nan


def _seconds(text: str) -> int | None:
    try:
        return (read_utc(text) - _EPOCH) // _SECOND
    except DataError:
        return None


class _Points:
    """What the parser tells, as columns; nothing else is kept."""

    def __init__(self, *, file: str, now: datetime, tally: Tally) -> None:
        self._file, self._tally = file, tally
        self._now_s = int(now.timestamp())
        self._opened: list[str] = []
        self._in_point = False
        self._lon = self._lat = _NOWHERE
        self._time = ""
        self._text: list[str] = []
        self._segments = 0
        self.fixes = 0
        self._clear()
        self.parser = expat.ParserCreate()
        self.parser.buffer_text = True
        self.parser.StartElementHandler = self._start
        self.parser.EndElementHandler = self._end
        self.parser.StartDoctypeDeclHandler = self._doctype

    def _clear(self) -> None:
        self._tracks, self._at = array("q"), array("q")
        self._lons, self._lats = array("d"), array("d")

    def __len__(self) -> int:
        return len(self._at)

    def taken(self) -> FixBatch:
        """Hand over the points gathered so far."""
        lon, lat, _, _ = quantised(np.asarray(self._lons), np.asarray(self._lats))
        batch = FixBatch(np.asarray(self._tracks), np.asarray(self._at), lon, lat)
        self._clear()
        return batch

    def _doctype(self, *_: object) -> None:
        raise FileError(
            say(
                "Filen {file} har en DOCTYPE, som inte hör hemma i GPX och kan vara skadlig. "
                "Den läses inte.",
                file=self._file,
            )
        )

    def _start(self, name: str, attributes: Mapping[str, str]) -> None:
        if ":" in name:
            name = name.rpartition(":")[2]
        opened = self._opened
        opened.append(name)
        depth = len(opened)
        if depth == 4:
            if name == "trkpt" and opened[2] == "trkseg" and opened[1] == "trk":
                self._in_point = True
                self._time = ""
                try:
                    self._lon, self._lat = float(attributes["lon"]), float(attributes["lat"])
                except (KeyError, ValueError):
                    self._lon = self._lat = _NOWHERE
        elif depth == 5:
            if name == "time":  # of a point, or forgotten when the next one begins
                self._text = []
                self.parser.CharacterDataHandler = self._characters
        elif depth <= 3:
            self._outer(name, depth)
        elif depth > _DEEPEST:
            raise FileError(say("Filen {file} är nästlad djupare än GPX är.", file=self._file))

    def _outer(self, name: str, depth: int) -> None:
        line = self.parser.CurrentLineNumber
        if depth == 1 and name != "gpx":
            raise FileError(say("Filen {file} är XML men inte GPX.", file=self._file))
        if depth == 2 and name in {"wpt", "rte"}:
            self._tally.one("plan", line)
        elif depth == 3 and self._opened[1] == "trk":
            if name == "trkseg":
                self._segments += 1
                if self._segments > MAX_TRACKS:
                    raise too_many_tracks(self._file)
            elif name == "trkpt":
                self._tally.one("without_track", line)

    def _characters(self, text: str) -> None:
        if len(self._text) < _LONGEST_TIME:
            self._text.append(text[:_LONGEST_TIME])

    def _end(self, _name: str) -> None:
        depth = len(self._opened)
        self._opened.pop()
        if depth == 5:
            if self.parser.CharacterDataHandler is not None:
                self.parser.CharacterDataHandler = None
                self._time = "".join(self._text).strip()
        elif depth == 4 and self._in_point:
            self._in_point = False
            self._point()

    def _point(self) -> None:
        self.fixes += 1
        if self.fixes > MAX_FIXES:
            raise too_many_fixes(self._file)
        lon, lat = self._lon, self._lat
        if not self._time:
            self._leave("without_time")
        elif (at_s := _seconds(self._time)) is None:
            self._leave("unreadable_time")
        elif at_s > self._now_s:
            self._leave("future")
        elif not (-180.0 <= lon <= 180.0 and -90.0 <= lat <= 90.0):  # also where one is NaN
            finite = math.isfinite(lon) and math.isfinite(lat)
            self._leave("outside_world" if finite else "without_position")
        else:
            self._tracks.append(self._segments - 1)
            self._at.append(at_s)
            self._lons.append(lon)
            self._lats.append(lat)

    def _leave(self, reason: Left) -> None:
        self._tally.one(reason, self.parser.CurrentLineNumber)


def gpx_batches(
    path: Path, *, file: str, now: datetime, tally: Tally, progress: Progress | None = None
) -> Iterator[FixBatch]:
    """Read a GPX file's tracks, some hundred thousand points at a time.

    Parameters
    ----------
    path, file
        Where it is, and what it is called in messages.
    now
        The present, aware; points after it are left out.
    tally
        Told what is left out, with physical lines.
    progress
        Told how many bytes are read, and of how many.

    Raises
    ------
    FileError
        Where it is not whole XML, not GPX, has any DOCTYPE, or more points than are held.
    """
    points = _Points(file=file, now=now, tally=tally)
    size = path.stat().st_size
    read = 0
    try:
        with path.open("rb") as stream:
            while chunk := stream.read(_CHUNK):
                points.parser.Parse(chunk)
                read += len(chunk)
                if read - points.parser.CurrentByteIndex > _LONGEST_PIECE:
                    raise FileError(say("Filen {file} är inte hel XML.", file=file))
                if progress is not None:
                    progress(read, size)
                if len(points) >= _BATCH:
                    yield points.taken()
        points.parser.Parse(b"", True)
    except expat.ExpatError as exc:
        raise FileError(
            say(
                "Filen {file} är inte hel XML: fel på rad {line}. Hämta den på nytt.",
                file=file,
                line=exc.lineno,
            )
        ) from exc
    except (LookupError, ValueError) as exc:  # an encoding that is none
        raise FileError(say("Filen {file} är inte hel XML.", file=file)) from exc
    if len(points):
        yield points.taken()
