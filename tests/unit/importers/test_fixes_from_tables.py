"""Fixes in CSV and Parquet: columns at a time, by the rules the single values have."""

from __future__ import annotations

import io
from datetime import datetime
from pathlib import Path
from typing import Any

import geopandas as gpd
import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.parquet as pq
import pytest
import shapely
from hypothesis import given, settings
from hypothesis import strategies as st

from geo.crs import project
from geo.errors import DataError, FileError
from geo.importers.decimals import read_number
from geo.importers.door import read_import
from geo.importers.fixes import from_csv
from geo.importers.fixes.batch import FixBatch, Tally
from geo.importers.fixes.door import fix_batches, open_fixes
from geo.importers.fixes.moments import moments_of
from geo.importers.fixes.table import numbers_of
from geo.importers.times import read_moment
from geo.model.time import STOCKHOLM, to_us
from tests.unit.importers.files import NOW, written


def read(path: Path, tally: Tally | None = None, crs: str | None = None) -> FixBatch:
    source = open_fixes(path, file=path.name, max_bytes=10**8)
    batches = list(fix_batches(source, now=NOW, tally=tally or Tally(), crs=crs))
    names = ("track", "at_s", "lon", "lat")
    return FixBatch(*(np.concatenate([getattr(b, n) for b in batches] or [[]]) for n in names))


def left_out(tally: Tally) -> list[tuple[str, int, tuple[int, ...]]]:
    return [(one.reason, one.count, one.lines) for one in tally.left_out()]


WRITTEN_TIMES = st.one_of(
    st.datetimes(*map(datetime.fromisoformat, ("1971-01-01", "2035-01-01"))).flatmap(
        lambda at: st.sampled_from(
            [
                at.isoformat(),
                at.isoformat(" ", "minutes"),
                at.isoformat() + "Z",
                at.isoformat(" ", "seconds") + "+02:00",
                at.isoformat() + "-0330",
                at.isoformat() + "+13:59",
                at.isoformat() + "+14:30",
                at.strftime("%Y-%m-%d %H.%M"),
                at.strftime("%Y%m%dT%H%M%SZ"),
                at.date().isoformat(),
            ]
        )
    ),
    st.sampled_from(
        ["", "  ", "hej", "1965-05-05 10:00Z", "2021-02-30 10:00", "2021-03-28 02:30",
         "2021-10-31 02:30", "2021-10-31 02:30:00.5", "2021-03-01 24:00", "12 mars 2021 kl. 23.50",
         "1614622800"]
    ),
    st.none(),
)  # fmt: skip


def test_the_times_drawn_hold_each_kind() -> None:
    """So that the property below is about something: the hours that come twice and never."""
    moments = moments_of(
        pa.array(
            ["2021-10-31 02:30", "2021-03-28 02:30", "", "2021-01-01 00:00", "31 okt 2021 kl 02.30"]
        )
    )
    assert moments.ambiguous.tolist() == [True, False, False, False, True]
    assert moments.unreadable.tolist() == [False, True, False, False, False]
    assert moments.missing.tolist() == [False, False, True, False, False]
    # 02:30 the first time is summer time, 00:30 UTC; New Year is at 23:00 UTC.
    assert moments.at_s[[0, 3, 4]].tolist() == [1_635_640_200, 1_609_455_600, 1_635_640_200]


@settings(deadline=None, max_examples=60)
@given(st.lists(WRITTEN_TIMES, max_size=8))
def test_a_column_of_times_is_its_times_one_by_one(texts: list[str | None]) -> None:
    moments = moments_of(pa.array(texts, pa.string()))
    for row, text in enumerate(texts):
        assert bool(moments.missing[row]) == (not (text or "").strip())
        try:
            expected = read_moment(text or "")
        except DataError:
            assert moments.unreadable[row] or moments.missing[row]
            continue
        seconds = to_us(expected.at) // 1_000_000
        assert bool(moments.unreadable[row]) == (seconds < 0)
        if seconds >= 0:
            assert moments.at_s[row] == seconds
            assert bool(moments.ambiguous[row]) == (expected.also_at is not None)


@pytest.mark.parametrize("unit", ["s", "ms", "us", "ns"])
def test_timestamps_with_a_zone_are_moments_and_without_are_local(unit: str) -> None:
    clock = ("2021-10-31T02:30", "2021-07-01T12:00")
    wall = [*map(datetime.fromisoformat, clock), None]
    local = moments_of(pa.array(wall, pa.timestamp(unit)))
    assert local.at_s.tolist() == [1_635_640_200, 1_625_133_600, 0]
    assert local.ambiguous.tolist() == [True, False, False]
    assert local.missing.tolist() == [False, False, True]
    aware = [None if at is None else at.replace(tzinfo=STOCKHOLM) for at in wall]
    zoned = moments_of(pa.array(aware, pa.timestamp(unit, "Europe/Stockholm")))
    assert zoned.at_s.tolist() == local.at_s.tolist()
    assert not zoned.ambiguous.any()


