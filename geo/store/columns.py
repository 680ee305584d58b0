"""Column types that hold our values the same way in SQLite and PostgreSQL."""

from __future__ import annotations

from datetime import datetime
from typing import Any

import numpy as np
import shapely
from geoalchemy2 import Geometry
from pydantic import TypeAdapter
from shapely.geometry.base import BaseGeometry
from sqlalchemy import JSON, BigInteger, DateTime, Dialect, LargeBinary, Text
from sqlalchemy.types import TypeDecorator, TypeEngine
from typing_extensions import override

from geo.model.hours import UnsafeHours
from geo.model.time import UTC, from_us, to_us
from geo.model.visit import Fix

_FIX = np.dtype([("at_us", "<i8"), ("lon", "<f8"), ("lat", "<f8")])
_SRID = 4326


class Instant(TypeDecorator[datetime]):
    """An aware moment: whole microseconds on SQLite, ``timestamptz`` on PostgreSQL."""

    impl = BigInteger
    cache_ok = True

    @override
    def load_dialect_impl(self, dialect: Dialect) -> TypeEngine[Any]:
        if dialect.name == "postgresql":
            return dialect.type_descriptor(DateTime(timezone=True))
        return dialect.type_descriptor(BigInteger())

    @override
    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> Any:
        if value is None or dialect.name == "postgresql":
            return value
        return to_us(value)

    @override
    def process_result_value(self, value: Any, dialect: Dialect) -> datetime | None:
        if value is None:
            return None
        return value.astimezone(UTC) if isinstance(value, datetime) else from_us(value)


class Wkb(TypeDecorator[BaseGeometry]):
    """A WGS 84 geometry: WKB on SQLite, a PostGIS geometry on PostgreSQL."""

    impl = Geometry
    cache_ok = True

    def __init__(self) -> None:
        super().__init__(srid=_SRID, spatial_index=False)

    @override
    def load_dialect_impl(self, dialect: Dialect | None) -> TypeEngine[Any]:
        # GeoAlchemy2 asks without a dialect whether a column is one of its own.
        if dialect is not None and dialect.name == "postgresql":
            return self.impl_instance
        return LargeBinary()

    @override
    def process_bind_param(self, value: BaseGeometry | None, dialect: Dialect) -> Any:
        if value is None:
            return None
        if dialect.name == "postgresql":
            return shapely.to_wkt(value, rounding_precision=-1)
        return shapely.to_wkb(value)

    @override
    def process_result_value(self, value: Any, dialect: Dialect) -> BaseGeometry | None:
        if value is None:
            return None
        return shapely.from_wkb(value if isinstance(value, bytes | str) else str(value))


class Hours(TypeDecorator[UnsafeHours]):
    """Unsafe hours, kept as the text they were given in."""

    impl = Text
    cache_ok = True

    @override
    def process_bind_param(self, value: UnsafeHours | None, dialect: Dialect) -> str | None:
        return None if value is None else str(value)

    @override
    def process_result_value(self, value: str | None, dialect: Dialect) -> UnsafeHours | None:
        return None if value is None else UnsafeHours.parse(value)


class Json(TypeDecorator[Any]):
    """Any value pydantic knows how to read and write as JSON."""

    impl = JSON
    cache_ok = True

    def __init__(self, shape: Any) -> None:
        super().__init__()
        self.shape = shape
        self._adapter: TypeAdapter[Any] = TypeAdapter(shape)

    @override
    def process_bind_param(self, value: Any, dialect: Dialect) -> Any:
        return self._adapter.dump_python(value, mode="json")

    @override
    def process_result_value(self, value: Any, dialect: Dialect) -> Any:
        return self._adapter.validate_python(value)


class Fixes(TypeDecorator[tuple[Fix, ...]]):
    """The positions of a track, packed as microseconds, longitude and latitude."""

    impl = LargeBinary
    cache_ok = True

    @override
    def process_bind_param(self, value: tuple[Fix, ...] | None, dialect: Dialect) -> bytes:
        fixes = value or ()
        return np.array([(to_us(f.at), f.lon, f.lat) for f in fixes], dtype=_FIX).tobytes()

    @override
    def process_result_value(self, value: bytes | None, dialect: Dialect) -> tuple[Fix, ...]:
        packed = np.frombuffer(value or b"", dtype=_FIX)
        return tuple(Fix(from_us(int(at)), float(lon), float(lat)) for at, lon, lat in packed)
