"""Everything to another database, in all four directions."""

from __future__ import annotations

import json
import time
from collections.abc import Callable
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest

from geo.cli import main
from geo.errors import StorageError
from geo.model.visit import Visit
from geo.services.copying import copy_database
from geo.store.open import open_store
from geo.store.store import Put
from geo.store.tables import metadata
from tests.every_kind import AT, EVERY_KIND, a_visit, all_versions, run_sql

KINDS = ("sqlite", "postgresql")
Address = Callable[..., str]

both_ways = pytest.mark.parametrize("kind", KINDS)
all_directions = pytest.mark.parametrize(
    ("kind", "other"), [(kind, other) for kind in KINDS for other in KINDS]
)


@all_directions
def test_everything_comes_along(
    kind: str, other: str, place_for: Address, filled_place: Address
) -> None:
    source, target = filled_place(kind), place_for(other, empty=True)

    copied = copy_database(source, target)

    assert all_versions(target) == all_versions(source)
    assert len(all_versions(target)) == len(EVERY_KIND) + 2
    assert (copied.revision, copied.tables["writes"], copied.tables["visits"]) == (3, 3, 4)
    assert set(copied.tables) == set(metadata.tables)


@all_directions
def test_numbers_go_on_after_the_last(
    kind: str, other: str, place_for: Address, filled_place: Address
) -> None:
    target = place_for(other)
    copy_database(filled_place(kind), target)
    with closing(open_store(target)) as store:
        assert store.write([Put(a_visit("b9"))], origin="account:a", at=AT) == 4
        assert {s.record.visit_id for s in store.standing(Visit)} == {"b1", "b9"}


@pytest.mark.parametrize(("kind", "other"), [("sqlite", "postgresql"), ("postgresql", "sqlite")])
def test_others_write_on_and_one_revision_is_copied(
    kind: str, other: str, place_for: Address, busy_writer: Callable[..., Any]
) -> None:
    source, target = place_for(kind), place_for(other)
    open_store(source).close()
    with busy_writer(source) as noted:
        acknowledged = len(noted.read_text().splitlines())
        copied = copy_database(source, target)
        while len(noted.read_text().splitlines()) < acknowledged + 3:
            time.sleep(0.01)  # it is not kept from writing

    # Each write was one visit.
    assert copied.tables["visits"] == copied.tables["writes"] == copied.revision >= acknowledged


@both_ways
def test_what_is_written_meanwhile_stays_out(
    kind: str, place_for: Address, filled_place: Address
) -> None:
    source, target = filled_place(kind), place_for("sqlite")
    with closing(open_store(source)) as elsewhere:

        def write_once(done: int, total: int | None) -> None:
            if elsewhere.revision() == 3:
                elsewhere.write([Put(a_visit("late"))], origin="account:a", at=AT)

        copied = copy_database(source, target, progress=write_once)
        assert elsewhere.revision() == 4

    assert (copied.revision, copied.tables["visits"]) == (3, 4)


@all_directions
def test_a_row_that_comes_back_different_is_named_and_nothing_is_copied(
    kind: str, other: str, place_for: Address, filled_place: Address
) -> None:
    target = place_for(other)
    spoil = "UPDATE visits SET note = 'x' WHERE record_id = 'b2' AND version = 2"
    if other == "sqlite":
        run_sql(target, f"CREATE TRIGGER t AFTER INSERT ON visits BEGIN {spoil}; END")
    else:
        run_sql(
            target,
            f"CREATE FUNCTION f() RETURNS trigger AS 'BEGIN {spoil.replace(chr(39), chr(39) * 2)}; "
            "RETURN NULL; END' LANGUAGE plpgsql",
            "CREATE TRIGGER t AFTER INSERT ON visits FOR EACH STATEMENT EXECUTE FUNCTION f()",
        )

    with pytest.raises(StorageError, match="visits b2, 2 kom inte tillbaka"):
        copy_database(filled_place(kind), target)

    assert all_versions(target) == []


@both_ways
def test_a_row_that_is_lost_is_named(kind: str, place_for: Address, filled_place: Address) -> None:
    target = place_for("sqlite")
    run_sql(
        target,
        "CREATE TRIGGER t AFTER INSERT ON tracks BEGIN DELETE FROM tracks; END",
    )
    with pytest.raises(StorageError, match="tracks t1, 1 kom inte"):
        copy_database(filled_place(kind), target)
    assert all_versions(target) == []


