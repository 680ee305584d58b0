"""The trace: which account did what, in an order nobody can change unseen.

``SqlStore.write`` adds its entry in the transaction of the write, so no change is untraced and none
is traced that did not happen.  Everything else (exports, sign-ins, accounts) is noted here.
"""

from __future__ import annotations

import json
import secrets
from collections.abc import Generator, Iterable, Mapping, Sequence
from contextlib import closing
from dataclasses import dataclass
from datetime import datetime
from itertools import groupby
from typing import Any, Final, Literal

from sqlalchemy import Connection, Engine, Row, Select, Table, and_, insert, select

from geo.model.record import Record
from geo.store.chain import START, Entry, canonical, digest_of, version_digest
from geo.store.store import Store
from geo.store.tables import TABLES, trace, trace_details
from geo.store.transactions import one_revision, writing
from geo.wording import Message, say

Action = Literal[
    "begin",
    "change",
    "import",
    "undo",
    "example",
    "export",
    "sign_in",
    "sign_in_failed",
    "sign_out",
    "account",
    "disposal",
]

_SALT_BYTES: Final = 16
_AT_ONCE: Final = 1_000
_BY_ORIGIN: Final[Mapping[str, Action]] = {
    "account": "change",
    "import": "import",
    "undo": "undo",
    "demo": "example",
}
NOBODY_NAMED: Final = "kommandorad"
"""The account of what is done on the machine itself."""


@dataclass(frozen=True, slots=True)
class Written:
    """One version of a record that a write added."""

    record_type: type[Record]
    record_id: str
    version: int
    withdrawn: bool
    content: Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Verdict:
    """What a walk through the chain found.

    Attributes
    ----------
    entries
        How many there are.
    seal
        Hash of the last one: whoever keeps it elsewhere sees if the end is cut off or made anew.
    fault
        The first thing that is not as it was written; None where all is.
    """

    entries: int
    seal: str
    fault: Message | None


@dataclass(frozen=True, slots=True)
class Asked:
    """Which entries are wanted; what is None narrows nothing."""

    account: str | None = None
    action: str | None = None
    from_at: datetime | None = None
    to_at: datetime | None = None
    kind: str | None = None
    record_id: str | None = None


class Trace:
    """The trace of one database."""

    def __init__(self, engine: Engine) -> None:
        self._engine = engine

    def note(self, action: Action, *, account: str, about: Mapping[str, Any], at: datetime) -> None:
        """Note what is no change of a record.  `about` holds facts, never free text."""
        with writing(self._engine) as connection:
            append(connection, action, account=account, about=about, versions=(), at=at)

    def entries(self, asked: Asked = Asked()) -> list[Entry]:
        """Give the entries asked for, newest first."""
        with one_revision(self._engine) as connection:
            rows = connection.execute(_wanted(asked)).all()
        return [_entry(row) for row in rows]

    def verify(self, *, against: tuple[int, str] | None = None) -> Verdict:
        """Walk through all of it, and through every record it speaks of.

        Parameters
        ----------
        against
            Number and hash of an entry kept from earlier.
        """
        with one_revision(self._engine) as connection:
            last, fault = _walk_chain(connection, against)
            fault = fault or _walk_details(connection) or _walk_records(connection)
        return Verdict(last.seq if last else 0, last.hash if last else START, fault)


def append(
    connection: Connection,
    action: Action,
    *,
    account: str,
    about: Mapping[str, Any],
    versions: Iterable[Written],
    at: datetime,
) -> None:
    """Add an entry, inside the caller's write transaction."""
    details = sorted(map(_detail, versions), key=_place_of)
    last = connection.execute(select(trace).order_by(trace.c.seq.desc()).limit(1)).one_or_none()
    entry = Entry(
        seq=1 if last is None else last.seq + 1,
        at=at,
        account=account,
        action=action,
        about=canonical(about).decode("ascii"),
        digest=digest_of(detail["digest"] for detail in details),
        previous=START if last is None else last.hash,
    )
    connection.execute(insert(trace).values(**entry.row()))
    if details:
        connection.execute(insert(trace_details), [{**one, "seq": entry.seq} for one in details])


def append_write(
    connection: Connection,
    versions: Sequence[Written],
    *,
    revision: int,
    origin: str,
    account: str | None,
    at: datetime,
) -> None:
    """Add the entry of a write of records."""
    source, _, name = origin.partition(":")
    counts: dict[str, int] = {}
    for one in versions:
        kind = one.record_type.kind_of_record
        counts[kind] = counts.get(kind, 0) + 1
    append(
        connection,
        _BY_ORIGIN.get(source, "change"),
        account=account or (name if source == "account" else NOBODY_NAMED),
        about={"revision": revision, "origin": origin, "versions": counts},
        versions=versions,
        at=at,
    )


def trace_of(store: Store) -> Trace | None:
    """Give the trace of a store; None for one that has none (in memory)."""
    engine = getattr(store, "engine", None)
    return Trace(engine) if isinstance(engine, Engine) else None


def _detail(one: Written) -> dict[str, Any]:
    salt = secrets.token_bytes(_SALT_BYTES)
    kind = one.record_type.kind_of_record
    return {
        "kind": kind,
        "record_id": one.record_id,
        "version": one.version,
        "salt": salt,
        "digest": version_digest(
            salt,
            kind=kind,
            record_id=one.record_id,
            version=one.version,
            withdrawn=one.withdrawn,
            content=one.content,
        ),
    }


