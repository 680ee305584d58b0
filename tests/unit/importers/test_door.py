"""The door: what is turned away before a row is read."""

from __future__ import annotations

import contextlib
import io
import os
import random
import sqlite3
import stat
import tracemalloc
import zipfile
from contextlib import closing
from pathlib import Path

import openpyxl
import pytest

from geo.errors import DataError, FileError
from geo.importers.columns import template
from geo.importers.door import format_of, read_import
from geo.importers.result import IMPORT_KINDS
from tests.unit.importers.files import NOW, imported, refusal, written

CSV = "location_id,start_at,minutes\nA,2021-03-12 20:00,15\n"


def archive(**entries: bytes) -> bytes:
    return packed([(name.replace("__", "."), body) for name, body in entries.items()])


def packed(entries: list[tuple[str, bytes]]) -> bytes:
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as out:
        for name, body in entries:
            out.writestr(name, body)
    return buffer.getvalue()


def workbook(*rows: tuple[object, ...]) -> bytes:
    book = openpyxl.Workbook()
    for row in rows:
        book.worksheets[0].append(row)
    buffer = io.BytesIO()
    book.save(buffer)
    return buffer.getvalue()


@pytest.mark.parametrize("suffix", ["csv", "geojson", "xlsx", "gpkg", "zip"])
@pytest.mark.parametrize("content", [b"", b"  \n\n", b"\xef\xbb\xbf", b"\0" * 100])
def test_empty_files_are_called_empty(tmp_path: Path, suffix: str, content: bytes) -> None:
    assert "tom" in refusal(tmp_path, "visits", f"a.{suffix}", content)


@pytest.mark.parametrize(
    ("name", "content", "part"),
    [
        ("a.csv", workbook(("a",)), "zip"),
        ("a.csv", b"%PDF-1.7 ...", "PDF"),
        ("a.csv", b"\x89PNG\r\n\x1a\n", "bild"),
        ("a.csv", b'{"type": "FeatureCollection"}', "JSON"),
        ("a.csv", random.Random(1).randbytes(2_000), "annat än text"),
        ("a.xlsx", CSV.encode(), "text"),
        ("a.xlsx", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 600, "Office"),
        ("a.gpkg", CSV.encode(), "text"),
        ("a.zip", CSV.encode(), "text"),
        ("a.geojson", b"<?xml version='1.0'?><gpx/>", "XML"),
        ("a.geojson", b"\x1f\x8b\x08\0", "gzip"),
        ("a.xls", b"\xd0\xcf\x11\xe0", ".xlsx"),
        ("a.shp", b"\0\0\x27\x0a", "zip"),
        ("a.kml", b"<kml/>", "GeoJSON"),
        ("a.exe", b"MZ", ".geojson"),
        ("a", b"MZ", ".geojson"),
    ],
)
def test_the_name_must_say_what_is_inside(
    tmp_path: Path, name: str, content: bytes, part: str
) -> None:
    assert part in refusal(tmp_path, "visits", name, content)


def test_what_is_no_file_is_turned_away(tmp_path: Path) -> None:
    (tmp_path / "mapp.csv").mkdir()
    os.mkfifo(tmp_path / "pipa.csv")
    for name, part in (("mapp.csv", "ingen fil"), ("pipa.csv", "ingen fil"), ("x.csv", "finns")):
        with pytest.raises(FileError, match=part):
            read_import("visits", tmp_path / name, now=NOW)


def test_a_large_file_is_refused_before_it_is_read(tmp_path: Path) -> None:
    path = written(tmp_path, "stor.csv", CSV)
    os.truncate(path, 120_000_000)  # sparse: no disk is filled
    tracemalloc.start()
    try:
        with pytest.raises(FileError, match=r"stor\.csv är större än 100 MB"):
            read_import("visits", path, now=NOW)
        assert tracemalloc.get_traced_memory()[1] < 1_000_000
    finally:
        tracemalloc.stop()


def test_the_limit_is_a_parameter(tmp_path: Path) -> None:
    assert len(imported(tmp_path, "visits", "a.csv", CSV, max_bytes=len(CSV)).parsed) == 1
    with pytest.raises(FileError):
        imported(tmp_path, "visits", "a.csv", CSV, max_bytes=len(CSV) - 1)


def test_the_users_name_is_used_where_the_path_is_a_copy(tmp_path: Path) -> None:
    path = written(tmp_path, "tmp123.csv", "a,b\n1,2\n")
    with pytest.raises(FileError, match=r"besök\.csv"):
        read_import("visits", path, now=NOW, name="../../besök.csv")


# ------------------------------------------------------------------ archives


