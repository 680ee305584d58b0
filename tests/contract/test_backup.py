"""Everything in one file, and back again: whole or not at all."""

from __future__ import annotations

import json
import os
import stat
import time
from collections.abc import Callable
from contextlib import closing
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from alembic import command
from alembic.config import Config
from sqlalchemy import insert

from geo.access import Account
from geo.cli import main
from geo.errors import StorageError
from geo.model.visit import Visit
from geo.services.backup import back_up
from geo.services.restoring import restore
from geo.store import archive
from geo.store.accounts import Accounts, StoredAccount
from geo.store.held import Held, TableDigest
from geo.store.migrate import MIGRATIONS
from geo.store.open import connect, open_store
from geo.store.store import Put, Store
from geo.store.tables import writes
from tests.every_kind import AT, EVERY_KIND, a_visit, all_versions, holds_nothing, run_sql

ROOT = Path(__file__).parents[2]
NOW = datetime(2021, 10, 31, 0, 30, tzinfo=UTC)
Address = Callable[..., str]

both_kinds = pytest.mark.parametrize("kind", ["sqlite", "postgresql"])


def file_of(url: str) -> Path:
    return Path(url.removeprefix("sqlite:///"))


def left_in(folder: Path) -> set[str]:
    return {path.name for path in folder.iterdir()}


@both_kinds
def test_what_was_saved_comes_back(
    kind: str,
    filled_place: Address,
    place_for: Address,
    request: pytest.FixtureRequest,
    tmp_path: Path,
) -> None:
    source, file = filled_place(kind), tmp_path / "a.zip"
    if kind == "postgresql":
        target = request.getfixturevalue("new_database")(empty=True)  # not even PostGIS
    else:
        target = place_for(kind)

    saved = back_up(source, file, now=NOW)
    assert restore(file, target, now=NOW) == saved

    assert all_versions(target) == all_versions(source)
    assert (saved.kind, saved.revision, saved.tables["visits"].rows) == (kind, 3, 4)
    versions, written = len(EVERY_KIND) + 2, 3
    # Each version and each write once more in the trace, and the schema's own row.
    assert saved.rows == 2 * (versions + written) + 1
    assert stat.S_IMODE(file.stat().st_mode) == 0o600
    with closing(open_store(target)) as store:
        assert store.write([Put(a_visit("b9"))], origin="account:a", at=AT) == 4


@both_kinds
def test_a_backup_of_an_older_version_is_made_and_brought_up_when_restored(
    kind: str, place_for: Address, tmp_path: Path
) -> None:
    source, target = place_for(kind, empty=True), place_for(kind, empty=True)
    file = tmp_path / "a.zip"
    config = Config()
    config.set_main_option("script_location", str(MIGRATIONS))
    engine = connect(source)
    with engine.connect() as connection, connection.begin():
        config.attributes["connection"] = connection
        command.upgrade(config, "0001")
        connection.execute(insert(writes).values(origin="account:a", recorded_at=AT))
    engine.dispose()

    assert back_up(source, file, now=NOW).step == "0001"
    assert restore(file, target, now=NOW).revision == 1

    with closing(open_store(target)) as store:
        assert store.revision() == 1


@both_kinds
def test_others_write_on_and_one_revision_is_saved(
    kind: str, place_for: Address, busy_writer: Callable[..., Any], tmp_path: Path
) -> None:
    source, target, file = place_for(kind), place_for(kind, empty=True), tmp_path / "a.zip"
    open_store(source).close()
    with busy_writer(source) as noted:
        acknowledged = len(noted.read_text().splitlines())
        saved = back_up(source, file, now=NOW)
        while len(noted.read_text().splitlines()) < acknowledged + 3:
            time.sleep(0.01)  # it is not kept from writing

    restore(file, target, now=NOW)
    with closing(open_store(target)) as store:
        # Each write was one visit.
        visits = [s.record.visit_id for s in store.standing(Visit)]
        assert store.revision() == saved.revision == len(visits) >= acknowledged
    assert visits == [f"busy{number:06}" for number in range(len(visits))]


@both_kinds
def test_what_comes_back_different_is_taken_away_again(
    kind: str, filled_place: Address, place_for: Address, tmp_path: Path
) -> None:
    """A dump that is whole and says something else than the manifest."""
    file, target = tmp_path / "a.zip", place_for(kind, empty=True)
    saved = back_up(filled_place(kind), file, now=NOW)
    with archive.opened_dump(file) as opened:
        dumped = opened.read()
    promised = {**saved.tables, "visits": TableDigest(rows=4, sha256="0" * 64)}

    def dump(out: archive.Writable) -> Held:
        out.write(dumped)
        return Held(saved.server, saved.step, saved.revision, promised)

    archive.write_archive(file, dump, kind=saved.kind, program="0", now=NOW)
    before = left_in(tmp_path)
    with pytest.raises(StorageError, match="inte samma innehåll"):
        restore(file, target, now=NOW)
    assert left_in(tmp_path) == before
    if kind == "postgresql":
        assert holds_nothing(target)
        file.unlink()
        back_up(filled_place(kind), file, now=NOW)
        restore(file, target, now=NOW)  # it is as empty as it was


