"""The tables: one per kind of record, each a row per version, and the writes they came in."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType

from sqlalchemy import (
    Boolean,
    Column,
    Date,
    Float,
    ForeignKey,
    Index,
    Integer,
    LargeBinary,
    MetaData,
    Table,
    Text,
    text,
)

from geo.model.activity import Activity
from geo.model.boundary import Boundary
from geo.model.building import Building, Inspection, Space
from geo.model.location import Location
from geo.model.promise import CountRule, Promise, PromiseItem
from geo.model.receipt import Receipt, Remark
from geo.model.record import Record
from geo.model.visit import Track, Visit
from geo.store.columns import Fixes, Hours, Instant, Json, Wkb

metadata = MetaData(
    naming_convention={
        "pk": "pk_%(table_name)s",
        "fk": "fk_%(table_name)s_%(column_0_name)s",
        "ix": "ix_%(table_name)s_%(column_0_name)s",
        "uq": "uq_%(table_name)s_%(column_0_name)s",
    }
)

writes = Table(
    "writes",
    metadata,
    Column("revision", Integer, primary_key=True, autoincrement=True),
    Column("origin", Text, nullable=False, index=True),
    Column("recorded_at", Instant, nullable=False),
    sqlite_autoincrement=True,
)
"""One row per transaction; its number is the revision of the store."""


_KEY = Text().with_variant(Text(collation="C"), "postgresql")
"""Ordered by code point, whatever language a server was set up for."""


def _versions(record_type: type[Record], *columns: Column[object]) -> Table:
    """Make the table of one kind: its own columns behind those every version has."""
    name = record_type.kind_of_record
    return Table(
        name,
        metadata,
        Column("record_id", _KEY, primary_key=True),
        Column("version", Integer, primary_key=True),
        Column("revision", ForeignKey(writes.c.revision), nullable=False, index=True),
        Column("withdrawn", Boolean, nullable=False),
        Column("standing", Boolean, nullable=False),
        *columns,
        # At most one version of a record stands; this also finds them quickly.
        Index(
            f"ix_{name}_standing",
            "record_id",
            unique=True,
            sqlite_where=text("standing"),
            postgresql_where=text("standing"),
        ),
    )


def _geometry() -> Column[object]:
    # PostgreSQL has a GiST index on it, for other GIS programs: see the second migration.
    return Column("geometry", Wkb, nullable=False)


def _text(name: str, *, optional: bool = False) -> Column[object]:
    return Column(name, Text, nullable=optional)


def _example() -> Column[object]:
    return Column("example", Boolean, nullable=False)


TABLES: Mapping[type[Record], Table] = MappingProxyType(
    {
        Location: _versions(
            Location,
            _text("location_id"),
            _text("name"),
            _text("kind"),
            _geometry(),
            Column("radius_m", Float),
            Column("priority", Integer),
            Column("visits_per_week", Float),
            Column("minutes_per_visit", Float),
            Column("unsafe_hours", Hours),
            Column("designated_from", Date),
            Column("designated_to", Date),
            Column("review_on", Date),
            _text("source", optional=True),
            _example(),
        ),
        Building: _versions(
            Building,
            _text("building_id"),
            _text("address"),
            _text("area"),
            Column("spaces", Json(tuple[Space, ...]), nullable=False),
            _geometry(),
            _example(),
        ),
        Inspection: _versions(
            Inspection,
            _text("inspection_id"),
            _text("building_id"),
            _text("space"),
            Column("inspected_at", Instant, nullable=False),
            _text("outcome"),
            _text("deficiencies", optional=True),
            Column("due_on", Date),
            Column("fixed_on", Date),
            _example(),
        ),
        Visit: _versions(
            Visit,
            _text("visit_id"),
            _text("location_id", optional=True),
            Column("lon", Float),
            Column("lat", Float),
            Column("start_at", Instant, nullable=False),
            Column("end_at", Instant, nullable=False),
            _text("kind"),
            Column("officers", Integer, nullable=False),
            Column("done", Boolean, nullable=False),
            _text("not_done_reason", optional=True),
            _text("source", optional=True),
            Column("flags", Json(tuple[str, ...]), nullable=False),
            _text("note", optional=True),
            _example(),
        ),
        Track: _versions(
            Track,
            _text("track_id"),
            _text("name"),
            _text("kind"),
            _text("source", optional=True),
            Column("fixes", Fixes, nullable=False),
            _example(),
        ),
        Activity: _versions(
            Activity,
            _text("activity_id"),
            _text("kind"),
            Column("from_on", Date, nullable=False),
            Column("to_on", Date, nullable=False),
            _text("location_id", optional=True),
            _text("place_text", optional=True),
            _text("note", optional=True),
            _example(),
        ),
        Promise: _versions(
            Promise,
            _text("promise_id"),
            _text("title"),
            Column("from_on", Date, nullable=False),
            Column("to_on", Date, nullable=False),
            _text("source", optional=True),
            _example(),
        ),
        PromiseItem: _versions(
            PromiseItem,
            _text("item_id"),
            _text("promise_id"),
            Column("order", Integer, nullable=False),
            _text("owner"),
            _text("text"),
            Column("target", Float),
            Column("share_of_all", Boolean, nullable=False),
            Column("rule", Json(CountRule), nullable=False),
            _text("note", optional=True),
            _example(),
        ),
        Boundary: _versions(
            Boundary,
            _text("boundary_id"),
            _text("name"),
            _geometry(),
            _text("source", optional=True),
            _example(),
        ),
        Receipt: _versions(
            Receipt,
            _text("import_id", optional=True),
            _text("kind"),
            _text("file"),
            Column("accepted", Integer, nullable=False),
            Column("updated", Integer, nullable=False),
            Column("duplicates", Integer, nullable=False),
            Column("flagged", Json(tuple[Remark, ...]), nullable=False),
            Column("rejected", Json(tuple[Remark, ...]), nullable=False),
            Column("unknown_columns", Json(tuple[str, ...]), nullable=False),
            _text("crs", optional=True),
            _text("encoding", optional=True),
            Column("imported_at", Instant),
            Column("undone_at", Instant),
            Column("kept_at_undo", Json(tuple[str, ...]), nullable=False),
            _example(),
        ),
    }
)
"""The table that keeps each kind of record."""

RECORD_TYPES: tuple[type[Record], ...] = tuple(TABLES)

accounts = Table(
    "accounts",
    metadata,
    Column("account_id", Text, primary_key=True),
    _text("organisation"),
    _text("role"),
    _text("password_hash", optional=True),
    # Who the account is at the identity provider, as "issuer subject".
    Column("known_as", Text, unique=True),
    Column("active", Boolean, nullable=False),
    # Sessions of an earlier generation are over: signing out everywhere is one number.
    Column("generation", Integer, nullable=False),
    Column("made_at", Instant, nullable=False),
)
"""Logins, none of them a person's name."""

