"""Every error raised on purpose.

::

    GeoError
    ├── DataError            the input is wrong; its author can mend it
    │   ├── SchemaError      a frame or record lacks what it must have
    │   ├── CrsError         the coordinate system is missing or unfit
    │   ├── FileError        a file cannot be read at all
    │   └── HoursError       unsafe hours that do not say weekly hours
    ├── SettingError         the program is set up in a way it cannot run
    ├── StorageError         the database cannot be used as asked
    │   ├── NotFoundError    no such record
    │   └── ConflictError    somebody else changed the record first
    └── PermissionDeniedError
        └── TooOftenError   after too many tries: later, perhaps

A message says what was expected, what came, and where.  Programming mistakes
stay ``ValueError`` and ``TypeError``.
"""

from __future__ import annotations

from collections.abc import Sequence

from geo.wording import Message


class GeoError(Exception):
    """Something a person can be told in one sentence and do something about."""

    def __init__(self, message: Message | str) -> None:
        self.message = message if isinstance(message, Message) else Message(message)
        super().__init__(str(self.message))

    def __reduce__(self) -> tuple[type[GeoError], tuple[object]]:
        return type(self), (self.message,)


class DataError(GeoError):
    """The input is wrong, and its author can mend it."""


class SchemaError(DataError):
    """A frame or a record lacks what it must have; ``faults`` are (field, what is wrong)."""

    def __init__(self, faults: Sequence[tuple[str, Message]]) -> None:
        self.faults = tuple(faults)
        listed = "; ".join(
            f"{field}: {reason}" if field else str(reason) for field, reason in faults
        )
        super().__init__(listed)

    def __reduce__(self) -> tuple[type[GeoError], tuple[object]]:
        return type(self), (self.faults,)


class CrsError(DataError):
    """The coordinate system is missing or unfit for the work."""


class FileError(DataError):
    """A file cannot be read at all."""


class HoursError(DataError):
    """Unsafe hours that cannot be read as weekly hours."""


class SettingError(GeoError):
    """The program is set up in a way it cannot run."""


class StorageError(GeoError):
    """The database cannot be used as asked."""


class NotFoundError(StorageError):
    """No such record."""


class ConflictError(StorageError):
    """Somebody else changed the record first."""


class PermissionDeniedError(GeoError):
    """The one who asks may not do this."""


class TooOftenError(PermissionDeniedError):
    """The one who asks has tried too often and must wait."""
