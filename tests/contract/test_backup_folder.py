"""A folder of backups: the newest that are whole are kept."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from geo.errors import StorageError
from geo.services.backup import back_up_into

ROOT = Path(__file__).parents[2]
NOW = datetime(2021, 10, 31, 0, 30, tzinfo=UTC)
Address = Callable[..., str]

both_kinds = pytest.mark.parametrize("kind", ["sqlite", "postgresql"])


def file_of(url: str) -> Path:
    return Path(url.removeprefix("sqlite:///"))


def left_in(folder: Path) -> set[str]:
    return {path.name for path in folder.iterdir()}


class TestAFolderOfBackups:
    @both_kinds
    def test_keeps_the_newest(self, kind: str, filled_place: Address, shelf: Path) -> None:
        url = filled_place(kind)
        for hour in range(4):
            last = back_up_into(url, shelf, keep=2, now=NOW + timedelta(hours=hour))
        assert left_in(shelf) == {"trygg-20211031T023000Z.zip", "trygg-20211031T033000Z.zip"}
        assert last.removed == ("trygg-20211031T013000Z.zip",)

    def test_counts_only_those_that_are_whole(self, filled_place: Address, shelf: Path) -> None:
        url = filled_place("sqlite")
        for hour in range(3):
            back_up_into(url, shelf, keep=9, now=NOW + timedelta(hours=hour))
        (shelf / "trygg-20211031T023000Z.zip").write_text("torn")
        (shelf / "notes.txt").touch()

        last = back_up_into(url, shelf, keep=2, now=NOW + timedelta(hours=3))

        assert last.damaged == ("trygg-20211031T023000Z.zip",)
        assert last.removed == ("trygg-20211031T003000Z.zip",)
        assert left_in(shelf) == {
            "notes.txt",
            "trygg-20211031T013000Z.zip",
            "trygg-20211031T023000Z.zip",
            "trygg-20211031T033000Z.zip",
        }

    def test_keeps_the_one_just_made_whatever_the_clock_says(
        self, filled_place: Address, shelf: Path
    ) -> None:
        url = filled_place("sqlite")
        back_up_into(url, shelf, keep=1, now=NOW)
        made = back_up_into(url, shelf, keep=1, now=NOW - timedelta(days=365))
        assert left_in(shelf) == {made.file.name}

    def test_removes_nothing_where_no_new_one_was_made(
        self, filled_place: Address, shelf: Path, tmp_path: Path
    ) -> None:
        back_up_into(filled_place("sqlite"), shelf, keep=1, now=NOW)
        with pytest.raises(StorageError, match="finns inte"):
            back_up_into(f"sqlite:///{tmp_path / 'no.db'}", shelf, keep=1, now=NOW)
        assert len(left_in(shelf)) == 1

    def test_what_a_killed_one_left_is_swept_away_the_day_after(
        self, filled_place: Address, shelf: Path
    ) -> None:
        now = datetime.now(tz=UTC)
        (shelf / ".trygg-20210101T000000Z.zip.1234abcd.part").touch()
        (shelf / ".trygg-20210101T000000Z.zip.x.part").mkdir()
        url = filled_place("sqlite")
        back_up_into(url, shelf, keep=2, now=now)
        assert len(left_in(shelf)) == 3
        back_up_into(url, shelf, keep=2, now=now + timedelta(days=1, minutes=1))
        assert {path.suffix for path in shelf.iterdir()} == {".zip"}
