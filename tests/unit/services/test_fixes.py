"""GPS fixes in their folder: what goes in, what comes back, what goes away with age."""

from __future__ import annotations

import os
from datetime import UTC, datetime, timedelta
from itertools import pairwise
from pathlib import Path

import geopandas as gpd
import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from shapely import LineString, Point, Polygon

from geo.coverage.engine.shapes import shapes_of
from geo.coverage.engine.tracks import Tracks
from geo.errors import NotFoundError, StorageError
from geo.services.faults import fault_messages
from geo.services.fixes import FixReceipt, dispose_fixes, import_fixes, undo_fixes
from geo.store.fixes import read_fixes, write_fixes

NOW = datetime(2021, 7, 1, 12, tzinfo=UTC)
DAY = timedelta(days=1)


def csv(rows: list[tuple[str, datetime, float, float]]) -> str:
    lines = (f"{track};{at.isoformat()};{lon!r};{lat!r}" for track, at, lon, lat in rows)
    return "track_id;at;lon;lat\n" + "".join(f"{line}\n" for line in lines)


def taken_in(tmp_path: Path, text: str, name: str = "a.csv", **how: object) -> FixReceipt:
    path = tmp_path / name
    path.write_text(text, encoding="utf-8")
    options = {"kind": "bil", "now": NOW, "max_bytes": 10**7, **how}
    return import_fixes(path, tmp_path / "fixes", **options)  # type: ignore[arg-type]


def stored(tmp_path: Path) -> list[str]:
    return sorted(path.name for path in (tmp_path / "fixes").glob("*"))


@settings(deadline=None, max_examples=30)
@given(
    st.lists(
        st.tuples(
            st.sampled_from(["a", "b", "Anna Svenssons telefon"]),
            st.integers(0, 5).map(lambda second: NOW - DAY + timedelta(seconds=second)),
            st.integers(-1_800_000_000, 1_800_000_000).map(lambda units: units / 1e7),
            st.integers(500_000_000, 600_000_000).map(lambda units: units / 1e7),
        ),
        min_size=1,
        max_size=12,
    )
)
def test_what_is_stored_is_each_track_in_order_of_time(
    tmp_path_factory: pytest.TempPathFactory, rows: list[tuple[str, datetime, float, float]]
) -> None:
    folder = tmp_path_factory.mktemp("fixes")
    # A first row in Sweden, so that the order of the coordinates is plain.
    whole = [("a", NOW - DAY, 12.7, 57.5), *rows]
    receipt = taken_in(folder, csv(whole))
    tracks, ids = read_fixes(folder / "fixes" / f"{receipt.import_id}.parquet")
    names = list(dict.fromkeys(track for track, *_ in whole))
    assert (receipt.accepted, receipt.tracks) == (len(whole), len(names))
    back = 0
    for number, name in enumerate(names):
        own = [row[1:] for row in whole if row[0] == name]
        back += sum(after[0] < before[0] for before, after in pairwise(own))
        own.sort(key=lambda row: row[0])  # stable: the same moment keeps its order
        here = slice(tracks.first[number], tracks.first[number + 1])
        got = zip(
            tracks.at_us(np.arange(len(tracks)))[here],
            tracks.lon[here],
            tracks.lat[here],
            strict=True,
        )
        assert [(us, lon, lat) for us, lon, lat in got] == [
            (at.timestamp() * 1e6, round(lon * 1e7), round(lat * 1e7)) for at, lon, lat in own
        ]
    assert [one.count for one in receipt.seen if one.reason == "out_of_order"] == [back] * bool(
        back
    )
    # A number and the kind of patrol, nothing of what the file calls it.
    assert list(ids) == [f"bil/{receipt.import_id}-{n + 1}" for n in range(len(names))]


ROWS = [("a", NOW - 10 * DAY, 12.7, 57.5), ("b", NOW - 8 * DAY, 12.7, 57.5), ("b", NOW, 12.7, 57.5)]


