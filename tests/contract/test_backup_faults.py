"""What can befall a backup: a cut, a flipped bit, a killed process, a full disk."""

from __future__ import annotations

import random
import shutil
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from pathlib import Path
from zipfile import ZipFile

import pytest
from sqlalchemy import create_engine, text

from checks import postgis
from geo.errors import FileError, StorageError
from geo.services.backup import back_up, back_up_into
from geo.services.restoring import restore
from geo.store import archive
from geo.store.open import open_store
from tests.every_kind import holds_nothing, run_sql

ROOT = Path(__file__).parents[2]
NOW = datetime(2021, 10, 31, 0, 30, tzinfo=UTC)
Address = Callable[..., str]

both_kinds = pytest.mark.parametrize("kind", ["sqlite", "postgresql"])


def file_of(url: str) -> Path:
    return Path(url.removeprefix("sqlite:///"))


def left_in(folder: Path) -> set[str]:
    return {path.name for path in folder.iterdir()}


class TestWhatIsNotWhole:
    def test_is_told_wherever_it_was_torn(self, saved: Path) -> None:
        content = saved.read_bytes()
        places = [0, 1, 10, len(content) // 2, *range(len(content) - 200, len(content), 7)]
        for length in places:
            saved.write_bytes(content[:length])
            with pytest.raises(FileError, match=r"saved\.zip är ingen hel säkerhetskopia"):
                archive.read_archive(saved)

    def test_is_told_whichever_byte_was_altered(self, saved: Path) -> None:
        content = saved.read_bytes()
        dice = random.Random(20)
        places = {*range(60), *(len(content) - n for n in range(1, 400))}
        for place in places | {dice.randrange(len(content)) for _ in range(200)}:
            altered = bytearray(content)
            altered[place] ^= 1 << dice.randrange(8)
            saved.write_bytes(altered)
            with pytest.raises(FileError, match="ingen hel säkerhetskopia"):
                archive.read_archive(saved)
        saved.write_bytes(content)
        assert archive.read_archive(saved).revision == 3

    @both_kinds
    def test_is_not_restored(
        self, kind: str, filled_place: Address, place_for: Address, shelf: Path
    ) -> None:
        file, target = shelf / "a.zip", place_for(kind, empty=True)
        back_up(filled_place(kind), file, now=NOW)
        content = bytearray(file.read_bytes())
        content[len(content) // 3] ^= 1
        file.write_bytes(content)
        with pytest.raises(FileError, match="ingen hel säkerhetskopia"):
            restore(file, target, now=NOW)
        assert holds_nothing(target)

    def test_a_zip_of_somebody_else_or_nothing_at_all(self, tmp_path: Path) -> None:
        with ZipFile(tmp_path / "a.zip", "w") as theirs:
            theirs.writestr("a", "b" * 1000)
        with pytest.raises(FileError, match="ingen hel säkerhetskopia"):
            archive.read_archive(tmp_path / "a.zip")
        with pytest.raises(FileError, match=r"b\.zip finns inte"):
            archive.read_archive(tmp_path / "b.zip")


@pytest.fixture
def large(place_for: Address) -> str:
    """A SQLite database that takes a while to save."""
    url = place_for("sqlite")
    open_store(url).close()
    run_sql(
        url,
        "CREATE TABLE heavy AS WITH RECURSIVE n(i) AS (SELECT 1 UNION SELECT i + 1 FROM n "
        "WHERE i < 30) SELECT i, randomblob(1000000) AS noise FROM n",
    )
    return url


def command(*words: str, before: str = "pass") -> subprocess.Popen[str]:
    program = f"{before}; import sys; from geo.cli import main; sys.exit(main(sys.argv[1:]))"
    return subprocess.Popen(
        [sys.executable, "-c", program, *words],
        cwd=ROOT,
        stderr=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    )


class TestABackupThatIsKilled:
    def killed(self, url: str, file: Path) -> None:
        file.write_text("the one before")
        with command("backup", str(file), "--db", url) as process:
            while not any(file.parent.glob(".*.part")):
                assert process.poll() is None, process.communicate()
                time.sleep(0.002)
            process.send_signal(signal.SIGKILL)
            assert process.wait() == -signal.SIGKILL
        assert file.read_text() == "the one before"

    def test_leaves_no_file(self, large: str, shelf: Path) -> None:
        self.killed(large, shelf / "a.zip")

    def test_leaves_no_file_from_a_server(self, filled_place: Address, shelf: Path) -> None:
        url = filled_place("postgresql")
        engine = create_engine(url)
        with engine.begin() as holding:
            # Nobody comes past this lock: the backup stands half-way.
            holding.execute(text("LOCK TABLE visits IN ACCESS EXCLUSIVE MODE"))
            self.killed(url, shelf / "a.zip")
        engine.dispose()


@pytest.fixture
def small_disk(tmp_path: Path) -> Iterator[Callable[[int], Path]]:
    folder = tmp_path / "disk"

    def mount(size: int) -> Path:
        folder.mkdir()
        words = ["mount", "-t", "tmpfs", "-o", f"size={size}", "none", str(folder)]
        if shutil.which("mount") is None or subprocess.run(words, check=False).returncode:
            pytest.skip("a small disk cannot be mounted here")
        return folder

    yield mount
    if folder.is_mount():
        subprocess.run(["umount", str(folder)], check=True)


class TestAFullDisk:
    @pytest.mark.parametrize("room_for_the_copy", [False, True])
    def test_is_told_and_nothing_is_left(
        self,
        room_for_the_copy: bool,
        filled_place: Address,
        small_disk: Callable[[int], Path],
    ) -> None:
        url = filled_place("sqlite")
        run_sql(url, "CREATE TABLE heavy AS SELECT randomblob(300000) AS noise")
        disk = small_disk(file_of(url).stat().st_size + 65536 if room_for_the_copy else 65536)
        with pytest.raises(StorageError, match="inte plats för säkerhetskopian"):
            back_up(url, disk / "a.zip", now=NOW)
        assert left_in(disk) == set()

    def test_also_by_a_server(self, filled_place: Address, shelf: Path) -> None:
        url = filled_place("postgresql")
        limit = "import resource; resource.setrlimit(resource.RLIMIT_FSIZE, (4096, 4096))"
        with command("backup", str(shelf / "a.zip"), "--db", url, before=limit) as process:
            out, err = process.communicate()
        assert (process.returncode, out) == (2, "")
        assert "inte plats för säkerhetskopian" in err
        assert "Traceback" not in err
        assert left_in(shelf) == set()

    def test_a_folder_that_is_not_there(self, filled_place: Address, shelf: Path) -> None:
        with pytest.raises(StorageError, match=r"gick inte att skriva .* Finns mappen"):
            back_up(filled_place("sqlite"), shelf / "no" / "a.zip", now=NOW)
        with pytest.raises(StorageError, match="disken är ansluten"):
            back_up_into(filled_place("sqlite"), shelf / "no", keep=1, now=NOW)


class TestThePassword:
    def test_is_neither_on_the_command_line_nor_in_a_message(
        self, server: postgis.Server, filled_place: Address, shelf: Path
    ) -> None:
        url = filled_place("postgresql").replace("trygg@", "trygg:hemligt%20ord@")
        spy = shelf / "pg_dump"
        spy.write_text(f'#!/bin/sh\necho "$@" "[$PGPASSWORD]" > {shelf}/seen\nexit 1\n')
        spy.chmod(0o755)
        path = f"import os; os.environ['PATH'] = '{shelf}:' + os.environ['PATH']"
        with command("backup", str(shelf / "a.zip"), "--db", url, before=path) as process:
            _, err = process.communicate()
        seen = (shelf / "seen").read_text()
        assert process.returncode == 2
        assert "pg_dump lyckades inte" in err
        assert "hemligt" not in err
        assert seen.count("hemligt ord") == 1
        assert "[hemligt ord]" in seen
