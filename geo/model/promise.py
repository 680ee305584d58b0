"""The citizen promise (*medborgarlöftet*): what was promised, by whom, and what counts."""

from __future__ import annotations

from typing import Annotated, ClassVar, Literal

from pydantic import BaseModel, ConfigDict, Field, model_validator

from geo.model.problems import wrong
from geo.model.record import Day, Key, Kind, Line, Note, Record

Owner = Literal["polisen", "kommunen", "mbab", "alla"]


class CountRule(BaseModel):
    """Which records count towards a promise item.

    ``activities``: activities begun in the period whose kind is one of ``kinds``.
    ``visits``: visits done in the period at places designated then.
    ``places_on_target``: measurable places that reached their own target in the period.
    ``spaces_reviewed``: spaces of the named kinds gone through in the period.
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    counts: Literal["activities", "visits", "places_on_target", "spaces_reviewed"]
    kinds: tuple[str, ...] = ()


class Promise(Record):
    """One promise for one period, ``[from_on, to_on)``."""

    kind_of_record: ClassVar[Kind] = "promises"

    promise_id: Key
    title: Line
    from_on: Day
    to_on: Day
    source: Note = None
    example: bool = False

    @property
    def record_id(self) -> str:
        """The promise's own key."""
        return self.promise_id

    @model_validator(mode="after")
    def _ends_after_it_begins(self) -> Promise:
        if self.to_on <= self.from_on:
            raise wrong("Löftet slutar innan det börjar.")
        return self


class PromiseItem(Record):
    """One point of a promise (*löftespunkt*).

    ``target`` is how many; ``share_of_all`` says that the target is all there is
    (every measurable place, the whole stock of spaces).  With neither, the item
    is listed and counted but not measured.
    """

    kind_of_record: ClassVar[Kind] = "promise_items"

    item_id: Key
    promise_id: Key
    order: Annotated[int, Field(ge=1, le=1_000)]
    owner: Owner
    text: Line
    target: Annotated[float, Field(gt=0, le=1_000_000, allow_inf_nan=False)] | None = None
    share_of_all: bool = False
    rule: CountRule
    note: Note = None
    example: bool = False

    @property
    def record_id(self) -> str:
        """The item's own key."""
        return self.item_id

    @model_validator(mode="after")
    def _has_one_target(self) -> PromiseItem:
        if self.target is not None and self.share_of_all:
            raise wrong("Målet är antingen ett antal eller allt som finns, inte båda.")
        return self
