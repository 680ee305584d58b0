"""What is wrong with a place, as the engine found it, in a sentence that names the place."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Final

from geo.coverage.engine.shapes import Fault, Reason
from geo.wording import Message, mark

_SENTENCES: Final[Mapping[Reason, str]] = {
    "no_geometry": mark("Platsen {location_id} har inget läge och är inte med."),
    "not_finite": mark(
        "Platsen {location_id} har en koordinat som inte är ett tal och är inte med."
    ),
    "outside_world": mark("Platsen {location_id} ligger utanför jorden och är inte med."),
    "antimeridian": mark("Platsen {location_id} går över datumlinjen (180°) och är inte med."),
    "outside_projection": mark(
        "Platsen {location_id} ligger för långt från Sverige för att mätas och är inte med."
    ),
    "bad_radius": mark("Platsen {location_id} har en radie som inte går att använda."),
    "zero_length": mark("Platsen {location_id} är en linje utan längd och är inte med."),
    "no_area": mark("Platsen {location_id} har varken yta eller radie och är inte med."),
    "repaired": mark("Platsen {location_id} har en gräns som korsar sig själv; den är lagad."),
}


def fault_message(fault: Fault) -> Message:
    """Say what was wrong with one place."""
    return Message(_SENTENCES[fault.reason], {"location_id": fault.location_id})


def fault_messages(faults: Iterable[Fault]) -> tuple[Message, ...]:
    """Say what was wrong with some places, each sentence once.

    A place may have several rows, one for each time it was designated.
    """
    return tuple(dict.fromkeys(fault_message(fault) for fault in faults))
