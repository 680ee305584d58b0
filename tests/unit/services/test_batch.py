"""Visits of a folder of fixes: the same on a cluster, after a death, and among damaged files."""

from __future__ import annotations

import json
import shutil
import sys
from collections.abc import Iterator
from datetime import UTC, date, datetime
from pathlib import Path

import dask
import numpy as np
import pandas as pd
import psutil
import pyarrow.parquet as pq
import pytest
from distributed import default_client

from bench._patrols import Patrols, make_patrols
from geo.cli import main
from geo.coverage.engine.tracks import Tracks
from geo.coverage.engine.visits import Rules, find_visits
from geo.errors import DataError, FileError, SettingError
from geo.model.period import Period
from geo.services.batch.partition import Question, partition_visits
from geo.services.batch.result import BatchResult, days_path
from geo.services.batch.run import coverage_batch
from geo.services.batch.workers import Work, in_threads, on_dask
from geo.store import fixes as store
from geo.store.fixes import write_fixes

NOW = datetime(2022, 1, 1, tzinfo=UTC)
PARTITIONS = 12


def part_of(tracks: Tracks, begin: int, end: int) -> Tracks:
    first = tracks.first
    here = slice(first[begin], first[end])
    return Tracks(
        tracks.lon[here], tracks.lat[here], tracks.at[here],
        first[begin : end + 1] - first[begin], tracks.origin_us, tracks.tick_us,
    )  # fmt: skip


def write_locations(patrols: Patrols, file: Path) -> None:
    places = patrols.places.assign(
        location_id=["=" + one for one in patrols.places["location_id"]],
        name=patrols.places["location_id"],
        kind="torg",
    )
    file.write_text(places[["location_id", "name", "kind", "geometry"]].to_json(), "utf-8")


@pytest.fixture(scope="module")
def patrols() -> Patrols:
    return make_patrols(fixes=48_000, places=25)


@pytest.fixture(scope="module")
def made(patrols, tmp_path_factory) -> Path:
    """A folder of two tracks a file, each in a row group of its own, and the places beside it."""
    folder = tmp_path_factory.mktemp("batch")
    write_locations(patrols, folder / "places.geojson")
    (folder / "fixes" / "2021").mkdir(parents=True)
    assert len(patrols.tracks.first) - 1 == 2 * PARTITIONS
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(store, "ROW_GROUP_FIXES", 2_000)
        for number in range(PARTITIONS):
            under = folder / "fixes" / ("2021" if number % 2 else ".")
            write_fixes(
                under / f"part-{number:02d}.parquet",
                part_of(patrols.tracks, 2 * number, 2 * number + 2),
                pd.Index([f"pass {2 * number}", f"pass {2 * number + 1}"]),
            )
    return folder


@pytest.fixture
def copied(made, tmp_path) -> Path:
    return Path(shutil.copytree(made, tmp_path / "copied"))


def run(folder: Path, out: Path, **asked) -> BatchResult:
    asked.setdefault("work", in_threads(2))
    return coverage_batch(folder / "fixes", folder / "places.geojson", out, now=NOW, **asked)


@pytest.fixture(scope="module")
def alone(made) -> bytes:
    """The file one thread of one process writes."""
    run(made, made / "alone.parquet", work=in_threads(1))
    return (made / "alone.parquet").read_bytes()


