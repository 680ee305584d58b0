"""Points by the million out of GPX, held to the reader that keeps one object for each."""

from __future__ import annotations

import math
import tracemalloc
from collections import Counter
from datetime import UTC, datetime
from pathlib import Path
from tempfile import TemporaryDirectory

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from geo.errors import FileError
from geo.importers.door import read_import
from geo.importers.fixes import from_gpx
from geo.importers.fixes.batch import FixBatch, Tally
from geo.importers.fixes.door import fix_batches, open_fixes
from geo.model.visit import Track
from tests.unit.importers.files import NOW, written

HEAD = '<?xml version="1.0" encoding="UTF-8"?>\n<gpx version="1.1">\n'


def point(time: str | None, lat: str = "57.5", lon: str = "12.7", more: str = "") -> str:
    told = "" if time is None else f"<time>{time}</time>"
    return f'<trkpt lat="{lat}" lon="{lon}">{more}{told}</trkpt>\n'


def gpx(*segments: str) -> str:
    return (
        HEAD + "<trk>" + "".join(f"<trkseg>\n{one}</trkseg>" for one in segments) + "</trk></gpx>"
    )


def read(path: Path, tally: Tally | None = None) -> FixBatch:
    source = open_fixes(path, file=path.name, max_bytes=10**8)
    batches = list(fix_batches(source, now=NOW, tally=tally or Tally()))
    names = ("track", "at_s", "lon", "lat")
    return FixBatch(*(np.concatenate([getattr(b, n) for b in batches] or [[]]) for n in names))


def left_out(tally: Tally) -> list[tuple[str, int, tuple[int, ...]]]:
    return [(one.reason, one.count, one.lines) for one in tally.left_out()]


TIMES = st.one_of(
    st.none(),
    st.datetimes(*map(datetime.fromisoformat, ("1990-01-01", "2035-01-01"))).flatmap(
        lambda at: st.sampled_from(
            [
                at.isoformat(),
                at.isoformat() + "Z",
                at.isoformat(timespec="seconds") + "Z",
                f"\n {at.isoformat(timespec='milliseconds')}Z ",
                at.isoformat() + "+05:30",
                at.isoformat(" ") + "-01:00",
            ]
        )
    ),
    st.sampled_from(["", "igår", "2021-07-01", "2021-02-30T10:00:00Z", "2021-07-01T24:00:00Z"]),
)
DEGREES = st.one_of(
    st.floats(-200, 200).map(repr),
    st.sampled_from(["", "nan", "inf", "57,5", " 12.5 ", "-180", "90", "90.00000001", "1e1", "x"]),
)


@settings(deadline=None, max_examples=60)
@given(st.lists(st.lists(st.tuples(TIMES, DEGREES, DEGREES), max_size=4), max_size=4))
def test_is_what_the_other_reader_gives(segments: list[list[tuple[str | None, str, str]]]) -> None:
    text = gpx(*("".join(point(*one) for one in segment) for segment in segments))
    tally = Tally()
    with TemporaryDirectory() as folder:
        path = written(Path(folder), "a.gpx", text)
        found = read(path, tally)
        if not any(segments):
            return
        other = read_import("track", path, now=NOW)
    expected = Counter(
        (
            parsed.line - 1,
            math.floor(fix.at.timestamp()),
            round(fix.lon * 1e7),
            round(fix.lat * 1e7),
        )
        for parsed in other.parsed
        if isinstance(parsed.record, Track)
        for fix in parsed.record.fixes
    )
    got = zip(
        found.track.tolist(), found.at_s.tolist(), found.lon.tolist(), found.lat.tolist(),
        strict=True,
    )  # fmt: skip
    assert Counter(got) == expected
    counted = sum(count for _, count, _ in left_out(tally))
    assert len(found) + counted == sum(map(len, segments))


def test_every_point_left_out_is_named_by_reason_and_line(tmp_path: Path) -> None:
    points = (
        point("2021-07-01T12:00:00Z")  # line 4
        + point(None) * 4
        + point("igår")
        + point("2021-07-01T12:00:00Z", lat="91")
        + point("2021-07-01T12:00:00Z", lon="nan")
        + point("2027-01-01T00:00:00Z")
        + point("1969-12-31T23:59:59Z")
    )
    plans = '<wpt lat="1" lon="1"/>\n<rte/><trk>\n<trkpt lat="1" lon="1"/></trk>'
    text = gpx(points).replace("</gpx>", plans + "</gpx>")
    tally = Tally()
    assert len(read(written(tmp_path, "a.gpx", text), tally)) == 1
    assert left_out(tally) == [
        ("without_track", 1, (16,)),
        ("without_time", 4, (5, 6, 7)),
        ("unreadable_time", 2, (9, 13)),
        ("future", 1, (12,)),
        ("without_position", 1, (11,)),
        ("outside_world", 1, (10,)),
    ]
    assert [(one.reason, one.count) for one in tally.seen()] == [("plan", 2)]
    assert str(tally.left_out()[1].sentence("a.gpx")) == (
        "a.gpx: punkter utan tid (4 st, först rad 5, 6, 7)."
    )