def test_a_zip_bomb_is_not_unpacked(tmp_path: Path) -> None:
    """20 MB of zeros in 20 kB: a thousandth, which no table shrinks to."""
    zeros = b"\0" * 20_000_000
    for name, entries in (
        ("a.zip", [("x.shp", zeros), ("x.shx", b""), ("x.dbf", b""), ("x.prj", b"")]),
        ("a.xlsx", [("xl/workbook.xml", b"<workbook/>"), ("xl/sharedStrings.xml", zeros)]),
    ):
        content = packed(entries)
        assert len(content) < 40_000
        tracemalloc.start()
        try:
            assert "orimligt stor" in refusal(tmp_path, "visits", name, content)
            assert tracemalloc.get_traced_memory()[1] < 5_000_000
        finally:
            tracemalloc.stop()


def test_an_archive_of_too_many_parts_is_not_listed(tmp_path: Path) -> None:
    content = packed([(f"{i}.txt", b"") for i in range(1_100)])
    assert "fler än 1\N{NO-BREAK SPACE}000 delar" in refusal(tmp_path, "visits", "a.zip", content)


@pytest.mark.parametrize(
    "name", ["../x.shp", "a/../../x.shp", "/etc/x.shp", "C:\\x.shp", "..\\x.shp"]
)
def test_a_path_out_of_the_archive_is_refused(tmp_path: Path, name: str) -> None:
    content = packed([(name, b"1"), ("x.prj", b"")])
    assert "leder ut" in refusal(tmp_path, "locations", "a.zip", content)
    assert list(tmp_path.parent.glob("x.*")) == []


def test_a_link_in_an_archive_is_refused(tmp_path: Path) -> None:
    link = zipfile.ZipInfo("x.shp")
    link.external_attr = (stat.S_IFLNK | 0o777) << 16
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w") as out:
        out.writestr(link, "/etc/passwd")
    assert "leder ut" in refusal(tmp_path, "locations", "a.zip", buffer.getvalue())


def test_twins_in_an_archive_are_refused(tmp_path: Path) -> None:
    content = packed([("x.shp", b"1"), ("X.SHP", b"2")])
    assert "samma namn" in refusal(tmp_path, "locations", "a.zip", content)


def test_a_locked_archive_is_named(tmp_path: Path) -> None:
    content = bytearray(packed([("x.shp", b"1")]))
    content[6] |= 1  # the flag bit in the local header …
    at = content.rindex(b"PK\x01\x02")
    content[at + 8] |= 1  # … and in the directory
    assert "lösenord" in refusal(tmp_path, "locations", "a.zip", bytes(content))


@pytest.mark.parametrize(
    ("entries", "part"),
    [
        ([("läs mig.txt", b"hej")], "inte 0"),
        ([("x.shp", b""), ("y.shp", b""), ("x.prj", b"")], "inte 2"),
        ([("x.shp", b""), ("x.shx", b""), ("x.dbf", b"")], "saknar .prj"),
        ([("x.shp", b""), ("x.prj", b""), ("x.dbf", b"")], "saknar .shx"),
        ([("x.shp", b""), ("x.prj", b"junk"), ("x.dbf", b""), ("x.shx", b"")], "junk"),
        ([("xl/workbook.xml", b"")], "inte 0"),
    ],
)
def test_a_zip_must_hold_one_whole_shapefile(
    tmp_path: Path, entries: list[tuple[str, bytes]], part: str
) -> None:
    assert part in refusal(tmp_path, "locations", "a.zip", packed(entries))


