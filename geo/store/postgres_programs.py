"""PostgreSQL's own programs, run on a database of ours."""

from __future__ import annotations

import os
import shutil
import subprocess
from contextlib import suppress
from pathlib import Path
from tempfile import TemporaryFile
from typing import IO, Final

from psycopg.conninfo import make_conninfo
from sqlalchemy import Connection

from geo.errors import StorageError
from geo.store.archive import Writable
from geo.wording import say

_DEBIANS: Final = Path("/usr/lib/postgresql")
_AT_ONCE: Final = 1 << 20


def run_program(
    connection: Connection,
    name: str,
    *options: str,
    source: IO[bytes] | None = None,
    sink: Writable | None = None,
) -> None:
    """Run one on a connection's database; `source` is what it reads, `sink` gets what it writes.

    The password goes through the environment, where no other user of the machine sees it.

    Raises
    ------
    StorageError
        Where the program is missing, or fails.
    """
    where, password = _whereabouts(connection)
    command = [_found(name), f"--dbname={where}", "--no-password", *options]
    with (
        TemporaryFile() as complaints,
        subprocess.Popen(
            command,
            stdin=subprocess.DEVNULL if source is None else subprocess.PIPE,
            stdout=subprocess.DEVNULL if sink is None else subprocess.PIPE,
            stderr=complaints,
            env={**os.environ, **password},
        ) as process,
    ):
        try:
            if process.stdin is not None and source is not None:
                # One that ends early says why itself.
                with suppress(BrokenPipeError), process.stdin:
                    shutil.copyfileobj(source, process.stdin, _AT_ONCE)
            if process.stdout is not None and sink is not None:
                shutil.copyfileobj(process.stdout, sink, _AT_ONCE)
        except BaseException:
            process.kill()
            raise
        if process.wait():
            complaints.seek(0)
            raise StorageError(
                say(
                    "{program} lyckades inte: {reason}",
                    program=name,
                    reason=_reason(complaints.read().decode("utf-8", "replace")),
                )
            )


def _found(name: str) -> str:
    """Find a program on the path, or the newest of Debian's, whose folder is not on it."""
    on_path = shutil.which(name)
    if on_path is not None:
        return on_path
    versions = sorted(
        (path for path in _DEBIANS.glob(f"*/bin/{name}")),
        key=lambda path: [int(part) for part in path.parts[-3].split(".") if part.isdigit()],
    )
    if not versions:
        raise StorageError(
            say(
                "Programmet {program} saknas; installera PostgreSQL:s klientprogram "
                "(Debian: apt install postgresql-client).",
                program=name,
            )
        )
    return str(versions[-1])


def _whereabouts(connection: Connection) -> tuple[str, dict[str, str]]:
    """Say where the database is, as its address does, and the password as a variable."""
    _, options = connection.dialect.create_connect_args(connection.engine.url)
    told = {key: value for key, value in options.items() if isinstance(value, str | int)}
    password = told.pop("password", None)
    told.pop("sslpassword", None)
    return make_conninfo("", **told), {} if password is None else {"PGPASSWORD": str(password)}


def _reason(complaints: str) -> str:
    """Give the line that says what went wrong."""
    lines = complaints.strip().splitlines() or ["?"]
    return next((line for line in lines if "error:" in line), lines[-1])
