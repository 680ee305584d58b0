"""What of the program an account is offered; what it is offered it may also do."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

from geo.access import Account, Audience, Subject, audience_of, may, needed_for
from geo.importers.result import IMPORT_KINDS, ImportKind
from geo.services.exporting import EXPORT_KINDS, ExportKind

PAGES: Final[Mapping[Audience, tuple[str, ...]]] = {
    "intern": ("karta", "tackning", "genomgangar", "loften", "logga", "data", "om"),
    # Coverage is made of clock times, lengths and targets, which partners are not shown.
    "samverkan": ("karta", "genomgangar", "loften", "logga", "data", "om"),
    "offentlig": ("oversikt",),
}
"""The pages of each audience, the first one where the bare address leads."""

ALL_PAGES: Final = (*PAGES["intern"], "oversikt")

FORMS: Final[tuple[Subject, ...]] = ("visits", "inspections", "activities")

_OF_FILES: Final[Mapping[ImportKind, Subject]] = {
    "locations": "locations",
    "buildings": "buildings",
    "inspections": "inspections",
    "visits": "visits",
    "activities": "activities",
    "track": "tracks",
    "boundary": "boundaries",
}
_TAKEN_OUT: Final[Mapping[Audience, tuple[ExportKind, ...]]] = {
    "intern": EXPORT_KINDS,
    "samverkan": ("locations", "buildings", "inspections", "activities"),
    "offentlig": (),
}


@dataclass(frozen=True, slots=True)
class Rights:
    """What is offered.

    Attributes
    ----------
    forms
        What can be logged.
    imports, exports
        Kinds of file.
    may_draw
        Whether places can be drawn on the map.
    """

    pages: tuple[str, ...]
    forms: tuple[Subject, ...]
    imports: tuple[ImportKind, ...]
    exports: tuple[ExportKind, ...]
    may_draw: bool


def rights_of(account: Account) -> Rights:
    """Say what an account is offered."""
    audience = audience_of(account)
    forms = tuple(kind for kind in FORMS if may(account, needed_for(kind, "add"), kind))
    imports = tuple(kind for kind in IMPORT_KINDS if may(account, "import", _OF_FILES[kind]))
    is_exporting = may(account, "export", "visits")
    exports = _TAKEN_OUT[audience] if is_exporting else ()
    left_out = {
        "logga": not forms,
        "data": not (imports or exports),
    }
    return Rights(
        pages=tuple(page for page in PAGES[audience] if not left_out.get(page, False)),
        forms=forms,
        imports=imports,
        exports=exports,
        may_draw=may(account, "plan", "locations"),
    )