def test_the_same_file_again_adds_nothing_and_undo_takes_it_back(tmp_path: Path) -> None:
    first = taken_in(tmp_path, csv(ROWS))
    assert (first.accepted, first.exit_code) == (3, 0)
    again = taken_in(tmp_path, csv(ROWS), "annat namn.csv")
    assert (again.accepted, again.duplicates, again.exit_code) == (0, 3, 0)
    assert again.import_id == first.import_id
    assert stored(tmp_path) == [f"{first.import_id}.parquet"]
    assert undo_fixes(tmp_path / "fixes", first.import_id or "") == 3
    assert stored(tmp_path) == []
    with pytest.raises(NotFoundError, match="finns inte"):
        undo_fixes(tmp_path / "fixes", first.import_id or "")
    assert taken_in(tmp_path, csv(ROWS)).accepted == 3


@pytest.mark.parametrize("import_id", ["../fixes", "", "*", "ABCDEF0123456789", "a/b", ".."])
def test_undo_takes_nothing_but_imports(tmp_path: Path, import_id: str) -> None:
    taken_in(tmp_path, csv(ROWS))
    (tmp_path / "fixes.parquet").touch()
    with pytest.raises(NotFoundError):
        undo_fixes(tmp_path / "fixes", import_id)
    assert (tmp_path / "fixes.parquet").exists()


def test_a_dry_run_says_the_same_and_stores_nothing(tmp_path: Path) -> None:
    would = taken_in(tmp_path, csv(ROWS) + "a;hej;12;57\n", dry_run=True)
    assert not (tmp_path / "fixes").exists()
    did = taken_in(tmp_path, csv(ROWS) + "a;hej;12;57\n")
    assert would.import_id is None
    assert (would.accepted, would.left_out) == (did.accepted, did.left_out)
    assert (did.accepted, did.exit_code, did.left_out[0].lines) == (3, 1, (5,))


@pytest.mark.parametrize(
    ("text", "name"),
    [("track_id;at;lon;lat\na;hej;1;2\n", "a.csv"), ("<gpx/>", "a.gpx"), ("hej", "a.parquet")],
)
def test_nothing_usable_is_said_and_nothing_is_stored(tmp_path: Path, text: str, name: str) -> None:
    receipt = taken_in(tmp_path, text, name)
    assert (receipt.exit_code, receipt.import_id) == (2, None)
    assert receipt.left_out or (receipt.refused is not None and name in str(receipt.refused))
    assert not (tmp_path / "fixes").exists()


def test_what_would_be_disposed_of_at_once_is_not_let_in(tmp_path: Path) -> None:
    receipt = taken_in(tmp_path, csv(ROWS), keep_days=7)
    assert (receipt.accepted, receipt.tracks, receipt.exit_code) == (2, 1, 1)
    assert [(one.reason, one.count) for one in receipt.left_out] == [("too_old", 1)]
    assert taken_in(tmp_path, csv(ROWS[:1]), "b.csv", keep_days=7).exit_code == 2


