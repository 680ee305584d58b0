"""What every record has in common."""

from __future__ import annotations

import re
from abc import abstractmethod
from datetime import UTC, date, datetime
from typing import Annotated, ClassVar, Literal

from pydantic import AfterValidator, AwareDatetime, BaseModel, BeforeValidator, ConfigDict, Field

from geo.model.problems import wrong

Kind = Literal[
    "locations",
    "buildings",
    "inspections",
    "visits",
    "activities",
    "tracks",
    "boundaries",
    "promises",
    "promise_items",
    "imports",
]
"""The kinds of record, named as on the command line."""

_CONTROL = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f\u2028\u2029\u202a-\u202e\u2066-\u2069]")


def _printable(text: str) -> str:
    """Refuse characters nobody can see: they hide text or break files."""
    if _CONTROL.search(text):
        raise wrong("Texten har ett osynligt tecken som inte går att använda.")
    return text


def _one_line(text: str) -> str:
    if "\n" in text or "\r" in text:
        raise wrong("Texten får bara ha en rad.")
    return text


def _blank_is_none(value: object) -> object:
    return None if isinstance(value, str) and not value.strip() else value


def _in_utc(moment: datetime) -> datetime:
    if not FIRST_DAY.year <= moment.year < LAST_DAY.year:
        raise wrong("Året {year} kan inte stämma.", year=moment.year)
    return moment.astimezone(UTC)


FIRST_DAY, LAST_DAY = date(1900, 1, 1), date(9999, 12, 31)
"""Days a record may speak of; the last is how many systems write "until further notice"."""

Day = Annotated[date, Field(ge=FIRST_DAY, le=LAST_DAY)]
Text = Annotated[str, Field(min_length=1, max_length=200), AfterValidator(_printable)]
Line = Annotated[Text, AfterValidator(_one_line)]
Key = Annotated[Line, Field(max_length=120)]
Note = Annotated[
    Annotated[str, Field(max_length=2000), AfterValidator(_printable)] | None,
    BeforeValidator(_blank_is_none),
]
Moment = Annotated[AwareDatetime, AfterValidator(_in_utc)]
"""An aware moment, kept in UTC."""


class Record(BaseModel):
    """A value that is stored: immutable, complete, valid.

    Two records are equal when their contents are; who wrote a record and when
    is kept beside it by the store, never in it.
    """

    model_config = ConfigDict(
        frozen=True, extra="forbid", arbitrary_types_allowed=True, str_strip_whitespace=True
    )

    kind_of_record: ClassVar[Kind]

    @property
    @abstractmethod
    def record_id(self) -> str:
        """The key that stays the same when the content is corrected."""

    @property
    def shown_id(self) -> str:
        """The key as people know it."""
        return self.record_id