def test_truncated_files_are_called_damaged(tmp_path: Path) -> None:
    book = workbook(("location_id", "start_at", "minutes"), ("A", "2021-03-12 20:00", 15))
    assert "skadad" in refusal(tmp_path, "visits", "a.xlsx", book[: len(book) // 2])
    assert "skadad" in refusal(tmp_path, "visits", "a.zip", book[: len(book) // 2])
    assert "rad 1" in refusal(tmp_path, "boundary", "a.geojson", '{"type": "Feature", "geo')


def test_a_workbook_with_entities_is_not_read(tmp_path: Path) -> None:
    laughs = "".join(f'<!ENTITY a{i} "{f"&a{i - 1};" * 10}">' for i in range(1, 9))
    evil = f'<!DOCTYPE x [<!ENTITY a0 "ha">{laughs}]><workbook>&a8;</workbook>'.encode()
    with zipfile.ZipFile(io.BytesIO(workbook(("a",)))) as book:
        parts = [(n, evil if n == "xl/workbook.xml" else book.read(n)) for n in book.namelist()]
    assert "går inte att läsa" in refusal(tmp_path, "visits", "a.xlsx", packed(parts))


def test_a_database_that_is_no_geopackage_is_named(tmp_path: Path) -> None:
    path = tmp_path / "a.gpkg"
    with closing(sqlite3.connect(path)) as db:
        db.execute("CREATE TABLE t (a)")
        db.commit()
    with pytest.raises(FileError, match="inget GeoPackage"):
        read_import("visits", path, now=NOW)
    with closing(sqlite3.connect(path)) as db:
        db.execute("CREATE TABLE gpkg_contents (a)")
        db.execute("CREATE VIRTUAL TABLE v USING fts5(x)")
        db.commit()
    with pytest.raises(FileError, match="virtuell"):
        read_import("visits", path, now=NOW)
    half = path.read_bytes()
    assert "skadad" in refusal(tmp_path, "visits", "b.gpkg", half[: len(half) // 2])


# ------------------------------------------------------------------ JSON


@pytest.mark.parametrize("opening", ["[", '{"a":', '{"type":"Feature","geometry":['])
def test_json_of_any_depth_neither_crashes_nor_fills_memory(tmp_path: Path, opening: str) -> None:
    content = ('{"type":"FeatureCollection","features":[' + opening * 100_000).encode()
    tracemalloc.start()
    try:
        assert "djupare" in refusal(tmp_path, "boundary", "a.geojson", content)
        assert tracemalloc.get_traced_memory()[1] < 20 * len(content) + 5_000_000
    finally:
        tracemalloc.stop()


def test_json_of_very_many_values_is_not_parsed(tmp_path: Path) -> None:
    content = b'{"type":"FeatureCollection","features":[' + b"[]," * 3_000_000 + b"[]]}"
    tracemalloc.start()
    try:
        assert "fler än 5\N{NO-BREAK SPACE}000\N{NO-BREAK SPACE}000 värden" in refusal(
            tmp_path, "boundary", "a.geojson", content
        )
        assert tracemalloc.get_traced_memory()[1] < 2 * len(content)  # parsed: 500 MB
    finally:
        tracemalloc.stop()


def test_geojson_in_another_encoding_names_the_line(tmp_path: Path) -> None:
    content = '{"type":\n"FeatureCollection",\n"name":"Källare","features":[]}'.encode("cp1252")
    assert "Rad 3" in refusal(tmp_path, "boundary", "a.geojson", content)


# ------------------------------------------------------------------ anything at all


def _valid() -> dict[str, bytes]:
    feature = (
        '{"type":"FeatureCollection","features":[{"type":"Feature","id":1,"properties":'
        '{"location_id":"a","name":"Å","kind":"torg"},"geometry":{"type":"Polygon","coordinates":'
        "[[[12.6,57.4],[12.7,57.4],[12.7,57.5],[12.6,57.4]]]}}]}"
    )
    rows = [line.split(";") for line in template("locations").decode("utf-8-sig").split()]
    gpx = (
        '<?xml version="1.0"?><gpx><trk><name>x</name><trkseg><trkpt lat="57.5" lon="12.7">'
        "<time>2021-07-01T12:00:00Z</time></trkpt></trkseg></trk></gpx>"
    )
    return {
        "a.geojson": feature.encode(),
        "a.csv": template("locations"),
        "a.xlsx": workbook(*(tuple(row) for row in rows)),
        "a.gpx": gpx.encode(),
    }


@pytest.mark.parametrize("name", ["a.geojson", "a.csv", "a.xlsx", "a.gpx"])
def test_a_damaged_file_is_read_or_refused_but_never_crashes(tmp_path: Path, name: str) -> None:
    whole = _valid()[name]
    chance = random.Random(20211031)
    read = refused = 0
    for _ in range(150):
        content = bytearray(whole)
        for _ in range(chance.choice((1, 3, 10))):
            content[chance.randrange(len(content))] = chance.randrange(256)
        if chance.random() < 0.3:
            del content[chance.randrange(len(content)) :]
        for kind in ("track",) if name.endswith("gpx") else ("locations", "visits"):
            with contextlib.suppress(DataError):
                imported(tmp_path, kind, name, bytes(content))
                read += 1
                continue
            refused += 1
    assert read
    assert refused


@pytest.mark.parametrize("kind", IMPORT_KINDS)
def test_every_kind_has_its_own_reading(tmp_path: Path, kind: str) -> None:
    """A file of no use to a kind is refused by a sentence, whatever the kind."""
    with pytest.raises(DataError):
        imported(tmp_path, kind, "a.csv", "q,w\n1,2\n")  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("name", "text"),
    [
        ("a.csv", "location_id,name,kind,lon,lat\n"),
        ("a.geojson", '{"type":"FeatureCollection","features":[]}'),
    ],
)
def test_a_file_without_a_row_is_said(tmp_path: Path, name: str, text: str) -> None:
    assert "har inga rader" in refusal(tmp_path, "locations", name, text)


def test_rows_in_a_file_called_gpx_are_no_track(tmp_path: Path) -> None:
    """Whatever it is to be imported as, the remedy is not to import it as a track."""
    rows = "location_id,start_at,end_at\ntorget,2021-05-03 20:00,2021-05-03 20:15\n"
    for kind in ("visits", "track"):
        sentence = refusal(tmp_path, kind, "besök.gpx", rows)
        assert "heter .gpx men innehåller text" in sentence


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16"])
def test_a_track_is_known_in_whatever_letters_it_is_written(tmp_path: Path, encoding: str) -> None:
    path = tmp_path / "spår.gpx"
    path.write_text(
        f'<?xml version="1.0" encoding="{encoding.removesuffix("-sig")}"?><gpx></gpx>',
        encoding=encoding,
    )
    assert format_of(path, file="spår.gpx") == "gpx"