class TestATargetThatIsRefused:
    @all_directions
    def test_with_anything_in_it(self, kind: str, other: str, filled_place: Address) -> None:
        source, target = filled_place(kind), filled_place(other)
        before = all_versions(target)
        with pytest.raises(StorageError, match="inte tom, och är lämnad som den var"):
            copy_database(source, target)
        assert all_versions(target) == before

    def test_of_somebody_else_not_even_its_settings_change(
        self, tmp_path: Path, filled_place: Address
    ) -> None:
        import sqlite3

        file = tmp_path / "theirs.db"
        with closing(sqlite3.connect(file)) as theirs:
            theirs.execute("CREATE TABLE visits (id INTEGER)")
            theirs.execute("INSERT INTO visits VALUES (1)")
            theirs.commit()
        before = file.read_bytes()
        with pytest.raises(StorageError, match="inte tom"):
            copy_database(filled_place("sqlite"), f"sqlite:///{file}")
        assert file.read_bytes() == before

    @both_ways
    def test_the_same_by_another_name(self, kind: str, filled_place: Address) -> None:
        url = filled_place(kind)
        same = url.replace("+psycopg", "") if kind == "postgresql" else url.replace("///", "////./")
        with pytest.raises(StorageError, match="samma databas"):
            copy_database(url, same)

    def test_in_memory(self, filled_place: Address) -> None:
        with pytest.raises(StorageError, match="i minnet finns inte kvar"):
            copy_database(filled_place("sqlite"), "sqlite://")

    def test_no_address(self, filled_place: Address) -> None:
        with pytest.raises(StorageError, match="ingen databasadress") as caught:
            copy_database(filled_place("sqlite"), "mysql://u:hemligt@h/d")
        assert "hemligt" not in str(caught.value)


class TestASourceThatIsRefused:
    def test_that_is_not_there_is_not_made(self, place_for: Address, tmp_path: Path) -> None:
        with pytest.raises(StorageError, match="finns inte; stämmer adressen"):
            copy_database(f"sqlite:///{tmp_path / 'no' / 'such.db'}", place_for("sqlite"))
        assert list(tmp_path.iterdir()) == []

    @both_ways
    def test_with_nothing_of_ours(self, kind: str, place_for: Address, tmp_path: Path) -> None:
        source = place_for(kind, empty=True)
        if kind == "sqlite":
            Path(source.removeprefix("sqlite:///")).touch()
        with pytest.raises(StorageError, match="inga uppgifter från programmet"):
            copy_database(source, place_for("sqlite"))

    @both_ways
    @pytest.mark.parametrize(
        ("version", "said"), [("0001", "python -m geo doctor"), ("9999", "nyare version")]
    )
    def test_of_another_version(
        self, kind: str, version: str, said: str, place_for: Address, filled_place: Address
    ) -> None:
        source, target = filled_place(kind), place_for("sqlite")
        run_sql(source, f"UPDATE alembic_version SET version_num = '{version}'")
        with pytest.raises(StorageError, match=said):
            copy_database(source, target)
        assert not Path(target.removeprefix("sqlite:///")).exists()


class TestTheCommand:
    def test_gives_a_receipt(
        self, place_for: Address, filled_place: Address, capsys: pytest.CaptureFixture[str]
    ) -> None:
        source, target = filled_place("sqlite"), place_for("sqlite")
        assert main(["db", "copy", source, target, "--json"]) == 0
        receipt = json.loads(capsys.readouterr().out)
        assert (receipt["done"], receipt["revision"], receipt["to"]) == (True, 3, target)
        versions, written = len(EVERY_KIND) + 2, 3
        # Each version and each write once more in the trace.
        assert receipt["rows"] == sum(receipt["tables"].values()) == 2 * (versions + written)

        assert main(["db", "copy", source, target]) == 2
        out, err = capsys.readouterr()
        assert (out, "inte tom" in err, "Traceback" in err) == ("", True, False)

        assert main(["db", "copy", source, target, "--json"]) == 2
        assert json.loads(capsys.readouterr().out)["done"] is False

    def test_without_a_target_is_wrong_usage(self, capsys: pytest.CaptureFixture[str]) -> None:
        assert main(["db", "copy", "sqlite:///a.db"]) == 64