def test_only_the_points_own_time_counts(tmp_path: Path) -> None:
    more = "<extensions><time>2020-01-01T00:00:00Z</time></extensions><name>2019-01-01</name>"
    other = point("2017-01-01T00:00:00Z") + "<x><time>2016-01-01T00:00:00Z</time></x>"
    text = gpx(point("2021-07-01T12:00:00<!-- x -->Z", more=more)).replace(
        "<trk>",
        f"<metadata><time>2018-01-01T00:00:00Z</time></metadata><trk><extensions>{other}</extensions>",
    )
    found = read(written(tmp_path, "a.gpx", text))
    assert found.at_s.tolist() == [int(datetime(2021, 7, 1, 12, tzinfo=UTC).timestamp())]


def test_names_with_a_prefix_and_other_encodings(tmp_path: Path) -> None:
    text = gpx(point("2021-07-01T12:00:00Z")).replace("<", "<g:").replace("<g:/", "</g:")
    text = text.replace("<g:?", "<?").replace("<g:gpx", '<g:gpx xmlns:g="x"')
    found = read(written(tmp_path, "a.gpx", text.replace("UTF-8", "utf-16").encode("utf-16")))
    assert len(found) == 1


@pytest.mark.parametrize(
    ("text", "said"),
    [
        (HEAD.replace("<gpx", "<!DOCTYPE gpx [<!ENTITY a 'b'>]><gpx") + "</gpx>", "DOCTYPE"),
        ("<kml></kml>", "inte GPX"),
        (gpx(point("2021-07-01T12:00:00Z"))[:-9], "inte hel XML: fel på rad"),
        (HEAD + "<a>" * 100, "nästlad djupare"),
        (HEAD.replace("UTF-8", "klingon") + "</gpx>", "inte hel XML"),
        (HEAD + "<!--" + "x" * 5_000_000 + "--></gpx>", "inte hel XML"),
    ],
)
def test_what_is_no_gpx_is_refused_by_name(tmp_path: Path, text: str, said: str) -> None:
    with pytest.raises(FileError, match=said) as told:
        read(written(tmp_path, "a.gpx", text))
    assert "a.gpx" in str(told.value)


def test_batches_are_the_whole_cut_up(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    segment = "".join(point(f"2021-07-01T12:00:{second:02}Z") for second in range(60))
    path = written(tmp_path, "a.gpx", gpx(*[segment] * 30))
    whole = read(path)
    monkeypatch.setattr(from_gpx, "_BATCH", 100)
    monkeypatch.setattr(from_gpx, "_CHUNK", 999)
    source = open_fixes(path, file="a.gpx", max_bytes=10**8)
    told: list[tuple[int, int | None]] = []
    batches = list(
        fix_batches(
            source, now=NOW, tally=Tally(), progress=lambda done, total: told.append((done, total))
        )
    )
    assert len(batches) > 10
    assert np.concatenate([batch.track for batch in batches]).tolist() == whole.track.tolist()
    assert np.concatenate([batch.at_s for batch in batches]).tolist() == whole.at_s.tolist()
    assert told[-1] == (path.stat().st_size, path.stat().st_size)


def test_more_points_than_are_held_is_said(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(from_gpx, "MAX_FIXES", 2)
    with pytest.raises(FileError, match="Dela den i flera"):
        read(written(tmp_path, "a.gpx", gpx(point(None) * 3)))


def test_no_object_is_kept_for_a_point(tmp_path: Path) -> None:
    n = 20_000
    path = written(tmp_path, "a.gpx", gpx(point("2021-07-01T12:00:00Z") * n))
    read(path)  # what is imported and cached is there now
    tracemalloc.start()
    read(path)
    _, peak = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    # Arrays 32 bytes a point and a part more to grow, columns 24 bytes twice; a datetime alone
    # is 48 bytes and two floats 48, in a tuple of 64.
    assert peak < 130 * n
