"""Kinds and reasons as they are read: suggestions translated, free text as it was written."""

from __future__ import annotations

from typing import Final

from geo.model import activity, location, visit
from geo.wording import Wording

_SUGGESTED: Final = frozenset(
    (
        *visit.SUGGESTED_KINDS,
        *visit.SUGGESTED_REASONS,
        *activity.SUGGESTED_KINDS,
        *location.SUGGESTED_KINDS,
    )
)


def kind_told(kind: str, wording: Wording) -> str:
    """Say a kind of visit, place or activity, or a reason.

    What is stored is Swedish, whoever wrote it, so that one kind stays one kind; only what
    the program itself suggested is known well enough to be translated.

    Examples
    --------
    >>> kind_told("bil", Wording("en")), kind_told("Bil 7, ny", Wording("en"))
    ('car', 'Bil 7, ny')
    """
    return wording(kind) if kind in _SUGGESTED else kind


def kind_shown(kind: str, wording: Wording) -> str:
    """Say a kind with a capital first letter, to stand alone."""
    told = kind_told(kind, wording)
    return told[:1].upper() + told[1:]