@settings(deadline=None, max_examples=60)
@given(
    st.lists(
        st.one_of(
            st.floats(allow_nan=False, allow_infinity=False).map(repr),
            st.from_regex(r"\A[+-]?\d{1,9}[.,]\d{0,9}\Z"),
            st.sampled_from(
                ["", " 12,5 ", "6 376 123,5", "nan", "inf", "1_0", "−12", "x", ",", "٣"]
            ),
        ),
        max_size=6,
    )
)
def test_a_column_of_numbers_is_its_numbers_one_by_one(texts: list[str]) -> None:
    for text, number in zip(texts, numbers_of(pa.array(texts, pa.string())), strict=True):
        try:
            assert number == read_number(text)
        except DataError:
            assert np.isnan(number)


FIXES = pd.DataFrame(
    {
        "spår": ["pass å", "pass å", "b"],
        "tid": ["2021-07-01 12:00:00", "2021-07-01 12:00:10", "2021-07-01 09:00:00"],
        "longitud": [12.6765432, 12.6765001, -0.0000001],
        "latitud": [57.4944, 57.4945678, 57.5],
    }
)
EXPECTED = {
    "track": [0, 0, 1],
    "at_s": [1_625_133_600, 1_625_133_610, 1_625_122_800],  # two hours before UTC in July
    "lon": [126_765_432, 126_765_001, -1],
    "lat": [574_944_000, 574_945_678, 575_000_000],
}


def as_lists(batch: FixBatch) -> dict[str, list[int]]:
    return {name: getattr(batch, name).tolist() for name in EXPECTED}


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "cp1252", "utf-16", "utf-16-le"])
@pytest.mark.parametrize(
    ("delimiter", "decimal"), [(",", "."), (";", ","), ("\t", ","), ("|", ".")]
)
def test_csv_in_whatever_form_people_save_it(
    tmp_path: Path, encoding: str, delimiter: str, decimal: str
) -> None:
    text = FIXES.to_csv(index=False, sep=delimiter, decimal=decimal, float_format="%.7f")
    path = written(tmp_path, "a.csv", text.replace("\n", "\r\n").encode(encoding))
    assert as_lists(read(path)) == EXPECTED


def to_geoparquet(path: Path, **how: Any) -> None:
    points = gpd.GeoDataFrame(
        FIXES[["spår", "tid"]],
        geometry=gpd.points_from_xy(FIXES["longitud"], FIXES["latitud"]),
        crs="EPSG:4326",
    )
    points.to_parquet(path, **how)


def test_parquet_with_columns_and_geoparquet_in_every_encoding(tmp_path: Path) -> None:
    path = tmp_path / "a.parquet"
    FIXES.to_parquet(path)
    assert as_lists(read(path)) == EXPECTED
    for encoding in ("WKB", "geoarrow"):
        to_geoparquet(path, geometry_encoding=encoding)
        assert as_lists(read(path)) == EXPECTED, encoding


def test_metres_are_brought_to_degrees(tmp_path: Path) -> None:
    east, north = project(FIXES["longitud"].to_numpy()[:2], FIXES["latitud"].to_numpy()[:2])
    frame = FIXES[["spår", "tid"]][:2].assign(E=east, N=north)
    by_name = read(written(tmp_path, "a.csv", frame.to_csv(index=False)))
    points = gpd.GeoDataFrame(
        FIXES[["spår", "tid"]][:2], geometry=gpd.points_from_xy(east, north), crs="EPSG:3006"
    )
    points.to_parquet(tmp_path / "a.parquet")
    for found in (by_name, read(tmp_path / "a.parquet")):
        np.testing.assert_allclose(found.lon, EXPECTED["lon"][:2], atol=1)
        np.testing.assert_allclose(found.lat, EXPECTED["lat"][:2], atol=1)


CSV = """sep=;
spår;tid;longitud;latitud;anm
a;2021-03-01 18:00;12,69;57,5;
;;;;

a;hej;12,69;57,5;
a;2021-03-01 18:00;12,69
;2021-03-01 18:00;12,69;57,5;
a;2021-03-01 18:00;nan;57,5;
a;2021-03-01 18:00;;57,5;
a;2031-03-01 18:00;12,69;57,5;
a;2021-03-01 18:00;12,69;157,5;
a;;12,69;57,5;
a;2021-10-31 02:30;12,69;57,5;
a;2021-03-01 18:00;12,69;57,5;;;
"""


@pytest.mark.parametrize("block", [1 << 21, 64])
def test_every_row_left_out_is_named_by_reason_and_physical_line(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, block: int
) -> None:
    monkeypatch.setattr(from_csv, "_BLOCK", block)
    tally = Tally()
    assert len(read(written(tmp_path, "a.csv", CSV), tally)) == 2
    assert left_out(tally) == [
        ("broken_row", 2, (7, 15)),
        ("without_track", 1, (8,)),
        ("without_time", 1, (13,)),
        ("unreadable_time", 1, (6,)),
        ("future", 1, (11,)),
        ("without_position", 2, (9, 10)),
        ("outside_world", 1, (12,)),
    ]
    assert [(one.reason, one.lines) for one in tally.seen()] == [("ambiguous_time", (14,))]


