"""Everything of one database into another, of the same kind or not, and then compared."""

from __future__ import annotations

import math
from collections.abc import Callable, Generator, Iterator, Mapping, Sequence
from contextlib import closing
from itertools import zip_longest
from typing import Any, Final

from sqlalchemy import (
    Connection,
    Row,
    Table,
    Text,
    collate,
    func,
    insert,
    literal,
    select,
    text,
)

from geo.errors import StorageError
from geo.store.tables import metadata
from geo.wording import say

Progress = Callable[[int, int | None], None]

_AT_ONCE: Final = 1_000


def transfer(source: Connection, target: Connection, progress: Progress) -> Mapping[str, int]:
    """Copy every row of every table, then read both sides back and compare them.

    All within the caller's transactions: `source` sees one revision, and `target`, which is
    empty, is committed by the caller or not at all.

    Returns
    -------
    Mapping[str, int]
        How many rows each table has, parents before children.

    Raises
    ------
    StorageError
        Where a row does not come back as it was; names its table and key.
    """
    counts = {table.name: _count(source, table) for table in metadata.sorted_tables}
    work, done = 2 * sum(counts.values()), 0
    for step in (_copy, _compare):
        for table in metadata.sorted_tables:
            for rows in step(source, target, table):
                done += rows
                progress(done, work)
    for table in metadata.sorted_tables:
        _number_on(target, table)
    return counts


def _copy(source: Connection, target: Connection, table: Table) -> Iterator[int]:
    with closing(_read(source, table)) as giving:
        for rows in giving:
            target.execute(insert(table), [dict(row._mapping) for row in rows])
            yield len(rows)


def _compare(source: Connection, target: Connection, table: Table) -> Iterator[int]:
    """Compare what the values mean: a moment or a geometry is kept in more than one way."""
    with closing(_read(source, table)) as giving, closing(_read(target, table)) as finding:
        for given, found in zip_longest(giving, finding, fillvalue=()):
            for one, other in zip_longest(given, found):
                if one is None or other is None or not _is_same(one, other):
                    raise _different(table, one if one is not None else other)
            yield len(given)


def _read(connection: Connection, table: Table) -> Generator[Sequence[Row[Any]]]:
    """Give all rows in the order of their key, some at a time."""
    query = select(table).order_by(*(_ordered(connection, one) for one in table.primary_key))
    streamed = {"stream_results": True, "yield_per": _AT_ONCE}
    with connection.execute(query, execution_options=streamed) as result:
        yield from result.partitions()


def _ordered(connection: Connection, column: Any) -> Any:
    # By code point on both sides, also where a server was set up for a language.
    is_text = isinstance(column.type, Text) and connection.dialect.name == "postgresql"
    return collate(column, "C") if is_text else column


def _is_same(one: Row[Any], other: Row[Any]) -> bool:
    return all(
        left == right or (_is_nan(left) and _is_nan(right))
        for left, right in zip(one, other, strict=True)
    )


def _is_nan(value: Any) -> bool:
    return isinstance(value, float) and math.isnan(value)


def _different(table: Table, row: Any) -> StorageError:
    return StorageError(
        say(
            "Kopian blev inte lik: {table} {key} kom inte tillbaka som den var. "
            "Ingenting kopierades.",
            table=table.name,
            key=", ".join(str(row._mapping[column.name]) for column in table.primary_key),
        )
    )


def _count(connection: Connection, table: Table) -> int:
    return connection.scalar(select(func.count(literal(1))).select_from(table)) or 0


def _number_on(target: Connection, table: Table) -> None:
    """See that numbers the database gives itself go on after the largest that came along.

    SQLite does so by itself.
    """
    numbered = table.autoincrement_column
    if numbered is None or target.dialect.name != "postgresql":
        return
    largest = target.scalar(select(func.max(numbered)))
    if largest is not None:
        target.execute(
            text("SELECT setval(pg_get_serial_sequence(:table, :column), :largest)"),
            {"table": table.name, "column": numbered.name, "largest": largest},
        )
