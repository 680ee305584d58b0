"""The trace's chain: what is digested, and how one entry follows from the one before.

An entry's hash covers everything in it and the hash of the entry before, so whoever changes, adds
or takes out one must make all later ones anew, and then the last hash (the *seal*) is another than
the one an administrator has kept.  What was written is in it only as digests with a salt each:
disposal may take a version and its salt away, and the chain still holds while nothing can be
guessed back from what is left.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable, Mapping
from dataclasses import asdict, dataclass, is_dataclass
from datetime import date, datetime
from typing import Any, Final

import shapely
from pydantic import BaseModel
from shapely.geometry.base import BaseGeometry

from geo.model.hours import UnsafeHours
from geo.model.time import to_us

START: Final = "0" * 64
"""What the first entry follows."""


@dataclass(frozen=True, slots=True)
class Entry:
    """One line of the trace.

    Attributes
    ----------
    account
        A login, never a person's name.
    about
        Facts without free text, as canonical JSON.
    digest
        Over the digests of the versions it wrote, in the order of kind, key and version.
    """

    seq: int
    at: datetime
    account: str
    action: str
    about: str
    digest: str
    previous: str

    @property
    def hash(self) -> str:
        """Digest of the whole entry, which the next one names."""
        return _sha256(
            canonical(
                [
                    self.seq,
                    to_us(self.at),
                    self.account,
                    self.action,
                    self.about,
                    self.digest,
                    self.previous,
                ]
            )
        )

    def row(self) -> dict[str, Any]:
        """Give the entry as the table keeps it."""
        return {**asdict(self), "hash": self.hash}


def version_digest(
    salt: bytes, *, kind: str, record_id: str, version: int, withdrawn: bool, content: Any
) -> str:
    """Digest one version of a record as it is stored."""
    told = canonical([kind, record_id, version, withdrawn, content])
    return hashlib.sha256(salt + told).hexdigest()


def digest_of(digests: Iterable[str]) -> str:
    """Digest the digests of an entry's versions."""
    return _sha256("\n".join(digests).encode("ascii"))


def canonical(value: Any) -> bytes:
    """Write a value in the one way it is digested in: the same from every database."""
    return json.dumps(
        value, default=_plain, sort_keys=True, separators=(",", ":"), ensure_ascii=True
    ).encode("ascii")


def _plain(value: Any) -> Any:
    if isinstance(value, datetime):
        return to_us(value)
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, BaseGeometry):
        return shapely.to_wkb(value, hex=True, include_srid=False)
    if isinstance(value, UnsafeHours):
        return str(value)
    if isinstance(value, BaseModel):
        return value.model_dump(mode="json")
    if is_dataclass(value) and not isinstance(value, type):
        return asdict(value)
    if isinstance(value, Mapping):
        return dict(value)
    raise TypeError(f"{type(value).__name__} cannot be digested")


def _sha256(told: bytes) -> str:
    return hashlib.sha256(told).hexdigest()
