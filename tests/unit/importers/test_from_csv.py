"""CSV in every dialect gives the same records back; what is broken costs only itself."""

from __future__ import annotations

import csv
import io
from datetime import UTC, datetime, timedelta
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from pyproj import Transformer

from geo.formula import guarded
from geo.importers.from_csv import read_csv
from geo.importers.text_encoding import detect_encoding
from geo.model.visit import Visit
from tests.unit.importers.files import flags, imported, reasons, refusal, written

WORDS = st.text("abcxyz åäöÅÄÖé,;|\t\"'\n.", min_size=1, max_size=30).filter(
    lambda text: text == text.strip()
)
MOMENTS = st.datetimes(datetime(2020, 1, 1), datetime(2026, 1, 1), timezones=st.just(UTC))  # noqa: DTZ001 - hypothesis wants bounds without a zone


@st.composite
def visit(draw: st.DrawFn) -> Visit:
    start = draw(MOMENTS)
    return Visit(
        visit_id=draw(st.uuids()).hex,
        location_id=draw(st.none() | st.sampled_from(["kinna-torg", "örby", "1"])),
        lon=draw(st.floats(12.5, 12.8)),
        lat=draw(st.floats(57.4, 57.55)),
        start_at=start,
        end_at=start + timedelta(minutes=draw(st.integers(0, 600))),
        kind=draw(WORDS.filter(lambda text: "\n" not in text)),
        officers=draw(st.integers(1, 9)),
        note=draw(st.none() | WORDS),
    )


def as_csv(
    visits: list[Visit], *, delimiter: str, decimal: str, code: str | None, newline: str
) -> str:
    """Write visits as a spreadsheet would; text is guarded as in our own exports."""
    names = {
        "visit_id": "Besöks-id",
        "location_id": "Plats",
        "start_at": "Start",
        "end_at": "SLUT",
        "kind": "typ",
        "officers": "antal poliser",
        "note": "Anteckning",
    }
    text = io.StringIO(newline="")
    writer = csv.writer(text, delimiter=delimiter, lineterminator=newline)
    writer.writerow([*names.values(), *(("lon", "lat") if code is None else ("E", "N"))])
    for record in visits:
        x, y = record.lon, record.lat
        assert x is not None
        assert y is not None
        if code is not None:
            x, y = Transformer.from_crs("EPSG:4326", code, always_xy=True).transform(x, y)
        row = [getattr(record, name) for name in names]
        row = [guarded(value) if isinstance(value, str) else value for value in row]
        numbers = [repr(float(value)).replace(".", decimal) for value in (x, y)]
        writer.writerow(["" if value is None else value for value in row] + numbers)
    return text.getvalue()


@settings(max_examples=60, deadline=None)
@given(
    st.lists(visit(), min_size=1, max_size=6),
    st.sampled_from([",", ";", "\t", "|"]),
    st.tuples(st.sampled_from([".", ","]), st.sampled_from(["\n", "\r\n"])),
    st.sampled_from(["utf-8", "utf-8-sig", "utf-16", "utf-16-le", "cp1252"]),
    st.sampled_from([None, "EPSG:3006", "EPSG:3007", "EPSG:3008"]),
)
def test_records_survive_every_dialect(
    visits: list[Visit],
    delimiter: str,
    signs: tuple[str, str],
    encoding: str,
    code: str | None,
) -> None:
    decimal, newline = signs
    text = as_csv(visits, delimiter=delimiter, decimal=decimal, code=code, newline=newline)
    with TemporaryDirectory() as folder:
        result = imported(Path(folder), "visits", "besök.csv", text.encode(encoding))
    assert reasons(result) == []
    assert (
        result.crs
        == {
            None: "EPSG:4326 (WGS 84)",
            "EPSG:3006": "EPSG:3006 (SWEREF 99 TM)",
            "EPSG:3007": "EPSG:3007 (SWEREF 99 12 00)",
            "EPSG:3008": "EPSG:3008 (SWEREF 99 13 30)",
        }[code]
    )
    assert len(result.parsed) == len(visits)
    for item, expected in zip(result.parsed, visits, strict=True):
        got = item.record
        assert isinstance(got, Visit)
        assert (got.lon, got.lat) == (
            pytest.approx(expected.lon, abs=1e-8),
            pytest.approx(expected.lat, abs=1e-8),
        )
        same = {"lon": None, "lat": None}
        assert got.model_copy(update=same) == expected.model_copy(update=same)
    if text.isascii():
        return
    assert result.encoding == encoding


@pytest.mark.parametrize("encoding", ["utf-8", "cp1252", "cp850", "mac_roman", "utf-16-be"])
@pytest.mark.parametrize("word", ["Källare på gård", "Örby ån", "på gård", "ÅÄÖ", "é å"])
def test_swedish_letters_are_never_garbled(tmp_path: Path, encoding: str, word: str) -> None:
    path = written(tmp_path, "a.csv", f"name,x\n{word},1\n".encode(encoding))
    assert detect_encoding(path, file="a.csv") == encoding
    assert read_csv(path, file="a.csv").rows[0].cells == (word, "1")


