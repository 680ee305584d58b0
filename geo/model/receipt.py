"""What an import did, row by row."""

from __future__ import annotations

from collections.abc import Mapping
from numbers import Integral, Real
from typing import Annotated, ClassVar

from pydantic import BaseModel, ConfigDict, Field, PlainSerializer, PlainValidator, model_validator

from geo.model.problems import wrong
from geo.model.record import Key, Kind, Moment, Record
from geo.wording import Amount, Message


def _read_reason(written: object) -> Message:
    """Read a reason as it is stored, or take one as it was said.

    A bare text is a sentence without values, which is also how receipts of earlier versions
    of the program hold theirs: they are read as they stand, in Swedish.
    """
    if isinstance(written, str):
        return Message(written)
    found = _read_value(written)
    if not isinstance(found, Message):
        raise ValueError("a reason is a text, or a template with its values")
    return found


def _read_value(written: object) -> object:
    match written:
        case Message(template, params):
            return Message(template, {str(key): _read_value(one) for key, one in params.items()})
        case Amount() | str() | bool():
            return written
        case Integral():
            return int(written)
        case Real():
            return float(written)
        case {"template": str(template), "params": Mapping() as params}:
            return Message(template, {str(key): _read_value(one) for key, one in params.items()})
        case {"number": Real() as number, "digits": int(digits)}:
            return Amount(_read_number(number), digits)
        case list() | tuple():
            return tuple(_read_value(part) for part in written)
    return str(written)


def _read_number(number: Real) -> float:
    return int(number) if isinstance(number, Integral) else float(number)


def _write_reason(reason: Message) -> object:
    """Write a reason as JSON: its sentence, and the values of its holes where it has any."""
    return _write_value(reason) if reason.params else reason.template


def _write_value(value: object) -> object:
    match value:
        case Message(template, params):
            written = {key: _write_value(one) for key, one in params.items()}
            return {"template": template, "params": written}
        case Amount(number, digits):
            return {"number": number, "digits": digits}
        case tuple():
            return [_write_value(part) for part in value]
    return value


Reason = Annotated[
    Message, PlainValidator(_read_reason), PlainSerializer(_write_reason, when_used="json")
]
"""A sentence and its values, kept apart so that it can be said in the reader's language."""


class Remark(BaseModel):
    """Something about one row: why it was turned away, or what to look at again.

    ``line`` is the row's place in its file, counted as the user sees it (a CSV
    file's header is line 1, a GeoJSON file's first feature is 1); ``None`` speaks
    of the whole file.
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    line: int | None = None
    field: str | None = None
    reason: Reason


class Receipt(Record):
    """The outcome of one import; stored with it, printed, and shown on the page *Data*."""

    kind_of_record: ClassVar[Kind] = "imports"

    import_id: Key | None = None
    kind: Key
    file: str
    accepted: Annotated[int, Field(ge=0)] = 0
    updated: Annotated[int, Field(ge=0)] = 0
    duplicates: Annotated[int, Field(ge=0)] = 0
    flagged: tuple[Remark, ...] = ()
    rejected: tuple[Remark, ...] = ()
    unknown_columns: tuple[str, ...] = ()
    crs: str | None = None
    encoding: str | None = None
    imported_at: Moment | None = None
    undone_at: Moment | None = None
    kept_at_undo: tuple[str, ...] = ()
    example: bool = False

    @property
    def record_id(self) -> str:
        """The import's own key."""
        return self.import_id or ""

    @model_validator(mode="after")
    def _is_undone_after_it_was_done(self) -> Receipt:
        if (
            self.undone_at is not None
            and self.imported_at is not None
            and self.undone_at < self.imported_at
        ):
            raise wrong("Importen är ångrad innan den gjordes.")
        return self

    @property
    def exit_code(self) -> int:
        """0 all accepted (duplicates and flags too), 1 some rejected, 2 nothing usable."""
        if not self.rejected:
            return 0 if self.accepted or self.duplicates else 2
        return 1 if self.accepted or self.duplicates else 2
