"""What an import did, row by row."""

from __future__ import annotations

from typing import Annotated, ClassVar

from pydantic import BaseModel, ConfigDict, Field, model_validator

from geo.model.problems import wrong
from geo.model.record import Key, Kind, Moment, Record


class Remark(BaseModel):
    """Something about one row: why it was turned away, or what to look at again.

    ``line`` is the row's place in its file, counted as the user sees it (a CSV
    file's header is line 1, a GeoJSON file's first feature is 1); ``None`` speaks
    of the whole file.
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    line: int | None = None
    field: str | None = None
    reason: str


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