def _place_of(detail: Mapping[str, Any]) -> tuple[str, str, int]:
    return detail["kind"], detail["record_id"], detail["version"]


def _wanted(asked: Asked) -> Select[Any]:
    query = select(trace).order_by(trace.c.seq.desc())
    for column, value in ((trace.c.account, asked.account), (trace.c.action, asked.action)):
        if value is not None:
            query = query.where(column == value)
    if asked.from_at is not None:
        query = query.where(trace.c.at >= asked.from_at)
    if asked.to_at is not None:
        query = query.where(trace.c.at < asked.to_at)
    if asked.kind is not None or asked.record_id is not None:
        inside = select(trace_details.c.seq)
        if asked.kind is not None:
            inside = inside.where(trace_details.c.kind == asked.kind)
        if asked.record_id is not None:
            inside = inside.where(trace_details.c.record_id == asked.record_id)
        query = query.where(trace.c.seq.in_(inside))
    return query


def _entry(row: Row[Any]) -> Entry:
    return Entry(row.seq, row.at, row.account, row.action, row.about, row.digest, row.previous)


# ------------------------------------------------------------------ the walks


def _walk_chain(
    connection: Connection, against: tuple[int, str] | None
) -> tuple[Entry | None, Message | None]:
    """Follow the chain to its end, or to the first entry that does not fit."""
    last: Entry | None = None
    with closing(_stream(connection, select(trace).order_by(trace.c.seq))) as rows:
        for row in rows:
            entry = _entry(row)
            if entry.seq != (last.seq + 1 if last else 1):
                return last, say("Före rad {seq} i spåret saknas en rad.", seq=entry.seq)
            if entry.previous != (last.hash if last else START) or row.hash != entry.hash:
                return last, say("Rad {seq} i spåret är ändrad.", seq=entry.seq)
            if against is not None and against[0] == entry.seq and against[1] != entry.hash:
                return last, say("Rad {seq} har inte det sigill som sparades.", seq=entry.seq)
            last = entry
    if against is not None and (last is None or last.seq < against[0]):
        return last, say("Spåret slutar före rad {seq}, som sparades.", seq=against[0])
    return last, None


def _walk_details(connection: Connection) -> Message | None:
    """See that every entry's digest is that of its versions."""
    told = {row.seq: row.digest for row in connection.execute(select(trace.c.seq, trace.c.digest))}
    none = digest_of(())
    seen = set()
    query = select(trace_details).order_by(trace_details.c.seq)
    with closing(_stream(connection, query)) as rows:
        for seq, group in groupby(rows, key=lambda row: row.seq):
            ordered = sorted(group, key=lambda row: (row.kind, row.record_id, row.version))
            seen.add(seq)
            if told.get(seq) != digest_of(row.digest for row in ordered):
                return say("Det som rad {seq} i spåret skrev är inte det som står där.", seq=seq)
    lost = next((seq for seq, digest in told.items() if seq not in seen and digest != none), None)
    if lost is not None:
        return say("Det som rad {seq} i spåret skrev är inte det som står där.", seq=lost)
    return None


def _walk_records(connection: Connection) -> Message | None:
    """See that every version is what was written, and that nothing came in past the program."""
    began = connection.scalar(
        select(trace.c.about).where(trace.c.action == "begin").order_by(trace.c.seq).limit(1)
    )
    untraced = _from_revision(began)
    for record_type, table in TABLES.items():
        fault = _walk_kind(connection, record_type, table, untraced)
        if fault is not None:
            return fault
    return None


def _walk_kind(
    connection: Connection, record_type: type[Record], table: Table, untraced: int
) -> Message | None:
    kind = record_type.kind_of_record
    details = trace_details.alias()
    joined = table.outerjoin(
        details,
        and_(
            details.c.kind == kind,
            details.c.record_id == table.c.record_id,
            details.c.version == table.c.version,
        ),
    )
    query = select(table, details.c.salt, details.c.digest).select_from(joined)
    found = 0
    with closing(_stream(connection, query)) as rows:
        for row in rows:
            fault = _fault_of(row, record_type, untraced)
            if fault is not None:
                return fault
            found += row._mapping["salt"] is not None
    kept = select(details.c.record_id).where(details.c.kind == kind, details.c.salt.is_not(None))
    ids = connection.scalars(kept).all()
    if len(ids) != found:
        return say("En version av {kind} är borttagen utanför programmet.", kind=kind)
    return None


def _fault_of(row: Row[Any], record_type: type[Record], untraced: int) -> Message | None:
    values: Any = row._mapping
    kind = record_type.kind_of_record
    named = {"kind": kind, "record_id": values["record_id"]}
    if values["digest"] is None:
        is_older = values["revision"] <= untraced
        return (
            None if is_older else say("{kind} {record_id} är skriven utanför programmet.", **named)
        )
    if values["salt"] is None:
        return None
    now = version_digest(
        values["salt"],
        kind=kind,
        record_id=values["record_id"],
        version=values["version"],
        withdrawn=values["withdrawn"],
        content={name: values[name] for name in record_type.model_fields},
    )
    if now == values["digest"]:
        return None
    return say("{kind} {record_id} är ändrad utanför programmet.", **named)


def _from_revision(about: str | None) -> int:
    return int(json.loads(about)["from_revision"]) if about else 0


def _stream(connection: Connection, query: Select[Any]) -> Generator[Row[Any]]:
    with connection.execute(query, execution_options={"yield_per": _AT_ONCE}) as rows:
        yield from rows