sessions = Table(
    "sessions",
    metadata,
    Column("token_digest", Text, primary_key=True),
    Column("account_id", ForeignKey(accounts.c.account_id), nullable=False, index=True),
    Column("generation", Integer, nullable=False),
    Column("begun_at", Instant, nullable=False),
    Column("seen_at", Instant, nullable=False),
)
"""Who is signed in; of the token only a digest, so that a copy of the database opens no door."""

failed_attempts = Table(
    "failed_attempts",
    metadata,
    Column("attempt_id", Integer, primary_key=True, autoincrement=True),
    Column("account_digest", Text, nullable=False, index=True),
    Column("address_digest", Text, nullable=False, index=True),
    Column("tried_at", Instant, nullable=False, index=True),
)
"""Failed sign-ins of the last while, to slow down whoever guesses."""

trace = Table(
    "trace",
    metadata,
    Column("seq", Integer, primary_key=True, autoincrement=False),
    Column("at", Instant, nullable=False, index=True),
    _text("account"),
    _text("action"),
    _text("about"),
    _text("digest"),
    _text("previous"),
    _text("hash"),
)
"""Who did what: numbered without holes, each row holding the hash of the one before."""

trace_details = Table(
    "trace_details",
    metadata,
    Column("kind", Text, primary_key=True),
    Column("record_id", _KEY, primary_key=True),
    Column("version", Integer, primary_key=True),
    Column("seq", ForeignKey(trace.c.seq), nullable=False, index=True),
    # Taken away by disposal, together with the version it is the salt of.
    Column("salt", LargeBinary),
    _text("digest"),
)
"""A digest of every version of every record, by the row of the trace that wrote it."""