@settings(deadline=None, max_examples=60)
@given(st.lists(st.booleans(), min_size=1, max_size=40), st.integers(0, 3), st.integers(0, 40))
def test_lines_of_sound_rows_step_over_the_broken(
    sound: list[bool], before: int, begin: int
) -> None:
    lines = range(before + 1, before + 1 + len(sound))
    good = [line for line, is_sound in zip(lines, sound, strict=True) if is_sound][begin:]
    broken = [line for line, is_sound in zip(lines, sound, strict=True) if not is_sound]
    assert from_csv._lines_of(begin, len(good), broken, before).tolist() == good


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ('spår;tid;lon;lat\n"a;2021-03-01 18:00;12;57\nb;x;1;2\n', "Rad 2 i a.csv har ett citat"),
        ('spår;tid;lon;lat\na;x;12;57\n"a\nb";2021-03-01 18:00;12;57\n', "Rad 3 i a.csv har ett"),
        ("spår;lon;lat\na;12;57\n", "saknar kolumnen at"),
        ("spår;tid;lon\na;2021-03-01 18:00;12\n", "saknar kolumnen lon, lat"),
        ("spår;track;tid;lon;lat\na;b;2021-03-01 18:00;12;57\n", "betyder samma sak"),
        ("tid;lon;lat;crs\n2021-03-01 18:00;12;57;4326\n2021-03-01 18:00;12;57;3006\n", "flera ko"),
        ("tid;lon;lat;crs\n2021-03-01 18:00;12;57;EPSG:3857\n", "EPSG:3857"),
        ("\n\n", "a.csv är tom"),
        (";".join("tid" + "x" * n for n in range(300)) + "\n1;2\n", "kolumner"),
        ("tid;lon;lat\n" + "x" * 5_000_000 + "\n", "läsa som en tabell"),
    ],
)
def test_a_table_that_cannot_be_trusted_is_refused_by_name(
    tmp_path: Path, text: str, said: str
) -> None:
    with pytest.raises(DataError, match=said) as told:
        read(written(tmp_path, "a.csv", text))
    assert "a.csv" in str(told.value)


def test_a_table_without_tracks_is_one_track_and_says_so(tmp_path: Path) -> None:
    tally = Tally()
    frame = FIXES.drop(columns="spår")
    assert read(written(tmp_path, "a.csv", frame.to_csv(index=False)), tally).track.tolist() == [
        0, 0, 0,
    ]  # fmt: skip
    assert [(one.reason, one.count) for one in tally.seen()] == [("one_track", 3)]


def test_a_row_of_no_track_is_left_out(tmp_path: Path) -> None:
    FIXES.assign(spår=["a", None, "b"]).to_parquet(tmp_path / "a.parquet")
    tally = Tally()
    assert read(tmp_path / "a.parquet", tally).track.tolist() == [0, 1]
    assert left_out(tally) == [("without_track", 1, (2,))]


def test_only_points_are_positions(tmp_path: Path) -> None:
    shapes = [shapely.Point(12.7, 57.5), shapely.Point(), None, shapely.box(12, 57, 13, 58)]
    frame = gpd.GeoDataFrame(
        {"track_id": 1, "at": pd.Timestamp("2021-07-01 10:00", tz="UTC")},
        geometry=shapes, crs="EPSG:4326", index=range(4),
    )  # fmt: skip
    frame.to_parquet(tmp_path / "a.parquet")
    tally = Tally()
    assert len(read(tmp_path / "a.parquet", tally)) == 1
    assert left_out(tally) == [("without_position", 3, (2, 3, 4))]


def test_a_damaged_parquet_file_is_named(tmp_path: Path) -> None:
    whole = io.BytesIO()
    pq.write_table(pa.Table.from_pandas(FIXES), whole)
    content = whole.getvalue()
    for cut in (content[:40], content[:-30], content[:4] + b"\xff" * 200 + content[204:]):
        with pytest.raises(FileError, match=r"a\.parquet är skadad"):
            read(written(tmp_path, "a.parquet", cut))


def test_geoparquet_that_lies_about_itself_is_named(tmp_path: Path) -> None:
    table = pa.Table.from_pandas(FIXES)
    for geo in (b"{", b"[]", b'{"primary_column": "g", "columns": {}}'):
        pq.write_table(table.replace_schema_metadata({b"geo": geo}), tmp_path / "a.parquet")
        with pytest.raises(FileError, match=r"a\.parquet är skadad"):
            read(tmp_path / "a.parquet")


def test_other_files_are_not_read_for_fixes(tmp_path: Path) -> None:
    with pytest.raises(FileError, match=r"inte från a\.geojson"):
        read(written(tmp_path, "a.geojson", "{}"))
    with pytest.raises(FileError, match="innehåller text"):
        read(written(tmp_path, "a.parquet", "hej"))


def test_the_importer_of_records_says_where_parquet_belongs(tmp_path: Path) -> None:
    FIXES.to_parquet(tmp_path / "a.parquet")
    with pytest.raises(FileError, match=r"a\.parquet innehåller GPS-punkter.*fixes import"):
        read_import("visits", tmp_path / "a.parquet", now=NOW)