class TestAPlaceThatIsRefused:
    @both_kinds
    def test_with_anything_in_it(
        self, kind: str, filled_place: Address, place_for: Address, tmp_path: Path
    ) -> None:
        source, file = filled_place(kind), tmp_path / "a.zip"
        back_up(source, file, now=NOW)
        run_sql(source, "INSERT INTO writes (origin, recorded_at) SELECT 'x', recorded_at "
                "FROM writes LIMIT 1")  # fmt: skip
        with pytest.raises(StorageError, match="inte tom, och är lämnad"):
            restore(file, source, now=NOW)
        with closing(open_store(source)) as store:
            assert store.revision() == 4

    @pytest.mark.parametrize("ending", ["", "-wal", "-journal"])
    def test_beside_what_is_left_of_another(self, saved: Path, shelf: Path, ending: str) -> None:
        # SQLite would read a log that lies there into the file that was put back.
        (shelf / f"a.db{ending}").touch()
        with pytest.raises(StorageError, match="inte tom"):
            restore(saved, f"sqlite:///{shelf / 'a.db'}", now=NOW)
        assert left_in(shelf) == {f"a.db{ending}"}

    def test_of_another_kind(
        self, saved: Path, filled_place: Address, place_for: Address, tmp_path: Path
    ) -> None:
        with pytest.raises(StorageError, match=r"SQLite; .*python -m geo db copy"):
            restore(saved, place_for("postgresql", empty=True), now=NOW)
        back_up(filled_place("postgresql"), tmp_path / "a.zip", now=NOW)
        with pytest.raises(StorageError, match=r"PostgreSQL; .*python -m geo db copy"):
            restore(tmp_path / "a.zip", place_for("sqlite"), now=NOW)

    @both_kinds
    def test_for_a_newer_version(self, kind: str, place_for: Address, tmp_path: Path) -> None:
        source, target = place_for(kind), place_for(kind, empty=True)
        run_sql(source, "UPDATE alembic_version SET version_num = '9999'")
        back_up(source, tmp_path / "a.zip", now=NOW)
        with pytest.raises(StorageError, match="nyare version"):
            restore(tmp_path / "a.zip", target, now=NOW)
        assert holds_nothing(target)


class TestAfterwards:
    @both_kinds
    def test_who_was_signed_in_then_has_to_sign_in_again(
        self, kind: str, place_for: Address, tmp_path: Path
    ) -> None:
        source, target, file = place_for(kind), place_for(kind, empty=True), tmp_path / "a.zip"
        signed_in = StoredAccount(
            Account("polis-3", "polisen", "officer"), active=True, generation=1, made_at=AT
        )
        with closing(open_store(source)) as store:
            Accounts(store.engine).add(signed_in)
            Accounts(store.engine).begin_session("digest", signed_in, at=AT)
        back_up(source, file, now=NOW)
        restore(file, target, now=NOW)
        with closing(open_store(target)) as store:
            assert Accounts(store.engine).find("polis-3") == signed_in
            assert Accounts(store.engine).session("digest") is None

    @both_kinds
    def test_what_is_to_be_done_again_is_done(
        self, kind: str, filled_place: Address, place_for: Address, tmp_path: Path
    ) -> None:
        target, file = place_for(kind, empty=True), tmp_path / "a.zip"
        back_up(filled_place(kind), file, now=NOW)

        def add(store: Store) -> None:
            store.write([Put(a_visit("again"))], origin="account:a", at=AT)

        restore(file, target, afterwards=add, now=NOW)
        with closing(open_store(target)) as store:
            assert store.revision() == 4

    def test_a_file_is_not_seen_before(self, saved: Path, shelf: Path) -> None:
        target = shelf / "a.db"

        def fail(store: Store) -> None:
            assert store.revision() == 3
            assert not target.exists()
            raise StorageError("nej")

        with pytest.raises(StorageError, match="nej"):
            restore(saved, f"sqlite:///{target}", afterwards=fail, now=NOW)
        assert left_in(shelf) == set()


class TestTheCommands:
    def test_give_receipts(
        self, filled_place: Address, shelf: Path, capsys: pytest.CaptureFixture[str]
    ) -> None:
        url, file, target = filled_place("sqlite"), str(shelf / "a.zip"), f"sqlite:///{shelf}/b.db"

        def said(*words: str) -> tuple[int, dict[str, Any]]:
            code = main([*words, "--json"])
            return code, json.loads(capsys.readouterr().out)

        for words in (
            ("backup", file, "--db", url),
            ("backup", "--verify", file),
            ("restore", file, "--db", target),
        ):
            code, receipt = said(*words)
            assert (code, receipt["done"], receipt["revision"]) == (0, True, 3)
            assert receipt["tables"]["visits"] == 4
        code, receipt = said("restore", file, "--db", target)
        assert (code, receipt["done"]) == (2, False)
        assert "inte tom" in receipt["reason"]

        code, receipt = said("backup", "--into", str(shelf), "--keep", "3", "--db", url)
        assert (code, receipt["damaged"], receipt["removed"]) == (0, [], [])
        Path(receipt["file"]).rename(shelf / "trygg-20200101T000000Z.zip")
        os.truncate(shelf / "trygg-20200101T000000Z.zip", 1000)
        code, receipt = said("backup", "--into", str(shelf), "--keep", "3", "--db", url)
        assert (code, receipt["damaged"]) == (1, ["trygg-20200101T000000Z.zip"])

        os.truncate(file, 1000)
        assert main(["backup", "--verify", file]) == 2
        assert "ingen hel säkerhetskopia" in capsys.readouterr().err

    def test_do_not_make_the_database_they_are_to_save(
        self, tmp_path: Path, capsys: pytest.CaptureFixture[str]
    ) -> None:
        missing = tmp_path / "no.db"
        assert main(["backup", str(tmp_path / "a.zip"), "--db", f"sqlite:///{missing}"]) == 2
        assert "finns inte; stämmer adressen" in capsys.readouterr().err
        assert left_in(tmp_path) == set()

    @pytest.mark.parametrize(
        "words",
        [(), ("a.zip", "--into", "b"), ("--verify",), ("--into", "b", "--keep", "0")],
    )
    def test_asked_for_in_a_way_that_says_nothing(self, words: tuple[str, ...]) -> None:
        assert main(["backup", *words]) == 64
