"""The command line, with a real database file."""

import csv
import io
import json
from pathlib import Path
from typing import Any

import pytest

from geo.cli import main

PLACES = {
    "type": "FeatureCollection",
    "features": [
        {
            "type": "Feature",
            "properties": {
                "location_id": "p1",
                "name": "=Torget [red]",
                "kind": "torg",
                "radius_m": 50,
                "visits_per_week": 3,
                "unsafe_hours": "Fr,Sa 20:00-02:00",
            },
            "geometry": {"type": "Point", "coordinates": [12.694, 57.507]},
        },
        {
            "type": "Feature",
            "properties": {"location_id": "p2", "name": "Badet", "kind": "bad"},
            "geometry": {"type": "Point", "coordinates": [12.7, 57.51]},
        },
    ],
}
# Domain.md: 20:00–20:15 and 20:10–20:20 with one officer each are 25 and 20 minutes.
VISITS = """visit_id;location_id;start_at;minutes
b1;p1;2021-05-07 20:00;15
b2;p1;2021-05-07 20:10;10
"""


class Shell:
    """Runs commands on one database, as a person would."""

    def __init__(self, folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
        self.folder = folder
        self.db = f"sqlite:///{folder / 'cli_test.db'}"
        self._capsys = capsys
        self.code = 0
        self.err = ""

    def __call__(self, *words: str) -> str:
        self._capsys.readouterr()
        self.code = main([*words, "--db", self.db])
        out, self.err = self._capsys.readouterr()
        return out

    def json(self, *words: str) -> Any:
        return json.loads(self(*words))

    def file(self, name: str, content: str) -> str:
        path = self.folder / name
        path.write_text(content, encoding="utf-8")
        return str(path)


@pytest.fixture
def shell(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> Shell:
    return Shell(tmp_path, capsys)


@pytest.fixture
def filled(shell: Shell) -> Shell:
    shell("import", "locations", shell.file("p.geojson", json.dumps(PLACES)))
    shell("import", "visits", shell.file("b.csv", VISITS))
    assert shell.code == 0
    return shell


MAY = ("--from", "2021-05-03", "--to", "2021-05-10")


class TestCoverage:
    def test_as_json(self, filled: Shell) -> None:
        p1, p2 = filled.json("coverage", *MAY, "--by", "all", "--format", "json")
        # One week; visits on Friday 7 May at 20:00 local, until 20:20, with 2 days
        # 3 h 40 min left of the week: 51 h 40 min = 2.1527… days.
        assert p1 == {
            "location_id": "p1",
            "name": "=Torget [red]",
            "period_start": "2021-05-03",
            "period_end": "2021-05-10",
            "visits": 2,
            "officer_min": 25.0,
            "patrol_min": 20.0,
            "days_since_last": pytest.approx((51 + 40 / 60) / 24),
            "longest_gap_days": pytest.approx(4 + 20 / 24),
            "avg_idleness_days": pytest.approx(
                ((4 + 20 / 24) ** 2 + ((51 + 40 / 60) / 24) ** 2) / (2 * 7)
            ),
            "target_share": pytest.approx(2 / 3),
            "hit_in_time_share": 1.0,
        }
        # Never visited, no target: named, not dropped, not zero.
        assert (p2["location_id"], p2["visits"], p2["longest_gap_days"]) == ("p2", 0, 7)
        assert (p2["days_since_last"], p2["target_share"], p2["hit_in_time_share"]) == (
            None,
            None,
            None,
        )

    def test_by_day_has_a_row_per_place_and_day(self, filled: Shell) -> None:
        rows = filled.json("coverage", *MAY, "--by", "day", "--format", "json")
        assert len(rows) == 2 * 7
        assert sum(row["visits"] for row in rows) == 2

    def test_as_csv_is_safe_in_a_spreadsheet(self, filled: Shell) -> None:
        rows = list(csv.DictReader(io.StringIO(filled("coverage", *MAY, "--format", "csv"))))
        assert rows[0]["name"] == "'=Torget [red]"
        assert float(rows[0]["patrol_min"]) == 20
        assert rows[1]["target_share"] == ""

    def test_as_table_says_not_measurable(self, filled: Shell) -> None:
        shown = filled("coverage", *MAY)
        assert "=Torget [red]" in shown
        assert "ej mätbart" in shown

    def test_of_nothing_is_nothing(self, shell: Shell) -> None:
        assert shell.json("coverage", *MAY, "--format", "json") == []
        assert shell.code == 0


class TestImport:
    def test_receipt_as_json(self, filled: Shell) -> None:
        receipt = filled.json("import", "visits", filled.file("b.csv", VISITS), "--json")
        assert {
            "import_id",
            "accepted",
            "duplicates",
            "flagged",
            "rejected",
            "crs",
            "encoding",
        } <= receipt.keys()
        assert (receipt["accepted"], receipt["duplicates"], filled.code) == (0, 2, 0)

    def test_some_rejected_is_1_and_the_good_ones_are_stored(self, filled: Shell) -> None:
        path = filled.file("c.csv", VISITS.replace("b1", "c1").replace("b2;p1", "c2;p9"))
        receipt = filled.json("import", "visits", path, "--json")
        assert (filled.code, receipt["accepted"]) == (1, 1)
        assert receipt["rejected"] == [
            {"line": 3, "field": "location_id", "reason": "Platsen p9 finns inte."}
        ]

    @pytest.mark.parametrize("content", ["", "hej", '{"type":'])
    def test_nothing_usable_is_2_with_a_receipt(self, shell: Shell, content: str) -> None:
        receipt = shell.json("import", "visits", shell.file("x.csv", content), "--json")
        assert (shell.code, receipt["import_id"], receipt["accepted"]) == (2, None, 0)
        assert receipt["rejected"]

    def test_a_missing_file_is_2_with_a_receipt(self, shell: Shell) -> None:
        receipt = shell.json("import", "visits", str(shell.folder / "nej.csv"), "--json")
        assert shell.code == 2
        assert "nej.csv finns inte" in receipt["rejected"][0]["reason"]

    def test_an_unusable_database_is_2_with_a_receipt(self, shell: Shell) -> None:
        shell.db = "oracle://x"
        receipt = shell.json("import", "visits", shell.file("b.csv", VISITS), "--json")
        assert shell.code == 2
        assert "ingen databasadress" in receipt["rejected"][0]["reason"]

    def test_dry_run_says_and_stores_nothing(self, filled: Shell) -> None:
        path = filled.file("c.csv", VISITS.replace("b1", "c1").replace("b2", "c2"))
        receipt = filled.json("import", "visits", path, "--dry-run", "--json")
        assert (receipt["accepted"], receipt["import_id"]) == (2, None)
        (row, _) = filled.json("coverage", *MAY, "--format", "json")
        assert row["visits"] == 2

    def test_undo_takes_it_back(self, filled: Shell) -> None:
        path = filled.file("c.csv", VISITS.replace("b1", "c1").replace("b2", "c2"))
        receipt = filled.json("import", "visits", path, "--json")
        filled("undo", receipt["import_id"])
        assert filled.code == 0
        (row, _) = filled.json("coverage", *MAY, "--format", "json")
        assert row["visits"] == 2
        filled("undo", receipt["import_id"])
        assert (filled.code, "redan ångrad" in filled.err) == (2, True)


class TestExport:
    @pytest.mark.parametrize("kind", ["locations", "visits"])
    @pytest.mark.parametrize("form", ["csv", "geojson", "xlsx", "gpkg"])
    def test_what_is_exported_is_a_duplicate_when_imported(
        self, filled: Shell, kind: str, form: str
    ) -> None:
        out = str(filled.folder / f"ut.{form}")
        filled("export", kind, "--format", form, "--out", out)
        receipt = filled.json("import", kind, out, "--json")
        assert receipt["rejected"] == []
        assert (receipt["accepted"], receipt["duplicates"]) == (0, 2)

    def test_the_period_keeps_what_began_in_it(self, filled: Shell) -> None:
        rows = filled("export", "visits", "--from", "2021-05-08", "--to", "2021-05-10")
        assert len(rows.splitlines()) == 1


class TestPromise:
    def test_items_ship_with_the_program_also_for_an_empty_database(self, shell: Shell) -> None:
        records = shell.json("promise", "--on", "2021-06-30", "--format", "json")
        narcotics = next(record for record in records if record["target"] == 4)
        assert narcotics["expected"] == pytest.approx(1.98, abs=0.005)
        assert narcotics["status"] == "behind"


class TestDemo:
    def test_is_added_once(self, shell: Shell) -> None:
        shell("demo", "--seed", "1")
        first = shell.json("coverage", *MAY, "--format", "json")
        shell("demo", "--seed", "1")
        assert shell.json("coverage", *MAY, "--format", "json") == first
        assert sum(row["visits"] for row in first) > 20

    def test_no_other_command_adds_examples(self, shell: Shell) -> None:
        shell("doctor")
        assert shell.json("coverage", *MAY, "--format", "json") == []


class TestTheEdgesOfTheMachine:
    def test_a_file_that_cannot_be_written_is_said(self, filled: Shell) -> None:
        out = filled("export", "visits", "--out", str(filled.folder / "ingen" / "ut.csv"))
        assert (filled.code, out) == (2, "")
        assert "Det gick inte att läsa eller skriva" in filled.err

    def test_an_undo_that_fails_is_json_too(self, shell: Shell) -> None:
        said = shell.json("undo", "nej", "--json")
        assert (shell.code, said["undone"]) == (2, False)
        assert "finns inte" in said["reason"]

    def test_a_name_of_odd_bytes_still_gets_its_receipt(self, shell: Shell) -> None:
        receipt = shell.json("import", "visits", str(shell.folder / "\udcff.csv"), "--json")
        assert (shell.code, receipt["file"]) == (2, "\N{REPLACEMENT CHARACTER}.csv")

    def test_what_looks_like_a_person_is_not_kept_in_a_receipt(self, filled: Shell) -> None:
        path = filled.file("c.csv", VISITS.replace("p1", "Anna 19900101-1234"))
        receipt = filled.json("import", "visits", path, "--json")
        assert "1990" not in json.dumps(receipt)

    def test_days_before_any_calendar_are_refused(self, shell: Shell) -> None:
        places = json.loads(json.dumps(PLACES))
        places["features"][0]["properties"]["designated_from"] = "0001-01-01"
        receipt = shell.json(
            "import", "locations", shell.file("p.geojson", json.dumps(places)), "--json"
        )
        assert (receipt["accepted"], [r["field"] for r in receipt["rejected"]]) == (
            1,
            ["designated_from"],
        )


@pytest.mark.parametrize(
    "words",
    [
        ("coverage", "--from", "igår", "--to", "2021-05-10"),
        ("coverage", "--from", "2021-05-10", "--to", "2021-05-10"),
        ("coverage", *MAY, "--by", "year"),
        ("import", "besök", "b.csv"),
        ("promise", "--on", "2021-13-01"),
        ("promise", "--on", "9999-12-31"),
        ("demo", "--seed", "-1"),
        ("nonsense",),
    ],
)
def test_wrong_usage_is_64(shell: Shell, words: tuple[str, ...]) -> None:
    out = shell(*words)
    assert (shell.code, out) == (64, "")
    assert shell.err
    assert "Traceback" not in shell.err


def test_a_base_map_of_ones_own(shell: Shell) -> None:
    import geopandas as gpd
    from shapely import box

    from geo.maps.base_layer import base_layer

    shapes = gpd.GeoDataFrame(
        {"building": ["yes"]}, geometry=[box(12.69, 57.5, 12.7, 57.51)], crs="EPSG:4326"
    )
    source, out = shell.folder / "hus.gpkg", shell.folder / "mark.pmtiles"
    shapes.to_file(source, layer="buildings", driver="GPKG")
    code = main(["basemap", str(source), "--out", str(out)])
    assert code == 0
    assert out.read_bytes()[:7] == b"PMTiles"
    assert base_layer(str(out)).tile_host is None
