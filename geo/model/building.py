"""Buildings of the housing company, and the inspections of their spaces."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Annotated, ClassVar, Literal, get_args

from pydantic import BeforeValidator, Field, model_validator

from geo.model.problems import wrong
from geo.model.record import Day, Key, Kind, Line, Moment, Note, Record
from geo.model.shape import Shape
from geo.model.time import STOCKHOLM
from geo.wording import mark

Space = Literal["källare", "vind", "förråd", "tvättstuga", "trapphus", "cykelrum", "miljörum"]
"""Spaces of a building that are gone through."""

SPACES: tuple[Space, ...] = get_args(Space)

SPACE_WORDS: Mapping[Space, str] = {
    "källare": mark("källare"),
    "vind": mark("vind"),
    "förråd": mark("förråd"),
    "tvättstuga": mark("tvättstuga"),
    "trapphus": mark("trapphus"),
    "cykelrum": mark("cykelrum"),
    "miljörum": mark("miljörum"),
}
"""What the spaces are called; the records' codes are the Swedish words themselves."""

Outcome = Literal["utan_anmarkning", "anmarkning", "brist", "ej_tilltrade"]
"""No remark, a remark, a deficiency to put right, or nobody could get in."""

OUTCOMES: tuple[Outcome, ...] = get_args(Outcome)

OUTCOME_WORDS: Mapping[Outcome, str] = {
    "utan_anmarkning": mark("utan anmärkning"),
    "anmarkning": mark("anmärkning"),
    "brist": mark("brist"),
    "ej_tilltrade": mark("ej tillträde"),
}


def _spaces(value: object) -> object:
    """Read ``källare; vind`` as two spaces."""
    if isinstance(value, str):
        parts = value.replace(",", ";").split(";")
        return tuple(part.strip().lower() for part in parts if part.strip())
    return value


def _lowered(value: object) -> object:
    return value.strip().lower() if isinstance(value, str) else value


class Building(Record):
    """One building, where it stands, and the spaces in it that are to be gone through."""

    kind_of_record: ClassVar[Kind] = "buildings"

    building_id: Key
    address: Line
    area: Line
    spaces: Annotated[tuple[Space, ...], BeforeValidator(_spaces), Field(min_length=1)]
    geometry: Shape
    example: bool = False

    @property
    def record_id(self) -> str:
        """The building's own key."""
        return self.building_id

    @model_validator(mode="after")
    def _names_each_space_once(self) -> Building:
        if len(set(self.spaces)) != len(self.spaces):
            raise wrong("Ett utrymme är nämnt två gånger.")
        return self


class Inspection(Record):
    """One look at one space of one building: an event that happened, never changed afterwards.

    ``due_on`` is when a deficiency should be put right, or, after *ej tillträde*,
    the new date; ``fixed_on`` is the day it was put right.
    """

    kind_of_record: ClassVar[Kind] = "inspections"

    inspection_id: Key
    building_id: Key
    space: Annotated[Space, BeforeValidator(_lowered)]
    inspected_at: Moment
    outcome: Outcome
    deficiencies: Note = None
    due_on: Day | None = None
    fixed_on: Day | None = None
    example: bool = False

    @property
    def record_id(self) -> str:
        """The inspection's own key."""
        return self.inspection_id

    @model_validator(mode="after")
    def _is_fixed_after_it_was_found(self) -> Inspection:
        seen_on = self.inspected_at.astimezone(STOCKHOLM).date()
        for day in (self.due_on, self.fixed_on):
            if day is not None and day < seen_on:
                raise wrong("{day} är före genomgången {seen}.", day=str(day), seen=str(seen_on))
        if self.fixed_on is not None and self.outcome in {"utan_anmarkning", "ej_tilltrade"}:
            raise wrong("Det finns ingen brist som kan vara åtgärdad.")
        return self
