"""Boundaries drawn under everything: the municipality's outline."""

from __future__ import annotations

from typing import Annotated, ClassVar

from pydantic import AfterValidator
from shapely.geometry.base import BaseGeometry

from geo.model.problems import wrong
from geo.model.record import Key, Kind, Line, Note, Record
from geo.model.shape import Shape, shape_word


def _area(geometry: BaseGeometry) -> BaseGeometry:
    if geometry.geom_type not in {"Polygon", "MultiPolygon"}:
        raise wrong("En gräns ska vara en yta, inte {type}.", type=shape_word(geometry))
    return geometry


class Boundary(Record):
    """A precise boundary somebody imported; it replaces the simplified outline."""

    kind_of_record: ClassVar[Kind] = "boundaries"

    boundary_id: Key
    name: Line
    geometry: Annotated[Shape, AfterValidator(_area)]
    source: Note = None
    example: bool = False

    @property
    def record_id(self) -> str:
        """The boundary's own key."""
        return self.boundary_id
