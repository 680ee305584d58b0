"""Find PostgreSQL with PostGIS for the tests and benches, or install Debian's where allowed.

Always ends well: where there is none the tests on it are skipped, and this says so, and why.
``running`` starts a server of its own, in a folder of its own, that nobody else can reach.
"""

from __future__ import annotations

import os
import shutil
import signal
import subprocess
import tempfile
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from checks.debian import install

PACKAGES = ("postgresql-15", "postgresql-15-postgis-3")
ACCOUNT = "postgres"
"""Whom the server runs as where this runs as root, which PostgreSQL refuses."""
OWNER = "trygg"
"""The database's own superuser."""


def programs() -> Path | None:
    """Find where the newest PostgreSQL's programs lie that has PostGIS beside it."""
    on_path = shutil.which("initdb")
    places = [Path(on_path).resolve().parent] if on_path else []
    places += sorted(Path("/usr/lib/postgresql").glob("*/bin"), reverse=True)
    for folder in places:
        config = folder / "pg_config"
        if not (folder / "pg_ctl").exists() or not config.exists():
            continue
        said = subprocess.run([config, "--sharedir"], capture_output=True, text=True, check=False)
        if (Path(said.stdout.strip()) / "extension" / "postgis.control").exists():
            return folder
    return None


@dataclass
class Server:
    """A running server.

    Attributes
    ----------
    folder
        Where its socket lies; there is no other way in.
    """

    folder: Path
    _programs: Path
    _options: str

    def url(self, database: str = "postgres") -> str:
        """Address of a database, as ``TRYGG_DB`` takes it."""
        return f"postgresql+psycopg://{OWNER}@/{database}?host={self.folder}"

    def start(self) -> None:
        """Start, and wait until it answers."""
        log = str(self.folder / "log")
        self._run("pg_ctl", "-w", "-l", log, "-o", self._options, "start")

    def stop(self, mode: str = "fast") -> None:
        """Stop; *immediate* is what a power cut looks like to it."""
        self._run("pg_ctl", "-w", "-m", mode, "stop")

    def kill(self) -> None:
        """End the server's main process with no warning."""
        first_line = (self.folder / "data" / "postmaster.pid").read_text("utf-8").splitlines()[0]
        os.kill(int(first_line), signal.SIGKILL)

    def _run(self, program: str, *words: str) -> None:
        command = [str(self._programs / program), "-D", str(self.folder / "data"), *words]
        quiet = subprocess.DEVNULL
        if os.geteuid() == 0:
            subprocess.run(
                command, check=True, stdout=quiet, stderr=quiet, user=ACCOUNT, cwd=self.folder
            )
        else:
            subprocess.run(command, check=True, stdout=quiet, stderr=quiet, cwd=self.folder)


@contextmanager
def running(
    found: Path, *, settings: Sequence[str] = (), is_safe: bool = False
) -> Iterator[Server]:
    """Run a server until the block ends, then remove all of it.

    Parameters
    ----------
    found
        What ``programs`` gave.
    settings
        More of the server's settings, as ``name=value``.
    is_safe
        Whether it writes to disk as if the power could go; tests of that need it, others do not.
    """
    with tempfile.TemporaryDirectory(prefix="pg-", ignore_cleanup_errors=True) as name:
        folder = Path(name)
        if os.geteuid() == 0:
            shutil.chown(folder, ACCOUNT)
        wanted = [
            "listen_addresses=''",
            f"unix_socket_directories='{folder}'",
            f"fsync={'on' if is_safe else 'off'}",
            *settings,
        ]
        server = Server(folder, found, " ".join(f"-c {setting}" for setting in wanted))
        server._run("initdb", "-U", OWNER, "-A", "trust", "-E", "UTF8", "--no-sync")
        server.start()
        try:
            yield server
        finally:
            server.stop("immediate")


def main() -> None:
    """Say which PostgreSQL there is, or what is skipped without one."""
    found, reason = programs(), None
    if found is None:
        print("PostgreSQL with PostGIS is not here; installing Debian's …", flush=True)
        reason = install(PACKAGES)
        found = programs()
    if found is None:
        reason = reason or "the installed packages are not complete"
        print(f"PostgreSQL with PostGIS could not be installed ({reason}).")
        print("Skipped because of that: every test named postgresql.")
        return
    print(f"Tests of the shared store use {found}.")


if __name__ == "__main__":
    main()
