"""Tracks: the real files, and what a file from outside can hold."""

from __future__ import annotations

import math
from datetime import UTC, datetime
from itertools import pairwise
from pathlib import Path

import pytest

from geo.importers.door import read_import
from geo.importers.result import ImportResult
from geo.model.visit import Fix, Track
from tests.unit.importers.files import NOW, flags, imported, reasons, refusal, shared

# Name: tracks with a timed position, positions with a time, positions without.
# Counted with gpxpy 1.6.2, a parser of its own; the README of the shared folder says the same.
REAL = {
    "around-visnjan-with-car": (1, 104, 0),
    "cerknicko-jezero": (7, 296, 0),  # the first of its 8 tracks is empty
    "cerknicko-without-times": (1, 5, 291),
    "gpx1.0_with_all_fields": (1, 1, 0),
    "gpx1.1_with_all_fields": (1, 1, 0),
    "gpx_with_garmin_extension": (0, 0, 0),
    "korita-zbevnica": (2, 513, 358),
    "route": (0, 0, 0),
    "track-with-empty-segment": (1, 9, 0),
    "track_with_speed": (1, 3, 0),
    "unicode_with_bom": (0, 0, 0),
}


def tracks(result: ImportResult) -> list[Track]:
    return [item.record for item in result.parsed if isinstance(item.record, Track)]


def gpx(points: str, *, name: str = "Pass 1") -> str:
    return (
        '<?xml version="1.0" encoding="UTF-8"?>\n<gpx version="1.1">'
        f"<trk><name>{name}</name><trkseg>{points}</trkseg></trk></gpx>"
    )


def point(time: str | None, lat: str = "57.5", lon: str = "12.7") -> str:
    told = "" if time is None else f"<time>{time}</time>"
    return f'<trkpt lat="{lat}" lon="{lon}">{told}</trkpt>'


@pytest.mark.shared
def test_every_real_file_has_an_expectation() -> None:
    assert {path.stem for path in shared("gpx").glob("*.gpx")} == set(REAL)


@pytest.mark.shared
@pytest.mark.parametrize("name", REAL)
def test_real_files_give_their_timed_positions(name: str) -> None:
    result = read_import("track", shared(f"gpx/{name}.gpx"), now=NOW)
    count, timed, untimed = REAL[name]
    assert len(result.parsed) == count
    assert result.rows_read == timed
    assert sum(int(item.reason.params["n"]) for item in result.rejected if item.line) == untimed
    if not count:  # only waypoints or routes: said, not passed over
        assert "bara spår läses" in reasons(result)[0][2]


@pytest.mark.shared
@pytest.mark.parametrize(
    ("name", "length_m", "duration_s"),
    [("cerknicko-jezero", 4_580.1, 4_239), ("around-visnjan-with-car", 2_736.3, 514)],
)
def test_real_tracks_keep_their_length_and_duration(
    name: str, length_m: float, duration_s: float
) -> None:
    def distance_m(a: Fix, b: Fix) -> float:
        """Great-circle distance on gpxpy's sphere (haversine, R = 6 378 137 m)."""
        lat_a, lat_b = math.radians(a.lat), math.radians(b.lat)
        half = (
            math.sin((lat_b - lat_a) / 2) ** 2
            + math.cos(lat_a) * math.cos(lat_b) * math.sin(math.radians(b.lon - a.lon) / 2) ** 2
        )
        return 2 * 6_378_137 * math.asin(math.sqrt(half))

    read = tracks(read_import("track", shared(f"gpx/{name}.gpx"), now=NOW))
    seconds = sum((track.fixes[-1].at - track.fixes[0].at).total_seconds() for track in read)
    metres = sum(distance_m(a, b) for track in read for a, b in pairwise(track.fixes))
    assert seconds == duration_s
    assert metres == pytest.approx(length_m, rel=0.002)  # gpxpy rounds the earth a little else


@pytest.mark.shared
def test_untimed_positions_are_counted_by_segment() -> None:
    result = read_import("track", shared("gpx/korita-zbevnica.gpx"), now=NOW)
    assert reasons(result) == [
        (2, "time", "03-OCT-10 #2: punkter utan tid är inte lästa (358 st)."),
    ]


def test_a_time_without_offset_is_utc(tmp_path: Path) -> None:
    """GPX 1.1 gives all times in UTC; Swedish local time would be two hours off in July."""
    result = imported(tmp_path, "track", "a.gpx", gpx(point("2021-07-01T12:00:00")))
    assert tracks(result)[0].fixes == (Fix(datetime(2021, 7, 1, 12, tzinfo=UTC), 12.7, 57.5),)
    assert result.crs == "EPSG:4326 (WGS 84)"
    assert flags(result) == []