@pytest.mark.parametrize("word", ["Känt™", "på 50 € – rabatt", "Let’s go", "½ l", "på Škoda"])
def test_signs_of_windows_are_not_taken_for_letters(tmp_path: Path, word: str) -> None:
    """™ and Ö are the same byte, 0x99, in cp1252 and in cp850; a word does not end in a capital."""
    path = written(tmp_path, "a.csv", f"name,x\n{word},1\n".encode("cp1252"))
    assert read_csv(path, file="a.csv").rows[0].cells == (word, "1")


@pytest.mark.parametrize(
    "content",
    ["name\nŁódź\n".encode("cp1250"), "name\nКинна\n".encode("cp1251"),
     "name\nå ä\n".encode() + b"\xe5\n", b"name\n\x81\x90\xcf\n",
     "name\nkö\n".encode("mac_roman"), "name\n”x”\n".encode("cp1252")],
    ids=["polish", "russian", "utf-8 with a stray byte", "nothing", "kö or kš", "ö or quotes"],
)  # fmt: skip
def test_an_encoding_that_cannot_be_told_is_refused(tmp_path: Path, content: bytes) -> None:
    assert "teckenkodningen" in refusal(tmp_path, "visits", "a.csv", content)


def test_letters_already_garbled_are_flagged(tmp_path: Path) -> None:
    """Somebody else read UTF-8 as cp1252 and saved it: ä became Ã¤."""
    text = "location_id,start_at,minutes,note\nA,2021-03-12 20:00,15,KÃ¤llare\n"
    result = imported(tmp_path, "visits", "a.csv", text)
    assert [(line, field) for line, field, _ in flags(result)] == [(2, "note")]
    assert "felkodad" in flags(result)[0][2]


def rows_of(tmp_path: Path, text: str | bytes) -> tuple[list[int], list[tuple[int | None, str]]]:
    result = imported(tmp_path, "visits", "a.csv", text)
    return [item.line for item in result.parsed], [(a, c) for a, _, c in reasons(result)]


HEAD = "location_id,start_at,minutes,note\n"
GOOD = "A,2021-03-12 20:00,15,x\n"


def test_rows_of_another_width_cost_only_themselves(tmp_path: Path) -> None:
    text = HEAD + GOOD + "A,2021-03-12 20:00\n" + GOOD + "A,2021-03-12 20:00,1,x,y\n" + GOOD
    good, bad = rows_of(tmp_path, text)
    assert good == [2, 4, 6]
    assert bad == [
        (3, "Raden har 2 fält men rubrikraden 4."),
        (5, "Raden har 5 fält men rubrikraden 4."),
    ]


def test_blank_rows_and_trailing_delimiters_are_nothing(tmp_path: Path) -> None:
    text = "\n" + HEAD + GOOD + "\n,,,\n" + GOOD.strip() + ",,\n\n"
    assert rows_of(tmp_path, text) == ([3, 6], [])


def test_a_quote_never_closed_swallows_no_other_row(tmp_path: Path) -> None:
    broken = 'A,2021-03-12 20:00,15,"x\n'
    good, bad = rows_of(tmp_path, HEAD + GOOD + broken + GOOD * 3)
    assert good == [2, 4, 5, 6]
    assert [line for line, _ in bad] == [3]
    good, bad = rows_of(tmp_path, HEAD + broken + GOOD + broken + GOOD)
    assert good == [3, 5]
    assert [line for line, _ in bad] == [2, 4]


def test_a_zero_byte_costs_its_row(tmp_path: Path) -> None:
    good, bad = rows_of(tmp_path, HEAD + GOOD + GOOD.replace("x", "x\0") + GOOD * 20)
    assert len(good) == 21
    assert [line for line, _ in bad] == [3]


def test_excels_own_hint_names_the_delimiter(tmp_path: Path) -> None:
    text = "sep=;\nlocation_id;start_at;minutes\nA;2021-03-12 20:00;15\n"
    assert rows_of(tmp_path, text) == ([3], [])


def test_old_macintosh_lines_are_lines(tmp_path: Path) -> None:
    assert rows_of(tmp_path, (HEAD + GOOD * 2).replace("\n", "\r")) == ([2, 3], [])


def test_a_line_without_end_is_refused(tmp_path: Path) -> None:
    assert "Rad 2" in refusal(tmp_path, "visits", "a.csv", HEAD + "x" * 1_100_000)


def test_very_many_columns_are_refused(tmp_path: Path) -> None:
    text = ",".join(f"k{i}" for i in range(300)) + "\n"
    assert "200 kolumner" in refusal(tmp_path, "visits", "a.csv", text)


def test_progress_is_told_to_the_end(tmp_path: Path) -> None:
    told: list[tuple[int, int | None]] = []
    imported(
        tmp_path, "visits", "a.csv", HEAD + GOOD * 1_200,
        progress=lambda done, total: told.append((done, total)),
    )  # fmt: skip
    assert told == [(0, 1200), (500, 1200), (1000, 1200), (1200, 1200)]