def test_it_finds_what_the_engine_finds_in_all_fixes_at_once(patrols, made, alone):
    tracks = patrols.tracks
    fix = np.arange(len(tracks))
    fixes = pd.DataFrame(
        {
            "track_id": [f"pass {one}" for one in tracks.track_of(fix)],
            "at": pd.to_datetime(tracks.at_us(fix), unit="us", utc=True),
            "lon": patrols.lon_deg,
            "lat": patrols.lat_deg,
        }
    )
    places = patrols.places.assign(location_id=["=" + one for one in patrols.places["location_id"]])
    expected = find_visits(fixes, places, form="numpy").visits

    found = pq.read_table(made / "alone.parquet").to_pandas()

    assert len(expected) > 100
    # Files in order of name: those in the folder 2021 come before the others.
    order = {f"pass {n}": ((n // 2) % 2 == 0, n) for n in range(2 * PARTITIONS)}
    expected = expected.sort_values("track_id", key=lambda ids: ids.map(order), kind="stable")
    pd.testing.assert_frame_equal(
        found, expected.reset_index(drop=True), check_dtype=False, check_exact=True
    )


def test_the_number_of_threads_does_not_matter(made, alone, tmp_path):
    result = run(made, tmp_path / "out.parquet", work=in_threads(4))
    assert (tmp_path / "out.parquet").read_bytes() == alone
    assert (result.partitions, result.used, result.failed, result.reused) == (12, 12, 0, 0)
    assert (result.tracks, result.fixes, result.locations) == (24, 48_000, 25)
    assert result.left_out == ()
    assert [one.name for one in tmp_path.iterdir()] == ["out.parquet"]


@pytest.fixture(scope="module")
def cluster() -> Iterator[Work]:
    """Two worker processes of our own; starting them takes most of the time of these tests."""
    with on_dask(workers=2) as work:
        yield work


def test_a_cluster_gives_the_same_file_also_when_a_worker_is_killed(made, alone, cluster, tmp_path):
    workers = [
        child
        for child in psutil.Process().children(recursive=True)
        if any("spawn_main" in word for word in child.cmdline())
    ]
    assert len(workers) == 2

    def kill_one(done: int, _total: int | None) -> None:
        if done == 1:
            workers[0].kill()

    result = run(made, tmp_path / "out.parquet", work=cluster, progress=kill_one)

    assert not workers[0].is_running() or workers[0].status() == psutil.STATUS_ZOMBIE
    assert (result.used, result.failed, result.left_out) == (12, 0, ())
    assert (tmp_path / "out.parquet").read_bytes() == alone


def test_a_cluster_found_by_its_address_names_a_damaged_file_as_one_process_does(
    copied, cluster, tmp_path
):
    rot(copied / "fixes" / "part-04.parquet", at=0.3)
    with on_dask(scheduler=default_client().scheduler.address) as work:
        there = run(copied, tmp_path / "there.parquet", work=work)
    here = run(copied, tmp_path / "here.parquet")
    assert there == here
    assert [one.file for one in there.left_out] == ["part-04.parquet"]
    assert (tmp_path / "there.parquet").read_bytes() == (tmp_path / "here.parquet").read_bytes()


def test_a_cluster_that_is_not_there_is_one_sentence():
    with (
        dask.config.set({"distributed.comm.timeouts.connect": "100ms"}),
        pytest.raises(SettingError, match=r"Schemaläggaren tcp://127\.0\.0\.1:9 svarar inte"),
        on_dask(scheduler="tcp://127.0.0.1:9"),
    ):
        pass


def test_the_command_writes_the_same_file(copied, alone, tmp_path, capsys):
    words = ["coverage-batch", "--fixes", str(copied / "fixes"), "--json"]
    words += ["--out", str(tmp_path / "o.parquet")]
    words += ["--locations", str(copied / "places.geojson")]
    assert main(words) == 0
    told = json.loads(capsys.readouterr().out)
    assert (told["used"], told["left_out"]) == (12, [])
    assert (tmp_path / "o.parquet").read_bytes() == alone
    rot(copied / "fixes" / "part-04.parquet", at=0.3)
    assert main(words) == 1
    told = json.loads(capsys.readouterr().out)
    assert [one["file"] for one in told["left_out"]] == ["part-04.parquet"]
    assert main([*words, "--workers", "2", "--scheduler", "tcp://x:1"]) == 64


class Died(Exception):
    """The process died."""


@pytest.mark.parametrize("after", [1, 7, 12])
def test_a_run_that_died_goes_on_where_it_was(made, alone, tmp_path, after):
    out = tmp_path / "out.parquet"

    def die(done: int, total: int | None) -> None:
        if done == after:
            raise Died

    with pytest.raises(Died):
        run(made, out, work=in_threads(1), progress=die)
    assert not out.exists()

    asked = []

    def work(paths, index, question):
        asked.extend(paths)
        yield from in_threads(1)(paths, index, question)

    result = run(made, out, work=work)

    assert (result.reused, len(asked)) == (after, 12 - after)
    assert out.read_bytes() == alone
    assert [one.name for one in tmp_path.iterdir()] == ["out.parquet"]


def test_what_was_done_for_another_question_is_not_used(copied, tmp_path):
    out = tmp_path / "out.parquet"
    rot(copied / "fixes" / "part-04.parquet", at=0.3)
    run(copied, out)
    assert run(copied, out).reused == 11
    assert run(copied, out, question=Question(rules=Rules(max_gap_s=60))).reused == 0
    assert run(copied, out, question=Question(by="lines")).reused == 0
    places = json.loads((copied / "places.geojson").read_text("utf-8"))
    del places["features"][0]
    (copied / "places.geojson").write_text(json.dumps(places), "utf-8")
    assert run(copied, out).reused == 0


def test_a_part_that_was_torn_is_made_again(copied, alone, tmp_path):
    out = tmp_path / "out.parquet"
    broken = copied / "fixes" / "part-04.parquet"
    whole = broken.read_bytes()
    rot(broken, at=0.3)
    run(copied, out)
    torn = next((tmp_path / "out.parquet.parts").iterdir())
    torn.write_bytes(torn.read_bytes()[:100])
    broken.write_bytes(whole)

    result = run(copied, out)

    assert (result.reused, result.used) == (10, 12)
    assert out.read_bytes() == alone


def rot(path: Path, *, at: float) -> None:
    raw = bytearray(path.read_bytes())
    raw[int(at * len(raw))] ^= 0xFF
    path.write_bytes(raw)


def test_bad_files_are_named_and_the_others_counted(copied, tmp_path):
    fixes = copied / "fixes"
    rot(fixes / "part-00.parquet", at=0.3)
    (fixes / "part-02.parquet").write_bytes(b"PAR1")
    shutil.copy(fixes / "part-04.parquet", fixes / "part-98.parquet")
    (fixes / "notes.txt").write_text("left alone")
    (fixes / ".part-99.parquet.ab.part").write_bytes(b"")
    nothing = np.zeros(0, dtype=np.int32)
    write_fixes(
        fixes / "empty.parquet", Tracks(nothing, nothing, nothing, np.array([0])), pd.Index([])
    )
    one = np.zeros(1, dtype=np.int32)
    write_fixes(fixes / "zz.parquet", Tracks(one, one, one, np.array([0, 1])), pd.Index(["pass 9"]))
    bare = pq.read_table(fixes / "part-06.parquet").replace_schema_metadata(None)
    pq.write_table(bare, fixes / "other.parquet")

    result = run(copied, tmp_path / "out.parquet")

    assert {one.file: str(one.reason) for one in result.left_out} == {
        "empty.parquet": "Filen har inga GPS-punkter.",
        "other.parquet": "Filen other.parquet innehåller inte sparade GPS-punkter.",
        "part-00.parquet": "Filen part-00.parquet är skadad eller går inte att läsa.",
        "part-02.parquet": "Filen part-02.parquet är skadad eller går inte att läsa.",
        "part-98.parquet": "Filen har samma innehåll som part-04.parquet och räknas inte igen.",
        "zz.parquet": "1 spår finns också i andra filer. Varje fil räknas för sig, så ett besök "
        "som fortsätter i en annan fil blir två.",
    }
    assert (result.partitions, result.used, result.doubles, result.failed) == (16, 12, 1, 3)
    assert (result.tracks, result.fixes) == (21, 40_001)


def test_places_that_cannot_be_used_are_named(copied, tmp_path):
    places = json.loads((copied / "places.geojson").read_text("utf-8"))
    places["features"][3]["properties"]["name"] = None
    (copied / "places.geojson").write_text(json.dumps(places), "utf-8")
    result = run(copied, tmp_path / "out.parquet")
    assert result.locations == 24
    assert [one.file for one in result.left_out] == ["places.geojson"]
    assert str(result.left_out[0].reason).startswith("Rad 4: ")


def test_a_table_of_days_agrees_with_the_visits(made, tmp_path):
    out = tmp_path / "out.parquet"
    period = Period(date(2020, 12, 31), date(2022, 1, 2))
    result = run(made, out, period=period)
    days = pq.read_table(days_path(out)).to_pandas()
    assert len(days) == 25 * period.days
    assert days["visits"].sum() == result.visits
    visits = pq.read_table(out).to_pandas()
    minutes = (visits["end_at"] - visits["start_at"]).dt.total_seconds().sum() / 60
    assert 0 < days["patrol_min"].sum() <= minutes
    assert "officer_min" not in days


def test_csv_is_the_same_table_and_safe_in_a_spreadsheet(made, tmp_path):
    run(made, tmp_path / "out.csv")
    run(made, tmp_path / "out.parquet")
    as_csv = pd.read_csv(tmp_path / "out.csv", parse_dates=["start_at", "end_at"])
    whole = pq.read_table(tmp_path / "out.parquet").to_pandas()
    assert as_csv["location_id"].str.startswith("'=p").all()
    as_csv["location_id"] = as_csv["location_id"].str[1:]
    pd.testing.assert_frame_equal(as_csv, whole, check_dtype=False)


def test_what_cannot_be_done_at_all_is_one_sentence(copied, tmp_path, monkeypatch):
    with pytest.raises(DataError, match=r"out\.xlsx ska sluta på"):
        run(copied, tmp_path / "out.xlsx")
    with pytest.raises(FileError, match="Mappen none finns inte"):
        coverage_batch(
            copied / "none", copied / "places.geojson", tmp_path / "o.csv",
            work=in_threads(1), now=NOW,
        )  # fmt: skip
    (tmp_path / "bare").mkdir()
    with pytest.raises(FileError, match="Mappen bare har inga GPS-punkter"):
        coverage_batch(
            tmp_path / "bare", copied / "places.geojson", tmp_path / "o.csv",
            work=in_threads(1), now=NOW,
        )  # fmt: skip
    for path in (copied / "fixes").rglob("*.parquet"):
        rot(path, at=0.3)
    with pytest.raises(FileError, match=r"Ingen fil i fixes går att använda\. 2021/part-01"):
        run(copied, tmp_path / "out.csv")
    monkeypatch.setitem(sys.modules, "distributed", None)
    with (
        pytest.raises(SettingError, match="pip install -r requirements-batch"),
        on_dask(workers=2),
    ):
        pass


def test_a_worker_with_another_engine_refuses(made, tmp_path):
    with pytest.raises(SettingError, match="annan version"):
        run(made, tmp_path / "out.parquet", question=Question(engine="another"))


def test_an_error_of_the_program_is_not_hidden(made):
    with pytest.raises(AttributeError):
        list(in_threads(1)([made / "fixes" / "part-00.parquet"], None, Question()))


def test_no_row_group_gives_an_empty_table(tmp_path):
    nothing = np.zeros(0, dtype=np.int32)
    path = tmp_path / "empty.parquet"
    write_fixes(path, Tracks(nothing, nothing, nothing, np.array([0, 0])), pd.Index(["a"]))
    from geo.coverage.engine.index import index_places

    index = index_places(make_patrols(fixes=10, places=2).places)
    assert partition_visits(path, index, Question()).num_rows == 0