class TestDisposal:
    def test_a_track_goes_whole_when_its_last_fix_is_too_old(self, tmp_path: Path) -> None:
        mixed = taken_in(tmp_path, csv(ROWS))
        old = taken_in(tmp_path, csv(ROWS[:1]), "b.csv")
        folder = tmp_path / "fixes"
        before = {path.name: path.read_bytes() for path in folder.iterdir()}
        would = dispose_fixes(folder, now=NOW, keep_days=7, dry_run=True)
        assert {path.name: path.read_bytes() for path in folder.iterdir()} == before
        assert dispose_fixes(folder, now=NOW, keep_days=7) == would
        assert (would.tracks, would.fixes, would.kept) == (2, 2, 2)
        assert would.partitions == (f"{old.import_id}.parquet",)
        assert would.shortened == (f"{mixed.import_id}.parquet",)
        tracks, ids = read_fixes(folder / f"{mixed.import_id}.parquet")
        # The fix of eight days ago stays: it belongs to a track that went on until now.
        assert (len(tracks), list(ids)) == (2, [f"bil/{mixed.import_id}-2"])
        nothing = dispose_fixes(folder, now=NOW, keep_days=7)
        assert (nothing.tracks, nothing.kept) == (0, 2)

    @pytest.mark.parametrize(("late_s", "gone"), [(0, 0), (1, 1)])
    def test_the_day_itself_may_be_kept(self, tmp_path: Path, late_s: int, gone: int) -> None:
        taken_in(tmp_path, csv(ROWS[:1]))
        now = NOW + timedelta(seconds=late_s)
        assert dispose_fixes(tmp_path / "fixes", now=now, keep_days=10).tracks == gone

    def test_a_damaged_partition_is_named_and_the_others_are_disposed_of(
        self, tmp_path: Path
    ) -> None:
        old = taken_in(tmp_path, csv(ROWS[:1]))
        (tmp_path / "fixes" / "trasig.parquet").write_bytes(b"PAR1")
        gone = dispose_fixes(tmp_path / "fixes", now=NOW, keep_days=7)
        assert gone.partitions == (f"{old.import_id}.parquet",)
        ((name, reason),) = gone.damaged
        assert name == "trasig.parquet"
        assert name in str(reason)

    def test_what_a_stopped_import_left_is_swept_once_it_is_nobodys(self, tmp_path: Path) -> None:
        folder = tmp_path / "fixes"
        folder.mkdir()
        for name, age in ((".a.parquet.1.part", 2 * DAY), (".b.parquet.2.part", DAY / 2)):
            (folder / name).touch()
            os.utime(folder / name, times=((NOW - age).timestamp(),) * 2)
        gone = dispose_fixes(folder, now=NOW, keep_days=7)
        assert gone.unfinished == (".a.parquet.1.part",)
        assert stored(tmp_path) == [".b.parquet.2.part"]

    def test_nobody_undoes_an_import_meanwhile(
        self, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        mixed = taken_in(tmp_path, csv(ROWS)).import_id or ""
        monkeypatch.setattr("geo.store.fixes._WAIT_S", 0.05)
        undone: list[int] = []

        def undo_and_write(path: Path, tracks: Tracks, ids: pd.Index) -> None:
            # The moment between reading a partition and writing what is kept of it.
            with pytest.raises(StorageError, match="försök igen"):
                undone.append(undo_fixes(tmp_path / "fixes", mixed))
            write_fixes(path, tracks, ids)

        monkeypatch.setattr("geo.services.fixes.write_fixes", undo_and_write)
        assert dispose_fixes(tmp_path / "fixes", now=NOW, keep_days=7).shortened
        assert undone == []
        assert undo_fixes(tmp_path / "fixes", mixed) == 2
        assert stored(tmp_path) == []

    def test_no_folder_is_nothing(self, tmp_path: Path) -> None:
        assert dispose_fixes(tmp_path / "ingen", now=NOW, keep_days=7).fixes == 0


def test_places_that_cannot_be_used_are_named() -> None:
    shapes = {
        "linje": LineString([(12.7, 57.5), (12.7, 57.5)]),
        "fiji": Polygon([(-179, 57), (179, 57), (179, 58)]),
        "tom": Point(),
        "kors": Polygon([(12.7, 57.5), (12.8, 57.6), (12.8, 57.5), (12.7, 57.6)]),
        "peru": Point(-75, -10),
        "punkt": Point(12.7, 57.5),
    }
    places = gpd.GeoDataFrame(
        {"location_id": [*shapes, "linje"], "radius_m": np.nan},
        geometry=[*shapes.values(), shapes["linje"]],
        crs="EPSG:4326",
    )
    said = [str(one) for one in fault_messages(shapes_of(places).faults)]
    assert [sentence.split()[1] for sentence in said] == list(shapes)  # "linje" once
    for sentence, word in zip(
        said,
        ["utan längd", "datumlinjen", "inget läge", "lagad", "för långt", "varken yta"],
        strict=True,
    ):
        assert word in sentence
