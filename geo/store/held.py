"""What a database holds, table by table, as it keeps it itself.

Nothing here knows our records, so a backup is verified by any later version of the program, and
tables that are added later are seen without being named.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

from pydantic import BaseModel, ConfigDict
from sqlalchemy import (
    Connection,
    Text,
    cast,
    collate,
    column,
    func,
    inspect,
    literal,
    select,
    table,
    text,
)

_AT_ONCE: Final = 1_000
_VERSION: Final = "alembic_version"

_AS_TEXT: Final = (
    "SET datestyle = 'ISO, MDY'",
    "SET intervalstyle = 'postgres'",
    "SET extra_float_digits = 1",
    "SET bytea_output = 'hex'",
    "SET timezone = 'UTC'",
)
"""PostgreSQL writes one value in one way, whatever its server was set up for."""

_EXTENSIONS_OWN: Final = """
    SELECT relname FROM pg_class JOIN pg_depend ON objid = pg_class.oid
    WHERE classid = 'pg_class'::regclass AND deptype = 'e'
"""
"""Tables that came with an extension (PostGIS has some) are not what anybody entered."""


class TableDigest(BaseModel):
    """How many rows a table has, and a checksum of all of them."""

    model_config = ConfigDict(frozen=True)

    rows: int
    sha256: str


@dataclass(frozen=True, slots=True)
class Held:
    """What a database held at one revision.

    Attributes
    ----------
    server
        The database's own version.
    step
        Of the schema.
    """

    server: str
    step: str
    revision: int
    tables: Mapping[str, TableDigest]


def held_by(connection: Connection) -> Held:
    """Read what a database holds, inside the caller's transaction."""
    is_postgres = connection.dialect.name == "postgresql"
    asked = "SHOW server_version" if is_postgres else "SELECT sqlite_version()"
    step = connection.scalar(select(column("version_num")).select_from(table(_VERSION)))
    return Held(
        server=str(connection.scalar(text(asked))),
        step=str(step),
        revision=revision_of(connection),
        tables=digests(connection),
    )


def tables_of(connection: Connection) -> tuple[str, ...]:
    """Name the tables of a database, without those of extensions, in alphabetical order."""
    found = set(inspect(connection).get_table_names())
    if connection.dialect.name == "postgresql":
        found -= set(connection.scalars(text(_EXTENSIONS_OWN)))
    return tuple(sorted(found))


def is_empty(connection: Connection) -> bool:
    """Tell whether no table has a row; which step the schema is at does not count."""
    return not any(
        connection.execute(select(literal(1)).select_from(table(name)).limit(1)).first()
        for name in tables_of(connection)
        if name != _VERSION
    )


def digests(connection: Connection) -> Mapping[str, TableDigest]:
    """Count and sum up every table, inside the caller's transaction."""
    if connection.dialect.name == "postgresql":
        for setting in _AS_TEXT:
            connection.execute(text(setting.replace("SET", "SET LOCAL", 1)))
    return {name: _digest(connection, name) for name in tables_of(connection)}


def revision_of(connection: Connection) -> int:
    """Give the number of the last write, also where the tables are those of another version."""
    last = connection.scalar(select(func.max(column("revision"))).select_from(table("writes")))
    return int(last or 0)


def _digest(connection: Connection, name: str) -> TableDigest:
    """Sum up one table: its columns' names, then its rows in the order of their key.

    Each is one line, a JSON list; bytes are written as hexadecimal digits.
    """
    about = inspect(connection)
    columns = [one["name"] for one in about.get_columns(name)]
    key = about.get_pk_constraint(name)["constrained_columns"] or columns
    summed, rows = hashlib.sha256(_line(columns)), 0
    for row in _rows(connection, name, columns, key):
        summed.update(_line(row))
        rows += 1
    return TableDigest(rows=rows, sha256=summed.hexdigest())


def _rows(
    connection: Connection, name: str, columns: Sequence[str], key: Sequence[str]
) -> Iterator[Sequence[Any]]:
    # As text on PostgreSQL, in the order of the text: no type and no language has a say in it.
    is_postgres = connection.dialect.name == "postgresql"
    shown = [cast(column(one), Text).label(one) if is_postgres else column(one) for one in columns]
    order = [collate(cast(column(one), Text), "C") if is_postgres else column(one) for one in key]
    query = select(*shown).select_from(table(name)).order_by(*order)
    streamed = {"stream_results": True, "yield_per": _AT_ONCE}
    with connection.execute(query, execution_options=streamed) as result:
        yield from result


def _line(values: Sequence[Any]) -> bytes:
    return json.dumps(list(values), default=_hexadecimal).encode("ascii") + b"\n"


def _hexadecimal(value: Any) -> Mapping[str, str]:
    return {"hex": bytes(value).hex()}
