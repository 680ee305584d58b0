"""The store in a SQL database."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import AbstractContextManager, contextmanager
from datetime import datetime
from typing import Any, TypeVar

import numpy as np
import pandas as pd
from sqlalchemy import (
    BigInteger,
    Connection,
    Engine,
    Row,
    Table,
    bindparam,
    case,
    func,
    insert,
    select,
    type_coerce,
    update,
)
from typing_extensions import override

from geo.model.location import Location
from geo.model.record import Record
from geo.store import postgres
from geo.store.changes import conflict, in_one_write, refuse_overlaps
from geo.store.columns import Instant
from geo.store.store import Change, Put, Store, Stored, Withdraw
from geo.store.tables import TABLES, writes
from geo.store.trace import Written, append_write
from geo.store.transactions import is_postgres, one_revision, reading, writing
from geo.store.trouble import said

R = TypeVar("R", bound=Record)

_IDS_AT_ONCE = 500
_KEPT_BY_STORE = frozenset({"record_id", "version", "revision", "withdrawn", "standing"})


class SqlStore(Store):
    """Records in the tables of ``geo.store.tables``, through an engine that has them."""

    def __init__(self, engine: Engine) -> None:
        self._engine = engine

    @property
    def engine(self) -> Engine:
        """The engine, for what SQL alone can answer (health checks, backup)."""
        return self._engine

    @override
    def close(self) -> None:
        self._engine.dispose()

    @override
    def revision(self) -> int:
        with self._reading() as connection:
            return connection.scalar(select(func.coalesce(func.max(writes.c.revision), 0))) or 0

    @override
    def write(
        self, changes: Iterable[Change], *, origin: str, at: datetime, account: str | None = None
    ) -> int:
        wanted = in_one_write(changes)
        if not wanted:
            return self.revision()
        with writing(self._engine) as connection:
            entry = (
                insert(writes).values(origin=origin, recorded_at=at).returning(writes.c.revision)
            )
            revision: int = connection.execute(entry).scalar_one()
            written = [
                version
                for record_type, of_type in wanted.items()
                for version in _write_kind(connection, record_type, of_type, revision)
            ]
            append_write(
                connection, written, revision=revision, origin=origin, account=account, at=at
            )
            if is_postgres(self._engine):
                postgres.tell(connection, revision)
        return revision

    @override
    def standing(self, record_type: type[R], ids: Sequence[str] | None = None) -> list[Stored[R]]:
        table = TABLES[record_type]
        query = _versions(table).where(table.c.standing).order_by(table.c.record_id)
        with self._reading() as connection:
            if ids is None:
                rows: list[Row[Any]] = list(connection.execute(query))
            else:
                rows = [
                    row
                    for some in _chunks(sorted(set(ids)))
                    for row in connection.execute(query.where(table.c.record_id.in_(some)))
                ]
        return [_stored(record_type, row) for row in rows]

    @override
    def history(self, record_type: type[R], record_id: str) -> list[Stored[R]]:
        table = TABLES[record_type]
        query = _versions(table).where(table.c.record_id == record_id).order_by(table.c.version)
        with self._reading() as connection:
            return [_stored(record_type, row) for row in connection.execute(query)]

    @override
    def written_by(self, record_type: type[R], origin: str) -> list[Stored[R]]:
        table = TABLES[record_type]
        query = (
            _versions(table)
            .where(writes.c.origin == origin)
            .order_by(table.c.record_id, table.c.version)
        )
        with self._reading() as connection:
            return [_stored(record_type, row) for row in connection.execute(query)]

    @override
    def frame(self, record_type: type[Record], columns: Sequence[str]) -> pd.DataFrame:
        table = TABLES[record_type]
        moments = {name for name in columns if isinstance(table.c[name].type, Instant)}
        # On SQLite a moment is already the number the frame wants: do not make objects of it.
        plain = self._engine.dialect.name == "sqlite"
        query = (
            select(
                *(
                    type_coerce(table.c[name], BigInteger).label(name)
                    if plain and name in moments
                    else table.c[name]
                    for name in columns
                )
            )
            .where(table.c.standing)
            .order_by(table.c.record_id)
        )
        with self._reading() as connection:
            rows = connection.execute(query).all()
        by_column = zip(*rows, strict=True) if rows else ([] for _ in columns)
        return pd.DataFrame(
            {
                name: _moments(values) if name in moments else pd.Series(values, dtype=object)
                for name, values in zip(columns, by_column, strict=True)
            }
        )

    @override
    @contextmanager
    def at_one_revision(self) -> Iterator[Store]:
        with one_revision(self._engine) as connection:
            yield _Standstill(self._engine, connection)

    def _reading(self) -> AbstractContextManager[Connection]:
        return reading(self._engine)


class _Standstill(SqlStore):
    """The store as one transaction sees it."""

    def __init__(self, engine: Engine, connection: Connection) -> None:
        super().__init__(engine)
        self._connection = connection

    @override
    def close(self) -> None:
        """Keep the engine, which is not ours."""

    @override
    def write(
        self, changes: Iterable[Change], *, origin: str, at: datetime, account: str | None = None
    ) -> int:
        raise TypeError("what stands still is only read")

    @override
    @contextmanager
    def _reading(self) -> Iterator[Connection]:
        with said():
            yield self._connection


def _moments(values: Iterable[Any]) -> pd.Series[Any]:
    listed = list(values)
    if all(isinstance(value, int) for value in listed):
        in_utc = pd.DatetimeIndex(np.array(listed, dtype="int64").view("M8[us]"), tz="UTC")
    else:
        in_utc = pd.DatetimeIndex(pd.to_datetime(listed, utc=True)).as_unit("us")
    return pd.Series(in_utc)


def _chunks(ids: Sequence[str]) -> Iterator[Sequence[str]]:
    """Cut a list so that no query has more parameters than every database allows."""
    for start in range(0, len(ids), _IDS_AT_ONCE):
        yield ids[start : start + _IDS_AT_ONCE]


def _versions(table: Table) -> Any:
    return select(table, writes.c.origin, writes.c.recorded_at).join(
        writes, table.c.revision == writes.c.revision
    )


def _stored(record_type: type[R], row: Row[Any]) -> Stored[R]:
    values: Any = row._mapping
    # Checked when it was written; reading ten thousand rows must not check them again.
    record = record_type.model_construct(
        **{name: values[name] for name in record_type.model_fields}
    )
    return Stored(
        record=record,
        version=values["version"],
        withdrawn=values["withdrawn"],
        revision=values["revision"],
        origin=values["origin"],
        recorded_at=values["recorded_at"],
    )


def _write_kind(
    connection: Connection, record_type: type[Record], changes: Sequence[Change], revision: int
) -> Iterator[Written]:
    """Add the versions of one kind; gives them as they were written."""
    table = TABLES[record_type]
    ids = sorted(change.record_id for change in changes)
    latest = _latest(connection, table, ids)
    for change in changes:
        if latest.get(change.record_id, (0, 0))[1] != change.expects:
            raise conflict(change)
    _lay_aside(connection, table, [change for change in changes if change.expects])
    taken_back = _contents(
        connection, table, [change for change in changes if isinstance(change, Withdraw)]
    )
    rows = [
        {
            **(
                {name: getattr(change.record, name) for name in record_type.model_fields}
                if isinstance(change, Put)
                else taken_back[change.record_id]
            ),
            "record_id": change.record_id,
            "version": latest.get(change.record_id, (0, 0))[0] + 1,
            "revision": revision,
            "withdrawn": isinstance(change, Withdraw),
            "standing": isinstance(change, Put),
        }
        for change in changes
    ]
    connection.execute(insert(table), rows)
    if record_type is Location:
        _refuse_overlaps(connection, table, changes)
    for row in rows:
        content = {name: row[name] for name in record_type.model_fields}
        yield Written(record_type, row["record_id"], row["version"], row["withdrawn"], content)


def _refuse_overlaps(connection: Connection, table: Table, changes: Sequence[Change]) -> None:
    places = sorted(
        {
            change.record.location_id
            for change in changes
            if isinstance(change, Put) and isinstance(change.record, Location)
        }
    )
    for some in _chunks(places):
        query = _versions(table).where(table.c.standing, table.c.location_id.in_(some))
        refuse_overlaps(_stored(Location, row).record for row in connection.execute(query))


def _latest(
    connection: Connection, table: Table, ids: Sequence[str]
) -> Mapping[str, tuple[int, int]]:
    """Give each known record's last version, and the one that stands (0: none)."""
    query = select(
        table.c.record_id,
        func.max(table.c.version),
        func.max(case((table.c.standing, table.c.version), else_=0)),
    ).group_by(table.c.record_id)
    return {
        record_id: (int(last), int(standing))
        for some in _chunks(ids)
        for record_id, last, standing in connection.execute(
            query.where(table.c.record_id.in_(some))
        )
    }


def _lay_aside(connection: Connection, table: Table, changes: Sequence[Change]) -> None:
    """Say of the versions that are followed by a new one that they no longer stand."""
    if changes:
        connection.execute(
            update(table)
            .where(table.c.record_id == bindparam("followed_id"))
            .where(table.c.version == bindparam("followed_version"))
            .values(standing=False),
            [
                {"followed_id": change.record_id, "followed_version": change.expects}
                for change in changes
            ],
        )


def _contents(
    connection: Connection, table: Table, changes: Sequence[Change]
) -> Mapping[str, Mapping[str, Any]]:
    """Read what the versions being taken back said, to repeat it in the last one."""
    own = [column for column in table.c if column.name not in _KEPT_BY_STORE]
    return {
        change.record_id: dict(
            connection.execute(
                select(*own)
                .where(table.c.record_id == change.record_id)
                .where(table.c.version == change.expects)
            )
            .one()
            ._mapping
        )
        for change in changes
    }