def test_positions_are_turned_away_by_reason_and_the_others_kept(tmp_path: Path) -> None:
    points = (
        point("2021-07-01T12:00:00Z")
        + point(None) * 3
        + point("igår") * 2
        + point("2021-07-01T12:01:00Z", lat="91")
        + point("2021-07-01T12:01:00Z", lon="nan")
        + point("2027-01-01T00:00:00Z")
        + point("2021-07-01T12:02:00+02:00")
    )
    result = imported(tmp_path, "track", "a.gpx", gpx(points))
    assert result.rows_read == 2
    assert sorted(text for _, _, text in reasons(result)) == [
        "Pass 1: punkter med en tid i framtiden är inte lästa (1 st).",
        "Pass 1: punkter med en tid som inte går att läsa är inte lästa (2 st).",
        "Pass 1: punkter utan en möjlig plats på jorden är inte lästa (2 st).",
        "Pass 1: punkter utan tid är inte lästa (3 st).",
    ]


def test_time_going_backwards_is_flagged_and_ordered(tmp_path: Path) -> None:
    points = "".join(point(f"2021-07-01T12:0{minute}:00Z") for minute in (0, 2, 1, 3, 2))
    result = imported(tmp_path, "track", "a.gpx", gpx(points))
    minutes = [fix.at.minute for fix in tracks(result)[0].fixes]
    assert minutes == [0, 1, 2, 2, 3]
    assert flags(result) == [
        (1, "time", "Pass 1: tiden går bakåt (2 ggr); punkterna är lagda i tidsordning.")
    ]


def test_segments_on_one_line_get_keys_of_their_own(tmp_path: Path) -> None:
    segment = f"<trkseg>{point('2021-07-01T12:00:00Z')}</trkseg>"
    text = f"<gpx><trk><name>Pass</name>{segment * 3}</trk><trk>{segment}</trk></gpx>"
    first = imported(tmp_path, "track", "kväll.gpx", text)
    names = [track.name for track in tracks(first)]
    assert names == ["Pass, segment 1", "Pass, segment 2", "Pass, segment 3", "kväll, spår 2"]
    keys = [track.track_id for track in tracks(first)]
    assert len(set(keys)) == 4
    assert keys == [t.track_id for t in tracks(imported(tmp_path, "track", "kväll.gpx", text))]


def test_points_outside_segments_are_told_of(tmp_path: Path) -> None:
    text = f"<gpx><trk>{point('2021-07-01T12:00:00Z') * 2}</trk></gpx>"
    result = imported(tmp_path, "track", "a.gpx", text)
    assert reasons(result) == [
        (None, "trkpt", "Punkter utanför alla segment är inte lästa (2 st).")
    ]


def test_a_time_inside_an_extension_is_not_the_points(tmp_path: Path) -> None:
    inner = "<extensions><x:time>2021-07-01T12:00:00Z</x:time></extensions>"
    result = imported(
        tmp_path, "track", "a.gpx", gpx(f'<trkpt lat="57.5" lon="12.7">{inner}</trkpt>')
    )
    assert not result.parsed
    assert "utan tid" in reasons(result)[0][2]


LAUGHS = "".join(f'<!ENTITY a{i} "{f"&a{i - 1};" * 10}">' for i in range(1, 10))


@pytest.mark.parametrize(
    "doctype",
    [
        "<!DOCTYPE gpx>",
        '<!DOCTYPE gpx SYSTEM "http://127.0.0.1:1/x.dtd">',
        '<!DOCTYPE gpx [<!ENTITY a SYSTEM "file:///etc/passwd">]>',
        f'<!DOCTYPE gpx [<!ENTITY a0 "ha">{LAUGHS}]>',
    ],
    ids=["bare", "external", "xxe", "billion laughs"],
)
def test_any_doctype_turns_the_file_away(tmp_path: Path, doctype: str) -> None:
    text = f"<?xml version='1.0'?>{doctype}<gpx><trk><name>&a;</name></trk></gpx>"
    assert "DOCTYPE" in refusal(tmp_path, "track", "a.gpx", text)


@pytest.mark.parametrize(
    ("text", "part"),
    [
        (gpx(point("2021-07-01T12:00:00Z"))[:-30], "rad 2"),
        ("<gpx>" + "<a>" * 100_000, "djupare"),
        ("<kml></kml>", "inte GPX"),
        ("hej", "innehåller text"),
        ("<gpx></gpx>", "inga spårpunkter"),
        ('<?xml version="1.0" encoding="x-finns-inte"?><gpx></gpx>', "XML"),
    ],
    ids=["truncated", "deep", "another root", "no xml", "empty", "encoding"],
)
def test_what_is_no_gpx_is_turned_away(tmp_path: Path, text: str, part: str) -> None:
    assert part in refusal(tmp_path, "track", "a.gpx", text)


def test_only_gpx_gives_tracks_and_gpx_only_tracks(tmp_path: Path) -> None:
    assert "GPX" in refusal(tmp_path, "track", "a.csv", "a,b\n1,2\n")
    assert "som spår" in refusal(tmp_path, "visits", "a.gpx", gpx(""))
